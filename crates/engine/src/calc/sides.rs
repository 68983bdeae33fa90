//! rates.csv, absences.csv and carry.csv.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::people::People;
use super::table::{Row, Table};
use super::{CalcError, Rejected};
use crate::books::Id;
use crate::dates::{DateRange, Period};
use crate::definitions::Exchange;
use crate::exact::Exact;
use crate::money::{Currency, parse_minor};
use crate::pay::{Balances, Carry, Waiting};

/// Reads rates.csv: one unit of `from` is worth `rate` of `to` from `date` on.
///
/// # Errors
/// [`CalcError::MissingColumn`].
pub(super) fn read_rates(table: &Table, rejected: &mut Vec<Rejected>) -> Result<Exchange, CalcError> {
    table.require(&["date", "from", "to", "rate"])?;
    let mut exchange = Exchange::default();
    for row in table.rows() {
        let read = || {
            let currency = |column: &str| {
                let code: Result<Currency, _> = row.required(column)?.parse();
                code.map_err(|error: crate::money::MoneyError| row.reject(column, error.to_string()))
            };
            row.required("date")?;
            let day = row.date("date")?.unwrap_or_default();
            let rate = Exact::parse(row.required("rate")?).filter(|rate| rate.signum() > 0);
            let rate = rate.ok_or_else(|| row.reject("rate", "is no rate above zero; write it like 7.1034"))?;
            Ok::<_, Rejected>((currency("from")?, currency("to")?, day, rate))
        };
        match read() {
            Ok((from, to, day, rate)) => exchange.set(from, to, day, rate),
            Err(reason) => rejected.push(reason),
        }
    }
    Ok(exchange)
}

/// Reads absences.csv: the days on which somebody was not there.
///
/// # Errors
/// [`CalcError::MissingColumn`].
pub(super) fn read_absences(
    table: &Table,
    people: &mut People,
    rejected: &mut Vec<Rejected>,
) -> Result<FxHashMap<Id, Vec<DateRange>>, CalcError> {
    table.require(&["person", "start", "end"])?;
    let mut absences: FxHashMap<Id, Vec<DateRange>> = FxHashMap::default();
    for row in table.rows() {
        match absence(row, people) {
            Ok((person, days)) => absences.entry(person).or_default().push(days),
            Err(reason) => rejected.push(reason),
        }
    }
    Ok(absences)
}

fn absence(row: Row<'_>, people: &mut People) -> Result<(Id, DateRange), Rejected> {
    let key = row.required("person")?;
    let person = people.named(key).ok_or_else(|| row.reject("person", "is not in people.csv"))?;
    row.required("start")?;
    row.required("end")?;
    let (start, end) = (row.date("start")?.unwrap_or_default(), row.date("end")?.unwrap_or_default());
    if end < start {
        return Err(row.reject("end", "lies before start"));
    }
    Ok((person, DateRange { start, end }))
}

/// The columns of carry.csv.
pub const CARRY_COLUMNS: [&str; 8] = ["person", "kind", "period", "component", "fact", "date", "due", "amount"];

/// Reads carry.csv, as an earlier run wrote it.
///
/// # Errors
/// [`CalcError::MissingColumn`].
pub(super) fn read_carry(
    table: &Table,
    currency: Currency,
    people: &mut People,
    facts: &FxHashMap<String, u32>,
    rejected: &mut Vec<Rejected>,
) -> Result<Carry, CalcError> {
    table.require(&["person", "kind", "amount"])?;
    let mut carry: BTreeMap<Id, Balances> = BTreeMap::new();
    for row in table.rows() {
        let mut read = |people: &mut People| {
            let key = row.required("person")?;
            let person = people.named(key).ok_or_else(|| row.reject("person", "is not in people.csv"))?;
            row.required("amount")?;
            let amount = parse_minor(row.get("amount").unwrap_or_default(), currency)
                .map_err(|error| row.reject("amount", error.to_string()))?;
            let period = |row: Row<'_>| {
                let text = row.required("period")?;
                text.parse::<Period>().map_err(|_| row.reject("period", "is not a period; write it like 2026-03"))
            };
            let balances = carry.entry(person).or_default();
            match row.required("kind")? {
                "owed" => balances.owed_minor = balances.owed_minor.saturating_add(amount),
                "paid" => {
                    let component = row.get("component").unwrap_or_default().to_owned();
                    *balances.paid.entry((period(row)?, component)).or_default() += amount;
                }
                "held" | "retained" => balances.waiting.push(Waiting {
                    component: row.required("component")?.to_owned(),
                    period: period(row)?,
                    sequence: match row.get("fact") {
                        None => None,
                        Some(id) => Some(facts.get(id).copied().ok_or_else(|| {
                            row.reject(
                                "fact",
                                "is not the id of a fact in facts.csv; the fact that is held must be there",
                            )
                        })?),
                    },
                    date: row.date("date")?.unwrap_or_default(),
                    due: row.date("due")?,
                    amount_minor: amount,
                }),
                _ => return Err(row.reject("kind", "is not a kind of balance: owed, held, retained or paid")),
            }
            Ok::<_, Rejected>(())
        };
        if let Err(reason) = read(people) {
            rejected.push(reason);
        }
    }
    Ok(carry)
}
