//! targets.csv.

use super::people::People;
use super::table::{Row, Table};
use super::{CalcError, Rejected};
use crate::goals::Target;
use crate::metrics::{Cut, MetricVersion, Subject};

/// Reads targets. The same metric, subject, period and cut twice: the second is rejected.
///
/// # Errors
/// [`CalcError::MissingColumn`].
pub(super) fn read_targets(
    table: &Table,
    metrics: &[MetricVersion],
    people: &mut People,
    rejected: &mut Vec<Rejected>,
) -> Result<Vec<Target>, CalcError> {
    table.require(&["metric", "subject", "period", "base"])?;
    let mut targets: Vec<Target> = Vec::new();
    let mut seen = rustc_hash::FxHashSet::default();
    for row in table.rows() {
        match target(row, metrics, people) {
            Ok(target) => {
                let words = ["metric", "subject", "period", "product_line", "region", "tier"];
                if seen.insert(words.map(|column| row.get(column))) {
                    targets.push(target);
                } else {
                    rejected.push(row.reject("subject", "has this target in a row above; keep one of them"));
                }
            }
            Err(reason) => rejected.push(reason),
        }
    }
    Ok(targets)
}

fn target(row: Row<'_>, metrics: &[MetricVersion], people: &mut People) -> Result<Target, Rejected> {
    let metric = row.required("metric")?;
    if !metrics.iter().any(|known| known.code == metric) {
        let known: Vec<&str> = metrics.iter().map(|metric| metric.code.as_str()).collect();
        return Err(row.reject("metric", format!("is not a metric; one of: {}", known.join(", "))));
    }
    let period = row.required("period")?;
    let period = period.parse().map_err(|_| row.reject("period", "is not a period; write 2026, 2026-Q1 or 2026-03"))?;
    let word = |column: &str| row.get(column).map(str::to_owned);
    let base = row.required("base").and_then(|_| row.decimal("base"))?.unwrap_or_default();
    Ok(Target {
        metric: metric.to_owned(),
        period,
        cut: Cut { product_line: word("product_line"), region: word("region"), tier: word("tier") },
        base,
        challenge: row.decimal("challenge")?,
        stretch: row.decimal("stretch")?,
        subject: subject(row, people)?,
    })
}

fn subject(row: Row<'_>, people: &mut People) -> Result<Subject, Rejected> {
    let text = row.required("subject")?;
    if text == "company" {
        return Ok(Subject::Company);
    }
    match text.strip_prefix("team:") {
        Some(path) => {
            let team = people.team_of(path).map(Subject::Team);
            team.ok_or_else(|| row.reject("subject", "is not the path of a team in people.csv"))
        }
        None => {
            let unknown = "is neither a person of people.csv nor team:PATH nor company";
            people.named(text).map(Subject::Person).ok_or_else(|| row.reject("subject", unknown))
        }
    }
}
