//! Which row of a schedule a payment pays: the oldest first. Pure rules.

use chrono::NaiveDate;
use qiao_engine::rounding::Rounding;
use rust_decimal::Decimal;
use uuid::Uuid;

/// A part of a contract's money that was booked: an allocation with the sums of its fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The payment it belongs to.
    pub payment: Uuid,
    /// payment, refund or write_off.
    pub kind: String,
    /// The row of the schedule.
    pub schedule: Option<Uuid>,
    /// When that was due.
    pub due_on: Option<NaiveDate>,
    /// What was booked; a refund's is negative.
    pub amount_minor: i64,
    /// The part without VAT on its fact.
    pub excl_tax_minor: i64,
    /// The margin on its fact.
    pub margin_minor: Option<i64>,
    /// Its fact.
    pub fact: Uuid,
}

/// A row of a schedule with what is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The row.
    pub schedule: Uuid,
    /// When it is due.
    pub due_on: NaiveDate,
    /// What is open.
    pub open_minor: i64,
}

/// A part of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The row it pays; none beyond the schedule.
    pub schedule: Option<Uuid>,
    /// When that was due.
    pub due_on: Option<NaiveDate>,
    /// How much; what is given back is negative.
    pub amount_minor: i64,
    /// The fact that is given back from.
    pub origin: Option<Uuid>,
}

/// What a schedule still has open after what was booked. A refund opens its row again.
#[must_use]
pub fn open(schedule: &[(Uuid, NaiveDate, i64)], booked: &[Booked]) -> Vec<Open> {
    let mut rows: Vec<Open> = schedule
        .iter()
        .map(|(id, due_on, amount)| {
            let paid: i64 = booked.iter().filter(|b| b.schedule == Some(*id)).map(|b| b.amount_minor).sum();
            Open { schedule: *id, due_on: *due_on, open_minor: (amount - paid).max(0) }
        })
        .collect();
    rows.sort_by_key(|row| row.due_on);
    rows
}

/// Gives an amount to the open rows, the oldest first; what is left belongs to no row.
#[must_use]
pub fn allocate(open: &[Open], amount_minor: i64) -> Vec<Part> {
    let mut left = amount_minor;
    let mut parts = Vec::new();
    for row in open {
        let amount_minor = row.open_minor.min(left);
        if amount_minor > 0 {
            let (schedule, due_on) = (Some(row.schedule), Some(row.due_on));
            parts.push(Part { schedule, due_on, amount_minor, origin: None });
            left -= amount_minor;
        }
    }
    if left > 0 {
        parts.push(Part { schedule: None, due_on: None, amount_minor: left, origin: None });
    }
    parts
}

/// Gives an amount back from what came in, the newest debt first; of one payment only, where it is named. None where less
/// came in than is to be given back.
#[must_use]
pub fn give_back(booked: &[Booked], payment: Option<Uuid>, amount_minor: i64) -> Option<Vec<Part>> {
    let mut came_in: Vec<(&Booked, i64)> = booked
        .iter()
        .filter(|b| b.kind == "payment" && payment.is_none_or(|id| b.payment == id))
        .map(|b| (b, b.amount_minor))
        .collect();
    // The newest debt first; what belongs to no row before all.
    came_in.reverse();
    came_in.sort_by_key(|(b, _)| std::cmp::Reverse(b.due_on.unwrap_or(NaiveDate::MAX)));
    for refund in booked.iter().filter(|b| b.kind == "refund") {
        let mut back = -refund.amount_minor;
        for (_, left) in came_in.iter_mut().filter(|(b, _)| b.schedule == refund.schedule) {
            let taken = back.min(*left);
            *left -= taken;
            back -= taken;
        }
    }
    let mut left = amount_minor;
    let mut parts = Vec::new();
    for (booked, there) in came_in {
        let taken = left.min(there);
        if taken > 0 {
            parts.push(Part {
                schedule: booked.schedule,
                due_on: booked.due_on,
                amount_minor: -taken,
                origin: Some(booked.fact),
            });
            left -= taken;
        }
    }
    (left == 0).then_some(parts)
}

/// The part of a whole's other measure (amount without VAT, margin) that belongs to a part of its amount, so that the
/// parts of everything that came in sum to the measure's exact share: what belongs to all so far, rounded once, less
/// what was given before.
#[must_use]
pub fn proportional(whole_minor: i64, measure_minor: i64, so_far_minor: i64, given_minor: i64) -> Option<i64> {
    if whole_minor == 0 {
        return Some(0);
    }
    let exact = Decimal::from(measure_minor).checked_mul(Decimal::from(so_far_minor))?;
    Rounding::HalfUp.to_minor(exact.checked_div(Decimal::from(whole_minor))?)?.checked_sub(given_minor)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn schedule() -> Vec<(Uuid, NaiveDate, i64)> {
        vec![(Uuid::from_u128(2), day("2026-06-30"), 5_000), (Uuid::from_u128(1), day("2026-03-31"), 3_000)]
    }

    fn booked(kind: &str, row: Option<u128>, amount_minor: i64, fact: u128) -> Booked {
        let due = row.map(|row| if row == 1 { day("2026-03-31") } else { day("2026-06-30") });
        Booked {
            payment: Uuid::from_u128(9),
            kind: kind.to_owned(),
            schedule: row.map(Uuid::from_u128),
            due_on: due,
            amount_minor,
            excl_tax_minor: 0,
            margin_minor: None,
            fact: Uuid::from_u128(fact),
        }
    }

    #[test]
    fn the_oldest_row_is_paid_first_and_the_rest_belongs_to_none() {
        let open = open(&schedule(), &[booked("payment", Some(1), 1_000, 7)]);
        let parts = allocate(&open, 8_000);
        let said: Vec<_> = parts.iter().map(|p| (p.schedule.map(|id| id.as_u128()), p.amount_minor)).collect();
        assert_eq!(said, [(Some(1), 2_000), (Some(2), 5_000), (None, 1_000)]);
    }

    #[test]
    fn money_goes_back_from_the_newest_debt_and_never_more_than_came_in() {
        let mut all = vec![booked("payment", Some(1), 3_000, 7), booked("payment", Some(2), 1_000, 8)];
        let parts = give_back(&all, None, 1_500).unwrap();
        let said: Vec<_> = parts.iter().map(|p| (p.origin.unwrap().as_u128(), p.amount_minor)).collect();
        assert_eq!(said, [(8, -1_000), (7, -500)]);
        all.push(booked("refund", Some(2), -1_000, 9));
        assert_eq!(give_back(&all, None, 3_001), None);
        assert_eq!(give_back(&all, None, 3_000).unwrap().len(), 1);
        // The refunded row is open again.
        assert_eq!(open(&schedule(), &all).iter().map(|o| o.open_minor).collect::<Vec<_>>(), [0, 5_000]);
    }

    #[test]
    fn parts_of_the_net_amount_sum_to_the_whole() {
        let (whole, net) = (10_000, 8_850);
        let (mut so_far, mut given) = (0, 0);
        for part in [3_333, 3_333, 3_333, -3_333, 3_334] {
            so_far += part;
            given += proportional(whole, net, so_far, given).unwrap();
        }
        assert_eq!((so_far, given), (10_000, 8_850));
    }
}
