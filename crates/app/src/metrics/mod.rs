//! Metrics as people read them: the card, the value, its parts, its facts; and attainment beside pace.
//!
//! It must never count anything itself: values come from the engine.

mod attainment;
mod routes;
pub mod rules;

pub use attainment::router as attainment_router;
pub use routes::router;
