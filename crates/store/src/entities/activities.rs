//! Activities.

#[allow(missing_docs)]
pub mod activity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "activity")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub external_id: Option<String>,
        pub kind: String,
        pub subject: String,
        pub owner_id: Uuid,
        pub account_id: Option<Uuid>,
        pub contact_id: Option<Uuid>,
        pub opportunity_id: Option<Uuid>,
        pub lead_id: Option<Uuid>,
        pub happened_at: i64,
        pub happened_on: Date,
        pub minutes: Option<i32>,
        pub outcome: Option<String>,
        pub effective: bool,
        pub next_step: Option<String>,
        pub next_step_on: Option<Date>,
        pub place: Option<String>,
        pub latitude_micro: Option<i64>,
        pub longitude_micro: Option<i64>,
        pub accuracy_m: Option<i64>,
        pub file_name: Option<String>,
        pub file_hash: Option<String>,
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
