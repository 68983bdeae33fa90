//! facts.csv: several rows of one id are one fact credited to several people.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::table::{Row, Table, TableError};
use super::{CalcError, Rejected};
use crate::books::{Credit, FactRow, Recognition};
use crate::definitions::{DefinitionsData, Person};
use crate::facts::{ROLE_OWNER, is_kind};
use crate::money::{Currency, parse_minor};

const KNOWN: [&str; 24] = [
    "id",
    "kind",
    "date",
    "person",
    "amount",
    "role",
    "share",
    "margin",
    "quantity",
    "score",
    "currency",
    "account",
    "opportunity",
    "contract",
    "customer_kind",
    "contract_kind",
    "amount_excl_tax",
    "due_date",
    "product",
    "product_line",
    "region",
    "tier",
    "source",
    "reverses",
];
const CREDIT_COLUMNS: [&str; 3] = ["person", "role", "share"];

/// The facts read: `ids[sequence - 1]` and `lines[sequence - 1]` name them.
pub(super) struct ReadFacts {
    pub(super) rows: Vec<FactRow>,
    pub(super) ids: Vec<String>,
    pub(super) lines: Vec<u32>,
}

#[derive(Default)]
struct Names(FxHashMap<String, u128>);

impl Names {
    fn id(&mut self, name: Option<&str>) -> Option<u128> {
        let next = self.0.len() as u128 + 1;
        name.map(|name| *self.0.entry(name.to_owned()).or_insert(next))
    }
}

struct Reader<'a> {
    table: &'a Table,
    currency: Currency,
    attributes: Vec<(usize, &'a str)>,
    has_recognized: bool,
    accounts: Names,
    opportunities: Names,
    contracts: Names,
    people: FxHashMap<String, u128>,
    people_given: bool,
    data: &'a mut DefinitionsData,
}

pub(super) fn read_facts(
    table: &Table,
    currency: Currency,
    people_given: bool,
    data: &mut DefinitionsData,
    rejected: &mut Vec<Rejected>,
) -> Result<ReadFacts, CalcError> {
    table
        .check(&["id", "kind", "date", "person", "amount"])
        .map_err(|error: TableError| CalcError::Table(error))?;
    let known = |name: &str| KNOWN.contains(&name) || name == "recognized";
    let attributes = table
        .header
        .iter()
        .enumerate()
        .filter(|(_, name)| !known(name))
        .map(|(at, name)| (at, name.as_str()))
        .collect();
    let people = data
        .people
        .iter()
        .map(|person| (person.label().to_owned(), person.id))
        .collect();
    let mut reader = Reader {
        table,
        currency,
        attributes,
        has_recognized: table.at("recognized").is_some(),
        accounts: Names::default(),
        opportunities: Names::default(),
        contracts: Names::default(),
        people,
        people_given,
        data,
    };
    let order = by_id(table, rejected);
    let mut read = ReadFacts {
        rows: Vec::new(),
        ids: Vec::new(),
        lines: Vec::new(),
    };
    let mut reversals: Vec<(usize, Row<'_>)> = Vec::new();
    for (id, rows) in &order {
        match reader.fact(rows, read.ids.len() as u32 + 1) {
            Ok(fact) => {
                if rows[0].get("reverses").is_some() {
                    reversals.push((read.rows.len(), rows[0]));
                }
                read.rows.push(fact);
                read.ids.push((*id).to_owned());
                read.lines.push(rows[0].line);
            }
            Err(mut reasons) => rejected.append(&mut reasons),
        }
    }
    link(&mut read, &reversals, rejected);
    Ok(read)
}

/// The rows of each fact, facts in the order of their first row; their rows may lie anywhere.
fn by_id<'a>(table: &'a Table, rejected: &mut Vec<Rejected>) -> Vec<(&'a str, Vec<Row<'a>>)> {
    let mut order: Vec<(&str, Vec<Row<'a>>)> = Vec::new();
    let mut at_id: FxHashMap<&str, usize> = FxHashMap::default();
    for row in table.rows() {
        match row.required("id") {
            Ok(id) => {
                let at = *at_id.entry(id).or_insert_with(|| {
                    order.push((id, Vec::new()));
                    order.len() - 1
                });
                order[at].1.push(row);
            }
            Err(reason) => rejected.push(reason),
        }
    }
    order
}

/// Sets what reversals refer to; one that names no fact of the file is rejected.
fn link(read: &mut ReadFacts, reversals: &[(usize, Row<'_>)], rejected: &mut Vec<Rejected>) {
    let sequences: BTreeMap<&str, u32> = read
        .ids
        .iter()
        .zip(1..)
        .map(|(id, sequence)| (id.as_str(), sequence))
        .collect();
    let mut lost: BTreeSet<u32> = BTreeSet::new();
    for (at, row) in reversals {
        let own = read.rows[*at].sequence;
        match row
            .get("reverses")
            .and_then(|id| sequences.get(id))
            .filter(|origin| **origin != own)
        {
            Some(origin) => read.rows[*at].refers_to = Some(*origin),
            None => {
                lost.insert(own);
                rejected.push(row.reject("reverses", "is not the id of another fact of the file"));
            }
        }
    }
    read.rows.retain(|row| !lost.contains(&row.sequence));
}

impl Reader<'_> {
    fn fact(&mut self, rows: &[Row<'_>], sequence: u32) -> Result<FactRow, Vec<Rejected>> {
        let first = rows[0];
        let mut reasons = Vec::new();
        for row in &rows[1..] {
            for (at, column) in self.table.header.iter().enumerate() {
                let cell =
                    |row: &Row<'_>| row.cells.get(at).map_or("", |cell| cell.trim()).to_owned();
                if !CREDIT_COLUMNS.contains(&column.as_str()) && cell(row) != cell(&first) {
                    reasons.push(row.reject(
                        column,
                        format!("differs from line {} of the same fact", first.line),
                    ));
                }
            }
        }
        let fact = self
            .columns(first, sequence)
            .map_err(|reason| reasons.push(reason))
            .ok();
        let mut credits = Vec::new();
        for row in rows {
            match self.credit(*row) {
                Ok(credit) => credits.push(credit),
                Err(reason) => reasons.push(reason),
            }
        }
        let owners: u64 = credits
            .iter()
            .filter(|credit| credit.role == ROLE_OWNER)
            .map(|credit| u64::from(credit.share_ppm))
            .sum();
        if owners > 1_000_000 {
            reasons.push(first.reject("share", "the owner shares of the fact sum to more than 1"));
        }
        match fact {
            Some(fact) if reasons.is_empty() => Ok(FactRow { credits, ..fact }),
            _ => Err(reasons),
        }
    }

    fn columns(&mut self, row: Row<'_>, sequence: u32) -> Result<FactRow, Rejected> {
        let kind = row.required("kind")?;
        if !is_kind(kind) {
            return Err(row.reject("kind", "is not a kind; use a-z, digits and _"));
        }
        let date = row
            .date("date")?
            .ok_or_else(|| row.reject("date", "is empty"))?;
        let currency = match row.get("currency") {
            None => self.currency,
            Some(code) => code
                .parse::<Currency>()
                .map_err(|error| row.reject("currency", error.to_string()))?,
        };
        let money = |column: &str| -> Result<Option<i64>, Rejected> {
            let Some(text) = row.get(column) else {
                return Ok(None);
            };
            parse_minor(text, currency)
                .map(Some)
                .map_err(|error| row.reject(column, error.to_string()))
        };
        row.required("amount")?;
        let recognition = match (self.has_recognized, row.date("recognized")?) {
            (false, _) => Recognition::Recognized(date),
            (true, Some(recognized)) => Recognition::Recognized(recognized),
            (true, None) => Recognition::Pending,
        };
        let word = |column: &str| row.get(column).map(str::to_owned);
        let attribute = |(at, name): &(usize, &str)| {
            let value = row
                .cells
                .get(*at)
                .map(|cell| cell.trim())
                .filter(|cell| !cell.is_empty())?;
            Some(((*name).to_owned(), value.to_owned()))
        };
        Ok(FactRow {
            account_group: self.accounts.id(row.get("account")),
            opportunity: self.opportunities.id(row.get("opportunity")),
            contract: self.contracts.id(row.get("contract")),
            product: word("product"),
            product_line: word("product_line"),
            region: word("region"),
            tier: word("tier"),
            customer_kind: word("customer_kind"),
            contract_kind: word("contract_kind"),
            source: word("source"),
            amount_excl_tax_minor: money("amount_excl_tax")?,
            margin_minor: money("margin")?,
            quantity_micro: row.micro("quantity")?,
            score_micro: row.micro("score")?,
            due_date: row.date("due_date")?,
            attributes: self.attributes.iter().filter_map(attribute).collect(),
            recognition,
            ..FactRow::new(
                sequence,
                kind,
                date,
                money("amount")?.unwrap_or(0),
                currency,
            )
        })
    }

    fn credit(&mut self, row: Row<'_>) -> Result<Credit, Rejected> {
        let label = row.required("person")?;
        let share = match row.micro("share")? {
            None => 1_000_000,
            Some(share) => u32::try_from(share)
                .ok()
                .filter(|share| (1..=1_000_000).contains(share))
                .ok_or_else(|| row.reject("share", "must be above 0 and at most 1"))?,
        };
        let person = match self.people.get(label) {
            Some(person) => *person,
            None if self.people_given => return Err(row.reject("person", "is not in people.csv")),
            None => {
                let id = self.people.len() as u128 + 1;
                self.people.insert(label.to_owned(), id);
                self.data.people.push(Person {
                    id,
                    external_id: Some(label.to_owned()),
                    name: label.to_owned(),
                    ..Person::default()
                });
                id
            }
        };
        Ok(Credit {
            person,
            role: row.get("role").unwrap_or(ROLE_OWNER).to_owned(),
            share_ppm: share,
        })
    }
}
