//! MEASURE: named numbers of a payee and period.

use super::figures::Group;
use super::payee::Payee;
use super::run::Payroll;
use super::scope::At;
use crate::books::{CreditView, FactView};
use crate::dates::DateRange;
use crate::exact::Exact;
use crate::formula::{TooLarge, Value};
use crate::metrics::Entity;
use crate::plans::{Baseline, ClawbackAt, NamedMeasure};
use crate::rounding::Rounding;
use rustc_hash::FxHashMap;

impl<'a> Payroll<'a> {
    /// A measure of a payee's period.
    pub(super) fn measure(&self, payee: &Payee<'a>, version: usize, measure: usize) -> Result<Value, TooLarge> {
        let key = (payee.id, payee.period, version, measure);
        if let Some(known) = self.measured.borrow().get(&key) {
            return Ok(known.clone());
        }
        let value = self.find_measure(payee, version, measure)?;
        self.measured.borrow_mut().insert(key, value.clone());
        Ok(value)
    }

    fn find_measure(&self, payee: &Payee<'a>, version: usize, measure: usize) -> Result<Value, TooLarge> {
        let Some(definition) = self.plan(version).and_then(|plan| plan.measures.get(measure)) else {
            return Ok(Value::Missing);
        };
        let at = At { measures: measure, ..At::payee(self, payee, version) };
        if let Some(formula) = &definition.formula {
            return Ok(Value::of(formula.evaluate(&at)?.number().map(|n| n.into_owned())));
        }
        if !definition.scorecard.is_empty() {
            let mut sum = Exact::ZERO;
            for row in &definition.scorecard {
                let found = row.of.evaluate(&at)?.number().map(|n| n.into_owned());
                let reached = found.filter(|score| row.from.is_none_or(|from| *score >= from.exact()));
                let mut score = reached.unwrap_or(Exact::ZERO);
                if let Some(most) = row.most {
                    score = score.min(most.exact());
                }
                let part = score.times(&row.weight.exact()).ok_or(TooLarge)?;
                sum = sum.plus(&part).ok_or(TooLarge)?;
            }
            return Ok(Value::Number(sum));
        }
        if let Some(baseline) = &definition.baseline {
            return self.baseline(payee, version, baseline, &at);
        }
        self.summed(payee, version, definition, &at)
    }

    fn summed(
        &self,
        payee: &Payee<'a>,
        version: usize,
        definition: &NamedMeasure,
        at: &At<'_, 'a>,
    ) -> Result<Value, TooLarge> {
        let Some(group) = self.group_of(payee, definition.whose) else { return Ok(Value::Number(Exact::ZERO)) };
        let range = self.span(definition.over, payee.period);
        let chosen = self.chosen(&definition.basis, &definition.roles, &definition.when, range.end);
        let mut sum = Exact::ZERO;
        let mut distinct: FxHashMap<u32, i64> = FxHashMap::default();
        let mut failed = false;
        self.each_effective(&group, version, range, &mut |credit, day| {
            let at = at.on(credit, day);
            if credit.fact.is_pending() || !self.is_chosen(&chosen, credit, &at) {
                return;
            }
            match definition.distinct {
                Some(entity) => {
                    let fact = &credit.fact;
                    let key = match entity {
                        Entity::Account => fact.account_group(),
                        Entity::Opportunity => fact.opportunity(),
                        Entity::Contract => fact.contract(),
                    };
                    if key != 0 {
                        *distinct.entry(key).or_default() += if fact.is_reversal() { -1 } else { 1 };
                    }
                }
                None => match self.part_of_sum(definition, credit, &at) {
                    Ok(Some(part)) => match sum.plus(&part) {
                        Some(total) => sum = total,
                        None => failed = true,
                    },
                    Ok(None) => {}
                    Err(TooLarge) => failed = true,
                },
            }
        });
        if failed {
            return Err(TooLarge);
        }
        if definition.distinct.is_some() {
            let count = distinct.values().filter(|net| **net > 0).count();
            return Ok(Value::Number(i64::try_from(count).unwrap_or(i64::MAX).into()));
        }
        Ok(Value::Number(sum))
    }

    fn part_of_sum(
        &self,
        definition: &NamedMeasure,
        credit: &CreditView<'a>,
        at: &At<'_, 'a>,
    ) -> Result<Option<Exact>, TooLarge> {
        use crate::plans::PlanMeasure;
        let measure = match &definition.sum {
            _ if definition.count => PlanMeasure::Count,
            Some(formula) => PlanMeasure::of(formula.text()).unwrap_or_else(|| PlanMeasure::Formula(formula.clone())),
            None => return Ok(None),
        };
        Ok(self.measured_on(&measure, credit, at)?.map(|(_, part)| part))
    }

    /// Calls `each` for the credits of a group whose facts count in a range by the plan's rule for late facts.
    pub(super) fn each_effective(
        &self,
        group: &Group,
        version: usize,
        range: DateRange,
        each: &mut dyn FnMut(&CreditView<'a>, chrono::NaiveDate),
    ) {
        let searched = self.searched(version, ClawbackAt::Own, range);
        let day = |fact: &FactView<'a>| self.effective(fact, version, ClawbackAt::Own);
        self.each_of(group, searched, &day, &mut |credit| {
            let day = day(&credit.fact);
            if range.contains(day) {
                each(credit, day);
            }
        });
    }

    fn baseline(
        &self,
        payee: &Payee<'a>,
        version: usize,
        baseline: &Baseline,
        at: &At<'_, 'a>,
    ) -> Result<Value, TooLarge> {
        let measures = self.plan(version).map_or(&[][..], |plan| plan.measures.as_slice());
        let Some(of) = measures.iter().position(|measure| measure.id == baseline.of) else { return Ok(Value::Missing) };
        let (mut sum, mut periods) = (Exact::ZERO, 0_i64);
        let mut period = payee.period;
        for _ in 0..baseline.periods {
            period = period.previous();
            let Some(then) = self.payee(payee.id, period) else { continue };
            if !self.was_there(&then) {
                continue;
            }
            if let Some(value) = self.measure(&then, version, of)?.number() {
                sum = sum.plus(&value).ok_or(TooLarge)?;
                periods += 1;
            }
        }
        if periods < i64::from(baseline.least.max(1)) {
            return match &baseline.otherwise {
                Some(otherwise) => Ok(Value::of(at.number(otherwise)?)),
                None => Ok(Value::Missing),
            };
        }
        let average = sum.over(&periods.into()).ok_or(TooLarge)?;
        match &baseline.times {
            None => Ok(Value::Number(average)),
            Some(times) => match at.number(times)? {
                Some(times) => average.times(&times).map(Value::Number).ok_or(TooLarge),
                None => Ok(Value::Missing),
            },
        }
    }

    /// True where a person was on the plan on every day of a period.
    fn was_there(&self, payee: &Payee<'a>) -> bool {
        let all = crate::plans::Proration::default();
        let days = (payee.range.end - payee.range.start).num_days() + 1;
        self.days_there(payee.id, None, &all, payee.range) == days
    }

    /// An amount in minor units.
    pub(super) fn minor(&self, amount: &Exact, rounding: Rounding) -> Result<i64, TooLarge> {
        let digits = i32::try_from(self.digits()).unwrap_or(2);
        amount.scaled(digits).and_then(|minor| minor.to_minor(rounding)).ok_or(TooLarge)
    }

    /// Minor units as major ones.
    pub(super) fn major(&self, minor: i64) -> Exact {
        Exact::minor(minor, self.digits())
    }
}
