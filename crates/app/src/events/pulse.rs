//! One task for all listeners keeps the books fresh while there are any: woken at once by a commit of this process, and
//! by the clock for what other processes and nodes wrote.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::state::AppState;

/// How often the ledger is looked at for what other processes and nodes wrote, while somebody listens.
const LOOK: Duration = Duration::from_millis(500);

/// Counts the listeners and runs the task while there are any.
#[derive(Clone, Debug, Default)]
pub struct Pulse {
    inner: Arc<Mutex<Beat>>,
}

#[derive(Debug, Default)]
struct Beat {
    listeners: usize,
    running: bool,
}

/// A listener; leaves when it is dropped.
#[derive(Debug)]
pub struct Listener {
    pulse: Pulse,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut beat = self.pulse.lock();
        beat.listeners = beat.listeners.saturating_sub(1);
    }
}

impl Pulse {
    fn lock(&self) -> std::sync::MutexGuard<'_, Beat> {
        // Two numbers: a panic elsewhere leaves them right.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a listener; the first one starts the task.
    #[must_use]
    pub fn join(&self, state: &AppState) -> Listener {
        let mut beat = self.lock();
        beat.listeners += 1;
        if !beat.running {
            beat.running = true;
            tokio::spawn(run(self.clone(), state.clone()));
        }
        Listener { pulse: self.clone() }
    }

    /// True where the task must go on; where nobody listens any more it is marked as ended.
    fn goes_on(&self) -> bool {
        let mut beat = self.lock();
        beat.running = beat.listeners > 0;
        beat.running
    }
}

async fn run(pulse: Pulse, state: AppState) {
    let mut commits = state.store().commits();
    while pulse.goes_on() {
        // What it finds comes to the listeners through the channel of the books. Where the database refuses, the next
        // beat tries again; a request says so to who asks.
        let _ = state.books().snapshot().await;
        tokio::select! {
            committed = commits.changed() => {
                if committed.is_err() {
                    tokio::time::sleep(LOOK).await;
                }
            }
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}
