//! The examples of docs/plans.md, run as they stand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use qiao_engine::calc::{Input, Table, calculate};
use qiao_engine::metrics::standard;
use qiao_engine::plans::{PlanVersion, parse};
use qiao_engine::words::Locale;

/// (info string, text) of the fenced blocks, in order.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(info), None) => open = Some((info.to_owned(), String::new())),
            (Some(_), Some(block)) => found.push(block),
            (None, Some((info, body))) => open = Some((info, body + line + "\n")),
            (None, None) => {}
        }
    }
    found
}

fn table(file: &str, text: &str) -> Table {
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let body: Vec<&[&str]> = rows[1..].iter().map(Vec::as_slice).collect();
    Table::new(file, &rows[0], &body)
}

#[derive(Default)]
struct Example {
    plan: Option<PlanVersion>,
    facts: Option<Table>,
    targets: Option<Table>,
}

#[test]
fn every_example_gives_its_totals() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/plans.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut example = Example::default();
    let mut tried = 0;
    for (info, body) in blocks(&text) {
        match info.as_str() {
            "yaml" => {
                let plan = parse(&body).unwrap_or_else(|problems| panic!("{problems:#?}\n{body}"));
                let json = serde_json::to_string(&plan).unwrap();
                assert_eq!(serde_json::from_str::<PlanVersion>(&json).unwrap(), plan);
                example = Example {
                    plan: Some(plan),
                    ..Example::default()
                };
            }
            "csv facts" => example.facts = Some(table("facts.csv", &body)),
            "csv targets" => example.targets = Some(table("targets.csv", &body)),
            "csv expected" => {
                run(std::mem::take(&mut example), &body);
                tried += 1;
            }
            other => panic!("a block of kind `{other}`"),
        }
    }
    assert_eq!(tried, 10);
}

fn run(example: Example, expected: &str) {
    let rows: Vec<&str> = expected.lines().skip(1).collect();
    let period = rows[0].split(',').nth(1).unwrap().parse().unwrap();
    let plan = example.plan.unwrap();
    let id = plan.id.clone();
    let input = Input {
        plan,
        metrics: standard(),
        facts: example.facts.unwrap(),
        people: None,
        targets: example.targets,
        rates: None,
        first: period,
        last: period,
        locale: Locale::En,
    };
    let output = calculate(&input).unwrap();
    let got: Vec<String> = output
        .statements
        .iter()
        .map(|row| format!("{},{},{}", row[0], row[1], row[13]))
        .collect();
    assert_eq!(got, rows, "{id}: {:#?}", output.earnings);
    assert_eq!(output.rejected, [], "{id}");
}
