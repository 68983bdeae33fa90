//! Plans by example and by property.

mod examples;
mod properties;
mod reading;
mod stage;
mod tiers;

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::*;
use crate::books::{Books, FactRow, Recognition};
use crate::dates::Period;
use crate::definitions::{Definitions, DefinitionsData, Membership, Person, Snapshot, Team};
use crate::explain::recompute;
use crate::goals::{Subject, Target};
use crate::money::Currency;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

/// Two people, Lin (1) in East/One and Su (2) in East/Two, the standard metrics, one plan.
struct World {
    data: DefinitionsData,
    rows: Vec<FactRow>,
}

impl World {
    fn new(plans: &[&str]) -> Self {
        let mut data = DefinitionsData::empty("Example", Currency::CNY);
        data.metrics = crate::metrics::standard();
        for (id, name) in [(1, "lin"), (2, "su")] {
            data.people.push(Person {
                id,
                external_id: Some(name.to_owned()),
                name: name.to_owned(),
                ..Person::default()
            });
        }
        for (id, name, parent, path) in [
            (10, "East", None, "East"),
            (11, "One", Some(10), "East/One"),
            (12, "Two", Some(10), "East/Two"),
        ] {
            data.teams.push(Team {
                id,
                name: name.to_owned(),
                parent,
                path: path.to_owned(),
            });
        }
        for (person, team) in [(1, 11), (2, 12)] {
            data.memberships.push(Membership {
                person,
                team: Some(team),
                role: "rep".to_owned(),
                ..Membership::default()
            });
        }
        for (at, text) in plans.iter().enumerate() {
            let mut plan = parse(text).unwrap_or_else(|problems| panic!("{problems:#?}"));
            plan.version = at as u32 + 1;
            data.plans.push(plan);
        }
        let definitions = Definitions::new(data.clone());
        for plan in &data.plans {
            let problems = check(plan, &definitions, &Known::default());
            assert_eq!(problems, []);
        }
        Self {
            data,
            rows: Vec::new(),
        }
    }

    fn target(mut self, metric: &str, person: u128, at: &str, base: i64) -> Self {
        let base = Decimal::from(base);
        let subject = Subject::Person(person);
        let (metric, period) = (metric.to_owned(), period(at));
        self.data.targets.push(Target {
            metric,
            subject,
            period,
            product_line: None,
            region: None,
            tier: None,
            base,
            challenge: None,
            stretch: None,
        });
        self
    }

    /// A fact of Lin's; amounts in major units.
    fn fact(self, kind: &str, date: &str, amount: i64) -> Self {
        self.with(kind, date, amount, |row| row.credit(1, "owner", 1_000_000))
    }

    fn with(
        mut self,
        kind: &str,
        date: &str,
        amount: i64,
        change: impl FnOnce(FactRow) -> FactRow,
    ) -> Self {
        let sequence = self.rows.len() as u32 + 1;
        self.rows.push(change(FactRow::new(
            sequence,
            kind,
            day(date),
            amount * 100,
            Currency::CNY,
        )));
        self
    }

    fn snapshot(&self) -> Snapshot {
        let appended = Books::new().append(self.rows.clone());
        assert_eq!(appended.refused, []);
        Snapshot {
            books: appended.books,
            definitions: Arc::new(Definitions::new(self.data.clone())),
        }
    }

    fn estimate(&self, person: u128, asked: &str) -> Estimate {
        let estimate = estimate(&self.snapshot(), person, period(asked), day("2027-12-31"));
        verify(&estimate);
        estimate
    }

    /// Amounts of the lines of Lin's estimate, in major units.
    fn lines(&self, asked: &str) -> Vec<String> {
        self.estimate(1, asked)
            .lines
            .iter()
            .map(|line| crate::money::format_minor(line.amount_minor, Currency::CNY))
            .collect()
    }

    fn total(&self, person: u128, asked: &str) -> String {
        crate::money::format_minor(self.estimate(person, asked).amount_minor, Currency::CNY)
    }
}

/// Every line recomputes to its amount from its steps alone, and the sums are those of the lines.
fn verify(estimate: &Estimate) {
    for line in &estimate.lines {
        let json = serde_json::to_string(&line.explanation).unwrap();
        assert_eq!(
            serde_json::from_str::<crate::explain::Explanation>(&json).unwrap(),
            line.explanation
        );
        assert_eq!(recompute(&line.explanation), line.amount_minor, "{line:#?}");
        assert!(!line.explanation.render(crate::words::Locale::Zh).is_empty());
    }
    assert_eq!(
        estimate.amount_minor,
        estimate.earned_minor + estimate.held_minor
    );
}

fn pending(mut row: FactRow) -> FactRow {
    row.recognition = Recognition::Pending;
    row
}

fn plan(components: &str) -> String {
    format!("id: p\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\ncomponents:\n{components}")
}
