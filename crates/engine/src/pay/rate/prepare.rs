//! The parts of a rate, made ready for a payee's span: conditions compiled, boundaries in the axis' own unit, what is reached.

use super::over_of;
use crate::conditions::{Compiled, Condition};
use crate::dates::DateRange;
use crate::exact::Exact;
use crate::explain::Step;
use crate::formula::{Formula, Level, Over, TooLarge};
use crate::pay::credits::Counted;
use crate::pay::figures::Group;
use crate::pay::payee::Payee;
use crate::pay::run::{Payroll, Place};
use crate::pay::scope::At;
use crate::plans::{Axis, Band, Bands, Part, PlanMeasure, Rate, RateCurve, Tiers};

/// A part of a rate, ready for a payee's period.
pub(super) struct Prepared<'p> {
    pub(super) part: &'p Part,
    when: Option<Compiled>,
    /// The days over which it cumulates.
    span: DateRange,
    pub(super) tiers: Option<Banded>,
}

/// A table with its boundaries in the axis' own unit.
pub(super) struct Banded {
    pub(super) bands: Bands,
    /// What chose the band of whole-amount tiers, or the place on a curve; none where it is missing.
    pub(super) reached: Option<Exact>,
    pub(super) step: Option<Step>,
}
impl<'a> Payroll<'a> {
    pub(super) fn prepared<'p>(
        &self,
        payee: &Payee<'a>,
        place: Place,
        parts: &'p [Part],
        counted: &[Counted<'a>],
        paid: DateRange,
        widest: Over,
    ) -> Result<Vec<Prepared<'p>>, TooLarge> {
        let mut prepared = Vec::new();
        for part in parts {
            let when = (part.when != Condition::Always).then(|| part.when.compile(&self.snapshot.books, self.currency));
            let over = match over_of(&part.rate) {
                Over::Period => widest,
                over => over,
            };
            let span = self.span(over, payee.period);
            let span = DateRange { start: span.start.min(paid.start), ..span };
            let mut one = Prepared { part, when, span, tiers: None };
            let table = match &part.rate {
                Rate::Tiers(Tiers { on, rows, .. }) => {
                    let band = |row: &Band| (row.from.exact(), row.rate.exact());
                    Some((on, rows.iter().map(band).collect::<Vec<_>>()))
                }
                Rate::Curve(RateCurve { on, points, .. }) => {
                    Some((on, points.iter().map(|p| (p.at.exact(), p.rate.exact())).collect()))
                }
                _ => None,
            };
            if let Some((on, rows)) = table {
                let own: Vec<&Counted<'a>> =
                    counted.iter().filter(|counted| self.in_part(payee, place, &one, counted)).collect();
                one.tiers = Some(self.banded(payee, place, on, over, rows, &own)?);
            }
            prepared.push(one);
        }
        Ok(prepared)
    }

    pub(super) fn in_part(&self, payee: &Payee<'a>, place: Place, part: &Prepared<'_>, one: &Counted<'a>) -> bool {
        part.span.contains(one.day)
            && part.when.as_ref().is_none_or(|when| {
                self.meets(when, &one.credit, &At::payee(self, payee, place.version).on(&one.credit, one.day))
            })
    }

    /// A table ready for a payee's span.
    pub(super) fn banded(
        &self,
        payee: &Payee<'a>,
        place: Place,
        on: &Axis,
        over: Over,
        rows: Vec<(Exact, Exact)>,
        counted: &[&Counted<'a>],
    ) -> Result<Banded, TooLarge> {
        let (mut starts, rates): (Vec<Exact>, Vec<Exact>) = rows.into_iter().unzip();
        let bands = Bands { starts: Vec::new(), rates };
        let mut banded = Banded { bands, reached: None, step: None };
        match on {
            Axis::Attainment(code) => {
                let group = Group::Person(payee.id);
                let (target, reached) = self.target_and_reached(payee, place.version, code, over);
                if let Some(metric) = self.metric(code, payee.period) {
                    let value = self.metric_value(&group, code, over, payee.period).unwrap_or_default();
                    let step = Step::Attainment { metric: metric.name.clone(), value, target: target.clone() };
                    banded.step = Some(step);
                }
                match (target, reached) {
                    (Some(target), Some(reached)) => {
                        for start in &mut starts {
                            *start = start.times(&target).ok_or(TooLarge)?;
                        }
                        banded.reached = Some(reached.times(&target).ok_or(TooLarge)?);
                    }
                    _ => {
                        starts.truncate(1);
                        banded.bands.rates.truncate(1);
                    }
                }
            }
            Axis::Formula(formula) if !self.is_of_fact(place.version, formula) => {
                let value = formula.evaluate(&At::payee(self, payee, place.version))?;
                banded.reached = value.number().map(|n| n.into_owned());
                let step = Step::Figure { formula: formula.text().to_owned(), value: banded.reached.clone() };
                banded.step = Some(step);
            }
            Axis::Amount | Axis::Formula(_) => {
                let mut sum = Exact::ZERO;
                for one in counted.iter().filter(|one| !one.is_pending()) {
                    sum = sum.plus(&self.along(payee, place, on, one)?).ok_or(TooLarge)?;
                }
                banded.reached = Some(sum);
            }
        }
        banded.bands.starts = starts;
        Ok(banded)
    }

    /// The payee's target of a metric over a span, if it is not zero, and the attainment.
    pub(in crate::pay) fn target_and_reached(
        &self,
        payee: &Payee<'a>,
        version: usize,
        code: &str,
        over: Over,
    ) -> (Option<Exact>, Option<Exact>) {
        let prorated = self.plan(version).and_then(|plan| plan.proration.as_ref()).is_some_and(|p| p.targets);
        let prorate = prorated.then_some(version);
        let group = Group::Person(payee.id);
        let target = self.target_of(&group, code, over, Level::Base, payee.period, prorate);
        let reached = self.attainment_of(&group, code, over, Level::Base, payee.period, prorate);
        (target.filter(|target| !target.is_zero()), reached)
    }

    /// True where a formula reads a fact.
    pub(super) fn is_of_fact(&self, version: usize, formula: &Formula) -> bool {
        let measures = self.plan(version).map_or(&[][..], |plan| plan.measures.as_slice());
        formula.is_of_fact(&|name| measures.iter().any(|measure| measure.id == name))
    }

    /// How far a credit moves along an axis.
    pub(super) fn along(
        &self,
        payee: &Payee<'a>,
        place: Place,
        on: &Axis,
        one: &Counted<'a>,
    ) -> Result<Exact, TooLarge> {
        let Axis::Formula(formula) = on else { return Ok(one.value.clone()) };
        let at = At::payee(self, payee, place.version).on(&one.credit, one.day);
        let measure = PlanMeasure::of(formula.text().trim()).unwrap_or_else(|| PlanMeasure::Formula(formula.clone()));
        let found = self.measured_on(&measure, &one.credit, &at)?;
        Ok(found.map(|(_, part)| part).unwrap_or_default())
    }
}

/// The rate of a curve at a place.
pub(super) fn on_curve(banded: &Banded, reached: Option<&Exact>) -> Result<Exact, TooLarge> {
    reached.map_or_else(|| Ok(banded.bands.rate(0)), |reached| banded.bands.on_line(reached).ok_or(TooLarge))
}
