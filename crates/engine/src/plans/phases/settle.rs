//! SETTLE: one rounding per line, and what has become of it.
//!
//! ADJUST (gates, caps, floors) and SHARE (overrides, pools) will stand between RATE and this; neither has a
//! component yet.

use rust_decimal::Decimal;

use super::super::estimate::{Line, LineStatus};
use super::super::model::PlanMeasure;
use super::credit::CreditLine;
use super::{Run, is_stage};
use crate::dates::day_of_number;
use crate::explain::{Explanation, Step};
use crate::rounding::{add, multiply};

impl<'a> Run<'a> {
    pub(super) fn settle(&self, credited: &CreditLine<'a>, rating: Vec<Step>) -> Line {
        let version = credited.place.version;
        let mut exact = credited.basis;
        let mut rates = Vec::new();
        for step in &rating {
            match step {
                Step::Bands { slices, .. } => {
                    exact = slices.iter().fold(Decimal::ZERO, |sum, slice| {
                        add(sum, multiply(slice.part, slice.rate))
                    });
                    rates.extend(slices.iter().map(|slice| slice.rate));
                }
                Step::Rate { rate, .. } => {
                    exact = multiply(exact, *rate);
                    rates.push(*rate);
                }
                _ => {}
            }
        }
        let amount_minor = version.rounding.apply(exact);
        let mut steps = credited.steps.clone();
        steps.extend(rating);
        steps.push(Step::Round {
            rounding: version.rounding,
            currency: version.currency,
            output: amount_minor,
        });
        let status = match credited.lost {
            Some((sequence, day)) => {
                steps.push(Step::Forfeited {
                    sequence,
                    date: day_of_number(day),
                });
                LineStatus::Forfeited
            }
            None if credited.waits() => {
                steps.push(Step::Pending);
                LineStatus::Pending
            }
            None => LineStatus::Earned,
        };
        let measure = match credited.steps.first() {
            Some(Step::Fact { measure, .. }) if measure == "quantity" => PlanMeasure::Quantity,
            _ => credited.place.component.measure,
        };
        Line {
            fact: (credited.sequence != 0).then_some(credited.sequence),
            date: credited.counted.map(day_of_number),
            basis_minor: if is_stage(credited.place.component) {
                0
            } else {
                credited.basis_minor
            },
            rates,
            amount_minor: if status == LineStatus::Forfeited {
                0
            } else {
                amount_minor
            },
            status,
            explanation: Explanation { steps },
            ..self.line(credited.place, measure)
        }
    }
}
