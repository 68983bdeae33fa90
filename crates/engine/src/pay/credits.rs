//! CREDIT: which facts count for whom, on which day, with which value.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::line::NotCounted;
use super::payee::Payee;
use super::run::{Payroll, Place};
use super::scope::At;
use crate::books::{CreditView, FactView, Id, Sym};
use crate::conditions::Compiled;
use crate::dates::{DateRange, PeriodKind};
use crate::exact::Exact;
use crate::facts::basis_kinds;
use crate::formula::{TooLarge, Value};
use crate::metrics::Formula;
use crate::money::Currency;
use crate::plans::{ClawbackAt, Component, CreditsOf, DatedBy, LateFacts, PlanMeasure, RateOn};
use crate::rounding::Rounding;

/// A credit that counts for a component.
#[derive(Clone)]
pub(super) struct Counted<'a> {
    pub(super) credit: CreditView<'a>,
    /// The day it counts on in this plan.
    pub(super) day: NaiveDate,
    /// The figure of the whole fact, major units or count.
    pub(super) whole: Exact,
    /// The credited part.
    pub(super) credited: Exact,
    /// What is rated: the credited part after the component's steps and the share that is clawed back.
    pub(super) value: Exact,
    /// The day that decides plan and version.
    pub(super) dated: NaiveDate,
}

impl Counted<'_> {
    pub(super) fn is_pending(&self) -> bool {
        self.credit.fact.is_pending()
    }
}

/// Which facts: kinds, roles, conditions.
pub(super) struct Chosen {
    kinds: Vec<Sym>,
    roles: Vec<Sym>,
    conditions: Vec<Compiled>,
}

impl<'a> Payroll<'a> {
    /// Compiles a basis with its condition: the kinds, or those of a metric with its condition.
    pub(super) fn chosen(
        &self,
        basis: &[String],
        roles: &[String],
        when: &crate::conditions::Condition,
        day: NaiveDate,
    ) -> Chosen {
        let books = &self.snapshot.books;
        let dictionary = books.dictionary();
        let mut conditions = vec![when.compile(books, self.currency)];
        let mut kinds = Vec::new();
        for name in basis {
            match self.definitions().metric_on(name, day) {
                None => kinds.extend(basis_kinds(name)),
                Some(metric) => {
                    kinds.extend(metric.formula.kinds());
                    match &metric.formula {
                        Formula::Sum { when, .. }
                        | Formula::Count { when, .. }
                        | Formula::Distinct { when, .. }
                        | Formula::Average { when, .. } => conditions.push(when.compile(books, self.currency)),
                        Formula::Ratio { .. } => {}
                    }
                }
            }
        }
        Chosen {
            kinds: kinds.iter().filter_map(|kind| dictionary.symbol(kind)).collect(),
            roles: roles.iter().filter_map(|role| dictionary.symbol(role)).collect(),
            conditions,
        }
    }

    /// True where a credit is among the chosen.
    pub(super) fn is_chosen(&self, chosen: &Chosen, credit: &CreditView<'a>, at: &At<'_, 'a>) -> bool {
        chosen.kinds.contains(&credit.fact.kind())
            && chosen.roles.contains(&credit.role())
            && chosen.conditions.iter().all(|condition| self.meets(condition, credit, at))
    }

    /// True where a credit meets a condition; formulas in it see the payee, too.
    pub(super) fn meets(&self, condition: &Compiled, credit: &CreditView<'a>, at: &At<'_, 'a>) -> bool {
        condition.holds_with(credit, self.snapshot.books.dictionary(), &|formula| at.holds(formula).unwrap_or(false))
    }

    /// The fact that a reversal takes back.
    pub(super) fn origin(&self, fact: &FactView<'a>) -> Option<FactView<'a>> {
        self.snapshot.books.fact(fact.refers_to()?)
    }

    /// The first fact of a kind of the contract, and its day.
    pub(super) fn first_of_contract(&self, fact: &FactView<'a>, kind: &str) -> Option<(NaiveDate, FactView<'a>)> {
        let kind = self.snapshot.books.dictionary().symbol(kind)?;
        if fact.contract() == 0 {
            return None;
        }
        let facts = self.snapshot.books.facts_of_contract(fact.contract());
        let found =
            facts.into_iter().find(|other| other.kind() == kind && !other.is_reversal() && !other.is_pending())?;
        Some((found.date(), found))
    }

    /// The day on which a fact counts in this plan.
    pub(super) fn effective(&self, fact: &FactView<'a>, version: usize, at: ClawbackAt) -> NaiveDate {
        if at == ClawbackAt::Origin
            && self.takes_back(fact)
            && let Some(origin) = self.origin(fact)
        {
            return self.effective(&origin, version, ClawbackAt::Own);
        }
        let own = fact.date();
        let open = self.plan(version).is_some_and(|plan| plan.late_facts == LateFacts::Open);
        if open && self.snapshot.books.has_late_facts() {
            let known = self.snapshot.books.known_on(fact);
            let period = self.definitions().company.calendar.period_of(own, self.period_kind());
            if known > self.range(period).end {
                return known;
            }
        }
        own
    }

    /// The days to look through for facts that count within a range.
    pub(super) fn searched(&self, version: usize, at: ClawbackAt, range: DateRange) -> DateRange {
        let open = self.plan(version).is_some_and(|plan| plan.late_facts == LateFacts::Open);
        let mut searched = range;
        if at == ClawbackAt::Origin {
            searched = DateRange { start: NaiveDate::MIN, end: NaiveDate::MAX };
        }
        if open && self.snapshot.books.has_late_facts() {
            searched.start = NaiveDate::MIN;
        }
        searched
    }

    /// An amount of a fact in the plan's currency, minor units; none where there is no rate.
    pub(super) fn in_plan_currency(&self, fact: &FactView<'a>, minor: Option<i64>) -> Option<i64> {
        let minor = minor?;
        let dictionary = self.snapshot.books.dictionary();
        if dictionary.symbol(self.currency.code()) == Some(fact.currency()) {
            return Some(minor);
        }
        let from: Currency = dictionary.name(fact.currency())?.parse().ok()?;
        let rate = self.exchange_rate(fact, from)?;
        let digits = i32::try_from(self.digits()).ok()?;
        Exact::minor(minor, from.digits()).times(&rate)?.scaled(digits)?.to_minor(Rounding::HalfUp)
    }

    fn exchange_rate(&self, fact: &FactView<'a>, from: Currency) -> Option<Exact> {
        let rates = self.versions.last()?.plan.currency_rates.clone().unwrap_or_default();
        if let Some(fixed) = rates.fixed.get(from.code()) {
            return Some(fixed.exact());
        }
        let exchange = &self.definitions().exchange;
        let day = fact.date();
        match rates.on {
            RateOn::Date => exchange.on(from, self.currency, day).cloned(),
            RateOn::Signing => {
                let signed = self.first_of_contract(fact, "contract_signed").map_or(day, |(day, _)| day);
                exchange.on(from, self.currency, signed).cloned()
            }
            RateOn::MonthAverage => {
                let calendar = &self.definitions().company.calendar;
                let month = calendar.range(calendar.period_of(day, PeriodKind::Month));
                exchange.average(from, self.currency, month)
            }
        }
    }

    /// An attribute of a fact.
    pub(super) fn attribute(&self, fact: &FactView<'a>, name: &str) -> Value {
        let dictionary = self.snapshot.books.dictionary();
        let value =
            dictionary.symbol(name).and_then(|key| dictionary.name(dictionary.attribute(fact.attributes(), key)));
        value.map_or(Value::Missing, Value::Text)
    }

    /// The figure of the whole fact and the credited part; none where it is not there.
    pub(super) fn measured_on(
        &self,
        measure: &PlanMeasure,
        credit: &CreditView<'a>,
        at: &At<'_, 'a>,
    ) -> Result<Option<(Exact, Exact)>, TooLarge> {
        let fact = &credit.fact;
        let share = Exact::minor(credit.share_ppm().into(), 6);
        let money = |minor: Option<i64>| {
            self.in_plan_currency(fact, minor).map(|whole| {
                let digits = self.digits();
                (Exact::minor(whole, digits), Exact::minor(credit.part_of(whole), digits))
            })
        };
        let shared = |whole: Option<Exact>| match whole {
            None => Ok(None),
            Some(whole) => whole.times(&share).map(|part| Some((whole, part))).ok_or(TooLarge),
        };
        match measure {
            PlanMeasure::Amount => Ok(money(Some(fact.amount_minor()))),
            PlanMeasure::AmountExclTax => Ok(money(fact.amount_excl_tax_minor())),
            PlanMeasure::Margin => Ok(money(fact.margin_minor())),
            PlanMeasure::Quantity => shared(fact.quantity_micro().map(|micro| Exact::minor(micro, 6))),
            PlanMeasure::Score => shared(fact.score_micro().map(|micro| Exact::minor(micro, 6))),
            PlanMeasure::Count => shared(Some(if fact.is_reversal() { -1 } else { 1 }.into())),
            PlanMeasure::Formula(formula) => shared(formula.evaluate(at)?.number().map(|n| n.into_owned())),
        }
    }

    /// The credits that count for a component within a range, in the order in which they are cumulated: by day, those
    /// that count before those that wait, by number.
    pub(super) fn counted(
        &self,
        payee: &Payee<'a>,
        place: Place,
        range: DateRange,
        not_counted: &mut Vec<NotCounted>,
    ) -> Vec<Counted<'a>> {
        let Some(component) = self.component(place) else { return Vec::new() };
        let chosen = self.chosen(&component.basis, &component.roles, &component.when, payee.range.end);
        let at_day = component.clawback.as_ref().map(|clawback| clawback.at).unwrap_or_default();
        let searched = self.searched(place.version, at_day, range);
        let mut found = Vec::new();
        self.each_credit(component.of, payee, searched, &mut |credit| {
            let day = self.effective(&credit.fact, place.version, at_day);
            if !range.contains(day) || !self.belongs(component.of, payee, &credit, day) {
                return;
            }
            let at = At::payee(self, payee, place.version).on(&credit, day);
            if !self.is_chosen(&chosen, &credit, &at) {
                return;
            }
            match self.value_of(component, &credit, day, &at) {
                Ok(counted) => found.push(counted),
                Err(reason) => not_counted.push(NotCounted {
                    sequence: credit.fact.sequence(),
                    component: component.id.clone(),
                    reason,
                }),
            }
        });
        found.sort_by(|a: &Counted<'_>, b: &Counted<'_>| self.order(a, b));
        found
    }

    fn order(&self, a: &Counted<'a>, b: &Counted<'a>) -> Ordering {
        let key = |c: &Counted<'a>| (c.is_pending(), c.day, c.credit.fact.sequence(), c.credit.index());
        key(a).cmp(&key(b))
    }

    fn value_of(
        &self,
        component: &Component,
        credit: &CreditView<'a>,
        day: NaiveDate,
        at: &At<'_, 'a>,
    ) -> Result<Counted<'a>, &'static str> {
        let too_large = |_| "too_large";
        if self.in_plan_currency(&credit.fact, Some(0)).is_none() {
            return Err("currency");
        }
        let measured = self.measured_on(&component.measure, credit, at).map_err(too_large)?;
        let (whole, credited) = measured.ok_or("no_measure")?;
        let mut value = credited.clone();
        if self.takes_back(&credit.fact)
            && let Some(share) = component.clawback.as_ref().and_then(|clawback| clawback.share.as_ref())
        {
            let share = at.number(share).map_err(too_large)?.ok_or("no_figure")?;
            value = value.times(&share).ok_or("too_large")?;
        }
        for step in &component.steps {
            if let Some(condition) = &step.when
                && !at.holds(condition).map_err(too_large)?
            {
                continue;
            }
            let times = at.number(&step.times).map_err(too_large)?.ok_or("no_figure")?;
            value = value.times(&times).ok_or("too_large")?;
            if let Some(rounding) = step.rounding {
                value = self.rounded(&value, rounding).ok_or("too_large")?;
            }
        }
        let dated = self.dated(&credit.fact, at.version, day);
        Ok(Counted { credit: *credit, day, whole, credited, value, dated })
    }

    /// A number rounded to minor units, major units still.
    pub(super) fn rounded(&self, value: &Exact, rounding: Rounding) -> Option<Exact> {
        let digits = i32::try_from(self.digits()).ok()?;
        value.scaled(digits)?.whole(rounding).scaled(-digits)
    }

    /// The day that decides whether plan and person count a fact.
    fn dated(&self, fact: &FactView<'a>, version: usize, day: NaiveDate) -> NaiveDate {
        let first = |kind: &str| self.first_of_contract(fact, kind).map_or(day, |(day, _)| day);
        match self.plan(version).map(|plan| plan.dated_by).unwrap_or_default() {
            DatedBy::Fact => day,
            DatedBy::Signing => first("contract_signed"),
            DatedBy::FirstPayment => first("payment_received"),
        }
    }

    /// Calls `each` for the credits of everybody who may count for the payee.
    fn each_credit(&self, of: CreditsOf, payee: &Payee<'a>, range: DateRange, each: &mut dyn FnMut(CreditView<'a>)) {
        let books = &self.snapshot.books;
        let definitions = self.definitions();
        match of {
            CreditsOf::Own => books.for_credits_of(payee.id, range.start, range.end, &mut *each),
            CreditsOf::Company => books.for_credits(range.start, range.end, &mut *each),
            CreditsOf::Reports => {
                let whole = DateRange { start: NaiveDate::MIN, end: NaiveDate::MAX };
                for person in self.report_candidates(payee.id, whole) {
                    books.for_credits_of(person, range.start, range.end, &mut *each);
                }
            }
            CreditsOf::Team | CreditsOf::Subtree => {
                let mut people: Vec<Id> = Vec::new();
                for own in definitions.memberships_of(payee.id) {
                    let teams = match of {
                        CreditsOf::Team => std::iter::once(own.team).collect(),
                        _ => definitions.subtree(own.team),
                    };
                    people.extend(teams.iter().flat_map(|team| definitions.ever_members_of(*team)));
                }
                people.sort_unstable();
                people.dedup();
                for person in people {
                    books.for_credits_of(person, range.start, range.end, &mut *each);
                }
            }
        }
    }

    /// True where a credit counts for the payee on its day.
    fn belongs(&self, of: CreditsOf, payee: &Payee<'a>, credit: &CreditView<'a>, day: NaiveDate) -> bool {
        if matches!(of, CreditsOf::Own | CreditsOf::Company) {
            return true;
        }
        let Some(person) = self.snapshot.books.dictionary().id_back(credit.person()) else { return false };
        if of == CreditsOf::Reports {
            return self.reports_to(person, payee.id, day);
        }
        let team = |person: Id| self.membership_on(person, day).map(|own| own.team);
        match (team(payee.id), team(person)) {
            (Some(own), Some(other)) if of == CreditsOf::Team => own == other,
            (Some(own), Some(other)) => self.definitions().subtree(own).contains(&other),
            _ => false,
        }
    }
}
