//! The capabilities through the router, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod attachments;
mod calc;
mod catalog;
mod desk;
mod exports;
mod import_runs;
mod imports;
mod inbox;
mod lists;
mod live;
mod money;
mod people;
mod permissions;
mod pipelines;
mod plans;
mod reasons;
mod records;
mod sales;
mod settings;
mod targets;
mod work;
mod world;
