//! RATE: from a value to raw pay.

mod facts;
mod forms;
mod period;
mod prepare;

use crate::exact::Exact;
use crate::explain::Step;
use crate::formula::{Over, TooLarge};
use crate::plans::Rate;

use super::credits::Counted;
use super::payee::Payee;
use super::run::{Given, Payroll, Place};
use super::scope::At;
use crate::dates::DateRange;
use crate::plans::{Component, Part, Per};

/// What becomes of a credit under the parts of a rate.
pub(super) struct Rated {
    /// Before factors, limits and rounding.
    pub(super) raw: Exact,
    pub(super) rates: Vec<Exact>,
    pub(super) steps: Vec<Step>,
    /// The fact by which a reward was forfeited.
    pub(super) forfeited: Option<u32>,
}

/// Why there is no line.
pub(super) enum Unrated {
    /// It earns nothing and needs no line: a stage that was entered before.
    Nothing,
    /// The fact cannot be counted.
    Missed(&'static str),
}

impl From<TooLarge> for Unrated {
    fn from(_: TooLarge) -> Self {
        Self::Missed("too_large")
    }
}

impl<'a> Payroll<'a> {
    /// What a component on facts gives a payee in a span that ends with a plan's period: the lines of the days in
    /// `paid`. `parts` are the component's own, or those of its true-up.
    pub(in crate::pay) fn rated(
        &self,
        payee: &Payee<'a>,
        place: Place,
        parts: &[Part],
        paid: DateRange,
        widest: Over,
        given: &mut Given,
    ) -> Result<(), TooLarge> {
        let Some(component) = self.component(place) else { return Ok(()) };
        let spans = parts.iter().map(|part| self.span(over_of(&part.rate), payee.period).start);
        let start = spans.min().unwrap_or(paid.start).min(paid.start);
        let counted = self.counted(payee, place, DateRange { start, end: paid.end }, &mut given.not_counted);
        let prepared = self.prepared(payee, place, parts, &counted, paid, widest)?;
        let paid_lines: Vec<bool> =
            counted.iter().map(|one| paid.contains(one.day) && self.is_paid(payee, place, component, one)).collect();
        match component.per {
            Per::Fact => self.per_fact(payee, place, component, &prepared, &counted, &paid_lines, given),
            Per::Period => self.per_period(payee, place, component, &prepared, &counted, &paid_lines, given),
        }
    }

    /// True where a credit is paid under this version: by the day that decides.
    pub(super) fn is_paid(&self, payee: &Payee<'a>, place: Place, component: &Component, one: &Counted<'a>) -> bool {
        let day = one.dated;
        let on_plan = || {
            self.version_on(day) == Some(place.version)
                && !super::payee::days_on(self, payee.id, place.version, DateRange { start: day, end: day }).is_empty()
                && self.passes_plan_condition(payee, place.version)
        };
        component.from.is_none_or(|from| from <= day)
            && component.to.is_none_or(|to| day <= to)
            && on_plan()
            && self.is_for(component.who.as_ref(), payee, place.version, day)
    }

    pub(super) fn passes_plan_condition(&self, payee: &Payee<'a>, version: usize) -> bool {
        let condition = self.plan(version).and_then(|plan| plan.who.when.as_ref());
        condition.is_none_or(|condition| At::payee(self, payee, version).holds(condition).unwrap_or(false))
    }
}

/// Over which time a rate cumulates.
pub(super) fn over_of(rate: &Rate) -> Over {
    match rate {
        Rate::Tiers(tiers) => tiers.over,
        Rate::Curve(curve) => curve.over,
        _ => Over::Period,
    }
}
