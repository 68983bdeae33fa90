//! Rows of statements.csv and earnings.csv.

use rust_decimal::Decimal;

use crate::money::format_minor;
use crate::plans::{Estimate, Line, LineStatus, PlanMeasure};
use crate::words::Locale;

/// The columns of statements.csv.
pub const STATEMENTS_HEADER: [&str; 15] = [
    "person",
    "period",
    "earning",
    "override",
    "pool_share",
    "guarantee",
    "true_up",
    "adjustment",
    "clawback",
    "hold",
    "release",
    "draw",
    "recovery",
    "total",
    "currency",
];
/// The columns of earnings.csv.
pub const EARNINGS_HEADER: [&str; 9] = [
    "person",
    "period",
    "component",
    "fact",
    "basis",
    "rate",
    "amount",
    "status",
    "explanation",
];
/// The columns of rejected.csv.
pub const REJECTED_HEADER: [&str; 5] = ["file", "line", "column", "value", "reason"];

/// A person's statement of a period.
///
/// The total is never negative: a shortfall stands in `draw`, and what `owed` carries from earlier periods of the same
/// run is deducted in `recovery` as far as the period's pay goes.
pub(super) fn statement(person: &str, estimate: &Estimate, owed: &mut i64) -> Vec<String> {
    let earning = estimate.amount_minor;
    let hold = estimate.held_minor.saturating_neg();
    let pay = earning.saturating_add(hold);
    let draw = pay.min(0).saturating_neg();
    let recovery = pay.max(0).min(*owed);
    *owed = owed.saturating_add(draw) - recovery;
    let total = pay.saturating_add(draw) - recovery;
    let money = |minor: i64| format_minor(minor, estimate.currency);
    let zero = || money(0);
    vec![
        person.to_owned(),
        estimate.period.to_string(),
        money(earning),
        zero(),
        zero(),
        zero(),
        zero(),
        zero(),
        zero(),
        money(hold),
        zero(),
        money(draw),
        money(-recovery),
        money(total),
        estimate.currency.to_string(),
    ]
}

pub(super) fn earning(
    person: &str,
    line: &Line,
    fact_ids: &[String],
    estimate: &Estimate,
    locale: Locale,
) -> Vec<String> {
    let fact = line
        .fact
        .and_then(|sequence| fact_ids.get(sequence as usize - 1))
        .cloned()
        .unwrap_or_default();
    let basis = match line.measure {
        PlanMeasure::Quantity => Decimal::new(line.basis_minor, 6).normalize().to_string(),
        _ => format_minor(line.basis_minor, estimate.currency),
    };
    let rates: Vec<String> = line
        .rates
        .iter()
        .map(|rate| rate.normalize().to_string())
        .collect();
    let status = match line.status {
        LineStatus::Pending => LineStatus::Held.word(),
        status => status.word(),
    };
    vec![
        person.to_owned(),
        line.period.to_string(),
        line.component.clone(),
        fact,
        basis,
        rates.join(";"),
        format_minor(line.amount_minor, estimate.currency),
        status.to_owned(),
        explanation(line, locale),
    ]
}

/// The explanation in one cell.
fn explanation(line: &Line, locale: Locale) -> String {
    let part = |step: crate::explain::RenderedStep| {
        let equals = if step.expression.is_empty() || step.value.is_empty() {
            ""
        } else {
            "="
        };
        let words = [
            step.label.as_str(),
            step.expression.as_str(),
            equals,
            step.value.as_str(),
        ];
        words
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    line.explanation
        .render(locale)
        .into_iter()
        .map(part)
        .collect::<Vec<_>>()
        .join("; ")
}
