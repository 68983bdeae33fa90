//! Tables in, tables out.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::metrics::standard;
use crate::plans::parse;
use crate::text::Language;

const FLAT: &str = "who: {roles: [rep]}\ncomponents: [{id: c, name: C, basis: contract_signed, rate: {flat: 10%}}]";
const HEADER: &str = "id,kind,date,person,amount";

/// A table of simple CSV: no quoted cells.
fn table(file: &str, header: &str, rows: &[&str]) -> Table {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let rows = rows.iter().enumerate().map(|(at, row)| (at + 2, cells(row))).collect();
    Table { file: file.to_owned(), header: cells(header), rows }
}

fn input(plan: &str, header: &str, rows: &[&str]) -> Input {
    let text = format!("id: p\nname: P\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\n{plan}");
    let (plan, tree) = parse(&text).unwrap();
    let (first, last) = parse_periods("2026-03").unwrap();
    let facts = table("facts.csv", header, rows);
    let metrics = standard(100_000, "a", "b");
    let (people, targets, rates, absences, carry) = (None, None, None, None, None);
    Input { plan, tree, metrics, facts, people, targets, rates, absences, carry, explain: true, first, last }
}

fn run(plan: &str, header: &str, rows: &[&str]) -> Output {
    calculate(&input(plan, header, rows)).unwrap()
}

fn statements(output: &Output) -> Vec<String> {
    output.statements.iter().map(|row| row.cells(Currency::CNY).join(",")).collect()
}

/// Person, period and total of each statement.
fn totals(output: &Output) -> Vec<String> {
    let total = |row: &Statement| {
        let cells = row.cells(Currency::CNY);
        format!("{} {} {}", cells[0], cells[1], cells[13])
    };
    output.statements.iter().map(total).collect()
}

/// Line, column and value of what was rejected.
fn places(output: &Output) -> Vec<String> {
    output.rejected.iter().map(|r| format!("{}:{} {} {}", r.file, r.line, r.column, r.value)).collect()
}

#[test]
fn a_fact_becomes_a_statement_and_an_earning() {
    let output = run(FLAT, HEADER, &["f1,contract_signed,2026-03-05,lin,1000"]);
    assert_eq!(
        statements(&output),
        ["lin,2026-03,100.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,100.00,CNY"]
    );
    assert_eq!(
        output.earnings[0].cells(Currency::CNY, Language::En).join(","),
        "lin,2026-03,c,f1,1000.00,0.1,100.00,earned,\
         Credited share: 1000.00 × 100 % = 1000.00 | Rate: 1000.00 × 10 % = 100.00 | Total: 100.00"
    );
    assert_eq!(places(&output), [""; 0]);
}

#[test]
fn several_rows_are_one_fact() {
    let rows = [
        "f1,contract_signed,2026-03-05,lin,10000,0.6,",
        "f2,contract_signed,2026-03-06,lin,10000,0.6,",
        "f3,contract_signed,2026-03-06,lin,10000,0.6,",
        "f1,contract_signed,2026-03-05,su,10000.00,0.4,owner",
        "f2,contract_signed,2026-03-06,su,10000,0.41,",
        "f3,contract_signed,2026-03-06,su,10001,0.4,",
        "f4,contract_signed,2026-03-06,lin,100,1,",
        "f4,contract_signed,2026-03-06,su,100,1,overlay",
        "f5,contract_signed,2026-03-06,lin,100,1.01,",
        "f6,contract_signed,2026-03-06,su,100,0.5,mentor",
        "f6,contract_signed,2026-03-06,su,100,0.5,mentor",
    ];
    let output = run(FLAT, "id,kind,date,person,amount,share,role", &rows);
    // An overlay credit beside a whole owner is no overbooking, and the plan pays owners only.
    assert_eq!(totals(&output), ["lin 2026-03 610.00", "su 2026-03 400.00"]);
    assert_eq!(
        places(&output),
        [
            "facts.csv:3 share 0.6",
            "facts.csv:4 id f3",
            "facts.csv:6 share 0.41",
            "facts.csv:7 amount 10001",
            "facts.csv:10 share 1.01",
            "facts.csv:11 id f6",
            "facts.csv:12 person su",
        ]
    );
    assert!(output.rejected[0].reason.contains("sum to 1.01"));
}

#[test]
fn shares_that_leave_a_remainder_still_sum_to_the_fact() {
    // O16: 100.00 in three parts.
    let rows = ["a,s,2026-03-05,p1,100,0.333333", "a,s,2026-03-05,p2,100,0.333333", "a,s,2026-03-05,p3,100,0.333333"];
    let plan = "who: {roles: [rep]}\ncomponents: [{id: c, name: C, basis: s, rate: {flat: 100%}}]";
    let output = run(plan, "id,kind,date,person,amount,share", &rows);
    assert_eq!(totals(&output), ["p1 2026-03 33.34", "p2 2026-03 33.33", "p3 2026-03 33.33"]);
}

#[test]
fn what_is_wrong_is_named_and_the_rest_computed() {
    let rows = [
        "f1,contract_signed,2026-03-05,lin,1000,",
        "f2,contract_signed,20026-03-05,lin,1000,",
        "f3,contract_signed,2026-03-05,lin,10.005,",
        "f4,Contract,2026-03-05,lin,1,",
        ",contract_signed,2026-03-05,lin,1,",
        "f5,contract_signed,2026-03-05,,1,",
        "f6,contract_signed,2026-03-05,lin,,",
        "f7,contract_signed,,lin,1,",
        "f8,contract_signed,2026-02-30,lin,1,",
        "f9,contract_signed,2026-03-05,lin,1,USD",
        "f10,contract_signed,2026-03-05,lin,1,RMB",
        "f11,contract_signed,2026-03-05,lin,99999999999999999,",
        "f12,contract_signed,2026-03-05,lin,1e3,",
    ];
    let output = run(FLAT, "id,kind,date,person,amount,currency", &rows);
    assert_eq!(totals(&output), ["lin 2026-03 100.00"]);
    assert_eq!(
        places(&output),
        [
            "facts.csv:3 date 20026-03-05",
            "facts.csv:4 amount 10.005",
            "facts.csv:5 kind Contract",
            "facts.csv:6 id ",
            "facts.csv:7 person ",
            "facts.csv:8 amount ",
            "facts.csv:9 date ",
            "facts.csv:10 date 2026-02-30",
            "facts.csv:11 currency USD",
            "facts.csv:12 currency RMB",
            "facts.csv:13 amount 99999999999999999",
            "facts.csv:14 amount 1e3",
        ]
    );
}

#[test]
fn recognition_says_when_a_fact_counts_and_what_waits_is_held() {
    let rows = [
        "f1,contract_signed,2026-03-05,lin,1000,2026-03-09",
        "f2,contract_signed,2026-03-05,lin,500,",
        "f3,contract_signed,2026-02-05,lin,700,2026-03-01",
        "f4,contract_signed,2026-03-05,lin,900,2026-04-01",
    ];
    let output = run(FLAT, "id,kind,date,person,amount,recognized", &rows);
    assert_eq!(
        statements(&output),
        ["lin,2026-03,220.00,0.00,0.00,0.00,0.00,0.00,0.00,-50.00,0.00,0.00,0.00,170.00,CNY"]
    );
    let status: Vec<_> = output.earnings.iter().map(|row| (row.fact.as_str(), row.status)).collect();
    assert_eq!(status, [("f3", "earned"), ("f2", "held"), ("f1", "earned")]);
}

#[test]
fn a_shortfall_is_drawn_and_kept_back_later() {
    let rows = [
        "f1,contract_signed,2026-02-05,lin,1000,",
        "f2,contract_signed,2026-03-05,lin,-1000,f1",
        "f3,contract_signed,2026-04-05,lin,600,",
        "f4,contract_signed,2026-05-05,lin,3000,",
    ];
    let mut input = input(FLAT, "id,kind,date,person,amount,reverses", &rows);
    (input.first, input.last) = parse_periods("2026-02..2026-06").unwrap();
    let output = calculate(&input).unwrap();
    // earning, draw, recovery, total
    let parts: Vec<_> = output.statements.iter().map(|s| (s.sums[0], s.sums[9], s.sums[10], s.total())).collect();
    assert_eq!(
        parts,
        [
            (10_000, 0, 0, 10_000),
            (-10_000, 10_000, 0, 0),
            (6_000, 0, -6_000, 0),
            (30_000, 0, -4_000, 26_000),
            (0, 0, 0, 0)
        ]
    );
}

#[test]
fn reversals_name_what_they_take_back() {
    let rows = [
        "f1,contract_signed,2026-03-05,lin,1000,",
        "f2,contract_signed,2026-03-06,lin,-400,f1",
        "f3,contract_signed,2026-03-06,lin,-400,f9",
        "f4,contract_signed,2026-03-06,lin,400,f1",
        "f5,contract_signed,2026-03-06,lin,-1,f5",
        "f6,contract_signed,2026-03-06,lin,-100,",
    ];
    let output = run(FLAT, "id,kind,date,person,amount,reverses", &rows);
    assert_eq!(totals(&output), ["lin 2026-03 50.00"]);
    assert_eq!(places(&output), ["facts.csv:4 reverses f9", "facts.csv:5 amount 400", "facts.csv:6 reverses f5"]);
}

#[test]
fn people_are_on_the_plan_by_their_dated_memberships() {
    let plan = "who: {teams: [East], roles: [rep]}\ncomponents: [{id: c, name: C, basis: s, rate: {flat: 10%}}]";
    let rows = [
        "f1,s,2026-03-05,lin,100",
        "f2,s,2026-03-20,lin,100",
        "f3,s,2026-03-05,boss,100",
        "f4,s,2026-03-05,ghost,100",
        "f5,s,2026-03-05,far,100",
    ];
    let mut input = input(plan, HEADER, &rows);
    let people = [
        "lin,East/One,,2025-01-01,2026-03-14,chief",
        "lin,West,rep,2026-03-15,,chief",
        "boss,East,manager,2026-01-01,,",
        "idle,East/Two,rep,,,",
        "far,West,rep,,,",
        "late,East,rep,2026-04-01,,",
        "odd,East,rep,2026-04-01,2026-03-01,",
    ];
    input.people = Some(table("people.csv", "person,team,role,start,end,manager", &people));
    let output = calculate(&input).unwrap();
    // Zeros included; who is on the plan only in April has no row in March; an empty role is rep, as in an import.
    assert_eq!(totals(&output), ["idle 2026-03 0.00", "lin 2026-03 10.00"]);
    assert_eq!(places(&output), ["facts.csv:5 person ghost", "people.csv:8 end 2026-03-01"]);
    // Without people.csv everybody named is there.
    input.people = None;
    assert_eq!(
        totals(&calculate(&input).unwrap()),
        ["boss 2026-03 10.00", "far 2026-03 10.00", "ghost 2026-03 10.00", "lin 2026-03 20.00"]
    );
}

#[test]
fn a_plan_for_people_by_name_covers_them_alone() {
    let plan = "who: {people: [lin, su]}\ncomponents: [{id: c, name: C, basis: s, rate: {flat: 10%}}]";
    let output = run(plan, HEADER, &["f1,s,2026-03-05,lin,100", "f2,s,2026-03-05,far,100"]);
    assert_eq!(totals(&output), ["lin 2026-03 10.00", "su 2026-03 0.00"]);
}

#[test]
fn targets_choose_the_tier() {
    let plan = "who: {roles: [rep]}\ncomponents:\n  - {id: c, name: C, basis: contract_signed, rate: {tiers: {mode: whole, on: {attainment: contract_amount}, rows: [{from: 0, rate: 1%}, {from: 1, rate: 2%}]}}}";
    let mut input =
        input(plan, HEADER, &["f1,contract_signed,2026-03-05,lin,700", "f2,contract_signed,2026-03-05,su,700"]);
    let rows = [
        "contract_amount,lin,2026-03,700",
        "contract_amount,lin,2026-03,900",
        "contract_amount,su,2026-03,",
        "contract_amount,su,March,700",
        "turnover,su,2026-03,700",
        "contract_amount,team:North,2026-03,700",
        "contract_amount,company,2026-03,700",
        "contract_amount,new,2026-03,1_000",
    ];
    input.targets = Some(table("targets.csv", "metric,subject,period,base", &rows));
    let output = calculate(&input).unwrap();
    assert_eq!(totals(&output), ["lin 2026-03 14.00", "su 2026-03 7.00"]);
    assert_eq!(
        places(&output),
        [
            "targets.csv:3 subject lin",
            "targets.csv:4 base ",
            "targets.csv:5 period March",
            "targets.csv:6 metric turnover",
            "targets.csv:7 subject team:North",
            "targets.csv:9 base 1_000",
        ]
    );
}

#[test]
fn conditions_name_columns_and_attributes() {
    let plan = "who: {roles: [rep]}\ncomponents:\n  - {id: c, name: C, basis: s, measure: margin, where: {product: Lamp, channel: web, quantity: '>= 2'}, rate: {flat: 10%}}";
    let rows = [
        "f1,s,2026-03-05,lin,1,100,Lamp,web,2",
        "f2,s,2026-03-05,lin,1,100,Lamp,shop,2",
        "f3,s,2026-03-05,lin,1,100,Desk,web,2",
        "f4,s,2026-03-05,lin,1,100,Lamp,web,1.5",
        "f5,s,2026-03-05,lin,1,,Lamp,web,2",
    ];
    let output = run(plan, "id,kind,date,person,amount,margin,product,channel,quantity", &rows);
    assert_eq!(totals(&output), ["lin 2026-03 10.00"]);
    // What the plan would pay on, and has no figure for, is named.
    assert_eq!(places(&output), ["facts.csv:6 margin "]);
}

#[test]
fn periods_are_the_plans_own() {
    let quarterly = "id: p\nname: P\ncurrency: CNY\nperiod: quarter\nfrom: 2026-01-01\nwho: {roles: [rep]}\ncomponents: [{id: c, name: C, basis: s, rate: {tiers: {mode: marginal, rows: [{from: 0, rate: 1%}, {from: 100, rate: 10%}]}}}]";
    let mut input =
        input(FLAT, HEADER, &["f1,s,2026-01-05,lin,100", "f2,s,2026-03-05,lin,100", "f3,s,2026-04-05,lin,100"]);
    (input.plan, input.tree) = parse(quarterly).unwrap();
    let mut asked = |text: &str| {
        (input.first, input.last) = parse_periods(text).unwrap();
        calculate(&input).map(|output| totals(&output))
    };
    // January's fact fills the lower band, though it was not asked for by itself.
    assert_eq!(asked("2026-03").unwrap(), ["lin 2026-Q1 11.00"]);
    assert_eq!(asked("2026-Q1..2026-Q2").unwrap(), ["lin 2026-Q1 11.00", "lin 2026-Q2 1.00"]);
    assert!(matches!(asked("2026-02"), Err(CalcError::Periods(_))));
    for bad in ["", "2026-13", "2026-03..", "2026-03..2026-02", "2026-03...2026-04"] {
        assert!(matches!(parse_periods(bad), Err(CalcError::Periods(_))), "{bad}");
    }
}

#[test]
fn headers_and_plans_that_cannot_be_used() {
    let missing = calculate(&input(FLAT, "id,kind,date,person", &[])).unwrap_err();
    assert_eq!(missing.to_string(), "facts.csv:1: there is no column 'amount'; the file has: id, kind, date, person");
    let plan = "who: {roles: [rep]}\ncomponents: [{id: c, name: C, basis: s, rate: {tiers: {mode: whole, rows: [{from: 1, rate: 1%}]}}}]";
    let Err(CalcError::Plan(mistakes)) = calculate(&input(plan, HEADER, &[])) else { unreachable!() };
    assert_eq!((mistakes[0].code, mistakes[0].line), ("gap", 7));
    // Teams and people of the plan may be missing from the files.
    let plan = "who: {teams: [North], people: [p9]}\ncomponents: [{id: c, name: C, basis: s, rate: {flat: 1%}}]";
    let mut input = input(plan, HEADER, &[]);
    input.people = Some(table("people.csv", "person", &["p1"]));
    assert_eq!(calculate(&input).unwrap(), Output::default());
}

#[test]
fn the_same_input_in_another_order_of_people_and_targets_is_the_same_output() {
    let rows = ["f1,contract_signed,2026-03-05,lin,1000", "f2,contract_signed,2026-03-05,su,1000"];
    let mut input = input(FLAT, HEADER, &rows);
    input.people = Some(table("people.csv", "person,role", &["lin,rep", "su,rep", "a,rep"]));
    let one = calculate(&input).unwrap();
    input.people = Some(table("people.csv", "person,role", &["a,rep", "su,rep", "lin,rep"]));
    assert_eq!(calculate(&input).unwrap(), one);
}

#[test]
fn comparing_finds_every_difference() {
    let rows = [
        "f1,contract_signed,2026-03-05,lin,1000",
        "f2,contract_signed,2026-03-06,lin,500",
        "f3,contract_signed,2026-03-06,su,500",
    ];
    let output = run(FLAT, HEADER, &rows);
    let found = |header: &str, rows: &[&str]| compare(&table("e.csv", header, rows), &output, Currency::CNY);
    // Numbers are numbers; columns and people that are not named are not looked at.
    for (header, rows) in [
        ("person,total", &["lin,150"][..]),
        ("person,period,total,currency", &["su,2026-03,50.00,CNY", "lin,2026-03,150.000,CNY"]),
        ("period,total", &["2026-03,50", "2026-03,150"]),
        ("person,component,fact,amount,status", &["lin,c,f2,50,earned", "lin,c,f1,100,earned"]),
        ("person,component,amount", &["lin,c,50", "lin,c,100"]),
    ] {
        assert_eq!(found(header, rows), [""; 0], "{header}");
    }
    for (header, rows, expect) in [
        ("person,total", &["lin,149.99"][..], "e.csv:2: person lin: total is 150.00, expected 149.99"),
        ("person,bonus", &["lin,1"], "e.csv:1: statements.csv has no column 'bonus'"),
        ("person,component,total", &["lin,c,1"], "e.csv:1: earnings.csv has no column 'total'"),
        ("person,total", &[], "e.csv:1: there is no row"),
        ("person,total", &["lin,150", "lin,150"], "e.csv:3: person lin: expected, but statements.csv has no such row"),
        ("person,total", &["who,0"], "e.csv:2: person who: expected, but"),
        ("person,period,total", &["lin,2026-04,150"], "e.csv:2: person lin, period 2026-04: expected, but"),
        ("person,component,amount", &["lin,c,100"], "e.csv:3: not expected, but earnings.csv has a row: person lin"),
        ("total", &["150"], "e.csv:3: not expected, but statements.csv has a row: total 50.00"),
        ("person,total", &["lin,"], "e.csv:2: person lin: total is 150.00, expected "),
    ] {
        let differences = found(header, rows);
        assert!(differences.iter().any(|line| line.starts_with(expect)), "{header} {rows:?}: {differences:?}");
    }
    // One period too few: the row that was left out is named.
    let both = found("person,period,total", &["lin,2026-04,150"]);
    assert_eq!(both.len(), 2, "{both:?}");
}

#[test]
fn a_stage_reward_needs_its_deal() {
    let plan = "who: {roles: [rep]}\ncomponents: [{id: r, name: R, basis: stage_entered, where: {stage: proposal}, rate: {reward: {amount: 300}}}]";
    let rows = [
        "f1,stage_entered,2026-03-05,lin,0,D1,proposal",
        "f2,stage_entered,2026-03-06,lin,0,D1,proposal",
        "f3,stage_entered,2026-03-05,lin,0,,proposal",
    ];
    let output = run(plan, "id,kind,date,person,amount,opportunity,stage", &rows);
    assert_eq!(totals(&output), ["lin 2026-03 300.00"]);
    assert_eq!(places(&output), ["facts.csv:4 opportunity "]);
}

/// A row of a made-up file: id, month, day, person, cents, share in hundredths, waits.
type Made = (u8, u32, u32, u8, i64, u32, bool);

proptest! {
    #[test]
    fn every_row_is_accounted_for_and_every_sum_holds(made in prop::collection::vec(
        (0_u8..30, 1_u32..5, 1_u32..29, 0_u8..4, -200_000_i64..300_000, 0_u32..110, any::<bool>()), 0..60)) {
        let row = |(id, month, day, person, cents, share, waits): &Made| {
            let date = format!("2026-{month:02}-{day:02}");
            let amount = crate::money::format_minor(*cents, Currency::CNY);
            let recognized = if *waits { "" } else { &date };
            format!("f{id},s,{date},p{person},{amount},{}.{:02},{recognized}", share / 100, share % 100)
        };
        let rows: Vec<String> = made.iter().map(row).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let plan = "who: {roles: [rep]}\ncomponents: [{id: c, name: C, basis: s, rate: {tiers: {mode: marginal, rows: [{from: 0, rate: 10%}, {from: 500, rate: 33.3%}]}}}]";
        let mut input = input(plan, "id,kind,date,person,amount,share,recognized", &rows);
        (input.first, input.last) = parse_periods("2026-01..2026-04").unwrap();
        let output = calculate(&input).unwrap();
        // A row is in an earning or among the rejected, never in both and never in neither.
        let rejected: std::collections::BTreeSet<usize> = output.rejected.iter().map(|r| r.line).collect();
        prop_assert_eq!(output.earnings.len() + rejected.len(), rows.len());
        let mut owed: BTreeMap<&str, i64> = BTreeMap::new();
        for statement in &output.statements {
            let lines = output.earnings.iter().filter(|e| e.person == statement.person && e.period == statement.period);
            prop_assert_eq!(lines.map(|e| e.amount_minor).sum::<i64>(), statement.sums[0]);
            let cells = statement.cells(Currency::CNY);
            let cents = |cell: &String| crate::money::parse_minor(cell, Currency::CNY).unwrap();
            prop_assert_eq!(cells[2..13].iter().map(cents).sum::<i64>(), cents(&cells[13]));
            prop_assert!(statement.total() >= 0 && statement.sums[9] >= 0 && statement.sums[10] <= 0);
            let owed = owed.entry(statement.person.as_str()).or_default();
            *owed += statement.sums[9] + statement.sums[10];
            prop_assert!(*owed >= 0, "more was kept back than was advanced");
        }
        prop_assert_eq!(calculate(&input).unwrap(), output);
    }
}
