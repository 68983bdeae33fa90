//! Conditions over the fields of a fact: `where: {customer_kind: new, amount: ">= 10000"}`.
//!
//! All entries of a mapping must hold. A list of words means "one of them". `any`, `all` and `not` take mappings or
//! lists of mappings. Comparisons are texts: `">= 10000"`, or a list of them that must all hold.

mod compile;
mod read;
mod words;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::node::Node;

pub(crate) use compile::{Compiled, attribute_number};
pub use read::read_condition;
pub(crate) use words::value_label;

/// A field of a fact a condition can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// The kind of the fact.
    Kind,
    /// The product's code.
    Product,
    /// The product line.
    ProductLine,
    /// The region.
    Region,
    /// The customer tier.
    Tier,
    /// `new` or `existing`.
    CustomerKind,
    /// The contract kind.
    ContractKind,
    /// The source.
    Source,
    /// The currency of the fact.
    Currency,
    /// The role of the credit.
    Role,
    /// The whole fact's amount in major units of its currency.
    Amount,
    /// The whole fact's amount without tax.
    AmountExclTax,
    /// The whole fact's margin.
    Margin,
    /// The quantity.
    Quantity,
    /// The score.
    Score,
    /// Days from the due date to the date of the fact; negative when early; no value without a due date.
    DaysOverdue,
    /// Any attribute, as text or number.
    Attribute(String),
}

const FIELDS: [(&str, Field); 16] = [
    ("kind", Field::Kind),
    ("customer_kind", Field::CustomerKind),
    ("contract_kind", Field::ContractKind),
    ("product", Field::Product),
    ("product_line", Field::ProductLine),
    ("region", Field::Region),
    ("tier", Field::Tier),
    ("source", Field::Source),
    ("currency", Field::Currency),
    ("role", Field::Role),
    ("amount", Field::Amount),
    ("amount_excl_tax", Field::AmountExclTax),
    ("margin", Field::Margin),
    ("quantity", Field::Quantity),
    ("score", Field::Score),
    ("days_overdue", Field::DaysOverdue),
];

impl Field {
    /// The field of a name; a name that is no column is an attribute (`discount` or `attributes.discount`).
    pub fn of_name(name: &str) -> Self {
        let attribute =
            || Self::Attribute(name.strip_prefix("attributes.").unwrap_or(name).to_owned());
        FIELDS
            .iter()
            .find(|(known, _)| *known == name)
            .map_or_else(attribute, |(_, field)| field.clone())
    }

    /// The order of keys in a condition: columns, attributes by name, then `any`, `all`, `not`.
    fn rank(key: &str) -> (usize, String) {
        let column = FIELDS.iter().position(|(known, _)| *known == key);
        let junction = matches!(key, "any" | "all" | "not");
        (
            column.unwrap_or(if junction {
                FIELDS.len() + 1
            } else {
                FIELDS.len()
            }),
            key.to_owned(),
        )
    }

    /// The name in files.
    pub fn name(&self) -> String {
        if let Self::Attribute(name) = self {
            // An attribute may bear the name of a column.
            let hidden = FIELDS.iter().any(|(known, _)| known == name)
                || matches!(name.as_str(), "any" | "all" | "not");
            return if hidden {
                format!("attributes.{name}")
            } else {
                name.clone()
            };
        }
        FIELDS
            .iter()
            .find(|(_, field)| field == self)
            .map_or_else(String::new, |(name, _)| (*name).to_owned())
    }

    /// Whether it is a number by nature; an attribute may be either.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Amount
                | Self::AmountExclTax
                | Self::Margin
                | Self::Quantity
                | Self::Score
                | Self::DaysOverdue
        )
    }
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `=`
    Equal,
}

impl Comparison {
    pub(crate) const ALL: [(&'static str, Self); 5] = [
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        (">", Self::Above),
        ("<", Self::Below),
        ("=", Self::Equal),
    ];

    /// The sign in files.
    pub fn sign(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, comparison)| *comparison == self)
            .map_or("", |(sign, _)| sign)
    }

    pub(crate) fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::AtLeast => order.is_ge(),
            Self::Above => order.is_gt(),
            Self::AtMost => order.is_le(),
            Self::Below => order.is_lt(),
            Self::Equal => order.is_eq(),
        }
    }
}

/// A condition over a fact and one of its credits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Condition {
    /// Holds always.
    #[default]
    Always,
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// Does not hold.
    Not(Box<Condition>),
    /// The field is one of the words.
    OneOf(Field, Vec<String>),
    /// The field compares so; a fact without the field does not match.
    Number(Field, Comparison, Decimal),
}

impl Condition {
    /// Whether it excludes nothing.
    pub fn is_always(&self) -> bool {
        match self {
            Self::Always => true,
            Self::All(parts) => parts.iter().all(Self::is_always),
            _ => false,
        }
    }

    /// How many fields it pins down: the most specific row of a lookup is the one with the most.
    pub fn specificity(&self) -> usize {
        match self {
            Self::Always => 0,
            Self::All(parts) => parts.iter().map(Self::specificity).sum(),
            Self::Any(parts) => parts.iter().map(Self::specificity).min().unwrap_or(0),
            Self::Not(_) | Self::OneOf(..) | Self::Number(..) => 1,
        }
    }

    /// All fields it names.
    pub fn fields(&self) -> Vec<&Field> {
        match self {
            Self::Always => Vec::new(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::fields).collect(),
            Self::Not(inner) => inner.fields(),
            Self::OneOf(field, _) | Self::Number(field, ..) => vec![field],
        }
    }

    /// As it is written in files.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::{Map, Value, json};
        let mut map = Map::new();
        let parts = match self {
            Self::All(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut extra = Vec::new();
        for part in parts {
            let (key, value) = match part {
                Self::Always => continue,
                Self::All(_) => ("all".to_owned(), json!([part.to_json()])),
                Self::Any(choices) => (
                    "any".to_owned(),
                    choices.iter().map(Self::to_json).collect(),
                ),
                Self::Not(inner) => ("not".to_owned(), inner.to_json()),
                Self::OneOf(field, words) if words.len() == 1 => (field.name(), json!(words[0])),
                Self::OneOf(field, words) => (field.name(), json!(words)),
                Self::Number(field, comparison, value) => (
                    field.name(),
                    json!(format!("{} {value}", comparison.sign())),
                ),
            };
            if map.contains_key(&key) {
                extra.push(json!({ key: value }));
            } else {
                map.insert(key, value);
            }
        }
        if !extra.is_empty() {
            extra.extend(
                map.remove("all")
                    .into_iter()
                    .flat_map(|all| all.as_array().cloned().unwrap_or_default()),
            );
            map.insert("all".to_owned(), Value::Array(extra));
        }
        Value::Object(map)
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let node = Node::deserialize(deserializer)?;
        let mut problems = Vec::new();
        let condition = read_condition(&node, "", &mut problems);
        match problems.first() {
            Some(problem) => Err(serde::de::Error::custom(problem)),
            None => Ok(condition),
        }
    }
}

#[cfg(test)]
mod tests;
