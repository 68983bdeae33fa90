//! Database access of leads.

use qiao_store::entities::lead::{Column, Model};

use super::lead::LeadFilter;
use crate::context::Context;
use crate::entry::Scoped;
use crate::entry::queries::Wanted;
use crate::error::AppError;

impl Scoped for Model {
    type Filter = LeadFilter;
    const ID: Column = Column::Id;
    const EXTERNAL_ID: Column = Column::ExternalId;
    const ARCHIVED_AT: Option<Column> = Some(Column::ArchivedAt);

    const OWNER: Option<Column> = Some(Column::OwnerId);
    const SORTS: &'static [(&'static str, Column)] = &[("created_on", Column::CreatedOn)];
    const NAMED_BY: &'static [Column] = &[Column::Name, Column::CompanyName];

    fn text(filter: &LeadFilter) -> Option<&str> {
        filter.text.as_deref()
    }

    fn wanted(filter: &LeadFilter, _: &Context) -> Result<Wanted, AppError> {
        Ok(Wanted::default()
            .is(Column::OwnerId, &filter.owner_id)
            .is(Column::Status, &filter.status)
            .one(Column::ExternalId, &filter.external_id))
    }
}
