//! Duplicates: whether a customer, a contact or a lead is there already, under the same name, number or code, whoever it
//! belongs to. Of what the asker may not see only the owner is told: whom to talk to.

mod names;
mod queries;
mod routes;
mod rules;

pub use routes::router;
