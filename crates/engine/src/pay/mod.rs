//! Pay: what a plan gives people, by its phases.
//!
//! A [`Payroll`] is one plan with its versions on one snapshot. RESOLVE ([`payee`]) finds who is on it; CREDIT
//! ([`credits`]) which facts count for whom; MEASURE ([`measures`], [`figures`]) makes numbers of a period; RATE ([`rate`])
//! lines; ADJUST ([`adjust`]) factors and limits; SHARE ([`share`]) what is paid on the pay of others; SETTLE ([`settle`]) what
//! of it is paid now; RESTATE ([`restate`]) what became known of earlier periods. Each phase reads earlier ones only. What was
//! computed for one question is kept for the next.

mod adjust;
mod credits;
mod entry;
mod estimate;
mod figures;
mod line;
mod measures;
mod payee;
mod progress;
mod rate;
mod restate;
mod run;
mod scope;
mod settle;
mod share;

pub use entry::{Entry, EntryKind, Statement, Waiting};
pub use estimate::{Estimate, PlanPeriod, TierProgress, by_status, estimate};
pub use line::{Kind, Line, NotCounted, Shown, Status};
pub use restate::{Carry, Overflow, Settled, settle};
pub use run::Payroll;
pub use settle::Balances;
