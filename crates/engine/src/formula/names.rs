//! The names that formulas know.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name in a formula.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// A column of the fact.
    Fact(FactName),
    /// `payee.key`, `payee.role`, `payee.ATTRIBUTE` ...: what stands behind the point.
    Payee(String),
    /// `period.start` ...: what stands behind the point.
    Period(String),
    /// A measure, or an attribute of the fact.
    Other(String),
}

macro_rules! fact_names {
    ($($(#[$doc:meta])* $variant:ident = $text:literal: $type:ident),* $(,)?) => {
        /// A column of a fact.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FactName { $($(#[$doc])* $variant),* }

        impl FactName {
            /// Every column.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As it is written.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            pub(super) fn kind(self) -> Type {
                match self { $(Self::$variant => Type::$type),* }
            }
        }
    };
}

/// What a part of a formula is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// A number.
    Number,
    /// A text that may be read as a number or a day.
    Loose,
    /// A text.
    Text,
    /// A day.
    Date,
    /// A condition.
    Truth,
}

fact_names! {
    /// The whole fact's amount, major units.
    Amount = "amount": Number,
    /// Without VAT.
    AmountExclTax = "amount_excl_tax": Number,
    /// The margin.
    Margin = "margin": Number,
    /// The quantity.
    Quantity = "quantity": Number,
    /// The score.
    Score = "score": Number,
    /// 1, or -1 for a reversal.
    Count = "count": Number,
    /// The credited share, 0 to 1.
    Share = "share": Number,
    /// Days after the due date; 0 in time.
    DaysOverdue = "days_overdue": Number,
    /// The day it counts on.
    Date = "date": Date,
    /// When the money was due.
    DueDate = "due_date": Date,
    /// The day of the contract's first signing.
    SignedOn = "signed_on": Date,
    /// The day of the contract's first payment.
    PaidOn = "paid_on": Date,
    /// The day of the fact that is taken back.
    OriginDate = "origin.date": Date,
    /// The amount of the fact that is taken back.
    OriginAmount = "origin.amount": Number,
    /// What happened.
    Kind = "kind": Text,
    /// The credit's role.
    Role = "role": Text,
    /// New or existing.
    CustomerKind = "customer_kind": Text,
    /// The kind of contract.
    ContractKind = "contract_kind": Text,
    /// The product.
    Product = "product": Text,
    /// The product line.
    ProductLine = "product_line": Text,
    /// The region.
    Region = "region": Text,
    /// The tier.
    Tier = "tier": Text,
    /// The source.
    Source = "source": Text,
    /// The currency.
    Currency = "currency": Text,
    /// The customer.
    Account = "account": Text,
    /// The deal.
    Opportunity = "opportunity": Text,
    /// The contract.
    Contract = "contract": Text,
}

impl Name {
    /// The name of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if let Some(known) = FactName::ALL.iter().find(|known| known.as_str() == text) {
            return Self::Fact(*known);
        }
        if let Some(of_payee) = text.strip_prefix("payee.") {
            return Self::Payee(of_payee.to_owned());
        }
        if let Some(of_period) = text.strip_prefix("period.") {
            return Self::Period(of_period.to_owned());
        }
        match text {
            "proration" => Self::Period("proration".to_owned()),
            other => Self::Other(other.strip_prefix("attributes.").unwrap_or(other).to_owned()),
        }
    }
}

/// The names behind `period.`.
pub(super) const PERIOD_NAMES: [(&str, Type); 5] = [
    ("start", Type::Date),
    ("end", Type::Date),
    ("days", Type::Number),
    ("days_on", Type::Number),
    ("proration", Type::Number),
];
/// The names behind `payee.` that are no attributes.
pub(super) const PAYEE_NAMES: [(&str, Type); 6] = [
    ("key", Type::Text),
    ("role", Type::Text),
    ("team", Type::Text),
    ("start", Type::Date),
    ("end", Type::Date),
    ("tenure_months", Type::Number),
];

/// Whose figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// 本人.
    Payee,
    /// 本团队, without the teams below.
    Team,
    /// 本团队及下级.
    Subtree,
    /// 全公司.
    Company,
    /// 直接下属.
    Reports,
}

/// Over which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Over {
    /// The plan's period.
    Period,
    /// The month that holds the period's last day, to that day.
    Month,
    /// The quarter, likewise.
    Quarter,
    /// The year, likewise.
    Year,
    /// This many plan periods before this one.
    Last(u8),
    /// One fact alone (tiers only).
    Fact,
}

impl Over {
    /// The span of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "period" => Self::Period,
            "month" => Self::Month,
            "quarter" => Self::Quarter,
            "year" => Self::Year,
            "previous" => Self::Last(1),
            "fact" => Self::Fact,
            other => match other.strip_prefix("last_")?.parse::<u8>() {
                Ok(periods @ 1..=36) => Self::Last(periods),
                _ => return None,
            },
        })
    }
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Period => f.write_str("period"),
            Self::Month => f.write_str("month"),
            Self::Quarter => f.write_str("quarter"),
            Self::Year => f.write_str("year"),
            Self::Last(1) => f.write_str("previous"),
            Self::Last(periods) => write!(f, "last_{periods}"),
            Self::Fact => f.write_str("fact"),
        }
    }
}

impl Serialize for Over {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Over {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::of(&word).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "'{word}' is no span; write period, month, quarter, year, previous, last_N (1 to 36) or fact"
            ))
        })
    }
}

impl Whose {
    /// The word's meaning.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "payee" => Self::Payee,
            "team" => Self::Team,
            "subtree" => Self::Subtree,
            "company" => Self::Company,
            "reports" => Self::Reports,
            _ => return None,
        })
    }
}

/// Which of a target's figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 基础.
    #[default]
    Base,
    /// 挑战.
    Challenge,
    /// 冲刺.
    Stretch,
}

impl Level {
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "base" => Self::Base,
            "challenge" => Self::Challenge,
            "stretch" => Self::Stretch,
            _ => return None,
        })
    }
}

/// What is asked of a metric or component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FigureKind {
    /// Its value.
    Metric,
    /// The target.
    Target,
    /// Value by target, by the metric's direction.
    Attainment,
    /// The share of people at their target.
    AtTarget,
    /// How many people.
    Headcount,
    /// What the payee earned under a component.
    Earned,
}

impl FigureKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Metric, Self::Target, Self::Attainment, Self::AtTarget, Self::Headcount, Self::Earned];

    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Target => "target",
            Self::Attainment => "attainment",
            Self::AtTarget => "at_target",
            Self::Headcount => "headcount",
            Self::Earned => "earned",
        }
    }
}

/// A figure of a payee (or of a pool's subject) that a formula asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Figure {
    /// What is asked.
    pub kind: FigureKind,
    /// The metric's or component's code; empty for a headcount.
    pub code: String,
    /// Whose; absent: the payee's, or the pool's subject's.
    pub whose: Option<Whose>,
    /// Over which time.
    pub over: Over,
    /// Which target.
    pub level: Level,
}
