//! Pipelines, stages and opportunities.

#[allow(missing_docs)]
pub mod pipeline {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "pipeline")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub name: String,
        pub position: i32,
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
pub mod stage {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "stage")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub pipeline_id: Uuid,
        pub code: String,
        pub name: String,
        pub position: i32,
        pub kind: String,
        pub probability_ppm: i64,
        pub required: String,
        pub archived_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod opportunity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "opportunity")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub name: String,
        pub account_id: Option<Uuid>,
        pub contact_id: Option<Uuid>,
        pub lead_id: Option<Uuid>,
        pub owner_id: Option<Uuid>,
        pub pipeline_id: Uuid,
        pub stage_id: Uuid,
        pub status: String,
        pub product_id: Option<Uuid>,
        pub amount_minor: Option<i64>,
        pub currency: String,
        pub opened_on: Option<Date>,
        pub expected_close_on: Option<Date>,
        pub closed_on: Option<Date>,
        pub stage_entered_at: i64,
        pub source: Option<String>,
        pub lost_reason: Option<String>,
        pub competitor: Option<String>,
        pub next_step: Option<String>,
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
