//! People: persons, the team tree, who was in which team when.
//!
//! It must never know what people earn or what counts for them.

pub(crate) mod queries;
mod routes;
mod routes_person;
mod routes_team;
pub mod rules;
mod rules_membership;
mod rules_person;
mod rules_team;
mod views;

pub use routes::{router, sees_attainment, sees_team};
pub use views::{PersonRef, PersonView, TeamRef, TeamView};
