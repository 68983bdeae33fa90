//! Attachments of records.

#[allow(missing_docs)]
pub mod attachment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "attachment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub record_type: String,
        pub record_id: Uuid,
        pub file_name: String,
        pub media_type: String,
        pub size: i64,
        pub digest: String,
        pub author_id: Option<Uuid>,
        pub author_name: String,
        pub version: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub archived_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
