//! The one rounding, and sharing without loss.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// How a line is rounded to minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// 四舍五入: half up by magnitude, so that -0.5 becomes -1 as 0.5 becomes 1; a reversal mirrors its origin.
    #[default]
    HalfUp,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

impl Rounding {
    /// Rounds an amount in minor units. `None` where it is beyond what can be kept.
    #[must_use]
    pub fn to_minor(self, exact: Decimal) -> Option<i64> {
        let strategy = match self {
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::Down => RoundingStrategy::ToZero,
            Self::Up => RoundingStrategy::AwayFromZero,
        };
        exact.round_dp_with_strategy(0, strategy).try_into().ok()
    }
}

/// Shares a total by weights so that the parts sum to it exactly: each part is rounded down, what is left goes to the
/// largest remainders, ties to the first (Hamilton's method). A negative total is shared as its mirror image.
/// All weights zero: everything to the first.
#[must_use]
pub fn share_out(total: i64, weights: &[u64]) -> Vec<i64> {
    let sum: u128 = weights.iter().map(|w| u128::from(*w)).sum();
    if weights.is_empty() {
        return Vec::new();
    }
    if sum == 0 {
        let mut parts = vec![0; weights.len()];
        if let Some(first) = parts.first_mut() {
            *first = total;
        }
        return parts;
    }
    let size = u128::from(total.unsigned_abs());
    let mut parts: Vec<u128> = Vec::with_capacity(weights.len());
    let mut remainders: Vec<(u128, usize)> = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        let exact = size * u128::from(*weight);
        parts.push(exact / sum);
        remainders.push((exact % sum, index));
    }
    let given: u128 = parts.iter().sum();
    let left = usize::try_from(size - given).unwrap_or(0);
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, index) in remainders.into_iter().take(left) {
        if let Some(part) = parts.get_mut(index) {
            *part += 1;
        }
    }
    let sign = if total < 0 { -1 } else { 1 };
    parts.into_iter().map(|part| i64::try_from(part).unwrap_or(i64::MAX) * sign).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_hundred_in_three_parts() {
        // O16 of the worked examples.
        assert_eq!(share_out(10_000, &[1, 1, 1]), [3_334, 3_333, 3_333]);
        assert_eq!(share_out(-10_000, &[1, 1, 1]), [-3_334, -3_333, -3_333]);
        assert_eq!(share_out(5, &[0, 0]), [5, 0]);
        assert!(share_out(5, &[]).is_empty());
    }

    #[test]
    fn half_goes_up_by_magnitude() {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(Rounding::HalfUp.to_minor(d("0.5")), Some(1));
        assert_eq!(Rounding::HalfUp.to_minor(d("-0.5")), Some(-1));
        assert_eq!(Rounding::HalfUp.to_minor(d("2.4999")), Some(2));
        assert_eq!(Rounding::Down.to_minor(d("-2.9")), Some(-2));
        assert_eq!(Rounding::Up.to_minor(d("2.1")), Some(3));
        assert_eq!(Rounding::HalfUp.to_minor(Decimal::MAX), None);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(total in any::<i32>(), weights in prop::collection::vec(0_u64..1_000_000, 1..20)) {
            let total = i64::from(total) * 1_000;
            let parts = share_out(total, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            let sum: u64 = weights.iter().sum();
            for (part, weight) in parts.iter().zip(&weights) {
                // No part is further than one unit from its exact share.
                if sum > 0 {
                    let exact = i128::from(total) * i128::from(*weight);
                    prop_assert!((i128::from(*part) * i128::from(sum) - exact).abs() < i128::from(sum));
                }
            }
        }
    }
}
