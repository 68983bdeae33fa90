//! What `qiao check` finds when a database was changed by something else than Qiao.

use futures::future::BoxFuture;
use qiao_store::entities::comment;
use qiao_store::sea_orm::{EntityTrait, IntoActiveModel};
use qiao_store::{NewFact, StoreError, Tx, WriteContext, check};
use qiao_testkit::{NOW_MS, on_both};
use uuid::Uuid;

use crate::following::make_company;

const GONE: Uuid = Uuid::from_u128(42);

fn damage<'a>(tx: &'a mut Tx, (): &'a ()) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        make_company(tx).await?;
        let row = comment::Model {
            id: Uuid::from_u128(1),
            record_type: "account".to_owned(),
            record_id: GONE,
            author_id: None,
            author_name: "A".to_owned(),
            text: "?".to_owned(),
            version: 1,
            created_at: 0,
            updated_at: 0,
            archived_at: None,
        };
        comment::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 19).unwrap();
        tx.fact(NewFact::new("opportunity_won", day, "CNY", "opportunity", GONE))?;
        Ok(())
    })
}

#[tokio::test]
async fn what_belongs_to_no_record_is_found() {
    on_both(|db| async move {
        db.store.write(&WriteContext::operator(NOW_MS), (), damage).await.unwrap();
        let broken = check::check(&db.store).await.unwrap().broken;
        let expected = [
            "fact 1: its opportunity is not there".to_owned(),
            format!("comment of account {GONE}: the account is not there"),
        ];
        assert_eq!(broken, expected);
    })
    .await;
}
