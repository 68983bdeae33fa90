//! Database access of opportunities.

use qiao_store::entities::opportunity::{Column, Model};
use qiao_store::sea_orm::Condition;
use qiao_store::sea_orm::sea_query::SimpleExpr;
use uuid::Uuid;

use super::opportunities::OpportunityFilter;
use crate::context::Context;
use crate::customers;
use crate::entry::Scoped;
use crate::entry::list::queries::contains;
use crate::entry::queries::Wanted;
use crate::error::AppError;
use crate::forms::Checker;
use crate::splits;

impl Scoped for Model {
    type Filter = OpportunityFilter;
    const ID: Column = Column::Id;
    const EXTERNAL_ID: Column = Column::ExternalId;
    const ARCHIVED_AT: Option<Column> = Some(Column::ArchivedAt);

    const OWNER: Option<Column> = Some(Column::OwnerId);
    const SORTS: &'static [(&'static str, Column)] = &[
        ("amount", Column::AmountMinor),
        ("expected_close_on", Column::ExpectedCloseOn),
        ("closed_on", Column::ClosedOn),
        ("stage_entered_at", Column::StageEnteredAt),
    ];

    /// Those that are shared with them.
    fn beside(people: &[Uuid]) -> Option<Condition> {
        Some(splits::shared_with::<Self>(people))
    }

    fn wanted(filter: &OpportunityFilter, context: &Context) -> Result<Wanted, AppError> {
        let mut form = Checker::default();
        let from = filter.amount_from.as_ref().and_then(|text| form.amount("/amount_from", text, context));
        let to = filter.amount_to.as_ref().and_then(|text| form.amount("/amount_to", text, context));
        form.done()?;
        Ok(Wanted::default()
            .is(Column::OwnerId, &filter.owner_id)
            .one(Column::AccountId, &filter.account_id)
            .is(Column::PipelineId, &filter.pipeline_id)
            .is(Column::StageId, &filter.stage_id)
            .is(Column::Status, &filter.status)
            .is(Column::ProductId, &filter.product_id)
            .one(Column::ExternalId, &filter.external_id)
            .between(Column::AmountMinor, &from, &to)
            .between(Column::ExpectedCloseOn, &filter.expected_close_from, &filter.expected_close_to)
            .between(Column::ClosedOn, &filter.closed_from, &filter.closed_to)
            .and(filter.text.as_deref().map(called)))
    }
}

/// Deals whose name, or whose customer's, has a part.
fn called(part: &str) -> SimpleExpr {
    let customers = customers::called(Column::AccountId, part);
    Condition::any().add(contains(Column::Name, part)).add(customers).into()
}
