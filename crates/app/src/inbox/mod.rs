//! The inbox: what tells people that something concerns them. A message is written in the transaction of what causes it and
//! put into words when it is read, in the reader's language and within the reader's scope of that moment.
//!
//! It must never be the only place where something is known: whoever reads no message misses nothing that counts.

mod kinds;
mod places;
mod queries;
mod routes;
pub mod rules;
mod texts;

pub use kinds::{Data, Kind};
pub use routes::router;
pub use rules::{News, To, given, import_finished, sweep, tell, who_sees};
