//! Database access of opportunities.

use qiao_store::StoreError;
use qiao_store::entities::opportunity::{Column, Entity, Model};
use qiao_store::entities::{pipeline, stage};
use qiao_store::sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::opportunities::OpportunityFilter;
use crate::context::Context;
use crate::entry::Scoped;
use crate::entry::queries::Wanted;
use crate::error::AppError;
use crate::forms::Checker;
use crate::sheet::{Between, Question};
use crate::splits;

impl Scoped for Model {
    type Filter = OpportunityFilter;
    const ID: Column = Column::Id;
    const EXTERNAL_ID: Column = Column::ExternalId;
    const ARCHIVED_AT: Option<Column> = Some(Column::ArchivedAt);

    const OWNER: Option<Column> = Some(Column::OwnerId);
    const SORTS: &'static [(&'static str, Column)] = &[
        ("amount", Column::AmountMinor),
        ("expected_close_on", Column::ExpectedCloseOn),
        ("closed_on", Column::ClosedOn),
        ("stage_entered_at", Column::StageEnteredAt),
    ];

    const NAMED_BY: &'static [Column] = &[Column::Name];
    const CUSTOMER: Option<Column> = Some(Column::AccountId);

    fn text(filter: &OpportunityFilter) -> Option<&str> {
        filter.text.as_deref()
    }

    /// Those that are shared with them.
    fn beside(people: &[Uuid]) -> Option<Condition> {
        Some(splits::shared_with::<Self>(people))
    }

    fn beside_of(people: &[Uuid], ids: &[Uuid]) -> Option<Condition> {
        Some(splits::shared_of::<Self>(people, ids))
    }

    /// A number in another system is the database's to find.
    fn in_memory(filter: &OpportunityFilter, context: &Context) -> Result<Option<Question>, AppError> {
        if filter.external_id.is_some() {
            return Ok(None);
        }
        Ok(Some(Question {
            owners: None,
            archived: false,
            owner: filter.owner_id,
            account: filter.account_id,
            pipeline: filter.pipeline_id,
            stage: filter.stage_id,
            status: filter.status.clone(),
            product: filter.product_id,
            amount: amounts(filter, context)?,
            expected: Between { from: filter.expected_close_from, to: filter.expected_close_to },
            closed: Between { from: filter.closed_from, to: filter.closed_to },
            text: None,
        }))
    }

    fn wanted(filter: &OpportunityFilter, context: &Context) -> Result<Wanted, AppError> {
        let Between { from, to } = amounts(filter, context)?;
        Ok(Wanted::default()
            .is(Column::OwnerId, &filter.owner_id)
            .one(Column::AccountId, &filter.account_id)
            .is(Column::PipelineId, &filter.pipeline_id)
            .is(Column::StageId, &filter.stage_id)
            .is(Column::Status, &filter.status)
            .is(Column::ProductId, &filter.product_id)
            .one(Column::ExternalId, &filter.external_id)
            .between(Column::AmountMinor, &from, &to)
            .between(Column::ExpectedCloseOn, &filter.expected_close_from, &filter.expected_close_to)
            .between(Column::ClosedOn, &filter.closed_from, &filter.closed_to))
    }
}

/// The amounts of a filter, in minor units.
fn amounts(filter: &OpportunityFilter, context: &Context) -> Result<Between<i64>, AppError> {
    let mut form = Checker::default();
    let from = filter.amount_from.as_ref().and_then(|text| form.amount("/amount_from", text, context));
    let to = filter.amount_to.as_ref().and_then(|text| form.amount("/amount_to", text, context));
    form.done()?;
    Ok(Between { from, to })
}

/// Every pipeline, in their order.
pub async fn pipelines(db: &impl ConnectionTrait) -> Result<Vec<pipeline::Model>, StoreError> {
    Ok(pipeline::Entity::find().order_by_asc(pipeline::Column::Position).all(db).await?)
}

/// Every stage of every pipeline.
pub async fn stages(db: &impl ConnectionTrait) -> Result<Vec<stage::Model>, StoreError> {
    Ok(stage::Entity::find().order_by_asc(stage::Column::Position).all(db).await?)
}

/// Writes a stage, a new one or one that is there.
pub async fn put_stage(db: &impl ConnectionTrait, is_new: bool, stage: stage::Model) -> Result<(), StoreError> {
    let row = stage.into_active_model();
    if is_new {
        stage::Entity::insert(row).exec_without_returning(db).await?;
    } else {
        row.reset_all().update(db).await?;
    }
    Ok(())
}

/// How many open deals stand on some stages, whoever owns them: a stage is put away for everybody.
pub async fn open_deals(db: &impl ConnectionTrait, stages: &[Uuid]) -> Result<u64, StoreError> {
    let open = Entity::find().filter(Column::StageId.is_in(stages.iter().copied())).filter(Column::Status.eq("open"));
    Ok(open.filter(Column::ArchivedAt.is_null()).count(db).await?)
}

/// The open deals that stand on a stage, whoever owns them.
pub async fn open_on(db: &impl ConnectionTrait, stage: Uuid) -> Result<Vec<Model>, StoreError> {
    let open = Entity::find().filter(Column::StageId.eq(stage)).filter(Column::Status.eq("open"));
    Ok(open.filter(Column::ArchivedAt.is_null()).order_by_asc(Column::Id).all(db).await?)
}

/// How many deals stand on a stage, closed and archived ones included.
pub async fn deals(db: &impl ConnectionTrait, stage: Uuid) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(Column::StageId.eq(stage)).count(db).await?)
}
