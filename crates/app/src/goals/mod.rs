//! Goals: targets of people, teams and the company.
//!
//! It must never compute attainment: that is the engine's, asked by `metrics`.

mod matrix;
mod queries;
mod routes_matrix;
pub mod rules;

pub use routes_matrix::router as matrix_router;
pub use rules::router;
