//! Database access of products.

use qiao_store::StoreError;
use qiao_store::entities::{product, product_line};
use qiao_store::sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

pub async fn lines(db: &impl ConnectionTrait) -> Result<Vec<product_line::Model>, StoreError> {
    Ok(product_line::Entity::find().all(db).await?)
}

pub async fn products(db: &impl ConnectionTrait) -> Result<Vec<product::Model>, StoreError> {
    Ok(product::Entity::find().all(db).await?)
}

pub async fn insert_line(db: &impl ConnectionTrait, row: product_line::Model) -> Result<(), StoreError> {
    product_line::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

pub async fn insert_product(db: &impl ConnectionTrait, row: product::Model) -> Result<(), StoreError> {
    product::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

pub async fn save_product(db: &impl ConnectionTrait, row: product::Model) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(db).await?;
    Ok(())
}
