//! `qiao check`: every promise the data must keep.

use std::collections::BTreeMap;

use futures::TryStreamExt;
use sea_orm::{ConnectionTrait, DbBackend, Statement, StreamTrait};

use crate::audit::{self, ChainReport};
use crate::{Store, StoreError};

/// What was looked at and what is broken, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Facts looked at.
    pub facts: i64,
    /// Credits looked at.
    pub credits: i64,
    /// Sealed audit rows looked at.
    pub audits: u64,
    /// What is broken, one line each.
    pub broken: Vec<String>,
}

/// The most lines of one kind that are told.
const TOLD: usize = 100;

/// Tables of records, by the word that facts name them with.
const RECORDS: &[(&str, &str)] = &[
    ("lead", "lead"),
    ("activity", "activity"),
    ("opportunity", "opportunity"),
    ("contract", "contract"),
    ("payment", "payment"),
    ("invoice", "invoice"),
    ("sales_order", "sales_order"),
    ("delivery", "delivery"),
];

/// Tables of what hangs on a record that it names by type and id; no foreign key watches over these.
const BESIDE: &[&str] = &["comment", "attachment", "pin"];

/// Tables of records that no facts name, but that have comments, attachments and pins.
const FACTLESS: &[(&str, &str)] = &[("account", "account"), ("contact", "contact")];

/// Checks the data.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn check(store: &Store) -> Result<Report, StoreError> {
    let db = store.pool().sqlx();
    let ChainReport { sealed, broken } = audit::verify(db).await?;
    let mut report = Report {
        facts: count(db, "select count(*) as n from fact").await?,
        credits: count(db, "select count(*) as n from credit").await?,
        audits: sealed,
        broken,
    };
    for (record_type, table) in RECORDS {
        let sql = format!(
            "select f.sequence as n from fact f left join {table} r on r.id = f.record_id \
             where f.record_type = '{record_type}' and r.id is null order by f.sequence limit {TOLD}"
        );
        tell(db, &mut report, &sql, &format!("its {record_type} is not there")).await?;
    }
    let without_fact = "select count(*) as n from credit c left join fact f on f.id = c.fact_id where f.id is null";
    let orphans = count(db, without_fact).await?;
    if orphans > 0 {
        report.broken.push(format!("{orphans} credits belong to no fact"));
    }
    let over = format!(
        "select f.sequence as n from fact f join (select fact_id, sum(share_ppm) as total from credit where role = 'owner' \
         group by fact_id) c on c.fact_id = f.id where c.total > 1000000 order by f.sequence limit {TOLD}"
    );
    tell(db, &mut report, &over, "owner shares sum to more than the whole").await?;
    let unreversed = format!(
        "select f.sequence as n from fact f join fact o on o.id = f.refers_to where f.kind = o.kind and \
         (f.amount_minor <> -o.amount_minor or f.date <> o.date) order by f.sequence limit {TOLD}"
    );
    tell(db, &mut report, &unreversed, "the reversal is not the mirror of its origin").await?;
    let dangling = format!(
        "select f.sequence as n from fact f left join fact o on o.id = f.refers_to \
         where f.refers_to is not null and o.id is null order by f.sequence limit {TOLD}"
    );
    tell(db, &mut report, &dangling, "it refers to a fact that is not there").await?;
    beside_records(db, &mut report).await?;
    closed_deals(db, &mut report).await?;
    plan_bodies(db, &mut report).await?;
    integrity(store, &mut report).await?;
    Ok(report)
}

async fn count(db: &impl ConnectionTrait, sql: &str) -> Result<i64, StoreError> {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n")).map_err(StoreError::from)
}

async fn tell(db: &impl ConnectionTrait, report: &mut Report, sql: &str, what: &str) -> Result<(), StoreError> {
    for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await? {
        let sequence: i64 = row.try_get("", "n")?;
        report.broken.push(format!("fact {sequence}: {what}"));
    }
    Ok(())
}

/// What hangs on records hangs on ones that are there.
async fn beside_records(db: &impl ConnectionTrait, report: &mut Report) -> Result<(), StoreError> {
    for table in BESIDE {
        for (record_type, records) in RECORDS.iter().chain(FACTLESS) {
            let sql = format!(
                "select distinct b.record_id as id from {table} b left join {records} r on r.id = b.record_id \
                 where b.record_type = '{record_type}' and r.id is null order by b.record_id limit {TOLD}"
            );
            for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await? {
                let id: uuid::Uuid = row.try_get("", "id")?;
                report.broken.push(format!("{table} of {record_type} {id}: the {record_type} is not there"));
            }
        }
    }
    Ok(())
}

/// A won or lost deal stands on exactly one fact of its kind, an open one on none: what was recorded less what was
/// taken back.
async fn closed_deals(db: &(impl ConnectionTrait + StreamTrait), report: &mut Report) -> Result<(), StoreError> {
    let backend = ConnectionTrait::get_database_backend(db);
    let sql = "select o.id as id, o.status as status, coalesce(sum(case when f.kind = 'opportunity_won' then \
               case when f.refers_to is null then 1 else -1 end else 0 end), 0) as won, \
               coalesce(sum(case when f.kind = 'opportunity_lost' then case when f.refers_to is null then 1 else -1 end \
               else 0 end), 0) as lost from opportunity o left join fact f on f.record_id = o.id \
               and f.kind in ('opportunity_won', 'opportunity_lost') group by o.id, o.status";
    let mut rows = std::pin::pin!(db.stream_raw(Statement::from_string(backend, sql)).await?);
    let mut told = 0;
    while let Some(row) = rows.try_next().await? {
        let (won, lost): (i64, i64) = (row.try_get("", "won")?, row.try_get("", "lost")?);
        let status: String = row.try_get("", "status")?;
        let right = (won, lost) == (i64::from(status == "won"), i64::from(status == "lost"));
        if !right && told < TOLD {
            let id: uuid::Uuid = row.try_get("", "id")?;
            report.broken.push(format!("opportunity {id}: it is {status}, its facts say won {won}, lost {lost}"));
            told += 1;
        }
    }
    Ok(())
}

/// A published version is what its digest says.
async fn plan_bodies(db: &impl ConnectionTrait, report: &mut Report) -> Result<(), StoreError> {
    use sea_orm::EntityTrait;
    use sha2::{Digest, Sha256};
    let mut numbers: BTreeMap<uuid::Uuid, Vec<i32>> = BTreeMap::new();
    for row in crate::entities::plan_version::Entity::find().all(db).await? {
        if Sha256::digest(row.body.as_bytes()).as_slice() != row.digest {
            report.broken.push(format!("plan version {}: the published text was changed", row.id));
        }
        numbers.entry(row.plan_id).or_default().push(row.version);
    }
    for (plan, mut versions) in numbers {
        versions.sort_unstable();
        if versions.iter().zip(1..).any(|(have, want)| *have != want) {
            report.broken.push(format!("plan {plan}: its versions are {versions:?}, one is missing"));
        }
    }
    Ok(())
}

/// Attachments whose file is missing or is no longer what it was, a line each.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn files(store: &Store, files: &crate::Files) -> Result<Vec<String>, StoreError> {
    use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
    let mut digests = crate::entities::attachment::Entity::find()
        .select_only()
        .column(crate::entities::attachment::Column::Digest)
        .distinct()
        .order_by_asc(crate::entities::attachment::Column::Digest)
        .into_tuple::<String>()
        .stream(store.pool().sqlx())
        .await?;
    let mut broken = Vec::new();
    while let Some(digest) = digests.try_next().await? {
        let (files, named) = (files.clone(), digest.clone());
        let state = tokio::task::spawn_blocking(move || files.verify(&named)).await;
        match state {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => broken.push(format!("file {digest}: it was changed")),
            _ => broken.push(format!("file {digest}: it is missing or cannot be read")),
        }
    }
    Ok(broken)
}

/// SQLite's own check of the file.
async fn integrity(store: &Store, report: &mut Report) -> Result<(), StoreError> {
    if !store.is_sqlite() {
        return Ok(());
    }
    for pragma in ["pragma integrity_check", "pragma foreign_key_check"] {
        let rows = store.pool().query_all_raw(Statement::from_string(DbBackend::Sqlite, pragma)).await?;
        for row in rows {
            let said: String = row.try_get_by_index(0).unwrap_or_default();
            if said != "ok" {
                report.broken.push(format!("file: {said}"));
            }
        }
    }
    Ok(())
}
