//! The company: its name, currency, zone, language, calendar, and the standard definitions it begins with.

mod queries;
mod routes;
pub mod rules;
mod settings;

pub use routes::router;
pub use rules::{NewCompany, facts, first_metrics, init};
