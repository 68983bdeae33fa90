//! From facts to a number, and back to the facts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rustc_hash::{FxHashMap, FxHashSet};

use super::model::{Entity, Formula, Measure, MetricVersion, Unit};
use crate::Snapshot;
use crate::books::{CreditView, Id, Sym};
use crate::conditions::{Compiled, Condition};
use crate::dates::DateRange;
use crate::exact::Exact;

/// Whose number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A person.
    Person(Id),
    /// A team and all below it; a credit counts by the membership on the fact's date.
    Team(Id),
    /// Everybody.
    Company,
}

/// Only facts with these dimensions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// The product line's code.
    pub product_line: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The tier.
    pub tier: Option<String>,
}

impl Cut {
    fn condition(&self) -> Condition {
        let parts = [("product_line", &self.product_line), ("region", &self.region), ("tier", &self.tier)];
        Condition::All(
            parts
                .into_iter()
                .filter_map(|(field, value)| {
                    value.clone().map(|value| Condition::Is { field: field.to_owned(), values: vec![value] })
                })
                .collect(),
        )
    }
}

/// A metric's value for a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricValue {
    /// The number; none where a ratio or average has nothing below the line.
    pub value: Option<Decimal>,
    /// What stands above the line; the value itself for sums and counts.
    pub numerator: Decimal,
    /// What stands below the line; none for sums and counts.
    pub denominator: Option<Decimal>,
    /// How many facts it is made of.
    pub facts: usize,
}

/// By what values are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// By person, the key is the id as a number.
    Person,
    /// By calendar month as `2026-03`; the caller maps company months by asking for their ranges.
    Month,
    /// By product line.
    ProductLine,
    /// By region.
    Region,
    /// By tier.
    Tier,
}

/// A fact behind a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The ledger's number.
    pub sequence: u32,
    /// The day it counts on.
    pub date: NaiveDate,
    /// Whose.
    pub person: Id,
    /// The person's share, parts per million.
    pub share_ppm: u32,
    /// What it adds: to the upper part of a ratio where it is one.
    pub value: Decimal,
}

/// One leaf of a formula, ready to be asked.
struct Leaf {
    kinds: Vec<Sym>,
    condition: Compiled,
    what: What,
}

enum What {
    Sum(Measure, Option<Sym>),
    Count,
    Distinct(Entity),
    Average(Measure, Option<Sym>),
}

/// What a leaf has gathered.
#[derive(Clone, Debug, Default)]
struct Tally {
    sum: Decimal,
    count: Decimal,
    facts: FxHashSet<u32>,
    distinct: FxHashMap<u32, i64>,
}

struct Evaluation<'a> {
    snapshot: &'a Snapshot,
    leaves: Vec<Leaf>,
    owner: Sym,
    digits: u32,
}

impl<'a> Evaluation<'a> {
    fn new(snapshot: &'a Snapshot, formula: &Formula, cut: &Cut) -> Self {
        let mut evaluation = Self {
            snapshot,
            leaves: Vec::new(),
            owner: snapshot.books.dictionary().symbol("owner").unwrap_or_default(),
            digits: snapshot.definitions.company.currency.digits(),
        };
        evaluation.add(formula, cut);
        evaluation
    }

    fn add(&mut self, formula: &Formula, cut: &Cut) {
        let dictionary = self.snapshot.books.dictionary();
        let attribute = |measure: &Measure| match measure {
            Measure::Attribute(name) => dictionary.symbol(name),
            _ => None,
        };
        let (kinds, when, what) = match formula {
            Formula::Sum { of, kinds, when } => (kinds, when, What::Sum(of.clone(), attribute(of))),
            Formula::Count { kinds, when } => (kinds, when, What::Count),
            Formula::Distinct { of, kinds, when } => (kinds, when, What::Distinct(*of)),
            Formula::Average { of, kinds, when } => (kinds, when, What::Average(of.clone(), attribute(of))),
            Formula::Ratio { numerator, denominator } => {
                self.add(numerator, cut);
                self.add(denominator, cut);
                return;
            }
        };
        let whole = Condition::All(vec![when.clone(), cut.condition()]);
        self.leaves.push(Leaf {
            kinds: kinds.iter().filter_map(|kind| dictionary.symbol(kind)).collect(),
            condition: whole.compile(&self.snapshot.books, self.snapshot.definitions.company.currency),
            what,
        });
    }

    /// What a credit adds to a leaf: (value, weight), none where it is not part of it.
    fn part(&self, leaf: &Leaf, credit: &CreditView<'_>) -> Option<(Decimal, Decimal)> {
        let counts = credit.role() == self.owner
            && !credit.fact.is_pending()
            && leaf.kinds.contains(&credit.fact.kind())
            && leaf.condition.holds(credit, self.snapshot.books.dictionary());
        if !counts {
            return None;
        }
        let weight = match (credit.share_ppm(), credit.fact.is_reversal()) {
            (1_000_000, false) => Decimal::ONE,
            (1_000_000, true) => -Decimal::ONE,
            (share_ppm, false) => Decimal::new(i64::from(share_ppm), 6).normalize(),
            (share_ppm, true) => -Decimal::new(i64::from(share_ppm), 6).normalize(),
        };
        match &leaf.what {
            What::Count | What::Distinct(_) => Some((weight, weight)),
            What::Sum(measure, key) | What::Average(measure, key) => {
                self.measure(measure, *key, credit, weight).map(|value| (value, weight))
            }
        }
    }

    fn measure(
        &self,
        measure: &Measure,
        key: Option<Sym>,
        credit: &CreditView<'_>,
        weight: Decimal,
    ) -> Option<Decimal> {
        let money = |whole: i64| Decimal::new(credit.part_of(whole), self.digits);
        let micro = |whole: i64| Decimal::new(credit.part_of(whole), 6).normalize();
        let fact = &credit.fact;
        match measure {
            Measure::Amount => Some(money(fact.amount_minor())),
            Measure::AmountExclTax => fact.amount_excl_tax_minor().map(money),
            Measure::Margin => fact.margin_minor().map(money),
            Measure::Quantity => fact.quantity_micro().map(micro),
            Measure::Score => fact.score_micro().map(micro),
            Measure::Attribute(_) => {
                let dictionary = self.snapshot.books.dictionary();
                let text = dictionary.name(dictionary.attribute(fact.attributes(), key?))?;
                text.parse::<Decimal>().ok()?.checked_mul(weight)
            }
        }
    }

    fn tally(&self, tallies: &mut [Tally], credit: &CreditView<'_>) {
        for (leaf, tally) in self.leaves.iter().zip(tallies) {
            let Some((value, weight)) = self.part(leaf, credit) else { continue };
            tally.facts.insert(credit.fact.sequence());
            tally.count += weight;
            tally.sum += value;
            if let What::Distinct(entity) = leaf.what {
                let key = match entity {
                    Entity::Account => credit.fact.account_group(),
                    Entity::Opportunity => credit.fact.opportunity(),
                    Entity::Contract => credit.fact.contract(),
                };
                if key != 0 {
                    *tally.distinct.entry(key).or_default() += if credit.fact.is_reversal() { -1 } else { 1 };
                }
            }
        }
    }

    fn value(&self, tallies: &[Tally]) -> MetricValue {
        let mut facts: FxHashSet<u32> = FxHashSet::default();
        for tally in tallies {
            facts.extend(&tally.facts);
        }
        let (numerator, denominator) = match (self.leaves.as_slice(), tallies) {
            ([upper, lower], [a, b]) => (leaf_number(upper, a), leaf_number(lower, b)),
            ([leaf], [tally]) => match leaf.what {
                What::Average(..) => (Some(tally.sum), Some(tally.count)),
                _ => {
                    let value = leaf_number(leaf, tally).unwrap_or_default();
                    return MetricValue { value: Some(value), numerator: value, denominator: None, facts: facts.len() };
                }
            },
            _ => (None, None),
        };
        let value = match (numerator, denominator) {
            (Some(upper), Some(lower)) if !lower.is_zero() => upper.checked_div(lower),
            _ => None,
        };
        MetricValue { value, numerator: numerator.unwrap_or_default(), denominator, facts: facts.len() }
    }
}

fn leaf_number(leaf: &Leaf, tally: &Tally) -> Option<Decimal> {
    match leaf.what {
        What::Sum(..) => Some(tally.sum),
        What::Count => Some(tally.count),
        What::Distinct(_) => Some(Decimal::from(tally.distinct.values().filter(|net| **net > 0).count())),
        What::Average(..) => tally.sum.checked_div(tally.count),
    }
}

/// Calls `each` for every credit of a subject in a range, in no particular order.
fn for_subject<'a>(snapshot: &'a Snapshot, subject: Subject, range: DateRange, mut each: impl FnMut(&CreditView<'a>)) {
    let books = &snapshot.books;
    match subject {
        Subject::Person(person) => books.for_credits_of(person, range.start, range.end, |credit| each(&credit)),
        Subject::Company => books.for_credits(range.start, range.end, |credit| each(&credit)),
        Subject::Team(team) => {
            let definitions = &snapshot.definitions;
            let teams = definitions.subtree(team);
            for person in definitions.members_of(&teams, range) {
                // Who was in the team on every day of the range, as nearly everybody is, need not be asked day by day.
                let always = match definitions.memberships_of(person) {
                    [only] => only.from <= range.start && only.to.is_none_or(|to| range.end <= to),
                    _ => false,
                };
                books.for_credits_of(person, range.start, range.end, |credit| {
                    let of_team = || definitions.membership_on(person, credit.fact.date());
                    if always || of_team().is_some_and(|m| teams.contains(&m.team)) {
                        each(&credit);
                    }
                });
            }
        }
    }
}

/// Evaluates a metric for a subject over some days.
#[must_use]
pub fn evaluate(
    snapshot: &Snapshot,
    metric: &MetricVersion,
    subject: Subject,
    range: DateRange,
    cut: &Cut,
) -> MetricValue {
    let evaluation = Evaluation::new(snapshot, &metric.formula, cut);
    let mut tallies = vec![Tally::default(); evaluation.leaves.len()];
    for_subject(snapshot, subject, range, |credit| evaluation.tally(&mut tallies, credit));
    evaluation.value(&tallies)
}

/// Evaluates a metric over the credits that `credits` hands over: those of any set of people and days.
pub fn evaluate_over<'a>(
    snapshot: &Snapshot,
    metric: &MetricVersion,
    cut: &Cut,
    credits: impl FnOnce(&mut dyn FnMut(&CreditView<'a>)),
) -> MetricValue {
    let evaluation = Evaluation::new(snapshot, &metric.formula, cut);
    let mut tallies = vec![Tally::default(); evaluation.leaves.len()];
    credits(&mut |credit| evaluation.tally(&mut tallies, credit));
    evaluation.value(&tallies)
}

impl MetricValue {
    /// The value without loss: what stands above the line by what stands below it.
    #[must_use]
    pub fn exact(&self) -> Option<Exact> {
        self.value?;
        let upper = Exact::of_decimal(self.numerator);
        match self.denominator {
            None => Some(upper),
            Some(lower) => upper.over(&Exact::of_decimal(lower)),
        }
    }
}

/// Evaluates a metric for a subject in groups, in one pass; a key without facts is absent. Keys are sorted.
#[must_use]
pub fn evaluate_by(
    snapshot: &Snapshot,
    metric: &MetricVersion,
    subject: Subject,
    range: DateRange,
    cut: &Cut,
    group: Group,
) -> BTreeMap<String, MetricValue> {
    let evaluation = Evaluation::new(snapshot, &metric.formula, cut);
    let mut groups: FxHashMap<u32, Vec<Tally>> = FxHashMap::default();
    for_subject(snapshot, subject, range, |credit| {
        let relevant = evaluation.leaves.iter().any(|leaf| evaluation.part(leaf, credit).is_some());
        if relevant {
            let empty = || vec![Tally::default(); evaluation.leaves.len()];
            let tallies = groups.entry(group_key(group, credit)).or_insert_with(empty);
            evaluation.tally(tallies, credit);
        }
    });
    let dictionary = snapshot.books.dictionary();
    groups
        .into_iter()
        .map(|(key, tallies)| {
            let name = match group {
                Group::Person => dictionary.id_back(key).map(|id| id.to_string()).unwrap_or_default(),
                Group::Month => format!("{:04}-{:02}", key / 12, key % 12 + 1),
                _ => dictionary.name(Sym(key)).unwrap_or_default(),
            };
            (name, evaluation.value(&tallies))
        })
        .collect()
}

fn group_key(group: Group, credit: &CreditView<'_>) -> u32 {
    use chrono::Datelike;
    let fact = &credit.fact;
    match group {
        Group::Person => credit.person(),
        Group::Month => u32::try_from(fact.date().year()).unwrap_or(0) * 12 + fact.date().month0(),
        Group::ProductLine => fact.product_line().0,
        Group::Region => fact.region().0,
        Group::Tier => fact.tier().0,
    }
}

/// The facts behind a value, by date and sequence. Of a ratio these are the facts above and below the line; one that
/// stands only below adds 0 above.
#[must_use]
pub fn contributions(
    snapshot: &Snapshot,
    metric: &MetricVersion,
    subject: Subject,
    range: DateRange,
    cut: &Cut,
) -> Vec<Contribution> {
    let evaluation = Evaluation::new(snapshot, &metric.formula, cut);
    let dictionary = snapshot.books.dictionary();
    let mut found = Vec::new();
    for_subject(snapshot, subject, range, |credit| {
        let parts: Vec<_> = evaluation.leaves.iter().map(|leaf| evaluation.part(leaf, credit)).collect();
        if parts.iter().all(Option::is_none) {
            return;
        }
        let value = parts.first().copied().flatten().map_or(Decimal::ZERO, |(value, _)| value);
        found.push(Contribution {
            sequence: credit.fact.sequence(),
            date: credit.fact.date(),
            person: dictionary.id_back(credit.person()).unwrap_or_default(),
            share_ppm: credit.share_ppm(),
            value,
        });
    });
    found.sort_by_key(|c| (c.date, c.sequence, c.person));
    found
}

impl MetricValue {
    /// The value as files and the API write it: money with the currency's digits, other numbers with at most six
    /// decimals (half up), without trailing zeros.
    #[must_use]
    pub fn text(&self, unit: Unit, digits: u32) -> Option<String> {
        let value = self.value?;
        let rounded =
            |places| value.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        Some(match unit {
            Unit::Money => format!("{:.*}", digits.to_usize().unwrap_or(2), rounded(digits)),
            _ => rounded(6).normalize().to_string(),
        })
    }
}
