//! What a write promises, tested the same way on both databases.

use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use qiao_store::entities::{alias, audit, credit, fact, idempotency_key};
use qiao_store::sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, PaginatorTrait};
use qiao_store::{
    Actor, AuditEntry, IdempotencyKey, NewFact, Options, Store, StoreError, Tx, WriteContext, WriteError,
};
use qiao_testkit::{Backend, NOW_MS, TestDatabase, on_both};
use uuid::Uuid;

type Answer = Result<u32, StoreError>;

fn context() -> WriteContext {
    WriteContext::operator(NOW_MS)
}

async fn insert_alias(tx: &Tx, name: &str) -> Result<(), StoreError> {
    let row = alias::ActiveModel {
        kind: Set("product".to_owned()),
        alias: Set(name.to_owned()),
        target_id: Set(Uuid::nil()),
        created_at: Set(0),
        created_by: Set(None),
    };
    alias::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// The command of most tests: a record, a fact with a credit, an audit line.
fn create<'a>(tx: &'a mut Tx, name: &'a String) -> BoxFuture<'a, Answer> {
    Box::pin(async move {
        insert_alias(tx, name).await?;
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 19).unwrap();
        let mut new = NewFact::new("sale_recorded", day, "CNY", "sales_order", Uuid::nil());
        new.amount_minor = 100;
        new.credits = vec![(Uuid::from_u128(7), "owner".to_owned(), 1_000_000)];
        tx.fact(new)?;
        tx.audit(AuditEntry {
            action: "created",
            record_type: "alias",
            record_id: None,
            before: None,
            after: Some(name.clone()),
        });
        tx.answer(201, name.clone());
        Ok(tx.statements())
    })
}

/// Writes, then meets a database error and swallows it.
fn swallow<'a>(tx: &'a mut Tx, name: &'a String) -> BoxFuture<'a, Answer> {
    Box::pin(async move {
        insert_alias(tx, name).await?;
        let _swallowed = insert_alias(tx, name).await;
        Ok(0)
    })
}

fn refuse<'a>(tx: &'a mut Tx, name: &'a String) -> BoxFuture<'a, Answer> {
    Box::pin(async move {
        insert_alias(tx, name).await?;
        Err(StoreError::Fact("no".to_owned()))
    })
}

/// SQLite rolls the whole transaction back on its own, as it does when the disk is full.
fn roll_back_all<'a>(tx: &'a mut Tx, _: &'a String) -> BoxFuture<'a, Answer> {
    Box::pin(async move {
        insert_alias(tx, "twice").await?;
        let again =
            "insert or rollback into alias (kind, alias, target_id, created_at) values ('product', 'twice', x'00', 0)";
        let _swallowed = tx.conn().execute_unprepared(again).await;
        Ok(0)
    })
}

fn sleep<'a>(tx: &'a mut Tx, name: &'a String) -> BoxFuture<'a, Answer> {
    Box::pin(async move {
        insert_alias(tx, name).await?;
        tokio::time::sleep(Duration::from_secs(5)).await;
        Ok(0)
    })
}

async fn counts(store: &Store) -> (u64, u64, u64, u64) {
    let db = store.pool();
    (
        alias::Entity::find().count(db).await.unwrap(),
        fact::Entity::find().count(db).await.unwrap(),
        credit::Entity::find().count(db).await.unwrap(),
        audit::Entity::find().count(db).await.unwrap(),
    )
}

#[tokio::test]
async fn a_write_is_whole() {
    on_both(|db| async move {
        db.store.write(&context(), "a".to_owned(), create).await.unwrap();
        assert_eq!(counts(&db.store).await, (1, 1, 1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_refused_write_leaves_nothing() {
    on_both(|db| async move {
        let error = db.store.write(&context(), "a".to_owned(), refuse).await.unwrap_err();
        assert!(matches!(error, WriteError::Refused(StoreError::Fact(_))), "{error:?}");
        assert_eq!(counts(&db.store).await, (0, 0, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_swallowed_database_error_is_never_committed() {
    on_both(|db| async move {
        let error = db.store.write(&context(), "a".to_owned(), swallow).await.unwrap_err();
        assert!(matches!(error, WriteError::Store(StoreError::Database(_))), "{error:?}");
        assert_eq!(counts(&db.store).await, (0, 0, 0, 0));
        db.store.write(&context(), "a".to_owned(), create).await.unwrap();
        assert_eq!(counts(&db.store).await, (1, 1, 1, 1));
    })
    .await;
}

#[tokio::test]
async fn an_automatic_rollback_ends_the_batch() {
    let db = TestDatabase::new(Backend::Sqlite).await;
    let names: Vec<String> = (0..8).map(|n| format!("n{n}")).collect();
    let context = context();
    let before = names.iter().take(4).map(|n| db.store.write(&context, n.clone(), create));
    let after = names.iter().skip(4).map(|n| db.store.write(&context, n.clone(), create));
    let (first, broken, last) =
        tokio::join!(join_all(before), db.store.write(&context, String::new(), roll_back_all), join_all(after));
    assert!(broken.is_err());
    let acknowledged = first.iter().chain(last.iter()).filter(|r| r.is_ok()).count() as u64;
    for refused in first.iter().chain(last.iter()).filter_map(|r| r.as_ref().err()) {
        assert!(matches!(refused, WriteError::Store(StoreError::Unavailable(_))), "{refused:?}");
    }
    // What was acknowledged is there and nothing else is.
    assert_eq!(counts(&db.store).await, (acknowledged, acknowledged, acknowledged, acknowledged));
    db.store.write(&context, "later".to_owned(), create).await.unwrap();
    assert_eq!(counts(&db.store).await.0, acknowledged + 1);
}

#[tokio::test]
async fn many_writers_at_once_lose_nothing() {
    on_both(|db| async move {
        let names = (0..60).map(|n| format!("n{n}"));
        let context = context();
        let results = join_all(names.map(|name| db.store.write(&context, name, create))).await;
        let acknowledged = results.iter().filter(|r| r.is_ok()).count() as u64;
        assert!(acknowledged > 30, "{acknowledged} of 60");
        assert_eq!(counts(&db.store).await, (acknowledged, acknowledged, acknowledged, acknowledged));
    })
    .await;
}

#[tokio::test]
async fn a_repeated_request_is_answered_as_the_first() {
    on_both(|db| async move {
        let user = Uuid::now_v7();
        let keyed = |digest: u8| WriteContext {
            actor: Actor::User { id: user, name: "u".to_owned() },
            now_ms: NOW_MS,
            idempotency: Some(IdempotencyKey { user_id: user, key: "k".to_owned(), request_digest: vec![digest] }),
        };
        db.store.write(&keyed(1), "a".to_owned(), create).await.unwrap();
        // The same command under the same key: its own insert would violate a key, so it is another name here.
        let replayed = db.store.write(&keyed(1), "b".to_owned(), create).await.unwrap_err();
        let WriteError::Replayed(answer) = replayed else { panic!("{replayed:?}") };
        assert_eq!((answer.status, answer.body.as_str()), (201, "a"));
        let reused = db.store.write(&keyed(2), "c".to_owned(), create).await.unwrap_err();
        assert!(matches!(reused, WriteError::Store(StoreError::KeyReused)), "{reused:?}");
        assert_eq!(counts(&db.store).await, (1, 1, 1, 1));
        assert_eq!(idempotency_key::Entity::find().count(db.store.pool()).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_request_many_times_at_once_is_done_once() {
    on_both(|db| async move {
        let user = Uuid::now_v7();
        let context = WriteContext {
            actor: Actor::User { id: user, name: "u".to_owned() },
            now_ms: NOW_MS,
            idempotency: Some(IdempotencyKey { user_id: user, key: "k".to_owned(), request_digest: vec![1] }),
        };
        let results = join_all((0..12).map(|n| db.store.write(&context, format!("n{n}"), create))).await;
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1);
        assert_eq!(counts(&db.store).await, (1, 1, 1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_command_that_takes_too_long_is_undone() {
    for backend in qiao_testkit::BACKENDS {
        let db = TestDatabase::new(backend).await;
        if backend == Backend::Postgres {
            continue_with_deadline(&db, &db.store).await;
            continue;
        }
        let mut options = Options::serve(NOW_MS);
        options.deadline = Duration::from_millis(300);
        let quick = Store::open(db.store.url(), &options).await.unwrap();
        let error = quick.write(&context(), "slow".to_owned(), sleep).await.unwrap_err();
        assert!(matches!(error, WriteError::Store(StoreError::TooSlow(300))), "{error:?}");
        quick.write(&context(), "next".to_owned(), create).await.unwrap();
        assert_eq!(counts(&db.store).await.0, 1);
    }
}

/// On PostgreSQL a reader never waits for a writer that sleeps.
async fn continue_with_deadline(db: &TestDatabase, store: &Store) {
    let context = context();
    let slow = store.write(&context, "slow".to_owned(), sleep);
    let reader = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(counts(&db.store).await.0, 0);
    };
    let (result, ()) = tokio::join!(slow, reader);
    result.unwrap();
}

#[tokio::test]
async fn facts_that_break_a_rule_are_refused() {
    on_both(|db| async move {
        fn bad<'a>(tx: &'a mut Tx, shares: &'a Vec<i64>) -> BoxFuture<'a, Answer> {
            Box::pin(async move {
                let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 19).unwrap();
                let mut new = NewFact::new("sale_recorded", day, "CNY", "sales_order", Uuid::nil());
                new.credits = shares
                    .iter()
                    .enumerate()
                    .map(|(n, share)| (Uuid::from_u128(n as u128), "owner".to_owned(), *share))
                    .collect();
                tx.fact(new)?;
                Ok(0)
            })
        }
        for shares in [vec![1_010_000], vec![600_000, 410_000], vec![0], vec![-5]] {
            let error = db.store.write(&context(), shares, bad).await.unwrap_err();
            assert!(matches!(error, WriteError::Refused(StoreError::Fact(_))), "{error:?}");
        }
        assert_eq!(counts(&db.store).await, (0, 0, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_changed_audit_row_is_found() {
    on_both(|db| async move {
        for n in 0..5 {
            db.store.write(&context(), format!("n{n}"), create).await.unwrap();
        }
        assert_eq!(qiao_store::audit::seal(&db.store, NOW_MS).await.unwrap(), 5);
        assert_eq!(qiao_store::audit::seal(&db.store, NOW_MS).await.unwrap(), 0);
        let report = qiao_store::audit::verify(db.store.pool()).await.unwrap();
        assert_eq!((report.sealed, report.broken.len()), (5, 0));

        fn tamper<'a>(tx: &'a mut Tx, sql: &'a &'static str) -> BoxFuture<'a, Answer> {
            Box::pin(async move {
                tx.conn().execute_unprepared(sql).await?;
                Ok(0)
            })
        }
        for sql in [
            "update audit set after_payload = 'other' where sequence = 2",
            "update audit set actor_kind = 'job' where sequence = 4",
            "delete from audit where sequence = 5",
        ] {
            db.store.write(&context(), sql, tamper).await.unwrap();
        }
        let broken = qiao_store::audit::verify(db.store.pool()).await.unwrap().broken;
        assert_eq!(broken.len(), 3, "{broken:?}");
        // An erased payload is no damage: the digest stays in the chain.
        db.store.write(&context(), "update audit set after_payload = null where sequence = 1", tamper).await.unwrap();
        assert_eq!(qiao_store::audit::verify(db.store.pool()).await.unwrap().broken.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_was_written_reaches_the_file_soon_without_a_request_waiting_for_it() {
    let db = TestDatabase::new(Backend::Sqlite).await;
    db.store.write(&context(), "beside".to_owned(), create).await.unwrap();
    let qiao_store::DatabaseUrl::Sqlite(path) = db.store.url().clone() else { panic!("a file") };
    let copy = path.with_extension("copy");
    let mut facts = 0;
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        // The file alone, without its log; torn while it is being written, which a later look is not.
        std::fs::copy(&path, &copy).unwrap();
        let alone = rusqlite::Connection::open(&copy).unwrap();
        facts = alone.query_row("select count(*) from fact", [], |row| row.get(0)).unwrap_or(0);
        if facts == 1 {
            return;
        }
    }
    panic!("{facts} facts in the file after ten seconds");
}
