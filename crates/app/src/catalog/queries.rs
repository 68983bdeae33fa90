//! Database access of products and their lines. Everybody sees them.

use qiao_store::StoreError;
use qiao_store::entities::{product, product_line};
use qiao_store::sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::lines::ProductLineFilter;
use super::products::ProductFilter;
use crate::context::Context;
use crate::entry::Scoped;
use crate::entry::queries::Wanted;
use crate::error::AppError;

pub async fn lines(db: &impl ConnectionTrait) -> Result<Vec<product_line::Model>, StoreError> {
    Ok(product_line::Entity::find().all(db).await?)
}

pub async fn products(db: &impl ConnectionTrait) -> Result<Vec<product::Model>, StoreError> {
    Ok(product::Entity::find().all(db).await?)
}

impl Scoped for product::Model {
    type Filter = ProductFilter;
    const ID: product::Column = product::Column::Id;
    const EXTERNAL_ID: product::Column = product::Column::ExternalId;
    const ARCHIVED_AT: Option<product::Column> = Some(product::Column::ArchivedAt);

    fn seen_by(_: &[Uuid]) -> Condition {
        Condition::all().add(Self::ID.is_not_null())
    }

    fn wanted(_: &ProductFilter, _: &Context) -> Result<Wanted, AppError> {
        Ok(Wanted::default())
    }
}

impl Scoped for product_line::Model {
    type Filter = ProductLineFilter;
    const ID: product_line::Column = product_line::Column::Id;
    const EXTERNAL_ID: product_line::Column = product_line::Column::ExternalId;
    const ARCHIVED_AT: Option<product_line::Column> = Some(product_line::Column::ArchivedAt);

    fn seen_by(_: &[Uuid]) -> Condition {
        Condition::all().add(Self::ID.is_not_null())
    }

    fn wanted(_: &ProductLineFilter, _: &Context) -> Result<Wanted, AppError> {
        Ok(Wanted::default())
    }
}
