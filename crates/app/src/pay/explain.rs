//! Why: the reason of a line of pay, and of a whole estimate.

use qiao_engine::explain::{Step, render};
use qiao_engine::plans::{Clause, Line, PlanVersion, clauses};
use qiao_engine::{Language, Snapshot};

use crate::context::Context;
use crate::error::AppError;
use crate::facts::{Named, named};
use crate::figures::{ArithmeticLine, Figure, FigureUnit, Rule, Why};
use crate::state::AppState;

/// The plan version of a line.
pub fn version_of<'a>(snapshot: &'a Snapshot, plan: &str, version: u32) -> Option<&'a PlanVersion> {
    snapshot.definitions.plans.iter().find(|v| v.plan.id == plan && v.version == version)
}

/// The clause of a component.
fn clause_of(snapshot: &Snapshot, version: &PlanVersion, component: &str, language: Language) -> Option<Clause> {
    let all = clauses(&version.plan, &snapshot.definitions, language);
    all.into_iter().find(|clause| clause.component.as_deref() == Some(component))
}

fn rule(snapshot: &Snapshot, version: &PlanVersion, component: &str, language: Language) -> Option<Rule> {
    let clause = clause_of(snapshot, version, component, language)?;
    Some(Rule {
        text: clause.text,
        highlights: clause.highlights,
        name: version.plan.name.get(language).to_owned(),
        version: version.version,
        from: version.plan.from.to_string(),
        href: Some(format!("/plans/{}?version={}", uuid::Uuid::from_u128(version.plan_id), version.version)),
    })
}

/// The reason of one line.
///
/// # Errors
/// 404 where the plan version is gone, [`AppError::Store`] where the database refused.
pub async fn line(
    state: &AppState,
    context: &Context,
    snapshot: &Snapshot,
    line: &Line,
    why: String,
) -> Result<Why, AppError> {
    let language = context.language();
    let currency = snapshot.definitions.company.currency;
    let version = version_of(snapshot, &line.plan, line.version).ok_or(AppError::NotFound)?;
    let mut sequences = vec![line.sequence];
    sequences.extend(line.steps.iter().filter_map(|step| match step {
        Step::Forfeited { sequence } => Some(*sequence),
        _ => None,
    }));
    let facts = named(state.store().pool(), &sequences).await?;
    let arithmetic = render(&line.steps, currency, language)
        .into_iter()
        .map(|step| ArithmeticLine {
            label: step.label,
            expression: step.expression,
            value: Some(step.value).filter(|value| !value.is_empty()),
            unit: FigureUnit::Money,
            kind: if step.is_total { "total" } else { "line" },
        })
        .collect();
    let component = version.plan.components.iter().find(|c| c.id == line.component);
    let title = component.map(|c| c.name.get(language).to_owned()).unwrap_or_default();
    let label = facts.get(&line.sequence).map(Named::label).unwrap_or_default();
    Ok(Why {
        subtitle: format!("{label} · {title}"),
        title,
        figure: Figure::money(line.amount_minor, currency, Some(why)),
        status: Some(line.status.as_str().to_owned()),
        rule: rule(snapshot, version, &line.component, language),
        arithmetic,
        facts_total: facts.len(),
        facts: facts.values().map(|fact| fact.view(language)).collect(),
        facts_href: None,
        records: facts.values().take(1).map(|fact| fact.record(language)).collect(),
        calculated_at: crate::time::rfc3339(context.now_ms),
    })
}

/// The reason of a sum of lines: by component, each with its number of lines.
#[must_use]
pub fn sum(context: &Context, snapshot: &Snapshot, lines: &[Line], title: &str, subtitle: &str, why: String) -> Why {
    let language = context.language();
    let currency = snapshot.definitions.company.currency;
    let mut parts: std::collections::BTreeMap<(String, u32, String), (i64, usize)> = std::collections::BTreeMap::new();
    for line in lines {
        let part = parts.entry((line.plan.clone(), line.version, line.component.clone())).or_default();
        part.0 += line.amount_minor;
        part.1 += 1;
    }
    let money = |minor| qiao_engine::money::format_minor(minor, currency);
    let mut arithmetic: Vec<ArithmeticLine> = parts
        .iter()
        .map(|((plan, version, component), (minor, count))| {
            let version = version_of(snapshot, plan, *version);
            let found = version.and_then(|v| v.plan.components.iter().find(|c| c.id == *component));
            ArithmeticLine {
                label: found.map(|c| c.name.get(language).to_owned()).unwrap_or_default(),
                expression: match language {
                    Language::Zh => format!("{count} 条"),
                    Language::En => format!("{count} lines"),
                },
                value: Some(money(*minor)),
                unit: FigureUnit::Money,
                kind: "line",
            }
        })
        .collect();
    let total: i64 = lines.iter().map(|line| line.amount_minor).sum();
    arithmetic.push(ArithmeticLine {
        label: language.pick("合计", "Total").to_owned(),
        expression: String::new(),
        value: Some(money(total)),
        unit: FigureUnit::Money,
        kind: "total",
    });
    let version = lines.first().and_then(|line| version_of(snapshot, &line.plan, line.version));
    Why {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        figure: Figure::money(total, currency, Some(why)),
        status: None,
        rule: version.map(|version| Rule {
            text: language
                .pick(
                    "预估提成 = 生效 + 待生效，按当前业务流水和已发布的方案逐条计算，税前。",
                    "The estimate is what is earned plus what is held, line by line, by the facts as they stand and the published plans; before tax.",
                )
                .to_owned(),
            highlights: Vec::new(),
            name: version.plan.name.get(language).to_owned(),
            version: version.version,
            from: version.plan.from.to_string(),
            href: Some(format!("/plans/{}?version={}", uuid::Uuid::from_u128(version.plan_id), version.version)),
        }),
        arithmetic,
        facts: Vec::new(),
        facts_total: lines.len(),
        facts_href: None,
        records: Vec::new(),
        calculated_at: crate::time::rfc3339(context.now_ms),
    }
}
