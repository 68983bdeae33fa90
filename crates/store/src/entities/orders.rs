//! Orders and deliveries.

#[allow(missing_docs)]
pub mod sales_order {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "sales_order")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub number: String,
        pub account_id: Option<Uuid>,
        pub contract_id: Option<Uuid>,
        pub owner_id: Option<Uuid>,
        pub sold_on: Date,
        pub channel: Option<String>,
        pub status: String,
        pub currency: String,
        pub amount_minor: i64,
        pub amount_excl_tax_minor: i64,
        pub cost_minor: Option<i64>,
        pub product_id: Option<Uuid>,
        pub quantity_micro: i64,
        pub attributes: String,
        pub version: i64,
        pub created_at: i64,
        pub created_by: Option<Uuid>,
        pub updated_at: i64,
        pub archived_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod delivery {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "delivery")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub order_id: Uuid,
        pub delivered_on: Date,
        pub quantity_micro: i64,
        pub place: Option<String>,
        pub note: Option<String>,
        pub version: i64,
        pub created_at: i64,
        pub created_by: Option<Uuid>,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
