//! facts.csv: several rows of one id are one fact, credited to several people.

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use super::people::People;
use super::table::{Row, Table, decimal};
use super::{CalcError, Rejected};
use crate::books::{Credit, FactRow, Id, Recorded};
use crate::facts::{is_kind, reverses};
use crate::money::{Currency, parse_minor};
use crate::plans::Plan;

const REQUIRED: [&str; 5] = ["id", "kind", "date", "person", "amount"];
/// What is read into a column of its own. `product` is not among them: conditions name it like an attribute.
const KNOWN: [&str; 25] = [
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
    "product_line",
    "region",
    "tier",
    "source",
    "reverses",
    "recognized",
    "recorded",
];
/// What may differ between the rows of one fact.
const CREDIT_COLUMNS: [&str; 3] = ["person", "role", "share"];
const NUMBERS: [&str; 5] = ["amount", "amount_excl_tax", "margin", "quantity", "score"];
const OWNER: &str = "owner";
const WHOLE_PPM: u32 = 1_000_000;
/// The largest figure, minor units: thousands of such facts still sum without an overflow.
const MOST_MINOR: i64 = 1_000_000_000_000_000;

/// The facts read.
#[derive(Debug, Default)]
pub(super) struct ReadFacts {
    pub(super) rows: Vec<FactRow>,
    /// The id and the line of the fact with a sequence, at `sequence - 1`.
    pub(super) names: Vec<(String, usize)>,
    /// When facts became known, where that is not the day they count on.
    pub(super) recorded: Recorded,
}

/// The columns of facts that conditions and formulas name as attributes.
pub(super) fn attribute_names(table: &Table) -> Vec<String> {
    table.header.iter().filter(|name| !KNOWN.contains(&name.as_str())).cloned().collect()
}

/// Ids of records, by the names that files give them.
#[derive(Default)]
struct Names<'a>(FxHashMap<&'a str, Id>);

impl<'a> Names<'a> {
    fn id(&mut self, name: Option<&'a str>) -> Option<Id> {
        let next = self.0.len() as Id + 1;
        name.map(|name| *self.0.entry(name).or_insert(next))
    }
}

struct Reader<'a, 'p> {
    table: &'a Table,
    currency: Currency,
    people: &'p mut People,
    attributes: Vec<(usize, &'a str)>,
    has_recognized: bool,
    other_currencies: bool,
    accounts: Names<'a>,
    opportunities: Names<'a>,
    contracts: Names<'a>,
    products: Names<'a>,
}

/// Reads facts. Every row of the file either belongs to a fact that was read or is among what was rejected.
///
/// # Errors
/// [`CalcError::MissingColumn`].
pub(super) fn read_facts(
    table: &Table,
    currency: Currency,
    plan: &Plan,
    has_rates: bool,
    people: &mut People,
    rejected: &mut Vec<Rejected>,
) -> Result<ReadFacts, CalcError> {
    table.require(&REQUIRED)?;
    // Customers, deals and contracts are numbers in the books; where a plan names one, its facts keep the name, too.
    let text = serde_json::to_string(plan).unwrap_or_default();
    let named = |name: &str| ["account", "opportunity", "contract"].contains(&name) && text.contains(name);
    let attributes = table
        .header
        .iter()
        .enumerate()
        .filter(|(_, name)| !KNOWN.contains(&name.as_str()) || named(name))
        .map(|(at, n)| (at, n.as_str()));
    let mut reader = Reader {
        table,
        currency,
        people,
        attributes: attributes.collect(),
        has_recognized: table.at("recognized").is_some(),
        other_currencies: has_rates || plan.currency_rates.as_ref().is_some_and(|rates| !rates.fixed.is_empty()),
        accounts: Names::default(),
        opportunities: Names::default(),
        contracts: Names::default(),
        products: Names::default(),
    };
    let mut read = ReadFacts::default();
    let mut reversals = Vec::new();
    let mut facts = by_id(table, rejected);
    // Facts of one day are cumulated in the order of their ids, wherever they stand in the file.
    facts.sort_by_key(|(id, ..)| *id);
    for (id, first, others) in facts {
        match reader.fact(first, &others, read.names.len() as u32 + 1) {
            Ok((fact, known)) => {
                if known != fact.counts_on.unwrap_or(fact.date) {
                    read.recorded.insert(fact.sequence, known);
                }
                if first.get("reverses").is_some() {
                    reversals.push((read.rows.len(), first, others));
                }
                read.rows.push(fact);
                read.names.push((id.to_owned(), first.line));
            }
            Err(reasons) => reject_all(first, &others, reasons, rejected),
        }
    }
    link(&mut read, reversals, rejected);
    Ok(read)
}

type RowsOfFact<'a> = (&'a str, Row<'a>, Vec<Row<'a>>);

/// The rows of each fact, the first apart; facts in the order of their first row. Their rows may lie anywhere.
fn by_id<'a>(table: &'a Table, rejected: &mut Vec<Rejected>) -> Vec<RowsOfFact<'a>> {
    let mut order: Vec<RowsOfFact<'a>> = Vec::new();
    let mut at_id: FxHashMap<&str, usize> = FxHashMap::default();
    for row in table.rows() {
        match row.required("id") {
            Ok(id) => match at_id.get(id).and_then(|at| order.get_mut(*at)) {
                Some((_, _, others)) => others.push(row),
                None => {
                    at_id.insert(id, order.len());
                    order.push((id, row, Vec::new()));
                }
            },
            Err(reason) => rejected.push(reason),
        }
    }
    order
}

/// Rejects every row of a fact: those with a reason for it, the others because they belong to the same fact.
fn reject_all(first: Row<'_>, others: &[Row<'_>], reasons: Vec<Rejected>, rejected: &mut Vec<Rejected>) {
    let named: FxHashSet<usize> = reasons.iter().map(|reason| reason.line).collect();
    let because = reasons.first().map_or(first.line, |reason| reason.line);
    for row in std::iter::once(&first).chain(others).filter(|row| !named.contains(&row.line)) {
        rejected.push(row.reject("id", format!("belongs to a fact that is rejected because of line {because}")));
    }
    rejected.extend(reasons);
}

/// Sets what reversals refer to. One that names no fact of the file, or does not take back, is rejected.
fn link(read: &mut ReadFacts, reversals: Vec<(usize, Row<'_>, Vec<Row<'_>>)>, rejected: &mut Vec<Rejected>) {
    let sequences: FxHashMap<&str, u32> =
        read.names.iter().zip(1..).map(|((id, _), sequence)| (id.as_str(), sequence)).collect();
    let mut origins: Vec<(usize, u32)> = Vec::new();
    let mut lost: FxHashSet<u32> = FxHashSet::default();
    for (at, row, others) in reversals {
        let Some(own) = read.rows.get(at) else { continue };
        let origin = row.get("reverses").and_then(|id| sequences.get(id)).copied().filter(|o| *o != own.sequence);
        let amount = |sequence: u32| read.rows.get(sequence as usize - 1).map_or(0, |fact| fact.amount_minor);
        let reason = match origin {
            None => {
                Some(row.reject("reverses", "is not the id of another fact in this file; add it or correct the id"))
            }
            Some(origin) if reverses(&own.kind) && amount(origin).signum() * own.amount_minor.signum() > 0 => {
                let reason = "has the sign of what it takes back; a reversal's amount is the negative change";
                Some(row.reject("amount", reason))
            }
            Some(origin) => {
                origins.push((at, origin));
                None
            }
        };
        if let Some(reason) = reason {
            lost.insert(own.sequence);
            reject_all(row, &others, vec![reason], rejected);
        }
    }
    for (at, origin) in origins {
        if let Some(row) = read.rows.get_mut(at) {
            row.refers_to = Some(origin);
        }
    }
    read.rows.retain(|row| !lost.contains(&row.sequence));
}

impl<'a> Reader<'a, '_> {
    fn fact(
        &mut self,
        first: Row<'a>,
        others: &[Row<'a>],
        sequence: u32,
    ) -> Result<(FactRow, NaiveDate), Vec<Rejected>> {
        let mut reasons = Vec::new();
        for row in others {
            for (at, column) in self.table.header.iter().enumerate() {
                let (own, other) = (row.cell(at), first.cell(at));
                let is_number = NUMBERS.contains(&column.as_str());
                let same = own == other || is_number && decimal(own).is_some() && decimal(own) == decimal(other);
                if !CREDIT_COLUMNS.contains(&column.as_str()) && !same {
                    let reason = format!("differs from line {} of the same fact ('{}')", first.line, other);
                    reasons.push(row.reject(column, reason));
                }
            }
        }
        let fact = self.columns(first, sequence).map_err(|reason| reasons.push(reason)).ok();
        let known = first.date("recorded").map_err(|reason| reasons.push(reason)).ok().flatten();
        let mut credits: Vec<Credit> = Vec::new();
        let mut owners = 0_u64;
        for row in std::iter::once(&first).chain(others) {
            match self.credit(*row) {
                Ok(credit) if credits.iter().any(|c| c.person == credit.person && c.role == credit.role) => {
                    reasons.push(row.reject("person", "is credited twice in one role of the fact; keep one row"));
                }
                Ok(credit) => {
                    owners += if credit.role == OWNER { u64::from(credit.share_ppm) } else { 0 };
                    credits.push(credit);
                }
                Err(reason) => reasons.push(reason),
            }
        }
        if owners > u64::from(WHOLE_PPM) {
            let sum = rust_decimal::Decimal::new(i64::try_from(owners).unwrap_or(i64::MAX), 6).normalize();
            let reason = format!("the owner shares of the fact sum to {sum}; they may sum to at most 1");
            let owner = |row: &&Row<'_>| row.get("role").unwrap_or(OWNER) == OWNER;
            reasons.extend(
                std::iter::once(&first).chain(others).filter(owner).map(|row| row.reject("share", reason.clone())),
            );
        }
        match fact {
            Some(fact) if reasons.is_empty() => {
                let known = known.unwrap_or_else(|| fact.date.max(fact.counts_on.unwrap_or(fact.date)));
                Ok((FactRow { credits, ..fact }, known))
            }
            _ => Err(reasons),
        }
    }

    /// The currency of a fact: the plan's, or one that can be converted.
    fn currency(&self, row: Row<'_>) -> Result<Currency, Rejected> {
        let Some(code) = row.get("currency") else { return Ok(self.currency) };
        let currency: Currency =
            code.parse().map_err(|error: crate::money::MoneyError| row.reject("currency", error.to_string()))?;
        if currency == self.currency || self.other_currencies {
            return Ok(currency);
        }
        let own = self.currency;
        let reason = format!("is not the plan's currency, {own}; give the amounts in {own}, or rates with --rates");
        Err(row.reject("currency", reason))
    }

    fn money(&self, row: Row<'_>, column: &str, currency: Currency) -> Result<Option<i64>, Rejected> {
        let Some(text) = row.get(column) else { return Ok(None) };
        let minor = parse_minor(text, currency).map_err(|error| row.reject(column, error.to_string()))?;
        if minor.abs() > MOST_MINOR {
            return Err(row.reject(column, "is too large"));
        }
        Ok(Some(minor))
    }

    fn columns(&mut self, row: Row<'a>, sequence: u32) -> Result<FactRow, Rejected> {
        let kind = row.required("kind")?;
        if !is_kind(kind) {
            return Err(row.reject("kind", "is not a kind of fact; write it in snake case like opportunity_won"));
        }
        row.required("date")?;
        let date = row.date("date")?.unwrap_or_default();
        let currency = self.currency(row)?;
        row.required("amount")?;
        let amount = self.money(row, "amount", currency)?.unwrap_or_default();
        let recognized = row.date("recognized")?;
        let word = |column: &str| row.get(column).map(str::to_owned);
        let attribute = |(at, name): &(usize, &str)| {
            let value = row.cell(*at);
            (!value.is_empty()).then(|| ((*name).to_owned(), value.to_owned()))
        };
        Ok(FactRow {
            // Without the column a fact counts on its date; an empty cell says that it waits.
            counts_on: if self.has_recognized { recognized } else { Some(date) },
            account_group: self.accounts.id(row.get("account")),
            opportunity: self.opportunities.id(row.get("opportunity")),
            contract: self.contracts.id(row.get("contract")),
            product: self.products.id(row.get("product")),
            product_line: word("product_line"),
            region: word("region"),
            tier: word("tier"),
            customer_kind: word("customer_kind"),
            contract_kind: word("contract_kind"),
            source: word("source"),
            amount_excl_tax_minor: self.money(row, "amount_excl_tax", currency)?,
            margin_minor: self.money(row, "margin", currency)?,
            quantity_micro: row.micro("quantity")?,
            score_micro: row.micro("score")?,
            due_date: row.date("due_date")?,
            attributes: self.attributes.iter().filter_map(attribute).collect(),
            ..FactRow::new(sequence, kind, date, currency.code(), amount)
        })
    }

    fn credit(&mut self, row: Row<'_>) -> Result<Credit, Rejected> {
        let key = row.required("person")?;
        let no_share = || row.reject("share", "is not a share; write it from 0 to 1 with at most 6 decimals, like 0.6");
        let share_ppm = match row.micro("share").map_err(|_| no_share())? {
            None => WHOLE_PPM,
            Some(share) => u32::try_from(share).ok().filter(|share| *share <= WHOLE_PPM).ok_or_else(no_share)?,
        };
        let unknown = || row.reject("person", "is not in people.csv; add a row there or correct the name");
        let person = self.people.named(key).ok_or_else(unknown)?;
        Ok(Credit { person, role: row.get("role").unwrap_or(OWNER).to_owned(), share_ppm })
    }
}
