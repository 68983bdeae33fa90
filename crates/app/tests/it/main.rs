//! The capabilities through the router, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod calc;
mod desk;
mod imports;
mod inbox;
mod lists;
mod live;
mod money;
mod permissions;
mod reasons;
mod records;
mod settings;
mod work;
mod world;
