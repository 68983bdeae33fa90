//! Reading a whole ledger into books.

use std::sync::Arc;

use super::chunk::Chunk;
use super::dictionary::Dictionary;
use super::row::FactRow;
use super::{Books, SEALED};

/// Books while they are read from the beginning: rows go into the columns as they come, so that nothing is held twice.
#[derive(Debug, Default)]
pub struct Loading {
    chunks: Vec<Arc<Chunk>>,
    open: Chunk,
    dictionary: Arc<Dictionary>,
    last: u32,
}

impl Loading {
    /// Adds facts in the order of their sequence. One that does not come after the last is passed over.
    pub fn push(&mut self, rows: &[FactRow]) {
        let dictionary = Arc::clone(&self.dictionary);
        dictionary.enter(|names| {
            for row in rows {
                if row.sequence <= self.last {
                    continue;
                }
                self.last = row.sequence;
                self.open.push(row, names);
                if self.open.len() >= SEALED {
                    self.chunks.push(Arc::new(std::mem::take(&mut self.open).finish()));
                }
            }
        });
    }

    /// The books of all that was added.
    #[must_use]
    pub fn finish(mut self) -> Books {
        if self.open.len() > 0 {
            self.chunks.push(Arc::new(self.open.finish()));
        }
        self.dictionary.shrink();
        Books { chunks: self.chunks, dictionary: self.dictionary, ..Books::default() }
    }
}
