//! In which order the rows of a file go in. Of each row only a few numbers are looked at, so that the order of a large file
//! is known without holding it.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;

use super::run::Kind;
use super::values;
use crate::entry::Row;

/// What the order of a row depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its line in the file.
    pub line: usize,
    /// Which record it is about; none where it does not say.
    key: Option<u64>,
    /// The record by which others name it.
    name: Option<u64>,
    /// Which record of the same kind it names.
    parent: Option<u64>,
    /// The day by which rows of its kind go in.
    date: Option<NaiveDate>,
}

fn digest(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

impl Slot {
    pub(super) fn of(kind: Kind, row: &Row) -> Self {
        let (keys, parent) = kind.key_and_parent();
        let first = keys.first().and_then(|key| row.get(key));
        let whole: Vec<&str> = keys.iter().map(|key| row.get(key).unwrap_or_default()).collect();
        Self {
            line: row.line,
            key: first.map(|_| digest(&whole)),
            name: first.map(|name| digest(&[name])),
            parent: parent.and_then(|column| row.get(column)).map(|name| digest(&[name])),
            date: kind.dated_by().and_then(|column| row.get(column)).and_then(values::date),
        }
    }
}

/// The order of a file's rows, which are named by their place in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    /// The rows; those of a level name none of a later one.
    pub levels: Vec<Vec<usize>>,
    /// Rows about a record that an earlier row was about, and the line of that one. They do not go in.
    pub twice: Vec<(usize, usize)>,
    names: HashSet<u64>,
}

impl Order {
    pub(super) fn of(kind: Kind, slots: &[Slot]) -> Self {
        let mut order = Self::default();
        let mut seen: HashMap<u64, usize> = HashMap::new();
        let mut rows = Vec::with_capacity(slots.len());
        for (at, slot) in slots.iter().enumerate() {
            if let Some(first) = slot.key.and_then(|key| seen.get(&key)) {
                order.twice.push((at, *first));
                continue;
            }
            if let Some(key) = slot.key {
                seen.insert(key, slot.line);
            }
            rows.push(at);
        }
        let date = |at: &usize| slots.get(*at).and_then(|slot| slot.date);
        if kind.dated_by().is_some() {
            rows.sort_by_key(date);
        }
        let (_, parent) = kind.key_and_parent();
        if parent.is_none() {
            order.levels = vec![rows];
            return order;
        }
        order.names = slots.iter().filter_map(|slot| slot.name).collect();
        order.levels = levels(slots, rows);
        order
    }

    /// True where a row of the file is about the record of this name.
    pub(super) fn names(&self, name: &str) -> bool {
        self.names.contains(&digest(&[name]))
    }

    /// The rows in their order, in parts that name none of a later part.
    pub(super) fn chunks(&self, most: usize) -> Vec<Vec<usize>> {
        self.levels.iter().flat_map(|level| level.chunks(most.max(1)).map(<[usize]>::to_vec)).collect()
    }
}

/// Level by level: a row whose parent is still to come waits for it.
fn levels(slots: &[Slot], mut rows: Vec<usize>) -> Vec<Vec<usize>> {
    let slot = |at: &usize| slots.get(*at).copied().unwrap_or_default();
    let mut levels = Vec::new();
    while !rows.is_empty() {
        let waiting: HashSet<u64> = rows.iter().filter_map(|at| slot(at).name).collect();
        let waits = |at: &usize| {
            let slot = slot(at);
            slot.parent.is_some_and(|parent| waiting.contains(&parent) && slot.name != Some(parent))
        };
        let (later, now): (Vec<usize>, Vec<usize>) = rows.into_iter().partition(waits);
        if now.is_empty() {
            // A circle: every row goes in, and is told that its parent is not there.
            levels.push(later);
            break;
        }
        levels.push(now);
        rows = later;
    }
    levels
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Mapping, read};
    use super::*;

    fn order(kind: Kind, csv: &str) -> Order {
        let table = read(csv.as_bytes()).unwrap();
        let mapping = Mapping::plain(&table);
        let slot = |(line, cells): &(usize, Vec<String>)| {
            Slot::of(kind, &Row::new(*line, mapping.apply(&table.header, cells)))
        };
        Order::of(kind, &table.rows.iter().map(slot).collect::<Vec<_>>())
    }

    #[test]
    fn parents_first_and_nothing_twice() {
        let order = order(Kind::Accounts, "account,parent,region\nc,b,\nb,a,\na,,\nb,x,\nd,d,\n,,east\n");
        assert_eq!(order.levels, [vec![2, 4, 5], vec![1], vec![0]]);
        assert_eq!(order.twice, [(3, 3)]);
        assert!(order.names("a") && !order.names("x"));
        assert_eq!(super::tests::order(Kind::Accounts, "account,parent\na,b\nb,a\n").levels, [vec![0, 1]]);
    }

    #[test]
    fn contracts_go_in_by_their_day() {
        let order = order(Kind::Contracts, "contract,signed_on\nk1,2026-03-02\nk2,2026-01-01\nk3,\n");
        assert_eq!(order.levels, [vec![2, 1, 0]]);
        assert_eq!(order.chunks(2), [vec![2, 1], vec![0]]);
    }
}
