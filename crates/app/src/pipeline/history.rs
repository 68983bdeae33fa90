//! The stages that a deal of a file went through before it came here: each becomes a fact on the day it was entered, so that
//! conversions and ages are right from the first day on.

use chrono::NaiveDate;
use qiao_store::entities::opportunity;
use uuid::Uuid;

use super::rules;
use crate::entry::{Chunk, Row};
use crate::facts::Standing;
use crate::forms::NAME;
use crate::time::midnight;

/// The column of a file that holds them: `prospecting|2026-01-05;qualified|2026-01-20`.
const COLUMN: &str = "stages";

/// A stage that was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The stage.
    pub stage: Uuid,
    /// The day.
    pub on: NaiveDate,
}

/// Reads the stages that a new deal went through; none where the row does not say. The last one is where an open deal stands,
/// since that day.
pub fn read(chunk: &Chunk, row: &mut Row, deal: &mut opportunity::Model) -> Vec<Entered> {
    if row.is_form() {
        return Vec::new();
    }
    let Some(parts) = row.parts(COLUMN, &["stage", "on"]) else { return Vec::new() };
    let catalog = &chunk.view.catalog;
    let (today, mut all) = (chunk.context.today(), Vec::<Entered>::new());
    for mut part in parts {
        let name = part.required("stage", NAME);
        let stage = rules::find_stage(catalog, None, Some(deal.pipeline_id), &name).map(|stage| stage.id);
        let on = part.date("on");
        if on.is_none() && part.get("on").is_none() {
            part.wrong("on", "required", &[]);
        }
        let earliest = all.last().map(|last| last.on).or(deal.opened_on);
        match (stage, on) {
            (Err(_), _) if !name.is_empty() => {
                part.unknown("stage", &name, catalog.stages_of(deal.pipeline_id).map(|stage| stage.code.as_str()));
            }
            (_, Some(on)) if on > today => part.wrong("on", "in_future", &[&on.to_string()]),
            (_, Some(on)) if earliest.is_some_and(|earliest| on < earliest) => {
                part.wrong("on", "before", &[&earliest.unwrap_or(on).to_string()]);
            }
            (Ok(stage), Some(on)) => all.push(Entered { stage, on }),
            _ => {}
        }
        row.absorb(part);
    }
    let Some(last) = all.last() else { return all };
    if deal.status == "open" && last.stage != deal.stage_id {
        row.wrong(COLUMN, "ends_elsewhere", &[]);
    } else if let (true, Some(since)) = (deal.status == "open", midnight(last.on, chunk.context.company.timezone)) {
        deal.stage_entered_at = since;
    }
    all
}

/// The stages that a deal entered as a file has them, the oldest first.
#[must_use]
pub fn cell(standing: &[Standing]) -> String {
    let entered = standing.iter().map(|(fact, _)| fact).filter(|fact| fact.kind == "stage_entered");
    let mut all: Vec<(NaiveDate, i64, String)> = entered
        .filter_map(|fact| {
            let attributes: serde_json::Value = serde_json::from_str(fact.attributes.as_deref()?).ok()?;
            Some((fact.date, fact.sequence, attributes.get("stage")?.as_str()?.to_owned()))
        })
        .collect();
    all.sort();
    all.iter().map(|(on, _, stage)| format!("{stage}|{on}")).collect::<Vec<_>>().join(";")
}
