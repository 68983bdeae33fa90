//! Floor 2: the database, SQLite or PostgreSQL, behind one face.
//!
//! What this room promises is written down as tests in `tests/it/conformance.rs`, which run on both databases:
//! a write and its facts, credits, audit and idempotency rows are one transaction; nobody is answered before the
//! outer COMMIT; a transaction that met a database error is never committed; on SQLite one writer groups waiting
//! requests into one transaction with one sync, on PostgreSQL transactions are SERIALIZABLE and re-run on conflict.
//!
//! The room knows no HTTP, no role and no rule of the business. SeaORM is named here and in the `queries.rs` files of
//! `app` only.

pub mod audit;
pub mod backup;
pub mod books;
pub mod check;
mod connect;
pub mod entities;
mod error;
pub mod files;
pub mod jobs;
mod kept;
pub mod ledger;
mod migrations;
pub mod pages;
mod pool;
mod reads;
pub mod scope;
mod touched;
mod url;
mod writer;

pub use connect::{Options, Store};
pub use error::StoreError;
pub use files::Files;
pub use kept::Kept;
pub use migrations::LATEST as SCHEMA_VERSION;
pub use pool::Pool;
pub use touched::Touches;
pub use url::DatabaseUrl;
pub use writer::{
    Actor, AuditEntry, Change, DefinitionKind, IdempotencyKey, NewFact, NewJob, Record, Replayed, Saved, Tx, TxConn,
    WriteContext, WriteError,
};

/// The ORM, for the `queries.rs` files of the capabilities.
pub use sea_orm;
