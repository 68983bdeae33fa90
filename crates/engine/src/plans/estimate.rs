//! The estimate: what a person has earned in a period, as of now, line by line with the reason.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::model::{Axis, Band, Component, IfLost, Mode, Plan, PlanMeasure, PlanVersion, Rate};
use super::rate::{Table, is_marginal, look_up};
use super::resolve::{Enrolment, is_on, plans, version_on};
use crate::Snapshot;
use crate::books::{CreditView, FactView, Id, Sym};
use crate::conditions::Compiled;
use crate::dates::{DateRange, Period};
use crate::explain::{Step, recompute};
use crate::facts::basis_kinds;
use crate::goals;
use crate::metrics::{Cut, Formula, Subject};
use crate::money::{Currency, parse_minor};

/// How a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// 生效.
    Earned,
    /// 待生效: its fact waits for its recognition.
    Held,
    /// 作废.
    Forfeited,
}

impl Status {
    /// The word in files and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Earned => "earned",
            Self::Held => "held",
            Self::Forfeited => "forfeited",
        }
    }
}

/// A line: what one fact earns under one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The plan's key.
    pub plan: String,
    /// The version that rated the fact.
    pub version: u32,
    /// The component.
    pub component: String,
    /// The plan's period it belongs to.
    pub period: Period,
    /// The ledger's number of the fact.
    pub sequence: u32,
    /// The day it counts on.
    pub date: NaiveDate,
    /// The basis, minor units (a reward has none).
    pub basis_minor: Option<i64>,
    /// The rates that were applied, in the order of their bands.
    pub rates: Vec<Decimal>,
    /// The amount, minor units; 0 where it was forfeited.
    pub amount_minor: i64,
    /// How it stands.
    pub status: Status,
    /// Why.
    pub steps: Vec<Step>,
}

/// A fact that a plan would count but cannot, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCounted {
    /// The ledger's number of the fact.
    pub sequence: u32,
    /// The component.
    pub component: String,
    /// A stable code: `currency`, `no_measure` (the number the component goes by is empty), `no_opportunity`
    /// (a stage reward needs the deal), `too_large`.
    pub reason: &'static str,
}

/// How far the next tier is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierProgress {
    /// The plan's key.
    pub plan: String,
    /// The version.
    pub version: u32,
    /// The component.
    pub component: String,
    /// The plan's period.
    pub period: Period,
    /// What chooses the band.
    pub axis: Axis,
    /// Marginal or whole.
    pub mode: Mode,
    /// Where the person stands: major units, or attainment; what is held is not in it.
    pub position: Decimal,
    /// What is held and would be added.
    pub held: Decimal,
    /// The bands.
    pub bands: Vec<Band>,
    /// The next band: where it begins, what is missing, its rate.
    pub next: Option<(Decimal, Decimal, Decimal)>,
}

/// A plan in one of its periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanPeriod {
    /// The version in force on the last day of the period, or the last one that was.
    pub version: PlanVersion,
    /// The period.
    pub period: Period,
    /// Earned plus held, minor units.
    pub total_minor: i64,
}

/// A person's estimate for a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Plans whose period ends in the asked one.
    pub plans: Vec<PlanPeriod>,
    /// True where the person is on a plan in force in the asked period, even if none of its periods ends in it.
    pub on_a_plan: bool,
    /// The lines, by date, fact, plan, component.
    pub lines: Vec<Line>,
    /// Distances to the next tier.
    pub tiers: Vec<TierProgress>,
    /// Facts that could not be counted.
    pub not_counted: Vec<NotCounted>,
}

impl Estimate {
    /// Earned plus held, minor units.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        self.lines.iter().map(|line| line.amount_minor).sum()
    }
}

/// Computes a person's estimate: the sum over the plan periods whose last day lies in the asked period, of what is
/// earned plus what is held, as of now, under all plans of the person.
#[must_use]
pub fn estimate(snapshot: &Snapshot, person: Id, asked: Period) -> Estimate {
    let calendar = &snapshot.definitions.company.calendar;
    let asked_range = calendar.range(asked);
    let mut estimate = Estimate::default();
    // Plans mostly share their periods.
    let mut known: Vec<(DateRange, Vec<CreditView<'_>>)> = Vec::new();
    for versions in plans(&snapshot.definitions) {
        estimate.on_a_plan |= is_on(&snapshot.definitions, &versions, person, asked_range);
        let Some(kind) = versions.first().map(|v| v.plan.period) else { continue };
        for period in calendar.ending_in(asked_range, kind) {
            let range = calendar.range(period);
            if is_on(&snapshot.definitions, &versions, person, range) {
                let at = known.iter().position(|(days, _)| *days == range).unwrap_or_else(|| {
                    known.push((range, snapshot.books.credits_of(person, range.start, range.end)));
                    known.len() - 1
                });
                let credits = known.get(at).map(|(_, credits)| credits.as_slice()).unwrap_or_default();
                one_period(snapshot, person, &versions, (period, range), credits, &mut estimate);
            }
        }
    }
    estimate
        .lines
        .sort_by(|a, b| (a.date, a.sequence, &a.plan, &a.component).cmp(&(b.date, b.sequence, &b.plan, &b.component)));
    estimate
}

/// What rating needs to know of a component.
struct Rating<'a> {
    snapshot: &'a Snapshot,
    person: Id,
    range: DateRange,
    period: Period,
    version: &'a PlanVersion,
    component: &'a Component,
    currency: Currency,
}

fn one_period(
    snapshot: &Snapshot,
    person: Id,
    versions: &[&PlanVersion],
    (period, range): (Period, DateRange),
    credits: &[CreditView<'_>],
    estimate: &mut Estimate,
) {
    let before = estimate.lines.len();
    let mut used: Vec<&PlanVersion> = versions.iter().copied().filter(|v| v.plan.from <= range.end).collect();
    used.sort_by_key(|v| v.version);
    for version in &used {
        for component in &version.plan.components {
            let currency = snapshot.definitions.company.currency;
            let rating = Rating { snapshot, person, range, period, version, component, currency };
            rating.run(versions, credits, estimate);
        }
    }
    let total_minor = estimate.lines.iter().skip(before).map(|line| line.amount_minor).sum();
    let last = version_on(versions, range.end).or(used.last().copied());
    if let Some(version) = last {
        estimate.plans.push(PlanPeriod { version: version.clone(), period, total_minor });
    }
}

/// A credited figure that counts for a component.
struct Counted<'a> {
    credit: CreditView<'a>,
    whole: i64,
    credited: i64,
}

impl Rating<'_> {
    fn plan(&self) -> &Plan {
        &self.version.plan
    }

    fn missed(&self, fact: &FactView<'_>, reason: &'static str) -> NotCounted {
        NotCounted { sequence: fact.sequence(), component: self.component.id.clone(), reason }
    }

    /// The facts the component is earned on, those that count before those that are held: a held fact is rated as if
    /// it came last.
    fn counted<'a>(&self, credits: &[CreditView<'a>], estimate: &mut Estimate) -> Vec<Counted<'a>> {
        let (kinds, condition) = self.basis();
        let dictionary = self.snapshot.books.dictionary();
        let kinds: Vec<_> = kinds.iter().filter_map(|kind| dictionary.symbol(kind)).collect();
        let roles: Vec<_> = self.component.roles.iter().filter_map(|role| dictionary.symbol(role)).collect();
        let currency = dictionary.symbol(self.currency.code());
        let mut counted = Vec::new();
        for credit in credits {
            let fact = &credit.fact;
            let fits = kinds.contains(&fact.kind())
                && roles.contains(&credit.role())
                && condition.iter().all(|part| part.holds(credit, dictionary));
            if !fits {
                continue;
            }
            if Some(fact.currency()) != currency {
                estimate.not_counted.push(self.missed(fact, "currency"));
                continue;
            }
            let whole = match self.component.measure {
                PlanMeasure::Amount => Some(fact.amount_minor()),
                PlanMeasure::AmountExclTax => fact.amount_excl_tax_minor(),
                PlanMeasure::Margin => fact.margin_minor(),
            };
            match whole {
                Some(whole) => counted.push(Counted { credit: *credit, whole, credited: credit.part_of(whole) }),
                None => estimate.not_counted.push(self.missed(fact, "no_measure")),
            }
        }
        counted.sort_by_key(|c| (c.credit.fact.is_pending(), c.credit.fact.order()));
        counted
    }

    /// The kinds of fact and the conditions: the component's own, and the metric's where the basis is one.
    fn basis(&self) -> (Vec<String>, Vec<Compiled>) {
        let books = &self.snapshot.books;
        let own = self.component.when.compile(books, self.currency);
        match self.snapshot.definitions.metric_on(&self.component.basis, self.range.end) {
            None => (basis_kinds(&self.component.basis), vec![own]),
            Some(metric) => {
                let condition = match &metric.formula {
                    Formula::Sum { when, .. }
                    | Formula::Count { when, .. }
                    | Formula::Distinct { when, .. }
                    | Formula::Average { when, .. } => when.compile(books, self.currency),
                    Formula::Ratio { .. } => Compiled::Constant(true),
                };
                (metric.formula.kinds(), vec![own, condition])
            }
        }
    }

    fn run(&self, versions: &[&PlanVersion], credits: &[CreditView<'_>], estimate: &mut Estimate) {
        let counted = self.counted(credits, estimate);
        let mut before = 0_i64;
        let tiers = self.tiers(&counted);
        let enrolment = Enrolment::of(&self.snapshot.definitions, &self.plan().who, self.person);
        let reward = Reward::of(self);
        for one in &counted {
            let fact = &one.credit.fact;
            let after = before.saturating_add(one.credited);
            let date = fact.date();
            let emit = version_on(versions, date).is_some_and(|v| v.version == self.version.version)
                && enrolment.meets(DateRange { start: date, end: date });
            if emit {
                match self.steps(one, before, after, tiers.as_ref(), reward.as_ref()) {
                    Some(Some((steps, status))) => estimate.lines.push(self.line(one, steps, status)),
                    // A deal that is not named cannot be told from another: its entry would be paid again and again.
                    Some(None) if fact.opportunity() == 0 && !fact.is_reversal() => {
                        estimate.not_counted.push(self.missed(fact, "no_opportunity"));
                    }
                    Some(None) => {}
                    None => estimate.not_counted.push(self.missed(fact, "too_large")),
                }
            }
            before = after;
        }
        self.progress(versions, &counted, tiers.as_ref(), estimate);
    }

    /// The steps of one line. The outer `None`: beyond what can be kept; the inner: no line at all.
    fn steps(
        &self,
        one: &Counted<'_>,
        before: i64,
        after: i64,
        tiers: Option<&Tiers>,
        reward: Option<&Reward>,
    ) -> Option<Option<(Vec<Step>, Status)>> {
        let credit = &one.credit;
        let mut steps = Vec::new();
        let mut status = if credit.fact.is_pending() { Status::Held } else { Status::Earned };
        if !matches!(self.component.rate, Rate::Reward { .. }) {
            let share_ppm = credit.share_ppm();
            steps.push(Step::Credited { whole: one.whole, share_ppm, credited: one.credited });
        }
        match &self.component.rate {
            Rate::Flat(rate) => {
                steps.push(Step::Part { label: crate::explain::Label::Flat, part: one.credited.into(), rate: rate.0 });
            }
            Rate::Lookup { rows, default, .. } => {
                let dictionary = self.snapshot.books.dictionary();
                steps.push(look_up(rows, default.0, credit, dictionary, one.credited));
            }
            Rate::Tiers { mode, .. } => {
                let tiers = tiers?;
                steps.extend(tiers.attainment.clone());
                if is_marginal(*mode) {
                    steps.push(Step::Position { before, after });
                    steps.extend(tiers.table.parts(before.into(), after.into()));
                } else {
                    steps.push(tiers.table.whole(tiers.reached, one.credited));
                }
            }
            Rate::Reward { if_lost, .. } => {
                let reward = reward?;
                let Some(lost) = self.first_entry(&credit.fact, reward) else { return Some(None) };
                steps.push(Step::Reward { amount: reward.minor, share_ppm: credit.share_ppm() });
                if let (IfLost::Forfeit, Some(lost)) = (if_lost, lost) {
                    steps.push(Step::Forfeited { sequence: lost });
                    status = Status::Forfeited;
                }
            }
        }
        let exact = exact_of(&steps)?;
        let amount = self.plan().rounding.to_minor(exact)?;
        steps.push(Step::Rounded { rounding: self.plan().rounding, exact, amount });
        Some(Some((steps, status)))
    }

    fn line(&self, one: &Counted<'_>, steps: Vec<Step>, status: Status) -> Line {
        let is_reward = matches!(self.component.rate, Rate::Reward { .. });
        let rates = steps
            .iter()
            .filter_map(|step| match step {
                Step::Part { rate, .. } => Some(*rate),
                _ => None,
            })
            .collect();
        Line {
            plan: self.plan().id.clone(),
            version: self.version.version,
            component: self.component.id.clone(),
            period: self.period,
            sequence: one.credit.fact.sequence(),
            date: one.credit.fact.date(),
            basis_minor: (!is_reward).then_some(one.credited),
            rates,
            amount_minor: recompute(&steps).unwrap_or_default(),
            status,
            steps,
        }
    }

    /// How a reward for entering a stage stands: none where this is not the first entry of the deal into the stage that
    /// was not taken back, over all time and all people; else the fact by which the deal stands lost now, if it does.
    fn first_entry(&self, fact: &FactView<'_>, reward: &Reward) -> Option<Option<u32>> {
        if fact.is_reversal() || fact.opportunity() == 0 {
            return None;
        }
        let dictionary = self.snapshot.books.dictionary();
        let stage = dictionary.attribute(fact.attributes(), reward.stage);
        let same = |other: &FactView<'_>| {
            other.kind() == fact.kind() && dictionary.attribute(other.attributes(), reward.stage) == stage
        };
        let mut facts = self.snapshot.books.facts_of_opportunity(fact.opportunity());
        let taken_back: Vec<u32> = facts.iter().filter(|f| f.is_reversal()).filter_map(FactView::refers_to).collect();
        facts.retain(|f| !f.is_reversal() && !taken_back.contains(&f.sequence()));
        if facts.iter().find(|other| same(other))?.sequence() != fact.sequence() {
            return None;
        }
        let last = facts.iter().rev().find(|f| Some(f.kind()) == reward.lost || Some(f.kind()) == reward.won);
        Some(last.filter(|last| Some(last.kind()) == reward.lost).map(FactView::sequence))
    }

    fn tiers(&self, counted: &[Counted<'_>]) -> Option<Tiers> {
        let Rate::Tiers { on, rows, .. } = &self.component.rate else { return None };
        let unit = Decimal::from(10_i64.pow(self.currency.digits()));
        let earned: i64 = counted.iter().filter(|c| !c.credit.fact.is_pending()).map(|c| c.credited).sum();
        let all: i64 = counted.iter().map(|c| c.credited).sum();
        match on {
            Axis::Amount => {
                let table = Table::new(rows, unit)?;
                Some(Tiers {
                    table,
                    reached: all.into(),
                    position: Decimal::from(earned) / unit,
                    unit,
                    attainment: None,
                })
            }
            Axis::Attainment(code) => self.attainment_tiers(code, rows, unit),
        }
    }

    /// Tiers on attainment: boundaries are shares of the target; without a target the lowest band applies.
    fn attainment_tiers(&self, code: &str, rows: &[Band], unit: Decimal) -> Option<Tiers> {
        let definitions = &self.snapshot.definitions;
        let metric = definitions.metric_on(code, self.range.end)?;
        let subject = Subject::Person(self.person);
        let (value, found, reached) = goals::assess(self.snapshot, metric, subject, self.period, &Cut::default());
        let target = found.map(|found| found.base).filter(|target| !target.is_zero());
        let step = Step::Attainment { metric: metric.name.clone(), value: value.unwrap_or_default(), target };
        match (target, reached) {
            (Some(target), Some(reached)) => {
                let scale = target.checked_mul(unit)?;
                let table = Table::new(rows, scale)?;
                let reached_minor = reached.checked_mul(scale)?;
                Some(Tiers { table, reached: reached_minor, position: reached, unit: scale, attainment: Some(step) })
            }
            _ => {
                let lowest = rows.first().map(|row| row.rate.0).unwrap_or_default();
                let table = Table { starts: vec![Decimal::ZERO], rates: vec![lowest] };
                Some(Tiers { table, reached: Decimal::ZERO, position: Decimal::ZERO, unit, attainment: Some(step) })
            }
        }
    }

    fn progress(
        &self,
        versions: &[&PlanVersion],
        counted: &[Counted<'_>],
        tiers: Option<&Tiers>,
        estimate: &mut Estimate,
    ) {
        let (Rate::Tiers { mode, on, rows }, Some(tiers)) = (&self.component.rate, tiers) else { return };
        let in_force = version_on(versions, self.range.end).is_some_and(|v| v.version == self.version.version);
        if !in_force {
            return;
        }
        let held: i64 = counted.iter().filter(|c| c.credit.fact.is_pending()).map(|c| c.credited).sum();
        let next = rows.iter().find(|row| row.from.0 > tiers.position);
        estimate.tiers.push(TierProgress {
            plan: self.plan().id.clone(),
            version: self.version.version,
            component: self.component.id.clone(),
            period: self.period,
            axis: on.clone(),
            mode: *mode,
            position: tiers.position,
            held: Decimal::from(held) / tiers.unit,
            bands: rows.clone(),
            next: next.map(|row| (row.from.0, row.from.0 - tiers.position, row.rate.0)),
        });
    }
}

/// What a reward for entering a stage needs, looked up once.
struct Reward {
    /// Minor units.
    minor: i64,
    /// The attribute that holds the stage.
    stage: Sym,
    won: Option<Sym>,
    lost: Option<Sym>,
}

impl Reward {
    /// None where the rate is no reward, or beyond what can be kept.
    fn of(rating: &Rating<'_>) -> Option<Self> {
        let Rate::Reward { amount, .. } = &rating.component.rate else { return None };
        let dictionary = rating.snapshot.books.dictionary();
        Some(Self {
            minor: parse_minor(&amount.0.normalize().to_string(), rating.currency).ok()?,
            stage: dictionary.symbol("stage").unwrap_or_default(),
            won: dictionary.symbol("opportunity_won"),
            lost: dictionary.symbol("opportunity_lost"),
        })
    }
}

/// A tier table ready for a person and period.
struct Tiers {
    table: Table,
    /// What chose the band of whole-amount tiers, in the table's unit.
    reached: Decimal,
    /// Where the person stands, in the plan's unit.
    position: Decimal,
    /// Minor units for one of the plan's unit.
    unit: Decimal,
    attainment: Option<Step>,
}

/// The exact amount of the steps before rounding.
fn exact_of(steps: &[Step]) -> Option<Decimal> {
    let mut exact = Decimal::ZERO;
    for step in steps {
        match step {
            Step::Part { part, rate, .. } => exact = exact.checked_add(part.checked_mul(*rate)?)?,
            Step::Reward { amount, share_ppm } => {
                let share = Decimal::new(i64::from(*share_ppm), 6);
                exact = exact.checked_add(Decimal::from(*amount).checked_mul(share)?)?;
            }
            _ => {}
        }
    }
    Some(exact)
}

/// Sums of lines by status, minor units.
#[must_use]
pub fn by_status(lines: &[Line]) -> Vec<(Status, i64, usize)> {
    let mut sums: FxHashMap<Status, (i64, usize)> = FxHashMap::default();
    for line in lines {
        let entry = sums.entry(line.status).or_default();
        entry.0 += line.amount_minor;
        entry.1 += 1;
    }
    let mut sums: Vec<_> = sums.into_iter().map(|(status, (sum, count))| (status, sum, count)).collect();
    sums.sort_unstable();
    sums
}
