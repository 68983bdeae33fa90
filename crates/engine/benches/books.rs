//! Books of 3,000,000 facts: what one person, one team and one append cost.
//!
//! `cargo bench -p qiao-engine`; `QIAO_BENCH_FACTS` sets another number of facts.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use std::sync::{Arc, LazyLock};

use chrono::{Days, NaiveDate};
use qiao_engine::books::{Books, FactRow};
use qiao_engine::dates::Period;
use qiao_engine::definitions::{Definitions, DefinitionsData, Membership, Person, Snapshot, Team};
use qiao_engine::metrics::{Cut, GroupBy, Subject, evaluate, evaluate_by, standard};
use qiao_engine::money::Currency;
use qiao_engine::plans::{estimate, estimates, parse};

const PEOPLE: u128 = 1000;
const TEAM: u128 = 60;
const DAYS: u64 = 36 * 30;

const PLAN: &str = "
id: p
currency: CNY
period: month
from: 2020-01-01
components:
  - {id: c, basis: contract_signed, tiers: {mode: marginal, bands: [{from: 0, rate: 4%}, {from: 200000, rate: 6%}, {from: 600000, rate: 8%}]}}
  - {id: n, basis: contract_signed, where: {customer_kind: new}, rate: 1%}
  - {id: p, basis: payment_received, rate: 0.5%}
  - {id: s, stage_reward: {stage: Proposal, amount: 300, if_lost: forfeit}}
";

fn row(sequence: u32) -> FactRow {
    // A fixed sequence that looks irregular: the same books in every run.
    let mixed = u64::from(sequence).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let person = u128::from(mixed >> 33) % PEOPLE + 1;
    let start: NaiveDate = "2024-01-01".parse().unwrap();
    let facts = facts();
    // The ledger grows with time.
    let date = start + Days::new(u64::from(sequence) * DAYS / u64::from(facts + 100));
    let kind = match mixed >> 20 & 15 {
        0..=6 => "activity_logged",
        7..=10 => "stage_entered",
        11 => "opportunity_won",
        12 => "contract_signed",
        13 => "payment_received",
        14 => "opportunity_lost",
        _ => "lead_created",
    };
    let amount = if matches!(kind, "activity_logged" | "stage_entered" | "lead_created") {
        0
    } else {
        (mixed >> 12 & 0xFF_FFFF) as i64
    };
    let mut row = FactRow::new(sequence, kind, date, amount, Currency::CNY);
    let id = |space: u128, number: u64| {
        Some(space << 100 | u128::from(number).wrapping_mul(0x1234_5678_9ABC_DEF1_1234_5677))
    };
    row.opportunity = id(1, u64::from(sequence) / 8);
    row.account_group = id(2, u64::from(sequence) / 40);
    row.product_line = Some(["GTX", "GTK", "MG"][(mixed >> 40) as usize % 3].to_owned());
    row.region = Some(["East", "North", "South"][person as usize % 3].to_owned());
    if amount > 0 {
        row.contract = id(3, u64::from(sequence) / 16);
        row.amount_excl_tax_minor = Some(amount * 100 / 113);
        row.margin_minor = Some(amount / 3);
        row.customer_kind = Some(
            if mixed >> 50 & 3 == 0 {
                "new"
            } else {
                "existing"
            }
            .to_owned(),
        );
    }
    match kind {
        "stage_entered" => {
            row = row.attribute(
                "stage",
                ["Proposal", "Quote", "Talks"][(mixed >> 44) as usize % 3],
            )
        }
        "activity_logged" => {
            row = row.attribute(
                "activity_kind",
                ["call", "visit", "demo"][(mixed >> 44) as usize % 3],
            )
        }
        _ => {}
    }
    if mixed >> 52 & 7 == 0 {
        row.credit(person, "owner", 600_000)
            .credit(person % PEOPLE + 1, "owner", 400_000)
    } else {
        row.credit(person, "owner", 1_000_000)
    }
}

fn facts() -> u32 {
    std::env::var("QIAO_BENCH_FACTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(3_000_000)
}

fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    status
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok())
        .unwrap_or(0)
        * 4
}

static WORLD: LazyLock<Snapshot> = LazyLock::new(|| {
    let before = resident_kb();
    let mut books = Books::new();
    let started = std::time::Instant::now();
    let mut next = 1;
    while next <= facts() {
        let end = (next + 65_535).min(facts());
        books = books.append((next..=end).map(row).collect()).books;
        next = end + 1;
    }
    let (columns, resident) = (
        books.column_bytes() / 1_000_000,
        (resident_kb() - before) / 1000,
    );
    println!(
        "{} facts in {} chunks, loaded in {:?}: columns {columns} MB, resident {resident} MB",
        books.len(),
        books.chunks(),
        started.elapsed()
    );
    let mut data = DefinitionsData::empty("bench", Currency::CNY);
    data.metrics = standard();
    data.teams.push(Team {
        id: 1,
        name: "T".to_owned(),
        parent: None,
        path: "T".to_owned(),
    });
    for id in 1..=PEOPLE {
        data.people.push(Person {
            id,
            external_id: Some(format!("p{id}")),
            name: format!("p{id}"),
            ..Person::default()
        });
        let team = (id <= TEAM).then_some(1);
        data.memberships.push(Membership {
            person: id,
            team,
            role: "rep".to_owned(),
            ..Membership::default()
        });
    }
    data.plans = vec![parse(PLAN).unwrap()];
    Snapshot {
        books,
        definitions: Arc::new(Definitions::new(data)),
    }
});

fn month() -> Period {
    "2026-03".parse().unwrap()
}

fn today() -> NaiveDate {
    "2026-03-20".parse().unwrap()
}

#[divan::bench]
fn own_estimate() -> i64 {
    estimate(&WORLD, 7, month(), today()).amount_minor
}

#[divan::bench]
fn team_month_metric_by_person() -> usize {
    let metric = WORLD
        .definitions
        .metric_on("contract_amount", today())
        .unwrap();
    let range = WORLD.definitions.company.calendar.range(month());
    evaluate_by(
        &WORLD,
        metric,
        Subject::Team(1),
        range,
        &Cut::default(),
        GroupBy::Person,
    )
    .len()
}

#[divan::bench]
fn team_month_estimates() -> usize {
    let people: Vec<u128> = (1..=TEAM).collect();
    estimates(&WORLD, &people, month(), today()).len()
}

#[divan::bench]
fn company_month_metric() -> u64 {
    let metric = WORLD
        .definitions
        .metric_on("contract_amount", today())
        .unwrap();
    let range = WORLD.definitions.company.calendar.range(month());
    evaluate(&WORLD, metric, Subject::Company, range, &Cut::default()).facts
}

#[divan::bench]
fn company_year_win_rate() -> u64 {
    let metric = WORLD.definitions.metric_on("win_rate", today()).unwrap();
    let range = WORLD
        .definitions
        .company
        .calendar
        .range("2025".parse().unwrap());
    evaluate(&WORLD, metric, Subject::Company, range, &Cut::default()).facts
}

/// Ten facts onto the same snapshot.
#[divan::bench]
fn append_ten(bencher: divan::Bencher<'_, '_>) {
    let next = facts() + 1;
    bencher
        .with_inputs(|| (next..next + 10).map(row).collect::<Vec<_>>())
        .bench_values(|rows| WORLD.books.append(rows));
}

/// A thousand times ten facts, one after the other, merges included.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn append_ten_a_thousand_times(bencher: divan::Bencher<'_, '_>) {
    let next = facts() + 1;
    let batches = || {
        (0..1000)
            .map(|at| (next + at * 10..next + at * 10 + 10).map(row).collect())
            .collect::<Vec<Vec<FactRow>>>()
    };
    bencher.with_inputs(batches).bench_values(|batches| {
        let mut books = WORLD.books.clone();
        for rows in batches {
            books = books.append(rows).books;
        }
        books
    });
}

fn main() {
    LazyLock::force(&WORLD);
    divan::main();
}
