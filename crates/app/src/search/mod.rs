//! Search: the records whose names, numbers and telephone numbers hold some words, within the asker's scope.

mod follow;
mod index;
mod queries;
mod routes;
mod rules;
pub mod text;

pub use follow::Search;
pub use routes::router;
