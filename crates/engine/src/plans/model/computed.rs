//! A figure of a plan: a number, a formula, or a table over a formula.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::formula::Formula;
use crate::plans::number::Number;

/// A number, a formula, or a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Computed {
    /// Always the same.
    Fixed(Number),
    /// Computed.
    Formula(Formula),
    /// Looked up by what a formula gives.
    Table(Box<Table>),
}

/// Values by where a figure lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What chooses the row.
    pub on: Formula,
    /// The rows, ascending; below the first the value is 0.
    pub rows: Vec<TableRow>,
    /// What lies between two rows.
    #[serde(default, skip_serializing_if = "Between::is_step")]
    pub between: Between,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRow {
    /// Where it begins.
    pub from: Number,
    /// What it gives.
    pub value: Number,
}

/// What lies between two rows of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Between {
    /// The value of the lower row.
    #[default]
    Step,
    /// A straight line from row to row.
    Linear,
}

impl Between {
    fn is_step(&self) -> bool {
        *self == Self::Step
    }
}

impl Default for Computed {
    fn default() -> Self {
        Self::Fixed(Number::default())
    }
}

impl Computed {
    /// The formulas in it.
    #[must_use]
    pub fn formula(&self) -> Option<&Formula> {
        match self {
            Self::Fixed(_) => None,
            Self::Formula(formula) => Some(formula),
            Self::Table(table) => Some(&table.on),
        }
    }

    /// The number, where it is always the same.
    #[must_use]
    pub fn fixed(&self) -> Option<Number> {
        match self {
            Self::Fixed(number) => Some(*number),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Computed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ComputedVisitor;
        impl<'de> Visitor<'de> for ComputedVisitor {
            type Value = Computed;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number like 5%, a formula, or a table {on: FORMULA, rows: [{from: 0, value: 1}]}")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Computed, E> {
                match Number::read(text) {
                    Some(number) => Ok(Computed::Fixed(number)),
                    None if text.trim().is_empty() => {
                        Err(E::custom(format!("'{text}' is not a number; write it like 0.05 or 5%")))
                    }
                    None => Formula::parse(text).map(Computed::Formula).map_err(E::custom),
                }
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Computed, E> {
                Ok(Computed::Fixed(Number(value.into())))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Computed, E> {
                Ok(Computed::Fixed(Number(value.into())))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Computed, E> {
                Err(E::custom(format!("write {value} as text: \"{value}\"")))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Computed, A::Error> {
                Table::deserialize(MapAccessDeserializer::new(map)).map(|table| Computed::Table(Box::new(table)))
            }
        }
        deserializer.deserialize_any(ComputedVisitor)
    }
}

impl Serialize for Computed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fixed(number) => number.serialize(serializer),
            Self::Formula(formula) => formula.serialize(serializer),
            Self::Table(table) => table.serialize(serializer),
        }
    }
}
