//! Names that a company gave to its codes: stages, product lines, products. Texts made from definitions use them; the
//! code itself stands where there is no name.

use std::collections::BTreeMap;

use crate::conditions::value_name;
use crate::text::Language;

/// Names by field and code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    by_field: BTreeMap<String, BTreeMap<String, String>>,
}

impl Names {
    /// Adds the name of a code. Where two pipelines name a stage of one code differently, both names stand.
    pub fn add(&mut self, field: &str, code: &str, name: &str) {
        let names = self.by_field.entry(field.to_owned()).or_default();
        match names.get_mut(code) {
            Some(known) if known.split(" / ").any(|part| part == name) => {}
            Some(known) => *known = format!("{known} / {name}"),
            None => {
                names.insert(code.to_owned(), name.to_owned());
            }
        }
    }

    /// The word for a value of a field: the company's name, else the word of the language, else the value itself.
    #[must_use]
    pub fn of(&self, field: &str, value: &str, language: Language) -> String {
        match self.by_field.get(field).and_then(|names| names.get(value)) {
            Some(name) => name.clone(),
            None => value_name(field, value, language),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_without_a_name_stands_for_itself() {
        let mut names = Names::default();
        names.add("stage", "proposal", "方案报价");
        names.add("stage", "proposal", "方案报价");
        assert_eq!(names.of("stage", "proposal", Language::Zh), "方案报价");
        assert_eq!(names.of("stage", "other", Language::Zh), "other");
        assert_eq!(names.of("customer_kind", "new", Language::Zh), "新客户");
        names.add("stage", "proposal", "报价");
        assert_eq!(names.of("stage", "proposal", Language::Zh), "方案报价 / 报价");
    }
}
