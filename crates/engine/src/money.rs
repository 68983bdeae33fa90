//! Money: whole minor units of a currency; decimal strings at the edge.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Currencies whose minor unit is not a hundredth (ISO 4217, list one).
const DIGITS: &[(&str, u32)] = &[
    ("BHD", 3),
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
];

/// Currencies with hundredths.
const CENTS: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF \
CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES \
KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN \
PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH \
USD UYU UZS VES WST XCD YER ZAR ZMW ZWG";

impl Currency {
    /// Renminbi.
    pub const CNY: Currency = Currency(*b"CNY");

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Decimals of the minor unit: 2 for CNY, 0 for JPY, 3 for BHD.
    #[must_use]
    pub fn digits(&self) -> u32 {
        DIGITS.iter().find(|(code, _)| *code == self.code()).map_or(2, |(_, digits)| *digits)
    }

    /// The sign written before an amount; the code where there is none in common use.
    #[must_use]
    pub fn sign(&self) -> &str {
        match self.code() {
            "CNY" | "JPY" => "¥",
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            _ => self.code(),
        }
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        let known = DIGITS.iter().any(|(c, _)| *c == code) || (code.len() == 3 && CENTS.split(' ').any(|c| c == code));
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(bytes) if known => Ok(Self(bytes)),
            _ => Err(MoneyError::UnknownCurrency { code: code.to_owned() }),
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

/// Why a text is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// No ISO 4217 code.
    #[error("'{code}' is not a currency code; write it like CNY")]
    UnknownCurrency {
        /// What was given.
        code: String,
    },
    /// Not a plain decimal number.
    #[error("'{text}' is not an amount; write it like 1234.50")]
    NotANumber {
        /// What was given.
        text: String,
    },
    /// More decimals than the currency has. It is an error, never a rounding.
    #[error("'{text}' has more decimals than {currency} has ({digits})")]
    TooManyDecimals {
        /// What was given.
        text: String,
        /// The currency.
        currency: Currency,
        /// Its decimals.
        digits: u32,
    },
    /// Beyond what can be kept.
    #[error("'{text}' is too large")]
    TooLarge {
        /// What was given.
        text: String,
    },
}

/// Reads `-1234.50` as minor units. Trailing zeros beyond the currency's digits are digits like any other: `1.000` CNY
/// has too many.
///
/// # Errors
/// See [`MoneyError`].
pub fn parse_minor(text: &str, currency: Currency) -> Result<i64, MoneyError> {
    let not_a_number = || MoneyError::NotANumber { text: text.to_owned() };
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || unsigned.ends_with('.') {
        return Err(not_a_number());
    }
    let digits = currency.digits();
    if fraction.len() > digits as usize {
        return Err(MoneyError::TooManyDecimals { text: text.to_owned(), currency, digits });
    }
    let too_large = || MoneyError::TooLarge { text: text.to_owned() };
    let padded = format!("{whole}{fraction:0<width$}", width = digits as usize);
    let minor: i64 = padded.parse().map_err(|_| too_large())?;
    Ok(if negative { -minor } else { minor })
}

/// Writes minor units as `-1234.50`: a point, no grouping, always the currency's digits.
#[must_use]
pub fn format_minor(minor: i64, currency: Currency) -> String {
    // By hand: an answer holds hundreds of amounts, and the formatter takes four times as long.
    let (mut places, mut rest) = (currency.digits(), minor.unsigned_abs());
    let mut backwards: Vec<u8> = Vec::with_capacity(24);
    loop {
        backwards.push(b'0' + u8::try_from(rest % 10).unwrap_or(0));
        rest /= 10;
        if places > 0 {
            places -= 1;
            if places == 0 {
                backwards.push(b'.');
            }
            continue;
        }
        if rest == 0 {
            break;
        }
    }
    if minor < 0 {
        backwards.push(b'-');
    }
    backwards.iter().rev().map(|byte| char::from(*byte)).collect()
}

/// Minor units as a decimal number of the major unit.
#[must_use]
pub fn to_decimal(minor: i64, currency: Currency) -> Decimal {
    Decimal::new(minor, currency.digits())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn cny(text: &str) -> Result<i64, MoneyError> {
        parse_minor(text, Currency::CNY)
    }

    #[test]
    fn amounts_are_read_exactly() {
        assert_eq!(cny("1234.50"), Ok(123_450));
        assert_eq!(cny("-0.05"), Ok(-5));
        assert_eq!(cny("7"), Ok(700));
        assert_eq!(cny("0.1"), Ok(10));
        assert_eq!(parse_minor("1234", "JPY".parse().unwrap()), Ok(1_234));
        assert_eq!(parse_minor("1.234", "BHD".parse().unwrap()), Ok(1_234));
    }

    #[test]
    fn what_is_no_amount_is_named() {
        for bad in ["", "-", "1.", ".5", "1,054.00", "1e3", "+1", " 1", "0x10", "１２"] {
            assert!(matches!(cny(bad), Err(MoneyError::NotANumber { .. })), "{bad}");
        }
        assert!(matches!(cny("1.234"), Err(MoneyError::TooManyDecimals { digits: 2, .. })));
        assert!(matches!(cny("99999999999999999999"), Err(MoneyError::TooLarge { .. })));
        assert!(Currency::from_str("RMB").is_err());
        assert!(Currency::from_str("usd").is_err());
    }

    #[test]
    fn writing_and_reading_come_back() {
        for code in ["CNY", "JPY", "BHD"] {
            let currency: Currency = code.parse().unwrap();
            for minor in [0, 1, -1, 99, 100, -12_345, i64::MAX, -i64::MAX] {
                assert_eq!(parse_minor(&format_minor(minor, currency), currency), Ok(minor), "{code} {minor}");
            }
        }
        assert_eq!(format_minor(-5, Currency::CNY), "-0.05");
    }
}
