//! Access: who is there, and how they show it. Users, sign-in, sessions, API tokens.
//!
//! It must never know what a user works on: what a role sees is in `context.rs`, whose rows are seen follows from the
//! team tree in the books.

mod identify;
mod known;
mod password;
pub(crate) mod queries;
mod routes;
mod routes_roles;
mod routes_users;
pub mod rules;
mod rules_users;

mod users;

pub use identify::{Credential, acting, identify};
pub use known::{KEPT, Known};
pub use password::{hash_password, random_token};
pub use routes::router;
pub use users::{NewUser, UserView, check_email, create as create_user, person_of_user, person_with_email, token_for};
