//! Who may see whose pay, and the estimates of a population.

use qiao_engine::Snapshot;
use qiao_engine::dates::Period;
use qiao_engine::pay::{Estimate, Status, estimate};
use uuid::Uuid;

use crate::context::{Context, Permission};
use crate::error::AppError;

/// Refuses where the asker may not see a person's pay: one's own, or, with the pay grant, those in the row scope.
///
/// # Errors
/// 404 for a person out of scope, 403 `pay_not_granted` for one in scope.
pub fn may_see(context: &Context, person: Uuid) -> Result<(), AppError> {
    if context.person_id == Some(person) && context.may(Permission::ViewOwnPay) {
        return Ok(());
    }
    if !context.rows.covers(Some(person)) {
        return Err(AppError::NotFound);
    }
    if context.may(Permission::ViewPay) { Ok(()) } else { Err(AppError::Forbidden("pay_not_granted")) }
}

/// The word of the API for how a line stands, as the vocabulary has it: what waits for its recognition (待生效) is
/// pending; held (冻结) is what a payout run keeps back, which no estimate does.
#[must_use]
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Earned => "earned",
        Status::Held => "pending",
        Status::Forfeited => "forfeited",
    }
}

/// A row of the estimates of a population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The person.
    pub person: Uuid,
    /// How files name the person.
    pub key: String,
    /// The estimate.
    pub estimate: Estimate,
}

/// The estimates of everybody who is on a published plan in force in a period and whose pay the asker may see, by the
/// key that files name people by.
#[must_use]
pub fn estimates(snapshot: &Snapshot, context: &Context, period: Period) -> Vec<Row> {
    let mut rows: Vec<Row> = snapshot
        .definitions
        .people
        .values()
        .filter(|person| may_see(context, Uuid::from_u128(person.id)).is_ok())
        .map(|person| Row {
            person: Uuid::from_u128(person.id),
            key: person.key().to_owned(),
            estimate: estimate(snapshot, person.id, period),
        })
        .filter(|row| row.estimate.on_a_plan)
        .collect();
    rows.sort_by(|a, b| a.key.cmp(&b.key));
    rows
}
