//! Metrics as people read them: the card, the value, its parts, its facts, the reasons; and attainment beside pace.
//!
//! It must never count anything itself: values come from the engine.

mod attainment;
pub mod publish;
mod queries;
mod routes;
mod routes_explain;
mod routes_pace;
mod routes_publish;
mod routes_versions;
pub mod rules;

pub use attainment::{Assessing, MetricRef, Standings, direct_members, router as attainment_router, usual_metric};
pub use routes::router;
pub use routes_explain::{Of, why_address};
pub use routes_pace::{PaceView, pace_view};
pub use routes_publish::router as publish_router;
pub use routes_versions::router as versions_router;
