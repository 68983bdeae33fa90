//! Exact fractions: what pay is computed in between the fact and the one rounding.
//!
//! A third of a cent stays a third of a cent, so that three of them are a cent again and a boundary that is met exactly is
//! met. Nearly all values fit into two 128-bit numbers; the few that do not go on as big integers up to [`MOST_BITS`].

use std::cmp::Ordering;
use std::fmt;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;

use crate::rounding::Rounding;

/// How large the parts of a fraction may become. It bounds the time and memory that a formula can take.
pub const MOST_BITS: u64 = 4_096;

/// A rational number. Arithmetic answers `None` where the result is beyond [`MOST_BITS`].
#[derive(Clone)]
pub struct Exact(Repr);

#[derive(Clone)]
enum Repr {
    /// Numerator and denominator, the latter above zero; not necessarily in lowest terms.
    Small(i128, i128),
    /// The same, in lowest terms.
    Big(Box<(BigInt, BigInt)>),
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self(Repr::Small(0, 1));
    /// One.
    pub const ONE: Self = Self(Repr::Small(1, 1));

    /// A fraction; none where there is nothing below the line.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        match denominator.cmp(&0) {
            Ordering::Equal => None,
            Ordering::Greater => Some(Self(Repr::Small(numerator, denominator))),
            Ordering::Less => match (numerator.checked_neg(), denominator.checked_neg()) {
                (Some(n), Some(d)) => Some(Self(Repr::Small(n, d))),
                _ => Self::of_big(-BigInt::from(numerator), -BigInt::from(denominator)),
            },
        }
    }

    /// Parts of a power of ten: `minor(12345, 2)` is 123.45.
    #[must_use]
    pub fn minor(units: i64, digits: u32) -> Self {
        Self(Repr::Small(units.into(), 10_i128.pow(digits.min(30))))
    }

    /// A decimal as it is written.
    #[must_use]
    pub fn of_decimal(decimal: Decimal) -> Self {
        Self(Repr::Small(decimal.mantissa(), 10_i128.pow(decimal.scale())))
    }

    fn of_big(numerator: BigInt, denominator: BigInt) -> Option<Self> {
        let divisor = numerator.gcd(&denominator);
        let (n, d) = (numerator / &divisor, denominator / divisor);
        let (n, d) = if d.is_negative() { (-n, -d) } else { (n, d) };
        match (n.to_i128(), d.to_i128()) {
            (Some(n), Some(d)) => Some(Self(Repr::Small(n, d))),
            _ if n.bits() > MOST_BITS || d.bits() > MOST_BITS => None,
            _ => Some(Self(Repr::Big(Box::new((n, d))))),
        }
    }

    fn big(&self) -> (BigInt, BigInt) {
        match &self.0 {
            Repr::Small(n, d) => (BigInt::from(*n), BigInt::from(*d)),
            Repr::Big(parts) => (parts.0.clone(), parts.1.clone()),
        }
    }

    /// Numerator and denominator in lowest terms, where they fit.
    fn lowest(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Repr::Small(n, d) => {
                let divisor = n.gcd(d).max(1);
                Some((n / divisor, d / divisor))
            }
            Repr::Big(_) => None,
        }
    }

    /// Sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0) {
            if b == d {
                if let Some(sum) = a.checked_add(*c) {
                    return Some(Self(Repr::Small(sum, *b)));
                }
            } else if let Some(sum) = add_small((*a, *b), (*c, *d)) {
                return Some(Self(Repr::Small(sum.0, sum.1)));
            }
        }
        if let (Some(a), Some(b)) = (self.lowest(), other.lowest())
            && let Some(sum) = add_small(a, b)
        {
            return Some(Self(Repr::Small(sum.0, sum.1)));
        }
        let ((a, b), (c, d)) = (self.big(), other.big());
        Self::of_big(a * &d + c * &b, b * d)
    }

    /// Difference.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.negated())
    }

    /// Product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Option<Self> {
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0)
            && let (Some(n), Some(d)) = (a.checked_mul(*c), b.checked_mul(*d))
        {
            return Some(Self(Repr::Small(n, d)));
        }
        if let (Some((a, b)), Some((c, d))) = (self.lowest(), other.lowest()) {
            let (across, along) = (a.gcd(&d).max(1), c.gcd(&b).max(1));
            let product = (a / across).checked_mul(c / along).zip((b / along).checked_mul(d / across));
            if let Some((n, d)) = product {
                return Some(Self(Repr::Small(n, d)));
            }
        }
        let ((a, b), (c, d)) = (self.big(), other.big());
        Self::of_big(a * c, b * d)
    }

    /// Quotient; none where the divisor is zero, too.
    #[must_use]
    pub fn over(&self, divisor: &Self) -> Option<Self> {
        let turned = match &divisor.0 {
            Repr::Small(n, d) => Self::new(*d, *n)?,
            Repr::Big(parts) if parts.0.is_negative() => {
                Self(Repr::Big(Box::new((-parts.1.clone(), -parts.0.clone()))))
            }
            Repr::Big(parts) => Self(Repr::Big(Box::new((parts.1.clone(), parts.0.clone())))),
        };
        self.times(&turned)
    }

    /// With the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        match &self.0 {
            Repr::Small(n, d) => match n.checked_neg() {
                Some(n) => Self(Repr::Small(n, *d)),
                None => Self(Repr::Big(Box::new((-BigInt::from(*n), BigInt::from(*d))))),
            },
            Repr::Big(parts) => Self(Repr::Big(Box::new((-parts.0.clone(), parts.1.clone())))),
        }
    }

    /// Without its sign.
    #[must_use]
    pub fn magnitude(&self) -> Self {
        if self.signum() < 0 { self.negated() } else { self.clone() }
    }

    /// -1, 0 or 1.
    #[must_use]
    pub fn signum(&self) -> i32 {
        match &self.0 {
            Repr::Small(n, _) => i32::try_from(n.signum()).unwrap_or(0),
            Repr::Big(parts) if parts.0.is_zero() => 0,
            Repr::Big(parts) => {
                if parts.0.is_negative() {
                    -1
                } else {
                    1
                }
            }
        }
    }

    /// True for nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.signum() == 0
    }

    /// The next whole number below, or itself.
    #[must_use]
    pub fn floor(&self) -> Self {
        match &self.0 {
            Repr::Small(n, d) => Self(Repr::Small(n.div_floor(d), 1)),
            Repr::Big(parts) => Self::of_whole(parts.0.div_floor(&parts.1)),
        }
    }

    /// The next whole number above, or itself.
    #[must_use]
    pub fn ceil(&self) -> Self {
        self.negated().floor().negated()
    }

    fn of_whole(whole: BigInt) -> Self {
        match whole.to_i128() {
            Some(n) => Self(Repr::Small(n, 1)),
            None => Self(Repr::Big(Box::new((whole, BigInt::from(1))))),
        }
    }

    /// Rounded to a whole number.
    #[must_use]
    pub fn whole(&self, rounding: Rounding) -> Self {
        let negative = self.signum() < 0;
        let size = self.magnitude();
        let half = Self(Repr::Small(1, 2));
        let rounded = match rounding {
            Rounding::HalfUp => size.plus(&half).unwrap_or(size).floor(),
            Rounding::Down => size.floor(),
            Rounding::Up => size.ceil(),
        };
        if negative { rounded.negated() } else { rounded }
    }

    /// Rounded to minor units, where this is a number of them. None where it is beyond what can be kept.
    #[must_use]
    pub fn to_minor(&self, rounding: Rounding) -> Option<i64> {
        match self.whole(rounding).0 {
            Repr::Small(n, 1) => i64::try_from(n).ok(),
            _ => None,
        }
    }

    /// The whole number that it is, if it is one and fits.
    #[must_use]
    pub fn as_whole(&self) -> Option<i64> {
        match self.lowest() {
            Some((n, 1)) => i64::try_from(n).ok(),
            _ => None,
        }
    }

    /// Times a power of ten, which may be negative.
    #[must_use]
    pub fn scaled(&self, digits: i32) -> Option<Self> {
        let power = Self(Repr::Small(10_i128.pow(digits.unsigned_abs().min(30)), 1));
        if digits < 0 { self.over(&power) } else { self.times(&power) }
    }

    /// As a decimal with at most so many places, rounded half up; none where it is too large for one. To be shown, never
    /// to be computed with.
    #[must_use]
    pub fn to_decimal(&self, places: u32) -> Option<Decimal> {
        let places = places.min(20);
        let units = self.scaled(i32::try_from(places).ok()?)?.whole(Rounding::HalfUp);
        match units.0 {
            Repr::Small(n, 1) => Decimal::try_from_i128_with_scale(n, places).ok().map(|d| d.normalize()),
            _ => None,
        }
    }

    /// Reads `-12.5`: digits with at most one point.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
            return None;
        }
        let units: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        Some(Self(Repr::Small(if negative { -units } else { units }, scale)))
    }
}

fn add_small((a, b): (i128, i128), (c, d): (i128, i128)) -> Option<(i128, i128)> {
    let numerator = a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?;
    Some((numerator, b.checked_mul(d)?))
}

impl From<i64> for Exact {
    fn from(whole: i64) -> Self {
        Self(Repr::Small(whole.into(), 1))
    }
}

impl Default for Exact {
    fn default() -> Self {
        Self::ZERO
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0) {
            if b == d {
                return a.cmp(c);
            }
            if let (Some(left), Some(right)) = (a.checked_mul(*d), c.checked_mul(*b)) {
                return left.cmp(&right);
            }
        }
        let ((a, b), (c, d)) = (self.big(), other.big());
        (a * d).cmp(&(c * b))
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, d) = self.big();
        write!(f, "{n}/{d}")
    }
}

impl fmt::Display for Exact {
    /// The decimal, with at most eight places.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_decimal(8) {
            Some(decimal) => write!(f, "{decimal}"),
            None => write!(f, "{}", self.big().0),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn e(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn three_thirds_are_one() {
        let third = Exact::ONE.over(&e("3")).unwrap();
        let sum = third.plus(&third).unwrap().plus(&third).unwrap();
        assert_eq!(sum, Exact::ONE);
        assert_eq!(third.times(&e("0.3")).unwrap(), e("0.1"));
    }

    #[test]
    fn rounds_by_magnitude() {
        let minor = |text: &str, rounding| e(text).to_minor(rounding);
        assert_eq!(minor("0.5", Rounding::HalfUp), Some(1));
        assert_eq!(minor("-0.5", Rounding::HalfUp), Some(-1));
        assert_eq!(minor("-2.9", Rounding::Down), Some(-2));
        assert_eq!(minor("-2.1", Rounding::Up), Some(-3));
        assert_eq!(e("9223372036854775808").to_minor(Rounding::HalfUp), None);
    }

    #[test]
    fn reads_and_shows() {
        assert_eq!(e("-12.50").to_string(), "-12.5");
        assert_eq!(Exact::ONE.over(&e("3")).unwrap().to_string(), "0.33333333");
        for bad in ["", "-", ".", "1e3", "1.2.3", "+1", " 1"] {
            assert!(Exact::parse(bad).is_none(), "{bad}");
        }
        assert!(e("1").over(&Exact::ZERO).is_none());
    }

    #[test]
    fn grows_into_big_numbers_and_stops_at_the_bound() {
        let mut x = e("1.0000001");
        let mut steps = 0;
        while let Some(next) = x.times(&x) {
            x = next;
            steps += 1;
            assert!(steps < 20);
        }
        assert!(steps > 3);
        let large = e("170141183460469231731687303715884105727");
        let more = large.plus(&large).unwrap();
        assert_eq!(more.minus(&large).unwrap(), large);
        assert_eq!(more.over(&large).unwrap(), e("2"));
        assert!(more > large && more.negated() < large);
    }

    proptest! {
        #[test]
        fn is_a_field(a in any::<i64>(), b in 1_i64..1_000_000_000, c in any::<i64>(), d in 1_i64..1_000_000_000) {
            let x = Exact::new(a.into(), b.into()).unwrap();
            let y = Exact::new(c.into(), d.into()).unwrap();
            let sum = x.plus(&y).unwrap();
            prop_assert_eq!(sum.minus(&y).unwrap(), x.clone());
            prop_assert_eq!(sum, y.plus(&x).unwrap());
            if !y.is_zero() {
                prop_assert_eq!(x.times(&y).unwrap().over(&y).unwrap(), x.clone());
            }
            prop_assert_eq!(x.cmp(&y), (i128::from(a) * i128::from(d)).cmp(&(i128::from(c) * i128::from(b))));
            let floor = x.floor();
            prop_assert!(floor <= x && x < floor.plus(&Exact::ONE).unwrap());
            prop_assert!(x.ceil() >= x);
        }
    }
}
