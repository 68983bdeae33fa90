//! The audit chain: what was done is written with the change; a job seals the rows in order.
//!
//! Sealing inside the transactions would serialise PostgreSQL, so a row is sealed shortly after its commit. The chain
//! holds salted digests of the payloads, never the payloads: personal data can be erased without breaking it. A row
//! that committed late is sealed late; the order of the chain is the order of sealing.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::entities::{audit, audit_seal};
use crate::{Store, StoreError, Tx, WriteContext, WriteError};

/// Rows sealed in one transaction.
const BATCH: u64 = 500;
/// How far below the newest sealed row an unsealed one is looked for on PostgreSQL: every look reads so many rows. A
/// command may take five seconds; some 1,600 rows a second are written at most.
const LATE_ROWS: i64 = 20_000;

/// A fresh salt for the digests of one audit row. UUIDv4 has 122 random bits of the system's generator.
pub(crate) fn new_salt() -> Vec<u8> {
    Uuid::new_v4().into_bytes().to_vec()
}

/// What is wrong with the chain, one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainReport {
    /// Sealed rows that were looked at.
    pub sealed: u64,
    /// What does not fit, by audit sequence.
    pub broken: Vec<String>,
}

/// Seals every committed audit row that is not sealed yet and answers how many there were.
///
/// # Errors
/// [`StoreError`] where the database refused; what was sealed before stays sealed.
pub async fn seal(store: &Store, now_ms: i64) -> Result<u64, StoreError> {
    let mut total = 0;
    loop {
        let context = WriteContext { actor: crate::Actor::Job("audit-seal"), now_ms, idempotency: None };
        let sealed =
            store.write(&context, (), |tx, ()| Box::pin(seal_batch(tx))).await.map_err(|error| match error {
                WriteError::Refused(error) | WriteError::Store(error) => error,
                WriteError::Replayed(_) => StoreError::Unavailable("a job has no idempotency key".to_owned()),
            })?;
        total += sealed;
        if sealed < BATCH {
            return Ok(total);
        }
    }
}

async fn seal_batch(tx: &mut Tx) -> Result<u64, StoreError> {
    let conn = tx.conn();
    let last = audit_seal::Entity::find().order_by_desc(audit_seal::Column::Position).one(conn).await?;
    let (mut position, mut previous) = last.map_or((0, Vec::new()), |row| (row.position, row.hash));
    let rows = unsealed(conn).await?;
    let mut seals = Vec::with_capacity(rows.len());
    for row in &rows {
        position += 1;
        let (before, after) = digests(row);
        let hash = link(&previous, position, row, before.as_deref(), after.as_deref());
        previous.clone_from(&hash);
        seals.push(audit_seal::ActiveModel {
            position: Set(position),
            audit_sequence: Set(row.sequence),
            before_digest: Set(before),
            after_digest: Set(after),
            hash: Set(hash),
        });
    }
    let count = seals.len() as u64;
    if !seals.is_empty() {
        audit_seal::Entity::insert_many(seals).exec_without_returning(conn).await?;
    }
    Ok(count)
}

/// Rows without a seal. The newest sealed sequence is no bound: a row that committed late may lie below it.
async fn unsealed(conn: &impl ConnectionTrait) -> Result<Vec<audit::Model>, StoreError> {
    let newest = audit_seal::Entity::find()
        .select_only()
        .column_as(audit_seal::Column::AuditSequence.max(), "newest")
        .into_tuple::<Option<i64>>()
        .one(conn)
        .await?
        .flatten()
        .unwrap_or(0);
    // On SQLite rows are committed in their order. On PostgreSQL one may be late, by what others wrote in the seconds
    // that its transaction may take.
    let late = if conn.get_database_backend() == sea_orm::DbBackend::Sqlite { 0 } else { LATE_ROWS };
    let floor = newest.saturating_sub(late);
    let sealed = Expr::exists(
        sea_orm::sea_query::Query::select()
            .expr(Expr::val(1))
            .from(audit_seal::Entity)
            .and_where(
                Expr::col((audit_seal::Entity, audit_seal::Column::AuditSequence))
                    .equals((audit::Entity, audit::Column::Sequence)),
            )
            .to_owned(),
    );
    Ok(audit::Entity::find()
        .filter(audit::Column::Sequence.gt(floor))
        .filter(sealed.not())
        .order_by_asc(audit::Column::Sequence)
        .limit(BATCH)
        .all(conn)
        .await?)
}

/// Reads the whole chain and says where a row was changed, removed or never sealed.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn verify(conn: &impl ConnectionTrait) -> Result<ChainReport, StoreError> {
    let mut report = ChainReport::default();
    let mut previous = Vec::new();
    let mut position = 0;
    loop {
        let seals = audit_seal::Entity::find()
            .filter(audit_seal::Column::Position.gt(position))
            .order_by_asc(audit_seal::Column::Position)
            .limit(BATCH)
            .all(conn)
            .await?;
        if seals.is_empty() {
            break;
        }
        let sequences: Vec<i64> = seals.iter().map(|seal| seal.audit_sequence).collect();
        let rows = audit::Entity::find().filter(audit::Column::Sequence.is_in(sequences)).all(conn).await?;
        for seal in seals {
            position += 1;
            report.sealed += 1;
            let row = rows.iter().find(|row| row.sequence == seal.audit_sequence);
            if let Some(problem) = inspect(&seal, row, position, &previous) {
                report.broken.push(problem);
            }
            position = seal.position;
            previous = seal.hash;
        }
    }
    Ok(report)
}

fn inspect(seal: &audit_seal::Model, row: Option<&audit::Model>, position: i64, previous: &[u8]) -> Option<String> {
    if seal.position != position {
        return Some(format!("audit chain: position {position} is missing"));
    }
    let Some(row) = row else {
        return Some(format!("audit {}: the sealed row is gone", seal.audit_sequence));
    };
    let (before, after) = digests(row);
    // An erased payload leaves its digest in the chain; a payload that is there must match it.
    if before.is_some() && before != seal.before_digest || after.is_some() && after != seal.after_digest {
        return Some(format!("audit {}: the payload was changed", row.sequence));
    }
    let hash = link(previous, position, row, seal.before_digest.as_deref(), seal.after_digest.as_deref());
    (hash != seal.hash).then(|| format!("audit {}: the row or its seal was changed", row.sequence))
}

fn digests(row: &audit::Model) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    let digest = |payload: &Option<String>| {
        payload.as_ref().map(|text| {
            let mut hasher = Sha256::new();
            hasher.update(&row.salt);
            hasher.update(text.as_bytes());
            hasher.finalize().to_vec()
        })
    };
    (digest(&row.before_payload), digest(&row.after_payload))
}

/// The hash of a link: over the previous hash and every column that may not change. Each part carries its length, so
/// that no two different rows give the same bytes. The actor's name is personal data and not part of it; the id is.
fn link(previous: &[u8], position: i64, row: &audit::Model, before: Option<&[u8]>, after: Option<&[u8]>) -> Vec<u8> {
    let mut hasher = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    part(previous);
    part(&position.to_be_bytes());
    part(&row.sequence.to_be_bytes());
    part(&row.at.to_be_bytes());
    part(row.actor_kind.as_bytes());
    part(row.actor_id.as_ref().map_or(&[][..], |id| id.as_bytes().as_slice()));
    part(row.action.as_bytes());
    part(row.record_type.as_bytes());
    part(row.record_id.as_ref().map_or(&[][..], |id| id.as_bytes().as_slice()));
    part(before.unwrap_or_default());
    part(after.unwrap_or_default());
    hasher.finalize().to_vec()
}
