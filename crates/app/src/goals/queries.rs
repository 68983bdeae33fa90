//! Database access of targets.

use qiao_store::StoreError;
use qiao_store::entities::target;
use qiao_store::pages::ById;
use qiao_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryTrait, Select};
use uuid::Uuid;

use super::rules::TargetFilter;

pub async fn targets(db: &impl ConnectionTrait) -> Result<Vec<target::Model>, StoreError> {
    Ok(target::Entity::find().all(db).await?)
}

/// The targets of a subject in a period, whole and cut.
pub async fn of_subject(
    db: &impl ConnectionTrait,
    metric: &str,
    subject_type: &str,
    subject_id: Uuid,
    period: &str,
) -> Result<Vec<target::Model>, StoreError> {
    let query = target::Entity::find()
        .filter(target::Column::Metric.eq(metric))
        .filter(target::Column::SubjectType.eq(subject_type))
        .filter(target::Column::SubjectId.eq(subject_id))
        .filter(target::Column::Period.eq(period));
    Ok(query.all(db).await?)
}

/// The targets of a metric in some periods, of some subjects.
pub async fn of_periods(
    db: &impl ConnectionTrait,
    metric: &str,
    subjects: Vec<Uuid>,
    periods: Vec<String>,
) -> Result<Vec<target::Model>, StoreError> {
    let query = target::Entity::find()
        .filter(target::Column::Metric.eq(metric))
        .filter(target::Column::Period.is_in(periods))
        .filter(target::Column::SubjectId.is_in(subjects));
    Ok(query.all(db).await?)
}

/// Takes targets away.
pub async fn remove(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<(), StoreError> {
    target::Entity::delete_many().filter(target::Column::Id.is_in(ids)).exec(db).await?;
    Ok(())
}

/// The targets of some subjects; all where none are given.
fn seen(subjects: Option<Vec<Uuid>>) -> Select<target::Entity> {
    target::Entity::find().apply_if(subjects, |query, ids| query.filter(target::Column::SubjectId.is_in(ids)))
}

/// A target of some subjects; of all where none are given.
pub async fn find(
    db: &impl ConnectionTrait,
    subjects: Option<Vec<Uuid>>,
    id: Uuid,
) -> Result<Option<target::Model>, StoreError> {
    Ok(seen(subjects).filter(target::Column::Id.eq(id)).one(db).await?)
}

/// A page of targets of some subjects; of all where none are given.
pub async fn page(
    db: &impl ConnectionTrait,
    subjects: Option<Vec<Uuid>>,
    filter: &TargetFilter,
    page: ById,
) -> Result<Vec<target::Model>, StoreError> {
    page.read(narrowed(subjects, filter), target::Column::Id, db).await
}

/// How many targets of some subjects there are; of all where none are given.
pub async fn count(
    db: &impl ConnectionTrait,
    subjects: Option<Vec<Uuid>>,
    filter: &TargetFilter,
) -> Result<u64, StoreError> {
    Ok(narrowed(subjects, filter).count(db).await?)
}

fn narrowed(subjects: Option<Vec<Uuid>>, filter: &TargetFilter) -> Select<target::Entity> {
    seen(subjects)
        .apply_if(filter.metric.as_ref(), |query, metric| query.filter(target::Column::Metric.eq(metric)))
        .apply_if(filter.period.as_ref(), |query, period| query.filter(target::Column::Period.eq(period)))
}
