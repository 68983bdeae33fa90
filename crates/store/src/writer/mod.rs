//! Writing: one face for both databases, the promises of a write kept in one place.
//!
//! `store.write(context, input, |tx, input| Box::pin(async move { ... }))` runs a command in a transaction. The command
//! is a function without captured state, so that it can be run again when PostgreSQL asks for it; what it needs is in
//! `input`. It reads and writes through [`Tx::conn`] and hands facts, audit entries and jobs to the `Tx`, which writes
//! them with one statement per table just before the end.

pub(crate) mod checkpoint;
mod postgres;
mod records;
mod sqlite;
mod tx;

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use uuid::Uuid;

pub use records::{Change, Record, Saved};
pub(crate) use sqlite::SqliteWriter;
pub(crate) use tx::INBOX;
pub use tx::{AuditEntry, DefinitionKind, NewFact, NewJob, Tx, TxConn};

use crate::connect::Writer;
use crate::{Store, StoreError};

/// Who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in user or the owner of a token.
    User {
        /// The user's id.
        id: Uuid,
        /// The user's name as it stands in the audit log.
        name: String,
    },
    /// The operator of the machine: local commands.
    Operator,
    /// A job of the system, by its name.
    Job(&'static str),
}

impl Actor {
    /// The user's id; none for the operator and for jobs.
    #[must_use]
    pub fn user_id(&self) -> Option<Uuid> {
        match self {
            Self::User { id, .. } => Some(*id),
            Self::Operator | Self::Job(_) => None,
        }
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::User { .. } => "user",
            Self::Operator => "operator",
            Self::Job(_) => "job",
        }
    }

    /// What the audit log calls who writes.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::User { name, .. } => name,
            Self::Operator => "operator",
            Self::Job(name) => name,
        }
    }
}

/// What a client sent so that a request repeated after a lost answer is not done twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose key it is: two users may use the same text.
    pub user_id: Uuid,
    /// The client's key.
    pub key: String,
    /// SHA-256 over method, path and body: the same key with another request is refused.
    pub request_digest: Vec<u8>,
}

/// Who writes, when, and under which idempotency key.
#[derive(Clone, Debug)]
pub struct WriteContext {
    /// Who writes.
    pub actor: Actor,
    /// The moment of the request, milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// The client's key, if it sent one.
    pub idempotency: Option<IdempotencyKey>,
}

impl WriteContext {
    /// The context of a local command at a moment.
    #[must_use]
    pub fn operator(now_ms: i64) -> Self {
        Self { actor: Actor::Operator, now_ms, idempotency: None }
    }
}

/// The answer that was given to the first request with an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// The status then.
    pub status: u16,
    /// The body then.
    pub body: String,
}

/// Why a write did not answer with its own result.
#[derive(Debug)]
pub enum WriteError<E> {
    /// The command said no; nothing was written.
    Refused(E),
    /// The store said no; nothing was written.
    Store(StoreError),
    /// The request was done before under the same key; nothing was written again.
    Replayed(Replayed),
}

/// A command: re-runnable, without state of its own.
pub(crate) type Command<I, T, E> = for<'a> fn(&'a mut Tx, &'a I) -> BoxFuture<'a, Result<T, E>>;

/// How a command ended inside its transaction, before the commit.
pub(crate) enum Ran<T, E> {
    Done(T),
    Refused(E),
    Failed(StoreError),
    Duplicate,
}

impl<T, E> Ran<T, E> {
    /// What the requester is told. A request that was not done because it was done before, whatever it stumbled over the
    /// second time, is answered as the first time.
    fn answer(self, before: Result<Option<Replayed>, StoreError>) -> Result<T, WriteError<E>> {
        match (self, before) {
            (Self::Done(value), _) => Ok(value),
            (_, Ok(Some(answer))) => Err(WriteError::Replayed(answer)),
            (_, Err(error)) => Err(WriteError::Store(error)),
            (Self::Refused(error), Ok(None)) => Err(WriteError::Refused(error)),
            (Self::Failed(error), Ok(None)) => Err(WriteError::Store(error)),
            (Self::Duplicate, Ok(None)) => {
                let why = "the first request with this key has not ended".to_owned();
                Err(WriteError::Store(StoreError::Unavailable(why)))
            }
        }
    }
}

/// Runs a command and flushes what it buffered. Whatever error the database reported first wins: a command that
/// swallowed it must not be committed.
pub(crate) async fn run<I, T, E>(tx: &mut Tx, input: &I, command: Command<I, T, E>, deadline: Duration) -> Ran<T, E> {
    let outcome = tokio::time::timeout(deadline, async {
        let result = command(tx, input).await;
        if let Some(error) = tx.take_error() {
            return Ran::Failed(StoreError::Database(error));
        }
        let value = match result {
            Ok(value) => value,
            Err(error) => return Ran::Refused(error),
        };
        match tx.flush().await {
            Ok(true) => {
                tracing::debug!(actor = tx.actor().kind(), statements = tx.statements(), "written");
                Ran::Done(value)
            }
            Ok(false) => Ran::Duplicate,
            Err(error) => Ran::Failed(error),
        }
    })
    .await;
    outcome.unwrap_or_else(|_| {
        let limit = u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX);
        Ran::Failed(StoreError::TooSlow(limit))
    })
}

impl Store {
    /// Runs a command in a transaction and answers after the transaction is durable.
    ///
    /// # Errors
    /// [`WriteError::Refused`] with the command's own error, [`WriteError::Store`] when the database refused or the
    /// write must be sent again, [`WriteError::Replayed`] for a request that was done before. Nothing is written then.
    pub async fn write<I, T, E>(
        &self,
        context: &WriteContext,
        input: I,
        command: Command<I, T, E>,
    ) -> Result<T, WriteError<E>>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        let result = match self.writer() {
            Writer::Sqlite(writer) => {
                let (deadline, counter) = (self.deadline(), self.statement_counter());
                writer.write(context.clone(), Arc::new(input), command, deadline, counter).await
            }
            Writer::Postgres(writers) => postgres::write(self, writers, context, &input, command).await,
        };
        if result.is_ok() {
            self.announce_commit();
        }
        result
    }
}
