//! Database access of products.

use qiao_store::StoreError;
use qiao_store::entities::{product, product_line};
use qiao_store::sea_orm::{ConnectionTrait, EntityTrait};

pub async fn lines(db: &impl ConnectionTrait) -> Result<Vec<product_line::Model>, StoreError> {
    Ok(product_line::Entity::find().all(db).await?)
}

pub async fn products(db: &impl ConnectionTrait) -> Result<Vec<product::Model>, StoreError> {
    Ok(product::Entity::find().all(db).await?)
}
