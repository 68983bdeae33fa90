//! Money: ISO 4217 currencies and exact amounts in minor units (`i64`).
//!
//! Never a float, never a silent rounding: text with more digits than the currency has is an error.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a money text or a currency was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The code is not a currency of ISO 4217 known to us.
    #[error("`{0}` is not an ISO 4217 currency code")]
    UnknownCurrency(String),
    /// The text is not a decimal number.
    #[error("`{0}` is not an amount; write digits with a decimal point, such as 1234.50")]
    NotANumber(String),
    /// More decimals than the currency has.
    #[error("`{text}` has {found} decimals, {currency} has {allowed}")]
    TooManyDecimals {
        /// The text as given.
        text: String,
        /// How many decimals it has.
        found: usize,
        /// The currency.
        currency: Currency,
        /// How many decimals the currency has.
        allowed: u32,
    },
    /// The amount does not fit.
    #[error("`{0}` is larger than an amount may be")]
    Overflow(String),
}

impl MoneyError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownCurrency(_) => "unknown_currency",
            Self::NotANumber(_) => "not_a_number",
            Self::TooManyDecimals { .. } => "too_many_decimals",
            Self::Overflow(_) => "amount_overflow",
        }
    }
}

/// Codes in use; anything else is refused so that `CNN` for `CNY` is found on the day it is typed.
const KNOWN: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN \
BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS \
GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT \
LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR \
PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL \
THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// A currency: three capital letters of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Chinese yuan, the default company currency.
    pub const CNY: Self = Self(*b"CNY");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// The code, such as `CNY`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// How many decimals amounts of this currency have.
    pub fn digits(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" => 4,
            _ => 2,
        }
    }

    /// Minor units in one major unit: 100 for CNY, 1 for JPY.
    pub fn factor(&self) -> i64 {
        10_i64.pow(self.digits())
    }

    /// The amount in major units, exact.
    pub fn to_major(&self, minor: i128) -> Decimal {
        Decimal::try_from_i128_with_scale(minor, self.digits()).unwrap_or(Decimal::MAX)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let unknown = || MoneyError::UnknownCurrency(text.to_owned());
        let bytes: [u8; 3] = text.as_bytes().try_into().map_err(|_| unknown())?;
        if KNOWN.split_ascii_whitespace().any(|code| code == text) {
            Ok(Self(bytes))
        } else {
            Err(unknown())
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount in minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units (fen, cents), signed.
    pub amount_minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}",
            format_minor(self.amount_minor, self.currency),
            self.currency
        )
    }
}

/// Reads `1234.50`, `-3`, `+0.5` into minor units.
///
/// # Errors
/// [`MoneyError::NotANumber`] for anything but an optional sign, digits and one point;
/// [`MoneyError::TooManyDecimals`] when digits beyond the currency's are given, even zeros;
/// [`MoneyError::Overflow`] when it does not fit 64 bits.
pub fn parse_minor(text: &str, currency: Currency) -> Result<i64, MoneyError> {
    let not_a_number = || MoneyError::NotANumber(text.to_owned());
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits_only(whole) || !digits_only(fraction) || unsigned.ends_with('.')
    {
        return Err(not_a_number());
    }
    let allowed = currency.digits();
    if fraction.len() > allowed as usize {
        return Err(MoneyError::TooManyDecimals {
            text: text.to_owned(),
            found: fraction.len(),
            currency,
            allowed,
        });
    }
    let mut minor: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        minor = minor
            .saturating_mul(10)
            .saturating_add(i128::from(digit - b'0'));
    }
    let missing = allowed - u32::try_from(fraction.len()).unwrap_or(0);
    minor = minor.saturating_mul(10_i128.pow(missing));
    let signed = if negative {
        minor.saturating_neg()
    } else {
        minor
    };
    i64::try_from(signed).map_err(|_| MoneyError::Overflow(text.to_owned()))
}

/// Writes minor units with all the currency's digits: `1234.50`, `-0.05`, `1200` for JPY.
pub fn format_minor(minor: i64, currency: Currency) -> String {
    let digits = currency.digits() as usize;
    let sign = if minor < 0 { "-" } else { "" };
    let magnitude = minor.unsigned_abs();
    if digits == 0 {
        return format!("{sign}{magnitude}");
    }
    let factor = currency.factor().unsigned_abs();
    format!(
        "{sign}{}.{:0digits$}",
        magnitude / factor,
        magnitude % factor
    )
}

/// Writes minor units for people, with grouping: `168,000.00`.
pub fn format_grouped(minor: i64, currency: Currency) -> String {
    group_thousands(&format_minor(minor, currency))
}

/// Puts commas between the thousands of a plain decimal text.
pub fn group_thousands(plain: &str) -> String {
    let (sign, unsigned) = plain
        .strip_prefix('-')
        .map_or(("", plain), |rest| ("-", rest));
    let (whole, fraction) = unsigned
        .split_once('.')
        .map_or((unsigned, None), |(w, f)| (w, Some(f)));
    let mut out = String::with_capacity(plain.len() + whole.len() / 3 + 1);
    out.push_str(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn reads_and_writes_minor_units() {
        let jpy: Currency = "JPY".parse().unwrap();
        let kwd: Currency = "KWD".parse().unwrap();
        assert_eq!(parse_minor("1234.50", Currency::CNY), Ok(123_450));
        assert_eq!(parse_minor("-1234.5", Currency::CNY), Ok(-123_450));
        assert_eq!(parse_minor("1200", jpy), Ok(1200));
        assert_eq!(parse_minor("1.234", kwd), Ok(1234));
        assert_eq!(format_minor(-5, Currency::CNY), "-0.05");
        assert_eq!(format_minor(123_450, Currency::CNY), "1234.50");
        assert_eq!(format_minor(1200, jpy), "1200");
        assert_eq!(
            format_minor(i64::MIN, Currency::CNY),
            "-92233720368547758.08"
        );
        assert_eq!(format_grouped(-123_456_789, Currency::CNY), "-1,234,567.89");
    }

    #[test]
    fn refuses_what_is_not_exact() {
        assert_eq!(
            parse_minor("1.234", Currency::CNY).unwrap_err().code(),
            "too_many_decimals"
        );
        assert_eq!(
            parse_minor("1.00", "JPY".parse().unwrap())
                .unwrap_err()
                .code(),
            "too_many_decimals"
        );
        assert_eq!(
            parse_minor("92233720368547758.08", Currency::CNY)
                .unwrap_err()
                .code(),
            "amount_overflow"
        );
        for text in [
            "", "-", ".", "1.", ".5", "1e3", "1,000.00", "１２", "--1", "1.2.3", " 1",
        ] {
            assert_eq!(
                parse_minor(text, Currency::CNY).unwrap_err().code(),
                "not_a_number",
                "{text}"
            );
        }
        assert_eq!(
            "CNN".parse::<Currency>().unwrap_err().code(),
            "unknown_currency"
        );
        assert_eq!(
            "cny".parse::<Currency>().unwrap_err().code(),
            "unknown_currency"
        );
    }

    proptest::proptest! {
        #[test]
        fn writing_and_reading_agree(minor in i64::MIN..i64::MAX) {
            proptest::prop_assert_eq!(parse_minor(&format_minor(minor, Currency::CNY), Currency::CNY), Ok(minor));
        }
    }
}
