//! Books equal the database: after late commits, after any sequence of writes, after restarts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use futures::future::{BoxFuture, join_all};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use qiao_engine::Snapshot;
use qiao_store::books::Follower;
use qiao_store::entities::{company, fact};
use qiao_store::sea_orm::{EntityTrait, IntoActiveModel, QueryOrder};
use qiao_store::{NewFact, Store, StoreError, Tx, WriteContext, ledger};
use qiao_testkit::{BACKENDS, Backend, NOW_MS, TestDatabase};
use sqlx::Executor;
use uuid::Uuid;

pub async fn make_company(tx: &mut Tx) -> Result<(), StoreError> {
    let row = company::Model {
        id: Uuid::now_v7(),
        name: "Example".to_owned(),
        currency: "CNY".to_owned(),
        timezone: "Asia/Shanghai".to_owned(),
        locale: "en".to_owned(),
        fiscal_year_start_month: 1,
        month_closing_day: None,
        weekend: "sat,sun".to_owned(),
        customer_rule: r#"{"version":"1","no_contract_months":24,"stays_new_months":0}"#.to_owned(),
        on_pace_tolerance_ppm: 50_000,
        attainment_visible_to_all: false,
        settings: "{}".to_owned(),
        example: false,
        version: 1,
        created_at: 0,
        updated_at: 0,
    };
    company::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
    Ok(())
}

async fn database(backend: Backend) -> TestDatabase {
    let db = TestDatabase::new(backend).await;
    db.store.write(&WriteContext::operator(NOW_MS), (), |tx, ()| Box::pin(make_company(tx))).await.unwrap();
    db
}

/// A write of the test: facts of a record, or the reversal of what stands of one.
#[derive(Clone, Debug)]
enum Write {
    Facts { record: u8, amounts: Vec<i32>, person: u8 },
    Reverse { record: u8 },
    Refused,
}

fn apply<'a>(tx: &'a mut Tx, write: &'a Write) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        let day = NaiveDate::from_ymd_opt(2026, 3, 19).unwrap();
        match write {
            Write::Facts { record, amounts, person } => {
                for amount in amounts {
                    let mut new =
                        NewFact::new("sale_recorded", day, "CNY", "sales_order", Uuid::from_u128(u128::from(*record)));
                    new.amount_minor = i64::from(*amount);
                    new.credits = vec![(Uuid::from_u128(u128::from(*person)), "owner".to_owned(), 1_000_000)];
                    tx.fact(new)?;
                }
                Ok(())
            }
            Write::Reverse { record } => {
                for (fact, credits) in ledger::standing(tx.conn(), &[Uuid::from_u128(u128::from(*record))]).await? {
                    tx.reverse(&fact, credits)?;
                }
                Ok(())
            }
            Write::Refused => {
                let new = NewFact::new("sale_recorded", day, "CNY", "sales_order", Uuid::nil());
                tx.fact(new)?;
                Err(StoreError::Fact("no".to_owned()))
            }
        }
    })
}

/// What the books hold, fact by fact, against what the database holds.
async fn assert_equal(store: &Store, follower: &Follower) {
    let snapshot = follower.snapshot().await.unwrap();
    let rows = fact::Entity::find().order_by_asc(fact::Column::Sequence).all(store.pool()).await.unwrap();
    assert_eq!(snapshot.books.len(), rows.len());
    let mut sum = 0;
    for row in &rows {
        let view = snapshot.books.fact(u32::try_from(row.sequence).unwrap()).unwrap();
        assert_eq!(view.amount_minor(), row.amount_minor, "fact {}", row.sequence);
        assert_eq!(view.is_reversal(), row.refers_to.is_some(), "fact {}", row.sequence);
        sum += row.amount_minor;
    }
    let mut credited = 0;
    snapshot.books.for_credits(NaiveDate::MIN, NaiveDate::MAX, |credit| credited += credit.amount_minor());
    assert_eq!(credited, sum);
}

#[tokio::test]
async fn books_equal_the_database_after_any_sequence_of_writes_and_restarts() {
    let write = prop_oneof![
        4 => (0_u8..6, prop::collection::vec(-500_i32..500, 1..4), 0_u8..4)
            .prop_map(|(record, amounts, person)| Write::Facts { record, amounts, person }),
        2 => (0_u8..6).prop_map(|record| Write::Reverse { record }),
        1 => Just(Write::Refused),
    ];
    // A batch of writes at once, then perhaps a restart of the follower.
    let plan = prop::collection::vec((prop::collection::vec(write, 1..5), any::<bool>()), 12..13);
    let mut runner = TestRunner::deterministic();
    for backend in BACKENDS {
        for _ in 0..4 {
            let db = database(backend).await;
            let mut follower = Follower::start(db.store.clone()).await.unwrap();
            let context = WriteContext::operator(NOW_MS);
            for (batch, restart) in plan.new_tree(&mut runner).unwrap().current() {
                // Which of them win against each other is the database's to say; the books follow what did.
                join_all(batch.into_iter().map(|write| db.store.write(&context, write, apply))).await;
                if restart {
                    follower = Follower::start(db.open_again().await).await.unwrap();
                }
                assert_equal(&db.store, &follower).await;
            }
        }
    }
}

/// When a write was answered, and the amount by which its first fact is known.
type Answered = Vec<(Instant, i64)>;

/// Twelve writers, and one transaction among them that stays open for four seconds: whoever follows by "greater than the
/// last sequence" misses what it wrote, whoever waits for the oldest transaction lags by its four seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_commits_late_is_not_missed() {
    let db = Arc::new(database(Backend::Postgres).await);
    let follower = Follower::start(db.store.clone()).await.unwrap();
    let other = Follower::start(db.open_again().await).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let number = Arc::new(AtomicI32::new(1));
    let mut writers = Vec::new();
    for writer in 0..12_u8 {
        let (db, stop, number) = (Arc::clone(&db), Arc::clone(&stop), Arc::clone(&number));
        writers.push(tokio::spawn(async move {
            let (context, mut answered) = (WriteContext::operator(NOW_MS), Answered::new());
            while !stop.load(Ordering::SeqCst) {
                let amount = number.fetch_add(1, Ordering::SeqCst);
                let write = Write::Facts { record: writer, amounts: vec![amount, 0], person: writer };
                if db.store.write(&context, write, apply).await.is_ok() {
                    answered.push((Instant::now(), i64::from(amount)));
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            answered
        }));
    }
    let mut readers = Vec::new();
    for one in [follower.clone(), other.clone()] {
        let stop = Arc::clone(&stop);
        readers.push(tokio::spawn(async move {
            let mut seen = Vec::new();
            while !stop.load(Ordering::SeqCst) {
                let snapshot = one.snapshot().await.unwrap();
                seen.push((Instant::now(), snapshot));
                tokio::time::sleep(Duration::from_millis(15)).await;
            }
            seen
        }));
    }
    late(&db.store).await;
    stop.store(true, Ordering::SeqCst);
    let mut answered = Answered::new();
    for writer in writers {
        answered.extend(writer.await.unwrap());
    }
    for (one, reader) in [&follower, &other].into_iter().zip(readers) {
        let seen = reader.await.unwrap();
        assert_equal(&db.store, one).await;
        report_lag(&db.store, &answered, &seen).await;
    }
}

/// How long after its answer a fact stood in the snapshots that were taken every 15 ms.
async fn report_lag(store: &Store, answered: &Answered, seen: &[(Instant, Arc<Snapshot>)]) {
    let rows = fact::Entity::find().all(store.pool()).await.unwrap();
    let sequences: BTreeMap<i64, i64> = rows.iter().map(|row| (row.amount_minor, row.sequence)).collect();
    let mut lags = Vec::new();
    for (at, amount) in answered {
        let sequence = u32::try_from(sequences[amount]).unwrap();
        let first = seen.partition_point(|(_, snapshot)| !snapshot.books.contains(sequence));
        // What was written after the last look has no lag to tell.
        if let Some((when, _)) = seen.get(first) {
            lags.push(when.saturating_duration_since(*at));
        }
    }
    lags.sort();
    let (p50, p99) = (lags[lags.len() / 2], lags[lags.len() * 99 / 100]);
    println!("books: {} facts, 0 missed, lag of {} writes: p50 {p50:?}, p99 {p99:?}", rows.len(), lags.len());
    assert!(lags.len() * 2 > answered.len(), "{} of {} writes were seen", lags.len(), answered.len());
    assert!(p99 < Duration::from_secs(2), "the books lag behind the late transaction: {p99:?}");
}

/// Takes its sequences at once and commits four seconds later.
async fn late(store: &Store) {
    let mut tx = store.pool().sqlx().get_postgres_connection_pool().begin().await.unwrap();
    for n in 0..20_u128 {
        let (id, record) = (Uuid::from_u128(n + 1), Uuid::from_u128(99));
        let sql = format!(
            "insert into fact (id, kind, date, occurred_at, recorded_at, amount_minor, currency, recognized_on, record_type, \
             record_id) values ('{id}', 'sale_recorded', '2026-03-19', 0, 0, 0, 'CNY', '2026-03-19', 'sales_order', '{record}')"
        );
        tx.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    tx.commit().await.unwrap();
}
