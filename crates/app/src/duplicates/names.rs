//! Names and numbers as they are compared.

use crate::search::text::{plain, squeezed};

/// What companies' names end in and what says nothing about which one it is; longer endings first.
const ENDINGS: &[&str] = &[
    "有限责任公司",
    "股份有限公司",
    "集团有限公司",
    "有限公司",
    "股份公司",
    "集团公司",
    "公司",
    "集团",
    "corporation",
    "incorporated",
    "limited",
    "company",
    "gmbh",
    "corp",
    "inc",
    "ltd",
    "llc",
    "co",
];

/// The shortest name that is compared, in letters: less is a beginning.
const SHORTEST: usize = 2;

/// A company's name without its legal form, blanks and punctuation; none where too little is left to compare.
#[must_use]
pub fn core(name: &str) -> Option<String> {
    core_of(&squeezed(name)).map(str::to_owned)
}

/// The same of a name that is squeezed already.
#[must_use]
pub fn core_of(squeezed: &str) -> Option<&str> {
    let mut rest = squeezed;
    while let Some(shorter) = ENDINGS.iter().find_map(|ending| rest.strip_suffix(ending)) {
        if shorter.chars().count() < SHORTEST {
            break;
        }
        rest = shorter;
    }
    (rest.chars().count() >= SHORTEST).then_some(rest)
}

/// The digits of a telephone number, the country's code of China left out; none where there are too few to compare.
#[must_use]
pub fn digits(phone: &str) -> Option<String> {
    let digits: String = phone.chars().flat_map(plain).filter(char::is_ascii_digit).collect();
    let local = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86").filter(|rest| rest.len() >= 10));
    let local = local.unwrap_or(&digits);
    (local.len() >= 7).then(|| local.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_legal_form_blanks_and_width_do_not_matter() {
        for (one, other) in [
            ("常熟明远精密有限公司", "常熟明远精密"),
            ("常熟明远精密（集团）有限公司", "常熟明远精密集团"),
            ("ＡＣＭＥ Co., Ltd.", "Acme"),
            ("Acme Inc", "ACME"),
            ("华为 技术", "华为技术有限公司"),
        ] {
            assert_eq!(core(one), core(other), "{one}, {other}");
        }
        assert_ne!(core("常熟明远"), core("常熟明远精密"));
        assert_eq!(core("公司"), Some("公司".to_owned()), "an ending alone is a name");
        for nothing in ["", "  ", "甲", "-.,"] {
            assert_eq!(core(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn numbers_are_compared_by_their_digits() {
        for same in ["13800001111", "+86 138-0000-1111", "0086 138 0000 1111", "１３８００００１１１１"] {
            assert_eq!(digits(same).as_deref(), Some("13800001111"), "{same}");
        }
        assert_eq!(digits("8600123").as_deref(), Some("8600123"), "a short number keeps its beginning");
        assert_eq!(digits("12345"), None);
    }
}
