//! A database per test, on both databases.
//!
//! SQLite is a file in a folder of its own. PostgreSQL is the server that `QIAO_TEST_POSTGRES` names (`make test` starts
//! one); each test works in a schema of its own. A missing server fails the tests that need it: both databases run, or
//! the suite is red.
#![allow(clippy::expect_used, clippy::panic)]

pub mod load;

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

/// Where a test's database is: a file in a folder of its own, or a schema of its own. The folder goes away with it.
pub struct Place {
    /// Which database it is.
    pub backend: Backend,
    /// Where the data is.
    pub url: DatabaseUrl,
    /// The schema, on PostgreSQL.
    pub schema: Option<String>,
    folder: TempDir,
}

impl Place {
    /// Makes the place; the database in it is made when it is opened.
    ///
    /// # Panics
    /// Where it cannot be made: a test without its database has failed.
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
        Self { backend, url, schema, folder }
    }

    /// Opens the database, making and migrating it.
    ///
    /// # Panics
    /// Where it does not open.
    pub async fn open(&self) -> Store {
        open(&self.url, self.schema.as_deref()).await
    }

    /// A folder that goes away with the test.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// Opens a test's database, making and migrating it.
///
/// # Panics
/// Where it does not open.
pub async fn open(url: &DatabaseUrl, schema: Option<&str>) -> Store {
    let mut options = Options::serve(NOW_MS);
    // Tests share two cores and run unoptimised code: the deadline has a test of its own.
    options.deadline = Duration::from_secs(20);
    options.connections = 3;
    options.schema = schema.map(str::to_owned);
    Store::open(url, &options).await.expect("the test's database opens")
}

/// An empty, migrated database for one test; it goes away with it.
pub struct TestDatabase {
    /// The open store.
    pub store: Store,
    /// Which database it is.
    pub backend: Backend,
    place: Place,
}

impl TestDatabase {
    /// Makes an empty database.
    ///
    /// # Panics
    /// Where the database cannot be made: a test without its database has failed.
    pub async fn new(backend: Backend) -> Self {
        let place = Place::new(backend).await;
        Self { store: place.open().await, backend, place }
    }

    /// Opens the same database once more, as another process or node would.
    pub async fn open_again(&self) -> Store {
        self.place.open().await
    }

    /// A folder that goes away with the test.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.place.folder()
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
