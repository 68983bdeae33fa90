//! Floor 3: the capabilities of Qiao, a folder each, whole: face, routes, rules, queries, tests.
//!
//! A capability uses another's rules, never its queries. HTTP types stay in `routes.rs` and `http/`, SeaORM in
//! `queries.rs`. Every route of the product stands in [`router`].

pub mod access;
pub mod activities;
mod attachments;
mod audit;
pub mod catalog;
mod comments;
pub mod company;
pub mod context;
pub mod contracts;
pub mod customers;
mod desk;
mod duplicates;
pub mod entry;
pub mod error;
pub mod events;
pub mod example;
pub mod exports;
pub mod facts;
pub mod figures;
pub mod forms;
pub mod goals;
pub mod http;
pub mod imports;
pub mod inbox;
pub mod jobs;
pub mod leads;
pub mod locale;
mod me;
pub mod messages;
pub mod metrics;
pub mod orders;
pub mod pay;
pub mod people;
pub mod pipeline;
pub mod plans;
pub mod records;
pub mod router;
mod search;
mod sheet;
pub mod splits;
pub mod state;
mod time;
mod timeline;
