//! The parsed form.

use chrono::NaiveDate;

use super::names::{Figure, Name};
use crate::exact::Exact;

/// A part of a formula and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Bytes from the beginning of the text.
    pub(super) start: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Number(Exact),
    Text(String),
    Date(NaiveDate),
    Name(Name),
    Figure(Figure),
    Call(Function, Vec<Node>),
    Minus(Box<Node>),
    Not(Box<Node>),
    Arithmetic(Sign, Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    In(Box<Node>, Vec<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
    Times,
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Min,
    Max,
    Abs,
    Floor,
    Ceil,
    Round,
    If,
    Coalesce,
    Clamp,
    Days,
    Months,
    Year,
    Month,
}

impl Function {
    pub(super) const ALL: [(&'static str, Self, usize, usize); 13] = [
        ("min", Self::Min, 1, 20),
        ("max", Self::Max, 1, 20),
        ("abs", Self::Abs, 1, 1),
        ("floor", Self::Floor, 1, 1),
        ("ceil", Self::Ceil, 1, 1),
        ("round", Self::Round, 1, 2),
        ("if", Self::If, 3, 3),
        ("coalesce", Self::Coalesce, 1, 20),
        ("clamp", Self::Clamp, 3, 3),
        ("days", Self::Days, 2, 2),
        ("months", Self::Months, 2, 2),
        ("year", Self::Year, 1, 1),
        ("month", Self::Month, 1, 1),
    ];
}

impl Node {
    /// Calls `f` for this part and every part of it.
    pub(super) fn visit<'a>(&'a self, f: &mut dyn FnMut(&'a Node)) {
        f(self);
        match &self.kind {
            Kind::Number(_) | Kind::Text(_) | Kind::Date(_) | Kind::Name(_) | Kind::Figure(_) => {}
            Kind::Minus(a) | Kind::Not(a) => a.visit(f),
            Kind::Arithmetic(_, a, b) | Kind::Compare(_, a, b) | Kind::And(a, b) | Kind::Or(a, b) => {
                a.visit(f);
                b.visit(f);
            }
            Kind::Call(_, parts) => parts.iter().for_each(|part| part.visit(f)),
            Kind::In(a, parts) => {
                a.visit(f);
                parts.iter().for_each(|part| part.visit(f));
            }
        }
    }
}
