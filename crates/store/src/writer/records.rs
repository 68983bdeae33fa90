//! Saving records: the one way in which a business record is created or changed, with its version and audit row.

use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, ModelTrait};
use serde::Serialize;
use uuid::Uuid;

use super::tx::{AuditEntry, DefinitionKind, Tx, insert_all};
use crate::StoreError;
use crate::entities;

/// A business record with a version.
pub trait Record:
    ModelTrait + Clone + PartialEq + Serialize + Send + Sync + IntoActiveModel<<Self::Entity as EntityTrait>::ActiveModel>
{
    /// The word for this kind of record in facts, audit rows and addresses.
    const TYPE: &'static str;

    /// The id.
    fn key(&self) -> Uuid;

    /// The name by which facts are called, where they are called by this kind of record.
    fn names_facts(&self) -> Option<&str> {
        None
    }

    /// When it was put away, ms since 1970 UTC; none while it is there, and for kinds that are never put away.
    fn archived_at(&self) -> Option<i64> {
        None
    }

    /// Puts it away or brings it back.
    fn set_archived_at(&mut self, _: Option<i64>) {}

    /// How often it was written; 0 before the first time.
    fn version(&self) -> i64;

    /// One version on, at a moment (ms since 1970 UTC).
    fn revise(&mut self, now_ms: i64);

    /// The part of the definitions that it belongs to: a change of it is told to every node.
    fn defines(&self) -> Option<DefinitionKind> {
        None
    }

    /// Makes it differ from what was read: something that belongs to it changed, so that it gets a new version.
    fn touch(&mut self);
}

macro_rules! records {
    ($($module:ident $(($named:ident))? $([$archived:ident])? $({$defines:ident})? => $name:literal),* $(,)?) => {$(
        impl Record for entities::$module::Model {
            const TYPE: &'static str = $name;

            fn key(&self) -> Uuid {
                self.id
            }

            $(fn names_facts(&self) -> Option<&str> {
                Some(&self.$named)
            })?

            $(fn archived_at(&self) -> Option<i64> {
                self.$archived
            }

            fn set_archived_at(&mut self, at: Option<i64>) {
                self.$archived = at;
            })?

            $(fn defines(&self) -> Option<DefinitionKind> {
                Some(DefinitionKind::$defines)
            })?

            fn version(&self) -> i64 {
                self.version
            }

            fn touch(&mut self) {
                self.updated_at += 1;
            }

            fn revise(&mut self, now_ms: i64) {
                self.version += 1;
                self.updated_at = now_ms;
            }
        }
    )*};
}

records! {
    account(name)[archived_at] => "account", activity[archived_at] => "activity",
    attachment[archived_at] => "attachment", comment[archived_at] => "comment",
    contact[archived_at] => "contact",
    contract[archived_at] => "contract", delivery => "delivery", invoice[archived_at] => "invoice",
    lead[archived_at] => "lead", opportunity(name)[archived_at] => "opportunity", payment => "payment", person => "person",
    pipeline[archived_at]{Catalog} => "pipeline", product[archived_at]{Catalog} => "product",
    product_line[archived_at]{Catalog} => "product_line", sales_order[archived_at] => "sales_order", target => "target",
    team[archived_at] => "team",
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is new.
    Created,
    /// It was changed.
    Updated,
    /// It was like this already; nothing was written.
    Unchanged,
}

/// A record as it was, none where it is new, and as it is to be.
pub type Change<R> = (Option<R>, R);

fn payload<R: Serialize>(record: &R) -> Option<String> {
    let mut value = serde_json::to_value(record).ok()?;
    if let Some(fields) = value.as_object_mut() {
        // What is empty says nothing, and the two times stand on the audit row.
        fields.retain(|name, value| !value.is_null() && name != "created_at" && name != "updated_at");
    }
    serde_json::to_string(&value).ok()
}

impl Tx {
    /// Saves a record, with its audit row.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn save<R>(&mut self, before: Option<&R>, after: R) -> Result<(Saved, R), StoreError>
    where
        R: Record,
        <R::Entity as EntityTrait>::ActiveModel: Send + Sync,
        <R::Entity as EntityTrait>::Model: IntoActiveModel<<R::Entity as EntityTrait>::ActiveModel>,
    {
        let mut saved = self.save_all(vec![(before.cloned(), after)]).await?;
        saved.pop().ok_or_else(|| StoreError::Damaged("a saved record was lost".to_owned()))
    }

    /// Saves records of one kind, with an audit row for each that changed. New ones go in with one statement. The answer
    /// is in the order of the changes.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn save_all<R>(&mut self, changes: Vec<Change<R>>) -> Result<Vec<(Saved, R)>, StoreError>
    where
        R: Record,
        <R::Entity as EntityTrait>::ActiveModel: Send + Sync,
        <R::Entity as EntityTrait>::Model: IntoActiveModel<<R::Entity as EntityTrait>::ActiveModel>,
    {
        let now_ms = self.now_ms();
        let mut saved = Vec::with_capacity(changes.len());
        let mut new = Vec::new();
        for (before, mut after) in changes {
            if before.as_ref() == Some(&after) {
                saved.push((Saved::Unchanged, after));
                continue;
            }
            after.revise(now_ms);
            if let Some(kind) = after.defines() {
                self.definition_changed(kind);
            }
            let action = match before.as_ref().map(|before| (before.archived_at(), after.archived_at())) {
                None => "created",
                Some((None, Some(_))) => "archived",
                Some((Some(_), None)) => "restored",
                Some(_) => "updated",
            };
            self.audit(AuditEntry {
                action,
                record_type: R::TYPE,
                record_id: Some(after.key()),
                before: before.as_ref().and_then(payload),
                after: payload(&after),
            });
            if let Some(before) = &before {
                if before.names_facts() != after.names_facts() {
                    self.definition_changed(DefinitionKind::Names);
                }
                after.clone().into_active_model().reset_all().update(self.conn()).await?;
                saved.push((Saved::Updated, after));
            } else {
                new.push(after.clone().into_active_model());
                saved.push((Saved::Created, after));
            }
        }
        insert_all::<R::Entity, _>(self.conn(), new).await?;
        Ok(saved)
    }
}
