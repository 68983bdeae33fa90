//! RATE: the ways from a basis to raw pay.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::computed::Computed;
use super::whole::Whole;
use crate::conditions::{Condition, Values};
use crate::formula::{Formula, Over};
use crate::plans::number::Number;
use crate::rounding::Rounding;

/// A part of a component's rate; the parts are added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which of the component's facts it is paid on.
    pub when: Condition,
    /// Rounds the part by itself.
    pub rounding: Option<Rounding>,
    /// How much.
    pub rate: Rate,
}

/// How much is earned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rate {
    /// The same for everything.
    Flat(Computed),
    /// A rate by dimensions.
    Lookup(Lookup),
    /// A rate by how much there is.
    Tiers(Tiers),
    /// A rate on a line between points.
    Curve(RateCurve),
    /// A fixed reward for a deal that enters a stage, once for each deal, ever.
    Reward(Reward),
    /// Money for each fact.
    Each(Computed),
    /// The rate that an earlier component gave to the signing of the contract.
    As(String),
}

/// A rate by dimensions: of the rows that fit, the highest priority, then the most dimensions, then the first.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// The dimensions.
    pub by: Vec<String>,
    /// The rows.
    pub rows: Vec<LookupRow>,
    /// Where no row fits; nothing is earned where absent.
    #[serde(default)]
    pub default: Number,
}

/// A row of a lookup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookupRow {
    /// The rate; none excludes.
    pub rate: Option<Number>,
    /// Higher ones win.
    pub priority: i32,
    /// Values by dimension, one of which must be there; a dimension that is absent fits everything.
    pub values: BTreeMap<String, Vec<String>>,
}

/// Marginal or whole-amount tiers.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// Each band at its own rate, or the highest reached for all.
    pub mode: Mode,
    /// What chooses the band.
    #[serde(default)]
    pub on: Axis,
    /// Over which time it is cumulated.
    #[serde(default = "period", skip_serializing_if = "is_period")]
    pub over: Over,
    /// The bands from below; the first begins at 0.
    pub rows: Vec<Band>,
}

/// A rate that is interpolated between points and held beyond the last ones.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateCurve {
    /// What chooses the place on the line.
    #[serde(default)]
    pub on: Axis,
    /// Over which time it is cumulated.
    #[serde(default = "period", skip_serializing_if = "is_period")]
    pub over: Over,
    /// The points, ascending.
    pub points: Vec<RatePoint>,
}

/// A point of a curve.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatePoint {
    /// Where.
    pub at: Number,
    /// The rate there.
    pub rate: Number,
}

/// A fixed reward for entering a stage.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reward {
    /// Money in major units.
    pub amount: Computed,
    /// What becomes of it when the deal is lost.
    #[serde(default)]
    pub if_lost: IfLost,
}

pub(super) fn period() -> Over {
    Over::Period
}

pub(super) fn is_period(over: &Over) -> bool {
    *over == Over::Period
}

/// Marginal or whole-amount tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// 超额累进: each band at its own rate.
    Marginal,
    /// 全额累进: the rate of the highest band reached, for everything.
    Whole,
}

/// What chooses the band of a tier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Axis {
    /// The basis, cumulated; major units.
    #[default]
    Amount,
    /// The payee's attainment of a metric: 1 is the target.
    Attainment(String),
    /// A figure of the payee, or of the facts, cumulated.
    Formula(Formula),
}

impl Serialize for Axis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Amount => serializer.serialize_str("amount"),
            Self::Formula(formula) => formula.serialize(serializer),
            Self::Attainment(code) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("attainment", code)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Axis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AxisVisitor;
        impl<'de> Visitor<'de> for AxisVisitor {
            type Value = Axis;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("amount, a formula, or {attainment: CODE}")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Axis, E> {
                if text.trim() == "amount" {
                    return Ok(Axis::Amount);
                }
                Formula::parse(text).map(Axis::Formula).map_err(E::custom)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Axis, A::Error> {
                match map.next_key::<String>()?.as_deref() {
                    Some("attainment") => map.next_value().map(Axis::Attainment),
                    _ => Err(de::Error::custom("write amount, a formula, or {attainment: CODE}")),
                }
            }
        }
        deserializer.deserialize_any(AxisVisitor)
    }
}

/// A band of a tier.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Where it begins: major units, or attainment.
    pub from: Number,
    /// Its rate.
    pub rate: Number,
}

/// What becomes of a stage reward when its deal is lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfLost {
    /// 保留: it stays.
    #[default]
    Keep,
    /// 作废: it is forfeited.
    Forfeit,
}

const FORMS: &str = "flat, lookup, tiers, curve, reward, each, as";

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PartVisitor;
        impl<'de> Visitor<'de> for PartVisitor {
            type Value = Part;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a rate: one of {FORMS}")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Part, A::Error> {
                let (mut when, mut rounding, mut rate) = (Condition::Always, None, None);
                while let Some(key) = map.next_key::<String>()? {
                    let form = match key.as_str() {
                        "where" => {
                            when = map.next_value()?;
                            continue;
                        }
                        "rounding" => {
                            rounding = Some(map.next_value()?);
                            continue;
                        }
                        "flat" => Rate::Flat(map.next_value()?),
                        "lookup" => Rate::Lookup(map.next_value()?),
                        "tiers" => Rate::Tiers(map.next_value()?),
                        "curve" => Rate::Curve(map.next_value()?),
                        "reward" => Rate::Reward(map.next_value()?),
                        "each" => Rate::Each(map.next_value()?),
                        "as" => Rate::As(map.next_value()?),
                        other => {
                            return Err(de::Error::custom(format!(
                                "unknown field '{other}'; a rate is one of {FORMS}, with where and rounding beside"
                            )));
                        }
                    };
                    if rate.replace(form).is_some() {
                        let message = "a rate has one form; write several as a list: [{flat: 5%}, {each: 100}]";
                        return Err(de::Error::custom(message));
                    }
                }
                let rate = rate.ok_or_else(|| de::Error::custom(format!("a rate is one of {FORMS}")))?;
                Ok(Part { when, rounding, rate })
            }
        }
        deserializer.deserialize_map(PartVisitor)
    }
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.rate {
            Rate::Flat(rate) => map.serialize_entry("flat", rate)?,
            Rate::Lookup(rate) => map.serialize_entry("lookup", rate)?,
            Rate::Tiers(rate) => map.serialize_entry("tiers", rate)?,
            Rate::Curve(rate) => map.serialize_entry("curve", rate)?,
            Rate::Reward(rate) => map.serialize_entry("reward", rate)?,
            Rate::Each(rate) => map.serialize_entry("each", rate)?,
            Rate::As(rate) => map.serialize_entry("as", rate)?,
        }
        if self.when != Condition::Always {
            map.serialize_entry("where", &self.when)?;
        }
        if let Some(rounding) = self.rounding {
            map.serialize_entry("rounding", &rounding)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for LookupRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RowVisitor;
        impl<'de> Visitor<'de> for RowVisitor {
            type Value = LookupRow;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row like {customer_kind: new, rate: 8%}")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LookupRow, A::Error> {
                let mut row = LookupRow::default();
                let mut has_rate = false;
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "rate" => {
                            row.rate = map.next_value::<RowRate>()?.0;
                            has_rate = true;
                        }
                        "priority" => row.priority = map.next_value::<Whole<i32>>()?.0,
                        _ => {
                            let Values(values) = map.next_value()?;
                            row.values.insert(key, values);
                        }
                    }
                }
                if !has_rate {
                    return Err(de::Error::custom("missing field `rate`; 'rate: none' excludes"));
                }
                Ok(row)
            }
        }
        deserializer.deserialize_map(RowVisitor)
    }
}

/// A rate, or the word none.
struct RowRate(Option<Number>);

impl<'de> Deserialize<'de> for RowRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RateVisitor;
        impl Visitor<'_> for RateVisitor {
            type Value = RowRate;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rate like 5%, or none")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RowRate, E> {
                if text == "none" {
                    return Ok(RowRate(None));
                }
                let number = Number::read(text);
                number
                    .map(|n| RowRate(Some(n)))
                    .ok_or_else(|| E::custom(format!("'{text}' is no rate; write 5% or none")))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<RowRate, E> {
                Ok(RowRate(Some(Number(value.into()))))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<RowRate, E> {
                Ok(RowRate(Some(Number(value.into()))))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<RowRate, E> {
                Err(E::custom(format!("write {value} as text: \"{value}\"")))
            }
        }
        deserializer.deserialize_any(RateVisitor)
    }
}

impl Serialize for LookupRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.rate {
            Some(rate) => map.serialize_entry("rate", rate)?,
            None => map.serialize_entry("rate", "none")?,
        }
        if self.priority != 0 {
            map.serialize_entry("priority", &self.priority)?;
        }
        for (field, values) in &self.values {
            match values.as_slice() {
                [only] => map.serialize_entry(field, only)?,
                many => map.serialize_entry(field, many)?,
            }
        }
        map.end()
    }
}
