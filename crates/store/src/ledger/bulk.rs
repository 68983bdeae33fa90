//! Reading the whole ledger into books when a server starts: below the ORM and below sqlx, whose worker copies every
//! value and takes a lock for every row. SQLite is read by rusqlite (the same libsqlite3 as sqlx) in two threads,
//! PostgreSQL by COPY; another thread builds the columns meanwhile.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use chrono::{Days, NaiveDate};
use qiao_engine::books::{Books, Credit, FactRow, Id, Loading};
use rustc_hash::FxHashMap;

use super::fields::{Fields, SqliteFields, damaged};
use super::{Position, database};
use crate::reads::{CACHE_KB, open, refused};
use crate::{DatabaseUrl, Store, StoreError};

/// Sequences read and handed over at a time: a few megabytes.
const BATCH: i64 = 8_192;
/// Threads that read a SQLite file; reading and decoding takes about twice as long as building.
const READERS: i64 = 2;
/// Different sets of attributes whose reading is remembered.
const SETS: usize = 4_096;

const COLUMNS: &str = "f.sequence, f.kind, f.date, f.recognized_on, f.account_group, f.opportunity_id, f.contract_id, \
f.product_id, f.product_line, f.region, f.tier, f.customer_kind, f.contract_kind, f.source, f.amount_minor, \
f.amount_excl_tax_minor, f.margin_minor, f.quantity_micro, f.score_micro, f.currency, f.due_date, f.attributes, \
case when f.refers_to is not null then (select o.sequence from fact o where o.id = f.refers_to) end, \
c.person_id, c.role, c.share_ppm from fact f left join credit c on c.fact_id = f.id";

/// Reads the whole ledger as one moment sees it, and answers the position after it.
///
/// # Errors
/// [`StoreError`] where the database refused or a row cannot be read.
pub async fn read_all(store: &Store) -> Result<(Books, Position), StoreError> {
    match store.url() {
        DatabaseUrl::Sqlite(path) => {
            let path = path.clone();
            let read = tokio::task::spawn_blocking(move || sqlite(&path)).await;
            read.map_err(|error| StoreError::Unavailable(format!("reading the ledger: {error}")))?
        }
        DatabaseUrl::Postgres(_) => postgres(store).await,
    }
}

/// Puts rows of the join together to facts.
#[derive(Default)]
struct Facts {
    rows: Vec<FactRow>,
    sets: FxHashMap<String, Vec<(String, String)>>,
}

impl Facts {
    fn add(&mut self, fields: &impl Fields) -> Result<(), StoreError> {
        let sequence = fields.number(0)?.ok_or_else(|| damaged("number", 0))?;
        // A number that the engine cannot hold comes after four thousand million.
        let Ok(sequence) = u32::try_from(sequence) else { return Ok(()) };
        if self.rows.last().is_none_or(|last| last.sequence != sequence) {
            let row = self.fact(sequence, fields)?;
            self.rows.push(row);
        }
        if let (Some(person), Some(last)) = (fields.id(23)?, self.rows.last_mut()) {
            let role = fields.text(24)?.unwrap_or_default().to_owned();
            let share_ppm = fields.number(25)?.and_then(|ppm| u32::try_from(ppm).ok()).unwrap_or(0);
            last.credits.push(Credit { person, role, share_ppm });
        }
        Ok(())
    }

    fn fact(&mut self, sequence: u32, fields: &impl Fields) -> Result<FactRow, StoreError> {
        let text = |at: usize| fields.text(at).map(|text| text.map(str::to_owned));
        Ok(FactRow {
            sequence,
            kind: text(1)?.ok_or_else(|| damaged("kind", 1))?,
            date: fields.date(2)?.ok_or_else(|| damaged("date", 2))?,
            counts_on: fields.date(3)?,
            account_group: fields.id(4)?,
            opportunity: fields.id(5)?,
            contract: fields.id(6)?,
            product: fields.id(7)?,
            product_line: text(8)?,
            region: text(9)?,
            tier: text(10)?,
            customer_kind: text(11)?,
            contract_kind: text(12)?,
            source: text(13)?,
            amount_minor: fields.number(14)?.ok_or_else(|| damaged("number", 14))?,
            amount_excl_tax_minor: fields.number(15)?,
            margin_minor: fields.number(16)?,
            quantity_micro: fields.number(17)?,
            score_micro: fields.number(18)?,
            currency: text(19)?.ok_or_else(|| damaged("currency", 19))?,
            due_date: fields.date(20)?,
            attributes: self.attributes(fields.text(21)?),
            refers_to: fields.number(22)?.and_then(|origin| u32::try_from(origin).ok()),
            credits: Vec::with_capacity(1),
        })
    }

    fn attributes(&mut self, text: Option<&str>) -> Vec<(String, String)> {
        let Some(text) = text else { return Vec::new() };
        if let Some(known) = self.sets.get(text) {
            return known.clone();
        }
        let map: BTreeMap<String, String> = serde_json::from_str(text).unwrap_or_default();
        let set: Vec<_> = map.into_iter().collect();
        if self.sets.len() < SETS {
            self.sets.insert(text.to_owned(), set.clone());
        }
        set
    }

    /// What was read, each fact's credits in the order of their key: shares are rounded in this order.
    fn take(&mut self) -> Vec<FactRow> {
        let mut rows = std::mem::take(&mut self.rows);
        for row in rows.iter_mut().filter(|row| row.credits.len() > 1) {
            row.credits.sort_by(|a, b| (a.person, &a.role).cmp(&(b.person, &b.role)));
        }
        rows
    }
}

// SQLite ---------------------------------------------------------------------------------------------------------------

/// Facts and credits are never changed and sequences are given in the order of the commits, so every reader that begins
/// after the position was taken sees exactly the same facts up to it: no common transaction is needed.
fn sqlite(path: &Path) -> Result<(Books, Position), StoreError> {
    let position = super::sqlite_position(&open(path, CACHE_KB)?)?;
    let last = position.fact;
    let mut loading = Loading::default();
    std::thread::scope(|threads| {
        let mut batches: Vec<Receiver<Result<Vec<FactRow>, StoreError>>> = Vec::new();
        for reader in 0..READERS {
            let (sender, receiver) = sync_channel(1);
            batches.push(receiver);
            threads.spawn(move || {
                if let Err(error) = read_ranges(path, reader * BATCH, last, &sender) {
                    // Who listens stopped for an error of another reader.
                    let _ = sender.send(Err(error));
                }
            });
        }
        // The readers take turns, so do we: facts arrive in the order of their sequence.
        let mut turn = batches.iter().cycle();
        for _ in 0..(last + BATCH - 1) / BATCH {
            let batch = turn.next().and_then(|from| from.recv().ok());
            let ended = || StoreError::Unavailable("a reader of the ledger ended".to_owned());
            loading.push(&batch.ok_or_else(ended)??);
        }
        Ok::<(), StoreError>(())
    })?;
    Ok((loading.finish(), position))
}

fn read_ranges(
    path: &Path,
    first: i64,
    last: i64,
    sender: &SyncSender<Result<Vec<FactRow>, StoreError>>,
) -> Result<(), StoreError> {
    let db = open(path, CACHE_KB)?;
    let sql = format!("select {COLUMNS} where f.sequence > ?1 and f.sequence <= ?2 order by f.sequence");
    let mut statement = db.prepare(&sql).map_err(refused)?;
    let mut facts = Facts::default();
    let mut start = first;
    while start < last {
        let mut rows = statement.query([start, last.min(start + BATCH)]).map_err(refused)?;
        while let Some(row) = rows.next().map_err(refused)? {
            facts.add(&SqliteFields(row))?;
        }
        if sender.send(Ok(facts.take())).is_err() {
            return Ok(());
        }
        start += BATCH * READERS;
    }
    Ok(())
}

// PostgreSQL -----------------------------------------------------------------------------------------------------------

async fn postgres(store: &Store) -> Result<(Books, Position), StoreError> {
    let pool = store.pool().sqlx().get_postgres_connection_pool();
    let mut tx = pool.begin_with("begin isolation level repeatable read read only").await.map_err(database)?;
    let snapshot: String =
        sqlx::query_scalar("select pg_current_snapshot()::text").fetch_one(&mut *tx).await.map_err(database)?;
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<Vec<FactRow>>(2);
    let building = tokio::task::spawn_blocking(move || {
        let mut loading = Loading::default();
        while let Some(rows) = receiver.blocking_recv() {
            loading.push(&rows);
        }
        loading.finish()
    });
    copy(&mut tx, sender).await?;
    tx.commit().await.map_err(database)?;
    let books = building.await.map_err(|error| StoreError::Unavailable(format!("building the books: {error}")))?;
    Ok((books, Position { snapshot: Some(snapshot), ..Position::default() }))
}

async fn copy(tx: &mut sqlx::PgConnection, to: tokio::sync::mpsc::Sender<Vec<FactRow>>) -> Result<(), StoreError> {
    use futures::TryStreamExt;
    let sql = format!("copy (select {COLUMNS} order by f.sequence) to stdout (format binary)");
    let mut stream = tx.copy_out_raw(&sql).await.map_err(database)?;
    let (mut facts, mut tuples) = (Facts::default(), Tuples::default());
    while let Some(portion) = stream.try_next().await.map_err(database)? {
        tuples.bytes.extend_from_slice(&portion);
        while tuples.next()? {
            // A fact whose further credits may follow stays behind.
            if facts.rows.len() > BATCH as usize
                && facts.rows.last().map(|f| i64::from(f.sequence)) != tuples.number(0)?
            {
                let rows = facts.take();
                if to.send(rows).await.is_err() {
                    return Err(StoreError::Unavailable("building the books ended".to_owned()));
                }
            }
            facts.add(&tuples)?;
        }
        tuples.forget();
    }
    let _ = to.send(facts.take()).await;
    Ok(())
}

/// The tuples of a binary COPY: after a header, for each a count of fields and each field's length and bytes.
#[derive(Default)]
struct Tuples {
    bytes: Vec<u8>,
    at: usize,
    begun: bool,
    fields: Vec<Option<(usize, usize)>>,
}

/// Signature, flags, length of the extension (PostgreSQL writes none).
const HEADER: usize = 19;

impl Tuples {
    fn int<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.bytes.get(at..at + N)?.try_into().ok()
    }

    /// Goes to the next tuple that is there as a whole; false where more bytes are needed, or at the end.
    fn next(&mut self) -> Result<bool, StoreError> {
        if !self.begun {
            if self.bytes.len() < HEADER {
                return Ok(false);
            }
            (self.begun, self.at) = (true, HEADER);
        }
        let Some(count) = self.int(self.at).map(i16::from_be_bytes) else { return Ok(false) };
        let Ok(count) = usize::try_from(count) else { return Ok(false) };
        let mut at = self.at + 2;
        self.fields.clear();
        for field in 0..count {
            let Some(length) = self.int(at).map(i32::from_be_bytes) else { return Ok(false) };
            at += 4;
            match usize::try_from(length) {
                Ok(length) if at + length > self.bytes.len() => return Ok(false),
                Ok(length) => {
                    self.fields.push(Some((at, at + length)));
                    at += length;
                }
                Err(_) if length == -1 => self.fields.push(None),
                Err(_) => return Err(damaged("length", field)),
            }
        }
        self.at = at;
        Ok(true)
    }

    /// Drops the bytes that were read.
    fn forget(&mut self) {
        self.bytes.drain(..self.at);
        self.at = 0;
        self.fields.clear();
    }

    fn field(&self, at: usize) -> Option<&[u8]> {
        let (start, end) = self.fields.get(at).copied().flatten()?;
        self.bytes.get(start..end)
    }
}

impl Fields for Tuples {
    fn text(&self, at: usize) -> Result<Option<&str>, StoreError> {
        self.field(at).map(std::str::from_utf8).transpose().map_err(|_| damaged("text", at))
    }

    fn number(&self, at: usize) -> Result<Option<i64>, StoreError> {
        let number = |bytes: &[u8]| bytes.try_into().map(i64::from_be_bytes).map_err(|_| damaged("number", at));
        self.field(at).map(number).transpose()
    }

    fn id(&self, at: usize) -> Result<Option<Id>, StoreError> {
        let id = |bytes: &[u8]| bytes.try_into().map(u128::from_be_bytes).map_err(|_| damaged("id", at));
        self.field(at).map(id).transpose()
    }

    fn date(&self, at: usize) -> Result<Option<NaiveDate>, StoreError> {
        let Some(bytes) = self.field(at) else { return Ok(None) };
        // Days since 2000-01-01.
        let days = bytes.try_into().map(i32::from_be_bytes).map_err(|_| damaged("date", at))?;
        let epoch = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
        let distance = Days::new(u64::from(days.unsigned_abs()));
        let date = if days < 0 { epoch.checked_sub_days(distance) } else { epoch.checked_add_days(distance) };
        date.map(Some).ok_or_else(|| damaged("date", at))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A COPY of two tuples: a text, a null, a number; a date before 2000, an id, an empty text.
    fn copied() -> Vec<u8> {
        let mut bytes = b"PGCOPY\n\xff\r\n\0".to_vec();
        bytes.extend([0; 8]);
        let field = |bytes: &mut Vec<u8>, value: &[u8]| {
            bytes.extend(i32::try_from(value.len()).unwrap().to_be_bytes());
            bytes.extend(value);
        };
        bytes.extend(3_i16.to_be_bytes());
        field(&mut bytes, "华为".as_bytes());
        bytes.extend((-1_i32).to_be_bytes());
        field(&mut bytes, &(-7_i64).to_be_bytes());
        bytes.extend(3_i16.to_be_bytes());
        field(&mut bytes, &(-1_i32).to_be_bytes());
        field(&mut bytes, &9_u128.to_be_bytes());
        field(&mut bytes, b"");
        bytes.extend((-1_i16).to_be_bytes());
        bytes
    }

    #[test]
    fn tuples_are_read_however_the_bytes_arrive() {
        let bytes = copied();
        for portion in [1, 2, 3, 5, 7, 19, 20, bytes.len()] {
            let (mut tuples, mut read) = (Tuples::default(), 0);
            for part in bytes.chunks(portion) {
                tuples.bytes.extend_from_slice(part);
                while tuples.next().unwrap() {
                    read += 1;
                    if read == 1 {
                        assert_eq!(tuples.text(0).unwrap(), Some("华为"));
                        assert_eq!(tuples.number(1).unwrap(), None);
                        assert_eq!(tuples.number(2).unwrap(), Some(-7));
                    } else {
                        assert_eq!(tuples.date(0).unwrap(), NaiveDate::from_ymd_opt(1999, 12, 31));
                        assert_eq!(tuples.id(1).unwrap(), Some(9));
                        assert_eq!(tuples.text(2).unwrap(), Some(""));
                        assert!(tuples.number(1).is_err(), "an id is no number");
                    }
                }
                tuples.forget();
            }
            assert_eq!(read, 2, "portions of {portion}");
        }
    }
}
