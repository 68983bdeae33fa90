//! Names and ids as small numbers.
//!
//! The dictionary only grows and a number never changes its meaning, so all snapshots share one; a lock guards the maps
//! and is held for single look-ups.

use std::sync::{PoisonError, RwLock};

use rustc_hash::FxHashMap;

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

#[derive(Debug, Default)]
struct Maps {
    names: FxHashMap<String, u32>,
    names_back: Vec<String>,
    ids: FxHashMap<Id, u32>,
    ids_back: Vec<Id>,
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
        self.read().ids.get(&id).copied()
    }

    /// The id of a number.
    #[must_use]
    pub fn id_back(&self, number: u32) -> Option<Id> {
        let index = number.checked_sub(1)?;
        self.read().ids_back.get(index as usize).copied()
    }

    /// The value of an attribute in a set of attributes.
    #[must_use]
    pub fn attribute(&self, set: u32, key: Sym) -> Sym {
        let maps = self.read();
        let found = set.checked_sub(1).and_then(|index| maps.sets_back.get(index as usize));
        let pair = found.and_then(|pairs| pairs.iter().find(|(k, _)| *k == key.0));
        pair.map_or(Sym::NONE, |(_, value)| Sym(*value))
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
        if let Some(known) = self.maps.ids.get(&id) {
            return *known;
        }
        self.maps.ids_back.push(id);
        let number = number_of(self.maps.ids_back.len());
        self.maps.ids.insert(id, number);
        number
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
