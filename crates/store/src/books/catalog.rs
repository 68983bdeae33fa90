//! Pipelines, stages, products and product lines: small tables that every write checks against.

use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use uuid::Uuid;

use crate::StoreError;
use crate::entities::{pipeline, product, product_line, stage};

/// The catalog at one moment.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Pipelines in their order.
    pub pipelines: Vec<pipeline::Model>,
    /// Stages in their order within their pipeline.
    pub stages: Vec<stage::Model>,
    /// Product lines by code.
    pub product_lines: Vec<product_line::Model>,
    /// Products by code.
    pub products: Vec<product::Model>,
}

impl Catalog {
    pub(super) async fn load(db: &impl ConnectionTrait) -> Result<Self, StoreError> {
        Ok(Self {
            pipelines: pipeline::Entity::find().order_by_asc(pipeline::Column::Position).all(db).await?,
            stages: stage::Entity::find().order_by_asc(stage::Column::Position).all(db).await?,
            product_lines: product_line::Entity::find().order_by_asc(product_line::Column::Code).all(db).await?,
            products: product::Entity::find().order_by_asc(product::Column::Code).all(db).await?,
        })
    }

    /// A stage.
    #[must_use]
    pub fn stage(&self, id: Uuid) -> Option<&stage::Model> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// The stages of a pipeline, in their order.
    pub fn stages_of(&self, pipeline: Uuid) -> impl Iterator<Item = &stage::Model> {
        self.stages.iter().filter(move |stage| stage.pipeline_id == pipeline && stage.archived_at.is_none())
    }

    /// A product.
    #[must_use]
    pub fn product(&self, id: Uuid) -> Option<&product::Model> {
        self.products.iter().find(|product| product.id == id)
    }

    /// The code of a product's line.
    #[must_use]
    pub fn line_of(&self, product: Option<Uuid>) -> Option<String> {
        let line = self.product(product?)?.product_line_id?;
        self.product_lines.iter().find(|known| known.id == line).map(|line| line.code.clone())
    }
}
