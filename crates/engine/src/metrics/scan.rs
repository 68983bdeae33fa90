//! The inner loop: a formula compiled against a snapshot, fed with facts or credits, accumulated exactly.

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::model::{Filter, Formula, Measure, MetricVersion, Thing};
use crate::books::{Books, CreditRef, DimField, IntField, RowRef};
use crate::conditions::{Compiled, Condition, Field};
use crate::dates::day_of_number;
use crate::definitions::Snapshot;
use crate::money::Currency;
use crate::rounding::{add, divide, multiply, round_to_minor};

const MILLION: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);
/// Exchange rates of one scan are looked up once per currency and day.
type Rates = FxHashMap<(u32, i32), Option<Decimal>>;

/// One leaf of a formula: the facts it wants and what it takes from them.
#[derive(Debug)]
struct Leaf {
    kinds: Vec<u32>,
    condition: Compiled,
    take: Take,
}

#[derive(Debug)]
enum Take {
    Int(IntField, bool),
    Attribute(u32),
    Count,
    Distinct(DimField),
}

/// What a leaf has gathered.
#[derive(Debug, Default, Clone)]
pub(crate) struct Sum {
    /// Minor units, millionths, or the sum of attribute numbers.
    value: Decimal,
    whole: i128,
    /// Parts per million of facts, reversals negative.
    count_ppm: i128,
    things: FxHashMap<u32, i64>,
}

/// What a fact or credit gives to a leaf.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item<'a> {
    pub(crate) fact: RowRef<'a>,
    /// None: the whole fact, credited or not.
    pub(crate) credit: Option<CreditRef<'a>>,
    pub(crate) day: i32,
}

/// A metric compiled against a snapshot.
pub(crate) struct Plan<'s> {
    snapshot: &'s Snapshot,
    leaves: Vec<Leaf>,
    pub(crate) roles: Vec<u32>,
    company: Currency,
    company_word: u32,
    rates: Rates,
}

/// The running total of one group.
#[derive(Debug, Default, Clone)]
pub(crate) struct Totals {
    sums: Vec<Sum>,
    pub(crate) facts: u64,
    pub(crate) not_converted: u64,
}

impl std::fmt::Debug for RowRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "fact {}", self.sequence())
    }
}

impl std::fmt::Debug for CreditRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "credit {} of {:?}", self.credit, self.fact)
    }
}

impl<'s> Plan<'s> {
    pub(crate) fn new(snapshot: &'s Snapshot, metric: &MetricVersion, cut: &Condition) -> Self {
        let books = &snapshot.books;
        let company = snapshot.definitions.company.currency;
        let mut plan = Self {
            snapshot,
            leaves: Vec::new(),
            roles: metric
                .roles
                .iter()
                .filter_map(|role| books.find_word(role))
                .collect(),
            company,
            company_word: books.find_word(company.code()).unwrap_or(u32::MAX),
            rates: Rates::default(),
        };
        plan.add_leaves(&metric.formula, cut);
        plan
    }

    fn add_leaves(&mut self, formula: &Formula, cut: &Condition) {
        let books = &self.snapshot.books;
        let (filter, take) = match formula {
            Formula::Sum { measure, facts } | Formula::Average { measure, facts } => {
                (facts, take_of(measure, books))
            }
            Formula::Count { facts } => (facts, Take::Count),
            Formula::CountDistinct { thing, facts } => {
                let field = match thing {
                    Thing::AccountGroup => DimField::AccountGroup,
                    Thing::Opportunity => DimField::Opportunity,
                    Thing::Contract => DimField::Contract,
                };
                (facts, Take::Distinct(field))
            }
            Formula::Ratio {
                numerator,
                denominator,
            } => {
                self.add_leaves(numerator, cut);
                self.add_leaves(denominator, cut);
                return;
            }
        };
        let condition = compile_both(filter, cut, books);
        let kinds = filter
            .of
            .iter()
            .filter_map(|kind| books.find_word(kind))
            .collect();
        self.leaves.push(Leaf {
            kinds,
            condition,
            take,
        });
    }

    pub(crate) fn totals(&self) -> Totals {
        Totals {
            sums: vec![Sum::default(); self.leaves.len()],
            facts: 0,
            not_converted: 0,
        }
    }

    /// Adds one fact or credit; true when any leaf took it.
    pub(crate) fn add(&mut self, totals: &mut Totals, item: Item<'_>) -> bool {
        let books = &self.snapshot.books;
        let role = item.credit.map(|credit| credit.role());
        let kind = item.fact.dim(DimField::Kind);
        let mut taken = false;
        for at in 0..self.leaves.len() {
            let leaf = &self.leaves[at];
            if !leaf.kinds.contains(&kind) || !leaf.condition.holds(books, item.fact, role) {
                continue;
            }
            match self.amount(at, item) {
                Amount::None => {}
                Amount::NoRate => totals.not_converted += 1,
                Amount::Of {
                    whole,
                    value,
                    ppm,
                    thing,
                } => {
                    let sum = &mut totals.sums[at];
                    sum.whole += whole;
                    if !value.is_zero() {
                        sum.value = add(sum.value, value);
                    }
                    sum.count_ppm += ppm;
                    if thing != 0 {
                        *sum.things.entry(thing).or_default() += if ppm < 0 { -1 } else { 1 };
                    }
                    taken = true;
                }
            }
        }
        if taken {
            totals.facts += 1;
        }
        taken
    }

    /// What the first leaf takes of an item, as its value in minor units, millionths or plain; for contributions.
    pub(crate) fn value_of(&mut self, item: Item<'_>) -> Option<Decimal> {
        let mut totals = self.totals();
        self.add(&mut totals, item).then(|| {
            let sum = &totals.sums[0];
            match self.leaves[0].take {
                Take::Int(_, true) => self.company.to_major(sum.whole),
                Take::Int(_, false) => {
                    divide(Decimal::from(sum.whole), MILLION).unwrap_or_default()
                }
                Take::Attribute(_) => sum.value,
                Take::Count => divide(Decimal::from(sum.count_ppm), MILLION).unwrap_or_default(),
                Take::Distinct(_) => Decimal::from(sum.things.values().sum::<i64>()),
            }
        })
    }

    fn amount(&mut self, leaf: usize, item: Item<'_>) -> Amount {
        let books = &self.snapshot.books;
        let share = item.credit.map_or(1_000_000, |credit| credit.share_ppm());
        let sign = if books.is_reversal(item.fact) { -1 } else { 1 };
        let ppm = i128::from(share) * sign;
        let counted = |whole, value| Amount::Of {
            whole,
            value,
            ppm,
            thing: 0,
        };
        match self.leaves[leaf].take {
            Take::Count => counted(0, Decimal::ZERO),
            Take::Distinct(field) => match item.fact.dim(field) {
                0 => Amount::None,
                thing => Amount::Of {
                    whole: 0,
                    value: Decimal::ZERO,
                    ppm,
                    thing,
                },
            },
            Take::Attribute(name) => {
                match crate::conditions::attribute_number(books, item.fact, name) {
                    None => Amount::None,
                    Some(number) => {
                        let signed = multiply(number, Decimal::from(ppm));
                        counted(0, divide(signed, MILLION).unwrap_or_default())
                    }
                }
            }
            Take::Int(field, money) => {
                let Some(whole) = item.fact.int(field) else {
                    return Amount::None;
                };
                let part = item.credit.map_or(whole, |credit| credit.part_of(whole));
                let currency = item.fact.dim(DimField::Currency);
                if !money || currency == self.company_word {
                    return counted(i128::from(part), Decimal::ZERO);
                }
                match self.rate(currency, item.fact.day()) {
                    Some(rate) => counted(
                        i128::from(round_to_minor(multiply(Decimal::from(part), rate))),
                        Decimal::ZERO,
                    ),
                    None => Amount::NoRate,
                }
            }
        }
    }

    /// Minor units of the company's currency for one minor unit of another.
    fn rate(&mut self, currency: u32, day: i32) -> Option<Decimal> {
        let (snapshot, company) = (self.snapshot, self.company);
        *self.rates.entry((currency, day)).or_insert_with(|| {
            let from = snapshot.books.currency_of(currency)?;
            let rate = snapshot
                .definitions
                .exchange_rate(from, company, day_of_number(day))?;
            Some(minor_rate(rate, from, company))
        })
    }

    /// The value of a formula: (value, numerator, denominator).
    pub(crate) fn value(
        &self,
        formula: &Formula,
        totals: &Totals,
    ) -> (Option<Decimal>, Decimal, Option<Decimal>) {
        let mut next = 0;
        self.value_at(formula, totals, &mut next)
    }

    fn value_at(
        &self,
        formula: &Formula,
        totals: &Totals,
        next: &mut usize,
    ) -> (Option<Decimal>, Decimal, Option<Decimal>) {
        if let Formula::Ratio {
            numerator,
            denominator,
        } = formula
        {
            let above = self.value_at(numerator, totals, next).0;
            let below = self
                .value_at(denominator, totals, next)
                .0
                .unwrap_or_default();
            let value = above.and_then(|above| divide(above, below));
            return (value, above.unwrap_or_default(), Some(below));
        }
        let sum = &totals.sums[*next];
        let leaf = &self.leaves[*next];
        *next += 1;
        let count = divide(Decimal::from(sum.count_ppm), MILLION).unwrap_or_default();
        let total = match leaf.take {
            Take::Int(_, true) => self.company.to_major(sum.whole),
            Take::Int(_, false) => divide(Decimal::from(sum.whole), MILLION).unwrap_or_default(),
            Take::Attribute(_) => sum.value,
            Take::Count => count,
            Take::Distinct(_) => Decimal::from(sum.things.values().filter(|net| **net > 0).count()),
        };
        match formula {
            Formula::Average { .. } => (divide(total, count), total, Some(count)),
            _ => (Some(total), total, None),
        }
    }
}

enum Amount {
    None,
    NoRate,
    Of {
        whole: i128,
        value: Decimal,
        ppm: i128,
        thing: u32,
    },
}

/// A rate between major units as a rate between minor units.
pub(crate) fn minor_rate(rate: Decimal, from: Currency, to: Currency) -> Decimal {
    divide(
        multiply(rate, Decimal::from(to.factor())),
        Decimal::from(from.factor()),
    )
    .unwrap_or_default()
}

fn take_of(measure: &Measure, books: &Books) -> Take {
    match measure {
        Measure::Amount => Take::Int(IntField::Amount, true),
        Measure::AmountExclTax => Take::Int(IntField::AmountExclTax, true),
        Measure::Margin => Take::Int(IntField::Margin, true),
        Measure::Quantity => Take::Int(IntField::Quantity, false),
        Measure::Score => Take::Int(IntField::Score, false),
        Measure::Attribute(name) => Take::Attribute(books.find_word(name).unwrap_or(u32::MAX)),
    }
}

fn compile_both(filter: &Filter, cut: &Condition, books: &Books) -> Compiled {
    if cut.is_always() {
        return if filter.condition.is_always() {
            Compiled::Always
        } else {
            filter.condition.compile(books)
        };
    }
    Condition::All(vec![cut.clone(), filter.condition.clone()]).compile(books)
}

/// A cut as a condition.
pub(crate) fn cut_condition(cut: &super::Cut) -> Condition {
    let parts = [
        (Field::ProductLine, &cut.product_line),
        (Field::Region, &cut.region),
        (Field::Tier, &cut.tier),
    ];
    let tests: Vec<Condition> = parts
        .into_iter()
        .filter_map(|(field, value)| {
            value
                .as_ref()
                .map(|value| Condition::OneOf(field, vec![value.clone()]))
        })
        .collect();
    if tests.is_empty() {
        Condition::Always
    } else {
        Condition::All(tests)
    }
}
