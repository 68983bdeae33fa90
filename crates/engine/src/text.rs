//! Texts in the two languages of the product.

use serde::{Deserialize, Serialize};

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// One of two texts.
    #[must_use]
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text in both languages.
    #[must_use]
    pub fn new(zh: &str, en: &str) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }

    /// The text in a language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        language.pick(&self.zh, &self.en)
    }
}

/// Two Chinese texts one after the other, with a space where one meets Latin letters or digits of the other.
#[must_use]
pub fn joined(left: &str, right: &str) -> String {
    let wide = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let narrow = |c: char| c.is_ascii_alphanumeric() || c == '%';
    match (left.chars().next_back(), right.chars().next()) {
        (Some(a), Some(b)) if (wide(a) && narrow(b)) || (narrow(a) && wide(b)) => format!("{left} {right}"),
        _ => format!("{left}{right}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_stands_between_chinese_and_latin() {
        assert_eq!(joined("产品线为", "GTX"), "产品线为 GTX");
        assert_eq!(joined("产品线为", "软件"), "产品线为软件");
        assert_eq!(joined("100 %", "以内"), "100 % 以内");
        assert_eq!(joined("", "软件"), "软件");
    }
}
