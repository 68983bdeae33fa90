//! A write load whose every write can be told apart: a won opportunity with two facts, their credits, an audit line and
//! an idempotency key. The crash test and the durability trace run it in a process of its own (`write-load`).

use chrono::NaiveDate;
use futures::future::BoxFuture;
use qiao_store::entities::{opportunity, person, pipeline, stage};
use qiao_store::sea_orm::{EntityTrait, IntoActiveModel};
use qiao_store::{Actor, AuditEntry, IdempotencyKey, NewFact, Store, StoreError, Tx, WriteContext, WriteError};
use uuid::Uuid;

use crate::NOW_MS;

/// The one owner, pipeline and stage of the load.
const OWNER: Uuid = Uuid::from_u128(1);
const PIPELINE: Uuid = Uuid::from_u128(2);
const STAGE: Uuid = Uuid::from_u128(3);
/// Whose idempotency keys they are.
const USER: Uuid = Uuid::from_u128(4);

/// One write of the load, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The name of the opportunity, and the idempotency key.
    pub key: String,
}

/// How a write of the load was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It was done now.
    Done,
    /// It had been done before under its key.
    Before,
}

/// Makes what the writes refer to.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn prepare(store: &Store) -> Result<(), StoreError> {
    store.write(&WriteContext::operator(NOW_MS), (), |tx, ()| Box::pin(around(tx))).await.map_err(said)
}

async fn around(tx: &mut Tx) -> Result<(), StoreError> {
    let owner = person::Model {
        id: OWNER,
        external_id: Some("load".to_owned()),
        name: "load".to_owned(),
        email: None,
        phone: None,
        kind: "employee".to_owned(),
        start_date: None,
        end_date: None,
        attributes: "{}".to_owned(),
        version: 1,
        created_at: NOW_MS,
        updated_at: NOW_MS,
        archived_at: None,
    };
    person::Entity::insert(owner.into_active_model()).exec_without_returning(tx.conn()).await?;
    let line = pipeline::Model {
        id: PIPELINE,
        external_id: None,
        name: "load".to_owned(),
        position: 1,
        version: 1,
        created_at: NOW_MS,
        updated_at: NOW_MS,
        archived_at: None,
    };
    pipeline::Entity::insert(line.into_active_model()).exec_without_returning(tx.conn()).await?;
    let won = stage::Model {
        id: STAGE,
        pipeline_id: PIPELINE,
        code: "won".to_owned(),
        name: "won".to_owned(),
        position: 1,
        kind: "won".to_owned(),
        probability_ppm: 1_000_000,
        required: "[]".to_owned(),
        archived_at: None,
    };
    stage::Entity::insert(won.into_active_model()).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Does a write and answers after it is durable; a write that did not happen is sent again under its key.
///
/// # Errors
/// [`StoreError`] where the database refused for good.
pub async fn send(store: &Store, write: &Write) -> Result<Answered, StoreError> {
    let key = IdempotencyKey { user_id: USER, key: write.key.clone(), request_digest: write.key.clone().into_bytes() };
    let context = WriteContext { actor: Actor::Operator, now_ms: NOW_MS, idempotency: Some(key) };
    loop {
        match store.write(&context, write.clone(), create).await {
            Ok(()) => return Ok(Answered::Done),
            Err(WriteError::Replayed(_)) => return Ok(Answered::Before),
            Err(WriteError::Store(StoreError::Unavailable(_))) => {}
            Err(error) => return Err(said(error)),
        }
    }
}

fn said(error: WriteError<StoreError>) -> StoreError {
    match error {
        WriteError::Refused(error) | WriteError::Store(error) => error,
        WriteError::Replayed(_) => StoreError::Unavailable("it was done before".to_owned()),
    }
}

fn create<'a>(tx: &'a mut Tx, write: &'a Write) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        let day = NaiveDate::from_ymd_opt(2026, 3, 19).unwrap_or_default();
        let id = Uuid::now_v7();
        let row = opportunity::Model {
            id,
            // The name is not unique for the database: only the idempotency key keeps a repeated request out.
            external_id: None,
            name: write.key.clone(),
            account_id: None,
            contact_id: None,
            lead_id: None,
            owner_id: Some(OWNER),
            pipeline_id: PIPELINE,
            stage_id: STAGE,
            status: "won".to_owned(),
            product_id: None,
            amount_minor: Some(100),
            currency: "CNY".to_owned(),
            opened_on: Some(day),
            expected_close_on: None,
            closed_on: Some(day),
            stage_entered_at: NOW_MS,
            source: None,
            lost_reason: None,
            competitor: None,
            next_step: None,
            attributes: "{}".to_owned(),
            version: 1,
            created_at: NOW_MS,
            created_by: None,
            updated_at: NOW_MS,
            archived_at: None,
        };
        opportunity::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
        for kind in ["stage_entered", "opportunity_won"] {
            let mut new = NewFact::new(kind, day, "CNY", "opportunity", id);
            new.opportunity_id = Some(id);
            new.amount_minor = 100;
            new.credits = vec![(OWNER, "owner".to_owned(), 1_000_000)];
            tx.fact(new)?;
        }
        let after = Some(write.key.clone());
        let (action, record_type, record_id) = ("created", "opportunity", Some(id));
        tx.audit(AuditEntry { action, record_type, record_id, before: None, after });
        tx.answer(201, write.key.clone());
        Ok(())
    })
}
