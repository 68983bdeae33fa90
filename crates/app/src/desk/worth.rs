//! What an open deal is worth today: its amount times the rate at which deals of its stage are won.
//!
//! The rate is counted: of the deals that were in the stage and were won or lost in the last twelve months, those that were
//! won, within the asker's scope. Below [`ENOUGH`] deals it is the probability that the stage is set to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};
use qiao_engine::Snapshot;
use qiao_engine::books::{CreditView, Sym};
use qiao_engine::rounding::Rounding;
use qiao_store::books::Catalog;
use qiao_store::scope::RowScope;
use rust_decimal::Decimal;
use uuid::Uuid;

/// Deals from which a stage's rate is counted instead of taken from its setting.
pub const ENOUGH: u32 = 20;

/// How often deals of a stage are won.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Parts per million.
    pub ppm: i64,
    /// Deals that were won or lost after they had been in the stage.
    pub closed: u32,
    /// Those that were won.
    pub won: u32,
}

impl Rate {
    /// True where it is counted, false where it is the stage's setting.
    #[must_use]
    pub fn is_counted(self) -> bool {
        self.closed >= ENOUGH
    }

    /// What an amount in minor units is worth.
    #[must_use]
    pub fn worth(self, minor: i64) -> i64 {
        Rounding::HalfUp.to_minor(Decimal::from(minor) * Decimal::new(self.ppm, 6)).unwrap_or_default()
    }
}

/// The rates of the stages, by stage.
#[derive(Clone, Debug, Default)]
pub struct Rates(BTreeMap<Uuid, Rate>);

/// A deal as its facts tell it.
#[derive(Default)]
struct Story {
    stages: BTreeSet<u32>,
    won: i32,
    lost: i32,
}

impl Rates {
    /// Counts the rates from the facts of the people in a scope.
    #[must_use]
    pub fn count(snapshot: &Snapshot, catalog: &Catalog, scope: &RowScope, today: NaiveDate) -> Self {
        let stories = stories(snapshot, scope, today);
        let dictionary = snapshot.books.dictionary();
        let rate = |stage: &qiao_store::entities::stage::Model| {
            let mut rate = Rate { ppm: stage.probability_ppm, closed: 0, won: 0 };
            let Some(code) = dictionary.symbol(&stage.code) else { return (stage.id, rate) };
            for story in stories.values().filter(|story| story.stages.contains(&code.0)) {
                rate.closed += u32::from(story.won > 0 || story.lost > 0);
                rate.won += u32::from(story.won > 0);
            }
            if rate.is_counted() {
                rate.ppm = i64::from(rate.won) * 1_000_000 / i64::from(rate.closed);
            }
            (stage.id, rate)
        };
        Self(catalog.stages.iter().filter(|stage| stage.kind == "open").map(rate).collect())
    }

    /// The rate of a stage.
    #[must_use]
    pub fn of(&self, stage: Uuid) -> Rate {
        self.0.get(&stage).copied().unwrap_or_default()
    }
}

/// What happened to the deals of a scope in the last twelve months, by the deal's number in the books; stages are looked
/// for a year further back.
fn stories(snapshot: &Snapshot, scope: &RowScope, today: NaiveDate) -> BTreeMap<u32, Story> {
    let books = &snapshot.books;
    let dictionary = books.dictionary();
    let symbol = |name: &str| dictionary.symbol(name).unwrap_or(Sym::NONE);
    let (entered, won, lost) = (symbol("stage_entered"), symbol("opportunity_won"), symbol("opportunity_lost"));
    let (owner, stage) = (symbol("owner"), symbol("stage"));
    let year = today.checked_sub_months(Months::new(12)).unwrap_or(today);
    let start = year.checked_sub_months(Months::new(12)).unwrap_or(year);
    let mut stories: BTreeMap<u32, Story> = BTreeMap::new();
    let mut each = |credit: CreditView<'_>| {
        let fact = &credit.fact;
        if fact.opportunity() == 0 || credit.role() != owner {
            return;
        }
        let sign = if fact.is_reversal() { -1 } else { 1 };
        let kind = fact.kind();
        if kind == entered {
            let code = dictionary.attribute(fact.attributes(), stage);
            stories.entry(fact.opportunity()).or_default().stages.insert(code.0);
        } else if kind == won && fact.date() > year {
            stories.entry(fact.opportunity()).or_default().won += sign;
        } else if kind == lost && fact.date() > year {
            stories.entry(fact.opportunity()).or_default().lost += sign;
        }
    };
    match scope {
        RowScope::All => books.for_credits(start, today, &mut each),
        RowScope::People(people) => {
            for person in people {
                books.for_credits_of(person.as_u128(), start, today, &mut each);
            }
        }
    }
    stories
}
