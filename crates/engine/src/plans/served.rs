//! What of the plan language a server publishes so far. Its pages show pay line by line, each line with its fact; what has no
//! page yet is computed from files.

use super::model::{Axis, Component, CreditsOf, Pays, Per, Plan, Rate, Tiers};
use super::parse::PlanError;
use crate::formula::Over;
use crate::yaml::Tree;

/// The parts of a plan that a server does not publish yet. An empty list means that it does.
#[must_use]
pub fn not_served(plan: &Plan, tree: &Tree) -> Vec<PlanError> {
    let mut found = Vec::new();
    let mut not_yet = |pointer: String, is_there: bool| {
        if is_there {
            let what = pointer.rsplit('/').next().unwrap_or_default();
            let message = format!("'{what}' is not published by a server yet; qiao calc computes it from files");
            found.push(PlanError { line: tree.line(&pointer), pointer, code: "not_yet", message });
        }
    };
    for (name, is_there) in [
        ("measures", !plan.measures.is_empty()),
        ("caps", !plan.caps.is_empty()),
        ("guarantee", plan.guarantee.is_some()),
        ("draw", plan.draw.is_some()),
        ("deductions", plan.deductions.is_some()),
        ("leavers", plan.leavers.is_some()),
        ("proration", plan.proration.is_some()),
        ("currency_rates", plan.currency_rates.is_some()),
        ("dated_by", plan.dated_by != Default::default()),
        ("late_facts", plan.late_facts != Default::default()),
        ("who/if", plan.who.when.is_some()),
    ] {
        not_yet(format!("/{name}"), is_there);
    }
    for (index, component) in plan.components.iter().enumerate() {
        for (name, is_there) in parts(component) {
            not_yet(format!("/components/{index}/{name}"), is_there);
        }
    }
    for (index, component) in plan.components.iter().enumerate() {
        let (form, figure) = match component.only_rate() {
            Some(Rate::Flat(figure)) => ("flat", figure),
            Some(Rate::Reward(reward)) => ("reward/amount", &reward.amount),
            _ => continue,
        };
        if let Some(formula) = figure.formula() {
            let pointer = format!("/components/{index}/rate/{form}");
            let place = pointer.trim_start_matches('/').replace('/', ".");
            let message = format!("{place}: '{formula}' is not a number; write it like 0.05 or 5%");
            found.push(PlanError { line: tree.line(&pointer), pointer, code: "wrong_form", message });
        }
    }
    found
}

fn parts(component: &Component) -> [(&'static str, bool); 20] {
    [
        ("amount", component.amount.is_some()),
        ("override", component.overriding.is_some()),
        ("difference", component.difference.is_some()),
        ("pool", component.pool.is_some()),
        ("rank", component.rank.is_some()),
        ("budget", component.budget.is_some()),
        ("from", component.from.is_some() || component.to.is_some()),
        ("who", component.who.is_some()),
        ("of", component.of != CreditsOf::Own),
        ("steps", !component.steps.is_empty()),
        ("per", component.per != Per::Fact),
        ("pays", component.pays != Pays::Money),
        ("gate", component.gate.is_some()),
        ("multiplier", !component.multiplier.is_empty()),
        ("prorate", component.prorate),
        ("cap", component.cap.is_some() || component.floor.is_some()),
        ("recognition", component.recognition.is_some() || component.retention.is_some()),
        ("clawback", component.clawback.is_some()),
        ("true_up", component.true_up.is_some()),
        ("rate", !component.rate.is_empty() && !is_served(component)),
    ]
}

fn is_served(component: &Component) -> bool {
    match component.only_rate() {
        // A figure that is no number is told at its own place.
        Some(Rate::Flat(_) | Rate::Reward(_) | Rate::Lookup(_)) => true,
        Some(Rate::Tiers(Tiers { on, over, .. })) => *over == Over::Period && !matches!(on, Axis::Formula(_)),
        Some(Rate::Curve(_) | Rate::Each(_) | Rate::As(_)) | None => false,
    }
}
