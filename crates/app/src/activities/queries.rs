//! Database access of activities.

use qiao_store::entities::activity::{Column, Model};

use super::activity::ActivityFilter;
use crate::context::Context;
use crate::entry::Scoped;
use crate::entry::queries::Wanted;
use crate::error::AppError;

impl Scoped for Model {
    type Filter = ActivityFilter;
    const ID: Column = Column::Id;
    const EXTERNAL_ID: Column = Column::ExternalId;
    const ARCHIVED_AT: Option<Column> = Some(Column::ArchivedAt);

    const OWNER: Option<Column> = Some(Column::OwnerId);
    const SORTS: &'static [(&'static str, Column)] = &[("happened_at", Column::HappenedAt)];

    fn wanted(filter: &ActivityFilter, _: &Context) -> Result<Wanted, AppError> {
        Ok(Wanted::default()
            .is(Column::OwnerId, &filter.owner_id)
            .one(Column::AccountId, &filter.account_id)
            .one(Column::ContactId, &filter.contact_id)
            .one(Column::OpportunityId, &filter.opportunity_id)
            .one(Column::LeadId, &filter.lead_id)
            .is(Column::Kind, &filter.kind)
            .one(Column::ExternalId, &filter.external_id)
            .between(Column::HappenedOn, &filter.happened_from, &filter.happened_to))
    }
}
