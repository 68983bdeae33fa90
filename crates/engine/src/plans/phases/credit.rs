//! CREDIT and the first half of MEASURE: facts become lines of a person with an exact basis.

use rust_decimal::Decimal;

use super::super::estimate::NotCounted;
use super::super::model::{Component, PlanMeasure, PlanVersion, Rule};
use super::resolve::Resolved;
use super::{Place, Run, is_stage};
use crate::books::{CreditRef, DimField, IntField};
use crate::conditions::{Compiled, Condition};
use crate::dates::{day_number, day_of_number};
use crate::explain::{Clause, Step};
use crate::facts;
use crate::metrics::{Cut, Formula, Measure, MetricVersion, Subject, evaluate};
use crate::money::Currency;
use crate::rounding::{divide, multiply, round_to_minor};

/// A person's part of a fact under a component, with the steps that led to it.
pub(super) struct CreditLine<'a> {
    pub(super) place: Place<'a>,
    pub(super) sequence: u32,
    pub(super) credit: usize,
    /// The day it counts; none while it waits.
    pub(super) counted: Option<i32>,
    /// The day it is ordered by: the day it counts, or its date.
    pub(super) order_day: i32,
    /// Minor units; units x factor for quantities; the shared reward for stages.
    pub(super) basis: Decimal,
    /// What the line shows as its basis.
    pub(super) basis_minor: i64,
    pub(super) role: String,
    /// The row of a lookup that applies, and its rate.
    pub(super) lookup: Option<(u32, Decimal)>,
    /// The losing fact of a stage reward that is forfeited.
    pub(super) lost: Option<(u32, i32)>,
    pub(super) steps: Vec<Step>,
}

impl CreditLine<'_> {
    pub(super) fn waits(&self) -> bool {
        self.counted.is_none()
    }
}

/// All lines of a component, over all versions that have it.
pub(super) struct Bucket<'a> {
    /// The component as the latest version has it.
    pub(super) place: Place<'a>,
    pub(super) lines: Vec<CreditLine<'a>>,
}

/// A component compiled against the snapshot.
struct Ready<'a> {
    place: Place<'a>,
    bucket: usize,
    kinds: Vec<u32>,
    condition: Compiled,
    metric_condition: Compiled,
    roles: Vec<u32>,
    field: IntField,
    measure: PlanMeasure,
    rows: Vec<Compiled>,
}

impl<'a> Run<'a> {
    pub(super) fn credit(
        &self,
        resolved: &Resolved<'a>,
        not_counted: &mut Vec<NotCounted>,
    ) -> Vec<Bucket<'a>> {
        let mut buckets: Vec<Bucket<'a>> = Vec::new();
        let mut ready: Vec<Ready<'a>> = Vec::new();
        for version in &resolved.versions {
            for component in &version.components {
                let place = Place { version, component };
                let bucket = match buckets
                    .iter()
                    .position(|bucket| bucket.place.component.id == component.id)
                {
                    Some(at) => at,
                    None => {
                        buckets.push(Bucket {
                            place,
                            lines: Vec::new(),
                        });
                        buckets.len() - 1
                    }
                };
                buckets[bucket].place = place;
                match self.metric_basis(component) {
                    Some(metric) if !is_fact_sum(&metric.formula) => {
                        buckets[bucket]
                            .lines
                            .extend(self.value_line(resolved, place, metric));
                    }
                    metric => ready.push(self.make_ready(place, bucket, metric)),
                }
            }
        }
        let Some(person) = self.snapshot.books.find_person(self.person) else {
            return buckets;
        };
        self.snapshot
            .books
            .credits_of(person, self.range, true, |credit| {
                let day = credit.fact.day();
                // A waiting fact stands in the period of its own date until it is recognised.
                if credit.counted.is_none()
                    && !(day_number(self.range.start)..=day_number(self.range.end)).contains(&day)
                {
                    return;
                }
                let Some(version) = resolved.version_on(day) else {
                    return;
                };
                for component in ready
                    .iter()
                    .filter(|ready| std::ptr::eq(ready.place.version, version))
                {
                    if component.takes(self, credit) {
                        match self.credit_line(component, credit) {
                            Ok(Some(line)) => buckets[component.bucket].lines.push(line),
                            Ok(None) => {}
                            Err(reason) => not_counted.push(self.refuse(
                                component.place,
                                credit.fact.sequence(),
                                reason,
                            )),
                        }
                    }
                }
            });
        buckets
    }

    /// The metric a component goes by, where its basis is no kind of fact.
    pub(super) fn metric_basis(&self, component: &Component) -> Option<&'a MetricVersion> {
        if facts::standard(&component.basis).is_some() {
            return None;
        }
        self.snapshot
            .definitions
            .metric_on(&component.basis, self.range.end)
    }

    fn make_ready(
        &self,
        place: Place<'a>,
        bucket: usize,
        metric: Option<&'a MetricVersion>,
    ) -> Ready<'a> {
        let books = &self.snapshot.books;
        let component = place.component;
        let (kinds, metric_condition, measure) = match metric.map(|metric| &metric.formula) {
            Some(Formula::Sum { measure, facts }) => (
                facts.of.clone(),
                facts.condition.clone(),
                plan_measure(measure),
            ),
            _ => (
                basis_kinds(&component.basis),
                Condition::Always,
                component.measure,
            ),
        };
        let rows = match &component.rule {
            Rule::Lookup { rows, .. } => rows.iter().map(|row| row.when.compile(books)).collect(),
            _ => Vec::new(),
        };
        Ready {
            place,
            bucket,
            kinds: kinds
                .iter()
                .filter_map(|kind| books.find_word(kind))
                .collect(),
            condition: component.condition.compile(books),
            metric_condition: metric_condition.compile(books),
            roles: component
                .roles
                .iter()
                .filter_map(|role| books.find_word(role))
                .collect(),
            field: match measure {
                PlanMeasure::Amount => IntField::Amount,
                PlanMeasure::AmountExclTax => IntField::AmountExclTax,
                PlanMeasure::Margin => IntField::Margin,
                PlanMeasure::Quantity => IntField::Quantity,
            },
            measure,
            rows,
        }
    }

    fn credit_line(
        &self,
        ready: &Ready<'a>,
        credit: CreditRef<'a>,
    ) -> Result<Option<CreditLine<'a>>, &'static str> {
        let books = &self.snapshot.books;
        let fact = credit.fact;
        let counted = credit.counted.filter(|day| *day <= day_number(self.as_of));
        let mut line = CreditLine {
            place: ready.place,
            sequence: fact.sequence(),
            credit: credit.credit,
            counted,
            order_day: credit.counted.unwrap_or(fact.day()),
            basis: Decimal::ZERO,
            basis_minor: 0,
            role: books.word_of(credit.role()).to_owned(),
            lookup: None,
            lost: None,
            steps: Vec::new(),
        };
        if is_stage(ready.place.component) {
            return self.stage_line(line, credit);
        }
        let whole = fact.int(ready.field).ok_or("no_measure")?;
        let currency = books
            .currency_of(fact.dim(DimField::Currency))
            .ok_or("no_exchange_rate")?;
        line.steps.push(Step::Fact {
            sequence: fact.sequence(),
            kind: books.word_of(fact.dim(DimField::Kind)).to_owned(),
            date: fact.date(),
            measure: ready.measure.word().to_owned(),
            whole,
            currency,
        });
        let part = credit.part_of(whole);
        line.steps.push(share_step(books, credit, part));
        let plan_currency = ready.place.version.currency;
        if ready.measure == PlanMeasure::Quantity {
            line.basis_minor = part;
            line.basis = units(part, plan_currency);
            line.steps.push(Step::Units {
                factor: plan_currency.factor(),
                output: line.basis,
            });
        } else {
            line.basis_minor =
                self.convert(part, currency, plan_currency, &mut line.steps, fact.day())?;
            line.basis = Decimal::from(line.basis_minor);
        }
        if let Rule::Lookup { rows, default } = &ready.place.component.rule {
            let role = Some(credit.role());
            let matching = rows
                .iter()
                .enumerate()
                .filter(|(at, _)| ready.rows[*at].holds(books, fact, role));
            // max_by_key keeps the last of equals: reversed, so that the first row wins.
            let best = matching.rev().max_by_key(|(_, row)| row.when.specificity());
            line.lookup = best
                .map(|(at, row)| (at as u32 + 1, row.rate))
                .or(default.map(|rate| (0, rate)));
            if line.lookup.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(line))
    }

    fn convert(
        &self,
        part: i64,
        from: Currency,
        to: Currency,
        steps: &mut Vec<Step>,
        day: i32,
    ) -> Result<i64, &'static str> {
        if from == to {
            return Ok(part);
        }
        let date = day_of_number(day);
        let rate = self
            .snapshot
            .definitions
            .exchange_rate(from, to, date)
            .ok_or("no_exchange_rate")?;
        let minor_rate = divide(
            multiply(rate, Decimal::from(to.factor())),
            Decimal::from(from.factor()),
        )
        .ok_or("no_exchange_rate")?;
        let output = round_to_minor(multiply(Decimal::from(part), minor_rate));
        steps.push(Step::Convert {
            from,
            to,
            minor_rate,
            rate,
            date,
            output,
        });
        Ok(output)
    }

    /// One line for a metric that is no sum over facts: its value in the period.
    fn value_line(
        &self,
        resolved: &Resolved<'a>,
        place: Place<'a>,
        metric: &MetricVersion,
    ) -> Option<CreditLine<'a>> {
        let end = day_number(self.range.end);
        let in_force = resolved
            .version_on(end)
            .is_some_and(|version| std::ptr::eq(version, place.version));
        if !in_force {
            return None;
        }
        let found = evaluate(
            self.snapshot,
            metric,
            Subject::Person(self.person),
            self.range,
            &Cut::default(),
        );
        let value = found.value?;
        let output = multiply(value, Decimal::from(place.version.currency.factor()));
        let clause = Clause::Metric {
            metric: metric.code.clone(),
            version: metric.version,
        };
        Some(CreditLine {
            place,
            sequence: 0,
            credit: 0,
            counted: Some(end),
            order_day: end,
            basis: output,
            basis_minor: round_to_minor(output),
            role: String::new(),
            lookup: match &place.component.rule {
                Rule::Lookup { default, .. } => Some((0, (*default)?)),
                _ => None,
            },
            lost: None,
            steps: vec![Step::MetricValue {
                clause,
                period: self.period,
                value,
                output,
            }],
        })
    }
}

impl Ready<'_> {
    fn takes(&self, run: &Run<'_>, credit: CreditRef<'_>) -> bool {
        let books = &run.snapshot.books;
        let role = credit.role();
        self.kinds.contains(&credit.fact.dim(DimField::Kind))
            && self.roles.contains(&role)
            && (self.condition.is_always() || self.condition.holds(books, credit.fact, Some(role)))
            && (self.metric_condition.is_always()
                || self.metric_condition.holds(books, credit.fact, Some(role)))
    }
}

/// The share of a credit as a step.
pub(super) fn share_step(books: &crate::books::Books, credit: CreditRef<'_>, output: i64) -> Step {
    let (shares_ppm, index) = credit.shares_of_role();
    Step::Share {
        role: books.word_of(credit.role()).to_owned(),
        shares_ppm,
        index: index as u32,
        output,
    }
}

/// The kinds of facts a basis stands for: refunds are part of payments.
pub(in crate::plans) fn basis_kinds(basis: &str) -> Vec<String> {
    if basis == facts::PAYMENT_RECEIVED {
        return vec![facts::PAYMENT_RECEIVED.to_owned(), facts::REFUND.to_owned()];
    }
    vec![basis.to_owned()]
}

/// Whether a metric's facts can be the lines of a component.
pub(in crate::plans) fn is_fact_sum(formula: &Formula) -> bool {
    matches!(formula, Formula::Sum { measure, .. } if !matches!(measure, Measure::Attribute(_) | Measure::Score))
}

fn plan_measure(measure: &Measure) -> PlanMeasure {
    match measure {
        Measure::AmountExclTax => PlanMeasure::AmountExclTax,
        Measure::Margin => PlanMeasure::Margin,
        Measure::Quantity => PlanMeasure::Quantity,
        _ => PlanMeasure::Amount,
    }
}

fn units(micro: i64, currency: Currency) -> Decimal {
    let scaled = multiply(Decimal::from(micro), Decimal::from(currency.factor()));
    divide(scaled, Decimal::from(1_000_000)).unwrap_or_default()
}

/// The currency's factor of a version: band limits are in major units, bases in minor ones.
pub(super) fn factor_of(version: &PlanVersion) -> Decimal {
    Decimal::from(version.currency.factor())
}
