//! Conditions against the dictionaries of one snapshot: words become numbers once, rows compare numbers.

use rust_decimal::Decimal;

use super::{Comparison, Condition, Field};
use crate::books::{Books, DimField, IntField, RowRef};

/// A condition that compares numbers of the dictionary.
#[derive(Debug, Clone)]
pub(crate) enum Compiled {
    Always,
    Never,
    All(Vec<Compiled>),
    Any(Vec<Compiled>),
    Not(Box<Compiled>),
    Dim(DimField, Vec<u32>),
    Role(Vec<u32>),
    Attribute(u32, Vec<u32>),
    /// Column, comparison, value; scaled by the currency's digits (money) or by a million.
    Int(IntField, Comparison, Decimal),
    DaysOverdue(Comparison, Decimal),
    AttributeNumber(u32, Comparison, Decimal),
}

impl Condition {
    pub(crate) fn compile(&self, books: &Books) -> Compiled {
        match self {
            Self::Always => Compiled::Always,
            Self::All(parts) => {
                Compiled::All(parts.iter().map(|part| part.compile(books)).collect())
            }
            Self::Any(parts) => {
                Compiled::Any(parts.iter().map(|part| part.compile(books)).collect())
            }
            Self::Not(inner) => Compiled::Not(Box::new(inner.compile(books))),
            Self::OneOf(field, words) => compile_words(field, words, books),
            Self::Number(field, comparison, value) => {
                compile_number(field, *comparison, *value, books)
            }
        }
    }
}

fn compile_words(field: &Field, words: &[String], books: &Books) -> Compiled {
    // A word no fact has cannot match.
    let numbers: Vec<u32> = words
        .iter()
        .filter_map(|word| books.find_word(word))
        .collect();
    if numbers.is_empty() {
        return Compiled::Never;
    }
    let dim = match field {
        Field::Kind => DimField::Kind,
        Field::Product => DimField::Product,
        Field::ProductLine => DimField::ProductLine,
        Field::Region => DimField::Region,
        Field::Tier => DimField::Tier,
        Field::CustomerKind => DimField::CustomerKind,
        Field::ContractKind => DimField::ContractKind,
        Field::Source => DimField::Source,
        Field::Currency => DimField::Currency,
        Field::Role => return Compiled::Role(numbers),
        Field::Attribute(name) => {
            return books
                .find_word(name)
                .map_or(Compiled::Never, |name| Compiled::Attribute(name, numbers));
        }
        _ => return Compiled::Never,
    };
    Compiled::Dim(dim, numbers)
}

fn compile_number(
    field: &Field,
    comparison: Comparison,
    value: Decimal,
    books: &Books,
) -> Compiled {
    let column = match field {
        Field::Amount => IntField::Amount,
        Field::AmountExclTax => IntField::AmountExclTax,
        Field::Margin => IntField::Margin,
        Field::Quantity => IntField::Quantity,
        Field::Score => IntField::Score,
        Field::DaysOverdue => return Compiled::DaysOverdue(comparison, value),
        Field::Attribute(name) => {
            return books.find_word(name).map_or(Compiled::Never, |name| {
                Compiled::AttributeNumber(name, comparison, value)
            });
        }
        _ => return Compiled::Never,
    };
    Compiled::Int(column, comparison, value)
}

impl Compiled {
    pub(crate) fn is_always(&self) -> bool {
        matches!(self, Self::Always)
    }

    /// Whether the fact matches; `role` is that of the credit in question, none: any credit's role will do.
    pub(crate) fn holds(&self, books: &Books, fact: RowRef<'_>, role: Option<u32>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::All(parts) => parts.iter().all(|part| part.holds(books, fact, role)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(books, fact, role)),
            Self::Not(inner) => !inner.holds(books, fact, role),
            Self::Dim(field, words) => words.contains(&fact.dim(*field)),
            Self::Role(words) => match role {
                Some(role) => words.contains(&role),
                None => fact.credits().any(|(_, _, role, _)| words.contains(&role)),
            },
            Self::Attribute(name, words) => words.contains(&fact.attribute(*name)),
            Self::Int(field, comparison, value) => {
                let money = matches!(
                    field,
                    IntField::Amount | IntField::AmountExclTax | IntField::Margin
                );
                let digits = if money {
                    books
                        .currency_of(fact.dim(DimField::Currency))
                        .map_or(2, |c| c.digits())
                } else {
                    6
                };
                fact.int(*field)
                    .is_some_and(|number| comparison.holds(Decimal::new(number, digits).cmp(value)))
            }
            Self::DaysOverdue(comparison, value) => {
                fact.int(IntField::DueDate).is_some_and(|due| {
                    comparison.holds(Decimal::from(i64::from(fact.day()) - due).cmp(value))
                })
            }
            Self::AttributeNumber(name, comparison, value) => attribute_number(books, fact, *name)
                .is_some_and(|number| comparison.holds(number.cmp(value))),
        }
    }
}

/// An attribute as a number, if it is one.
pub(crate) fn attribute_number(books: &Books, fact: RowRef<'_>, name: u32) -> Option<Decimal> {
    let word = fact.attribute(name);
    if word == 0 {
        None
    } else {
        crate::words::parse_decimal(books.word_of(word))
    }
}
