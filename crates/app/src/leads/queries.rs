//! Database access of leads.

use qiao_store::entities::lead::{Column, Model};
use qiao_store::sea_orm::Condition;
use qiao_store::sea_orm::sea_query::SimpleExpr;
use uuid::Uuid;

use super::lead::LeadFilter;
use crate::entry::Scoped;
use crate::entry::queries::{is, owned};

impl Scoped for Model {
    type Filter = LeadFilter;
    const ID: Column = Column::Id;
    const EXTERNAL_ID: Column = Column::ExternalId;
    const ARCHIVED_AT: Option<Column> = Some(Column::ArchivedAt);

    fn seen_by(people: &[Uuid]) -> Condition {
        owned(Column::OwnerId, people)
    }

    fn wanted(filter: &LeadFilter) -> Vec<Option<SimpleExpr>> {
        vec![
            is(Column::OwnerId, &filter.owner_id),
            is(Column::Status, &filter.status),
            is(Column::ExternalId, &filter.external_id),
        ]
    }
}
