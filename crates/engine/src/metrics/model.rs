//! The definition of a metric.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::conditions::Condition;
use crate::facts::kind_name;
use crate::names::Names;
use crate::text::{Language, Text};

/// What a metric is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 结果.
    Result,
    /// 过程.
    Process,
    /// 质量.
    Quality,
    /// 行为.
    Behaviour,
}

/// Which values are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// 正向: more is better.
    Higher,
    /// 反向: less is better.
    Lower,
    /// 区间: between two bounds is best.
    Range {
        /// The lower bound.
        low: Decimal,
        /// The upper bound.
        high: Decimal,
    },
}

/// How values of parts make the value of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Combination {
    /// The parts add up.
    Sum,
    /// Weighted by how many facts there are.
    Average,
    /// Numerators and denominators add up.
    Ratio,
    /// The last one counts.
    Latest,
}

/// What the number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Money of the company's currency.
    Money,
    /// A count; shares make it fractional.
    Count,
    /// A share: 0.25 is 25 %.
    Percent,
    /// Days.
    Days,
    /// Points of a score.
    Score,
}

/// Which number of a fact is added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The amount with VAT.
    Amount,
    /// The amount without VAT.
    AmountExclTax,
    /// The margin.
    Margin,
    /// The quantity.
    Quantity,
    /// The score.
    Score,
    /// An attribute that holds a number.
    Attribute(String),
}

/// How a metric is made of facts. `when` is a condition; absent means every fact of the kinds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Formula {
    /// The sum of a measure.
    Sum {
        /// The measure.
        of: Measure,
        /// The kinds of fact.
        kinds: Vec<String>,
        /// Which of them.
        #[serde(default, rename = "where")]
        when: Condition,
    },
    /// The number of facts; a reversal counts minus one, a share counts its part.
    Count {
        /// The kinds of fact.
        kinds: Vec<String>,
        /// Which of them.
        #[serde(default, rename = "where")]
        when: Condition,
    },
    /// The number of different customers (groups of companies), deals or contracts.
    Distinct {
        /// account, opportunity or contract.
        of: Entity,
        /// The kinds of fact.
        kinds: Vec<String>,
        /// Which of them.
        #[serde(default, rename = "where")]
        when: Condition,
    },
    /// The sum of a measure for each fact.
    Average {
        /// The measure.
        of: Measure,
        /// The kinds of fact.
        kinds: Vec<String>,
        /// Which of them.
        #[serde(default, rename = "where")]
        when: Condition,
    },
    /// One formula for each unit of another.
    Ratio {
        /// The upper one.
        numerator: Box<Formula>,
        /// The lower one.
        denominator: Box<Formula>,
    },
}

/// What is told apart when different ones are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// The customer's group of companies.
    Account,
    /// The deal.
    Opportunity,
    /// The contract.
    Contract,
}

/// A version of a metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricVersion {
    /// The stable name, snake case.
    pub code: String,
    /// 1, 2, 3 ...
    pub version: u32,
    /// The first day it counts.
    pub from: NaiveDate,
    /// The last day; none while it lasts.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// The name.
    pub name: Text,
    /// What is in and what is not, in plain words.
    pub description: Text,
    /// What it is about.
    pub category: Category,
    /// Which values are good.
    pub direction: Direction,
    /// How parts make the whole.
    pub combination: Combination,
    /// What the number is.
    pub unit: Unit,
    /// How it is made of facts.
    pub formula: Formula,
}

impl Formula {
    /// The kinds of fact it reads, each once, sorted.
    #[must_use]
    pub fn kinds(&self) -> Vec<String> {
        let mut kinds = match self {
            Self::Sum { kinds, .. }
            | Self::Count { kinds, .. }
            | Self::Distinct { kinds, .. }
            | Self::Average { kinds, .. } => kinds.clone(),
            Self::Ratio { numerator, denominator } => [numerator.kinds(), denominator.kinds()].concat(),
        };
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// The formula in words.
    #[must_use]
    pub fn words(&self, language: Language, names: &Names) -> String {
        match self {
            Self::Sum { of, kinds, when } => {
                let what = of.words(language);
                clause(language, &format!("{what}合计"), &format!("sum of {what}"), kinds, when, names)
            }
            Self::Count { kinds, when } => clause(language, "次数", "number", kinds, when, names),
            Self::Distinct { of, kinds, when } => {
                let (zh, en) = match of {
                    Entity::Account => ("不同客户数", "number of different customers"),
                    Entity::Opportunity => ("不同商机数", "number of different deals"),
                    Entity::Contract => ("不同合同数", "number of different contracts"),
                };
                clause(language, zh, en, kinds, when, names)
            }
            Self::Average { of, kinds, when } => {
                let what = of.words(language);
                clause(language, &format!("{what}平均值"), &format!("average of {what}"), kinds, when, names)
            }
            Self::Ratio { numerator, denominator } => {
                let (upper, lower) = (numerator.words(language, names), denominator.words(language, names));
                match language {
                    Language::Zh => format!("（{upper}）÷（{lower}）"),
                    Language::En => format!("({upper}) / ({lower})"),
                }
            }
        }
    }
}

fn clause(language: Language, zh: &str, en: &str, kinds: &[String], when: &Condition, names: &Names) -> String {
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind_name(kind, language)).collect();
    let condition = when.words(language, names);
    match language {
        Language::Zh if condition.is_empty() => format!("{}的{zh}", kinds.join("、")),
        Language::Zh => format!("{}（{condition}）的{zh}", kinds.join("、")),
        Language::En if condition.is_empty() => format!("{en}: {}", kinds.join(", ")),
        Language::En => format!("{en}: {} where {condition}", kinds.join(", ")),
    }
}

impl Measure {
    /// The measure in words.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        match self {
            Self::Amount => language.pick("金额（含税）", "amount incl. tax").to_owned(),
            Self::AmountExclTax => language.pick("金额（不含税）", "amount excl. tax").to_owned(),
            Self::Margin => language.pick("毛利", "margin").to_owned(),
            Self::Quantity => language.pick("数量", "quantity").to_owned(),
            Self::Score => language.pick("评分", "score").to_owned(),
            Self::Attribute(name) if name == "cycle_days" => language.pick("成交天数", "days to close").to_owned(),
            Self::Attribute(name) => name.clone(),
        }
    }
}
