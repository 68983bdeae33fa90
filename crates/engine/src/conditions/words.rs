//! Conditions in words.

use super::{Comparison, Condition, Field};
use crate::words::{Locale, chinese, short_amount};

impl Field {
    /// What people call the field.
    pub fn label(&self, locale: Locale) -> String {
        let (zh, en) = match self {
            Self::Kind => ("业务流水", "kind"),
            Self::Product => ("产品", "product"),
            Self::ProductLine => ("产品线", "product line"),
            Self::Region => ("大区", "region"),
            Self::Tier => ("客户级别", "tier"),
            Self::CustomerKind => ("客户类型", "customer kind"),
            Self::ContractKind => ("合同类型", "contract kind"),
            Self::Source => ("来源", "source"),
            Self::Currency => ("币种", "currency"),
            Self::Role => ("归属角色", "role"),
            Self::Amount => ("金额", "amount"),
            Self::AmountExclTax => ("不含税金额", "amount excluding tax"),
            Self::Margin => ("毛利", "margin"),
            Self::Quantity => ("数量", "quantity"),
            Self::Score => ("分数", "score"),
            Self::DaysOverdue => ("逾期天数", "days overdue"),
            Self::Attribute(name) => return name.clone(),
        };
        locale.pick(zh, en).to_owned()
    }
}

/// What people call a value of a field.
pub(crate) fn value_label(field: &Field, value: &str, locale: Locale) -> String {
    let known = match (field, value) {
        (Field::CustomerKind, "new") => ("新客户", "new customers"),
        (Field::CustomerKind, "existing") => ("老客户", "existing customers"),
        (Field::ContractKind, "new") => ("新签", "new contracts"),
        (Field::ContractKind, "add_on") => ("增购", "add-ons"),
        (Field::ContractKind, "renewal") => ("续费", "renewals"),
        (Field::ContractKind, "repeat") => ("复购", "repeat orders"),
        (Field::ContractKind, "framework") => ("框架", "framework contracts"),
        (Field::Role, "owner") => ("负责人", "owner"),
        (Field::Role, "overlay") => ("协同", "overlay"),
        (Field::Role, "mentor") => ("带教", "mentor"),
        (Field::Kind, code) => match crate::facts::standard(code) {
            Some(kind) => (kind.zh, kind.en),
            None => return code.to_owned(),
        },
        _ => return value.to_owned(),
    };
    locale.pick(known.0, known.1).to_owned()
}

impl Condition {
    /// The condition in words; empty when it excludes nothing.
    pub fn render(&self, locale: Locale) -> String {
        let text = self.words(locale);
        locale.pick(chinese(&text), text)
    }

    fn words(&self, locale: Locale) -> String {
        let join = |parts: &[Self], between: &str| {
            parts
                .iter()
                .map(|part| part.words(locale))
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(between)
        };
        match self {
            Self::Always => String::new(),
            Self::All(parts) => join(parts, locale.pick("且", " and ")),
            Self::Any(parts) => locale.pick(
                format!("({})", join(parts, "或")),
                format!("({})", join(parts, " or ")),
            ),
            Self::Not(inner) => locale.pick(
                format!("非({})", inner.words(locale)),
                format!("not ({})", inner.words(locale)),
            ),
            Self::OneOf(field, values) => {
                let listed: Vec<String> = values
                    .iter()
                    .map(|value| value_label(field, value, locale))
                    .collect();
                let listed = listed.join(locale.pick("、", " or "));
                if matches!(
                    field,
                    Field::CustomerKind | Field::ContractKind | Field::Kind
                ) {
                    return listed;
                }
                locale.pick(
                    format!("{}为 {listed}", field.label(locale)),
                    format!("{} {listed}", field.label(locale)),
                )
            }
            Self::Number(field, comparison, value) => {
                let value = short_amount(*value, locale);
                let words = match comparison {
                    Comparison::AtLeast => ("不低于", "at least"),
                    Comparison::Above => ("超过", "above"),
                    Comparison::AtMost => ("不超过", "at most"),
                    Comparison::Below => ("低于", "below"),
                    Comparison::Equal => ("等于", "equal to"),
                };
                locale.pick(
                    format!("{}{} {value}", field.label(locale), words.0),
                    format!("{} {} {value}", field.label(locale), words.1),
                )
            }
        }
    }
}
