//! Database access of activities.

use qiao_store::entities::activity::{Column, Model};
use qiao_store::sea_orm::Condition;
use qiao_store::sea_orm::sea_query::SimpleExpr;
use uuid::Uuid;

use super::activity::ActivityFilter;
use crate::entry::Scoped;
use crate::entry::queries::{is, owned};

impl Scoped for Model {
    type Filter = ActivityFilter;
    const ID: Column = Column::Id;
    const EXTERNAL_ID: Column = Column::ExternalId;
    const ARCHIVED_AT: Option<Column> = Some(Column::ArchivedAt);

    fn seen_by(people: &[Uuid]) -> Condition {
        owned(Column::OwnerId, people)
    }

    fn wanted(filter: &ActivityFilter) -> Vec<Option<SimpleExpr>> {
        vec![
            is(Column::OwnerId, &filter.owner_id),
            is(Column::AccountId, &filter.account_id),
            is(Column::OpportunityId, &filter.opportunity_id),
            is(Column::LeadId, &filter.lead_id),
            is(Column::Kind, &filter.kind),
            is(Column::ExternalId, &filter.external_id),
        ]
    }
}
