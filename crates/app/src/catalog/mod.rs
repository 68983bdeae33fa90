//! The catalog: products and product lines, and the pipelines that opportunities run through.

mod lines;
mod names;
mod products;
mod queries;
mod routes;
pub mod rules;

use qiao_store::Record;

use crate::entry::{Chunk, Place, present};
use crate::error::AppError;

pub use names::names;
pub use routes::router;

/// The longest code, in characters.
const CODE: usize = 100;

/// The records that the rows of a form are about, as they are now, among those there are.
fn befores<M: Record>(chunk: &Chunk, known: &[M]) -> Result<Vec<Option<M>>, AppError> {
    let before = |row: &crate::entry::Row| {
        let by_id = match row.place {
            Place::At { id, .. } => known.iter().find(|record| record.key() == id),
            Place::Key | Place::New => None,
        };
        present(row, None, by_id)
    };
    chunk.rows.iter().map(before).collect()
}
