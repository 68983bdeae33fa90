//! Types and names, before anything is computed.

use super::FormulaError;
use super::lexer::error;
use super::names::{FactName, Figure, FigureKind, Name, PAYEE_NAMES, PERIOD_NAMES, Type};
use super::tree::{Comparison, Function, Kind, Node};

/// What the place of a formula knows.
#[derive(Clone, Copy, Default)]
pub struct Known<'a> {
    /// True where there is a fact.
    pub fact: bool,
    /// True where there is a payee.
    pub payee: bool,
    /// The attributes that facts have; none where that cannot be said.
    pub attributes: Option<&'a [String]>,
    /// The measures before this place.
    pub measures: &'a [String],
    /// The codes of the metrics.
    pub metrics: &'a [String],
    /// The components whose earnings may be read here.
    pub earned: &'a [String],
}

/// What a formula must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A number.
    Number,
    /// A condition.
    Condition,
}

pub(super) fn check(root: &Node, text: &str, known: &Known<'_>, expected: Expected) -> Result<(), FormulaError> {
    let checker = Checker { text, known };
    let found = checker.of(root)?;
    match expected {
        Expected::Number if !matches!(found, Type::Number | Type::Loose) => {
            Err(error(text, root.start, format!("this is {}; a number is needed", word(found))))
        }
        Expected::Condition if found != Type::Truth => {
            Err(error(text, root.start, format!("this is {}; a condition like x >= 1 is needed", word(found))))
        }
        _ => Ok(()),
    }
}

fn word(found: Type) -> &'static str {
    match found {
        Type::Number => "a number",
        Type::Loose | Type::Text => "a text",
        Type::Date => "a day",
        Type::Truth => "a condition",
    }
}

struct Checker<'a> {
    text: &'a str,
    known: &'a Known<'a>,
}

impl Checker<'_> {
    fn wrong<T>(&self, node: &Node, message: impl Into<String>) -> Result<T, FormulaError> {
        Err(error(self.text, node.start, message))
    }

    fn number(&self, node: &Node) -> Result<(), FormulaError> {
        match self.of(node)? {
            Type::Number | Type::Loose => Ok(()),
            other => self.wrong(node, format!("this is {}; a number is needed", word(other))),
        }
    }

    fn date(&self, node: &Node) -> Result<(), FormulaError> {
        match self.of(node)? {
            Type::Date | Type::Loose => Ok(()),
            other => self.wrong(node, format!("this is {}; a day is needed, like date or 2026-01-31", word(other))),
        }
    }

    fn truth(&self, node: &Node) -> Result<(), FormulaError> {
        match self.of(node)? {
            Type::Truth => Ok(()),
            other => self.wrong(node, format!("this is {}; a condition like x >= 1 is needed", word(other))),
        }
    }

    fn of(&self, node: &Node) -> Result<Type, FormulaError> {
        Ok(match &node.kind {
            Kind::Number(_) => Type::Number,
            Kind::Text(_) => Type::Text,
            Kind::Date(_) => Type::Date,
            Kind::Name(name) => self.name(node, name)?,
            Kind::Figure(figure) => self.figure(node, figure)?,
            Kind::Minus(inner) => self.number(inner).map(|()| Type::Number)?,
            Kind::Not(inner) => self.truth(inner).map(|()| Type::Truth)?,
            Kind::Arithmetic(_, left, right) => {
                self.number(left)?;
                self.number(right)?;
                Type::Number
            }
            Kind::And(left, right) | Kind::Or(left, right) => {
                self.truth(left)?;
                self.truth(right)?;
                Type::Truth
            }
            Kind::Compare(comparison, left, right) => {
                let (a, b) = (self.of(left)?, self.of(right)?);
                self.comparable(right, a, b)?;
                let ordered = !matches!(comparison, Comparison::Equal | Comparison::Unequal);
                if ordered && (a == Type::Text || b == Type::Text) {
                    return self.wrong(right, "texts have no order; compare them with = or !=");
                }
                Type::Truth
            }
            Kind::In(left, values) => {
                let of_left = self.of(left)?;
                for value in values {
                    let of_value = self.of(value)?;
                    self.comparable(value, of_left, of_value)?;
                }
                Type::Truth
            }
            Kind::Call(function, values) => self.call(*function, values)?,
        })
    }

    fn comparable(&self, at: &Node, a: Type, b: Type) -> Result<(), FormulaError> {
        if a == Type::Truth || b == Type::Truth {
            return self.wrong(at, "conditions are joined with and, or, not; they are not compared");
        }
        if a == b || a == Type::Loose || b == Type::Loose {
            return Ok(());
        }
        self.wrong(at, format!("{} cannot be compared with {}", word(a), word(b)))
    }

    fn call(&self, function: Function, values: &[Node]) -> Result<Type, FormulaError> {
        match function {
            Function::Days | Function::Months | Function::Year | Function::Month => {
                values.iter().try_for_each(|value| self.date(value))?;
            }
            Function::If => {
                let [condition, yes, no] = values else { return Ok(Type::Number) };
                self.truth(condition)?;
                self.number(yes)?;
                self.number(no)?;
            }
            _ => values.iter().try_for_each(|value| self.number(value))?,
        }
        if let (Function::Round, Some(places)) = (function, values.get(1))
            && !matches!(&places.kind, Kind::Number(n) if n.as_whole().is_some_and(|n| (0..=10).contains(&n)))
        {
            return self.wrong(places, "the decimals are a whole number from 0 to 10");
        }
        Ok(Type::Number)
    }

    fn name(&self, node: &Node, name: &Name) -> Result<Type, FormulaError> {
        match name {
            Name::Fact(column) if self.known.fact => Ok(column.kind()),
            Name::Fact(column) => {
                self.wrong(node, format!("'{}' belongs to a fact; here is the payee's period only", column.as_str()))
            }
            Name::Payee(_) | Name::Period(_) if !self.known.payee => {
                self.wrong(node, "there is no payee here; this figure is that of a team or the company")
            }
            Name::Payee(own) => {
                Ok(PAYEE_NAMES.iter().find(|(known, _)| known == own).map_or(Type::Loose, |(_, kind)| *kind))
            }
            Name::Period(own) => match PERIOD_NAMES.iter().find(|(known, _)| known == own) {
                Some((_, kind)) => Ok(*kind),
                None => {
                    let names: Vec<&str> = PERIOD_NAMES.iter().map(|(known, _)| *known).take(4).collect();
                    self.wrong(node, format!("'period.{own}' is not known; there are {}", names.join(", ")))
                }
            },
            Name::Other(other) if self.known.measures.contains(other) && self.known.payee => Ok(Type::Number),
            Name::Other(other) if !self.known.fact => self.unknown(node, other, self.known.measures.to_vec()),
            Name::Other(other) => match self.known.attributes {
                Some(attributes) if !attributes.contains(other) => {
                    let columns = FactName::ALL.iter().map(|column| column.as_str().to_owned());
                    let all = columns.chain(attributes.iter().chain(self.known.measures).cloned()).collect();
                    self.unknown(node, other, all)
                }
                _ => Ok(Type::Loose),
            },
        }
    }

    fn unknown<T>(&self, node: &Node, name: &str, all: Vec<String>) -> Result<T, FormulaError> {
        let near = all.iter().min_by_key(|known| distance(known, name)).filter(|known| distance(known, name) <= 2);
        let hint = match near {
            Some(near) => format!("; did you mean '{near}'?"),
            None if all.is_empty() => "; there are no measures before this place".to_owned(),
            None => format!("; there are {}", all.join(", ")),
        };
        self.wrong(node, format!("'{name}' is not known here{hint}"))
    }

    fn figure(&self, node: &Node, figure: &Figure) -> Result<Type, FormulaError> {
        match figure.kind {
            FigureKind::Earned if self.known.earned.contains(&figure.code) => {}
            FigureKind::Earned if self.known.earned.is_empty() => {
                let what = "what is earned cannot be read here: it is computed from this figure, or after it";
                return self.wrong(node, what);
            }
            FigureKind::Earned => {
                let earlier = self.known.earned.join(", ");
                let what = format!("'{}' is no component before this one; there are {earlier}", figure.code);
                return self.wrong(node, what);
            }
            FigureKind::Headcount => {}
            _ if !self.known.metrics.contains(&figure.code) => {
                let near = self.known.metrics.iter().min_by_key(|known| distance(known, &figure.code));
                let hint = near.map(|near| format!("; the nearest is '{near}'")).unwrap_or_default();
                return self.wrong(node, format!("there is no metric '{}'{hint}", figure.code));
            }
            _ => {}
        }
        if matches!(figure.kind, FigureKind::AtTarget | FigureKind::Headcount)
            && (figure.whose.is_none() || figure.whose == Some(super::Whose::Payee))
            && self.known.payee
        {
            return self.wrong(node, "say of whom: team, subtree, company or reports");
        }
        Ok(Type::Number)
    }
}

/// How many letters differ (Levenshtein), for short names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(60).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(60).enumerate() {
        let mut before = i;
        let mut left = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or_default();
            let cost = (before + usize::from(x != *y)).min(above + 1).min(left + 1);
            before = above;
            if let Some(cell) = row.get_mut(j) {
                *cell = left;
            }
            left = cost;
        }
        if let Some(last) = row.last_mut() {
            *last = left;
        }
    }
    row.last().copied().unwrap_or_default()
}
