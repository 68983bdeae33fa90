//! One fact more among 1,000,000 and 10,000 people, and what it touches computed anew: the engine alone, without a server.

use std::sync::Arc;
use std::time::Instant;

use chrono::{Days, NaiveDate};
use qiao_engine::Snapshot;
use qiao_engine::books::{Books, Credit, FactRow};
use qiao_engine::customers::CustomerRule;
use qiao_engine::dates::{Calendar, Period};
use qiao_engine::definitions::{Company, Definitions, Membership, Person, Team};
use qiao_engine::metrics::standard;
use qiao_engine::money::Currency;
use qiao_engine::pay::estimate;
use qiao_engine::plans::{PlanVersion, parse};

use crate::{Failed, report};

const PEOPLE: u128 = 10_000;
const TEAMS: u128 = 1_000;
const FACTS: u32 = 1_000_000;
const OWN: &str = "id: p
name: P
currency: CNY
period: month
from: 2025-01-01
who: {roles: [rep, manager]}
components:
  - {id: c, name: C, basis: contract_signed, rate: {tiers: {mode: marginal, rows: [{from: 0, rate: 4%}, {from: 20000, rate: 6%}]}}}
";
const TEAM: &str = "  - {id: o, name: O, who: {roles: [manager]}, override: {of: reports, components: [c], rate: 10%}}
  - {id: q, name: Q, pool: {each: team, size: \"1% * metric(contract_amount)\", by: earned(c)}}
";

fn definitions() -> Definitions {
    let mut definitions = Definitions::new(Company {
        name: String::new(),
        currency: Currency::CNY,
        timezone: "UTC".to_owned(),
        locale: "en".to_owned(),
        calendar: Calendar::plain(),
        customer_rule: CustomerRule::default(),
        on_pace_tolerance_ppm: 0,
        attainment_visible_to_all: false,
    });
    definitions.metrics = standard(100_000, "a", "b");
    let team = |id: u128| Team { id, name: format!("T{id}"), parent: None, path: format!("T{id}"), archived: false };
    let person = |id: u128| Person {
        id,
        external_id: Some(format!("p{id:05}")),
        name: String::new(),
        email: None,
        start: None,
        end: None,
        attributes: Default::default(),
    };
    let member = |person: u128| Membership {
        person,
        team: person % TEAMS + 1,
        role: if person <= TEAMS { "manager" } else { "rep" }.to_owned(),
        manager: None,
        from: NaiveDate::MIN,
        to: None,
    };
    let teams = (1..=TEAMS).map(team).collect();
    definitions.set_people((1..=PEOPLE).map(person).collect(), teams, (1..=PEOPLE).map(member).collect());
    definitions
}

/// A fact of 2025; whose it is follows from its number.
fn fact(sequence: u32, first: NaiveDate) -> FactRow {
    let day = first + Days::new(u64::from(sequence % 365));
    let mut row = FactRow::new(sequence, "contract_signed", day, "CNY", i64::from(sequence % 100_000) * 10);
    let person = u128::from(sequence.wrapping_mul(2_654_435_761)) % PEOPLE + 1;
    row.credits = vec![Credit { person, role: "owner".to_owned(), share_ppm: 1_000_000 }];
    row
}

/// The table: the best of so many runs, each of a hundred facts.
///
/// # Errors
/// A plan that is none, a person without pay.
pub fn run(runs: usize) -> Result<String, Failed> {
    let mut definitions = definitions();
    let first = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap_or_default();
    let books = Books::default().append((1..=FACTS).map(|sequence| fact(sequence, first)).collect());
    let period: Period = "2025-06".parse()?;
    let mut out = format!(
        "### Engine: one fact more among {}, {} people\n\n| what it touches | bar ms | best ms |\n|---|---|---|\n",
        report::grouped(u64::from(FACTS)),
        report::grouped(u64::try_from(PEOPLE)?)
    );
    let team = format!("{OWN}{TEAM}");
    for (name, bar, text) in [("own statement", "5", OWN), ("with the team's pool and overrides", "50", team.as_str())]
    {
        let (plan, _) = parse(text).map_err(|mistakes| format!("{mistakes:?}"))?;
        definitions.plans = vec![PlanVersion { id: 1, plan_id: 1, version: 1, plan }];
        let shared = Arc::new(definitions.clone());
        let mut best = u128::MAX;
        for _ in 0..runs {
            let mut grown = books.clone();
            let begun = Instant::now();
            for more in 1..=100_u32 {
                let row = fact(FACTS + more, first);
                let person = row.credits.first().map_or(1, |credit| credit.person);
                grown = grown.append(vec![row]);
                let snapshot = Snapshot { books: grown.clone(), definitions: Arc::clone(&shared) };
                if estimate(&snapshot, person, period).total_minor() <= 0 {
                    return Err("a person without pay".into());
                }
            }
            best = best.min(begun.elapsed().as_micros() / 100);
        }
        out.push_str(&format!("| {name} | {bar} | {} |\n", report::ms(u64::try_from(best)?)));
    }
    Ok(out)
}
