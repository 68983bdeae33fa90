//! A database per test, on both databases.
//!
//! SQLite is a file in a folder of its own. PostgreSQL is the server that `QIAO_TEST_POSTGRES` names (`make test` starts
//! one); each test works in a schema of its own. A missing server fails the tests that need it: both databases run, or
//! the suite is red.
#![allow(clippy::expect_used, clippy::panic)]

use std::time::Duration;

use qiao_store::{DatabaseUrl, Options, Store};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use uuid::Uuid;

/// The moment at which tests begin: 2026-03-19 10:42 in Shanghai.
pub const NOW_MS: i64 = 1_773_888_120_000;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A schema on a server.
    Postgres,
}

/// Both, in the order in which tests run them.
pub const BACKENDS: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

/// An empty, migrated database for one test; it goes away with it.
pub struct TestDatabase {
    /// The open store.
    pub store: Store,
    /// Which database it is.
    pub backend: Backend,
    url: DatabaseUrl,
    schema: Option<String>,
    folder: TempDir,
}

impl TestDatabase {
    /// Makes an empty database.
    ///
    /// # Panics
    /// Where the database cannot be made: a test without its database has failed.
    pub async fn new(backend: Backend) -> Self {
        let folder = TempDir::new().expect("a folder for the test");
        let (url, schema) = match backend {
            Backend::Sqlite => (DatabaseUrl::Sqlite(folder.path().join("qiao.db")), None),
            Backend::Postgres => {
                let url = DatabaseUrl::parse(&postgres_url()).expect("QIAO_TEST_POSTGRES is a database URL");
                let schema = format!("t_{}", Uuid::now_v7().simple());
                make_schema(&url, &schema).await;
                (url, Some(schema))
            }
        };
        let store = Self::open_store(&url, schema.as_deref()).await;
        Self { store, backend, url, schema, folder }
    }

    /// Opens the same database once more, as another process or node would.
    pub async fn open_again(&self) -> Store {
        Self::open_store(&self.url, self.schema.as_deref()).await
    }

    async fn open_store(url: &DatabaseUrl, schema: Option<&str>) -> Store {
        let mut options = Options::serve(NOW_MS);
        // Tests share two cores and run unoptimised code: the deadline has a test of its own.
        options.deadline = Duration::from_secs(20);
        options.connections = 3;
        options.schema = schema.map(str::to_owned);
        Store::open(url, &options).await.expect("the test's database opens")
    }

    /// A folder that goes away with the test.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// Runs a test on both databases, one after the other.
pub async fn on_both<F, R>(test: F)
where
    F: Fn(TestDatabase) -> R,
    R: Future<Output = ()>,
{
    for backend in BACKENDS {
        test(TestDatabase::new(backend).await).await;
    }
}

/// The server's URL.
///
/// # Panics
/// Without `QIAO_TEST_POSTGRES`: a suite that skips a database proves nothing about it.
#[must_use]
pub fn postgres_url() -> String {
    std::env::var("QIAO_TEST_POSTGRES")
        .expect("QIAO_TEST_POSTGRES is not set; run `make test`, which starts a PostgreSQL server for the tests")
}

async fn make_schema(url: &DatabaseUrl, schema: &str) {
    let DatabaseUrl::Postgres(text) = url else { panic!("QIAO_TEST_POSTGRES must be a postgres:// URL") };
    let db = sea_orm::Database::connect(text.as_str()).await.expect("the PostgreSQL server answers");
    db.execute_unprepared(&format!("create schema {schema}")).await.expect("a schema for the test");
    db.close().await.expect("the connection closes");
}

/// A type that is dropped as a whole: an `async move` block that only names `db.store` must still keep the folder.
impl Drop for TestDatabase {
    fn drop(&mut self) {}
}
