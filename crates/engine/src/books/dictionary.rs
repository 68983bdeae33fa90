//! Names and ids as small numbers.
//!
//! The dictionary only grows and a number never changes its meaning, so all snapshots share one; a lock guards the maps
//! and is held for single look-ups.

use std::hash::BuildHasher;
use std::sync::{PoisonError, RwLock};

use rustc_hash::{FxBuildHasher, FxHashMap};

/// An id of the outside: a UUID as a number.
pub type Id = u128;

/// The number of a name; 0 stands for "none".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(pub u32);

impl Sym {
    /// No name.
    pub const NONE: Sym = Sym(0);

    /// True for [`Sym::NONE`].
    #[must_use]
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// Ids and their numbers: an open table of numbers beside the list of ids, four bytes a place where a map of 128-bit keys
/// takes 33. At most three quarters of the places are taken.
#[derive(Debug, Default)]
struct Ids {
    back: Vec<Id>,
    places: Vec<u32>,
}

impl Ids {
    /// The place of an id: where its number stands, or where it would stand.
    fn place(&self, id: Id) -> usize {
        let mask = self.places.len().wrapping_sub(1);
        let mut at = FxBuildHasher.hash_one(id) as usize & mask;
        loop {
            match self.places.get(at).copied().unwrap_or(0) {
                0 => return at,
                number if self.back.get(number as usize - 1) == Some(&id) => return at,
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn get(&self, id: Id) -> Option<u32> {
        self.places.get(self.place(id)).copied().filter(|number| *number != 0)
    }

    fn enter(&mut self, id: Id) -> u32 {
        if (self.back.len() + 1) * 4 > self.places.len() * 3 {
            self.grow();
        }
        let at = self.place(id);
        match self.places.get_mut(at) {
            Some(place) if *place == 0 => {
                self.back.push(id);
                *place = number_of(self.back.len());
                *place
            }
            Some(place) => *place,
            None => 0,
        }
    }

    fn grow(&mut self) {
        self.places = vec![0; (self.places.len() * 2).max(64)];
        for index in 0..self.back.len() {
            let at = self.back.get(index).map_or(0, |id| self.place(*id));
            if let Some(place) = self.places.get_mut(at) {
                *place = number_of(index + 1);
            }
        }
    }
}

#[derive(Debug, Default)]
struct Maps {
    names: FxHashMap<String, u32>,
    names_back: Vec<String>,
    ids: Ids,
    sets: FxHashMap<Vec<(u32, u32)>, u32>,
    sets_back: Vec<Vec<(u32, u32)>>,
}

/// The dictionary of a company's books.
#[derive(Debug, Default)]
pub struct Dictionary {
    maps: RwLock<Maps>,
}

impl Dictionary {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, Maps> {
        // A writer that died left whole entries only: pushing to the list and to the map are the last two steps.
        self.maps.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a name, if it was ever seen.
    #[must_use]
    pub fn symbol(&self, name: &str) -> Option<Sym> {
        self.read().names.get(name).map(|n| Sym(*n))
    }

    /// The name of a number; none for [`Sym::NONE`].
    #[must_use]
    pub fn name(&self, symbol: Sym) -> Option<String> {
        let index = symbol.0.checked_sub(1)?;
        self.read().names_back.get(index as usize).cloned()
    }

    /// The number of an id, if it was ever seen.
    #[must_use]
    pub fn id(&self, id: Id) -> Option<u32> {
        self.read().ids.get(id)
    }

    /// The id of a number.
    #[must_use]
    pub fn id_back(&self, number: u32) -> Option<Id> {
        let index = number.checked_sub(1)?;
        self.read().ids.back.get(index as usize).copied()
    }

    /// The value of an attribute in a set of attributes.
    #[must_use]
    pub fn attribute(&self, set: u32, key: Sym) -> Sym {
        let maps = self.read();
        let found = set.checked_sub(1).and_then(|index| maps.sets_back.get(index as usize));
        let pair = found.and_then(|pairs| pairs.iter().find(|(k, _)| *k == key.0));
        pair.map_or(Sym::NONE, |(_, value)| Sym(*value))
    }

    /// Gives back what is held in reserve.
    pub(crate) fn shrink(&self) {
        self.maps.write().unwrap_or_else(PoisonError::into_inner).ids.back.shrink_to_fit();
    }

    /// Enters what a batch of facts names. The lock is taken once for the batch.
    pub(crate) fn enter<T>(&self, with: impl FnOnce(&mut Entering<'_>) -> T) -> T {
        let mut maps = self.maps.write().unwrap_or_else(PoisonError::into_inner);
        with(&mut Entering { maps: &mut maps })
    }
}

/// The dictionary while a batch is entered.
pub(crate) struct Entering<'a> {
    maps: &'a mut Maps,
}

impl Entering<'_> {
    pub(crate) fn name(&mut self, name: &str) -> Sym {
        if let Some(known) = self.maps.names.get(name) {
            return Sym(*known);
        }
        self.maps.names_back.push(name.to_owned());
        let number = number_of(self.maps.names_back.len());
        self.maps.names.insert(name.to_owned(), number);
        Sym(number)
    }

    pub(crate) fn optional(&mut self, name: Option<&str>) -> Sym {
        name.filter(|text| !text.is_empty()).map_or(Sym::NONE, |text| self.name(text))
    }

    pub(crate) fn id(&mut self, id: Option<Id>) -> u32 {
        let Some(id) = id else { return 0 };
        self.maps.ids.enter(id)
    }

    pub(crate) fn set(&mut self, attributes: &[(String, String)]) -> u32 {
        if attributes.is_empty() {
            return 0;
        }
        let mut pairs: Vec<(u32, u32)> = attributes.iter().map(|(k, v)| (self.name(k).0, self.name(v).0)).collect();
        pairs.sort_unstable();
        if let Some(known) = self.maps.sets.get(&pairs) {
            return *known;
        }
        self.maps.sets_back.push(pairs.clone());
        let number = number_of(self.maps.sets_back.len());
        self.maps.sets.insert(pairs, number);
        number
    }
}

/// Four thousand million names do not fit into memory, so the number always fits.
fn number_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_their_numbers_while_the_table_grows() {
        let mut ids = Ids::default();
        assert_eq!(ids.get(7), None);
        // Ids that differ only in their upper or lower half, and 0, which is an id like any other.
        let all: Vec<Id> = (0..5_000_u128).map(|n| if n % 2 == 0 { n << 64 } else { n }).collect();
        for (index, id) in all.iter().enumerate() {
            assert_eq!(ids.enter(*id) as usize, index + 1);
            assert_eq!(ids.enter(*id) as usize, index + 1);
        }
        for (index, id) in all.iter().enumerate() {
            assert_eq!(ids.get(*id).map(|number| number as usize), Some(index + 1));
        }
        assert_eq!(ids.get(1 << 100), None);
    }
}
