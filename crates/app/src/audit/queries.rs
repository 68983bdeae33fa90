//! Database access of the audit log. Whoever may read it reads all of it.

use qiao_store::StoreError;
use qiao_store::entities::audit;
use qiao_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::routes::AuditQuery;
use crate::entry::list::queries::contains;

/// Where in the log to look: before a sequence, from a moment on, before a moment (ms since 1970 UTC).
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub before: Option<i64>,
    pub from: Option<i64>,
    pub until: Option<i64>,
}

/// A page of the log, the newest first.
pub async fn page(
    db: &impl ConnectionTrait,
    query: &AuditQuery,
    bounds: Bounds,
    limit: u64,
) -> Result<Vec<audit::Model>, StoreError> {
    let text = query.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let says = |text: &str| {
        Condition::any()
            .add(contains(audit::Column::ActorName, text))
            .add(contains(audit::Column::BeforePayload, text))
            .add(contains(audit::Column::AfterPayload, text))
    };
    let rows = audit::Entity::find()
        .apply_if(bounds.from, |rows, from| rows.filter(audit::Column::At.gte(from)))
        .apply_if(bounds.until, |rows, until| rows.filter(audit::Column::At.lt(until)))
        .apply_if(text, |rows, text| rows.filter(says(text)))
        .apply_if(bounds.before, |rows, before| rows.filter(audit::Column::Sequence.lt(before)))
        .apply_if(query.record_type.as_ref(), |rows, kind| rows.filter(audit::Column::RecordType.eq(kind)))
        .apply_if(query.record_id, |rows, id| rows.filter(audit::Column::RecordId.eq(id)))
        .apply_if(query.actor_id, |rows, id| rows.filter(audit::Column::ActorId.eq(id)))
        .apply_if(query.action.as_ref(), |rows, action| rows.filter(audit::Column::Action.eq(action)));
    Ok(rows.order_by_desc(audit::Column::Sequence).limit(limit).all(db).await?)
}
