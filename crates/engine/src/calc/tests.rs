use super::*;
use crate::metrics::standard;
use crate::plans::parse;

fn input(plan: &str, header: &[&str], rows: &[&[&str]]) -> Input {
    let plan = parse(plan).unwrap();
    let period = "2026-03".parse().unwrap();
    Input {
        plan,
        metrics: standard(),
        facts: Table::new("facts.csv", header, rows),
        people: None,
        targets: None,
        rates: None,
        first: period,
        last: period,
        locale: Locale::En,
    }
}

const FLAT: &str = "id: p\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\ncomponents: [{id: c, basis: contract_signed, rate: 10%}]";
const HEADER: [&str; 5] = ["id", "kind", "date", "person", "amount"];

fn totals(output: &Output) -> Vec<(String, String, String)> {
    output
        .statements
        .iter()
        .map(|row| (row[0].clone(), row[1].clone(), row[13].clone()))
        .collect()
}

fn t(person: &str, period: &str, total: &str) -> (String, String, String) {
    (person.to_owned(), period.to_owned(), total.to_owned())
}

#[test]
fn p01_through_tables() {
    let output = calculate(&input(
        FLAT,
        &HEADER,
        &[&["f1", "contract_signed", "2026-03-05", "lin", "1000"]],
    ))
    .unwrap();
    assert_eq!(
        output.statements[0].join(","),
        "lin,2026-03,100.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,100.00,CNY"
    );
    assert_eq!(
        output.earnings[0][..8].join(","),
        "lin,2026-03,c,f1,1000.00,0.1,100.00,earned"
    );
    assert_eq!(
        output.earnings[0][8],
        "2026-03-05 contract signed: amount 1,000.00; share 100% 1,000.00; rate 1,000.00 × 10% = 100.00; total 100.00"
    );
    assert_eq!(output.rejected, []);
}

#[test]
fn several_rows_are_one_fact() {
    let header = ["id", "kind", "date", "person", "amount", "share", "role"];
    let rows: [&[&str]; 6] = [
        &[
            "f1",
            "contract_signed",
            "2026-03-05",
            "lin",
            "10000",
            "0.6",
            "",
        ],
        &[
            "f1",
            "contract_signed",
            "2026-03-05",
            "su",
            "10000",
            "0.4",
            "owner",
        ],
        &[
            "f2",
            "contract_signed",
            "2026-03-06",
            "lin",
            "10000",
            "0.6",
            "",
        ],
        &[
            "f2",
            "contract_signed",
            "2026-03-06",
            "su",
            "10000",
            "0.5",
            "",
        ],
        &[
            "f3",
            "contract_signed",
            "2026-03-06",
            "lin",
            "10000",
            "0.6",
            "",
        ],
        &[
            "f3",
            "contract_signed",
            "2026-03-06",
            "su",
            "10001",
            "0.4",
            "",
        ],
    ];
    let output = calculate(&input(FLAT, &header, &rows)).unwrap();
    assert_eq!(
        totals(&output),
        [t("lin", "2026-03", "600.00"), t("su", "2026-03", "400.00")]
    );
    assert_eq!(
        output.rejected_rows(),
        [
            [
                "facts.csv",
                "4",
                "share",
                "0.6",
                "the owner shares of the fact sum to more than 1"
            ],
            [
                "facts.csv",
                "7",
                "amount",
                "10001",
                "differs from line 6 of the same fact"
            ],
        ]
    );
}

#[test]
fn what_is_wrong_is_named_and_the_rest_computed() {
    let rows: [&[&str]; 6] = [
        &["f1", "contract_signed", "2026-03-05", "lin", "1000"],
        &["f2", "contract_signed", "20026-03-05", "lin", "1000"],
        &["f3", "contract_signed", "2026-03-05", "lin", "10.005"],
        &["f4", "Contract", "2026-03-05", "lin", "1"],
        &["", "contract_signed", "2026-03-05", "lin", "1"],
        &["f5", "contract_signed", "2026-03-05", "", "1"],
    ];
    let output = calculate(&input(FLAT, &HEADER, &rows)).unwrap();
    assert_eq!(totals(&output), [t("lin", "2026-03", "100.00")]);
    let places: Vec<(u32, String)> = output
        .rejected
        .iter()
        .map(|r| (r.line, r.column.clone()))
        .collect();
    assert_eq!(
        places,
        [
            (3, "date"),
            (4, "amount"),
            (5, "kind"),
            (6, "id"),
            (7, "person")
        ]
        .map(|(l, c)| (l, c.to_owned()))
    );
}

#[test]
fn pending_facts_are_held() {
    let header = ["id", "kind", "date", "person", "amount", "recognized"];
    let rows: [&[&str]; 3] = [
        &[
            "f1",
            "contract_signed",
            "2026-03-05",
            "lin",
            "1000",
            "2026-03-09",
        ],
        &["f2", "contract_signed", "2026-03-05", "lin", "500", ""],
        &[
            "f3",
            "contract_signed",
            "2026-02-05",
            "lin",
            "700",
            "2026-03-01",
        ],
    ];
    let output = calculate(&input(FLAT, &header, &rows)).unwrap();
    assert_eq!(
        output.statements[0].join(","),
        "lin,2026-03,220.00,0.00,0.00,0.00,0.00,0.00,0.00,-50.00,0.00,0.00,0.00,170.00,CNY"
    );
    assert_eq!(
        output
            .earnings
            .iter()
            .map(|row| format!("{} {}", row[3], row[7]))
            .collect::<Vec<_>>(),
        ["f3 earned", "f1 earned", "f2 held"]
    );
}

#[test]
fn a_shortfall_is_drawn_and_recovered() {
    let header = ["id", "kind", "date", "person", "amount", "reverses"];
    let rows: [&[&str]; 3] = [
        &["f1", "contract_signed", "2026-02-05", "lin", "1000", ""],
        &["f2", "contract_signed", "2026-03-05", "lin", "-1000", "f1"],
        &["f3", "contract_signed", "2026-04-05", "lin", "3000", ""],
    ];
    let mut input = input(FLAT, &header, &rows);
    (input.first, input.last) = parse_periods("2026-02..2026-04").unwrap();
    let output = calculate(&input).unwrap();
    let rows: Vec<String> = output
        .statements
        .iter()
        .map(|row| {
            [&row[2], &row[11], &row[12], &row[13]]
                .map(String::as_str)
                .join(" ")
        })
        .collect();
    assert_eq!(
        rows,
        [
            "100.00 0.00 0.00 100.00",
            "-100.00 100.00 0.00 0.00",
            "300.00 0.00 -100.00 200.00"
        ]
    );
}

#[test]
fn people_targets_and_rates() {
    let plan = "id: p\ncurrency: CNY\nperiod: quarter\nfrom: 2026-01-01\nwho: {teams: [East], roles: [rep]}\ncomponents:\n  - {id: c, basis: contract_signed, where: {channel: web}, tiers: {mode: whole, on: {attainment: contract_amount}, bands: [{from: 0, rate: 1%}, {from: 1, rate: 2%}]}}";
    let header = [
        "id", "kind", "date", "person", "amount", "currency", "channel",
    ];
    let rows: [&[&str]; 4] = [
        &[
            "f1",
            "contract_signed",
            "2026-03-05",
            "lin",
            "100",
            "USD",
            "web",
        ],
        &[
            "f2",
            "contract_signed",
            "2026-03-06",
            "lin",
            "100",
            "CNY",
            "shop",
        ],
        &[
            "f3",
            "contract_signed",
            "2026-03-06",
            "su",
            "100",
            "CNY",
            "web",
        ],
        &[
            "f4",
            "contract_signed",
            "2026-03-06",
            "who",
            "100",
            "CNY",
            "web",
        ],
    ];
    let mut input = input(plan, &header, &rows);
    let people: [&[&str]; 3] = [
        &["lin", "East/One", "rep", ""],
        &["su", "East", "manager", "2026-01-01"],
        &["wang", "West", "rep", ""],
    ];
    input.people = Some(Table::new(
        "people.csv",
        &["person", "team", "role", "start"],
        &people,
    ));
    input.targets = Some(Table::new(
        "targets.csv",
        &["metric", "subject", "period", "base"],
        &[
            &["contract_amount", "lin", "2026-Q1", "700"],
            &["contract_amount", "team:East", "2026-Q1", "5000"],
            &["contract_amount", "nobody", "2026-Q1", "700"],
        ],
    ));
    input.rates = Some(Table::new(
        "rates.csv",
        &["date", "from", "to", "rate"],
        &[&["2026-01-01", "USD", "CNY", "7"]],
    ));
    let output = calculate(&input).unwrap();
    assert_eq!(totals(&output), [t("lin", "2026-Q1", "14.00")]);
    let places: Vec<(String, u32)> = output
        .rejected
        .iter()
        .map(|r| (r.file.clone(), r.line))
        .collect();
    assert_eq!(
        places,
        [("facts.csv".to_owned(), 5), ("targets.csv".to_owned(), 4)]
    );
}

#[test]
fn headers_and_plans_that_cannot_be_used() {
    let missing = calculate(&input(FLAT, &["id", "kind", "date", "person"], &[])).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "facts.csv:1: there is no column `amount`"
    );
    let twice = calculate(&input(
        FLAT,
        &["id", "kind", "date", "person", "amount", "id"],
        &[],
    ))
    .unwrap_err();
    assert_eq!(
        twice.to_string(),
        "facts.csv:1: the column `id` is there twice"
    );
    let bad = calculate(&input(
        &FLAT.replace("contract_signed", "contrat"),
        &HEADER,
        &[],
    ))
    .unwrap_err();
    assert!(matches!(bad, CalcError::Plan(problems) if problems[0].code == "unknown_basis"));
    assert!(parse_periods("2026-01..2026-13").is_err());
}
