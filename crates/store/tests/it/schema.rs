//! Making, migrating and refusing databases.

use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{DatabaseUrl, Options, Store, StoreError};
use qiao_testkit::{Backend, NOW_MS, TestDatabase, on_both};
use tempfile::TempDir;

#[tokio::test]
async fn opening_twice_changes_nothing() {
    on_both(|db| async move {
        let again = db.open_again().await;
        assert_eq!(again.url(), db.store.url());
    })
    .await;
}

#[tokio::test]
async fn a_missing_database_is_named() {
    let folder = TempDir::new().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("absent.db"));
    let error = Store::open(&url, &Options::existing(NOW_MS)).await.unwrap_err();
    assert!(matches!(error, StoreError::Missing { .. }), "{error}");
    assert!(!folder.path().join("absent.db").exists());
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let db = TestDatabase::new(Backend::Sqlite).await;
    let path = db.folder().join("qiao.db");
    let raw = sqlx::SqlitePool::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    sqlx::query("insert into schema_version values (999, 'later', 'x', 0)").execute(&raw).await.unwrap();
    for options in [Options::serve(NOW_MS), Options::existing(NOW_MS)] {
        let error = Store::open(&DatabaseUrl::Sqlite(path.clone()), &options).await.unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 999, .. }), "{error}");
    }
}

#[tokio::test]
async fn somebody_elses_database_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("other.db");
    let raw = sqlx::SqlitePool::connect(&format!("sqlite:{}?mode=rwc", path.display())).await.unwrap();
    sqlx::query("create table things (id integer)").execute(&raw).await.unwrap();
    let error = Store::open(&DatabaseUrl::Sqlite(path), &Options::serve(NOW_MS)).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");

    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "not a database at all").unwrap();
    let error = Store::open(&DatabaseUrl::Sqlite(text.clone()), &Options::serve(NOW_MS)).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    assert_eq!(std::fs::read_to_string(text).unwrap(), "not a database at all");
}

#[tokio::test]
async fn readers_cannot_write_on_sqlite() {
    let db = TestDatabase::new(Backend::Sqlite).await;
    let refused = db.store.pool().execute_unprepared("delete from fact").await;
    assert!(refused.is_err());
}
