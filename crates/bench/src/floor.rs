//! The floor: what the machine and the bare database can do, measured in the same run.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior, params};
use uuid::Uuid;

use crate::Failed;
use crate::load::{Run, figures};

/// How many times a second 4 kB can be written and synced, one after the other.
pub fn syncs(folder: &Path) -> Result<Run, Failed> {
    let path = folder.join("syncs");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&path)?;
    // As in a write-ahead log that was used before: the space is there, nothing but data is to be synced.
    file.write_all(&vec![0_u8; 16 * 1024 * 1024])?;
    file.sync_all()?;
    let page = [7_u8; 4096];
    let mut times = Vec::new();
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(2) {
        let turn = times.len() as u64 % 4096;
        file.seek(SeekFrom::Start(turn * 4096))?;
        let one = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        times.push(u64::try_from(one.elapsed().as_micros())?);
    }
    let took = u64::try_from(began.elapsed().as_micros())?;
    std::fs::remove_file(path)?;
    Ok(figures(times, took))
}

fn timed(seconds: u64, mut each: impl FnMut(usize) -> Result<(), Failed>) -> Result<Run, Failed> {
    let mut times = Vec::new();
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(seconds) {
        let one = Instant::now();
        each(times.len())?;
        times.push(u64::try_from(one.elapsed().as_micros())?);
    }
    Ok(figures(times, u64::try_from(began.elapsed().as_micros())?))
}

/// The rows of a create, each create its own transaction with its own sync, through rusqlite.
pub fn sqlite_create(file: &Path, deal: Uuid, seconds: u64) -> Result<Run, Failed> {
    let mut db = Connection::open(file)?;
    db.execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536")?;
    timed(seconds, |_| {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (id, fact) = (Uuid::now_v7(), Uuid::now_v7());
        let opportunity = "insert into opportunity (id, name, account_id, owner_id, pipeline_id, stage_id, status, amount_minor, \
            currency, opened_on, stage_entered_at, created_at, updated_at) select ?1, 'floor', account_id, owner_id, \
            pipeline_id, (select id from stage where code = 'prospecting'), 'open', 100, 'CNY', opened_on, 0, 0, 0 \
            from opportunity where id = ?2";
        tx.prepare_cached(opportunity)?.execute(params![id.as_bytes(), deal.as_bytes()])?;
        let row = "insert into fact (id, kind, date, occurred_at, recorded_at, account_id, account_group, opportunity_id, \
            region, tier, currency, recognized_on, attributes, record_type, record_id) values (?1, 'stage_entered', \
            '2026-01-01', 0, 0, ?2, ?2, ?2, 'R0', 'A', 'CNY', '2026-01-01', '{\"stage\":\"prospecting\"}', 'opportunity', ?2)";
        tx.prepare_cached(row)?.execute(params![fact.as_bytes(), id.as_bytes()])?;
        let credit = "insert into credit (fact_id, person_id, role, share_ppm) \
            select ?1, owner_id, 'owner', 1000000 from opportunity where id = ?2";
        tx.prepare_cached(credit)?.execute(params![fact.as_bytes(), id.as_bytes()])?;
        let audit = "insert into audit (at, actor_kind, actor_name, action, record_type, record_id, salt, after_payload) \
            values (0, 'operator', 'operator', 'created', 'opportunity', ?1, x'00112233445566778899aabbccddeeff', ?2)";
        tx.prepare_cached(audit)?.execute(params![id.as_bytes(), "x".repeat(400)])?;
        let key = "insert into idempotency_key (user_id, key, request_digest, status, response, created_at) \
            values (?1, hex(?1), ?1, 201, ?2, 0)";
        tx.prepare_cached(key)?.execute(params![id.as_bytes(), "x".repeat(600)])?;
        tx.commit()?;
        Ok(())
    })
}

/// The queries of a record with its facts, through rusqlite.
pub fn sqlite_record(file: &Path, deals: &[Uuid], seconds: u64) -> Result<Run, Failed> {
    let db = Connection::open(file)?;
    db.execute_batch("pragma cache_size = -65536")?;
    timed(seconds, |turn| {
        let deal = deals[turn * 7919 % deals.len()];
        for sql in [
            "select * from opportunity where id = ?",
            "select * from account where id = (select account_id from opportunity where id = ?)",
            "select * from split where record_type = 'opportunity' and record_id = ?",
            "select sequence from fact where record_id = ? order by sequence",
            "select * from fact where record_id = ?",
            "select id, name from opportunity where id = ?",
        ] {
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query([deal.as_bytes()])?;
            while rows.next()?.is_some() {}
        }
        Ok(())
    })
}

const PG_CREATE: &str = "\\set n random(0, :rows - 1)
begin isolation level serializable;
with o as (select * from opportunity where external_id = 'D' || :n),
n as (insert into opportunity (id, name, account_id, owner_id, pipeline_id, stage_id, status, amount_minor, currency, opened_on,
stage_entered_at, created_at, updated_at) select gen_random_uuid(), 'floor', account_id, owner_id, pipeline_id,
(select id from stage where code = 'prospecting'), 'open', 100, 'CNY', opened_on, 0, 0, 0 from o returning id, owner_id)
select id as deal, owner_id as owner, gen_random_uuid() as fact from n \\gset
insert into fact (id, kind, date, occurred_at, recorded_at, opportunity_id, region, tier, currency, recognized_on, attributes,
record_type, record_id) values (:fact, 'stage_entered', '2026-01-01', 0, 0, :deal, 'R0', 'A', 'CNY', '2026-01-01',
'{\"stage\":\"prospecting\"}', 'opportunity', :deal);
insert into credit (fact_id, person_id, role, share_ppm) values (:fact, :owner, 'owner', 1000000);
insert into audit (at, actor_kind, actor_name, action, record_type, record_id, salt, after_payload) values
(0, 'operator', 'operator', 'created', 'opportunity', :deal, '\\x00112233445566778899aabbccddeeff', repeat('x', 400));
insert into idempotency_key (user_id, key, request_digest, status, response, created_at) values
(:deal, :deal, '\\x00', 201, repeat('x', 600), 0);
commit;
";

const PG_RECORD: &str = "\\set n random(0, :rows - 1)
select id as deal, account_id as account from opportunity where external_id = 'D' || :n \\gset
select * from opportunity where id = :deal;
select * from account where id = :account;
select * from split where record_type = 'opportunity' and record_id = :deal;
select sequence from fact where record_id = :deal order by sequence;
select * from fact where record_id = :deal;
";

/// What pgbench measures with the same SQL: creates or records.
pub fn postgres(url: &str, folder: &Path, create: bool, rows: u64, clients: u64, seconds: u64) -> Result<Run, Failed> {
    let (script, log) = (folder.join("pgbench.sql"), folder.join("pgbench-log"));
    std::fs::write(&script, if create { PG_CREATE } else { PG_RECORD })?;
    let (clients, seconds, rows) = (clients.to_string(), seconds.to_string(), format!("rows={rows}"));
    let began = Instant::now();
    let output = Command::new("pgbench")
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--max-tries=4", "--log"])
        .args(["--client", &clients, "--time", &seconds, "--define", &rows])
        .arg(format!("--log-prefix={}", log.display()))
        .arg("--file")
        .arg(&script)
        .arg(url)
        .output()?;
    let took = u64::try_from(began.elapsed().as_micros())?;
    if !output.status.success() {
        return Err(format!("pgbench: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let mut times = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pgbench-log.")) {
            let text = std::fs::read_to_string(&path)?;
            times.extend(text.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<u64>().ok()));
            std::fs::remove_file(path)?;
        }
    }
    std::fs::remove_file(script)?;
    Ok(figures(times, took))
}
