//! Naming facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use qiao_engine::Language;
use qiao_engine::facts::kind_name;
use qiao_engine::money::Currency;
use qiao_store::ledger::{self, NamedFact};
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{Store, StoreError};
use uuid::Uuid;

use super::queries;
use crate::context::Context;
use crate::error::AppError;
use crate::figures::{Amount, FactView, RecordId, RecordRef};
use crate::state::AppState;

/// Facts kept at most, some hundred bytes each.
pub const KEPT: usize = 20_000;
/// Facts read by one statement.
const PART: usize = 500;

/// A fact with the names it is shown by.
#[derive(Clone, Debug)]
pub struct Named {
    /// What the ledger holds of it.
    pub fact: Arc<NamedFact>,
}

/// The facts that were named, by sequence, under the number of [`qiao_store::books::View::names`]. A fact itself never
/// changes; the estimate of today shows all but one or two of those it showed an hour ago.
pub type Names = qiao_store::Kept<u32, Named>;

/// Reads facts by sequence, with their names.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn named(state: &AppState, context: &Context, sequences: &[u32]) -> Result<BTreeMap<u32, Named>, AppError> {
    let number = state.view(context).await?.names;
    let known = state.names().get(number, sequences);
    let mut all: BTreeMap<u32, Named> =
        sequences.iter().zip(known).filter_map(|(sequence, named)| Some((*sequence, named?))).collect();
    let unknown: Vec<u32> = sequences.iter().copied().filter(|sequence| !all.contains_key(sequence)).collect();
    for part in unknown.chunks(PART) {
        let facts = ledger::named(state.store(), part).await?;
        let read = facts.into_iter().map(|fact| (fact.sequence, Named { fact: Arc::new(fact) }));
        let read: Vec<(u32, Named)> = read.collect();
        // A long list is somebody's export: it would take the place of what is looked at again.
        if sequences.len() <= PART {
            state.names().keep(number, read.iter().cloned());
        }
        all.extend(read);
    }
    Ok(all)
}

/// Every fact that came from a record, those that were taken back included.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn facts_of(store: &Store, record: Uuid) -> Result<Vec<Named>, StoreError> {
    Ok(ledger::named_of(store, record).await?.into_iter().map(|fact| Named { fact: Arc::new(fact) }).collect())
}

/// The kind of record in words.
#[must_use]
pub fn record_type_name(record_type: &str, language: Language) -> &str {
    let names = [
        ("lead", "线索", "Lead"),
        ("activity", "跟进", "Activity"),
        ("opportunity", "商机", "Opportunity"),
        ("contract", "合同", "Contract"),
        ("payment", "回款", "Payment"),
        ("invoice", "开票", "Invoice"),
        ("sales_order", "订单", "Order"),
        ("delivery", "交付", "Delivery"),
        ("account", "客户", "Account"),
        ("contact", "联系人", "Contact"),
    ];
    names.iter().find(|(known, _, _)| *known == record_type).map_or(record_type, |(_, zh, en)| language.pick(zh, en))
}

impl Named {
    /// What the fact is called: its customer, else its deal.
    #[must_use]
    pub fn label(&self) -> String {
        self.fact.account.clone().or_else(|| self.fact.opportunity.clone()).unwrap_or_default()
    }

    /// Something that was recorded with it, by name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<String> {
        let all: serde_json::Value = serde_json::from_str(self.fact.attributes.as_deref()?).ok()?;
        Some(all.get(name)?.as_str()?.to_owned())
    }

    /// The fact as an answer shows it.
    #[must_use]
    pub fn view(&self, language: Language) -> FactView {
        let fact = &self.fact;
        let currency = fact.currency.parse().unwrap_or(Currency::CNY);
        let reversal = fact.refers && qiao_engine::facts::reverses(&fact.kind);
        FactView {
            id: fact.id,
            date: fact.date.to_string(),
            kind: fact.kind.clone(),
            kind_name: kind_name(&fact.kind, language).to_owned(),
            label: self.label(),
            amount: Amount::minor(fact.amount_minor, currency),
            note: reversal.then(|| language.pick("冲销", "Reversal").to_owned()),
            record: Some(RecordId { record_type: fact.record_type.clone(), id: fact.record_id }),
        }
    }

    /// The record the fact comes from.
    #[must_use]
    pub fn record(&self, language: Language) -> RecordRef {
        let name = self.fact.opportunity.clone().or_else(|| self.fact.account.clone()).unwrap_or_default();
        RecordRef {
            record_type: self.fact.record_type.clone(),
            type_name: record_type_name(&self.fact.record_type, language).to_owned(),
            id: self.fact.record_id,
            name,
        }
    }
}

/// The facts of some records that stand, with their credits.
#[derive(Clone, Debug, Default)]
pub struct Standings(BTreeMap<Uuid, Vec<super::Standing>>);

impl Standings {
    /// Those of a record; none where it has none yet.
    #[must_use]
    pub fn of(&self, record: Uuid) -> &[super::Standing] {
        self.0.get(&record).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Reads the facts of some records that stand.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn standing(db: &impl ConnectionTrait, records: &[Uuid]) -> Result<Standings, StoreError> {
    let mut by_record: BTreeMap<Uuid, Vec<super::Standing>> = BTreeMap::new();
    for (fact, credits) in queries::standing(db, records).await? {
        by_record.entry(fact.record_id).or_default().push((fact, credits));
    }
    Ok(Standings(by_record))
}
