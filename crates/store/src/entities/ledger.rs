//! Facts, credits and the log of changed definitions.

#[allow(missing_docs)]
pub mod fact {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fact")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub sequence: i64,
        pub id: Uuid,
        pub kind: String,
        pub date: Date,
        pub occurred_at: i64,
        pub recorded_at: i64,
        pub account_id: Option<Uuid>,
        pub account_group: Option<Uuid>,
        pub opportunity_id: Option<Uuid>,
        pub contract_id: Option<Uuid>,
        pub payment_id: Option<Uuid>,
        pub product_id: Option<Uuid>,
        pub product_line: Option<String>,
        pub region: Option<String>,
        pub tier: Option<String>,
        pub customer_kind: Option<String>,
        pub contract_kind: Option<String>,
        pub source: Option<String>,
        pub amount_minor: i64,
        pub amount_excl_tax_minor: Option<i64>,
        pub margin_minor: Option<i64>,
        pub quantity_micro: Option<i64>,
        pub score_micro: Option<i64>,
        pub currency: String,
        pub due_date: Option<Date>,
        pub recognized_on: Option<Date>,
        pub pending: bool,
        pub attributes: Option<String>,
        pub refers_to: Option<Uuid>,
        pub rule_version: Option<String>,
        pub record_type: String,
        pub record_id: Uuid,
        pub actor: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod credit {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "credit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub fact_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub role: String,
        pub share_ppm: i64,
        pub from_date: Option<Date>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod definition_change {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "definition_change")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub sequence: i64,
        pub kind: String,
        pub changed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[allow(missing_docs)]
pub mod attribute_declaration {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attribute_declaration")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub kind: String,
        pub name_zh: String,
        pub name_en: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
