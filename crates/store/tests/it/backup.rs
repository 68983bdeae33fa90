//! Backup and restore, between both databases in every direction.

use std::path::{Path, PathBuf};

use futures::future::BoxFuture;
use qiao_store::backup::{self, BackupFile};
use qiao_store::entities::{audit, credit, fact, job, person, team};
use qiao_store::sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel, QueryOrder};
use qiao_store::{AuditEntry, NewFact, NewJob, Store, StoreError, Tx, WriteContext, audit as chain, check, jobs};
use qiao_testkit::{BACKENDS, Backend, NOW_MS, TestDatabase, on_both};
use uuid::Uuid;

use crate::following::make_company;

/// What a text may hold: what COPY and CSV care about, both scripts.
const AWKWARD: &str = "a\tb\\N\n\"桥\"\r'; -- \\";

fn fill<'a>(tx: &'a mut Tx, _: &'a ()) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        make_company(tx).await?;
        // The younger team stands first in the table and refers to the older.
        for (id, parent) in [(1, Some(2)), (2, None)] {
            let row = team::Model {
                id: Uuid::from_u128(id),
                external_id: None,
                name: format!("{AWKWARD}{id}"),
                parent_id: None,
                region: parent.map(|_| String::new()),
                version: 1,
                created_at: 0,
                updated_at: 0,
                archived_at: None,
            };
            team::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
        }
        let child = team::ActiveModel {
            id: Set(Uuid::from_u128(1)),
            parent_id: Set(Some(Uuid::from_u128(2))),
            ..Default::default()
        };
        team::Entity::update(child).exec(tx.conn()).await?;
        let row = person::Model {
            id: Uuid::from_u128(7),
            external_id: Some("p7".to_owned()),
            name: AWKWARD.to_owned(),
            email: None,
            phone: None,
            kind: "employee".to_owned(),
            start_date: chrono::NaiveDate::from_ymd_opt(2024, 2, 29),
            end_date: None,
            attributes: "{}".to_owned(),
            version: 1,
            created_at: i64::MIN,
            updated_at: i64::MAX,
            archived_at: None,
        };
        person::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 19).unwrap();
        for amount in 0..450 {
            let mut new = NewFact::new("sale_recorded", day, "CNY", "record", Uuid::from_u128(99));
            new.amount_minor = amount;
            new.pending = amount % 2 == 0;
            new.credits = vec![(Uuid::from_u128(7), "owner".to_owned(), 1_000_000)];
            new.attributes = vec![("note".to_owned(), AWKWARD.to_owned())];
            tx.fact(new)?;
        }
        tx.audit(AuditEntry {
            action: "created",
            record_type: "person",
            record_id: Some(Uuid::from_u128(7)),
            before: None,
            after: Some(AWKWARD.to_owned()),
        });
        for n in 0..3 {
            tx.enqueue(NewJob { kind: "seal", payload: format!("{n}"), dedup_key: None, run_at: 0 });
        }
        Ok(())
    })
}

async fn filled(backend: Backend) -> TestDatabase {
    let db = TestDatabase::new(backend).await;
    db.store.write(&WriteContext::operator(NOW_MS), (), fill).await.unwrap();
    chain::seal(&db.store, NOW_MS).await.unwrap();
    // The last job is done and gone; its number must not be given again.
    jobs::done(&db.store, 3, NOW_MS).await.unwrap();
    db
}

async fn taken(db: &TestDatabase, name: &str) -> BackupFile {
    backup::backup(&db.store, &db.folder().join(name), NOW_MS).await.unwrap()
}

/// The digests of the tables that a restore leaves exactly as they were: all but the audit log, which it
/// continues, and the numbers given there.
fn untouched(file: &BackupFile) -> Vec<&backup::TableDigest> {
    file.tables.iter().filter(|t| !t.name.starts_with("audit") && t.name != "sqlite_sequence").collect()
}

async fn broken(store: &Store) -> Vec<String> {
    check::check(store).await.unwrap().broken
}

#[tokio::test]
async fn what_is_restored_is_what_was_backed_up_in_every_direction() {
    for source in BACKENDS {
        let origin = filled(source).await;
        let first = taken(&origin, "first").await;
        assert_eq!(first.tables.iter().find(|t| t.name == "fact").unwrap().rows, 450);
        for target in BACKENDS {
            let db = TestDatabase::new(target).await;
            let verified = backup::read(first.path()).await.unwrap();
            assert_eq!(verified, first);
            backup::restore(&db.store, &verified, NOW_MS + 1).await.unwrap();
            chain::seal(&db.store, NOW_MS + 1).await.unwrap();
            assert_eq!(broken(&db.store).await, Vec::<String>::new());
            let second = taken(&db, "second").await;
            assert_eq!(untouched(&first), untouched(&second), "{source:?} to {target:?}");
            continues(&db.store).await;
        }
    }
}

/// Numbers go on behind those given before, the audit chain goes on, and the restore is its last line.
async fn continues(store: &Store) {
    let lines = audit::Entity::find().order_by_asc(audit::Column::Sequence).all(store.pool()).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(), ["created", "restored"]);
    assert_eq!(lines[0].after_payload.as_deref(), Some(AWKWARD));
    store.write(&WriteContext::operator(NOW_MS), (), more).await.unwrap();
    let last = fact::Entity::find().order_by_desc(fact::Column::Sequence).one(store.pool()).await.unwrap().unwrap();
    assert_eq!(last.sequence, 451);
    let jobs: Vec<i64> = job::Entity::find()
        .order_by_asc(job::Column::Id)
        .all(store.pool())
        .await
        .unwrap()
        .into_iter()
        .map(|job| job.id)
        .collect();
    assert_eq!(jobs, [1, 2, 4]);
    let credited = credit::Entity::find().all(store.pool()).await.unwrap();
    assert_eq!(credited.len(), 450);
}

fn more<'a>(tx: &'a mut Tx, _: &'a ()) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 20).unwrap();
        tx.fact(NewFact::new("sale_recorded", day, "CNY", "record", Uuid::from_u128(99)))?;
        tx.enqueue(NewJob { kind: "seal", payload: String::new(), dedup_key: None, run_at: 0 });
        Ok(())
    })
}

#[tokio::test]
async fn a_backup_is_one_snapshot_while_others_write() {
    on_both(|db| async move {
        db.store.write(&WriteContext::operator(NOW_MS), (), fill).await.unwrap();
        let writing = async {
            for _ in 0..20 {
                db.store.write(&WriteContext::operator(NOW_MS), (), more).await.unwrap();
            }
        };
        let path = db.folder().join("file");
        let (made, ()) = tokio::join!(backup::backup(&db.store, &path, NOW_MS), writing);
        let rows = |name: &str| made.as_ref().unwrap().tables.iter().find(|t| t.name == name).unwrap().rows;
        // A write makes one fact and one job: a snapshot holds both or neither.
        assert_eq!(rows("fact") - 450, rows("job") - 3);
        backup::read(&path).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_database_that_holds_anything_is_left_alone() {
    let file = filled(Backend::Sqlite).await;
    let made = taken(&file, "file").await;
    on_both(|db| {
        let made = made.clone();
        async move {
            db.store.write(&WriteContext::operator(NOW_MS), (), more).await.unwrap();
            let before = taken(&db, "before").await;
            let error = backup::restore(&db.store, &made, NOW_MS).await.unwrap_err();
            assert!(matches!(&error, StoreError::Backup(why) if why.contains("not empty")), "{error}");
            assert_eq!(taken(&db, "after").await.tables, before.tables);
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_is_never_written_over() {
    on_both(|db| async move {
        let path = db.folder().join("mine");
        std::fs::write(&path, "mine").unwrap();
        let error = backup::backup(&db.store, &path, NOW_MS).await.unwrap_err();
        assert!(matches!(&error, StoreError::Backup(why) if why.contains("there already")), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
        let error = backup::backup(&db.store, &db.folder().join("no/such/folder"), NOW_MS).await.unwrap_err();
        assert!(matches!(error, StoreError::File { .. }), "{error}");
        let left: Vec<_> = std::fs::read_dir(db.folder()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".part")), "{left:?}");
    })
    .await;
}

async fn refused(path: &Path) -> String {
    match backup::read(path).await {
        Err(StoreError::Backup(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_file_that_is_none_of_ours_is_named() {
    let db = filled(Backend::Sqlite).await;
    let text = db.folder().join("notes.txt");
    std::fs::write(&text, "not a backup").unwrap();
    assert!(refused(&text).await.contains("is no backup"));
    assert!(refused(&db.folder().join("qiao.db")).await.contains("but no backup"));
    let error = backup::read(&db.folder().join("absent")).await.unwrap_err();
    assert!(matches!(error, StoreError::File { .. }), "{error}");
}

async fn changed(db: &TestDatabase, name: &str, sql: &'static str) -> PathBuf {
    let path = taken(db, name).await.path().to_owned();
    let raw = sqlx::SqlitePool::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    sqlx::query(sql).execute(&raw).await.unwrap();
    raw.close().await;
    path
}

#[tokio::test]
async fn a_backup_of_a_newer_program_is_refused() {
    let db = filled(Backend::Sqlite).await;
    let newer = changed(&db, "newer", "update backup_manifest set schema_version = 999").await;
    let error = backup::read(&newer).await.unwrap_err();
    assert!(matches!(error, StoreError::NewerBackup { found: 999, .. }), "{error}");
    let later = changed(&db, "later", "update backup_manifest set format = 2").await;
    assert!(matches!(backup::read(&later).await, Err(StoreError::NewerBackup { .. })));
}

#[tokio::test]
async fn a_changed_file_is_refused() {
    let db = filled(Backend::Sqlite).await;
    let value = changed(&db, "value", "update fact set amount_minor = amount_minor + 1 where sequence = 7").await;
    assert!(refused(&value).await.contains("table fact is not what was backed up"));
    let row = changed(&db, "row", "delete from credit where fact_id = (select max(fact_id) from credit)").await;
    assert!(refused(&row).await.contains("table credit"));
    let manifest = changed(&db, "manifest", "update backup_manifest set tables = '[]'").await;
    assert!(refused(&manifest).await.contains("manifest was changed"));
    let numbers = changed(&db, "numbers", "update sqlite_sequence set seq = 1 where name = 'job'").await;
    assert!(refused(&numbers).await.contains("sqlite_sequence"));
    let table = changed(&db, "table", "create table extra (id integer primary key)").await;
    assert!(refused(&table).await.contains("tables that were not backed up"));
}

/// Whatever byte is hit: the file is refused, or what it says is still what was backed up.
#[tokio::test]
async fn a_damaged_file_is_refused_or_whole() {
    let db = filled(Backend::Sqlite).await;
    let made = taken(&db, "file").await;
    let bytes = std::fs::read(made.path()).unwrap();
    let path = db.folder().join("damaged");
    let mut refused = 0;
    // Most of a database this small is empty pages: enough hits that some meet what was written.
    for hit in 0..240 {
        let mut damaged = bytes.clone();
        let place = 16 + hit * (bytes.len() - 17) / 239;
        damaged[place] ^= 0x55;
        std::fs::write(&path, damaged).unwrap();
        match backup::read(&path).await {
            Ok(read) => assert_eq!(read.tables, made.tables, "byte {place}"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 20, "only {refused} of 240 were seen");
    for length in [16, 4_096, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..length]).unwrap();
        assert!(backup::read(&path).await.is_err(), "cut to {length}");
    }
}
