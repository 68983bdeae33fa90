//! Following the ledger: the engine's books, fresh for every read.
//!
//! A read joins a refresh that began after the read arrived, so everybody sees what was committed before they asked, on
//! every node; concurrent reads share one refresh. Facts and definitions of a snapshot are read in the same order as
//! they were committed: new facts first, then changed definitions, both up to one position.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use qiao_engine::Snapshot;
use qiao_engine::books::{Credit, FactRow};
use qiao_engine::definitions::Definitions;
use tokio::sync::{Mutex, RwLock, broadcast};
use uuid::Uuid;

use crate::ledger::{LedgerFact, Position, read_all, read_since};
use crate::writer::INBOX;
use crate::{DefinitionKind, Store, StoreError};

mod catalog;
mod definitions;

pub use catalog::Catalog;
pub use definitions::load as load_definitions;

/// What a refresh brought, for those who push it to browsers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// People credited with new facts.
    pub people: Vec<Uuid>,
    /// Kinds of the new facts.
    pub kinds: Vec<String>,
    /// True where definitions changed.
    pub definitions: bool,
    /// Users whose inbox changed.
    pub inboxes: Vec<Uuid>,
}

impl Change {
    /// Both changes as one; nobody and nothing stands in it twice.
    pub fn and(&mut self, more: Self) {
        fn join<T: Ord>(all: &mut Vec<T>, more: Vec<T>) {
            all.extend(more);
            all.sort_unstable();
            all.dedup();
        }
        join(&mut self.people, more.people);
        join(&mut self.kinds, more.kinds);
        join(&mut self.inboxes, more.inboxes);
        self.definitions |= more.definitions;
    }
}

/// Follows one ledger.
#[derive(Clone)]
pub struct Follower {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    current: RwLock<View>,
    state: Mutex<State>,
    /// How many refreshes began; a reader waits for one with a higher number than the last that began before it came.
    begun: AtomicU64,
    changes: broadcast::Sender<Change>,
}

/// What one request reads.
#[derive(Clone, Debug)]
pub struct View {
    /// Facts and definitions.
    pub snapshot: Arc<Snapshot>,
    /// Pipelines, stages, products.
    pub catalog: Arc<Catalog>,
    /// How often, since the start, users or credentials changed: what was known of them under another number is to be
    /// read again.
    pub access: u64,
    /// How often, since the start, customers or deals were renamed: as `access`, for the names of facts.
    pub names: u64,
}

struct State {
    position: Position,
    /// The number of the last refresh that ended well.
    done: u64,
}

const CATALOG: &str = DefinitionKind::Catalog.as_str();
const ACCESS: &str = DefinitionKind::Access.as_str();
const NAMES: &str = DefinitionKind::Names.as_str();
/// How many pushes a slow listener may miss before it is told to look anew.
const PUSHES: usize = 256;

impl Follower {
    /// Reads the whole ledger.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused, or no company was made yet.
    pub async fn start(store: Store) -> Result<Self, StoreError> {
        let (books, position) = read_all(&store).await?;
        // Definitions that change between the two reads are read again by the next refresh: its position is older.
        let definitions = Arc::new(definitions::load(store.pool()).await?);
        let catalog = Arc::new(Catalog::load(store.pool()).await?);
        let current =
            RwLock::new(View { snapshot: Arc::new(Snapshot { books, definitions }), catalog, access: 0, names: 0 });
        let (changes, _) = broadcast::channel(PUSHES);
        let state = Mutex::new(State { position, done: 0 });
        Ok(Self { inner: Arc::new(Inner { store, current, state, begun: AtomicU64::new(0), changes }) })
    }

    /// The snapshot of [`Follower::view`].
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>, StoreError> {
        Ok(self.view().await?.snapshot)
    }

    /// A view with everything that was committed before this call, on any node.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn view(&self) -> Result<View, StoreError> {
        let inner = &self.inner;
        let wanted = inner.begun.load(Ordering::SeqCst) + 1;
        let mut state = inner.state.lock().await;
        if state.done >= wanted {
            return Ok(inner.current.read().await.clone());
        }
        let number = inner.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let news = read_since(&inner.store, &state.position).await?;
        let before = inner.current.read().await.clone();
        let after = if news.facts.is_empty() && news.changes.is_empty() {
            before
        } else {
            let definitions =
                news.changes.iter().any(|kind| is_definition(kind) && ![ACCESS, NAMES].contains(&kind.as_str()));
            let inboxes = inboxes(&news.changes);
            let pushed = (definitions || !news.facts.is_empty() || !inboxes.is_empty())
                .then(|| Change { inboxes, ..change(&news.facts, definitions) });
            let after = inner.advance(before, news.facts, &news.changes).await?;
            *inner.current.write().await = after.clone();
            if let Some(change) = pushed {
                // Nobody listening is no error.
                let _ = inner.changes.send(change);
            }
            after
        };
        state.position = news.position;
        state.done = number;
        Ok(after)
    }

    /// The definitions of [`Follower::snapshot`].
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn definitions(&self) -> Result<Arc<Definitions>, StoreError> {
        Ok(Arc::clone(&self.snapshot().await?.definitions))
    }

    /// What the refreshes to come bring.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.inner.changes.subscribe()
    }
}

impl Inner {
    async fn advance(&self, before: View, facts: Vec<LedgerFact>, changes: &[String]) -> Result<View, StoreError> {
        let rows: Vec<FactRow> = facts.into_iter().filter_map(row).collect();
        let books = if rows.is_empty() { before.snapshot.books.clone() } else { before.snapshot.books.append(rows) };
        let (mut definitions, mut catalog) = (Arc::clone(&before.snapshot.definitions), before.catalog);
        let changed = |kind: &str| changes.iter().any(|changed| changed == kind);
        let access = before.access + u64::from(changed(ACCESS));
        let names = before.names + u64::from(changed(NAMES));
        if changes.iter().any(|kind| is_definition(kind) && ![CATALOG, ACCESS, NAMES].contains(&kind.as_str())) {
            definitions = Arc::new(definitions::load(self.store.pool()).await?);
        }
        if changed(CATALOG) {
            catalog = Arc::new(Catalog::load(self.store.pool()).await?);
        }
        Ok(View { snapshot: Arc::new(Snapshot { books, definitions }), catalog, access, names })
    }
}

/// True for a change of definitions; that of an inbox is none.
fn is_definition(kind: &str) -> bool {
    !kind.starts_with(INBOX)
}

/// The users whose inboxes changed, each once.
fn inboxes(changes: &[String]) -> Vec<Uuid> {
    let mut users: Vec<Uuid> =
        changes.iter().filter_map(|kind| Uuid::try_parse(kind.strip_prefix(INBOX)?).ok()).collect();
    users.sort_unstable();
    users.dedup();
    users
}

fn change(facts: &[LedgerFact], definitions: bool) -> Change {
    let mut people: Vec<Uuid> = facts.iter().flat_map(|f| f.credits.iter().map(|c| c.0)).collect();
    people.sort_unstable();
    people.dedup();
    let mut kinds: Vec<String> = facts.iter().map(|f| f.kind.clone()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Change { people, kinds, definitions, inboxes: Vec::new() }
}

/// A ledger row as the engine takes it; none for a number that the engine cannot hold (after four thousand million).
fn row(fact: LedgerFact) -> Option<FactRow> {
    let id = |uuid: Option<Uuid>| uuid.map(|uuid| uuid.as_u128());
    let attributes: std::collections::BTreeMap<String, String> =
        fact.attributes.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    Some(FactRow {
        sequence: u32::try_from(fact.sequence).ok()?,
        kind: fact.kind,
        date: fact.date,
        counts_on: fact.recognized_on,
        account_group: id(fact.account_group),
        opportunity: id(fact.opportunity_id),
        contract: id(fact.contract_id),
        product: id(fact.product_id),
        product_line: fact.product_line,
        region: fact.region,
        tier: fact.tier,
        customer_kind: fact.customer_kind,
        contract_kind: fact.contract_kind,
        source: fact.source,
        amount_minor: fact.amount_minor,
        amount_excl_tax_minor: fact.amount_excl_tax_minor,
        margin_minor: fact.margin_minor,
        quantity_micro: fact.quantity_micro,
        score_micro: fact.score_micro,
        currency: fact.currency,
        due_date: fact.due_date,
        attributes: attributes.into_iter().collect(),
        refers_to: fact.refers_to.and_then(|sequence| u32::try_from(sequence).ok()),
        credits: fact
            .credits
            .into_iter()
            .map(|(person, role, share)| Credit {
                person: person.as_u128(),
                role,
                share_ppm: u32::try_from(share).unwrap_or(0),
            })
            .collect(),
    })
}
