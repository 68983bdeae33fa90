//! What happens to an opportunity, and which facts follow from it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_engine::definitions::Definitions;
use qiao_store::books::Catalog;
use qiao_store::entities::{account, opportunity, stage};
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{NewFact, StoreError, Tx};
use uuid::Uuid;

use super::history::Entered;
use crate::customers::rules::{Signed, decide_kind, mark};
use crate::entry::queries::parts;
use crate::entry::{Chunk, Lookup};
use crate::facts::{Standing, restate};
use crate::inbox::{Data, Kind, News, To};
use crate::people;
use crate::splits::Splits;
use crate::state::AppState;

/// What the facts of an opportunity take from elsewhere.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    /// The definitions: the rule for new customers.
    pub definitions: &'a Definitions,
    /// Stages and products.
    pub catalog: &'a Catalog,
    /// The account.
    pub account: Option<&'a account::Model>,
    /// The days on which groups of companies signed contracts.
    pub signed: &'a Signed,
    /// Who is credited; the owner alone where empty.
    pub splits: &'a Splits,
    /// The stages it went through before it was made here, the oldest first.
    pub history: &'a [Entered],
}

/// A fact of a kind about an opportunity, with its dimensions and credits.
fn about(kind: &str, date: NaiveDate, deal: &opportunity::Model, around: &Around<'_>) -> NewFact {
    let mut fact = NewFact::new(kind, date, &deal.currency, "opportunity", deal.id);
    mark(&mut fact, around.account);
    fact.account_id = deal.account_id;
    fact.opportunity_id = Some(deal.id);
    fact.product_id = deal.product_id;
    fact.product_line = around.catalog.line_of(deal.product_id);
    fact.source.clone_from(&deal.source);
    fact.credits = around.splits.on(date, deal.owner_id);
    fact
}

fn stage_entered(date: NaiveDate, deal: &opportunity::Model, stage: &stage::Model, around: &Around<'_>) -> NewFact {
    let mut fact = about("stage_entered", date, deal, around);
    fact.attributes = vec![("stage".to_owned(), stage.code.clone())];
    fact
}

/// The fact by which a deal is closed; none while it is open.
fn closing(deal: &opportunity::Model, around: &Around<'_>) -> Option<NewFact> {
    let date = deal.closed_on?;
    let kind = match deal.status.as_str() {
        "won" => "opportunity_won",
        "lost" => "opportunity_lost",
        _ => return None,
    };
    let mut fact = about(kind, date, deal, around);
    fact.amount_minor = deal.amount_minor.unwrap_or(0);
    if let Some(opened) = deal.opened_on {
        let days = (date - opened).num_days().max(0);
        fact.attributes.push(("cycle_days".to_owned(), days.to_string()));
    }
    match (&deal.lost_reason, kind) {
        (Some(reason), "opportunity_lost") => fact.attributes.push(("lost_reason".to_owned(), reason.clone())),
        (_, "opportunity_won") => decide_kind(&mut fact, around.definitions, around.signed, None),
        _ => {}
    }
    Some(fact)
}

/// Records what follows from a change of an opportunity. `standing` are the facts of the opportunity that stand.
///
/// A deal that enters a stage gives a fact on the day it does; where an imported deal has no date there is none, since
/// no date is made up. What closes a deal gives a fact; whatever changes about it takes the old fact back and records a
/// new one, so that nothing is ever rewritten.
///
/// # Errors
/// [`StoreError::Fact`] where shares sum to more than the whole.
pub fn record(
    tx: &mut Tx,
    before: Option<&opportunity::Model>,
    after: &opportunity::Model,
    around: &Around<'_>,
    standing: &[Standing],
    today: NaiveDate,
) -> Result<(), StoreError> {
    let entered = match before {
        None => after.closed_on.or(after.opened_on),
        Some(before) if before.stage_id != after.stage_id => Some(after.closed_on.unwrap_or(today)),
        Some(_) => None,
    };
    for Entered { stage, on } in around.history {
        if let Some(stage) = around.catalog.stage(*stage) {
            tx.fact(stage_entered(*on, after, stage, around))?;
        }
    }
    let told = around.history.last().is_some_and(|last| last.stage == after.stage_id);
    if let (Some(date), Some(stage), false) = (entered, around.catalog.stage(after.stage_id), told) {
        tx.fact(stage_entered(date, after, stage, around))?;
    }
    let closed: Vec<Standing> = standing
        .iter()
        .filter(|(fact, _)| matches!(fact.kind.as_str(), "opportunity_won" | "opportunity_lost"))
        .cloned()
        .collect();
    restate(tx, &closed, closing(after, around).into_iter().collect())?;
    Ok(())
}

/// What leaders are told: deals of the people they lead that were won or lost.
pub fn closed<'a>(
    chunk: &Chunk,
    changes: impl Iterator<Item = (Option<&'a opportunity::Model>, &'a opportunity::Model)>,
) -> Vec<News> {
    let definitions = &chunk.view.snapshot.definitions;
    let today = chunk.context.today();
    let mut news = Vec::new();
    for (before, after) in changes {
        let stays = before.map_or("open", |before| before.status.as_str()) == after.status;
        let Some(owner) = after.owner_id.filter(|_| !stays && after.status != "open") else { continue };
        news.extend(people::rules::leaders_of(definitions, owner, today).into_iter().map(|leader| News {
            to: To::Person(leader),
            kind: Kind::DealClosed,
            record_type: "opportunity".to_owned(),
            record_id: Some(after.id),
            data: Data { word: Some(after.status.clone()), person: Some(owner), ..Data::default() },
            bundled: chunk.is_file(),
        }));
    }
    news
}

/// The pipeline and stage of words as people write them: by id, code or name. Where no pipeline is named it is the one the
/// deal is in, else the first.
///
/// # Errors
/// The code of what is wrong.
pub fn find_stage<'a>(
    catalog: &'a Catalog,
    pipeline: Option<&str>,
    present: Option<Uuid>,
    stage: &str,
) -> Result<&'a stage::Model, &'static str> {
    // The id of a stage names its pipeline, too, for a deal that is in none yet.
    if let (None, None, Ok(id)) = (pipeline, present, Uuid::try_parse(stage)) {
        return catalog.stage(id).filter(|stage| stage.archived_at.is_none()).ok_or("unknown_name");
    }
    let found = match pipeline {
        Some(name) => catalog
            .pipelines
            .iter()
            .find(|p| p.name == name || p.external_id.as_deref() == Some(name) || p.id.to_string() == name),
        None => catalog.pipelines.iter().find(|p| present.is_none_or(|id| p.id == id)),
    };
    let Some(pipeline) = found else { return Err("unknown_name") };
    let matches = |s: &&stage::Model| s.code == stage || s.name == stage || s.id.to_string() == stage;
    if let Some(stage) = catalog.stages_of(pipeline.id).find(matches) {
        return Ok(stage);
    }
    Err(if catalog.stages.iter().any(|s| matches(&s)) { "stage_of_other_pipeline" } else { "unknown_name" })
}

/// A new opportunity with nothing but its place.
#[must_use]
pub fn blank(stage: &stage::Model, currency: &str, now_ms: i64, created_by: Option<Uuid>) -> opportunity::Model {
    opportunity::Model {
        id: Uuid::now_v7(),
        external_id: None,
        name: String::new(),
        account_id: None,
        contact_id: None,
        lead_id: None,
        owner_id: None,
        pipeline_id: stage.pipeline_id,
        stage_id: stage.id,
        status: stage.kind.clone(),
        product_id: None,
        amount_minor: None,
        currency: currency.to_owned(),
        opened_on: None,
        expected_close_on: None,
        closed_on: None,
        stage_entered_at: now_ms,
        source: None,
        lost_reason: None,
        competitor: None,
        next_step: None,
        attributes: "{}".to_owned(),
        version: 0,
        created_at: now_ms,
        created_by,
        updated_at: now_ms,
        archived_at: None,
    }
}

/// Opportunities by id, for what is shown or counted of a record in scope.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn opportunities(
    db: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, opportunity::Model>, StoreError> {
    parts(db, ids).await
}

/// The opportunities that the rows of a chunk name, as far as the asker may see them.
pub type Opportunities = Lookup<opportunity::Model>;

/// The names of opportunities that records in scope name.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn opportunity_names(
    state: &AppState,
    ids: impl Iterator<Item = Option<Uuid>>,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    let deals = opportunities(state.store().pool(), ids.flatten().collect()).await?;
    Ok(deals.into_values().map(|deal| (deal.id, deal.name)).collect())
}
