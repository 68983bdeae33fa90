//! How deals go from stage to stage: who entered, who went on in time.

use chrono::{Days, NaiveDate};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Snapshot;
use crate::books::{CreditView, Id};
use crate::dates::DateRange;

/// A stage of a pipeline, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    /// Its code, which its facts name.
    pub code: String,
    /// True where a deal that comes here did not go on: it is lost.
    pub is_end: bool,
}

/// What happened at a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// The facts by which deals entered in the days that are looked at, the first of each deal, in the order of their days.
    pub entered: Vec<u32>,
    /// Of those the ones whose deal reached a later stage within the time.
    pub went_on: Vec<u32>,
    /// How many neither went on nor had the whole time yet.
    pub waiting: usize,
}

/// The days that are looked at, and how long a deal has to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Deals that entered on these days.
    pub entered: DateRange,
    /// Days from entering a stage to entering a later one.
    pub days: u64,
    /// The day it is.
    pub today: NaiveDate,
}

/// An entry of a deal: the day, the fact, which stage.
type Visit = (NaiveDate, u32, usize);

/// What happened at each stage, for the deals that some people own; for all where none are named.
#[must_use]
pub fn flow(snapshot: &Snapshot, stations: &[Station], people: Option<&[Id]>, window: Window) -> Vec<Flow> {
    let visits = visits(snapshot, stations, people, window);
    let mut flows = vec![Flow::default(); stations.len()];
    let mut entries: Vec<Vec<(NaiveDate, u32, bool, bool)>> = vec![Vec::new(); stations.len()];
    for deal in visits.values() {
        for (index, at) in entries.iter_mut().enumerate() {
            let in_days =
                |visit: &&Visit| visit.2 == index && window.entered.start <= visit.0 && visit.0 <= window.entered.end;
            let Some((date, sequence, _)) = deal.iter().find(in_days) else { continue };
            let last = date.checked_add_days(Days::new(window.days)).unwrap_or(NaiveDate::MAX);
            let later = |visit: &Visit| {
                let ends = stations.get(visit.2).is_none_or(|station| station.is_end);
                visit.2 > index && !ends && (visit.0, visit.1) > (*date, *sequence) && visit.0 <= last
            };
            at.push((*date, *sequence, deal.iter().any(later), last >= window.today));
        }
    }
    for (flow, mut at) in flows.iter_mut().zip(entries) {
        at.sort_unstable();
        flow.entered = at.iter().map(|entry| entry.1).collect();
        flow.went_on = at.iter().filter(|entry| entry.2).map(|entry| entry.1).collect();
        flow.waiting = at.iter().filter(|entry| !entry.2 && entry.3).count();
    }
    flows
}

/// The entries of each deal, in their order, from the first day that is looked at to the last on which one may go on.
fn visits(
    snapshot: &Snapshot,
    stations: &[Station],
    people: Option<&[Id]>,
    window: Window,
) -> FxHashMap<u32, Vec<Visit>> {
    let dictionary = snapshot.books.dictionary();
    let mut deals: FxHashMap<u32, Vec<Visit>> = FxHashMap::default();
    let (Some(kind), Some(key), Some(owner)) =
        (dictionary.symbol("stage_entered"), dictionary.symbol("stage"), dictionary.symbol("owner"))
    else {
        return deals;
    };
    let codes: FxHashMap<_, usize> = stations
        .iter()
        .enumerate()
        .filter_map(|(index, station)| dictionary.symbol(&station.code).map(|symbol| (symbol, index)))
        .collect();
    let end = window.entered.end.checked_add_days(Days::new(window.days)).unwrap_or(NaiveDate::MAX);
    let (mut seen, mut taken_back) = (FxHashSet::default(), FxHashSet::default());
    let mut each = |credit: &CreditView<'_>| {
        let fact = &credit.fact;
        if fact.kind() != kind || credit.role() != owner || fact.is_pending() || !seen.insert(fact.sequence()) {
            return;
        }
        if fact.is_reversal() {
            taken_back.extend(fact.refers_to());
            return;
        }
        let stage = dictionary.attribute(fact.attributes(), key);
        if let Some(index) = codes.get(&stage) {
            deals.entry(fact.opportunity()).or_default().push((fact.date(), fact.sequence(), *index));
        }
    };
    match people {
        None => snapshot.books.for_credits(window.entered.start, end, |credit| each(&credit)),
        Some(people) => {
            for person in people {
                snapshot.books.for_credits_of(*person, window.entered.start, end, |credit| each(&credit));
            }
        }
    }
    deals.remove(&0);
    for deal in deals.values_mut() {
        deal.retain(|visit| !taken_back.contains(&visit.1));
        deal.sort_unstable();
    }
    deals
}
