//! Database access of targets.

use qiao_store::StoreError;
use qiao_store::entities::target;
use qiao_store::sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

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

pub async fn insert_many(db: &impl ConnectionTrait, rows: Vec<target::Model>) -> Result<(), StoreError> {
    if !rows.is_empty() {
        let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
        target::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

pub async fn save(db: &impl ConnectionTrait, row: target::Model) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(db).await?;
    Ok(())
}
