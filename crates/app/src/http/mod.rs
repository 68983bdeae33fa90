//! What every handler shares at the edge: who asks, bodies and their errors, pages, ETags. HTTP types live here and in
//! `routes.rs` files only.

mod auth;
mod body;
pub mod bulk;
pub mod crud;
mod headers;
pub mod limits;
pub mod meter;
mod page;
mod problem;
pub mod security;

pub use auth::{Asker, SessionCookie, cookie_name, token_digest};
pub use body::{Form, Json, PathId, Query};
pub use headers::{IfMatch, Tagged, idempotent};
pub use page::{Page, PageQuery, PageRequest, decode_cursor, encode_cursor};
pub use problem::{Problem, ProblemField, method_not_allowed, not_found, scoped_locale, set_locale};
