//! The interface, as it was built into the program. A leaf: it knows nothing of the rest.

use axum::Router;

/// The routes of the pages. Empty where the program was built without them.
pub fn router() -> Router {
    Router::new()
}
