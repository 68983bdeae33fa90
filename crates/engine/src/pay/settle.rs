//! SETTLE: what is paid of what is earned. Per person, period after period, with the balances in between.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::adjust::paid_sum;
use super::entry::{Entry, EntryKind, Statement, Waiting};
use super::line::{Kind, Line, Shown, Status};
use super::payee::Payee;
use super::run::{Given, Payroll, Place};
use super::scope::At;
use crate::dates::{Period, PeriodKind};
use crate::exact::Exact;
use crate::formula::{Over, TooLarge};
use crate::plans::{
    Component, Computed, Deductions, Draw, Forgive, NeedOf, Number, OnLeaving, OwedOnLeaving, Recognition,
    RetainedUntil, Way,
};
use crate::rounding::Rounding;

/// The balances of a person between two periods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// What is owed, minor units.
    pub owed_minor: i64,
    /// What is held or retained.
    pub waiting: Vec<Waiting>,
    /// What was paid for earlier periods, by period and component, minor units; without a component: that the period is
    /// closed.
    pub paid: BTreeMap<(Period, String), i64>,
}

impl<'a> Payroll<'a> {
    /// The statement of a payee's period from the lines of RATE, ADJUST and SHARE, and what came of earlier periods.
    ///
    /// # Errors
    /// [`TooLarge`] where a number outgrows its bound.
    pub(super) fn settle(
        &self,
        payee: &Payee<'a>,
        given: Given,
        restated: Vec<Entry>,
        balances: &mut Balances,
    ) -> Result<Statement, TooLarge> {
        let mut entries = Vec::new();
        let mut lines = given.lines;
        let leaving = payee.person.end.is_some_and(|end| payee.range.contains(end));
        self.release(payee, leaving, balances, &mut entries)?;
        for line in lines.iter_mut().filter(|line| line.is_pay()) {
            entries.push(entry_of(line));
            let recognition = self.recognition_of(line);
            let waits = match line.status {
                Status::Forfeited => false,
                Status::Held => true,
                Status::Earned => recognition.is_some_and(|needs| !self.is_recognized(needs, line, payee.range.end)),
            };
            if waits && line.amount_minor != 0 {
                line.status = Status::Held;
                entries.push(hold(line, line.amount_minor));
                balances.waiting.push(Waiting {
                    component: line.component.clone(),
                    period: payee.period,
                    sequence: line.sequence,
                    date: line.date,
                    due: None,
                    amount_minor: line.amount_minor,
                });
            }
        }
        self.retain(payee, &lines, leaving, balances, &mut entries)?;
        entries.extend(restated);
        self.true_ups(payee, &mut entries)?;
        // The period is closed, even where nothing was paid.
        balances.paid.entry((payee.period, String::new())).or_default();
        for line in lines.iter().filter(|line| line.is_pay()) {
            *balances.paid.entry((payee.period, line.component.clone())).or_default() += line.amount_minor;
        }
        self.balance(payee, leaving, balances, &mut entries)?;
        entries.retain(|entry| entry.amount_minor != 0 || matches!(entry.kind, EntryKind::Earning));
        Ok(Statement { person: payee.id, period: payee.period, lines, entries, owed_minor: balances.owed_minor })
    }

    fn recognition_of(&self, line: &Line) -> Option<&'a Recognition> {
        let version = self.versions.iter().find(|version| version.version == line.version)?;
        let component = version.plan.components.iter().find(|component| component.id == line.component)?;
        component.recognition.as_ref().filter(|_| line.sequence.is_some())
    }

    /// True where everything that a line needs is there by a day.
    fn is_recognized(&self, recognition: &Recognition, line: &Line, day: NaiveDate) -> bool {
        let books = &self.snapshot.books;
        let Some(fact) = line.sequence.and_then(|sequence| books.fact(sequence)) else { return true };
        let facts = match recognition.of {
            NeedOf::Contract if fact.contract() != 0 => books.facts_of_contract(fact.contract()),
            NeedOf::Opportunity if fact.opportunity() != 0 => books.facts_of_opportunity(fact.opportunity()),
            NeedOf::Account if fact.account_group() != 0 => books.facts_of_account(fact.account_group()),
            _ => return false,
        };
        let taken_back: Vec<u32> =
            facts.iter().filter(|f| f.is_reversal() && f.date() <= day).filter_map(|f| f.refers_to()).collect();
        recognition.needs.iter().all(|need| {
            let Some(kind) = books.dictionary().symbol(&need.kind) else { return false };
            let condition = need.when.compile(books, self.currency);
            facts.iter().any(|other| {
                other.kind() == kind
                    && !other.is_reversal()
                    && !other.is_pending()
                    && other.date() <= day
                    && !taken_back.contains(&other.sequence())
                    && (need.when == crate::conditions::Condition::Always
                        || other.credits().any(|credit| condition.holds(&credit, books.dictionary())))
            })
        })
    }

    /// Releases or forfeits what waited.
    fn release(
        &self,
        payee: &Payee<'a>,
        leaving: bool,
        balances: &mut Balances,
        entries: &mut Vec<Entry>,
    ) -> Result<(), TooLarge> {
        let leavers = payee.last_version().and_then(|version| self.plan(version)?.leavers.clone());
        let on_leaving = leavers.map(|leavers| leavers.held).unwrap_or_default();
        let mut still = Vec::new();
        for waiting in std::mem::take(&mut balances.waiting) {
            let kind = match waiting.due {
                _ if leaving && on_leaving == OnLeaving::Release => Some(EntryKind::Release),
                _ if leaving && on_leaving == OnLeaving::Forfeit => Some(EntryKind::Forfeit),
                Some(due) if due > payee.range.end => None,
                Some(due) => Some(self.on_due(payee, &waiting, due)?),
                None => self.on_needs(payee, &waiting),
            };
            match kind {
                None => still.push(waiting),
                Some(kind) => entries.push(Entry {
                    kind,
                    component: waiting.component,
                    origin: Some(waiting.period),
                    sequence: waiting.sequence,
                    amount_minor: waiting.amount_minor,
                    restated: None,
                }),
            }
        }
        balances.waiting = still;
        Ok(())
    }

    fn component_by_id(&self, payee: &Payee<'a>, id: &str) -> Option<(Place, &'a Component)> {
        let version = payee.last_version().unwrap_or(self.versions.len().saturating_sub(1));
        let place = self.place_of(version, id).or_else(|| {
            self.places().into_iter().rev().find(|place| self.component(*place).is_some_and(|c| c.id == id))
        })?;
        Some((place, self.component(place)?))
    }

    /// What becomes of a retained part on its day.
    fn on_due(&self, payee: &Payee<'a>, waiting: &Waiting, due: NaiveDate) -> Result<EntryKind, TooLarge> {
        let condition = self.component_by_id(payee, &waiting.component);
        let condition = condition.and_then(|(place, c)| Some((place, c.retention.as_ref()?.when.as_ref()?)));
        let holds = match condition {
            Some((place, condition)) => At::payee(self, payee, place.version).holds(condition)?,
            None => payee.person.end.is_none_or(|end| end >= due),
        };
        Ok(if holds { EntryKind::Release } else { EntryKind::Forfeit })
    }

    /// What becomes of a held line now; none where it goes on waiting.
    fn on_needs(&self, payee: &Payee<'a>, waiting: &Waiting) -> Option<EntryKind> {
        let (_, component) = self.component_by_id(payee, &waiting.component)?;
        let fact = waiting.sequence.and_then(|sequence| self.snapshot.books.fact(sequence));
        if fact.is_some_and(|fact| fact.is_pending()) {
            return None;
        }
        let Some(recognition) = &component.recognition else {
            // It waited for its own fact only, which counts now.
            return fact.is_some().then_some(EntryKind::Release);
        };
        let line = self.line_like(waiting);
        if self.is_recognized(recognition, &line, payee.range.end) {
            return Some(EntryKind::Release);
        }
        let within = recognition.within_days?;
        let deadline = waiting.date.checked_add_days(Days::new(within.into()))?;
        (payee.range.end > deadline).then_some(EntryKind::Forfeit)
    }

    /// A line that stands for what waits.
    fn line_like(&self, waiting: &Waiting) -> Line {
        Line {
            plan: String::new(),
            component: waiting.component.clone(),
            version: 0,
            period: waiting.period,
            kind: Kind::Earning,
            sequence: waiting.sequence,
            person: 0,
            role: String::new(),
            date: waiting.date,
            basis: None,
            raw: Exact::ZERO,
            rates: Vec::new(),
            amount_minor: waiting.amount_minor,
            status: Status::Held,
            unpaid: false,
            shown: Shown::Both,
            steps: Vec::new(),
        }
    }

    /// Keeps the retained share of each component back.
    fn retain(
        &self,
        payee: &Payee<'a>,
        lines: &[Line],
        leaving: bool,
        balances: &mut Balances,
        entries: &mut Vec<Entry>,
    ) -> Result<(), TooLarge> {
        for place in self.places() {
            let Some(component) = self.component(place) else { continue };
            let Some(retention) = &component.retention else { continue };
            let version = self.versions.get(place.version).map_or(0, |version| version.version);
            let own = lines.iter().filter(|line| line.component == component.id && line.version == version);
            let sum = paid_sum(own.filter(|line| line.status == Status::Earned));
            if sum <= 0 || leaving {
                continue;
            }
            let exact = self.major(sum).times(&retention.share.exact()).ok_or(TooLarge)?;
            let amount_minor = self.minor(&exact, self.rounding(place))?;
            let due = match retention.until {
                RetainedUntil::Days(days) => payee.range.end.checked_add_days(Days::new(days.into())),
                RetainedUntil::YearEnd => {
                    let calendar = &self.definitions().company.calendar;
                    Some(calendar.range(calendar.period_of(payee.range.end, PeriodKind::Year)).end)
                }
            };
            // In the year's last period it is due at once: nothing is kept back.
            let Some(due) = due.filter(|due| *due > payee.range.end) else { continue };
            entries.push(Entry {
                kind: EntryKind::Hold,
                component: component.id.clone(),
                origin: None,
                sequence: None,
                amount_minor: -amount_minor,
                restated: None,
            });
            balances.waiting.push(Waiting {
                component: component.id.clone(),
                period: payee.period,
                sequence: None,
                date: payee.range.end,
                due: Some(due),
                amount_minor,
            });
        }
        Ok(())
    }

    /// 多退少补 of the components whose longer span ends with this period.
    fn true_ups(&self, payee: &Payee<'a>, entries: &mut Vec<Entry>) -> Result<(), TooLarge> {
        // Who left before the span ended keeps what was paid.
        for place in self.places().into_iter().filter(|_| payee.is_on_plan()) {
            let Some(component) = self.component(place) else { continue };
            let (Some(true_up), Way::Rate(own)) = (&component.true_up, component.way()) else { continue };
            let kind = if true_up.over == Over::Year { PeriodKind::Year } else { PeriodKind::Quarter };
            let calendar = &self.definitions().company.calendar;
            let span = calendar.range(calendar.period_of(payee.range.end, kind));
            if span.end != payee.range.end {
                continue;
            }
            let parts = if true_up.rate.is_empty() { own } else { true_up.rate.as_slice() };
            let mut whole = Given::default();
            self.rated(payee, place, parts, span, true_up.over, &mut whole)?;
            let capped = Component { cap: true_up.cap.clone(), floor: None, ..component.clone() };
            self.limit_period(payee, place, &capped, &mut whole)?;
            let mut paid = 0_i64;
            for period in calendar.ending_in(span, payee.period.kind) {
                if let Some(then) = self.payee(payee.id, period) {
                    paid = paid.saturating_add(paid_sum(self.given(&then, place)?.lines.iter()));
                }
            }
            let amount_minor = paid_sum(whole.lines.iter()).saturating_sub(paid);
            if amount_minor != 0 {
                entries.push(Entry {
                    kind: EntryKind::TrueUp,
                    component: component.id.clone(),
                    origin: None,
                    sequence: None,
                    amount_minor,
                    restated: None,
                });
            }
        }
        Ok(())
    }

    /// Draw, recovery and forgiveness: what is paid is never negative, what is missing is owed.
    fn balance(
        &self,
        payee: &Payee<'a>,
        leaving: bool,
        balances: &mut Balances,
        entries: &mut Vec<Entry>,
    ) -> Result<(), TooLarge> {
        let version = payee.last_version();
        let plan = version.and_then(|version| self.plan(version));
        let (positive, negative) = net(entries);
        let draw = plan.and_then(|plan| plan.draw.as_ref());
        let deductions = plan.and_then(|plan| plan.deductions.as_ref());
        let at_least = self.drawn(payee, version, draw)?;
        let (floor, most) = self.limits(payee, version, deductions, positive)?;
        let floor = floor.max(at_least);
        let mut push = |kind, amount_minor| {
            entries.push(Entry {
                kind,
                component: String::new(),
                origin: None,
                sequence: None,
                amount_minor,
                restated: None,
            });
        };
        if positive < at_least {
            let lent = at_least - positive;
            push(EntryKind::Draw, negative.saturating_add(lent));
            let recoverable = draw.is_some_and(|draw| draw.recoverable);
            balances.owed_minor =
                balances.owed_minor.saturating_add(negative).saturating_add(if recoverable { lent } else { 0 });
        } else {
            let limit = most.min((positive - floor).max(0));
            let allowed = negative.saturating_add(balances.owed_minor).min(limit);
            let moved = negative - allowed;
            push(if moved > 0 { EntryKind::Draw } else { EntryKind::Recovery }, moved);
            balances.owed_minor = balances.owed_minor.saturating_add(moved);
        }
        if balances.owed_minor > 0 && self.forgives(payee, draw, leaving) {
            push(EntryKind::Forgiveness, balances.owed_minor);
            balances.owed_minor = 0;
        }
        Ok(())
    }

    fn drawn(&self, payee: &Payee<'a>, version: Option<usize>, draw: Option<&Draw>) -> Result<i64, TooLarge> {
        let (Some(version), Some(draw)) = (version, draw) else { return Ok(0) };
        let at = At::payee(self, payee, version);
        if let Some(condition) = &draw.when
            && !at.holds(condition)?
        {
            return Ok(0);
        }
        self.rounded_figure(&at, &draw.amount, version)
    }

    fn rounded_figure(&self, at: &At<'_, 'a>, figure: &Computed, version: usize) -> Result<i64, TooLarge> {
        let amount = at.number(figure)?.unwrap_or_default();
        let rounding = self.plan(version).map(|plan| plan.rounding).unwrap_or_default();
        Ok(self.minor(&amount, rounding)?.max(0))
    }

    /// What is paid at least, and how much may be kept back.
    fn limits(
        &self,
        payee: &Payee<'a>,
        version: Option<usize>,
        deductions: Option<&Deductions>,
        positive: i64,
    ) -> Result<(i64, i64), TooLarge> {
        let (Some(version), Some(deductions)) = (version, deductions) else { return Ok((0, i64::MAX)) };
        let at = At::payee(self, payee, version);
        let floor = match &deductions.floor {
            Some(floor) => self.rounded_figure(&at, floor, version)?,
            None => 0,
        };
        let most = match deductions.most.map(Number::exact) {
            Some(most) => self.minor(&self.major(positive).times(&most).ok_or(TooLarge)?, Rounding::Down)?,
            None => i64::MAX,
        };
        Ok((floor, most))
    }

    fn forgives(&self, payee: &Payee<'a>, draw: Option<&Draw>, leaving: bool) -> bool {
        let plan = payee.last_version().and_then(|version| self.plan(version));
        let leaver = plan.and_then(|plan| plan.leavers.as_ref()).map(|leavers| leavers.owed).unwrap_or_default();
        if leaving && leaver == OwedOnLeaving::Forgive {
            return true;
        }
        match draw.map(|draw| draw.forgive).unwrap_or_default() {
            Forgive::Never => false,
            Forgive::PlanEnd => plan.and_then(|plan| plan.to).is_some_and(|to| payee.range.contains(to)),
            Forgive::YearEnd => {
                let calendar = &self.definitions().company.calendar;
                let year = calendar.period_of(payee.range.end, PeriodKind::Year);
                calendar.range(year).end == payee.range.end
            }
        }
    }
}

fn entry_of(line: &Line) -> Entry {
    let kind = match line.kind {
        Kind::Earning => EntryKind::Earning,
        Kind::Clawback => EntryKind::Clawback,
        Kind::Override => EntryKind::Override,
        Kind::PoolShare => EntryKind::PoolShare,
        Kind::Guarantee => EntryKind::Guarantee,
    };
    Entry {
        kind,
        component: line.component.clone(),
        origin: None,
        sequence: line.sequence,
        amount_minor: line.amount_minor,
        restated: None,
    }
}

fn hold(line: &Line, amount: i64) -> Entry {
    Entry {
        kind: EntryKind::Hold,
        component: line.component.clone(),
        origin: None,
        sequence: line.sequence,
        amount_minor: -amount,
        restated: None,
    }
}

/// Positive and negative entries, the latter as a magnitude. A line and its own hold cancel, and what is retained makes the
/// positive side smaller.
fn net(entries: &[Entry]) -> (i64, i64) {
    let (mut positive, mut negative) = (0_i64, 0_i64);
    for entry in entries {
        let amount = entry.amount_minor;
        match entry.kind {
            EntryKind::Forfeit | EntryKind::Forgiveness | EntryKind::Draw | EntryKind::Recovery => {}
            EntryKind::Hold if amount > 0 => negative = negative.saturating_sub(amount),
            EntryKind::Hold => positive = positive.saturating_add(amount),
            _ if amount > 0 => positive = positive.saturating_add(amount),
            _ => negative = negative.saturating_sub(amount),
        }
    }
    (positive, negative.max(0))
}
