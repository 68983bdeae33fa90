//! The company: its name, currency, zone, language, calendar, and the standard definitions it begins with.

mod queries;
pub mod rules;

pub use rules::{NewCompany, facts, first_metrics, init};
