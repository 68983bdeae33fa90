//! The desk: what is to be done next, in order of worth, for the person who asks and for the team they lead.
//!
//! It must never write: what is done from it is written by the capability that owns the record.

mod deals;
mod news;
mod queries;
mod reach;
mod routes;
mod routes_team;
mod routes_waiting;
mod tasks;
mod worth;

pub use routes::router;
pub use worth::Counted;
