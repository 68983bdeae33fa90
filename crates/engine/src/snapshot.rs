//! What one request reads: facts and definitions that belong together.

use std::sync::Arc;

use crate::books::Books;
use crate::definitions::Definitions;

/// Facts and definitions at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The facts.
    pub books: Books,
    /// People, teams, metrics, targets, plans, calendar.
    pub definitions: Arc<Definitions>,
}
