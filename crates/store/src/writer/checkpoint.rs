//! Folding the write-ahead log of SQLite into its file beside the writer, so that no request waits for it: SQLite itself
//! would do it inside the commit that fills a thousand pages, with a sync of the whole file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How long after a commit the log is folded: what is written again and again meanwhile is folded once.
const AFTER: Duration = Duration::from_millis(500);
/// Pages of the log (4 kB each) from which the writer folds what is left inside a commit, so that the log ends at some
/// point while others read it all the time.
pub(crate) const MOST_PAGES: &str = "16384";

/// A task that folds the log after commits; it ends with this handle.
pub(super) struct Checkpoints {
    written: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Checkpoints {
    pub(super) fn start(path: PathBuf) -> Self {
        let written = Arc::new(Notify::new());
        let task = tokio::spawn(follow(path, Arc::clone(&written)));
        Self { written, task }
    }

    /// Says that something was committed.
    pub(super) fn committed(&self) {
        self.written.notify_one();
    }
}

async fn follow(path: PathBuf, written: Arc<Notify>) {
    loop {
        written.notified().await;
        tokio::time::sleep(AFTER).await;
        let path = path.clone();
        match tokio::task::spawn_blocking(move || fold(&path)).await {
            Ok(Ok(())) => {}
            // What was acknowledged is in the log; the next commit tries again.
            Ok(Err(error)) => tracing::warn!(%error, "the write-ahead log was not folded"),
            Err(error) => tracing::warn!(%error, "the write-ahead log was not folded"),
        }
    }
}

/// Folds what no reader still needs in the log, waiting for nobody.
fn fold(path: &Path) -> rusqlite::Result<()> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()))
}
