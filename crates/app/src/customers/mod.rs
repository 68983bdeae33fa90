//! Customers: accounts with their groups of companies.

pub(crate) mod queries;
pub mod rules;
