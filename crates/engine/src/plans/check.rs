//! What parsing cannot see: a plan against the company and against itself.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::model::{Axis, Band, Component, LookupRow, Plan, Rate};
use super::parse::PlanError;
use crate::conditions::Condition;
use crate::dates::PeriodKind;
use crate::definitions::Definitions;
use crate::facts::is_kind;
use crate::money::{Currency, parse_minor};
use crate::yaml::Tree;

struct Checker<'a> {
    tree: &'a Tree,
    definitions: &'a Definitions,
    errors: Vec<PlanError>,
}

/// Checks a plan. An empty list means that it can be published.
#[must_use]
pub fn check(plan: &Plan, tree: &Tree, definitions: &Definitions) -> Vec<PlanError> {
    let mut checker = Checker { tree, definitions, errors: Vec::new() };
    checker.plan(plan);
    checker.errors
}

impl Checker<'_> {
    fn wrong(&mut self, pointer: &str, code: &'static str, message: String) {
        self.errors.push(PlanError { line: self.tree.line(pointer), pointer: pointer.to_owned(), code, message });
    }

    fn plan(&mut self, plan: &Plan) {
        let own = self.definitions.company.currency;
        if plan.currency != own.code() {
            let message = format!("the plan is in {}, the company in {own}; write currency: {own}", plan.currency);
            self.wrong("/currency", "currency_mismatch", message);
        }
        if plan.id.is_empty() || plan.id.len() > 100 || plan.id.chars().any(char::is_control) {
            self.wrong("/id", "required", "an id is 1 to 100 characters".to_owned());
        }
        if !matches!(plan.period, PeriodKind::Month | PeriodKind::Quarter | PeriodKind::Year) {
            self.wrong("/period", "not_a_choice", "a plan's period is month, quarter or year".to_owned());
        }
        if plan.to.is_some_and(|to| to < plan.from) {
            self.wrong("/to", "before", format!("to lies before from ({})", plan.from));
        }
        if plan.components.is_empty() {
            self.wrong("/components", "required", "a plan has at least one component".to_owned());
        }
        self.who(plan);
        let mut seen = BTreeSet::new();
        for (index, component) in plan.components.iter().enumerate() {
            let at = format!("/components/{index}");
            if !seen.insert(component.id.as_str()) {
                self.wrong(
                    &format!("{at}/id"),
                    "already_used",
                    format!("two components have the id '{}'", component.id),
                );
            }
            self.component(&at, component, own);
        }
    }

    fn who(&mut self, plan: &Plan) {
        let who = &plan.who;
        if who.roles.is_empty() && who.teams.is_empty() && who.people.is_empty() {
            let message = "say who is on the plan: roles, teams or people".to_owned();
            self.wrong("/who", "required", message);
        }
        for (index, path) in who.teams.iter().enumerate() {
            if self.definitions.team_by_path(path).is_none() {
                let message = format!("there is no team '{path}'; write its path like East/Team 3");
                self.wrong(&format!("/who/teams/{index}"), "unknown_reference", message);
            }
        }
        for (index, key) in who.people.iter().enumerate() {
            if self.definitions.person_by_key(key).is_none() {
                let message = format!("there is no person '{key}'; write the external id or the e-mail");
                self.wrong(&format!("/who/people/{index}"), "unknown_reference", message);
            }
        }
    }

    fn component(&mut self, at: &str, component: &Component, currency: Currency) {
        if component.id.is_empty() {
            self.wrong(&format!("{at}/id"), "required", "a component has an id".to_owned());
        }
        let is_metric = self.definitions.metrics.iter().any(|metric| metric.code == component.basis);
        if !is_metric && !is_kind(&component.basis) {
            let message = format!("'{}' is neither a kind of fact nor a metric", component.basis);
            self.wrong(&format!("{at}/basis"), "unknown_reference", message);
        }
        if component.roles.is_empty() {
            self.wrong(&format!("{at}/roles"), "required", "name at least one role, for example [owner]".to_owned());
        }
        match &component.rate {
            Rate::Flat(_) => {}
            Rate::Lookup { by, rows, .. } => self.lookup(at, by, rows),
            Rate::Tiers { on, rows, .. } => self.tiers(at, on, rows, currency),
            Rate::Reward { amount, .. } => self.reward(at, component, &amount.0.normalize().to_string(), currency),
        }
    }

    fn lookup(&mut self, at: &str, by: &[String], rows: &[LookupRow]) {
        for (index, row) in rows.iter().enumerate() {
            for field in row.values.keys().filter(|field| !by.contains(field)) {
                let message = format!("'{field}' is not among the dimensions: {}", by.join(", "));
                self.wrong(&format!("{at}/rate/lookup/rows/{index}/{field}"), "unknown_field", message);
            }
            if rows.iter().take(index).any(|earlier| earlier.values == row.values) {
                let message = "a row before this one has the same values".to_owned();
                self.wrong(&format!("{at}/rate/lookup/rows/{index}"), "already_used", message);
            }
        }
    }

    fn tiers(&mut self, at: &str, on: &Axis, rows: &[Band], currency: Currency) {
        let place = format!("{at}/rate/tiers/rows");
        match rows.first() {
            None => return self.wrong(&place, "required", "tiers have at least one row".to_owned()),
            Some(first) if !first.from.0.is_zero() => {
                self.wrong(&format!("{place}/0/from"), "gap", "the first row begins at 0".to_owned());
            }
            Some(_) => {}
        }
        for (index, (before, row)) in rows.iter().zip(rows.iter().skip(1)).enumerate() {
            if row.from <= before.from {
                let message = format!("{} does not lie above {}; rows ascend", row.from.0, before.from.0);
                self.wrong(&format!("{place}/{}/from", index + 1), "not_ascending", message);
            }
        }
        if let Axis::Attainment(metric) = on
            && !self.definitions.metrics.iter().any(|known| known.code == *metric)
        {
            let message = format!("there is no metric '{metric}'");
            self.wrong(&format!("{at}/rate/tiers/on"), "unknown_reference", message);
        }
        if matches!(on, Axis::Amount) {
            for (index, row) in rows.iter().enumerate() {
                if parse_minor(&row.from.0.normalize().to_string(), currency).is_err() {
                    let message = format!("{} is no amount of {currency}", row.from.0);
                    self.wrong(&format!("{place}/{index}/from"), "too_many_decimals", message);
                }
            }
        }
    }

    fn reward(&mut self, at: &str, component: &Component, amount: &str, currency: Currency) {
        if parse_minor(amount, currency).is_err() || amount.parse::<Decimal>().is_ok_and(|a| a <= Decimal::ZERO) {
            let message = format!("{amount} is no amount of {currency} above zero");
            self.wrong(&format!("{at}/rate/reward/amount"), "not_money", message);
        }
        if component.basis != "stage_entered" {
            let message = "a reward is earned when a stage is entered; write basis: stage_entered".to_owned();
            self.wrong(&format!("{at}/basis"), "not_a_choice", message);
        }
        if !names_stage(&component.when) {
            let message = "say which stage earns the reward, for example where: {stage: proposal}".to_owned();
            self.wrong(&format!("{at}/where"), "required", message);
        }
    }
}

fn names_stage(condition: &Condition) -> bool {
    match condition {
        Condition::Is { field, .. } => field == "stage",
        Condition::All(parts) => parts.iter().any(names_stage),
        _ => false,
    }
}
