//! What formulas see: a fact, a payee, or the subject of a pool.

use super::figures::Group;
use super::payee::Payee;
use super::run::Payroll;
use crate::books::CreditView;
use crate::dates::Period;
use crate::exact::Exact;
use crate::formula::{FactName, Figure, FigureKind, Formula, Name, Scope, TooLarge, Value, months};
use crate::plans::{Between, Computed, Table, between};

use chrono::NaiveDate;

/// The place at which a formula is computed.
#[derive(Clone, Copy)]
pub(super) struct At<'r, 'a> {
    pub(super) run: &'r Payroll<'a>,
    pub(super) version: usize,
    pub(super) payee: Option<&'r Payee<'a>>,
    /// The subject of a pool and its period, where there is no payee.
    pub(super) subject: Option<(&'r Group, Period)>,
    /// A credit and the day it counts on.
    pub(super) credit: Option<(&'r CreditView<'a>, NaiveDate)>,
    /// How many of the measures stand before this place.
    pub(super) measures: usize,
    /// True where what components earned may be read.
    pub(super) earned: bool,
}

impl<'r, 'a> At<'r, 'a> {
    /// A payee's period.
    pub(super) fn payee(run: &'r Payroll<'a>, payee: &'r Payee<'a>, version: usize) -> Self {
        Self { run, version, payee: Some(payee), subject: None, credit: None, measures: usize::MAX, earned: false }
    }

    /// A pool's period.
    pub(super) fn subject(run: &'r Payroll<'a>, group: &'r Group, period: Period, version: usize) -> Self {
        let subject = Some((group, period));
        Self { run, version, payee: None, subject, credit: None, measures: 0, earned: false }
    }

    /// A credit of the payee's.
    pub(super) fn on(self, credit: &'r CreditView<'a>, day: NaiveDate) -> Self {
        Self { credit: Some((credit, day)), ..self }
    }

    /// With what components earned.
    pub(super) fn with_earned(self) -> Self {
        Self { earned: true, ..self }
    }

    /// A condition's answer; what is missing does not hold.
    pub(super) fn holds(&self, formula: &Formula) -> Result<bool, TooLarge> {
        Ok(formula.evaluate(self)?.holds())
    }

    /// A figure's number; none where it is missing.
    pub(super) fn number(&self, figure: &Computed) -> Result<Option<Exact>, TooLarge> {
        Ok(match figure {
            Computed::Fixed(number) => Some(number.exact()),
            Computed::Formula(formula) => formula.evaluate(self)?.number().map(|n| n.into_owned()),
            Computed::Table(table) => Some(match table.on.evaluate(self)?.number() {
                None => Exact::ZERO,
                Some(at) => in_table(table, &at).ok_or(TooLarge)?,
            }),
        })
    }
}

/// The value of a table at a place.
fn in_table(table: &Table, at: &Exact) -> Option<Exact> {
    let Some(row) = table.rows.iter().rposition(|row| row.from.exact() <= *at) else { return Some(Exact::ZERO) };
    let lower = table.rows.get(row)?;
    match (table.between, table.rows.get(row + 1)) {
        (Between::Linear, Some(upper)) => {
            between(at, (&lower.from.exact(), &lower.value.exact()), (&upper.from.exact(), &upper.value.exact()))
        }
        _ => Some(lower.value.exact()),
    }
}

impl Scope for At<'_, '_> {
    fn name(&self, name: &Name) -> Result<Value, TooLarge> {
        Ok(match name {
            Name::Fact(column) => match self.credit {
                Some((credit, day)) => self.run.column(credit, day, *column)?,
                None => Value::Missing,
            },
            Name::Payee(own) => self.payee.map_or(Value::Missing, |payee| of_payee(payee, own)),
            Name::Period(own) => self.payee.map_or(Value::Missing, |payee| self.of_period(payee, own)),
            Name::Other(other) => {
                let plan = self.run.plan(self.version);
                let measures = plan.map_or(&[][..], |plan| plan.measures.as_slice());
                let measure = measures.iter().take(self.measures).position(|measure| measure.id == *other);
                match (measure, self.payee, self.credit) {
                    (Some(measure), Some(payee), _) => self.run.measure(payee, self.version, measure)?,
                    (_, _, Some((credit, _))) => self.run.attribute(&credit.fact, other),
                    _ => Value::Missing,
                }
            }
        })
    }

    fn figure(&self, figure: &Figure) -> Result<Value, TooLarge> {
        if figure.kind == FigureKind::Earned {
            return match self.payee.filter(|_| self.earned) {
                Some(payee) => self.run.earned(payee, self.version, &figure.code),
                None => Ok(Value::Missing),
            };
        }
        match (self.payee, self.subject) {
            (Some(payee), _) => self.run.figure_of(payee, self.version, figure),
            (None, Some((group, period))) => self.run.figure_of_group(group, period, figure),
            (None, None) => Ok(Value::Missing),
        }
    }
}

impl At<'_, '_> {
    fn of_period(&self, payee: &Payee<'_>, own: &str) -> Value {
        let range = payee.range;
        match own {
            "start" => Value::Date(range.start),
            "end" => Value::Date(range.end),
            "days" => Value::Number(((range.end - range.start).num_days() + 1).into()),
            "days_on" => {
                let plan = self.run.plan(self.version);
                let proration = plan.and_then(|plan| plan.proration.clone()).unwrap_or_default();
                Value::Number(self.run.days_there(payee.id, None, &proration, range).into())
            }
            "proration" => Value::Number(self.run.proration(payee.id, None, self.version, range)),
            _ => Value::Missing,
        }
    }
}

fn of_payee(payee: &Payee<'_>, own: &str) -> Value {
    let text = |text: Option<&str>| text.map_or(Value::Missing, |text| Value::Text(text.to_owned()));
    match own {
        "key" => text(Some(payee.key())),
        "role" => text(payee.membership.map(|own| own.role.as_str())),
        "team" => text(payee.team_path.as_deref()),
        "start" => payee.person.start.map_or(Value::Missing, Value::Date),
        "end" => payee.person.end.map_or(Value::Missing, Value::Date),
        "tenure_months" => {
            payee.person.start.map_or(Value::Missing, |start| Value::Number(months(start, payee.range.end).into()))
        }
        other => text(payee.person.attributes.get(other).map(String::as_str)),
    }
}

impl<'a> Payroll<'a> {
    /// A column of a credit's fact.
    pub(super) fn column(&self, credit: &CreditView<'a>, day: NaiveDate, column: FactName) -> Result<Value, TooLarge> {
        let fact = &credit.fact;
        let dictionary = self.snapshot.books.dictionary();
        let word = |symbol| dictionary.name(symbol).map_or(Value::Missing, Value::Text);
        let money = |minor: Option<i64>| Value::of(minor.map(|minor| Exact::minor(minor, self.digits())));
        let micro = |micro: Option<i64>| Value::of(micro.map(|micro| Exact::minor(micro, 6)));
        let day_or = |day: Option<NaiveDate>| day.map_or(Value::Missing, Value::Date);
        Ok(match column {
            FactName::Amount => money(self.in_plan_currency(fact, Some(fact.amount_minor()))),
            FactName::AmountExclTax => money(self.in_plan_currency(fact, fact.amount_excl_tax_minor())),
            FactName::Margin => money(self.in_plan_currency(fact, fact.margin_minor())),
            FactName::Quantity => micro(fact.quantity_micro()),
            FactName::Score => micro(fact.score_micro()),
            FactName::Count => Value::Number(if fact.is_reversal() { -1 } else { 1 }.into()),
            FactName::Share => Value::Number(Exact::minor(credit.share_ppm().into(), 6)),
            FactName::DaysOverdue => Value::of(fact.due_date().map(|due| (day - due).num_days().max(0).into())),
            FactName::Date => Value::Date(day),
            FactName::DueDate => day_or(fact.due_date()),
            FactName::SignedOn => day_or(self.first_of_contract(fact, "contract_signed").map(|(day, _)| day)),
            FactName::PaidOn => day_or(self.first_of_contract(fact, "payment_received").map(|(day, _)| day)),
            FactName::OriginDate => day_or(self.origin(fact).map(|origin| origin.date())),
            FactName::OriginAmount => {
                money(self.origin(fact).and_then(|origin| self.in_plan_currency(&origin, Some(origin.amount_minor()))))
            }
            FactName::Kind => word(fact.kind()),
            FactName::Role => word(credit.role()),
            FactName::CustomerKind => word(fact.customer_kind()),
            FactName::ContractKind => word(fact.contract_kind()),
            FactName::Product | FactName::Account | FactName::Opportunity | FactName::Contract => {
                self.attribute(fact, column.as_str())
            }
            FactName::ProductLine => word(fact.product_line()),
            FactName::Region => word(fact.region()),
            FactName::Tier => word(fact.tier()),
            FactName::Source => word(fact.source()),
            FactName::Currency => word(fact.currency()),
        })
    }
}
