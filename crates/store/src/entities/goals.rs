//! Targets.

#[allow(missing_docs)]
pub mod target {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "target")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub metric: String,
        pub subject_type: String,
        pub subject_id: Uuid,
        pub period: String,
        pub product_line: String,
        pub region: String,
        pub tier: String,
        pub base_micro: i64,
        pub challenge_micro: Option<i64>,
        pub stretch_micro: Option<i64>,
        pub version: i64,
        pub created_at: i64,
        pub created_by: Option<Uuid>,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
