//! What every handler reaches: the store, the books, the configuration, the clock.

use std::path::PathBuf;
use std::sync::Arc;

use qiao_engine::Snapshot;
use qiao_engine::definitions::Definitions;
use qiao_store::books::{Follower, View};
use qiao_store::{Files, Kept, Store};
use uuid::Uuid;

use crate::access::{self, Known};
use crate::context::Context;
use crate::desk::Counted;
use crate::error::AppError;
use crate::events::Pulse;
use crate::facts::{self, Names};
use crate::http::limits::{Limits, REQUESTS_PER_SECOND};
use crate::http::meter::Meter;
use crate::search::Search;

/// The present moment, ms since 1970 UTC. Tests put a fixed one in its place.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Names of customers kept at most.
const ACCOUNTS: usize = 20_000;

/// How a server is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address under which people reach the server, if it is not that of the request.
    pub public_url: Option<String>,
    /// Requests a second that one address may send.
    pub requests_per_second: u32,
    /// The data folder; beside the SQLite file, or `qiao-data`, where none is named.
    pub data: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self { public_url: None, requests_per_second: REQUESTS_PER_SECOND, data: None }
    }
}

impl Config {
    /// True where people reach the server over https: cookies are then Secure and HSTS is sent.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// The state of the server; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    books: Follower,
    files: Files,
    config: Config,
    clock: Clock,
    pulse: Pulse,
    limits: Limits,
    meter: Meter,
    known: Known,
    names: Names,
    account_names: Kept<Uuid, String>,
    search: Search,
    rates: Counted,
}

impl AppState {
    /// Puts a server's state together.
    #[must_use]
    pub fn new(store: Store, books: Follower, config: Config, clock: Clock) -> Self {
        let limits = Limits::new(config.requests_per_second);
        let (pulse, meter) = (Pulse::default(), Meter::default());
        let (known, names) = (Known::new(access::KEPT), Names::new(facts::KEPT));
        let account_names = Kept::new(ACCOUNTS);
        let files = Files::of(store.url(), config.data.as_deref());
        let search = Search::default();
        let rates = Counted::default();
        let inner = Inner {
            store,
            books,
            files,
            config,
            clock,
            pulse,
            limits,
            meter,
            known,
            names,
            account_names,
            search,
            rates,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The files that people attached.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.inner.files
    }

    /// The image of the ledger.
    #[must_use]
    pub fn books(&self) -> &Follower {
        &self.inner.books
    }

    /// What a request reads, everything in it that was committed before the request came: the view with which its asker
    /// was identified. A command that goes on for long looks anew.
    ///
    /// # Errors
    /// [`AppError::Store`] where the database refused.
    pub async fn view(&self, context: &Context) -> Result<View, AppError> {
        match &context.view {
            Some(view) => Ok(view.clone()),
            None => Ok(self.inner.books.view().await?),
        }
    }

    /// Facts and definitions of [`AppState::view`].
    ///
    /// # Errors
    /// [`AppError::Store`] where the database refused.
    pub async fn snapshot(&self, context: &Context) -> Result<Arc<Snapshot>, AppError> {
        Ok(self.view(context).await?.snapshot)
    }

    /// The definitions of [`AppState::view`].
    ///
    /// # Errors
    /// [`AppError::Store`] where the database refused.
    pub async fn definitions(&self, context: &Context) -> Result<Arc<Definitions>, AppError> {
        Ok(Arc::clone(&self.view(context).await?.snapshot.definitions))
    }

    /// Who showed a credential before.
    #[must_use]
    pub fn known(&self) -> &Known {
        &self.inner.known
    }

    /// Facts that were named before.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.inner.names
    }

    /// Customers that were named before, under the number of [`View::names`].
    #[must_use]
    pub fn account_names(&self) -> &Kept<Uuid, String> {
        &self.inner.account_names
    }

    /// The index of names and numbers.
    #[must_use]
    pub fn search(&self) -> &Search {
        &self.inner.search
    }

    /// How often deals are won from each stage, as it was counted before.
    #[must_use]
    pub fn rates(&self) -> &Counted {
        &self.inner.rates
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// How many requests one address may send.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// The counters of this process.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        &self.inner.meter
    }

    /// What keeps the books fresh while somebody listens.
    #[must_use]
    pub fn pulse(&self) -> &Pulse {
        &self.inner.pulse
    }

    /// The present moment, ms since 1970 UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        (self.inner.clock)()
    }
}
