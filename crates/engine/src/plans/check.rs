//! What reading a plan cannot see: whether it makes sense beside the company's definitions.

use rustc_hash::FxHashSet;

use super::model::*;
use super::phases::is_fact_sum;
use crate::conditions::{Condition, Field};
use crate::definitions::Definitions;
use crate::facts;
use crate::metrics::{Formula, MetricVersion, Unit};
use crate::node::{Problem, problem};
use crate::rounding::multiply;
use rust_decimal::Decimal;

/// What the company knows besides its definitions. An empty list means "not known here": nothing is checked against it.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Kinds of facts beyond the standard ones.
    pub kinds: Vec<String>,
    /// (pipeline, stage) names.
    pub stages: Vec<(String, String)>,
}

/// Everything that is wrong with a plan, by component; empty when it can be published.
///
/// Lines are 0: the structure no longer knows its file. Use [`crate::node::Node::at`] with the pointer to find them.
pub fn check(plan: &PlanVersion, definitions: &Definitions, known: &Known) -> Vec<Problem> {
    let mut check = Check {
        definitions,
        known,
        problems: Vec::new(),
    };
    if plan.currency != definitions.company.currency {
        let company = definitions.company.currency;
        check.wrong(
            "/currency",
            "currency_mismatch",
            format!("the plan is in {}, the company in {company}", plan.currency),
        );
    }
    check.who(plan);
    let mut ids: FxHashSet<&str> = FxHashSet::default();
    for (at, component) in plan.components.iter().enumerate() {
        let pointer = format!("/components/{at}");
        if !ids.insert(&component.id) {
            check.wrong(
                &format!("{pointer}/id"),
                "duplicate_component",
                format!(
                    "`{}` is there twice; ids are unique in a plan",
                    component.id
                ),
            );
        }
        check.component(plan, component, &pointer);
    }
    check.problems
}

struct Check<'a> {
    definitions: &'a Definitions,
    known: &'a Known,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    fn wrong(&mut self, pointer: &str, code: &'static str, detail: impl Into<String>) {
        self.problems.push(problem(0, pointer, code, detail));
    }

    fn who(&mut self, plan: &PlanVersion) {
        for (at, path) in plan.who.teams.iter().enumerate() {
            if self.definitions.team_by_path(path).is_none() {
                self.wrong(
                    &format!("/who/teams/{at}"),
                    "unknown_team",
                    format!("there is no team `{path}`; write its path such as East/Team 3"),
                );
            }
        }
        for (at, label) in plan.who.people.iter().enumerate() {
            if self.definitions.person_by_label(label).is_none() {
                self.wrong(
                    &format!("/who/people/{at}"),
                    "unknown_person",
                    format!("nobody has the external id or e-mail `{label}`"),
                );
            }
        }
    }

    fn metric(&self, code: &str) -> Option<&'a MetricVersion> {
        self.definitions
            .metrics
            .iter()
            .filter(|metric| metric.code == code)
            .max_by_key(|metric| metric.version)
    }

    fn component(&mut self, plan: &PlanVersion, component: &Component, pointer: &str) {
        let basis = &component.basis;
        let metric = if facts::standard(basis).is_some() {
            None
        } else {
            self.metric(basis)
        };
        let known_kind = facts::standard(basis).is_some() || self.known.kinds.contains(basis);
        if metric.is_none() && !known_kind {
            self.wrong(
                &format!("{pointer}/basis"),
                "unknown_basis",
                format!("`{basis}` is neither a kind of fact nor a metric"),
            );
        }
        if component.roles.is_empty() {
            self.wrong(
                &format!("{pointer}/roles"),
                "no_roles",
                "name at least one role",
            );
        }
        let value_metric = metric.filter(|metric| !is_fact_sum(&metric.formula));
        if value_metric.is_some() && !component.condition.is_always() {
            self.wrong(
                &format!("{pointer}/where"),
                "where_on_metric",
                format!("`{basis}` is no sum over facts; put the condition into the metric"),
            );
        }
        if let Some(metric) = metric.filter(|metric| {
            matches!(metric.formula, Formula::Sum { .. }) && is_fact_sum(&metric.formula)
        }) {
            let measured = !matches!(component.measure, PlanMeasure::Amount);
            if measured {
                self.wrong(
                    &format!("{pointer}/measure"),
                    "measure_on_metric",
                    format!(
                        "the metric `{}` has its own measure; leave `measure` out",
                        metric.code
                    ),
                );
            }
        }
        let quantity = component.measure == PlanMeasure::Quantity || value_metric.is_some();
        self.rule(plan, component, quantity, pointer);
    }

    fn rule(&mut self, plan: &PlanVersion, component: &Component, quantity: bool, pointer: &str) {
        match &component.rule {
            Rule::Rate(rate) => self.rate(*rate, quantity, &format!("{pointer}/rate")),
            Rule::Lookup { rows, default } => {
                for (at, row) in rows.iter().enumerate() {
                    let here = format!("{pointer}/lookup/rows/{at}");
                    self.rate(row.rate, quantity, &format!("{here}/rate"));
                    self.row(
                        &row.when,
                        rows[..at].iter().any(|other| other.when == row.when),
                        &here,
                    );
                }
                if let Some(default) = default {
                    self.rate(*default, quantity, &format!("{pointer}/lookup/default"));
                }
                if rows.is_empty() && default.is_none() {
                    self.wrong(
                        &format!("{pointer}/lookup"),
                        "empty_lookup",
                        "a lookup has at least one row or a default",
                    );
                }
            }
            Rule::Tiers(tiers) => self.tiers(tiers, quantity, &format!("{pointer}/tiers")),
            Rule::RoleRates(rates) => {
                for (role, rate) in rates {
                    self.rate(*rate, quantity, &format!("{pointer}/role_rates/{role}"));
                }
                for role in component
                    .roles
                    .iter()
                    .filter(|role| !rates.iter().any(|(known, _)| known == *role))
                {
                    self.wrong(
                        &format!("{pointer}/role_rates"),
                        "role_without_rate",
                        format!("`roles` names {role}, which has no rate"),
                    );
                }
            }
            Rule::StageReward(reward) => {
                self.stage(plan, reward, &format!("{pointer}/stage_reward"))
            }
        }
    }

    fn row(&mut self, when: &Condition, repeated: bool, pointer: &str) {
        if repeated {
            self.wrong(
                pointer,
                "duplicate_row",
                "an earlier row has the same condition; this one can never apply",
            );
        }
        if when.is_always() {
            self.wrong(
                &format!("{pointer}/when"),
                "empty_condition",
                "a row needs a condition; write the rate for everything else as `default`",
            );
        }
        if when.fields().contains(&&Field::Kind) {
            self.wrong(
                &format!("{pointer}/when"),
                "kind_in_row",
                "the kind of fact is the component's `basis`",
            );
        }
    }

    /// A percentage above 1 is nearly always 5 written for 5 %.
    fn rate(&mut self, rate: Decimal, quantity: bool, pointer: &str) {
        if !quantity && rate.abs() > Decimal::ONE {
            let meant = rate.normalize();
            self.wrong(
                pointer,
                "rate_over_one",
                format!(
                    "a rate of {meant} pays more than the basis; write {meant}% if percent is meant"
                ),
            );
        }
    }

    fn tiers(&mut self, tiers: &Tiers, quantity: bool, pointer: &str) {
        match tiers.bands.first() {
            None => self.wrong(
                &format!("{pointer}/bands"),
                "no_bands",
                "write at least one band",
            ),
            Some(first) if !first.from.is_zero() => {
                self.wrong(
                    &format!("{pointer}/bands/0/from"),
                    "tiers_not_from_zero",
                    "the first band begins at 0",
                );
            }
            Some(_) => {}
        }
        for (at, pair) in tiers.bands.windows(2).enumerate() {
            if pair[1].from <= pair[0].from {
                let here = format!("{pointer}/bands/{}/from", at + 1);
                self.wrong(
                    &here,
                    "tiers_not_ascending",
                    format!("{} does not lie above {}", pair[1].from, pair[0].from),
                );
            }
        }
        for (at, band) in tiers.bands.iter().enumerate() {
            self.rate(band.rate, quantity, &format!("{pointer}/bands/{at}/rate"));
        }
        let Axis::Attainment(code) = &tiers.axis else {
            return;
        };
        let here = format!("{pointer}/on/attainment");
        match self.metric(code) {
            None => self.wrong(
                &here,
                "unknown_metric",
                format!("there is no metric `{code}`"),
            ),
            Some(metric)
                if tiers.mode == TierMode::Marginal
                    && (metric.unit != Unit::Money || !metric.is_summing()) =>
            {
                self.wrong(&here, "axis_not_money", format!("marginal tiers cumulate money against a target; `{code}` is no sum of money. Use mode: whole"));
            }
            Some(_) => {}
        }
        if tiers.bands.iter().any(|band| band.from > Decimal::TEN) {
            self.wrong(
                &format!("{pointer}/bands"),
                "attainment_over_ten",
                "attainment is a ratio: 100 % is 1 or 100%",
            );
        }
    }

    fn stage(&mut self, plan: &PlanVersion, reward: &StageReward, pointer: &str) {
        let fits = |(pipeline, stage): &(String, String)| {
            *stage == reward.stage
                && reward
                    .pipeline
                    .as_ref()
                    .is_none_or(|wanted| wanted == pipeline)
        };
        if !self.known.stages.is_empty() && !self.known.stages.iter().any(fits) {
            self.wrong(
                &format!("{pointer}/stage"),
                "unknown_stage",
                format!("no pipeline has the stage `{}`", reward.stage),
            );
        }
        if reward.amount <= Decimal::ZERO {
            self.wrong(
                &format!("{pointer}/amount"),
                "not_positive",
                "a reward is above 0",
            );
        }
        let minor = multiply(reward.amount, Decimal::from(plan.currency.factor()));
        if !minor.fract().is_zero() {
            self.wrong(
                &format!("{pointer}/amount"),
                "too_many_decimals",
                format!("{} has {} decimals", plan.currency, plan.currency.digits()),
            );
        }
    }
}
