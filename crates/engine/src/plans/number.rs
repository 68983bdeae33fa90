//! A number in a plan: kept exactly as it is written, never a float.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::exact::Exact;

/// A decimal number. `0.05`, `"0.05"` and `5%` all read as five hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(pub Decimal);

impl Number {
    /// Reads a number as people write it in a plan.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let decimal = match text.strip_suffix('%') {
            Some(percent) => percent.trim().parse::<Decimal>().ok()?.checked_div(Decimal::ONE_HUNDRED)?,
            None => text.parse().ok()?,
        };
        Some(Self(decimal))
    }

    /// The same as a fraction.
    #[must_use]
    pub fn exact(self) -> Exact {
        Exact::of_decimal(self.0)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;
        impl de::Visitor<'_> for NumberVisitor {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number like 0.05 or 5%")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
                Number::read(text)
                    .ok_or_else(|| E::custom(format!("'{text}' is not a number; write it like 0.05 or 5%")))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Number, E> {
                Ok(Number(value.into()))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Number, E> {
                Ok(Number(value.into()))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Number, E> {
                Err(E::custom(format!("write {value} as text: \"{value}\"")))
            }
        }
        deserializer.deserialize_any(NumberVisitor)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.normalize())
    }
}
