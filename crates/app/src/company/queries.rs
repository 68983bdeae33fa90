//! Database access of the company.

use qiao_store::StoreError;
use qiao_store::entities::{company, metric_version, pipeline, stage};
use qiao_store::sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};

pub async fn find(db: &impl ConnectionTrait) -> Result<Option<company::Model>, StoreError> {
    Ok(company::Entity::find().one(db).await?)
}

pub async fn insert(db: &impl ConnectionTrait, row: company::Model) -> Result<(), StoreError> {
    company::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

pub async fn insert_metrics(db: &impl ConnectionTrait, rows: Vec<metric_version::Model>) -> Result<(), StoreError> {
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    metric_version::Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

pub async fn insert_pipeline(
    db: &impl ConnectionTrait,
    row: pipeline::Model,
    stages: Vec<stage::Model>,
) -> Result<(), StoreError> {
    pipeline::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    let stages = stages.into_iter().map(IntoActiveModel::into_active_model);
    stage::Entity::insert_many(stages).exec_without_returning(db).await?;
    Ok(())
}
