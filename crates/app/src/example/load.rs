//! How the example company's rows go in: as the lines of a file do, by the rules of each kind of record. What the log says of
//! who did it and when is what the story tells: whoever owns a record made it on its day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use qiao_store::Tx;
use serde_json::Value;
use uuid::Uuid;

use super::people::Staff;
use crate::context::Context;
use crate::entry::{Chunk, Entry, Row, reason};
use crate::error::AppError;
use crate::imports::Table;
use crate::state::AppState;
use crate::time::midnight;

/// Rows in one transaction.
const CHUNK: usize = 200;
/// The fields that say on which day a record of some kind was made.
const DAYS: [&str; 7] = ["opened_on", "created_on", "signed_on", "received_on", "issued_on", "sold_on", "delivered_on"];
/// The minute of the day at which work begins, and for how many it goes on.
const WORK: (i64, i64) = (9 * 60, 8 * 60);
const MINUTE: i64 = 60_000;

/// Who did what.
#[derive(Clone, Debug)]
pub struct Hands {
    /// People by id, with their first day.
    people: BTreeMap<Uuid, (String, NaiveDate)>,
    /// Who made what nobody owns.
    others: String,
    /// The day on which records without a day were made.
    day: NaiveDate,
    /// False for what is brought in today, whatever day it is about.
    on_its_day: bool,
    zone: Tz,
    now_ms: i64,
}

impl Hands {
    /// The hands of a company's staff; what has no day is as old as the company's records.
    ///
    /// # Errors
    /// [`AppError::Store`] where the database refused.
    pub async fn of(state: &AppState, context: &Context, staff: &[Staff], day: NaiveDate) -> Result<Self, AppError> {
        let definitions = state.books().definitions().await?;
        let known = staff.iter().filter_map(|one| {
            let person = definitions.person_by_key(&one.key)?;
            Some((Uuid::from_u128(person.id), (one.name.clone(), one.start)))
        });
        let (zone, now_ms) = (context.company.timezone, context.now_ms);
        Ok(Self { people: known.collect(), others: String::new(), day, on_its_day: true, zone, now_ms })
    }

    /// The same, where what nobody owns is made by the first person of a role.
    #[must_use]
    pub fn else_by(&self, staff: &[Staff], role: &str) -> Self {
        let others = staff.iter().find(|one| one.role == role).map(|one| one.name.clone()).unwrap_or_default();
        Self { others, ..self.clone() }
    }

    /// The same for what is brought in on a day, whatever day it is about.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Self {
        Self { day, on_its_day: false, ..self.clone() }
    }

    /// Who made a record, and when.
    fn author(&self, record: &Value) -> Option<(String, i64)> {
        let key = record.get("external_id").and_then(Value::as_str).unwrap_or_default();
        let text = |name: &str| record.get(name).and_then(Value::as_str);
        let owner = text("owner_id").and_then(|id| Uuid::try_parse(id).ok()).and_then(|id| self.people.get(&id));
        let (name, start) = owner.cloned().unwrap_or_else(|| (self.others.clone(), self.day));
        if name.is_empty() {
            return None;
        }
        if let (Some(at), true) = (record.get("happened_at").and_then(Value::as_i64), self.on_its_day) {
            return Some((name, at.min(self.now_ms)));
        }
        let said = DAYS.iter().find_map(|field| text(field)?.parse::<NaiveDate>().ok()).filter(|_| self.on_its_day);
        let day = said.unwrap_or(self.day.max(start));
        let minute = WORK.0 + key.bytes().fold(0_i64, |sum, byte| (sum * 31 + i64::from(byte)) % WORK.1);
        Some((name, (midnight(day, self.zone)? + minute * MINUTE).min(self.now_ms)))
    }
}

/// Writes the rows of a table as records of a kind.
///
/// # Errors
/// [`AppError`] where the database refused; what the generator made wrongly is an error too.
pub async fn load<E: Entry>(state: &AppState, context: &Context, table: &Table, hands: &Hands) -> Result<(), AppError> {
    for part in table.rows.chunks(CHUNK) {
        let row = |(line, cells): &(usize, Vec<String>)| {
            let named = table.header.iter().cloned().zip(cells.iter().cloned());
            Row::new(*line, named.filter(|(_, value)| !value.is_empty()).collect())
        };
        let rows = part.iter().map(row).collect();
        let chunk = Chunk { rows, context: context.clone(), view: state.books().view().await? };
        let input = (chunk, hands.clone());
        state.store().write(&context.write(), input, |tx, input| Box::pin(write::<E>(tx, input))).await?;
    }
    Ok(())
}

async fn write<E: Entry>(tx: &mut Tx, (chunk, hands): &(Chunk, Hands)) -> Result<(), AppError> {
    for (outcome, _) in E::write(tx, chunk).await? {
        if !outcome.errors.is_empty() {
            let why = reason(&outcome.errors, chunk.context.locale);
            let detail = format!("example {} line {}: {why}", std::any::type_name::<E>(), outcome.line);
            return Err(AppError::Unreadable { code: "invalid", detail });
        }
    }
    tx.sign(|record| hands.author(record));
    Ok(())
}
