//! kill -9 during a write load: what was acknowledged is there, nothing is there twice or half.
//!
//! `QIAO_CRASH_ROUNDS` says how often (3; `make crash` takes 20).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use qiao_store::sea_orm::{ConnectionTrait, Statement};
use qiao_store::{Store, audit, check};
use qiao_testkit::load::{Answered, Write, prepare, send};
use qiao_testkit::{Backend, NOW_MS, Place};

/// Writers at once: more than one, so that a batch is open whenever the process is killed.
const TASKS: u64 = 16;

#[derive(Default)]
struct Figures {
    rounds: u32,
    acknowledged: usize,
    unanswered: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_what_it_acknowledged_when_it_is_killed() {
    crash(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_keeps_what_it_acknowledged_when_the_writer_is_killed() {
    crash(Backend::Postgres).await;
}

async fn crash(backend: Backend) {
    let rounds = std::env::var("QIAO_CRASH_ROUNDS").map_or(3, |text| text.parse().unwrap());
    let place = Place::new(backend).await;
    let store = place.open().await;
    prepare(&store).await.unwrap();
    leave(&place, store).await;
    let mut figures = Figures::default();
    for round in 0..rounds {
        let acknowledged = load_and_kill(&place, round).await;
        // On SQLite this is the recovery: nobody else has the file open.
        let store = place.open().await;
        verify(&store, round, &acknowledged, &mut figures).await;
        leave(&place, store).await;
    }
    let Figures { rounds, acknowledged, unanswered } = figures;
    assert!(acknowledged > 10 * rounds as usize, "{acknowledged} writes are no load");
    println!(
        "crash {backend:?}: killed {rounds} times, {acknowledged} acknowledged writes, 0 lost, 0 twice, 0 half-written; \
         {unanswered} durable before their answer left, found again by their key"
    );
}

/// Closes everything this process has of the database: whoever opens it next must recover it alone.
async fn leave(place: &Place, store: Store) {
    store.close().await;
    drop(store);
    if place.backend == Backend::Sqlite {
        let log = place.folder().join("qiao.db-wal");
        let began = Instant::now();
        while log.exists() {
            assert!(began.elapsed() < Duration::from_secs(20), "the write-ahead log stays");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Runs the load in a process of its own, kills it, and answers what it had acknowledged.
async fn load_and_kill(place: &Place, round: u32) -> BTreeSet<String> {
    let url = match &place.url {
        qiao_store::DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        qiao_store::DatabaseUrl::Postgres(url) => url.clone(),
    };
    let mut child = Command::new(env!("CARGO_BIN_EXE_write-load"))
        .args([&url, place.schema.as_deref().unwrap_or("-"), &round.to_string(), &TASKS.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let (first, began) = tokio::sync::oneshot::channel();
    let reading = tokio::task::spawn_blocking(move || {
        let (mut keys, mut line, mut first) = (BTreeSet::new(), String::new(), Some(first));
        while lines.read_line(&mut line).unwrap() > 0 {
            // A line that was cut off is no acknowledgement.
            if let Some(key) = line.strip_prefix("ack ").and_then(|rest| rest.strip_suffix('\n')) {
                assert!(keys.insert(key.to_owned()), "{key} was acknowledged twice");
            }
            line.clear();
            if let Some(first) = first.take() {
                first.send(()).unwrap();
            }
        }
        keys
    });
    began.await.expect("the load begins");
    tokio::time::sleep(Duration::from_millis(rand::random_range(20..400))).await;
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    reading.await.unwrap()
}

async fn names(store: &Store, sql: &str) -> Vec<String> {
    let db = store.pool();
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
}

/// Opportunities that lack a part of what was written with them, or have a part too many.
const HALF: &str = "select o.name from opportunity o where \
    (select count(*) from fact f where f.record_id = o.id) <> 2 \
    or (select count(*) from fact f join credit c on c.fact_id = f.id where f.record_id = o.id) <> 2 \
    or (select count(*) from audit a where a.record_id = o.id) <> 1 \
    or (select count(*) from idempotency_key k where k.key = o.name) <> 1";
/// Parts without their opportunity.
const ORPHANS: &str = "select a.after_payload from audit a where a.record_type = 'opportunity' and not exists \
    (select 1 from opportunity o where o.id = a.record_id) union all select k.key from idempotency_key k where not exists \
    (select 1 from opportunity o where o.name = k.key)";
const TWICE: &str = "select name from opportunity group by name having count(*) > 1";

async fn whole(store: &Store) {
    for (what, sql) in [("half-written", HALF), ("without a record", ORPHANS), ("twice", TWICE)] {
        assert_eq!(names(store, sql).await, Vec::<String>::new(), "{what}");
    }
    audit::seal(store, NOW_MS).await.unwrap();
    assert_eq!(check::check(store).await.unwrap().broken, Vec::<String>::new());
}

async fn verify(store: &Store, round: u32, acknowledged: &BTreeSet<String>, figures: &mut Figures) {
    whole(store).await;
    let sql = format!("select name from opportunity where name like 'r{round}-%'");
    let stored: BTreeSet<String> = names(store, &sql).await.into_iter().collect();
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "round {round}: acknowledged and lost: {lost:?}");
    // The client that got no answer sends its request again: every key that may have been on its way.
    let last = stored.iter().next_back().unwrap().rsplit('-').next().unwrap().parse::<u64>().unwrap();
    for number in 0..=last + TASKS {
        let write = Write { key: format!("r{round}-{number:07}") };
        let before = stored.contains(&write.key);
        let answered = send(store, &write).await.unwrap();
        assert_eq!(answered == Answered::Before, before, "{}", write.key);
    }
    whole(store).await;
    figures.rounds += 1;
    figures.acknowledged += acknowledged.len();
    figures.unanswered += stored.len() - acknowledged.len();
}
