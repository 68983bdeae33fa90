//! Products and product lines.

#[allow(missing_docs)]
pub mod product_line {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "product_line")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub code: String,
        pub name: String,
        pub parent_id: Option<Uuid>,
        pub version: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub archived_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod product {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "product")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub code: String,
        pub name: String,
        pub product_line_id: Option<Uuid>,
        pub list_price_minor: Option<i64>,
        pub cost_minor: Option<i64>,
        pub tax_rate_ppm: Option<i64>,
        pub unit: Option<String>,
        pub attributes: String,
        pub version: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub archived_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
