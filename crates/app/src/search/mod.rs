//! Search: the records whose names, numbers and telephone numbers hold some words, within the asker's scope.

mod queries;
mod routes;
mod rules;

pub use routes::router;
