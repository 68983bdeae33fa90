//! The engine beside an independent computation in Python (`oracle/`): random companies under random plans, to the cent.
//!
//! `QIAO_ORACLE_CASES` says how many (10,000 otherwise), `QIAO_ORACLE_FROM` where they begin, `QIAO_ORACLE_ONLY` which one.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use qiao_engine::calc::{self, CARRY_COLUMNS, Input, Output, Table};
use qiao_engine::metrics::standard;
use qiao_engine::plans;
use serde_json::Value;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/oracle");

/// What the cases must reach, each in three of a thousand at least.
const REACHED: &[&str] = &[
    "amount",
    "as",
    "axis amount",
    "axis attainment",
    "axis fact figure",
    "axis payee figure",
    "axis quantity",
    "budget",
    "cap above",
    "cap line",
    "cap period",
    "cap year",
    "caps of the plan",
    "clawback origin",
    "clawback own",
    "clawback share",
    "currency date",
    "currency month_average",
    "currency signing",
    "curve",
    "dated by first_payment",
    "dated by signing",
    "dates",
    "deductions",
    "difference",
    "draw",
    "each",
    "flat",
    "floor",
    "forgive never",
    "forgive plan_end",
    "forgive year_end",
    "gate",
    "guarantee",
    "late open",
    "late origin",
    "leavers",
    "lookup",
    "marginal tiers",
    "measure baseline",
    "measure count",
    "measure distinct",
    "measure formula",
    "measure of fact",
    "measure scorecard",
    "measure sum",
    "multiplier",
    "of company",
    "of reports",
    "of subtree",
    "of team",
    "over fact",
    "over month",
    "over period",
    "over quarter",
    "over year",
    "override mentees",
    "override reports",
    "override subtree",
    "override team",
    "pays nothing",
    "pays points",
    "per period",
    "period month",
    "period quarter",
    "period year",
    "pool by equal",
    "pool by weight",
    "pool carry",
    "pool company",
    "pool subtree",
    "pool team",
    "prorate",
    "proration by days",
    "proration by months",
    "rank",
    "recognition",
    "retention",
    "reward forfeit",
    "reward keep",
    "rounded part",
    "rounding down",
    "rounding half_up",
    "rounding up",
    "share out down",
    "share out exact",
    "steps",
    "tiers",
    "ties same",
    "ties share",
    "true-up",
    "who",
    "whole tiers",
    "whose company",
    "whose reports",
    "whose subtree",
    "whose team",
];

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// A table of the rows that a case gives as objects; none without rows.
fn table(file: &str, rows: &Value) -> Option<Table> {
    let rows = rows.as_array().filter(|rows| !rows.is_empty())?;
    let columns: BTreeSet<&String> = rows.iter().filter_map(Value::as_object).flat_map(|row| row.keys()).collect();
    let header: Vec<String> = columns.into_iter().cloned().collect();
    let cells = |row: &Value| header.iter().map(|name| row[name].as_str().unwrap_or_default().to_owned()).collect();
    let rows = rows.iter().enumerate().map(|(at, row)| (at + 2, cells(row))).collect();
    Some(Table { file: file.to_owned(), header, rows })
}

/// All periods of a case: in one run, or in two of which the second goes on with what the first carried.
fn calculated(input: &Input, in_two: bool) -> Result<Output, String> {
    let whole = |input: &Input| calc::calculate(input).map_err(|error| format!("{error:?}"));
    if !in_two || input.first == input.last {
        return whole(input);
    }
    let begun = whole(&Input { last: input.first, ..input.clone() })?;
    let header: Vec<String> = CARRY_COLUMNS.iter().map(|name| (*name).to_owned()).collect();
    let rows = begun.carry.iter().enumerate().map(|(at, row)| (at + 2, row.cells.to_vec())).collect();
    let carry = Some(Table { file: "carry.csv".to_owned(), header, rows });
    let mut rest = whole(&Input { first: input.first.next(), carry, ..input.clone() })?;
    rest.statements.extend(begun.statements);
    rest.statements.sort_by(|a, b| (&a.person, a.period).cmp(&(&b.person, b.period)));
    rest.earnings.extend(begun.earnings);
    rest.points.extend(begun.points);
    rest.rejected.extend(begun.rejected);
    Ok(rest)
}

/// What the engine answers, in the words of the oracle.
fn answer(case: &Value) -> Result<[Value; 3], String> {
    let (plan, tree) = plans::parse(&case["plan"].to_string()).map_err(|mistakes| format!("{mistakes:?}"))?;
    let text = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
    let (first, last) =
        calc::parse_periods(&format!("{}..{}", text("first"), text("last"))).map_err(|e| e.to_string())?;
    let input = Input {
        plan,
        tree,
        metrics: standard(100_000, "a", "b"),
        facts: table("facts.csv", &case["facts"]).unwrap_or_default(),
        people: table("people.csv", &case["people"]),
        targets: table("targets.csv", &case["targets"]),
        rates: table("rates.csv", &case["rates"]),
        absences: table("absences.csv", &case["absences"]),
        carry: None,
        explain: false,
        first,
        last,
    };
    let in_two = case["number"].as_u64().is_some_and(|number| number % 2 == 1);
    let output = calculated(&input, in_two)?;
    if let Some(refused) = output.rejected.iter().find(|row| !row.reason.contains("component")) {
        return Err(format!("rejected: {refused:?}"));
    }
    let mut statements: Vec<Value> = Vec::new();
    for row in &output.statements {
        let mut cells = vec![Value::from(row.person.clone()), Value::from(row.period.to_string())];
        cells.extend(row.sums.iter().map(|sum| Value::from(*sum)));
        statements.push(cells.into());
    }
    let rows = |rows: &[calc::Earning]| {
        let mut rows: Vec<_> = rows
            .iter()
            .map(|row| {
                let (person, period) = (row.person.clone(), row.period.to_string());
                (person, period, row.component.clone(), row.fact.clone(), row.amount_minor, row.status)
            })
            .collect();
        rows.sort();
        serde_json::to_value(rows).map_err(|error| error.to_string())
    };
    Ok([statements.into(), rows(&output.earnings)?, rows(&output.points)?])
}

/// The rows that only one side has.
fn differences(engine: &Value, oracle: &Value) -> Vec<String> {
    let rows = |side: &Value| -> Vec<String> {
        side.as_array().map(|rows| rows.iter().map(Value::to_string).collect()).unwrap_or_default()
    };
    let (mut engine, mut oracle) = (rows(engine), rows(oracle));
    oracle.retain(|row| match engine.iter().position(|other| other == row) {
        Some(at) => {
            engine.remove(at);
            false
        }
        None => true,
    });
    let of = |name: &str, rows: Vec<String>| rows.into_iter().map(|row| format!("  {name} {row}")).collect::<Vec<_>>();
    [of("engine", engine), of("oracle", oracle)].concat()
}

#[derive(Default)]
struct Found {
    cases: u64,
    used: BTreeMap<String, u64>,
    wrong: Vec<String>,
}

fn look_at(case: &Value, found: &Mutex<Found>) {
    let wrong = match answer(case) {
        Err(refused) => vec![format!("  {refused}")],
        Ok(answer) => {
            let sides = answer.iter().zip(["statements", "earnings", "points"]);
            sides.flat_map(|(engine, name)| differences(engine, &case[name])).collect()
        }
    };
    let mut found = found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.cases += 1;
    for name in case["used"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        *found.used.entry(name.to_owned()).or_default() += 1;
    }
    if !wrong.is_empty() {
        found.wrong.push(format!("case {}:\n{}", case["number"], wrong.join("\n")));
    }
}

#[test]
fn the_engine_agrees_with_the_oracle_to_the_cent() {
    let only = setting("QIAO_ORACLE_ONLY");
    let count = if only.is_some() { 1 } else { setting("QIAO_ORACLE_CASES").unwrap_or(10_000) };
    let from = only.or(setting("QIAO_ORACLE_FROM")).unwrap_or(0);
    let found = Mutex::new(Found::default());
    let workers = if only.is_some() { 1 } else { 2 };
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let found = &found;
            scope.spawn(move || {
                let [first, count, step] = [from + worker, count.div_ceil(workers), workers].map(|n| n.to_string());
                let mut python = Command::new("python3")
                    .args(["run.py", "--from", &first, "--count", &count, "--step", &step])
                    .current_dir(FOLDER)
                    .stdout(Stdio::piped())
                    .spawn()
                    .unwrap();
                let lines = BufReader::new(python.stdout.take().unwrap()).lines();
                for line in lines {
                    let case = serde_json::from_str(&line.unwrap()).unwrap();
                    look_at(&case, found);
                }
                assert!(python.wait().unwrap().success(), "the oracle failed");
            });
        }
    });
    let found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    // To the stream itself: the table stands in the log of every run.
    let mut out = std::io::stderr().lock();
    for (name, count) in &found.used {
        writeln!(out, "{count:>8}  {name}").unwrap();
    }
    writeln!(out, "{} cases, {} differ", found.cases, found.wrong.len()).unwrap();
    assert_eq!(found.cases, count.div_ceil(workers) * workers, "every case was looked at");
    if count >= 10_000 {
        let rare = |name: &&&str| found.used.get(**name).is_none_or(|seen| seen * 1_000 < count * 3);
        let rare: Vec<&&str> = REACHED.iter().filter(rare).collect();
        assert!(rare.is_empty(), "the cases hardly reach {rare:?}");
    }
    let shown: Vec<&String> = found.wrong.iter().take(10).collect();
    assert!(
        shown.is_empty(),
        "{} of {} cases differ:\n{}",
        found.wrong.len(),
        found.cases,
        shown.iter().map(|s| s.as_str()).collect::<Vec<_>>().join("\n")
    );
}
