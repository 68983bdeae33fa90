//! Database access of opportunities.

use qiao_store::entities::opportunity::{Column, Model};
use qiao_store::sea_orm::Condition;
use qiao_store::sea_orm::sea_query::SimpleExpr;
use uuid::Uuid;

use super::opportunities::OpportunityFilter;
use crate::entry::Scoped;
use crate::entry::queries::is;
use crate::splits;

impl Scoped for Model {
    type Filter = OpportunityFilter;
    const ID: Column = Column::Id;
    const EXTERNAL_ID: Column = Column::ExternalId;
    const ARCHIVED_AT: Option<Column> = Some(Column::ArchivedAt);

    fn seen_by(people: &[Uuid]) -> Condition {
        splits::owned_or_shared::<Self>(Column::OwnerId, people)
    }

    fn wanted(filter: &OpportunityFilter) -> Vec<Option<SimpleExpr>> {
        vec![
            is(Column::OwnerId, &filter.owner_id),
            is(Column::AccountId, &filter.account_id),
            is(Column::StageId, &filter.stage_id),
            is(Column::Status, &filter.status),
            is(Column::ExternalId, &filter.external_id),
        ]
    }
}
