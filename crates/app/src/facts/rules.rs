//! Naming facts.

use std::collections::BTreeMap;

use qiao_engine::Language;
use qiao_engine::facts::kind_name;
use qiao_engine::money::Currency;
use qiao_store::ledger::{self, NamedFact};
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{Store, StoreError};
use uuid::Uuid;

use super::queries;
use crate::figures::{Amount, FactView, RecordId, RecordRef};

/// A fact with the names it is shown by.
#[derive(Clone, Debug)]
pub struct Named {
    /// What the ledger holds of it.
    pub fact: NamedFact,
}

/// Reads facts by sequence, with their names.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn named(store: &Store, sequences: &[u32]) -> Result<BTreeMap<u32, Named>, StoreError> {
    let mut all = BTreeMap::new();
    // Bounded lists: a long one is read in parts.
    for part in sequences.chunks(500) {
        let facts = ledger::named(store, part).await?;
        all.extend(facts.into_iter().map(|fact| (fact.sequence, Named { fact })));
    }
    Ok(all)
}

/// Every fact that came from a record, those that were taken back included.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn facts_of(store: &Store, record: Uuid) -> Result<Vec<Named>, StoreError> {
    Ok(ledger::named_of(store, record).await?.into_iter().map(|fact| Named { fact }).collect())
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
