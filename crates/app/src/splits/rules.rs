//! Rules of splits: how they are read, which ones are in force on a day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_engine::definitions::Definitions;
use qiao_store::entities::split;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{AuditEntry, StoreError, Tx};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::entry::Row;
use crate::error::AppError;

/// The parts of a split in a file: `p1|owner|0.6|2026-01-01`.
const COLUMNS: &[&str] = &["person", "role", "share", "from"];

/// A share as it is sent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct SplitForm {
    /// The person's id.
    pub person_id: String,
    /// owner where absent. Owners' shares sum to at most one; other roles come on top.
    #[serde(default)]
    pub role: Option<String>,
    /// A fraction of one, for example `0.6`.
    pub share: String,
    /// The day from which this division holds; it replaces the one before from that day.
    #[serde(default)]
    pub from: Option<String>,
}

/// A share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SplitView {
    /// The person.
    pub person_id: Uuid,
    /// The role.
    pub role: String,
    /// A fraction of one.
    pub share: String,
    /// The day from which it holds; none where it always did.
    pub from: Option<String>,
}

/// The shares of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Splits(Vec<split::Model>);

/// The day from which a division holds that names no day.
fn always() -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default()
}

impl Splits {
    /// The divisions of some records of a type.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn of(
        db: &impl ConnectionTrait,
        record_type: &str,
        ids: &[Uuid],
    ) -> Result<BTreeMap<Uuid, Self>, StoreError> {
        let mut all: BTreeMap<Uuid, Self> = BTreeMap::new();
        if !ids.is_empty() {
            for row in queries::of(db, record_type, ids).await? {
                all.entry(row.record_id).or_default().0.push(row);
            }
        }
        Ok(all)
    }

    /// Reads the division that a row states; what was there where it states none.
    pub fn read(row: &mut Row, record: (&str, Uuid), old: &Self, definitions: &Definitions) -> Self {
        let Some(parts) = row.parts("splits", COLUMNS) else { return old.clone() };
        let mut splits = Vec::new();
        for mut part in parts {
            // Anybody of the company may share in a deal; seeing them is another matter.
            let person = part.person("person", definitions, &RowScope::All);
            if person.is_none() && part.get("person").is_none() {
                part.wrong("person", "required", &[]);
            }
            let role = part.text("role", 50).unwrap_or_else(|| "owner".to_owned());
            let share = part.share("share");
            if share == Some(0) {
                part.wrong("share", "not_positive", &[]);
            } else if share.is_none() && part.get("share").is_none() {
                part.wrong("share", "required", &[]);
            }
            let from_date = part.date("from").unwrap_or_else(always);
            if let (Some(person_id), Some(share_ppm)) = (person, share) {
                let (record_type, record_id) = (record.0.to_owned(), record.1);
                splits.push(split::Model { id: 0, record_type, record_id, person_id, role, share_ppm, from_date });
            }
            row.absorb(part);
        }
        check(row, &splits);
        Self(splits)
    }

    /// Who is credited by it.
    pub fn people(&self) -> impl Iterator<Item = Uuid> {
        self.0.iter().map(|split| split.person_id)
    }

    /// True where it says the same as another.
    #[must_use]
    pub fn says(&self, other: &Self) -> bool {
        self.keys() == other.keys()
    }

    fn keys(&self) -> Vec<(NaiveDate, &str, Uuid, i64)> {
        let mut keys: Vec<_> =
            self.0.iter().map(|s| (s.from_date, s.role.as_str(), s.person_id, s.share_ppm)).collect();
        keys.sort_unstable();
        keys
    }

    /// Stores a division that differs from the old one, with an audit row.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn store(&self, tx: &mut Tx, record: (&'static str, Uuid), old: &Self) -> Result<(), StoreError> {
        if self.says(old) {
            return Ok(());
        }
        queries::replace(tx.conn(), record.0, record.1, !old.0.is_empty(), &self.0).await?;
        tx.audit(AuditEntry {
            action: "splits_changed",
            record_type: record.0,
            record_id: Some(record.1),
            before: serde_json::to_string(&old.views()).ok(),
            after: serde_json::to_string(&self.views()).ok(),
        });
        Ok(())
    }

    /// Who is credited on a day: the division with the latest beginning by then; the owner alone where there is none.
    #[must_use]
    pub fn on(&self, day: NaiveDate, owner: Option<Uuid>) -> Vec<(Uuid, String, i64)> {
        match self.0.iter().map(|s| s.from_date).filter(|from| *from <= day).max() {
            Some(from) => {
                let own = self.0.iter().filter(|s| s.from_date == from);
                own.map(|s| (s.person_id, s.role.clone(), s.share_ppm)).collect()
            }
            None => owner.map(|owner| (owner, "owner".to_owned(), 1_000_000)).into_iter().collect(),
        }
    }

    /// As the API answers it.
    #[must_use]
    pub fn views(&self) -> Vec<SplitView> {
        let view = |s: &split::Model| SplitView {
            person_id: s.person_id,
            role: s.role.clone(),
            share: share_text(s.share_ppm),
            from: (s.from_date != always()).then(|| s.from_date.to_string()),
        };
        self.0.iter().map(view).collect()
    }

    /// As a file has it.
    #[must_use]
    pub fn cell(&self, definitions: &Definitions) -> String {
        let part = |s: &SplitView| {
            let person = definitions.people.get(&s.person_id.as_u128());
            let person = person.map_or_else(|| s.person_id.to_string(), |person| person.key().to_owned());
            let from = s.from.as_ref().map(|from| format!("|{from}")).unwrap_or_default();
            format!("{person}|{}|{}{from}", s.role, s.share)
        };
        self.views().iter().map(part).collect::<Vec<_>>().join(";")
    }
}

/// Parts per million as a fraction of one.
#[must_use]
pub fn share_text(ppm: i64) -> String {
    Decimal::new(ppm, 6).normalize().to_string()
}

/// Owners' shares sum to at most the whole in each division, and nobody stands twice in a role.
fn check(row: &mut Row, splits: &[split::Model]) {
    let mut owners: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for (index, split) in splits.iter().enumerate() {
        let twice = |other: &split::Model| {
            (other.person_id, &other.role, other.from_date) == (split.person_id, &split.role, split.from_date)
        };
        if splits.iter().take(index).any(twice) {
            row.wrong("splits", "duplicate_person", &[]);
        }
        if split.role == "owner" {
            *owners.entry(split.from_date).or_default() += split.share_ppm;
        }
    }
    if let Some(sum) = owners.values().max().filter(|sum| **sum > 1_000_000) {
        let percent = format!("{} %", Decimal::new(*sum, 4).normalize());
        row.wrong("splits", "split_over_one", &[&percent]);
    }
}

/// The people who share in records of a type within a scope: for finding what somebody may see.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn shared_with(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    record_type: &str,
    id: Uuid,
) -> Result<bool, AppError> {
    let splits = queries::of(db, record_type, &[id]).await?;
    Ok(splits.iter().any(|split| scope.covers(Some(split.person_id))))
}
