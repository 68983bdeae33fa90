//! What an open deal is worth today: its amount times the rate at which deals of its stage are won.
//!
//! The rate is counted: of the deals that were in the stage and were won or lost in the last twelve months, those that were
//! won, within the asker's scope. Below [`ENOUGH`] deals it is the probability that the stage is set to.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Months, NaiveDate};
use qiao_engine::Snapshot;
use qiao_engine::books::{CreditView, Sym};
use qiao_engine::rounding::Rounding;
use qiao_store::Kept;
use qiao_store::books::View;
use qiao_store::scope::RowScope;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
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

/// Of the deals that were in a stage: how many were won or lost, and how many of these were won; by the symbol of the
/// stage's code.
type Tallies = FxHashMap<u32, (u32, u32)>;

/// Whose facts are counted, and up to which day.
type Whose = (Option<Vec<Uuid>>, NaiveDate);

/// What was counted, kept until a fact is added: to count a whole company's facts takes a while.
#[derive(Debug)]
pub struct Counted(Kept<Whose, Arc<Tallies>>);

/// How many scopes are kept at most.
const KEPT: usize = 1_000;

impl Default for Counted {
    fn default() -> Self {
        Self(Kept::new(KEPT))
    }
}

impl Counted {
    fn of(&self, snapshot: &Snapshot, scope: &RowScope, today: NaiveDate) -> Arc<Tallies> {
        let people = match scope {
            RowScope::All => None,
            RowScope::People(people) => Some(people.clone()),
        };
        let whose = (people, today);
        // Facts are only ever added: as many of them are the same ones.
        let facts = snapshot.books.len() as u64;
        if let Some(known) = self.0.get(facts, [&whose]).pop().flatten() {
            return known;
        }
        let counted = Arc::new(count(snapshot, scope, today));
        self.0.keep(facts, [(whose, Arc::clone(&counted))]);
        counted
    }
}

impl Rates {
    /// The rates by the facts of the people in a scope.
    #[must_use]
    pub fn of_scope(counted: &Counted, view: &View, scope: &RowScope, today: NaiveDate) -> Self {
        let tallies = counted.of(&view.snapshot, scope, today);
        let dictionary = view.snapshot.books.dictionary();
        let rate = |stage: &qiao_store::entities::stage::Model| {
            let tally = dictionary.symbol(&stage.code).and_then(|code| tallies.get(&code.0));
            let (closed, won) = tally.copied().unwrap_or_default();
            let mut rate = Rate { ppm: stage.probability_ppm, closed, won };
            if rate.is_counted() {
                rate.ppm = i64::from(won) * 1_000_000 / i64::from(closed);
            }
            (stage.id, rate)
        };
        Self(view.catalog.stages.iter().filter(|stage| stage.kind == "open").map(rate).collect())
    }

    /// The rate of a stage.
    #[must_use]
    pub fn of(&self, stage: Uuid) -> Rate {
        self.0.get(&stage).copied().unwrap_or_default()
    }
}

/// Counts what became of the deals of a scope in the last twelve months; stages are looked for a year further back.
fn count(snapshot: &Snapshot, scope: &RowScope, today: NaiveDate) -> Tallies {
    let books = &snapshot.books;
    let dictionary = books.dictionary();
    let symbol = |name: &str| dictionary.symbol(name).unwrap_or(Sym::NONE);
    let (entered, won, lost) = (symbol("stage_entered"), symbol("opportunity_won"), symbol("opportunity_lost"));
    let (owner, stage) = (symbol("owner"), symbol("stage"));
    let year = today.checked_sub_months(Months::new(12)).unwrap_or(today);
    let start = year.checked_sub_months(Months::new(12)).unwrap_or(year);
    let is_owner = |credit: &CreditView<'_>| credit.fact.opportunity() != 0 && credit.role() == owner;
    // How often each deal was won and lost: a reversal takes one away.
    let mut ends: FxHashMap<u32, (i32, i32)> = FxHashMap::default();
    each(snapshot, scope, (year.succ_opt().unwrap_or(year), today), |credit| {
        let kind = credit.fact.kind();
        if (kind == won || kind == lost) && is_owner(&credit) {
            let sign = if credit.fact.is_reversal() { -1 } else { 1 };
            let end = ends.entry(credit.fact.opportunity()).or_default();
            if kind == won { end.0 += sign } else { end.1 += sign }
        }
    });
    ends.retain(|_, (won, lost)| *won > 0 || *lost > 0);
    // A deal counts once for each stage, however often it was there.
    let mut seen: FxHashSet<(u32, u32)> = FxHashSet::default();
    let mut tallies = Tallies::default();
    each(snapshot, scope, (start, today), |credit| {
        if credit.fact.kind() != entered || !is_owner(&credit) {
            return;
        }
        let deal = credit.fact.opportunity();
        let Some((won, _)) = ends.get(&deal) else { return };
        let code = dictionary.attribute(credit.fact.attributes(), stage).0;
        if seen.insert((deal, code)) {
            let tally = tallies.entry(code).or_default();
            tally.0 += 1;
            tally.1 += u32::from(*won > 0);
        }
    });
    tallies
}

/// Calls `each` for every credit of a scope between two days.
fn each<'a>(
    snapshot: &'a Snapshot,
    scope: &RowScope,
    (start, end): (NaiveDate, NaiveDate),
    mut each: impl FnMut(CreditView<'a>),
) {
    match scope {
        RowScope::All => snapshot.books.for_credits(start, end, each),
        RowScope::People(people) => {
            for person in people {
                snapshot.books.for_credits_of(person.as_u128(), start, end, &mut each);
            }
        }
    }
}
