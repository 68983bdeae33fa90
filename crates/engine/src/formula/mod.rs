//! Formulas: what a form cannot say, in one line of text.
//!
//! A formula is a condition or one number over the names that its place knows: columns of a fact, figures of the payee,
//! measures. It is parsed and checked when a plan is saved; it has no loops, no recursion and no names of its own, and its
//! length, depth and numbers are bounded, so that none can hang or allocate without end.

mod check;
mod evaluate;
mod lexer;
mod names;
mod parser;
mod tree;
mod value;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use check::{Expected, Known};
pub use evaluate::{Scope, TooLarge, months};
pub use names::{FactName, Figure, FigureKind, Level, Name, Over, Whose};
pub use value::Value;

use tree::Node;

/// The longest formula, bytes.
pub const MOST_BYTES: usize = 2_000;
/// The most parts of a formula.
pub const MOST_PARTS: usize = 500;
/// How deep a formula may nest.
pub const MOST_DEPTH: usize = 40;

/// A parsed formula.
#[derive(Clone, Debug)]
pub struct Formula {
    text: String,
    root: Node,
}

/// What is wrong with a formula, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {at}: {near})")]
pub struct FormulaError {
    /// The character at which it is wrong, from 1.
    pub at: usize,
    /// What stands there.
    pub near: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Formula {
    /// Parses a formula.
    ///
    /// # Errors
    /// [`FormulaError`]: the first mistake.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        Ok(Self { text: text.to_owned(), root: parser::parse(text)? })
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Checks the types and the names against what the place knows.
    ///
    /// # Errors
    /// [`FormulaError`]: the first mistake.
    pub fn check(&self, known: &Known<'_>, expected: Expected) -> Result<(), FormulaError> {
        check::check(&self.root, &self.text, known, expected)
    }

    /// The value in a scope.
    ///
    /// # Errors
    /// [`TooLarge`] where a number outgrows its bound.
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Value, TooLarge> {
        evaluate::evaluate(&self.root, scope)
    }

    /// The names it reads, each time it does.
    #[must_use]
    pub fn names(&self) -> Vec<&Name> {
        let mut names = Vec::new();
        self.root.visit(&mut |node| {
            if let tree::Kind::Name(name) = &node.kind {
                names.push(name);
            }
        });
        names
    }

    /// The figures it asks for, each time it does.
    #[must_use]
    pub fn figures(&self) -> Vec<&Figure> {
        let mut figures = Vec::new();
        self.root.visit(&mut |node| {
            if let tree::Kind::Figure(figure) = &node.kind {
                figures.push(figure);
            }
        });
        figures
    }

    /// True where it reads something of a fact: a column, or an attribute that is no measure.
    #[must_use]
    pub fn is_of_fact(&self, is_measure: &dyn Fn(&str) -> bool) -> bool {
        self.names().into_iter().any(|name| match name {
            Name::Fact(_) => true,
            Name::Other(other) => !is_measure(other),
            Name::Payee(_) | Name::Period(_) => false,
        })
    }
}

impl PartialEq for Formula {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Formula {}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Formula {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

impl Serialize for Formula {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
