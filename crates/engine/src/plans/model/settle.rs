//! ADJUST and SETTLE: limits, what is held, what is lent.

use serde::{Deserialize, Serialize};

use super::computed::Computed;
use super::rate::Part;
use super::{lists, whole};
use crate::conditions::Condition;
use crate::formula::{Formula, Over};
use crate::plans::number::Number;

/// Limits from above. What lies above is paid at the share `above`, 0 where absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// Of one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Computed>,
    /// Of a plan period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Computed>,
    /// Of a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<Computed>,
    /// The share of what lies above that is paid all the same (soft cap).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Number>,
}

/// A limit over several components.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupCap {
    /// Which.
    pub components: Vec<String>,
    /// Of a plan period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Computed>,
    /// Of a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<Computed>,
    /// The share of what lies above that is paid all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Number>,
}

/// A limit from below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// Of a plan period.
    pub period: Computed,
}

/// What is earned at least (保底).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guarantee {
    /// Money of a plan period.
    pub amount: Computed,
    /// For whom, when.
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    pub when: Option<Formula>,
    /// True: by the days there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prorate: bool,
}

/// What is paid at least, as an advance (预支).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// Money of a plan period.
    pub amount: Computed,
    /// True: kept back from later pay.
    #[serde(default)]
    pub recoverable: bool,
    /// For whom, when.
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    pub when: Option<Formula>,
    /// When what is still owed is forgiven.
    #[serde(default)]
    pub forgive: Forgive,
}

/// When what is owed is forgiven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forgive {
    /// Never.
    #[default]
    Never,
    /// At the end of the year.
    YearEnd,
    /// With the plan's last day.
    PlanEnd,
}

/// How much may be kept back at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deductions {
    /// The largest share of what is earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Number>,
    /// What is paid at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Computed>,
}

/// What becomes of balances when somebody leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leavers {
    /// Of what is held.
    #[serde(default)]
    pub held: OnLeaving,
    /// Of what is owed.
    #[serde(default)]
    pub owed: OwedOnLeaving,
}

/// What becomes of held pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnLeaving {
    /// It goes on as for everybody.
    #[default]
    Keep,
    /// Paid at once.
    Release,
    /// 作废.
    Forfeit,
}

/// What becomes of what is owed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwedOnLeaving {
    /// It stays owed.
    #[default]
    Keep,
    /// 免还.
    Forgive,
}

/// What must be there before a line is paid (业绩生效).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recognition {
    /// Facts, all of them.
    pub needs: Vec<Need>,
    /// Of the same what.
    #[serde(default)]
    pub of: NeedOf,
    /// Forfeited when they are not there so many days after the line's day.
    #[serde(default, deserialize_with = "whole::read_optional", skip_serializing_if = "Option::is_none")]
    pub within_days: Option<u16>,
}

/// A fact that must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Its kind.
    pub kind: String,
    /// Which of them.
    pub when: Condition,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NeedForm {
    kind: String,
    #[serde(default, rename = "where", skip_serializing_if = "super::is_always")]
    when: Condition,
}

impl Serialize for Need {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.when == Condition::Always {
            return serializer.serialize_str(&self.kind);
        }
        NeedForm { kind: self.kind.clone(), when: self.when.clone() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Need {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NeedVisitor;
        impl<'de> serde::de::Visitor<'de> for NeedVisitor {
            type Value = Need;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a kind of fact, or {kind: agreement_filed, where: {...}}")
            }
            fn visit_str<E: serde::de::Error>(self, kind: &str) -> Result<Need, E> {
                Ok(Need { kind: kind.to_owned(), when: Condition::Always })
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Need, A::Error> {
                let form = NeedForm::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(Need { kind: form.kind, when: form.when })
            }
        }
        deserializer.deserialize_any(NeedVisitor)
    }
}

/// What the needed facts have in common with the line's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedOf {
    /// The contract.
    #[default]
    Contract,
    /// The deal.
    Opportunity,
    /// The customer.
    Account,
}

/// A part of a component's pay that is kept for later (留存).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Which share.
    pub share: Number,
    /// To when.
    pub until: RetainedUntil,
    /// Released only then; by default if the person is still there.
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    pub when: Option<Formula>,
}

/// To when pay is retained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetainedUntil {
    /// The last day of the year.
    YearEnd,
    /// So many days after the period's end.
    Days(u16),
}

impl Serialize for RetainedUntil {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::YearEnd => serializer.serialize_str("year_end"),
            Self::Days(days) => serializer.serialize_u16(*days),
        }
    }
}

impl<'de> Deserialize<'de> for RetainedUntil {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct UntilVisitor;
        impl serde::de::Visitor<'_> for UntilVisitor {
            type Value = RetainedUntil;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("year_end, or a number of days")
            }
            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<RetainedUntil, E> {
                match (word, word.parse()) {
                    ("year_end", _) => Ok(RetainedUntil::YearEnd),
                    (_, Ok(days)) => Ok(RetainedUntil::Days(days)),
                    _ => Err(E::custom(format!("'{word}' is no time; write year_end or a number of days"))),
                }
            }
            fn visit_u64<E: serde::de::Error>(self, days: u64) -> Result<RetainedUntil, E> {
                u16::try_from(days).map(RetainedUntil::Days).map_err(|_| E::custom("at most 65535 days"))
            }
            fn visit_i64<E: serde::de::Error>(self, days: i64) -> Result<RetainedUntil, E> {
                u16::try_from(days).map(RetainedUntil::Days).map_err(|_| E::custom("0 to 65535 days"))
            }
        }
        deserializer.deserialize_any(UntilVisitor)
    }
}

/// How reversals are taken back (扣回).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clawback {
    /// On which day a reversal counts.
    #[serde(default)]
    pub at: ClawbackAt,
    /// Which share of it; 1 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Computed>,
}

/// On which day a reversal counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClawbackAt {
    /// Its own.
    #[default]
    Own,
    /// That of what it takes back: the period is computed anew, the difference comes now.
    Origin,
}

/// 多退少补: a longer period computed as a whole, less what was paid for its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrueUp {
    /// Quarter or year.
    pub over: Over,
    /// The rate over it; the component's own where absent.
    #[serde(
        default,
        deserialize_with = "lists::read",
        serialize_with = "lists::write",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub rate: Vec<Part>,
    /// Limits over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Cap>,
}
