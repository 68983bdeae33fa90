//! Targets as a table: who stands in its rows, and how a block of its cells is changed at once.

use std::collections::BTreeMap;

use qiao_engine::dates::{DateRange, Period};
use qiao_engine::definitions::Definitions;
use qiao_engine::metrics::Cut;
use qiao_store::books::View;
use qiao_store::entities::target;
use qiao_store::scope::RowScope;
use qiao_store::{AuditEntry, DefinitionKind, Tx};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::queries;
use super::rules::{Key, Target, key, read, subject};
use crate::context::{Context, Permission};
use crate::entry::{Chunk, Place, Row};
use crate::error::{AppError, FieldError};
use crate::people::sees_team;
use crate::state::AppState;

/// The most cells that are changed at once.
pub const MOST: usize = 200;

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// company, team or person.
    pub kind: &'static str,
    /// The id; nil for the company.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// True for the row that the others are parts of.
    pub is_whole: bool,
}

/// The teams at the top of what the asker sees.
#[must_use]
pub fn tops(definitions: &Definitions, context: &Context) -> Vec<u128> {
    let sees = |team: u128| sees_team(definitions, context, team);
    let teams = definitions.teams.values().filter(|team| sees(team.id));
    let mut tops: Vec<_> = teams.filter(|team| team.parent.is_none_or(|parent| !sees(parent))).collect();
    tops.sort_by(|a, b| a.path.cmp(&b.path));
    tops.into_iter().map(|team| team.id).collect()
}

/// The rows of a table: a team, or the company, then the teams just below it and the people who are in it itself on a
/// day of the range. Who leads nobody sees one row, the own.
///
/// # Errors
/// 404 for a team that the asker does not see.
pub fn lines(
    definitions: &Definitions,
    context: &Context,
    team: Option<Uuid>,
    range: DateRange,
) -> Result<Vec<Line>, AppError> {
    let team = match team {
        Some(team) => Some(team.as_u128()),
        None if context.rows == RowScope::All => None,
        None => match tops(definitions, context).first() {
            Some(top) => Some(*top),
            None => return Ok(own(definitions, context)),
        },
    };
    let of_team = |id: u128, is_whole: bool| {
        let team = definitions.teams.get(&id).filter(|_| sees_team(definitions, context, id))?;
        Some(Line { kind: "team", id: Uuid::from_u128(id), name: team.name.clone(), is_whole })
    };
    let whole = match team {
        Some(team) => of_team(team, true).ok_or(AppError::NotFound)?,
        None => {
            let name = definitions.company.name.clone();
            Line { kind: "company", id: Uuid::nil(), name, is_whole: true }
        }
    };
    let mut below: Vec<_> = definitions.teams.values().filter(|child| child.parent == team).collect();
    below.sort_by(|a, b| a.path.cmp(&b.path));
    let mut lines = vec![whole];
    lines.extend(below.into_iter().filter_map(|child| of_team(child.id, false)));
    if let Some(team) = team {
        let only = std::iter::once(team).collect();
        let members = definitions.members_of(&only, range).into_iter();
        let mut people: Vec<Line> =
            members.filter_map(|id| person(definitions, context, Uuid::from_u128(id), false)).collect();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        lines.extend(people);
    }
    Ok(lines)
}

fn own(definitions: &Definitions, context: &Context) -> Vec<Line> {
    context.person_id.and_then(|id| person(definitions, context, id, true)).into_iter().collect()
}

fn person(definitions: &Definitions, context: &Context, id: Uuid, is_whole: bool) -> Option<Line> {
    let person = definitions.people.get(&id.as_u128()).filter(|_| context.rows.covers(Some(id)))?;
    Some(Line { kind: "person", id, name: person.name.clone(), is_whole })
}

/// The targets of some rows in some periods, cut in one way, by subject and period.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn cells(
    state: &AppState,
    context: &Context,
    metric: &str,
    lines: &[Line],
    periods: &[Period],
    cut: &Cut,
) -> Result<BTreeMap<(Uuid, String), Target>, AppError> {
    let definitions = state.definitions(context).await?;
    let periods = periods.iter().map(Period::to_string).collect();
    let subjects = lines.iter().map(|line| line.id).collect();
    let rows = queries::of_periods(state.store().pool(), metric, subjects, periods).await?;
    let rows = rows.into_iter().filter(|row| is_cut(row, cut));
    Ok(rows.map(|row| ((row.subject_id, row.period.clone()), Target::of(row, &definitions))).collect())
}

fn is_cut(row: &target::Model, cut: &Cut) -> bool {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    row.product_line == text(&cut.product_line) && row.region == text(&cut.region) && row.tier == text(&cut.tier)
}

/// A cell as it is to be.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its form, under the names of a target's.
    pub fields: Map<String, Value>,
    /// The version that was read; none where there was no target.
    pub version: Option<i64>,
}

/// Changes a block of cells, all of them or none. A cell without a base is taken away. The answer has the targets that
/// are there now, in the order of the cells.
///
/// # Errors
/// 403 without the permission, 412 where one was changed since it was read, 422 with every wrong cell.
pub async fn change<T: serde::Serialize + Send + 'static>(
    state: &AppState,
    context: &Context,
    cells: Vec<Cell>,
    answer: fn(&[Option<Target>]) -> T,
) -> Result<T, AppError> {
    context.require(Permission::ManageTargets)?;
    if cells.len() > MOST {
        return Err(AppError::field("/cells", "too_many_rows", &[&MOST.to_string()]));
    }
    let view: View = state.view(context).await?;
    let chunk = Chunk { rows: Vec::new(), context: context.clone(), view };
    let input = (chunk, cells, answer);
    Ok(state
        .store()
        .write(&context.write(), input, |tx, (chunk, cells, answer)| {
            Box::pin(async move {
                let targets = put(tx, chunk, cells).await?;
                Ok::<_, AppError>(crate::http::idempotent(tx, 200, answer(&targets)))
            })
        })
        .await?)
}

/// What is to become of a cell.
enum Fate {
    /// The target as it was and as it is to be.
    Write(Box<(Option<target::Model>, target::Model)>),
    Remove(Box<target::Model>),
    Leave,
}

async fn put(tx: &mut Tx, chunk: &Chunk, cells: &[Cell]) -> Result<Vec<Option<Target>>, AppError> {
    let definitions = &chunk.view.snapshot.definitions;
    let known = queries::targets(tx.conn()).await?;
    let known: BTreeMap<Key, target::Model> = known.into_iter().map(|row| (key(&row), row)).collect();
    let (mut fates, mut errors) = (Vec::with_capacity(cells.len()), Vec::new());
    let mut seen = std::collections::BTreeSet::new();
    for (index, cell) in cells.iter().enumerate() {
        let mut row = Row::of_form(&cell.fields, Place::New, &format!("/cells/{index}"));
        let fate = fate(tx, chunk, &mut row, cell.version, &known, &mut seen)?;
        errors.append(&mut row.errors);
        fates.push(fate);
    }
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let writes = fates.iter().filter_map(|fate| match fate {
        Fate::Write(change) => Some((**change).clone()),
        _ => None,
    });
    let mut saved = tx.save_all(writes.collect()).await?.into_iter();
    let mut gone = Vec::new();
    let mut answer = Vec::with_capacity(fates.len());
    for fate in fates {
        answer.push(match fate {
            Fate::Write(_) => saved.next().map(|(_, row)| Target::of(row, definitions)),
            Fate::Remove(row) => {
                tx.audit(AuditEntry {
                    action: "deleted",
                    record_type: "target",
                    record_id: Some(row.id),
                    before: serde_json::to_string(&row).ok(),
                    after: None,
                });
                gone.push(row.id);
                None
            }
            Fate::Leave => None,
        });
    }
    if !gone.is_empty() {
        queries::remove(tx.conn(), gone).await?;
    }
    tx.definition_changed(DefinitionKind::Targets);
    Ok(answer)
}

fn fate(
    tx: &Tx,
    chunk: &Chunk,
    row: &mut Row,
    version: Option<i64>,
    known: &BTreeMap<Key, target::Model>,
    seen: &mut std::collections::BTreeSet<Key>,
) -> Result<Fate, AppError> {
    let removes = row.get("base").is_none();
    let wanted = if removes { addressed(chunk, row) } else { read(chunk, row, tx).map(|wanted| key(&wanted)) };
    let Some(place) = wanted else { return Ok(Fate::Leave) };
    if !seen.insert(place.clone()) {
        row.wrong("period", "already_there", &[]);
        return Ok(Fate::Leave);
    }
    let have = known.get(&place).cloned();
    if have.as_ref().map(|have| have.version) != version {
        return Err(AppError::Stale);
    }
    if removes {
        for level in ["challenge", "stretch"] {
            if row.get(level).is_some() {
                row.errors.push(FieldError::new(format!("{}/base", row.prefix()), "required", &[]));
            }
        }
        return Ok(have.map_or(Fate::Leave, |have| Fate::Remove(Box::new(have))));
    }
    let Some(wanted) = read(chunk, &mut row.clone(), tx) else { return Ok(Fate::Leave) };
    Ok(match have {
        None => Fate::Write(Box::new((None, wanted))),
        Some(have) => {
            let after = target::Model {
                base_micro: wanted.base_micro,
                challenge_micro: wanted.challenge_micro,
                stretch_micro: wanted.stretch_micro,
                ..have.clone()
            };
            Fate::Write(Box::new((Some(have), after)))
        }
    })
}

/// The place of a cell that names no base.
fn addressed(chunk: &Chunk, row: &mut Row) -> Option<Key> {
    let definitions = &chunk.view.snapshot.definitions;
    let (kind, id) = subject(definitions, &chunk.context, row)?;
    let text = |row: &Row, column: &str| row.get(column).unwrap_or_default().to_owned();
    Some((
        text(row, "metric"),
        kind.to_owned(),
        id,
        text(row, "period"),
        text(row, "product_line"),
        text(row, "region"),
        text(row, "tier"),
    ))
}
