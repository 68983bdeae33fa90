//! An index of texts by their pairs of letters, in memory: two letters find a Chinese name, and the rarest pairs of a word
//! leave few texts to look into. Every hit is looked into, so what is found holds each word as it stands.
//!
//! A text that changes is added anew and its old form is no longer found; callers compare what they found with the record as it
//! is, which they read anyway in the asker's scope. The people of a text narrow what is looked into; they are no check of rights.

use std::ops::Range;

use roaring::{MultiOps, RoaringBitmap};
use rustc_hash::{FxHashMap, FxHashSet};
use uuid::Uuid;

use super::text::Word;

/// What stands before a name that a record no longer has.
pub const FORMER: char = '\u{2}';
/// What stands behind each field of a text.
const END: char = '\n';
/// What stands before each field, for pairs alone.
const START: char = '\t';

/// The texts of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The kind, as the owner of the index counts them.
    pub kind: u8,
    /// The record.
    pub id: Uuid,
    /// Its names and numbers, squeezed.
    pub fields: Vec<String>,
    /// Who sees it, as far as rows are somebody's.
    pub people: Vec<Uuid>,
    /// True for one that everybody sees.
    pub everybodys: bool,
}

/// The texts of all records.
#[derive(Debug, Default)]
pub struct Index {
    ids: Vec<Uuid>,
    texts: String,
    /// Where the text of each entry ends.
    ends: Vec<usize>,
    pairs: FxHashMap<(char, char), RoaringBitmap>,
    kinds: FxHashMap<u8, RoaringBitmap>,
    people: FxHashMap<Uuid, RoaringBitmap>,
    everybodys: RoaringBitmap,
    /// Of each kind the entries that were added first, in the order of their ids.
    first: FxHashMap<u8, Range<usize>>,
    /// The entries of the others.
    later: FxHashMap<Uuid, u32>,
    /// What was added anew since.
    old: RoaringBitmap,
}

/// Whose texts are looked into.
#[derive(Clone, Debug)]
pub enum Within {
    /// All.
    All,
    /// These entries.
    Entries(RoaringBitmap),
}

impl Index {
    /// How many texts it holds, old forms included.
    #[cfg(test)]
    fn size(&self) -> usize {
        self.ids.len()
    }

    /// True where more of what it holds are old forms than texts, `few` of them apart: it takes twice the memory it needs.
    #[must_use]
    pub fn is_worn(&self, few: u64) -> bool {
        self.old.len() > (self.ids.len() as u64 - self.old.len()) + few
    }

    /// Adds a record, or the new form of one, and says its number. An index of four thousand million texts takes no more.
    pub fn add(&mut self, entry: &Entry) -> u32 {
        let Ok(number) = u32::try_from(self.ids.len()) else { return u32::MAX };
        self.replace(entry, number);
        self.ids.push(entry.id);
        for field in entry.fields.iter().filter(|field| !field.is_empty()) {
            let follow = field.chars().skip(1).chain([END]);
            let begin = field.chars().next().map(|first| (START, first));
            for pair in field.chars().zip(follow).chain(begin) {
                self.pairs.entry(pair).or_default().insert(number);
            }
            self.texts.push_str(field);
            self.texts.push(END);
        }
        self.ends.push(self.texts.len());
        self.kinds.entry(entry.kind).or_default().insert(number);
        for person in &entry.people {
            self.people.entry(*person).or_default().insert(number);
        }
        if entry.everybodys {
            self.everybodys.insert(number);
        }
        number
    }

    /// Makes the old form of a record be found no more.
    fn replace(&mut self, entry: &Entry, number: u32) {
        let end = self.ids.len();
        let first = self.first.entry(entry.kind).or_insert(end..end);
        let known = self.ids.get(first.clone()).unwrap_or_default();
        if first.end == end && known.last().is_none_or(|last| *last < entry.id) {
            first.end += 1;
            return;
        }
        let before = known.binary_search(&entry.id).ok().and_then(|at| u32::try_from(first.start + at).ok());
        let before = self.later.insert(entry.id, number).or(before);
        self.old.extend(before);
    }

    /// True where the text of an entry holds a word.
    #[must_use]
    pub fn holds(&self, number: u32, word: &Word) -> bool {
        word.is_in(self.text(number))
    }

    /// The numbers of the texts of a kind that may hold a word.
    #[must_use]
    pub fn may_hold(&self, kind: u8, word: &str) -> RoaringBitmap {
        self.candidates(kind, &[word.to_owned()], &Within::All).unwrap_or_default()
    }

    /// What some people see; everything where there is no such limit.
    #[must_use]
    pub fn within(&self, people: Option<&[Uuid]>) -> Within {
        let Some(people) = people else { return Within::All };
        let theirs = people.iter().filter_map(|person| self.people.get(person));
        Within::Entries(theirs.union() | &self.everybodys)
    }

    /// The newest entries of a kind that hold every word, each record once, `most` at most.
    #[must_use]
    pub fn find(&self, kind: u8, words: &[String], within: &Within, most: usize) -> Vec<Uuid> {
        let Some(entries) = self.candidates(kind, words, within) else { return Vec::new() };
        let mut seen = FxHashSet::default();
        let words: Vec<Word> = words.iter().map(|word| Word::new(word)).collect();
        let holding = entries.iter().rev().filter(|number| words.iter().all(|word| self.holds(*number, word)));
        let ids = holding.filter_map(|number| self.id(number));
        ids.filter(|id| seen.insert(*id)).take(most).collect()
    }

    /// The newest entries of a kind of which one field is a word, each record once, `most` at most.
    #[must_use]
    pub fn named(&self, kind: u8, word: &str, within: &Within, most: usize) -> Vec<Uuid> {
        let (Some(first), Some(last)) = (word.chars().next(), word.chars().last()) else { return Vec::new() };
        let (Some(beginning), Some(ending), Some(mut entries)) = (
            self.pairs.get(&(START, first)),
            self.pairs.get(&(last, END)),
            self.candidates(kind, &[word.to_owned()], within),
        ) else {
            return Vec::new();
        };
        entries &= beginning;
        entries &= ending;
        let called = |number: &u32| self.text(*number).split(END).any(|field| field == word);
        let ids = entries.iter().rev().filter(called).filter_map(|number| self.id(number));
        let mut seen = FxHashSet::default();
        ids.filter(|id| seen.insert(*id)).take(most).collect()
    }

    /// Entries of a kind that hold a word in a field that is the same as what is looked for, each record once, the newest
    /// first, `most` at most.
    #[must_use]
    pub fn alike(&self, kind: u8, word: &str, same: impl Fn(&str) -> bool, most: usize) -> Vec<Uuid> {
        let Some(entries) = self.candidates(kind, &[word.to_owned()], &Within::All) else { return Vec::new() };
        let word = Word::new(word);
        let is_same = |number: &u32| {
            let text = self.text(*number);
            word.is_in(text) && text.split(END).any(|field| word.is_in(field) && same(field))
        };
        let ids = entries.iter().rev().filter(is_same).filter_map(|number| self.id(number));
        let mut seen = FxHashSet::default();
        ids.filter(|id| seen.insert(*id)).take(most).collect()
    }

    /// The record of an entry.
    pub fn id(&self, number: u32) -> Option<Uuid> {
        self.ids.get(usize::try_from(number).ok()?).copied()
    }

    fn text(&self, number: u32) -> &str {
        let Ok(at) = usize::try_from(number) else { return "" };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.texts.get(start..*end)).unwrap_or("")
    }

    /// The entries that may hold every word: those that hold its pairs, the rarest first.
    fn candidates(&self, kind: u8, words: &[String], within: &Within) -> Option<RoaringBitmap> {
        let mut sets: Vec<&RoaringBitmap> = vec![self.kinds.get(&kind)?];
        let mut letters = Vec::new();
        let most = self.ids.len() as u64 / 8 * 7;
        for word in words {
            let pairs = word.chars().zip(word.chars().skip(1));
            let mut is_letter = true;
            for pair in pairs {
                let texts = self.pairs.get(&pair)?;
                is_letter = false;
                // What nearly every text has leaves out next to nothing; whether the word is there is looked at anyway.
                if texts.len() <= most {
                    sets.push(texts);
                }
            }
            if is_letter {
                letters.push(self.letter(word.chars().next()?));
            }
        }
        sets.extend(letters.iter());
        if let Within::Entries(entries) = within {
            sets.push(entries);
        }
        sets.sort_by_key(|set| set.len());
        let (rarest, others) = sets.split_first()?;
        let mut found = (*rarest).clone();
        for set in others {
            if found.is_empty() {
                break;
            }
            found &= *set;
        }
        found -= &self.old;
        Some(found)
    }

    /// The entries that hold a letter: it begins a pair wherever it stands.
    fn letter(&self, letter: char) -> RoaringBitmap {
        self.pairs.iter().filter(|(pair, _)| pair.0 == letter).map(|(_, set)| set).union()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u128, kind: u8, fields: &[&str], people: &[u128]) -> Entry {
        Entry {
            kind,
            id: Uuid::from_u128(number),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            people: people.iter().map(|person| Uuid::from_u128(*person)).collect(),
            everybodys: people.is_empty(),
        }
    }

    fn index() -> Index {
        let mut index = Index::default();
        index.add(&entry(1, 0, &["华为技术有限公司", "13800001111"], &[7]));
        index.add(&entry(2, 0, &["中兴通讯", ""], &[8, 7]));
        index.add(&entry(3, 1, &["华为基站采购"], &[8]));
        index.add(&entry(4, 0, &["为华咨询"], &[]));
        index
    }

    fn find(index: &Index, kind: u8, question: &str, people: Option<&[u128]>) -> Vec<u128> {
        let words = crate::search::text::words(question);
        let people: Option<Vec<Uuid>> = people.map(|people| people.iter().map(|id| Uuid::from_u128(*id)).collect());
        let within = index.within(people.as_deref());
        index.find(kind, &words, &within, 10).into_iter().map(|id| id.as_u128()).collect()
    }

    #[test]
    fn two_letters_one_letter_and_parts_of_numbers_are_found() {
        let index = index();
        assert_eq!(find(&index, 0, "华为", None), vec![1], "in this order, in this kind");
        assert_eq!(find(&index, 1, "华为", None), vec![3]);
        assert_eq!(find(&index, 0, "华", None), vec![4, 1], "the newest first");
        assert_eq!(find(&index, 0, "询", None), vec![4], "the last letter of a text");
        assert_eq!(find(&index, 0, "0011", None), vec![1]);
        let alike = |word: &str, same: &str| index.alike(0, word, |field| field == same, 10);
        assert_eq!(alike("为华咨询", "为华咨询"), vec![Uuid::from_u128(4)]);
        assert!(alike("华为", "华为").is_empty(), "a part of a field is not the same");
        assert_eq!(find(&index, 0, "华为 1111", None), vec![1], "each word, in whichever field");
        assert_eq!(find(&index, 0, "司138", None), Vec::<u128>::new(), "no word goes over two fields");
        assert_eq!(find(&index, 0, "华为华为", None), Vec::<u128>::new(), "every pair is there, the word is not");
        assert_eq!(find(&index, 2, "华为", None), Vec::<u128>::new());
    }

    #[test]
    fn a_whole_name_is_told_from_a_part_of_one() {
        let index = index();
        let named = |word: &str| index.named(0, word, &Within::All, 10);
        assert_eq!(named("为华咨询"), vec![Uuid::from_u128(4)]);
        assert_eq!(named("13800001111"), vec![Uuid::from_u128(1)], "whichever field");
        assert!(named("咨询").is_empty(), "the end of a name is not the name");
        assert!(named("").is_empty());
    }

    #[test]
    fn people_narrow_what_is_looked_into() {
        let index = index();
        assert_eq!(find(&index, 0, "华", Some(&[8])), vec![4], "what is everybody's is theirs too");
        assert_eq!(find(&index, 0, "中兴", Some(&[8])), vec![2]);
        assert_eq!(find(&index, 0, "中兴", Some(&[9])), Vec::<u128>::new());
    }

    #[test]
    fn a_record_is_found_once_however_often_it_was_added() {
        let mut index = index();
        index.add(&entry(1, 0, &["华为集团"], &[7]));
        index.add(&entry(5, 0, &["华为云"], &[7]));
        index.add(&entry(5, 0, &["华云"], &[7]));
        assert_eq!(find(&index, 0, "华为", None), vec![1], "the newest form of each");
        assert_eq!(find(&index, 0, "集团", None), vec![1]);
        assert_eq!(find(&index, 0, "技术", None), Vec::<u128>::new(), "it is called so no more");
        assert_eq!(find(&index, 0, "华云", None), vec![5]);
        assert_eq!(index.size(), 7);
        assert!(!index.is_worn(0), "two old forms of seven");
        for number in 0..4 {
            index.add(&entry(5, 0, &[&format!("华云{number}")], &[7]));
        }
        assert!(index.is_worn(0) && !index.is_worn(1), "six old forms of eleven");
    }
}
