//! people.csv, targets.csv and rates.csv.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::table::{Row, Table};
use super::{CalcError, Rejected};
use crate::definitions::{DefinitionsData, ExchangeRate, Membership, Person, Team};
use crate::goals::{Subject, Target};
use crate::money::Currency;

const KNOWN: [&str; 7] = ["person", "name", "team", "manager", "role", "start", "end"];

/// Several rows per person are dated memberships; name, manager and attributes are those of the first that has them.
pub(super) fn read_people(
    table: &Table,
    data: &mut DefinitionsData,
    rejected: &mut Vec<Rejected>,
) -> Result<(), CalcError> {
    table.check(&["person"])?;
    let mut managers: Vec<(usize, Row<'_>)> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for row in table.rows() {
        let (label, start, end) = match who_and_when(row) {
            Ok(read) => read,
            Err(reason) => {
                rejected.push(reason);
                continue;
            }
        };
        let at = match known.get(label) {
            Some(at) => *at,
            None => {
                let id = data.people.len() as u128 + 1;
                let name = row.get("name").unwrap_or(label).to_owned();
                data.people.push(Person {
                    id,
                    external_id: Some(label.to_owned()),
                    name,
                    start,
                    end,
                    ..Person::default()
                });
                known.insert(label.to_owned(), data.people.len() - 1);
                data.people.len() - 1
            }
        };
        let person = &mut data.people[at];
        // The person is there from the first membership to the last; an open one leaves it open.
        person.start = person.start.and_then(|known| Some(known.min(start?)));
        person.end = person.end.and_then(|known| Some(known.max(end?)));
        for (column, cell) in table.header.iter().zip(row.cells) {
            if !KNOWN.contains(&column.as_str()) && !cell.trim().is_empty() {
                person
                    .attributes
                    .entry(column.clone())
                    .or_insert_with(|| cell.trim().to_owned());
            }
        }
        let person = person.id;
        let team = row.get("team").map(|path| team_of(data, path));
        let role = row.get("role").unwrap_or_default().to_owned();
        data.memberships.push(Membership {
            person,
            team,
            role,
            manager: None,
            from: start,
            to: end,
        });
        if row.get("manager").is_some() {
            managers.push((data.memberships.len() - 1, row));
        }
    }
    for (at, row) in managers {
        let label = row.get("manager").unwrap_or_default();
        match known.get(label) {
            Some(manager) => data.memberships[at].manager = Some(data.people[*manager].id),
            None => rejected.push(row.reject("manager", "is not in people.csv")),
        }
    }
    Ok(())
}

fn who_and_when(row: Row<'_>) -> Result<(&str, Option<NaiveDate>, Option<NaiveDate>), Rejected> {
    let (label, start, end) = (
        row.required("person")?,
        row.date("start")?,
        row.date("end")?,
    );
    if start.zip(end).is_some_and(|(start, end)| end < start) {
        return Err(row.reject("end", "is before start"));
    }
    Ok((label, start, end))
}

/// The team of a path; it and the teams above it are made as needed.
fn team_of(data: &mut DefinitionsData, path: &str) -> u128 {
    if let Some(team) = data.teams.iter().find(|team| team.path == path) {
        return team.id;
    }
    let (above, name) = path
        .rsplit_once('/')
        .map_or((None, path), |(above, name)| (Some(above), name));
    let parent = above.map(|above| team_of(data, above));
    let id = data.teams.len() as u128 + 1;
    data.teams.push(Team {
        id,
        name: name.to_owned(),
        parent,
        path: path.to_owned(),
    });
    id
}

pub(super) fn read_targets(
    table: &Table,
    data: &mut DefinitionsData,
    rejected: &mut Vec<Rejected>,
) -> Result<(), CalcError> {
    table.check(&["metric", "subject", "period", "base"])?;
    for row in table.rows() {
        match read_target(row, data) {
            Ok(target) => data.targets.push(target),
            Err(reason) => rejected.push(reason),
        }
    }
    Ok(())
}

fn read_target(row: Row<'_>, data: &DefinitionsData) -> Result<Target, Rejected> {
    let metric = row.required("metric")?;
    if !data.metrics.iter().any(|known| known.code == metric) {
        return Err(row.reject("metric", "is not the code of a metric"));
    }
    let subject = match row.required("subject")? {
        "company" => Subject::Company,
        text => match text.strip_prefix("team:") {
            Some(path) => {
                let team = data.teams.iter().find(|team| team.path == path);
                Subject::Team(
                    team.ok_or_else(|| row.reject("subject", "is not the path of a team"))?
                        .id,
                )
            }
            None => {
                let person = data.people.iter().find(|person| person.label() == text);
                Subject::Person(
                    person
                        .ok_or_else(|| {
                            row.reject("subject", "is neither a person, team:PATH nor company")
                        })?
                        .id,
                )
            }
        },
    };
    let period = row
        .required("period")?
        .parse()
        .map_err(|_| row.reject("period", "is not a period such as 2026-03 or 2026-Q1"))?;
    let word = |column: &str| row.get(column).map(str::to_owned);
    Ok(Target {
        metric: metric.to_owned(),
        subject,
        period,
        product_line: word("product_line"),
        region: word("region"),
        tier: word("tier"),
        base: row
            .decimal("base")?
            .ok_or_else(|| row.reject("base", "is empty"))?,
        challenge: row.decimal("challenge")?,
        stretch: row.decimal("stretch")?,
    })
}

pub(super) fn read_rates(
    table: &Table,
    data: &mut DefinitionsData,
    rejected: &mut Vec<Rejected>,
) -> Result<(), CalcError> {
    table.check(&["date", "from", "to", "rate"])?;
    for row in table.rows() {
        match read_rate(row) {
            Ok(rate) => data.exchange_rates.push(rate),
            Err(reason) => rejected.push(reason),
        }
    }
    Ok(())
}

fn read_rate(row: Row<'_>) -> Result<ExchangeRate, Rejected> {
    let currency = |column: &str| {
        row.required(column)?
            .parse::<Currency>()
            .map_err(|error| row.reject(column, error.to_string()))
    };
    let rate = row
        .decimal("rate")?
        .filter(|rate| *rate > Decimal::ZERO && rate.normalize().scale() <= 10);
    Ok(ExchangeRate {
        date: row
            .date("date")?
            .ok_or_else(|| row.reject("date", "is empty"))?,
        from: currency("from")?,
        to: currency("to")?,
        rate: rate.ok_or_else(|| row.reject("rate", "must be above 0 with at most 10 decimals"))?,
    })
}
