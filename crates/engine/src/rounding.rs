//! Rounding and sharing out, exact.
//!
//! Half up (四舍五入) takes ties away from zero, for negative amounts too: 0.5 becomes 1, -0.5 becomes -1.
//! So a reversal takes back exactly what its origin gave.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// How a line is rounded to minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Ties away from zero, the default.
    #[default]
    HalfUp,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

impl Rounding {
    /// Rounds to a whole number; saturates at the limits of `i64`.
    pub fn apply(self, value: Decimal) -> i64 {
        let strategy = match self {
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::Down => RoundingStrategy::ToZero,
            Self::Up => RoundingStrategy::AwayFromZero,
        };
        let whole = value.round_dp_with_strategy(0, strategy);
        i64::try_from(whole).unwrap_or(if whole.is_sign_negative() {
            i64::MIN
        } else {
            i64::MAX
        })
    }

    /// The word used in plan files.
    pub fn word(self) -> &'static str {
        match self {
            Self::HalfUp => "half_up",
            Self::Down => "down",
            Self::Up => "up",
        }
    }
}

/// Rounds an exact number of minor units half up, ties away from zero.
pub fn round_to_minor(value: Decimal) -> i64 {
    Rounding::HalfUp.apply(value)
}

/// Product that saturates instead of panicking.
pub fn multiply(a: Decimal, b: Decimal) -> Decimal {
    a.checked_mul(b)
        .unwrap_or(if a.is_sign_negative() == b.is_sign_negative() {
            Decimal::MAX
        } else {
            Decimal::MIN
        })
}

/// Sum that saturates instead of panicking.
pub fn add(a: Decimal, b: Decimal) -> Decimal {
    a.checked_add(b).unwrap_or(if a.is_sign_negative() {
        Decimal::MIN
    } else {
        Decimal::MAX
    })
}

/// Quotient; none where the divisor is zero or the quotient does not fit.
pub fn divide(a: Decimal, b: Decimal) -> Option<Decimal> {
    a.checked_div(b)
}

/// Splits `total` in proportion to `weights` so that the parts sum to it exactly.
///
/// Largest remainder; equal remainders go to the earlier index; a negative total mirrors the positive one.
/// All weights zero (or none): every part is zero and nothing is shared out.
pub fn share_out(total: i64, weights: &[u64]) -> Vec<i64> {
    let whole: u128 = weights.iter().map(|&w| u128::from(w)).sum();
    if whole == 0 {
        return vec![0; weights.len()];
    }
    let magnitude = u128::from(total.unsigned_abs());
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut given: u128 = 0;
    for (index, &weight) in weights.iter().enumerate() {
        let (part, remainder) = multiply_divide(magnitude, u128::from(weight), whole);
        given += part;
        parts.push(part);
        remainders.push((remainder, index));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for &(_, index) in remainders
        .iter()
        .take(usize::try_from(magnitude - given).unwrap_or(0))
    {
        parts[index] += 1;
    }
    let sign: i128 = if total < 0 { -1 } else { 1 };
    parts
        .into_iter()
        .map(|part| i64::try_from(sign * i128::try_from(part).unwrap_or(0)).unwrap_or(0))
        .collect()
}

/// `a * b / c` with remainder; `a` and `b` are below 2^64, so the product fits 128 bits.
fn multiply_divide(a: u128, b: u128, c: u128) -> (u128, u128) {
    let product = a * b;
    (product / c, product % c)
}

/// The part of `total` that shares in parts per million leave for each credit, largest remainder.
///
/// Shares may sum to less than a million: the rest belongs to nobody and takes part as a last, silent weight.
pub fn share_out_ppm(total: i64, shares_ppm: &[u32]) -> Vec<i64> {
    let sum: u64 = shares_ppm.iter().map(|&s| u64::from(s)).sum();
    let mut weights: Vec<u64> = shares_ppm.iter().map(|&s| u64::from(s)).collect();
    if sum < 1_000_000 {
        weights.push(1_000_000 - sum);
        let mut parts = share_out(total, &weights);
        parts.pop();
        return parts;
    }
    if sum == 1_000_000 {
        return share_out(total, &weights);
    }
    // More than the whole: only overlay roles may do this; each part is rounded for itself.
    shares_ppm
        .iter()
        .map(|&s| {
            let product = Decimal::from(i128::from(total) * i128::from(s));
            round_to_minor(divide(product, Decimal::from(1_000_000)).unwrap_or_default())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_up_is_symmetric() {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(round_to_minor(d("0.5")), 1);
        assert_eq!(round_to_minor(d("-0.5")), -1);
        assert_eq!(round_to_minor(d("2.4999")), 2);
        assert_eq!(Rounding::Down.apply(d("-1.9")), -1);
        assert_eq!(Rounding::Up.apply(d("1.1")), 2);
    }

    #[test]
    fn o16_thirds_of_a_hundred() {
        assert_eq!(share_out(10_000, &[1, 1, 1]), [3334, 3333, 3333]);
        assert_eq!(share_out(-10_000, &[1, 1, 1]), [-3334, -3333, -3333]);
        assert_eq!(share_out(5, &[0, 0]), [0, 0]);
        assert_eq!(share_out_ppm(1001, &[500_000]), [501]);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(total in any::<i64>(), weights in prop::collection::vec(any::<u64>(), 1..20)) {
            prop_assume!(weights.iter().any(|&w| w > 0));
            let parts = share_out(total, &weights);
            prop_assert_eq!(parts.iter().map(|&p| i128::from(p)).sum::<i128>(), i128::from(total));
            let mirrored = share_out(total.saturating_neg(), &weights);
            if total != i64::MIN {
                prop_assert!(parts.iter().zip(&mirrored).all(|(a, b)| *a == -*b));
            }
            for (part, weight) in parts.iter().zip(&weights) {
                prop_assert!(*weight > 0 || *part == 0);
            }
        }
    }
}
