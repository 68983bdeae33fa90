//! The backup file: making it, sealing it with its manifest, reading and verifying it.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection};

use super::sql_error;
use super::value::{Value, hex};
use crate::{StoreError, migrations};

/// The table that makes a database of ours a backup.
pub(super) const MANIFEST: &str = "backup_manifest";
/// The form of the manifest that this program writes.
const FORMAT: i64 = 1;

/// A table of the file: how many rows, and the SHA-256 over them in the order of the primary key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDigest {
    /// The table's name.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 of its rows, in hexadecimal digits.
    pub sha256: String,
}

/// A backup file whose content is known and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupFile {
    path: PathBuf,
    /// The schema version of the data.
    pub schema_version: i64,
    /// When it was made, ms since 1970 UTC.
    pub made_at: i64,
    /// What is in it.
    pub tables: Vec<TableDigest>,
}

impl BackupFile {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Rows of all tables together.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    pub(super) fn at(self, path: &Path) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// What the audit log says of it.
    pub(super) fn as_json(&self) -> String {
        let (made_at, version, rows) = (self.made_at, self.schema_version, self.rows());
        let digest = manifest_digest(version, made_at, &self.tables_json());
        serde_json::json!({"made_at": made_at, "schema_version": version, "rows": rows, "digest": digest}).to_string()
    }

    fn tables_json(&self) -> String {
        serde_json::to_string(&self.tables).unwrap_or_default()
    }
}

/// A table as SQLite knows it.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    /// The columns of the primary key, in its order.
    key: Vec<String>,
}

impl Table {
    pub(super) fn column_list(&self) -> String {
        quoted(&self.columns)
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// The tables that hold data, in the order in which they were made: what a table refers to stands before it.
pub(super) async fn tables(db: &mut SqliteConnection, schema: &str) -> Result<Vec<Table>, StoreError> {
    let sql = format!(
        "select name from {schema}.sqlite_master where type = 'table' and name not like 'sqlite_%' \
         and name not in ('schema_version', '{MANIFEST}') order by rowid"
    );
    let names: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut *db).await.map_err(sql_error)?;
    let mut tables = Vec::with_capacity(names.len());
    for name in names {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !plain {
            return Err(StoreError::Backup(format!("the table '{name}' is none of Qiao's")));
        }
        let info = "select name, pk from pragma_table_info(?, ?) order by cid";
        let rows = sqlx::query(info).bind(&name).bind(schema).fetch_all(&mut *db).await.map_err(sql_error)?;
        let (mut columns, mut key) = (Vec::new(), Vec::new());
        for row in rows {
            let (column, place): (String, i64) =
                (row.try_get(0).map_err(sql_error)?, row.try_get(1).map_err(sql_error)?);
            if place > 0 {
                key.push((place, column.clone()));
            }
            columns.push(column);
        }
        key.sort();
        tables.push(Table { name, columns, key: key.into_iter().map(|(_, column)| column).collect() });
    }
    Ok(tables)
}

/// Makes the file, empty and for its owner alone.
pub(super) fn make_empty(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| file_error(path, error))
}

/// Syncs the finished file and gives it its name.
pub(super) fn publish(part: &Path, path: &Path) -> Result<(), StoreError> {
    let sync = |file: &Path| std::fs::File::open(file).and_then(|file| file.sync_all());
    sync(part).map_err(|error| file_error(path, error))?;
    if path.exists() {
        return Err(StoreError::Backup(format!("{}: there already; name a new file", path.display())));
    }
    std::fs::rename(part, path).map_err(|error| file_error(path, error))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync(folder).map_err(|error| file_error(folder, error))
}

/// Takes the digests of a filled file and writes its manifest.
pub(super) async fn seal(path: &Path, now_ms: i64) -> Result<BackupFile, StoreError> {
    let mut db = writing(path).await?;
    // A database that was a backup file itself, and was served since, has an old manifest.
    let clean = format!("drop table if exists {MANIFEST}");
    sqlx::query(AssertSqlSafe(clean)).execute(&mut db).await.map_err(sql_error)?;
    let version: i64 =
        sqlx::query_scalar("select max(version) from schema_version").fetch_one(&mut db).await.map_err(sql_error)?;
    let tables = digests(&mut db).await?;
    let made = BackupFile { path: path.to_owned(), schema_version: version, made_at: now_ms, tables };
    let make = format!(
        "create table {MANIFEST} (format integer not null, schema_version bigint not null, made_at bigint not null, \
         tables text not null, digest text not null)"
    );
    sqlx::query(AssertSqlSafe(make)).execute(&mut db).await.map_err(sql_error)?;
    let tables = made.tables_json();
    let digest = manifest_digest(version, now_ms, &tables);
    sqlx::query(AssertSqlSafe(format!("insert into {MANIFEST} values (?, ?, ?, ?, ?)")))
        .bind(FORMAT)
        .bind(version)
        .bind(now_ms)
        .bind(tables)
        .bind(digest)
        .execute(&mut db)
        .await
        .map_err(sql_error)?;
    db.close().await.map_err(sql_error)?;
    Ok(made)
}

fn manifest_digest(version: i64, made_at: i64, tables: &str) -> String {
    digest_text(Sha256::digest(format!("{FORMAT}\n{version}\n{made_at}\n{tables}")).as_slice())
}

fn digest_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    hex(bytes, &mut text);
    text
}

async fn digests(db: &mut SqliteConnection) -> Result<Vec<TableDigest>, StoreError> {
    let mut out = Vec::new();
    let named = |name: &str| name.to_owned();
    let columns = vec![named("name"), named("seq")];
    // SQLite's own table of the numbers that were given.
    let numbers = Table { name: named("sqlite_sequence"), columns, key: vec![named("name")] };
    for table in tables(db, "main").await?.into_iter().chain([numbers]) {
        let mut hasher = Sha256::new();
        hasher.update(table.columns.join(","));
        let mut rows = 0;
        let sql = select(&table);
        let mut stream = sqlx::query(AssertSqlSafe(sql)).fetch(&mut *db);
        while let Some(row) = stream.try_next().await.map_err(sql_error)? {
            rows += 1;
            for index in 0..table.columns.len() {
                Value::get(&row, index).map_err(sql_error)?.digest(&mut |bytes| hasher.update(bytes));
            }
        }
        drop(stream);
        let sha256 = digest_text(hasher.finalize().as_slice());
        out.push(TableDigest { name: table.name, rows, sha256 });
    }
    Ok(out)
}

/// Every row, in the order of the primary key: the same on whichever way the data came here.
pub(super) fn select(table: &Table) -> String {
    let order = if table.key.is_empty() { table.column_list() } else { quoted(&table.key) };
    format!("select {} from \"{}\" order by {order}", table.column_list(), table.name)
}

/// Opens and verifies a file; see [`super::read`].
pub(super) async fn read(path: &Path) -> Result<BackupFile, StoreError> {
    let none = |why: &str| StoreError::Backup(format!("{}: {why}", path.display()));
    let head = std::fs::File::open(path).and_then(|mut file| {
        let mut head = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(&mut file, 16), &mut head).map(|_| head)
    });
    if head.map_err(|error| file_error(path, error))? != b"SQLite format 3\0" {
        return Err(none("is no backup of Qiao"));
    }
    // Whatever SQLite says while it reads a file with the right beginning, the file is what is wrong.
    verify(path).await.map_err(|error| match error {
        StoreError::Database(error) => none(&format!("the file is damaged: {error}")),
        other => other,
    })
}

async fn verify(path: &Path) -> Result<BackupFile, StoreError> {
    let none = |why: &str| StoreError::Backup(format!("{}: {why}", path.display()));
    let mut db = reading(path).await?;
    let found = "select count(*) > 0 from sqlite_master where type = 'table' and name = ?";
    let is_ours: bool = sqlx::query_scalar(found).bind(MANIFEST).fetch_one(&mut db).await.map_err(sql_error)?;
    if !is_ours {
        return Err(none("is a database, but no backup of Qiao; make one with: qiao backup FILE"));
    }
    let row = sqlx::query(AssertSqlSafe(format!("select * from {MANIFEST}"))).fetch_one(&mut db).await;
    let row = row.map_err(sql_error)?;
    let (format, version): (i64, i64) =
        (row.try_get("format").map_err(sql_error)?, row.try_get("schema_version").map_err(sql_error)?);
    if format > FORMAT || version > migrations::LATEST {
        let path = path.display().to_string();
        return Err(StoreError::NewerBackup { path, found: version, known: migrations::LATEST });
    }
    let (made_at, text, digest): (i64, String, String) = (
        row.try_get("made_at").map_err(sql_error)?,
        row.try_get("tables").map_err(sql_error)?,
        row.try_get("digest").map_err(sql_error)?,
    );
    if digest != manifest_digest(version, made_at, &text) {
        return Err(none("the file is damaged: its manifest was changed"));
    }
    let tables: Vec<TableDigest> =
        serde_json::from_str(&text).map_err(|error| none(&format!("the file is damaged: {error}")))?;
    let said: Vec<String> = sqlx::query_scalar("pragma integrity_check").fetch_all(&mut db).await.map_err(sql_error)?;
    if said != ["ok"] {
        return Err(none(&format!("the file is damaged: {}", said.join("; "))));
    }
    let sums: Vec<(i64, String)> = sqlx::query_as("select version, checksum from schema_version order by version")
        .fetch_all(&mut db)
        .await
        .map_err(sql_error)?;
    migrations::check_sums(&sums)?;
    let held = digests(&mut db).await?;
    for table in &tables {
        if !held.contains(table) {
            return Err(none(&format!("the file is damaged: table {} is not what was backed up", table.name)));
        }
    }
    if held.len() != tables.len() {
        return Err(none("the file is damaged: it has tables that were not backed up"));
    }
    db.close().await.map_err(sql_error)?;
    Ok(BackupFile { path: path.to_owned(), schema_version: version, made_at, tables })
}

/// A file of an older program is brought up in a copy of its own; none where it is not needed.
pub(super) async fn upgraded(from: &BackupFile, now_ms: i64) -> Result<Option<Copy>, StoreError> {
    if from.schema_version == migrations::LATEST {
        return Ok(None);
    }
    let copy = super::beside(from.path(), "upgrade");
    let copy = Copy(copy);
    make_empty(copy.path())?;
    std::fs::copy(from.path(), copy.path()).map_err(|error| file_error(copy.path(), error))?;
    migrate_to(copy.path(), now_ms, migrations::LATEST).await?;
    Ok(Some(copy))
}

/// A copy that goes away after use.
pub(super) struct Copy(PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Copy {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

/// No journal of its own beside the file: it is not in use, and is thrown away if it does not get finished.
fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Memory)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(false)
        .pragma("cache_size", "-65536")
        .pragma("temp_store", "memory")
}

/// For filling a file that nobody else sees yet.
pub(super) async fn writing(path: &Path) -> Result<SqliteConnection, StoreError> {
    options(path).connect().await.map_err(sql_error)
}

/// For reading a file that may lie where nothing can be written.
pub(super) async fn reading(path: &Path) -> Result<SqliteConnection, StoreError> {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(true)
        .pragma("cache_size", "-65536")
        .connect()
        .await
        .map_err(sql_error)
}

/// The migrated, empty database that a dump from PostgreSQL goes into.
pub(super) async fn migrated(path: &Path, now_ms: i64) -> Result<SqliteConnection, StoreError> {
    migrate_to(path, now_ms, migrations::LATEST).await?;
    writing(path).await
}

async fn migrate_to(path: &Path, now_ms: i64, version: i64) -> Result<(), StoreError> {
    let pool = sqlx::sqlite::SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options(path))
        .await
        .map_err(sql_error)?;
    let db = sea_orm::DatabaseConnection::from(pool);
    migrations::migrate_to(&db, now_ms, version).await?;
    db.close().await?;
    Ok(())
}

fn file_error(path: &Path, error: std::io::Error) -> StoreError {
    StoreError::File { path: path.display().to_string(), error }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{DatabaseUrl, Options, Store};

    /// A backup of the first version is brought up in a copy: the file itself stays as it is.
    #[tokio::test]
    async fn a_backup_of_an_older_program_is_restored() {
        let folder = tempfile::TempDir::new().unwrap();
        let old = folder.path().join("old");
        make_empty(&old).unwrap();
        migrate_to(&old, 0, 1).await.unwrap();
        let mut db = writing(&old).await.unwrap();
        let row = "insert into team (id, name, created_at, updated_at) values (x'00112233445566778899aabbccddeeff', 'East', 0, 0)";
        sqlx::query(row).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
        seal(&old, 1).await.unwrap();
        let before = std::fs::read(&old).unwrap();

        let from = read(&old).await.unwrap();
        assert_eq!(from.schema_version, 1);
        let url = DatabaseUrl::Sqlite(folder.path().join("new.db"));
        let store = Store::open(&url, &Options::create(2)).await.unwrap();
        super::super::restore(&store, &from, 2).await.unwrap();
        assert_eq!(migrations::version(store.pool()).await.unwrap(), Some(migrations::LATEST));
        let names: Vec<String> = sqlx::query_scalar("select name from team")
            .fetch_all(store.pool().sqlx().get_sqlite_connection_pool())
            .await
            .unwrap();
        assert_eq!(names, ["East"]);
        assert_eq!(std::fs::read(&old).unwrap(), before);
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().contains("upgrade")), "{left:?}");
    }
}
