//! Whole numbers: the scalars of a plan file are texts, those of JSON may be numbers.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// A whole number of a type.
pub(super) struct Whole<T>(pub(super) T);

impl<'de, T: FromStr + TryFrom<i64> + TryFrom<u64>> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WholeVisitor<T>(PhantomData<T>);
        impl<T: FromStr + TryFrom<i64> + TryFrom<u64>> Visitor<'_> for WholeVisitor<T> {
            type Value = Whole<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Whole<T>, E> {
                text.trim().parse().map(Whole).map_err(|_| E::custom(format!("'{text}' is no whole number here")))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Whole<T>, E> {
                T::try_from(number).map(Whole).map_err(|_| E::custom(format!("{number} is out of range")))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Whole<T>, E> {
                T::try_from(number).map(Whole).map_err(|_| E::custom(format!("{number} is out of range")))
            }
        }
        deserializer.deserialize_any(WholeVisitor(PhantomData))
    }
}

/// Reads a whole number.
///
/// # Errors
/// A text that is none, or one out of range.
pub(super) fn read<'de, D: Deserializer<'de>, T: FromStr + TryFrom<i64> + TryFrom<u64>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Whole::deserialize(deserializer).map(|whole| whole.0)
}

/// Reads a whole number that may be absent.
///
/// # Errors
/// A text that is none, or one out of range.
pub(super) fn read_optional<'de, D: Deserializer<'de>, T: FromStr + TryFrom<i64> + TryFrom<u64>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    read(deserializer).map(Some)
}
