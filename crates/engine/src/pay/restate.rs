//! RESTATE: the statements of several periods in order. What becomes known of an earlier period comes as a difference
//! into the open one; what was paid is never rewritten.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::entry::{Entry, EntryKind, Statement};
use super::line::NotCounted;
use super::run::Payroll;
use super::settle::Balances;
use crate::Snapshot;
use crate::books::{Id, Until};
use crate::dates::Period;
use crate::formula::TooLarge;
use crate::plans::{ClawbackAt, DatedBy, LateFacts, PlanVersion};

/// The balances of everybody, by person.
pub type Carry = BTreeMap<Id, Balances>;

/// What came out of a run.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// A statement for each person and period that the plan covers, by period, then by person.
    pub statements: Vec<Statement>,
    /// Facts that the plan would count but cannot.
    pub not_counted: Vec<NotCounted>,
    /// What the next period needs.
    pub carry: Carry,
}

/// Why a run ended early.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the pay of a person in {period} is too large to be computed")]
pub struct Overflow {
    /// Whose.
    pub person: Id,
    /// When.
    pub period: Period,
}

/// Settles the periods of a plan in order. `carry` is what the period before left; its paid periods are restated where
/// facts became known since.
///
/// # Errors
/// [`Overflow`] where a person's pay outgrows its bound.
pub fn settle(
    snapshot: &Snapshot,
    versions: &[&PlanVersion],
    periods: &[Period],
    carry: Carry,
    explain: bool,
) -> Result<Settled, Overflow> {
    let mut run = Run { snapshot, versions, settled: Settled { carry, ..Settled::default() }, done: Vec::new() };
    run.done = run.carried_periods(periods);
    for period in periods {
        run.period(*period, explain)?;
    }
    Ok(run.settled)
}

struct Run<'s> {
    snapshot: &'s Snapshot,
    versions: &'s [&'s PlanVersion],
    settled: Settled,
    /// The periods that were settled, here or before.
    done: Vec<Period>,
}

impl Run<'_> {
    fn carried_periods(&self, periods: &[Period]) -> Vec<Period> {
        let first = periods.first();
        let paid = self.settled.carry.values().flat_map(|balances| balances.paid.keys().map(|(period, _)| *period));
        let mut done: Vec<Period> = paid.filter(|period| first.is_none_or(|first| period < first)).collect();
        done.sort_unstable();
        done.dedup();
        done
    }

    fn period(&mut self, period: Period, explain: bool) -> Result<(), Overflow> {
        let end = self.snapshot.definitions.company.calendar.range(period).end;
        let known = Snapshot {
            books: self.snapshot.books.until(Until::Known(end)),
            definitions: Arc::clone(&self.snapshot.definitions),
        };
        let run = Payroll::new(&known, self.versions, explain);
        let mut restated = self.restated(&run, period, end)?;
        let mut people: Vec<Id> = known.definitions.people.keys().copied().collect();
        let key = |person: &Id| known.definitions.people.get(person).map(|person| person.key().to_owned());
        people.sort_by_cached_key(key);
        let by_signing = self.is_by_signing();
        for person in people {
            let too_large = |_: TooLarge| Overflow { person, period };
            let Some(payee) = run.payee(person, period) else { continue };
            let restated = restated.remove(&person).unwrap_or_default();
            let carried = self.settled.carry.get(&person);
            let open = carried.is_some_and(|balances| balances.owed_minor != 0 || !balances.waiting.is_empty());
            if !payee.is_on_plan() && restated.is_empty() && !open && !by_signing {
                continue;
            }
            let given = run.everything(&payee).map_err(too_large)?;
            if !payee.is_on_plan() && restated.is_empty() && given.lines.is_empty() && !self.moves(person) {
                continue;
            }
            self.settled.not_counted.extend(given.not_counted.iter().cloned());
            let balances = self.settled.carry.entry(person).or_default();
            let statement = run.settle(&payee, given, restated, balances).map_err(too_large)?;
            if payee.is_on_plan() || !statement.entries.is_empty() {
                self.settled.statements.push(statement);
            }
        }
        self.done.push(period);
        Ok(())
    }

    /// True where something of a person who is no longer on the plan may be released, forfeited or forgiven.
    fn moves(&self, person: Id) -> bool {
        self.settled.carry.get(&person).is_some_and(|balances| !balances.waiting.is_empty())
    }

    /// What earlier periods come to now, less what they came to before, by person.
    fn restated(
        &mut self,
        run: &Payroll<'_>,
        period: Period,
        end: chrono::NaiveDate,
    ) -> Result<BTreeMap<Id, Vec<Entry>>, Overflow> {
        let mut found: BTreeMap<Id, Vec<Entry>> = BTreeMap::new();
        if self.done.is_empty() {
            return Ok(found);
        }
        let causes = self.causes(run, period, end);
        if causes.is_empty() && !self.is_linked() && !self.first_after_carry() {
            return Ok(found);
        }
        for earlier in self.done.clone() {
            let only_reversals = causes.get(&earlier).copied();
            let people: Vec<Id> = run.definitions().people.keys().copied().collect();
            for person in people {
                let Some(payee) = run.payee(person, earlier) else { continue };
                let before: BTreeMap<String, i64> = self
                    .settled
                    .carry
                    .get(&person)
                    .map(|balances| {
                        let own = balances.paid.iter().filter(|((then, _), _)| *then == earlier);
                        own.map(|((_, component), amount)| (component.clone(), *amount)).collect()
                    })
                    .unwrap_or_default();
                if before.is_empty() && !payee.is_on_plan() && !self.is_by_signing() {
                    continue;
                }
                let given = run.everything(&payee).map_err(|_: TooLarge| Overflow { person, period: earlier })?;
                let mut after: BTreeMap<String, i64> = BTreeMap::new();
                for line in given.lines.iter().filter(|line| line.is_pay()) {
                    *after.entry(line.component.clone()).or_default() += line.amount_minor;
                }
                let entries = differences(earlier, &before, &after, only_reversals == Some(true));
                if !entries.is_empty() {
                    let paid = &mut self.settled.carry.entry(person).or_default().paid;
                    paid.retain(|(then, component), _| *then != earlier || component.is_empty());
                    paid.extend(after.into_iter().map(|(component, amount)| ((earlier, component), amount)));
                    found.entry(person).or_default().extend(entries);
                }
            }
        }
        Ok(found)
    }

    /// True where who signed while on the plan is paid for it in periods when the person is not.
    fn is_by_signing(&self) -> bool {
        self.versions.iter().any(|version| version.plan.dated_by != DatedBy::Fact)
    }

    /// True where a fact of this period may change what a fact of an earlier one earns: by the contract's first signing or
    /// payment, or by what became of the deal.
    fn is_linked(&self) -> bool {
        self.versions.iter().any(|version| {
            let plan = &version.plan;
            let text = serde_json::to_string(plan).unwrap_or_default();
            plan.dated_by != DatedBy::Fact
                || ["signed_on", "paid_on", "\"as\"", "\"reward\"", "\"signing\""]
                    .iter()
                    .any(|name| text.contains(name))
        })
    }

    /// True before the first period after a carry: what was paid then is compared with what is known now.
    fn first_after_carry(&self) -> bool {
        self.settled.statements.is_empty()
    }

    /// The earlier periods that facts which became known in this one belong to, and whether all of these are reversals.
    fn causes(&self, run: &Payroll<'_>, period: Period, end: chrono::NaiveDate) -> BTreeMap<Period, bool> {
        let calendar = &self.snapshot.definitions.company.calendar;
        let start = calendar.range(period).start;
        let books = &run.snapshot.books;
        let mut causes: BTreeMap<Period, bool> = BTreeMap::new();
        let mut add = |day: chrono::NaiveDate, is_reversal: bool| {
            let of = calendar.period_of(day, run.period_kind());
            if of < period {
                *causes.entry(of).or_insert(true) &= is_reversal;
            }
        };
        let late = self.snapshot.books.has_late_facts();
        let at_origin = self.versions.iter().any(|version| {
            let at = |component: &crate::plans::Component| component.clawback.as_ref().map(|clawback| clawback.at);
            version.plan.components.iter().any(|component| at(component) == Some(ClawbackAt::Origin))
        });
        if !late && !at_origin {
            return causes;
        }
        let open = self.versions.iter().any(|version| version.plan.late_facts == LateFacts::Open);
        let mut last = None;
        books.for_credits(chrono::NaiveDate::MIN, end, |credit| {
            let fact = credit.fact;
            let known = books.known_on(&fact);
            if known < start || known > end || last == Some(fact.sequence()) {
                return;
            }
            last = Some(fact.sequence());
            if !open || fact.date() >= start {
                add(fact.date(), run.takes_back(&fact));
            }
            if at_origin
                && run.takes_back(&fact)
                && let Some(origin) = run.origin(&fact)
            {
                add(origin.date(), true);
            }
        });
        causes
    }
}

/// What a period's components come to now, less before.
fn differences(
    origin: Period,
    before: &BTreeMap<String, i64>,
    after: &BTreeMap<String, i64>,
    only_reversals: bool,
) -> Vec<Entry> {
    let mut components: Vec<&String> = before.keys().chain(after.keys()).collect();
    components.sort_unstable();
    components.dedup();
    let of = |map: &BTreeMap<String, i64>, component: &str| map.get(component).copied().unwrap_or_default();
    components
        .into_iter()
        .map(|component| {
            let (old, new) = (of(before, component), of(after, component));
            Entry {
                kind: if only_reversals { EntryKind::Clawback } else { EntryKind::Adjustment },
                component: component.clone(),
                origin: Some(origin),
                sequence: None,
                amount_minor: new.saturating_sub(old),
                restated: Some((old, new)),
            }
        })
        .filter(|entry| entry.amount_minor != 0)
        .collect()
}
