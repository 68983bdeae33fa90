//! Texts as they are compared: width, case, blanks and punctuation do not matter.

use memchr::memmem::Finder;

/// A word that many texts are looked into for: it is made ready once.
#[derive(Clone, Debug)]
pub struct Word(Finder<'static>);

impl Word {
    /// A word as it is compared.
    #[must_use]
    pub fn new(word: &str) -> Self {
        Self(Finder::new(word).into_owned())
    }

    /// True where a text holds it.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.0.find(text.as_bytes()).is_some()
    }
}

/// A letter as it is compared: full-width forms as half-width ones, small.
pub fn plain(letter: char) -> impl Iterator<Item = char> {
    let half = match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3000}' => ' ',
        other => other,
    };
    half.to_lowercase()
}

/// The letters and digits of a text, as they are compared.
#[must_use]
pub fn squeezed(text: &str) -> String {
    text.chars().flat_map(plain).filter(|letter| letter.is_alphanumeric()).collect()
}

/// The words of a question as they are compared; words of nothing but punctuation are left out.
#[must_use]
pub fn words(question: &str) -> Vec<String> {
    /// The most words that are looked for: more are a sentence.
    const WORDS: usize = 8;
    /// The most letters of a word.
    const LETTERS: usize = 100;
    let word = |word: &str| squeezed(word).chars().take(LETTERS).collect::<String>();
    question.split_whitespace().map(word).filter(|word| !word.is_empty()).take(WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_blanks_and_punctuation_do_not_matter() {
        assert_eq!(squeezed("ＡＣＭＥ Co., Ltd."), "acmecoltd");
        assert_eq!(squeezed("+86 138-0000-1111"), "8613800001111");
        assert_eq!(squeezed("华为（深圳）"), "华为深圳");
        assert_eq!(words(" 华为  No.12 ，。 "), vec!["华为".to_owned(), "no12".to_owned()]);
        assert!(words("—— … ").is_empty());
    }
}
