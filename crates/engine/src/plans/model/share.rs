//! SHARE: what is earned on the pay of others, and what many share.

use serde::{Deserialize, Serialize};

use super::computed::Computed;
use super::{is_always, lists};
use crate::conditions::Condition;
use crate::formula::Formula;
use crate::plans::number::Number;

/// A share of what others earn (管理提成).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Whose earnings.
    pub of: OverrideOf,
    /// Under which components.
    pub components: Vec<String>,
    /// The share.
    pub rate: Computed,
}

/// Whose earnings an override is paid on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverrideOf {
    /// 直接下属.
    Reports,
    /// 本团队.
    Team,
    /// 本团队及下级.
    Subtree,
    /// 带教对象: people whose attribute `mentor` names the payee.
    Mentees,
}

/// 级差: what the payee's rate is above the highest rate below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The kinds of fact, or a metric's code.
    #[serde(deserialize_with = "lists::read", serialize_with = "lists::write")]
    pub basis: Vec<String>,
    /// Which facts.
    #[serde(default, rename = "where", skip_serializing_if = "is_always")]
    pub when: Condition,
    /// Which number of them.
    #[serde(default, skip_serializing_if = "super::component::is_amount")]
    pub measure: super::PlanMeasure,
    /// The rate of a person.
    pub rates: Computed,
}

/// Money that many share (团队共赢池).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// One pool for whom.
    #[serde(default)]
    pub each: PoolOf,
    /// How much is in it.
    pub size: Computed,
    /// Whether it is given out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Formula>,
    /// Who takes part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<Formula>,
    /// By which weights.
    #[serde(default)]
    pub by: PoolBy,
    /// What becomes of a pool that is not given out.
    #[serde(default)]
    pub unreleased: Unreleased,
}

/// For whom there is one pool, ranking or budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolOf {
    /// 全公司.
    #[default]
    Company,
    /// 每个团队.
    Team,
    /// 每个团队及下级: everybody in it or below.
    Subtree,
}

/// By which weights a pool is shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PoolBy {
    /// Equally.
    #[default]
    Equal,
    /// By a figure of each member.
    Weight(Computed),
}

impl Serialize for PoolBy {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Equal => serializer.serialize_str("equal"),
            Self::Weight(weight) => weight.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for PoolBy {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let weight = Computed::deserialize(deserializer)?;
        Ok(match &weight {
            Computed::Formula(formula) if formula.text().trim() == "equal" => Self::Equal,
            _ => Self::Weight(weight),
        })
    }
}

/// What becomes of a pool that is not given out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreleased {
    /// 作废.
    #[default]
    Lapse,
    /// 结转: into the next period's pool.
    Carry,
}

/// Prizes by rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rank {
    /// One ranking for whom.
    #[serde(default)]
    pub each: PoolOf,
    /// By what.
    pub by: Computed,
    /// Which is best.
    #[serde(default)]
    pub order: Order,
    /// Who ranks at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Formula>,
    /// Money, from the first place down.
    pub prizes: Vec<Number>,
    /// What those with the same figure get.
    #[serde(default)]
    pub ties: Ties,
}

/// Which figure is best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The highest.
    #[default]
    Highest,
    /// The lowest.
    Lowest,
}

/// What those with the same figure get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// They share the prizes of the places they fill.
    #[default]
    Share,
    /// Each has the prize of their first place.
    Same,
}

/// 总包等比缩减: a limit on what many earn together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// One budget for whom.
    #[serde(default)]
    pub each: PoolOf,
    /// What is limited.
    pub components: Vec<String>,
    /// To how much.
    pub limit: Computed,
}
