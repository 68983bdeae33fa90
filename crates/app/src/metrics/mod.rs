//! Metrics as people read them: the card, the value, its parts, its facts, the reasons; and attainment beside pace.
//!
//! It must never count anything itself: values come from the engine.

mod attainment;
mod explain;
mod pace;
mod routes;
pub mod rules;

pub use attainment::router as attainment_router;
pub use explain::{Of, why_address};
pub use routes::router;
