//! Database access of leads.

use qiao_store::entities::lead::{Column, Model};
use qiao_store::sea_orm::Condition;

use super::lead::LeadFilter;
use crate::context::Context;
use crate::entry::Scoped;
use crate::entry::list::queries::contains;
use crate::entry::queries::Wanted;
use crate::error::AppError;

impl Scoped for Model {
    type Filter = LeadFilter;
    const ID: Column = Column::Id;
    const EXTERNAL_ID: Column = Column::ExternalId;
    const ARCHIVED_AT: Option<Column> = Some(Column::ArchivedAt);

    const OWNER: Option<Column> = Some(Column::OwnerId);
    const SORTS: &'static [(&'static str, Column)] = &[("created_on", Column::CreatedOn)];

    fn wanted(filter: &LeadFilter, _: &Context) -> Result<Wanted, AppError> {
        let called = |part: &str| {
            Condition::any().add(contains(Column::Name, part)).add(contains(Column::CompanyName, part)).into()
        };
        Ok(Wanted::default()
            .is(Column::OwnerId, &filter.owner_id)
            .is(Column::Status, &filter.status)
            .one(Column::ExternalId, &filter.external_id)
            .and(filter.text.as_deref().map(called)))
    }
}
