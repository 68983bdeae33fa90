//! What happens to an opportunity, and which facts follow from it.

use chrono::NaiveDate;
use qiao_engine::definitions::Definitions;
use qiao_store::books::Catalog;
use qiao_store::entities::{account, credit, fact, opportunity, split, stage};
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{NewFact, StoreError, Tx};
use uuid::Uuid;

use super::queries;

/// What the facts of an opportunity take from elsewhere.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    /// The definitions: the rule for new customers.
    pub definitions: &'a Definitions,
    /// Stages and products.
    pub catalog: &'a Catalog,
    /// The account.
    pub account: Option<&'a account::Model>,
    /// The days on which the account's group signed contracts.
    pub signed: &'a [NaiveDate],
    /// Who is credited; the owner alone where empty.
    pub splits: &'a [split::Model],
}

/// A fact of a kind about an opportunity, with its dimensions and credits.
fn about(kind: &str, date: NaiveDate, deal: &opportunity::Model, around: &Around<'_>) -> NewFact {
    let mut fact = NewFact::new(kind, date, &deal.currency, "opportunity", deal.id);
    fact.account_id = deal.account_id;
    fact.account_group = around.account.map(|account| account.group_id);
    fact.region = around.account.and_then(|account| account.region.clone());
    fact.tier = around.account.and_then(|account| account.tier.clone());
    fact.opportunity_id = Some(deal.id);
    fact.product_id = deal.product_id;
    fact.product_line = around.catalog.line_of(deal.product_id);
    fact.source.clone_from(&deal.source);
    fact.credits = if around.splits.is_empty() {
        deal.owner_id.map(|owner| (owner, "owner".to_owned(), 1_000_000)).into_iter().collect()
    } else {
        around.splits.iter().map(|split| (split.person_id, split.role.clone(), split.share_ppm)).collect()
    };
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
    if let (Some(reason), "opportunity_lost") = (&deal.lost_reason, kind) {
        fact.attributes.push(("lost_reason".to_owned(), reason.clone()));
    }
    if fact.account_group.is_some() && kind == "opportunity_won" {
        let rule = &around.definitions.company.customer_rule;
        fact.customer_kind = Some(rule.decide(around.signed, date).as_str().to_owned());
        fact.rule_version = Some(rule.version.clone());
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
    standing: &[(fact::Model, Vec<credit::Model>)],
    today: NaiveDate,
) -> Result<(), StoreError> {
    let entered = match before {
        None => after.closed_on.or(after.opened_on),
        Some(before) if before.stage_id != after.stage_id => Some(after.closed_on.unwrap_or(today)),
        Some(_) => None,
    };
    if let (Some(date), Some(stage)) = (entered, around.catalog.stage(after.stage_id)) {
        tx.fact(stage_entered(date, after, stage, around))?;
    }
    let wanted = closing(after, around);
    let mut stands = false;
    for (fact, credits) in standing {
        if !matches!(fact.kind.as_str(), "opportunity_won" | "opportunity_lost") {
            continue;
        }
        if wanted.as_ref().is_some_and(|wanted| same(fact, credits, wanted)) {
            stands = true;
        } else {
            tx.reverse(fact, credits.clone())?;
        }
    }
    if let (Some(fact), false) = (wanted, stands) {
        tx.fact(fact)?;
    }
    Ok(())
}

/// True where a recorded fact says what a new one would. Whether the customer was new then is not asked again: it is
/// kept on the fact with the rule that decided it.
fn same(fact: &fact::Model, credits: &[credit::Model], wanted: &NewFact) -> bool {
    let mut have: Vec<_> = credits.iter().map(|c| (c.person_id, c.role.clone(), c.share_ppm)).collect();
    let mut want = wanted.credits.clone();
    have.sort();
    want.sort();
    let attributes: std::collections::BTreeMap<String, String> =
        fact.attributes.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    fact.kind == wanted.kind
        && fact.date == wanted.date
        && fact.amount_minor == wanted.amount_minor
        && fact.account_id == wanted.account_id
        && fact.product_id == wanted.product_id
        && fact.product_line == wanted.product_line
        && fact.source == wanted.source
        && attributes == wanted.attributes.iter().cloned().collect()
        && have == want
}

/// The pipeline and stage of words as people write them: by code or name; the first pipeline where none is named.
///
/// # Errors
/// The code of what is wrong.
pub fn find_stage<'a>(
    catalog: &'a Catalog,
    pipeline: Option<&str>,
    stage: &str,
) -> Result<&'a stage::Model, &'static str> {
    let found = match pipeline {
        Some(name) => catalog
            .pipelines
            .iter()
            .find(|p| p.name == name || p.external_id.as_deref() == Some(name) || p.id.to_string() == name),
        None => catalog.pipelines.first(),
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

/// The opportunity as the audit log keeps it.
#[must_use]
pub fn json(deal: &opportunity::Model) -> String {
    serde_json::json!({
        "external_id": deal.external_id, "name": deal.name, "account_id": deal.account_id, "owner_id": deal.owner_id,
        "stage_id": deal.stage_id, "status": deal.status, "product_id": deal.product_id,
        "amount_minor": deal.amount_minor, "currency": deal.currency, "opened_on": deal.opened_on,
        "expected_close_on": deal.expected_close_on, "closed_on": deal.closed_on, "source": deal.source,
        "lost_reason": deal.lost_reason, "next_step": deal.next_step,
    })
    .to_string()
}

/// An opportunity in the asker's scope.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<opportunity::Model>, StoreError> {
    queries::find(db, scope, id).await
}

/// Who is credited with an opportunity: person, role, share in parts per million, from when.
type Credited = (Uuid, String, i64, Option<NaiveDate>);

/// Who is credited with an opportunity; the owner alone where it is not split.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn credited(db: &impl ConnectionTrait, deal: &opportunity::Model) -> Result<Vec<Credited>, StoreError> {
    let splits = queries::shares(db, deal.id).await?;
    if splits.is_empty() {
        return Ok(deal.owner_id.map(|owner| (owner, "owner".to_owned(), 1_000_000, None)).into_iter().collect());
    }
    Ok(splits.into_iter().map(|s| (s.person_id, s.role, s.share_ppm, Some(s.from_date))).collect())
}
