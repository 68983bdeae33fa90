//! Contracts, their lines and splits, schedules, payments, invoices.

#[allow(missing_docs)]
pub mod contract {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "contract")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub number: String,
        pub name: String,
        pub account_id: Uuid,
        pub opportunity_id: Option<Uuid>,
        pub owner_id: Option<Uuid>,
        pub parent_id: Option<Uuid>,
        pub contract_kind: String,
        pub status: String,
        pub signed_on: Option<Date>,
        pub filed_on: Option<Date>,
        pub service_from: Option<Date>,
        pub service_to: Option<Date>,
        pub currency: String,
        pub amount_minor: i64,
        pub amount_excl_tax_minor: i64,
        pub list_amount_minor: Option<i64>,
        pub cost_minor: Option<i64>,
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
pub mod contract_line {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "contract_line")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub contract_id: Uuid,
        pub position: i32,
        pub product_id: Option<Uuid>,
        pub product_line_id: Option<Uuid>,
        pub description: Option<String>,
        pub quantity_micro: i64,
        pub list_price_minor: Option<i64>,
        pub price_minor: i64,
        pub cost_minor: Option<i64>,
        pub tax_rate_ppm: i64,
        pub amount_minor: i64,
        pub amount_excl_tax_minor: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod split {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "split")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub record_type: String,
        pub record_id: Uuid,
        pub person_id: Uuid,
        pub role: String,
        pub share_ppm: i64,
        pub from_date: Date,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod payment_schedule {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "payment_schedule")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub contract_id: Uuid,
        pub position: i32,
        pub name: Option<String>,
        pub due_on: Date,
        pub amount_minor: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod payment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "payment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub contract_id: Uuid,
        pub account_id: Uuid,
        pub kind: String,
        pub refers_to: Option<Uuid>,
        pub received_on: Date,
        pub currency: String,
        pub amount_minor: i64,
        pub method: Option<String>,
        pub reference: Option<String>,
        pub note: Option<String>,
        pub reversed_at: Option<i64>,
        pub version: i64,
        pub created_at: i64,
        pub created_by: Option<Uuid>,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod payment_allocation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "payment_allocation")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub payment_id: Uuid,
        pub schedule_id: Option<Uuid>,
        pub amount_minor: i64,
        pub due_on: Option<Date>,
        pub days_overdue: i64,
        pub fact_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod invoice {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "invoice")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub number: String,
        pub contract_id: Option<Uuid>,
        pub account_id: Uuid,
        pub issued_on: Date,
        pub kind: String,
        pub currency: String,
        pub amount_minor: i64,
        pub amount_excl_tax_minor: i64,
        pub tax_minor: i64,
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
