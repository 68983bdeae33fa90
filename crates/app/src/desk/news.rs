//! What changed since the last working day began: facts that were credited, what they did to the estimate, what others did
//! to one's deals.

use chrono::{Days, NaiveDate, NaiveTime, TimeZone};
use qiao_engine::Snapshot;
use qiao_engine::books::Until;
use qiao_engine::dates::Period;
use qiao_engine::pay::{Estimate, estimate};
use qiao_store::books::View;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::facts::named;
use crate::figures::{FactView, Figure, RecordId};
use crate::pay;
use crate::state::AppState;
use crate::time::rfc3339;
use crate::timeline::{ChangeView, changes_of};

/// Facts and lines that are shown.
const SHOWN: usize = 8;

/// What changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct News {
    /// The day it is compared with: the working day before today.
    since: String,
    /// True where nothing was recorded before that day: what counts since then is compared by its business date.
    by_date: bool,
    /// The facts that were credited since, the newest first.
    facts: Vec<FactView>,
    /// How many there are.
    facts_total: usize,
    /// What they did to the estimate of the period, by the rules of today; none without a plan.
    estimate: Option<Figure>,
    /// The lines of the estimate that are new or changed, those that changed most first.
    lines: Vec<ChangedLine>,
    /// Deals that others changed.
    moved: Vec<Moved>,
}

/// A line of the estimate that is new or changed.
#[derive(Debug, Serialize, ToSchema)]
struct ChangedLine {
    /// The customer or deal.
    label: String,
    /// The fact's kind in words.
    kind_name: String,
    /// By how much.
    difference: Figure,
}

/// A deal that somebody else changed.
#[derive(Debug, Serialize, ToSchema)]
struct Moved {
    record: RecordId,
    name: String,
    actor: String,
    at: String,
    changes: Vec<ChangeView>,
}

/// The last working day before a day.
fn working_day_before(snapshot: &Snapshot, today: NaiveDate) -> NaiveDate {
    let calendar = &snapshot.definitions.company.calendar;
    let days = (1..=30).map(|back| today - Days::new(back));
    days.into_iter().find(|day| calendar.is_working(*day)).unwrap_or(today - Days::new(1))
}

/// Gathers what changed for a person.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn gather(
    state: &AppState,
    context: &Context,
    view: &View,
    (person, period): (Uuid, Period),
    now: &Estimate,
) -> Result<News, AppError> {
    let db = state.store().pool();
    let snapshot = &view.snapshot;
    let since = working_day_before(snapshot, context.today());
    let midnight = context.company.timezone.from_local_datetime(&since.and_time(NaiveTime::MIN)).earliest();
    let moment = midnight.map_or(0, |moment| moment.timestamp_millis());
    let last = queries::last_before(db, moment).await?;
    let until = last.map_or(Until::Day(since), Until::Sequence);
    let mut fresh: Vec<(u32, NaiveDate)> = Vec::new();
    snapshot.books.for_credits_of(person.as_u128(), NaiveDate::MIN, NaiveDate::MAX, |credit| {
        let is_new = match until {
            Until::Sequence(last) => credit.fact.sequence() > last,
            Until::Day(day) | Until::Known(day) => credit.fact.date() >= day,
        };
        if is_new {
            fresh.push((credit.fact.sequence(), credit.fact.date()));
        }
    });
    fresh.sort_unstable_by_key(|(sequence, _)| std::cmp::Reverse(*sequence));
    fresh.dedup();
    let changed =
        if context.may(Permission::ViewOwnPay) { changed(snapshot, person, period, now, until) } else { None };
    let (difference, lines) = changed.unwrap_or_default();
    let shown: Vec<u32> = fresh.iter().take(SHOWN).map(|(sequence, _)| *sequence).collect();
    let mut wanted = shown.clone();
    wanted.extend(lines.iter().map(|line| line.sequence));
    let facts = named(state, context, &wanted).await?;
    let currency = snapshot.definitions.company.currency;
    let language = context.language();
    let line = |line: &Difference| {
        let fact = facts.get(&line.sequence)?.view(language);
        let why = line
            .id
            .as_ref()
            .map(|id| pay::estimate_why(person, period, Some(format!("line={}", crate::metrics::rules::encode(id)))));
        Some(ChangedLine {
            label: fact.label,
            kind_name: fact.kind_name,
            difference: Figure::money(line.minor, currency, why),
        })
    };
    Ok(News {
        since: since.to_string(),
        by_date: last.is_none(),
        facts: shown.iter().filter_map(|sequence| Some(facts.get(sequence)?.view(language))).collect(),
        facts_total: fresh.len(),
        estimate: (now.on_a_plan && context.may(Permission::ViewOwnPay))
            .then(|| Figure::money(difference, currency, Some(pay::estimate_why(person, period, None)))),
        lines: lines.iter().filter_map(line).collect(),
        moved: moved(state, context, view, person, moment).await?,
    })
}

/// By how much a line differs from what it was.
struct Difference {
    /// The id of the line as it is now; none where it is gone.
    id: Option<String>,
    sequence: u32,
    minor: i64,
}

/// The estimate's difference, and the lines it is made of, those that changed most first.
fn changed(
    snapshot: &Snapshot,
    person: Uuid,
    period: Period,
    now: &Estimate,
    until: Until,
) -> Option<(i64, Vec<Difference>)> {
    if !now.on_a_plan {
        return None;
    }
    let books = snapshot.books.until(until);
    let then = Snapshot { books, definitions: std::sync::Arc::clone(&snapshot.definitions) };
    let then = estimate(&then, person.as_u128(), period);
    let before: std::collections::BTreeMap<String, (u32, i64)> = then
        .lines
        .iter()
        .map(|line| (pay::line_id(line), (line.sequence.unwrap_or_default(), line.amount_minor)))
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    let mut lines = Vec::new();
    for line in &now.lines {
        let id = pay::line_id(line);
        let minor = line.amount_minor - before.get(&id).map_or(0, |(_, minor)| *minor);
        seen.insert(id.clone());
        if minor != 0 {
            lines.push(Difference { id: Some(id), sequence: line.sequence.unwrap_or_default(), minor });
        }
    }
    let gone = before.into_iter().filter(|(id, (_, minor))| !seen.contains(id) && *minor != 0);
    lines.extend(gone.map(|(_, (sequence, minor))| Difference { id: None, sequence, minor: -minor }));
    lines.sort_by_key(|line| (std::cmp::Reverse(line.minor.abs()), line.sequence));
    lines.truncate(SHOWN);
    Some((now.total_minor() - then.total_minor(), lines))
}

async fn moved(
    state: &AppState,
    context: &Context,
    view: &View,
    person: Uuid,
    since: i64,
) -> Result<Vec<Moved>, AppError> {
    let user = context.user_id.unwrap_or_default();
    let rows = queries::changed_by_others(state.store().pool(), person, user, since).await?;
    let (entries, deals): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let changes = changes_of(state, view, context.language(), &entries).await?;
    let all = entries.into_iter().zip(deals).zip(changes).filter(|(_, changes)| !changes.is_empty());
    let one = |((entry, deal), changes): ((qiao_store::entities::audit::Model, _), Vec<ChangeView>)| {
        let deal: qiao_store::entities::opportunity::Model = deal;
        Moved {
            record: RecordId { record_type: "opportunity".to_owned(), id: deal.id },
            name: deal.name,
            actor: entry.actor_name,
            at: rfc3339(entry.at),
            changes,
        }
    };
    Ok(all.take(SHOWN).map(one).collect())
}
