//! Writing on SQLite: one writer. Requests that wait are savepoints of one transaction and share one sync.
//!
//! Nobody is answered before the outer COMMIT. An error of beginning, releasing or undoing a savepoint ends the whole
//! batch: SQLite may have rolled the outer transaction back on its own (a full disk does), and a later savepoint would
//! then be durable by itself. The connection is discarded and every request of the batch is told to send again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use sea_orm::{DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::sync::{mpsc, oneshot};

use super::checkpoint::Checkpoints;
use super::tx::replay;
use super::{Command, Ran, Replayed, Tx, WriteContext, WriteError, run};
use crate::StoreError;
use crate::connect::SqliteFile;

/// Requests that may wait for the writer; more are told to come back.
const QUEUE: usize = 1_024;
/// Requests that share one transaction at most.
const BATCH: usize = 64;

/// The queue in front of the one connection that writes.
#[derive(Clone, Debug)]
pub(crate) struct SqliteWriter {
    queue: mpsc::Sender<Box<dyn Job>>,
}

/// A request in the queue, its types hidden.
trait Job: Send {
    /// Runs in a savepoint; true where the savepoint is to be kept.
    fn run(&mut self, tx: Tx) -> BoxFuture<'_, (DatabaseTransaction, bool)>;
    /// After a savepoint was undone: what was answered under the request's key before, if anything was.
    fn replay<'a>(&'a mut self, outer: &'a DatabaseTransaction) -> BoxFuture<'a, ()>;
    fn context(&self) -> WriteContext;
    /// Answers the requester, after the outer COMMIT.
    fn answer(self: Box<Self>);
    /// Answers the requester that nothing was written.
    fn unavailable(self: Box<Self>, why: &str);
}

struct Request<I, T, E> {
    context: WriteContext,
    input: Arc<I>,
    command: Command<I, T, E>,
    deadline: Duration,
    statements: Arc<AtomicU64>,
    outcome: Option<Ran<T, E>>,
    before: Result<Option<Replayed>, StoreError>,
    reply: oneshot::Sender<Result<T, WriteError<E>>>,
}

impl<I, T, E> Job for Request<I, T, E>
where
    I: Send + Sync,
    T: Send,
    E: Send,
{
    fn run(&mut self, mut tx: Tx) -> BoxFuture<'_, (DatabaseTransaction, bool)> {
        Box::pin(async move {
            let ran = run(&mut tx, &*self.input, self.command, self.deadline).await;
            self.statements.fetch_add(u64::from(tx.statements()), Ordering::Relaxed);
            let keep = matches!(ran, Ran::Done(_));
            self.outcome = Some(ran);
            (tx.into_inner(), keep)
        })
    }

    fn replay<'a>(&'a mut self, outer: &'a DatabaseTransaction) -> BoxFuture<'a, ()> {
        Box::pin(async move { self.before = replay(outer, &self.context).await })
    }

    fn context(&self) -> WriteContext {
        self.context.clone()
    }

    fn answer(self: Box<Self>) {
        let early = || Err(WriteError::Store(StoreError::Unavailable("the batch ended early".to_owned())));
        let result = match self.outcome {
            Some(ran) => ran.answer(self.before),
            None => early(),
        };
        // A requester that went away does not need its answer; the write stands.
        let _ = self.reply.send(result);
    }

    fn unavailable(self: Box<Self>, why: &str) {
        let _ = self.reply.send(Err(WriteError::Store(StoreError::Unavailable(why.to_owned()))));
    }
}

impl SqliteWriter {
    /// Starts the writer of a file. It ends when the last handle is dropped.
    pub(crate) async fn start(file: SqliteFile) -> Result<Self, StoreError> {
        let connection = file.writer_connection().await?;
        let (queue, requests) = mpsc::channel(QUEUE);
        let checkpoints = Checkpoints::start(file.path().to_owned());
        tokio::spawn(serve(file, Some(connection), requests, checkpoints));
        Ok(Self { queue })
    }

    pub(super) async fn write<I, T, E>(
        &self,
        context: WriteContext,
        input: Arc<I>,
        command: Command<I, T, E>,
        deadline: Duration,
        statements: Arc<AtomicU64>,
    ) -> Result<T, WriteError<E>>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let (outcome, before) = (None, Ok(None));
        let request = Request { context, input, command, deadline, statements, outcome, before, reply };
        let unavailable = |why: &str| WriteError::Store(StoreError::Unavailable(why.to_owned()));
        self.queue.try_send(Box::new(request)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => unavailable("too many writes wait"),
            mpsc::error::TrySendError::Closed(_) => unavailable("the writer has stopped"),
        })?;
        answer.await.unwrap_or_else(|_| Err(unavailable("the writer has stopped")))
    }
}

async fn serve(
    file: SqliteFile,
    mut connection: Option<DatabaseConnection>,
    mut requests: mpsc::Receiver<Box<dyn Job>>,
    checkpoints: Checkpoints,
) {
    while let Some(first) = requests.recv().await {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match requests.try_recv() {
                Ok(next) => batch.push(next),
                Err(_) => break,
            }
        }
        let Some(db) = connection.as_ref() else {
            connection = reopen(&file, batch).await;
            continue;
        };
        if let Err((jobs, why)) = run_batch(db, batch).await {
            tracing::warn!(%why, "write batch ended");
            for job in jobs {
                job.unavailable(&why);
            }
            if let Some(broken) = connection.take() {
                let _ = broken.close().await;
            }
            connection = file.writer_connection().await.ok();
        }
        checkpoints.committed();
    }
}

/// After a connection was lost and could not be opened again: tries once more for the requests that wait.
async fn reopen(file: &SqliteFile, batch: Vec<Box<dyn Job>>) -> Option<DatabaseConnection> {
    match file.writer_connection().await {
        Ok(db) => {
            if let Err((jobs, why)) = run_batch(&db, batch).await {
                for job in jobs {
                    job.unavailable(&why);
                }
                return None;
            }
            Some(db)
        }
        Err(error) => {
            let why = error.to_string();
            for job in batch {
                job.unavailable(&why);
            }
            None
        }
    }
}

type Broken = (Vec<Box<dyn Job>>, String);

async fn run_batch(db: &DatabaseConnection, mut batch: Vec<Box<dyn Job>>) -> Result<(), Broken> {
    let began = Instant::now();
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    let outer = match db.begin_with_options(options).await {
        Ok(outer) => outer,
        Err(error) => return Err((batch, error.to_string())),
    };
    for job in &mut batch {
        if let Err(error) = in_savepoint(&outer, job.as_mut()).await {
            let why = error.to_string();
            let _ = outer.rollback().await;
            return Err((batch, why));
        }
    }
    let ran = began.elapsed();
    if let Err(error) = outer.commit().await {
        return Err((batch, error.to_string()));
    }
    let (ran_us, commit_us) = (ran.as_micros(), began.elapsed().saturating_sub(ran).as_micros());
    tracing::debug!(requests = batch.len(), ran_us, commit_us, "batch");
    for job in batch {
        job.answer();
    }
    Ok(())
}

async fn in_savepoint(outer: &DatabaseTransaction, job: &mut dyn Job) -> Result<(), sea_orm::DbErr> {
    let savepoint = outer.begin().await?;
    let (savepoint, keep) = job.run(Tx::new(savepoint, job.context())).await;
    if keep {
        return savepoint.commit().await;
    }
    savepoint.rollback().await?;
    job.replay(outer).await;
    Ok(())
}
