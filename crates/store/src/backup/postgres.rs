//! The PostgreSQL side: table by table through COPY, in one snapshot out and one transaction in.

use std::path::Path;

use futures::TryStreamExt;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Connection, SqliteConnection};

use super::file::{self, Table};
use super::value::{Kind, Value};
use super::{RestoredLine, not_empty, sql_error};
use crate::{Store, StoreError};

/// Variables of one SQLite statement; SQLite takes 32,766.
const VARIABLES: usize = 16_000;
/// Bytes handed to COPY at a time.
const PORTION: usize = 64 * 1024;

/// Copies the database, as one snapshot sees it, into an empty file.
pub(super) async fn dump(store: &Store, part: &Path, now_ms: i64) -> Result<(), StoreError> {
    let mut to = file::migrated(part, now_ms).await?;
    let tables = file::tables(&mut to, "main").await?;
    let mut out = to.begin().await.map_err(sql_error)?;
    let pool = store.pool().sqlx().get_postgres_connection_pool();
    let snapshot = "begin isolation level repeatable read read only";
    let mut tx = pool.begin_with(snapshot).await.map_err(sql_error)?;
    plain_dates(&mut tx).await?;
    for table in &tables {
        let kinds = kinds(&mut tx, table).await?;
        dump_table(&mut tx, &mut out, table, &kinds).await?;
        if let Some(last) = last_number(&mut tx, table).await? {
            for sql in ["delete from sqlite_sequence where name = ?1", "insert into sqlite_sequence values (?1, ?2)"] {
                sqlx::query(sql).bind(&table.name).bind(last).execute(&mut *out).await.map_err(sql_error)?;
            }
        }
    }
    tx.commit().await.map_err(sql_error)?;
    out.commit().await.map_err(sql_error)?;
    to.close().await.map_err(sql_error)
}

async fn plain_dates(tx: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query("set local datestyle to 'ISO, YMD'").execute(tx).await.map(drop).map_err(sql_error)
}

/// What the columns of a table hold, in the order of the file's columns.
async fn kinds(tx: &mut PgConnection, table: &Table) -> Result<Vec<Kind>, StoreError> {
    let sql = "select a.attname::text, t.typname::text from pg_attribute a join pg_type t on t.oid = a.atttypid \
               where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped";
    let types: Vec<(String, String)> = sqlx::query_as(sql).bind(&table.name).fetch_all(tx).await.map_err(sql_error)?;
    let kind = |column: &String| {
        let found = types.iter().find(|(name, _)| name == column).and_then(|(_, held)| Kind::of(held));
        found.ok_or_else(|| StoreError::Backup(format!("the database has no column {column} in {}", table.name)))
    };
    table.columns.iter().map(kind).collect()
}

async fn dump_table(
    tx: &mut PgConnection,
    out: &mut SqliteConnection,
    table: &Table,
    kinds: &[Kind],
) -> Result<(), StoreError> {
    let per_statement = (VARIABLES / kinds.len().max(1)).max(1);
    let sql = format!("copy (select {} from \"{}\") to stdout", table.column_list(), table.name);
    let mut stream = tx.copy_out_raw(&sql).await.map_err(sql_error)?;
    let (mut bytes, mut rows): (Vec<u8>, Vec<Vec<Value>>) = (Vec::new(), Vec::new());
    while let Some(portion) = stream.try_next().await.map_err(sql_error)? {
        bytes.extend_from_slice(&portion);
        // A line feed inside a value is written as two characters: a bare one ends the row.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        for line in bytes.drain(..whole).as_slice().split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            rows.push(row(line, kinds).ok_or_else(|| unreadable(table))?);
        }
        while rows.len() >= per_statement {
            let rest = rows.split_off(per_statement);
            insert(out, table, std::mem::replace(&mut rows, rest)).await?;
        }
    }
    if !rows.is_empty() {
        insert(out, table, rows).await?;
    }
    Ok(())
}

fn unreadable(table: &Table) -> StoreError {
    StoreError::Backup(format!("a row of {} cannot be written as the schema says; run: qiao check", table.name))
}

fn row(line: &[u8], kinds: &[Kind]) -> Option<Vec<Value>> {
    let fields: Vec<&[u8]> = line.split(|byte| *byte == b'\t').collect();
    if fields.len() != kinds.len() {
        return None;
    }
    fields.into_iter().zip(kinds).map(|(field, kind)| Value::from_copy(field, *kind)).collect()
}

async fn insert(out: &mut SqliteConnection, table: &Table, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    let one = format!("({})", vec!["?"; table.columns.len()].join(", "));
    let values = vec![one; rows.len()].join(", ");
    let sql = format!("insert into \"{}\" ({}) values {values}", table.name, table.column_list());
    let mut arguments = SqliteArguments::default();
    for value in rows.into_iter().flatten() {
        let added = match value {
            Value::Null => arguments.add(None::<i64>),
            Value::Int(number) => arguments.add(number),
            Value::Text(text) => arguments.add(text),
            Value::Blob(bytes) => arguments.add(bytes),
        };
        added.map_err(|error| sql_error(sqlx::Error::Encode(error)))?;
    }
    sqlx::query_with(AssertSqlSafe(sql), arguments).execute(out).await.map(drop).map_err(sql_error)
}

/// The column that numbers the rows of a table, with the name of its sequence; none where nothing does.
async fn numbering(tx: &mut PgConnection, table: &Table) -> Result<Option<(String, String)>, StoreError> {
    let sql = "select attname::text, pg_get_serial_sequence($1, attname::text) from pg_attribute \
               where attrelid = to_regclass($1) and attidentity <> '' and not attisdropped";
    sqlx::query_as(sql).bind(&table.name).fetch_optional(tx).await.map_err(sql_error)
}

async fn last_number(tx: &mut PgConnection, table: &Table) -> Result<Option<i64>, StoreError> {
    let Some((_, sequence)) = numbering(tx, table).await? else { return Ok(None) };
    let sql = format!("select last_value from {sequence} where is_called");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_optional(tx).await.map_err(sql_error)
}

/// Fills the database from the file in one transaction.
pub(super) async fn load(store: &Store, source: &Path, line: &RestoredLine) -> Result<(), StoreError> {
    let mut from = file::reading(source).await?;
    let tables = file::tables(&mut from, "main").await?;
    let mut tx = store.pool().sqlx().get_postgres_connection_pool().begin().await.map_err(sql_error)?;
    // References are looked at when the transaction ends: a team may stand before the one it belongs to.
    sqlx::query("set constraints all deferred").execute(&mut *tx).await.map_err(sql_error)?;
    plain_dates(&mut tx).await?;
    refuse_full(&mut tx, &tables).await?;
    for table in &tables {
        let kinds = kinds(&mut tx, table).await?;
        load_table(&mut from, &mut tx, table, &kinds).await?;
        number_on(&mut from, &mut tx, table).await?;
    }
    let audit = "insert into audit (at, actor_kind, actor_name, action, record_type, salt, after_payload) \
                 values ($1, 'operator', 'operator', 'restored', 'database', $2, $3)";
    let query = sqlx::query(audit).bind(line.at).bind(&line.salt).bind(&line.after);
    query.execute(&mut *tx).await.map_err(sql_error)?;
    tx.commit().await.map_err(sql_error)?;
    // Without figures about the tables the first queries would be planned as if they were empty; what every reader would
    // mark as seen by all is marked at once, and not by a background job beside the first users.
    let names: Vec<String> = tables.iter().map(|table| format!("\"{}\"", table.name)).collect();
    let vacuum = AssertSqlSafe(format!("vacuum (analyze) {}", names.join(", ")));
    sqlx::query(vacuum).execute(store.pool().sqlx().get_postgres_connection_pool()).await.map_err(sql_error)?;
    from.close().await.map_err(sql_error)
}

/// Nobody else may fill the database meanwhile.
async fn refuse_full(tx: &mut PgConnection, tables: &[Table]) -> Result<(), StoreError> {
    let names = tables.iter().map(|table| format!("\"{}\"", table.name)).collect::<Vec<_>>().join(", ");
    let lock = format!("lock table {names} in exclusive mode");
    sqlx::query(AssertSqlSafe(lock)).execute(&mut *tx).await.map_err(sql_error)?;
    for table in tables {
        let any = format!("select exists (select 1 from \"{}\")", table.name);
        if sqlx::query_scalar(AssertSqlSafe(any)).fetch_one(&mut *tx).await.map_err(sql_error)? {
            return Err(not_empty(&table.name));
        }
    }
    Ok(())
}

async fn load_table(
    from: &mut SqliteConnection,
    tx: &mut PgConnection,
    table: &Table,
    kinds: &[Kind],
) -> Result<(), StoreError> {
    let copy = format!("copy \"{}\" ({}) from stdin", table.name, table.column_list());
    let mut sink = tx.copy_in_raw(&copy).await.map_err(sql_error)?;
    match send(from, &mut sink, table, kinds).await {
        Ok(()) => sink.finish().await.map(drop).map_err(sql_error),
        Err(error) => {
            // The reason is known; that the server says it as well changes nothing.
            let _ = sink.abort("a row cannot be read").await;
            Err(error)
        }
    }
}

async fn send(
    from: &mut SqliteConnection,
    sink: &mut sqlx::postgres::PgCopyIn<&mut PgConnection>,
    table: &Table,
    kinds: &[Kind],
) -> Result<(), StoreError> {
    let mut text = String::with_capacity(PORTION * 2);
    let mut stream = sqlx::query(AssertSqlSafe(file::select(table))).fetch(from);
    while let Some(row) = stream.try_next().await.map_err(sql_error)? {
        for (index, kind) in kinds.iter().enumerate() {
            if index > 0 {
                text.push('\t');
            }
            if !Value::get(&row, index).map_err(sql_error)?.to_copy(*kind, &mut text) {
                return Err(unreadable(table));
            }
        }
        text.push('\n');
        if text.len() >= PORTION {
            sink.send(text.as_bytes()).await.map_err(sql_error)?;
            text.clear();
        }
    }
    if !text.is_empty() {
        sink.send(text.as_bytes()).await.map_err(sql_error)?;
    }
    Ok(())
}

/// Numbers go on behind those that were given before, also where the rows are gone (jobs that were done).
async fn number_on(from: &mut SqliteConnection, tx: &mut PgConnection, table: &Table) -> Result<(), StoreError> {
    let Some((_, sequence)) = numbering(tx, table).await? else { return Ok(()) };
    let given = sqlx::query_scalar("select seq from sqlite_sequence where name = ?").bind(&table.name);
    let given: Option<i64> = given.fetch_optional(from).await.map_err(sql_error)?;
    if let Some(last) = given.filter(|last| *last > 0) {
        let set = sqlx::query("select setval($1::regclass, $2)").bind(sequence).bind(last);
        set.execute(tx).await.map_err(sql_error)?;
    }
    Ok(())
}
