//! Database access of the company.

use chrono::{Datelike, NaiveDate};
use qiao_store::StoreError;
use qiao_store::entities::{calendar_day, company, metric_version, pipeline, stage};
use qiao_store::sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder};

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

pub async fn save(db: &impl ConnectionTrait, row: company::Model) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(db).await?;
    Ok(())
}

/// The days of a year, of all where none is named. There are a few dozen a year.
pub async fn days(db: &impl ConnectionTrait, year: Option<i32>) -> Result<Vec<calendar_day::Model>, StoreError> {
    let all = calendar_day::Entity::find().order_by_asc(calendar_day::Column::Date).all(db).await?;
    Ok(all.into_iter().filter(|day| year.is_none_or(|year| day.date.year() == year)).collect())
}

pub async fn day(db: &impl ConnectionTrait, date: NaiveDate) -> Result<Option<calendar_day::Model>, StoreError> {
    Ok(calendar_day::Entity::find_by_id(date).one(db).await?)
}

pub async fn replace_day(
    db: &impl ConnectionTrait,
    date: NaiveDate,
    row: Option<calendar_day::Model>,
) -> Result<(), StoreError> {
    calendar_day::Entity::delete_by_id(date).exec(db).await?;
    if let Some(row) = row {
        calendar_day::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    }
    Ok(())
}
