//! Open deals with what the desk says of them: what is next, since when nothing moved, what they are worth.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_engine::dates::DateRange;
use qiao_engine::money::Currency;
use qiao_store::books::View;
use qiao_store::entities::{activity, opportunity};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{self, Step};
use super::worth::{Rate, Rates};
use crate::context::{Context, date_of};
use crate::customers;
use crate::entry::list::queries::those;
use crate::error::AppError;
use crate::figures::{Amount, Figure, RecordId};
use crate::people::PersonRef;
use crate::sheet::{By, Order, Question};
use crate::splits::Splits;
use crate::state::AppState;

/// Days without movement from which a deal is stuck.
pub const STUCK_DAYS: i64 = 14;

/// An open deal.
#[derive(Clone, Debug)]
pub struct Deal {
    /// The deal.
    pub row: opportunity::Model,
    /// Who is credited.
    pub splits: Splits,
    /// What was done last.
    pub last: Option<Step>,
    /// The rate of its stage.
    pub rate: Rate,
    /// The day of the last activity, or of entering the stage.
    pub moved_on: NaiveDate,
    /// What its customer is called.
    pub account: Option<String>,
}

impl Deal {
    /// Its amount; 0 where it has none.
    #[must_use]
    pub fn amount_minor(&self) -> i64 {
        self.row.amount_minor.unwrap_or(0)
    }

    /// What it is worth today, minor units.
    #[must_use]
    pub fn worth_minor(&self) -> i64 {
        self.rate.worth(self.amount_minor())
    }

    /// What is to be done next, and when: what the newest activity says, else what stands on the deal.
    #[must_use]
    pub fn next(&self) -> Option<(&str, Option<NaiveDate>)> {
        let own = || self.row.next_step.as_deref().map(|text| (text, None));
        let last = self.last.as_ref().and_then(|step| Some((step.next_step.as_deref()?, step.next_step_on)));
        last.or_else(own).filter(|(text, _)| !text.trim().is_empty())
    }

    /// The part of its amount that people would be credited with on a day, each owner's share, minor units.
    #[must_use]
    pub fn credited(&self, person: Uuid, day: NaiveDate) -> i64 {
        let shares = self.splits.on(day, self.row.owner_id);
        let own = shares.iter().filter(|(id, role, _)| *id == person && role == "owner").map(|(.., ppm)| *ppm).sum();
        Rate { ppm: own, ..Rate::default() }.worth(self.amount_minor())
    }
}

/// Reads the open deals of some people that are worth most, `limit` at most.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn read(
    state: &AppState,
    context: &Context,
    view: &View,
    owners: &[Uuid],
    limit: u64,
) -> Result<Vec<Deal>, AppError> {
    let db = state.store().pool();
    let open = Question { owners: Some(owners.to_vec()), status: Some("open".to_owned()), ..Question::default() };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let order = Order { by: By::Amount, descending: true, after: None, limit };
    let most = {
        let following = state.search().fresh(state.store()).await?;
        following.sheet.page(&context.rows, &open, &order, &|_| true)
    };
    let rows = those::<opportunity::Model>(state, context, &most).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut steps = queries::last_steps(db, &context.rows, activity::Column::OpportunityId, &ids).await?;
    let mut splits = Splits::of(db, "opportunity", &ids).await?;
    let names = customers::rules::account_names(state, view, rows.iter().map(|row| row.account_id)).await?;
    let names: BTreeMap<Uuid, String> = names.into_iter().collect();
    let rates = Rates::of_scope(state.rates(), view, &context.rows, context.today());
    let deal = |row: opportunity::Model| {
        let last = steps.remove(&row.id);
        let entered = date_of(row.stage_entered_at, context.company.timezone);
        Deal {
            moved_on: last.as_ref().map_or(entered, |step| step.happened_on.max(entered)),
            splits: splits.remove(&row.id).unwrap_or_default(),
            rate: rates.of(row.stage_id),
            account: row.account_id.and_then(|id| names.get(&id).cloned()),
            last,
            row,
        }
    };
    Ok(rows.into_iter().map(deal).collect())
}

/// An open deal in an answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeskDeal {
    /// The deal.
    pub record: RecordId,
    /// What it is called.
    pub name: String,
    /// What its customer is called.
    pub account: Option<String>,
    /// The customer.
    pub account_id: Option<Uuid>,
    /// Whose it is.
    pub owner: Option<PersonRef>,
    /// The stage it is in.
    pub stage: String,
    /// When it is expected to close.
    pub expected_close_on: Option<String>,
    /// What it would bring.
    pub amount: Amount,
    /// What it is worth today: the amount times the rate at which deals of its stage are won.
    pub worth: Figure,
    /// Days since anything moved.
    pub silent_days: i64,
    /// True where that is too long.
    pub stuck: bool,
}

/// Deals as they are answered.
pub fn views(context: &Context, view: &View, deals: &[&Deal]) -> Vec<DeskDeal> {
    let definitions = &view.snapshot.definitions;
    let today = context.today();
    let one = |deal: &&Deal| {
        let currency: Currency = deal.row.currency.parse().unwrap_or(definitions.company.currency);
        let silent_days = (today - deal.moved_on).num_days().max(0);
        DeskDeal {
            record: RecordId { record_type: "opportunity".to_owned(), id: deal.row.id },
            name: deal.row.name.clone(),
            account: deal.account.clone(),
            account_id: deal.row.account_id,
            owner: deal.row.owner_id.and_then(|id| PersonRef::of(definitions, id)),
            stage: view.catalog.stage(deal.row.stage_id).map(|stage| stage.name.clone()).unwrap_or_default(),
            expected_close_on: deal.row.expected_close_on.map(|day| day.to_string()),
            amount: Amount::minor(deal.amount_minor(), currency),
            worth: Figure::money(deal.worth_minor(), currency, Some(why_address(deal.row.id))),
            silent_days,
            stuck: silent_days >= STUCK_DAYS,
        }
    };
    deals.iter().map(one).collect()
}

/// Where the reason of a deal's worth is.
#[must_use]
pub fn why_address(deal: Uuid) -> String {
    format!("/api/v1/desk/explanation?opportunity={deal}")
}

/// The fewest deals whose amounts reach a sum: the largest first, those that are expected within a range before others;
/// the last one is the smallest that is enough. None where all together do not reach it.
#[must_use]
pub fn fewest(deals: &[Deal], needed_minor: i64, range: DateRange, part: impl Fn(&Deal) -> i64) -> Option<Vec<&Deal>> {
    let in_time = |deal: &Deal| deal.row.expected_close_on.is_none_or(|day| day <= range.end);
    let mut left: Vec<(&Deal, i64)> =
        deals.iter().map(|deal| (deal, part(deal))).filter(|(_, part)| *part > 0).collect();
    left.sort_by_key(|(deal, part)| (!in_time(deal), std::cmp::Reverse(*part), deal.row.id));
    let (mut chosen, mut missing) = (Vec::new(), needed_minor);
    while missing > 0 && !left.is_empty() {
        // One that is enough by itself ends it: the smallest such, in time if there is one.
        let enough = left.iter().enumerate().filter(|(_, (_, part))| *part >= missing);
        let last = enough.min_by_key(|(_, (deal, part))| (!in_time(deal), *part)).map(|(at, _)| at);
        let (deal, part) = left.remove(last.unwrap_or(0));
        chosen.push(deal);
        missing -= part;
    }
    (missing <= 0).then_some(chosen)
}
