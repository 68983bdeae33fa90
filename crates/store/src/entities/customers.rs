//! Accounts, contacts and leads.

#[allow(missing_docs)]
pub mod account {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub name: String,
        pub parent_id: Option<Uuid>,
        pub group_id: Uuid,
        pub social_credit_code: Option<String>,
        pub industry: Option<String>,
        pub region: Option<String>,
        pub tier: Option<String>,
        pub source: Option<String>,
        pub phone: Option<String>,
        pub website: Option<String>,
        pub address: Option<String>,
        pub founded_year: Option<i32>,
        pub employees: Option<i64>,
        pub revenue_minor: Option<i64>,
        pub owner_id: Option<Uuid>,
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
pub mod group_credit_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "group_credit_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub social_credit_code: String,
        pub group_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod former_name {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "former_name")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub until: Date,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod contact {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "contact")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub account_id: Option<Uuid>,
        pub name: String,
        pub title: Option<String>,
        pub decision_role: Option<String>,
        pub phone: Option<String>,
        pub email: Option<String>,
        pub wechat: Option<String>,
        pub owner_id: Option<Uuid>,
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
pub mod lead {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "lead")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub name: String,
        pub company_name: Option<String>,
        pub title: Option<String>,
        pub phone: Option<String>,
        pub email: Option<String>,
        pub source: Option<String>,
        pub campaign: Option<String>,
        pub region: Option<String>,
        pub status: String,
        pub first_touch_at: i64,
        pub owner_id: Option<Uuid>,
        pub account_id: Option<Uuid>,
        pub opportunity_id: Option<Uuid>,
        pub note: Option<String>,
        pub attributes: String,
        pub version: i64,
        pub created_at: i64,
        pub created_by: Option<Uuid>,
        pub updated_at: i64,
        pub archived_at: Option<i64>,
        pub created_on: Option<Date>,
        pub converted_on: Option<Date>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
