//! Reading and writing conditions: a map of field to value, list, or comparison.

use std::fmt;

use rust_decimal::Decimal;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Condition, Operator, is_number};
use crate::formula::Formula;

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ConditionVisitor)
    }
}

struct ConditionVisitor;

impl<'de> Visitor<'de> for ConditionVisitor {
    type Value = Condition;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of field to value, for example {customer_kind: new, amount: \">= 10000\"}, or a formula")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Condition, E> {
        Formula::parse(text).map(Condition::If).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Condition, A::Error> {
        let mut parts = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "any" => parts.push(Condition::Any(map.next_value()?)),
                "all" => parts.push(Condition::All(map.next_value()?)),
                "if" => parts.push(Condition::If(map.next_value()?)),
                "not" => parts.push(Condition::Not(Box::new(map.next_value()?))),
                _ => {
                    let values: Values = map.next_value()?;
                    parts.push(test(key, values.0).map_err(de::Error::custom)?);
                }
            }
        }
        Ok(match parts.len() {
            0 => Condition::Always,
            1 => parts.remove(0),
            _ => Condition::All(parts),
        })
    }
}

/// One value or a list of them; numbers and flags are kept as they are written.
pub(crate) struct Values(pub(crate) Vec<String>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl<'de> Visitor<'de> for One {
            type Value = Values;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or a list of values")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Values, E> {
                Ok(Values(vec![text.to_owned()]))
            }
            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Values, E> {
                Ok(Values(vec![flag.to_string()]))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Values, E> {
                Ok(Values(vec![number.to_string()]))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Values, E> {
                Ok(Values(vec![number.to_string()]))
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some(Values(mut more)) = list.next_element::<Values>()? {
                    values.append(&mut more);
                }
                Ok(Values(values))
            }
        }
        deserializer.deserialize_any(One)
    }
}

fn test(field: String, values: Vec<String>) -> Result<Condition, String> {
    if let [only] = values.as_slice() {
        let signs = [("<=", Operator::AtMost), (">=", Operator::AtLeast), ("<", Operator::Less), (">", Operator::More)];
        for (sign, operator) in signs {
            if let Some(rest) = only.trim().strip_prefix(sign) {
                let value = rest.trim().parse::<Decimal>();
                let value =
                    value.map_err(|_| format!("{field}: '{only}' is no comparison; write it like \">= 10000\""))?;
                return Ok(Condition::Compare { field, operator, value });
            }
        }
    }
    if is_number(&field) {
        return Err(format!("{field} is a number; write a comparison like \">= 10000\""));
    }
    if values.is_empty() {
        return Err(format!("{field}: the list of values is empty"));
    }
    Ok(Condition::Is { field, values })
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Always => {}
            Self::All(parts) => map.serialize_entry("all", parts)?,
            Self::Any(parts) => map.serialize_entry("any", parts)?,
            Self::Not(part) => map.serialize_entry("not", part)?,
            Self::Is { field, values } => match values.as_slice() {
                [only] => map.serialize_entry(field, only)?,
                many => map.serialize_entry(field, many)?,
            },
            Self::Compare { field, operator, value } => {
                map.serialize_entry(field, &format!("{} {value}", operator.sign()))?;
            }
            Self::If(formula) => map.serialize_entry("if", formula)?,
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn conditions_come_back() {
        for text in [
            "{}",
            r#"{"customer_kind":"new"}"#,
            r#"{"product_line":["GTX","MG"]}"#,
            r#"{"amount":">= 10000"}"#,
            r#"{"all":[{"customer_kind":"new"},{"not":{"source":"gift"}}]}"#,
            r#"{"any":[{"tier":"A"},{"margin":"< 0.5"}]}"#,
        ] {
            let condition: Condition = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&condition).unwrap(), text);
        }
        let two: Condition = serde_json::from_str(r#"{"customer_kind":"new","effective":true}"#).unwrap();
        assert!(matches!(two, Condition::All(parts) if parts.len() == 2));
        assert!(serde_json::from_str::<Condition>(r#"{"amount":"big"}"#).is_err());
        assert!(serde_json::from_str::<Condition>(r#"{"amount":">= big"}"#).is_err());
    }
}
