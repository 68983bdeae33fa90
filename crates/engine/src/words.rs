//! Words for people: two languages, spaces between Chinese and Latin, figures as people read them.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::group_thousands;

/// A language texts are rendered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Locale {
    /// The language of a tag such as `zh-CN` or `en`; Chinese for anything that is not English.
    pub fn of_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("en") {
            Self::En
        } else {
            Self::Zh
        }
    }

    /// One of two texts.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both texts.
    pub fn new(zh: &str, en: &str) -> Self {
        Self {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    /// The text in a language.
    pub fn get(&self, locale: Locale) -> &str {
        locale.pick(&self.zh, &self.en)
    }
}

/// Puts a space between Chinese and Latin letters or figures where there is none.
pub fn spaced(text: &str) -> String {
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let latin = |c: char| c.is_ascii_alphanumeric();
    let mut out = String::with_capacity(text.len() + 16);
    let mut last = ' ';
    for c in text.chars() {
        if (chinese(last) && (latin(c) || matches!(c, '¥' | '$')))
            || ((latin(last) || last == '%') && chinese(c))
        {
            out.push(' ');
        }
        out.push(c);
        last = c;
    }
    out
}

/// Chinese text with full-width punctuation and spaces beside Latin; commas and colons between figures stay.
pub fn chinese(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| {
        at.and_then(|at| chars.get(at))
            .is_some_and(char::is_ascii_digit)
    };
    let wide = chars.iter().enumerate().map(|(at, c)| match c {
        ',' | ':' if digit(at.checked_sub(1)) && digit(Some(at + 1)) => *c,
        ',' => '\u{ff0c}',
        ':' => '\u{ff1a}',
        ';' => '\u{ff1b}',
        '(' => '\u{ff08}',
        ')' => '\u{ff09}',
        _ => *c,
    });
    spaced(&wide.collect::<String>())
}

/// A rate as a percentage: `0.05` becomes `5 %` in Chinese and `5%` in English.
pub fn percent(rate: Decimal, locale: Locale) -> String {
    let value = crate::rounding::multiply(rate, Decimal::ONE_HUNDRED).normalize();
    locale.pick(format!("{value} %"), format!("{value}%"))
}

/// A plain figure with grouping and without needless zeros: `168,000`, `0.5`.
pub fn figure(value: Decimal) -> String {
    group_thousands(&value.normalize().to_string())
}

/// An amount in major units as the Chinese say it: `20 万`, otherwise grouped figures.
pub fn short_amount(value: Decimal, locale: Locale) -> String {
    let ten_thousand = Decimal::from(10_000);
    if locale == Locale::Zh && value.abs() >= ten_thousand {
        let short = value
            .checked_div(ten_thousand)
            .unwrap_or_default()
            .normalize();
        if short.scale() <= 2 {
            return format!("{} 万", figure(short));
        }
    }
    figure(value)
}

/// Reads a rate: `0.05`, `5%`, `5 %` are the same; at most 10 decimals.
pub fn parse_rate(text: &str) -> Option<Decimal> {
    let trimmed = text.trim();
    let (number, percent) = trimmed
        .strip_suffix('%')
        .map_or((trimmed, false), |rest| (rest.trim_end(), true));
    let value = parse_decimal(number)?;
    let value = if percent {
        value.checked_div(Decimal::ONE_HUNDRED)?
    } else {
        value
    };
    (value.normalize().scale() <= 10).then(|| value.normalize())
}

/// Reads a plain decimal number: a sign, digits, a point; no exponent, no grouping.
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = unsigned.starts_with(|c: char| c.is_ascii_digit())
        && unsigned.ends_with(|c: char| c.is_ascii_digit())
        && unsigned.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    plain.then(|| Decimal::from_str_exact(text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_spaces() {
        assert_eq!(parse_rate("5%"), parse_rate("0.05"));
        assert_eq!(parse_rate("5 %"), parse_rate("0.0500"));
        assert_eq!(parse_rate("5e-2"), None);
        assert_eq!(parse_rate("五"), None);
        assert_eq!(percent(parse_rate("0.055").unwrap(), Locale::Zh), "5.5 %");
        assert_eq!(short_amount(Decimal::from(200_000), Locale::Zh), "20 万");
        assert_eq!(short_amount(Decimal::from(200_000), Locale::En), "200,000");
        assert_eq!(spaced("产品线GTX的5 %部分"), "产品线 GTX 的 5 % 部分");
    }
}
