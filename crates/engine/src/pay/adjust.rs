//! ADJUST: factors, limits and the one rounding, in their fixed order.

use std::rc::Rc;

use super::line::{Kind, Line, Shown, Status};
use super::payee::Payee;
use super::run::{Given, Payroll, Place};
use super::scope::At;
use crate::books::Id;
use crate::dates::{Period, PeriodKind};
use crate::exact::Exact;
use crate::explain::{Factor, Least, Step, capped, line_cap};
use crate::formula::{Over, TooLarge, Value};
use crate::plans::{Cap, Component, GroupCap, MidPeriod, Number, ShareOut, Way};
use crate::rounding::Rounding;

impl<'a> Payroll<'a> {
    /// How a component's lines are rounded.
    pub(super) fn rounding(&self, place: Place) -> Rounding {
        let plan = self.plan(place.version).map(|plan| plan.rounding).unwrap_or_default();
        self.component(place).and_then(|component| component.rounding).unwrap_or(plan)
    }

    /// Factors, the line's own limit and the one rounding.
    pub(super) fn finish(
        &self,
        payee: &Payee<'a>,
        place: Place,
        component: &Component,
        at: &At<'_, 'a>,
        raw: Exact,
        line: &mut Line,
    ) -> Result<(), TooLarge> {
        let mut exact = raw;
        let mut factor = |why: Factor, times: Exact, exact: &mut Exact| {
            *exact = exact.times(&times).ok_or(TooLarge)?;
            if self.explain {
                line.steps.push(Step::Factor { why, times });
            }
            Ok::<(), TooLarge>(())
        };
        if let Some(gate) = &component.gate
            && !at.holds(gate)?
        {
            factor(Factor::Gate(gate.text().to_owned()), Exact::ZERO, &mut exact)?;
        }
        for multiplier in &component.multiplier {
            let times = at.number(multiplier)?.unwrap_or_default();
            let why = multiplier.formula().map_or_else(String::new, |formula| formula.text().to_owned());
            factor(Factor::Multiplier(why), times, &mut exact)?;
        }
        if component.prorate {
            let times = self.proration(payee.id, None, place.version, payee.range);
            factor(Factor::Proration, times, &mut exact)?;
        }
        if line.sequence.is_none() && matches!(component.way(), Way::Amount(_)) {
            let times = self.share_of_version(payee, place);
            if times != Exact::ONE {
                factor(Factor::Version, times, &mut exact)?;
            }
        }
        if let Some((cap, above)) = limit(component.cap.as_ref(), |cap| cap.line.as_ref()) {
            let cap = at.number(cap)?.unwrap_or_default();
            exact = line_cap(&exact, &cap, &above).ok_or(TooLarge)?;
            if self.explain {
                line.steps.push(Step::LineCap { cap, above });
            }
        }
        line.amount_minor = self.close(&exact, self.rounding(place), &mut line.steps)?;
        Ok(())
    }

    /// The one rounding.
    pub(super) fn close(&self, exact: &Exact, rounding: Rounding, steps: &mut Vec<Step>) -> Result<i64, TooLarge> {
        let amount = self.minor(exact, rounding)?;
        if self.explain {
            let digits = i32::try_from(self.digits()).unwrap_or(2);
            let exact = exact.scaled(digits).ok_or(TooLarge)?;
            steps.push(Step::Rounded { rounding, exact, amount });
        }
        Ok(amount)
    }

    /// What of a period's pay a version has where several share the period.
    fn share_of_version(&self, payee: &Payee<'a>, place: Place) -> Exact {
        let others =
            (0..self.versions.len()).any(|version| version != place.version && !payee.on_version(version).is_empty());
        if !others {
            return Exact::ONE;
        }
        let Some(last) = payee.last_version() else { return Exact::ONE };
        match self.plan(last).map(|plan| plan.mid_period).unwrap_or_default() {
            MidPeriod::Last if last == place.version => Exact::ONE,
            MidPeriod::Last => Exact::ZERO,
            MidPeriod::Prorate => {
                let plain = crate::plans::Proration::default();
                let own = self.days_there(payee.id, Some(place.version), &plain, payee.range);
                let all = self.days_there(payee.id, None, &plain, payee.range);
                Exact::from(own).over(&all.into()).unwrap_or(Exact::ONE)
            }
        }
    }

    /// What a component gives a payee: its lines after ADJUST. Kept for the next question.
    pub(super) fn given(&self, payee: &Payee<'a>, place: Place) -> Result<Rc<Given>, TooLarge> {
        let key = (payee.id, payee.period, place);
        if let Some(known) = self.given.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let mut given = Given::default();
        if let Some(component) = self.component(place) {
            match component.way() {
                Way::Rate(parts) => self.rated(payee, place, parts, payee.range, Over::Period, &mut given)?,
                Way::Amount(figure) => self.amount(payee, place, figure, &mut given)?,
                _ => {}
            }
            self.limit_period(payee, place, component, &mut given)?;
            self.share_out(payee, place, component, &mut given)?;
        }
        let given = Rc::new(given);
        self.given.borrow_mut().insert(key, Rc::clone(&given));
        Ok(given)
    }

    /// The limits of a component's period and year.
    pub(super) fn limit_period(
        &self,
        payee: &Payee<'a>,
        place: Place,
        component: &Component,
        given: &mut Given,
    ) -> Result<(), TooLarge> {
        let at = At::payee(self, payee, place.version);
        let rounding = self.rounding(place);
        if let Some((cap, above)) = limit(component.cap.as_ref(), |cap| cap.period.as_ref()) {
            let cap = at.number(cap)?.unwrap_or_default();
            let sum = sum_of(&given.lines);
            if let Some(amount) = self.over_cap(sum, &cap, &above, rounding)? {
                let mut line = self.period_line(payee, place, component);
                self.add_limit(Step::PeriodCap { sum, cap, above }, rounding, amount, &mut line)?;
                given.lines.push(line);
            }
        }
        if let Some((cap, above)) = limit(component.cap.as_ref(), |cap| cap.year.as_ref()) {
            let cap = at.number(cap)?.unwrap_or_default();
            let earlier = self.earlier_in_year(payee, place)?;
            let sum = sum_of(&given.lines);
            let left = cap.minus(&self.major(earlier)).ok_or(TooLarge)?.max(Exact::ZERO);
            if let Some(amount) = self.over_cap(sum, &left, &above, rounding)? {
                let mut line = self.period_line(payee, place, component);
                self.add_limit(Step::YearCap { sum, earlier, cap, above }, rounding, amount, &mut line)?;
                given.lines.push(line);
            }
        }
        if let Some(floor) = &component.floor
            && self.takes_part(payee, place, component)
        {
            let least = at.number(&floor.period)?.unwrap_or_default();
            let sum = sum_of(&given.lines);
            let amount = self.minor(&least, rounding)?.saturating_sub(sum);
            if amount > 0 {
                let mut line = self.period_line(payee, place, component);
                self.add_limit(Step::Least { why: Least::Floor, sum, least }, rounding, amount, &mut line)?;
                given.lines.push(line);
            }
        }
        Ok(())
    }

    /// What a cap takes away, if it takes something: signed.
    fn over_cap(&self, sum: i64, cap: &Exact, above: &Exact, rounding: Rounding) -> Result<Option<i64>, TooLarge> {
        let all = self.major(sum);
        if all <= *cap {
            return Ok(None);
        }
        let limited = capped(&all, cap, above).ok_or(TooLarge)?;
        let amount = self.minor(&limited, rounding)?.saturating_sub(sum);
        Ok((amount != 0).then_some(amount))
    }

    fn add_limit(&self, step: Step, rounding: Rounding, amount: i64, line: &mut Line) -> Result<(), TooLarge> {
        line.raw = self.major(amount);
        line.amount_minor = amount;
        if self.explain {
            line.steps.push(step);
            line.steps.push(Step::Rounded { rounding, exact: amount.into(), amount });
        }
        Ok(())
    }

    /// The plan's periods of the year before this one, in order.
    pub(super) fn earlier_periods(&self, period: Period) -> Vec<Period> {
        let calendar = &self.definitions().company.calendar;
        let year = calendar.range(calendar.period_of(self.range(period).end, PeriodKind::Year));
        let periods = calendar.ending_in(year, period.kind);
        periods.into_iter().take_while(|earlier| *earlier != period).collect()
    }

    fn earlier_in_year(&self, payee: &Payee<'a>, place: Place) -> Result<i64, TooLarge> {
        let mut sum = 0_i64;
        for period in self.earlier_periods(payee.period) {
            if let Some(then) = self.payee(payee.id, period).filter(|then| then.is_on_plan()) {
                sum = sum.saturating_add(sum_of(&self.given(&then, place)?.lines));
            }
        }
        Ok(sum)
    }

    /// What a payee has from the components that read no other's pay, with the plan's own limits and its guarantee.
    pub(super) fn own(&self, payee: &Payee<'a>) -> Result<Given, TooLarge> {
        let mut own = Given::default();
        for place in self.places() {
            let Some(component) = self.component(place).filter(|component| !component.is_shared()) else { continue };
            if component.rate.is_empty() && component.amount.is_none() {
                continue;
            }
            let given = self.given(payee, place)?;
            own.lines.extend(given.lines.iter().cloned());
            own.not_counted.extend(given.not_counted.iter().cloned());
        }
        let Some(version) = payee.last_version() else { return Ok(own) };
        let Some(plan) = self.plan(version) else { return Ok(own) };
        for (at, cap) in plan.caps.iter().enumerate() {
            let name = if plan.caps.len() == 1 { "cap".to_owned() } else { format!("cap_{}", at + 1) };
            self.group_cap(payee, version, cap, &name, &mut own)?;
        }
        self.guarantee(payee, version, &mut own)?;
        Ok(own)
    }

    fn group_cap(
        &self,
        payee: &Payee<'a>,
        version: usize,
        cap: &GroupCap,
        name: &str,
        own: &mut Given,
    ) -> Result<(), TooLarge> {
        let at = At::payee(self, payee, version);
        let rounding = self.plan(version).map(|plan| plan.rounding).unwrap_or_default();
        let above = cap.above.map(Number::exact).unwrap_or_default();
        let within = |line: &&Line| cap.components.contains(&line.component) || line.component == name;
        if let Some(figure) = &cap.period {
            let limit = at.number(figure)?.unwrap_or_default();
            let sum = paid_sum(own.lines.iter().filter(within));
            if let Some(amount) = self.over_cap(sum, &limit, &above, rounding)? {
                let mut line = self.plan_line(payee, version, name);
                let step = Step::PeriodCap { sum, cap: limit, above: above.clone() };
                self.add_limit(step, rounding, amount, &mut line)?;
                own.lines.push(line);
            }
        }
        if let Some(figure) = &cap.year {
            let limit = at.number(figure)?.unwrap_or_default();
            let mut earlier = 0_i64;
            for period in self.earlier_periods(payee.period) {
                if let Some(then) = self.payee(payee.id, period).filter(|then| then.is_on_plan()) {
                    let lines = self.own(&then)?.lines;
                    earlier = earlier.saturating_add(paid_sum(lines.iter().filter(within)));
                }
            }
            let sum = paid_sum(own.lines.iter().filter(within));
            let left = limit.minus(&self.major(earlier)).ok_or(TooLarge)?.max(Exact::ZERO);
            if let Some(amount) = self.over_cap(sum, &left, &above, rounding)? {
                let mut line = self.plan_line(payee, version, name);
                self.add_limit(Step::YearCap { sum, earlier, cap: limit, above }, rounding, amount, &mut line)?;
                own.lines.push(line);
            }
        }
        Ok(())
    }

    /// A line of the whole plan.
    pub(super) fn plan_line(&self, payee: &Payee<'a>, version: usize, name: &str) -> Line {
        Line {
            plan: self.plan_id(version),
            component: name.to_owned(),
            version: self.versions.get(version).map_or(0, |version| version.version),
            period: payee.period,
            kind: Kind::Earning,
            sequence: None,
            person: payee.id,
            role: String::new(),
            date: payee.range.end,
            basis: None,
            raw: Exact::ZERO,
            rates: Vec::new(),
            amount_minor: 0,
            status: Status::Earned,
            unpaid: false,
            shown: Shown::Both,
            steps: Vec::new(),
        }
    }

    fn guarantee(&self, payee: &Payee<'a>, version: usize, own: &mut Given) -> Result<(), TooLarge> {
        let Some(guarantee) = self.plan(version).and_then(|plan| plan.guarantee.as_ref()) else { return Ok(()) };
        let at = At::payee(self, payee, version);
        if let Some(condition) = &guarantee.when
            && !at.holds(condition)?
        {
            return Ok(());
        }
        let mut least = at.number(&guarantee.amount)?.unwrap_or_default();
        if guarantee.prorate {
            let times = self.proration(payee.id, None, version, payee.range);
            least = least.times(&times).ok_or(TooLarge)?;
        }
        let rounding = self.plan(version).map(|plan| plan.rounding).unwrap_or_default();
        let sum = paid_sum(own.lines.iter());
        let amount = self.minor(&least, rounding)?.saturating_sub(sum);
        if amount > 0 {
            let mut line = self.plan_line(payee, version, "guarantee");
            line.kind = Kind::Guarantee;
            self.add_limit(Step::Least { why: Least::Guarantee, sum, least }, rounding, amount, &mut line)?;
            own.lines.push(line);
        }
        Ok(())
    }

    /// What a payee earned under a component in a formula of SHARE.
    pub(super) fn earned(&self, payee: &Payee<'a>, version: usize, id: &str) -> Result<Value, TooLarge> {
        Ok(match self.place_of(version, id) {
            Some(place) => Value::Number(self.major(sum_of(&self.given(payee, place)?.lines))),
            None => Value::Missing,
        })
    }

    /// The lines of a component of any version, by its id, minor units.
    pub(super) fn sum_of_component(&self, person: Id, period: Period, ids: &[String]) -> Result<i64, TooLarge> {
        let Some(payee) = self.payee(person, period) else { return Ok(0) };
        let mut sum = 0_i64;
        for place in self.places() {
            if self.component(place).is_some_and(|component| ids.contains(&component.id) && !component.is_shared()) {
                sum = sum.saturating_add(sum_of(&self.given(&payee, place)?.lines));
            }
        }
        Ok(sum)
    }

    /// Shares a period's pay out to its facts by what each of them counted.
    fn share_out(
        &self,
        payee: &Payee<'a>,
        place: Place,
        component: &Component,
        given: &mut Given,
    ) -> Result<(), TooLarge> {
        let Some(mode) = component.share_out else { return Ok(()) };
        let whole = sum_of(&given.lines);
        let mut all = Exact::ZERO;
        for one in &given.attributed {
            all = all.plus(&one.value).ok_or(TooLarge)?;
        }
        if all.is_zero() || given.attributed.is_empty() {
            return Ok(());
        }
        let mut shares = Vec::with_capacity(given.attributed.len());
        for one in &given.attributed {
            let exact = Exact::from(whole).times(&one.value).and_then(|part| part.over(&all)).ok_or(TooLarge)?;
            shares.push(exact);
        }
        let parts = match mode {
            ShareOut::Down => {
                shares.iter().map(|share| share.to_minor(Rounding::Down).ok_or(TooLarge)).collect::<Result<_, _>>()?
            }
            ShareOut::Exact => by_largest_remainder(whole, &shares).ok_or(TooLarge)?,
        };
        for line in &mut given.lines {
            line.shown = Shown::Statement;
        }
        if mode == ShareOut::Exact {
            given.lines.clear();
        }
        for (one, share) in given.attributed.iter().zip(parts) {
            let mut line = self.period_line(payee, place, component);
            line.sequence = Some(one.sequence);
            line.person = one.person;
            line.role.clone_from(&one.role);
            line.date = one.date;
            line.basis = Some(one.value.clone());
            line.raw = self.major(share);
            line.amount_minor = share;
            if mode == ShareOut::Down {
                line.shown = Shown::Earnings;
            }
            if self.explain {
                let (weight, all) = (one.value.clone(), all.clone());
                line.steps.push(Step::ShareOf { whole, weight, all, share });
                line.steps.push(Step::Rounded { rounding: Rounding::Down, exact: share.into(), amount: share });
            }
            given.lines.push(line);
        }
        Ok(())
    }
}

/// Parts that sum to the whole: each rounded down, what is left to the largest remainders, of equals the first. A negative
/// whole is shared as its mirror image.
pub(super) fn by_largest_remainder(whole: i64, shares: &[Exact]) -> Option<Vec<i64>> {
    if whole < 0 {
        let mirrored: Vec<Exact> = shares.iter().map(Exact::negated).collect();
        let parts = by_largest_remainder(whole.checked_neg()?, &mirrored)?;
        return Some(parts.into_iter().map(|part| -part).collect());
    }
    let mut parts = Vec::with_capacity(shares.len());
    let mut remainders = Vec::with_capacity(shares.len());
    for (at, share) in shares.iter().enumerate() {
        let part = share.floor().as_whole()?;
        remainders.push((share.minus(&part.into())?, at));
        parts.push(part);
    }
    let given: i64 = parts.iter().sum();
    let left = usize::try_from(whole.checked_sub(given)?).ok()?;
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, at) in remainders.into_iter().take(left) {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }
    Some(parts)
}

/// A limit of a cap and the share of what lies above it.
fn limit<'c>(
    cap: Option<&'c Cap>,
    which: impl Fn(&'c Cap) -> Option<&'c crate::plans::Computed>,
) -> Option<(&'c crate::plans::Computed, Exact)> {
    let cap = cap?;
    Some((which(cap)?, cap.above.map(Number::exact).unwrap_or_default()))
}

/// The sum of lines, minor units.
pub(super) fn sum_of(lines: &[Line]) -> i64 {
    lines.iter().filter(|line| line.shown != Shown::Earnings).map(|line| line.amount_minor).fold(0, i64::saturating_add)
}

/// The same of those that are money.
pub(super) fn paid_sum<'l>(lines: impl Iterator<Item = &'l Line>) -> i64 {
    let counts = |line: &&Line| !line.unpaid && line.shown != Shown::Earnings;
    lines.filter(counts).map(|line| line.amount_minor).fold(0, i64::saturating_add)
}
