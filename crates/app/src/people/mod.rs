//! People: persons, the team tree, who was in which team when.
//!
//! It must never know what people earn or what counts for them.

pub(crate) mod queries;
mod routes;
pub mod rules;
mod views;

pub use routes::{router, sees_team};
pub use views::{PersonRef, PersonView, TeamRef, TeamView};
