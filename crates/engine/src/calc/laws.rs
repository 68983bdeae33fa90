//! Laws of pay, by example and by property: what holds whatever the plan.
#![allow(clippy::unwrap_used, clippy::panic)]

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::metrics::standard;
use crate::plans::parse;

fn table(file: &str, text: &str) -> Table {
    let cells = |line: &str| line.split(',').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let mut lines = text.trim().lines().map(str::trim);
    let header = cells(lines.next().unwrap());
    let rows = lines.enumerate().map(|(at, row)| (at + 2, cells(row))).collect();
    Table { file: file.to_owned(), header, rows }
}

const PEOPLE: &str = "person,name,team,role,start,end
    boss,Boss,East,manager,2024-01-01,
    ann,Ann,East,rep,2024-01-01,
    bob,Bob,East,rep,2024-01-01,
    cat,Cat,West,rep,2026-02-10,";

fn input(plan: &str, periods: &str, facts: &str) -> Input {
    let text = format!(
        "id: p\nname: P\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {{roles: [rep, manager]}}\n{plan}"
    );
    let (plan, tree) = parse(&text).unwrap();
    let (first, last) = parse_periods(periods).unwrap();
    let (facts, people) = (table("facts.csv", facts), Some(table("people.csv", PEOPLE)));
    let metrics = standard(100_000, "a", "b");
    let (targets, rates, absences, carry) = (None, None, None, None);
    Input { plan, tree, metrics, facts, people, targets, rates, absences, carry, explain: true, first, last }
}

/// Person, period and the sums that are not zero, by the names of their columns.
fn shown(output: &Output) -> Vec<String> {
    let words = |statement: &Statement| {
        let sums = statement.sums.iter().zip(STATEMENT_COLUMNS.iter().skip(2)).filter(|(sum, _)| **sum != 0);
        let sums: Vec<String> = sums.map(|(sum, name)| format!("{name} {sum}")).collect();
        format!("{} {}: {}", statement.person, statement.period, sums.join(", "))
    };
    output.statements.iter().filter(|s| s.sums.iter().any(|sum| *sum != 0)).map(words).collect()
}

fn run(plan: &str, periods: &str, facts: &str) -> Vec<String> {
    let output = calculate(&input(plan, periods, facts)).unwrap();
    assert_eq!(output.rejected, []);
    shown(&output)
}

#[test]
fn a_late_fact_is_an_adjustment_or_counts_when_it_becomes_known() {
    let facts = "id,kind,date,person,amount,recorded
        a,sale_recorded,2026-01-10,ann,800,
        b,sale_recorded,2026-01-20,ann,400,2026-03-05
        c,sale_recorded,2026-03-10,ann,100,";
    let tiers = "rate: {tiers: {mode: whole, rows: [{from: 0, rate: 1%}, {from: 1000, rate: 10%}]}}";
    let plan = format!("components: [{{id: c, name: C, basis: sale_recorded, {tiers}}}]");
    // January was 8.00; with the late fact it is 120.00.
    let expected = ["ann 2026-01: earning 800", "ann 2026-03: earning 100, adjustment 11200"];
    assert_eq!(run(&plan, "2026-01..2026-03", facts), expected);
    let open = format!("late_facts: open\n{plan}");
    assert_eq!(run(&open, "2026-01..2026-03", facts), ["ann 2026-01: earning 800", "ann 2026-03: earning 500"]);
    // Both in one period: nothing is late.
    let quarter = format!("late_facts: origin\n{plan}");
    let january = run(&quarter, "2026-01", &facts.replace("2026-03-05", "2026-01-31"));
    assert_eq!(january, ["ann 2026-01: earning 12000"]);
}

#[test]
fn a_late_fact_moves_the_managers_override_and_the_pool_too() {
    let facts = "id,kind,date,person,amount,recorded
        a,sale_recorded,2026-01-10,ann,1000,
        b,sale_recorded,2026-01-11,bob,1000,
        c,sale_recorded,2026-01-20,ann,1000,2026-02-03";
    let plan = "components:
  - {id: c, name: C, basis: sale_recorded, rate: {flat: 10%}}
  - {id: o, name: O, who: {roles: [manager]}, override: {of: reports, components: [c], rate: 20%}}
  - {id: p, name: P, pool: {each: team, size: 100.01, members: \"payee.role = 'rep'\", by: earned(c)}}";
    assert_eq!(
        run(plan, "2026-01..2026-02", facts),
        [
            // ann and bob share 100.01 equally, the odd cent to ann; then 2 : 1.
            "ann 2026-01: earning 10000, pool_share 5001",
            "ann 2026-02: adjustment 11666",
            "bob 2026-01: earning 10000, pool_share 5000",
            "bob 2026-02: adjustment -1666, draw 1666",
            "boss 2026-01: override 4000",
            "boss 2026-02: adjustment 2000",
        ]
        .map(str::to_owned)
        .into_iter()
        .filter(|row| !row.is_empty())
        .collect::<Vec<_>>()
    );
}

#[test]
fn held_lines_are_released_or_forfeited() {
    let facts = "id,kind,date,person,amount,contract
        a,contract_signed,2026-01-10,ann,1000,k1
        b,contract_signed,2026-01-10,bob,2000,k2
        c,payment_received,2026-03-02,ann,1000,k1";
    let plan = "components:
  - {id: c, name: C, basis: contract_signed, rate: {flat: 10%}, recognition: {needs: [payment_received], within_days: 60}}";
    assert_eq!(
        run(plan, "2026-01..2026-03", facts),
        [
            "ann 2026-01: earning 10000, hold -10000",
            "ann 2026-03: release 10000",
            "bob 2026-01: earning 20000, hold -20000"
        ]
    );
    let output = calculate(&input(plan, "2026-01..2026-03", facts)).unwrap();
    let status = |status: &str| {
        let rows = output.earnings.iter().filter(|row| row.status == status);
        rows.map(|row| (row.fact.clone(), row.amount_minor)).collect::<Vec<_>>()
    };
    assert_eq!(status("held"), [("a".to_owned(), 10_000), ("b".to_owned(), 20_000)]);
    assert_eq!(status("released"), [("a".to_owned(), 10_000)]);
    assert_eq!(status("forfeited"), [("b".to_owned(), 20_000)]);
}

#[test]
fn retention_deductions_and_the_cap_of_a_year() {
    let facts = "id,kind,date,person,amount,reverses
        a,sale_recorded,2026-01-10,ann,10000,
        b,sale_recorded,2026-02-10,ann,10000,
        c,sale_recorded,2026-03-10,ann,10000,
        d,sale_recorded,2026-02-20,ann,-8000,a";
    let plan = "components:
  - {id: c, name: C, basis: sale_recorded, rate: {flat: 10%}, retention: {share: 20%, until: 31}}
deductions: {most: 50%}";
    assert_eq!(
        run(plan, "2026-01..2026-03", facts),
        [
            // 31 days after January lie in March, as do those after February; of its 1,000.00 less 800.00, 40.00 are retained.
            "ann 2026-01: earning 100000, hold -20000",
            "ann 2026-02: earning 20000, hold -4000, draw 32000",
            "ann 2026-03: earning 100000, hold -20000, release 24000, recovery -32000",
        ]
    );
    let capped = "components:
  - {id: c, name: C, basis: sale_recorded, rate: {flat: 10%}, cap: {year: 1500, above: 10%}}";
    let rising = facts.lines().take(4).collect::<Vec<_>>().join("\n");
    assert_eq!(
        run(capped, "2026-01..2026-03", &rising),
        ["ann 2026-01: earning 100000", "ann 2026-02: earning 55000", "ann 2026-03: earning 10000"]
    );
}

#[test]
fn ties_of_a_ranking_and_a_budget_of_many() {
    let facts = "id,kind,date,person,amount
        a,sale_recorded,2026-02-11,ann,500
        b,sale_recorded,2026-02-12,bob,500
        c,sale_recorded,2026-02-13,cat,100";
    let rank = |ties: &str| {
        format!(
            "components:
  - {{id: s, name: S, basis: sale_recorded, rate: {{flat: 10%}}}}
  - {{id: r, name: R, rank: {{by: earned(s), minimum: \"earned(s) > 5\", prizes: [100, 0.01], ties: {ties}}}}}"
        )
    };
    assert_eq!(
        run(&rank("share"), "2026-02", facts),
        [
            "ann 2026-02: earning 5000, pool_share 5001",
            "bob 2026-02: earning 5000, pool_share 5000",
            "cat 2026-02: earning 1000, pool_share 0"
        ]
        .map(|row| row.replace(", pool_share 0", ""))
    );
    assert!(run(&rank("same"), "2026-02", facts)[1].ends_with("pool_share 10000"));
    let budget = "components:
  - {id: s, name: S, basis: sale_recorded, rate: {flat: 10%}}
  - {id: b, name: B, budget: {components: [s], limit: 50}}";
    let rows = run(budget, "2026-02", facts);
    assert_eq!(rows, ["ann 2026-02: earning 2273", "bob 2026-02: earning 2273", "cat 2026-02: earning 454"]);
}

#[test]
fn difference_commission_pays_what_is_above_the_rate_below() {
    let facts = "id,kind,date,person,amount
        a,sale_recorded,2026-02-11,ann,1000
        b,sale_recorded,2026-02-12,boss,1000";
    let plan = "components:
  - {id: s, name: S, basis: sale_recorded, rate: {flat: \"if(payee.role = 'manager', 8%, 5%)\"}}
  - {id: d, name: D, difference: {basis: sale_recorded, rates: \"if(payee.role = 'manager', 8%, 5%)\"}}";
    assert_eq!(run(plan, "2026-02", facts), ["ann 2026-02: earning 5000", "boss 2026-02: earning 8000, override 3000"]);
}

#[test]
fn a_circle_is_refused_with_its_reason() {
    let plan = "components:
  - {id: c, name: C, basis: sale_recorded, rate: {flat: 10%}, gate: \"earned(c) > 0\"}
  - {id: o, name: O, override: {of: team, components: [p], rate: 1%}}
  - {id: p, name: P, pool: {size: earned(c)}}";
    let Err(CalcError::Plan(mistakes)) = calculate(&input(plan, "2026-02", "id,kind,date,person,amount")) else {
        panic!("it should be refused")
    };
    let places: Vec<(&str, &str)> = mistakes.iter().map(|m| (m.pointer.as_str(), m.code)).collect();
    assert_eq!(
        places,
        [
            ("/components/0/gate", "formula"),
            ("/components/1/override/components/0", "circle"),
            ("/components/2/pool/size", "formula"),
        ]
    );
}

const COMPONENTS: [&str; 7] = [
    "rate: {flat: 3.33%}",
    "rate: {tiers: {mode: marginal, rows: [{from: 0, rate: 1%}, {from: 50, rate: 7%}]}}",
    "rate: {tiers: {mode: whole, rows: [{from: 0, rate: 1%}, {from: 100, rate: 4%}]}}, clawback: {at: origin}",
    "rate: [{flat: 1%}, {each: 0.07}], cap: {period: 3, above: 33%}",
    "per: period, share_out: exact, rate: {tiers: {mode: marginal, rows: [{from: 0, rate: 1%}, {from: 70, rate: 3%}]}}",
    "rate: {flat: 10%}, recognition: {needs: [payment_received], of: account, within_days: 40}",
    "rate: {flat: 10%}, retention: {share: 33%, until: 40}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The order of the rows changes nothing; each person's balance holds; a run in two halves is the run as a whole; every
    /// explanation recomputes.
    #[test]
    fn statements_are_sound(
        component in 0..COMPONENTS.len(),
        draw in prop::bool::ANY,
        facts in prop::collection::vec((1_u32..90, 0_usize..3, -9_000_i64..20_000, 0_u32..40, 0_u8..5), 1..14),
    ) {
        let people = ["ann", "bob", "cat"];
        let day = |n: u32| (NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(n.into())).to_string();
        let rows: Vec<String> = facts.iter().enumerate().map(|(at, (date, who, cents, late, kind))| {
            let kind = if *kind == 0 { "payment_received" } else { "sale_recorded" };
            let amount = format!("{}{}.{:02}", if *cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100);
            format!("f{at:02},{kind},{},{},{amount},{},k{}", day(*date), people[*who], day(date + late), at % 3)
        }).collect();
        let header = "id,kind,date,person,amount,recorded,account";
        let text = |rows: &[String]| format!("{header}\n{}", rows.join("\n"));
        let tail = if draw { "\ndraw: {amount: 0.30, recoverable: true}\ndeductions: {most: 50%}" } else { "" };
        let plan = format!("components: [{{id: c, name: C, basis: sale_recorded, {}}}]{tail}", COMPONENTS[component]);
        let whole = calculate(&input(&plan, "2026-01..2026-04", &text(&rows))).unwrap();

        let mut turned = rows.clone();
        turned.reverse();
        let again = calculate(&input(&plan, "2026-01..2026-04", &text(&turned))).unwrap();
        prop_assert_eq!(shown(&whole), shown(&again));

        let first = calculate(&input(&plan, "2026-01..2026-02", &text(&rows))).unwrap();
        let mut second = input(&plan, "2026-03..2026-04", &text(&rows));
        let header: Vec<String> = CARRY_COLUMNS.iter().map(|column| (*column).to_owned()).collect();
        let carried = first.carry.iter().enumerate().map(|(at, row)| (at + 2, row.cells.to_vec())).collect();
        second.carry = Some(Table { file: "carry.csv".to_owned(), header, rows: carried });
        let second = calculate(&second).unwrap();
        let mut halves = [shown(&first), shown(&second)].concat();
        halves.sort();
        prop_assert_eq!(shown(&whole), halves);

        for statement in &whole.statements {
            prop_assert!(statement.total() >= 0);
        }
        for row in &whole.earnings {
            if let (Why::Steps(steps), true) = (&row.why, row.status != "released") {
                prop_assert_eq!(crate::explain::recompute(steps, 2), Some(row.amount_minor), "{:?}", row);
            }
        }
        for person in people {
            let own = whole.statements.iter().filter(|s| s.person == person);
            let (mut earned, mut paid) = (0, 0);
            for statement in own {
                earned += statement.sums[..7].iter().sum::<i64>();
                paid += statement.total();
            }
            let moved = |status: &str| whole.earnings.iter()
                .filter(|row| row.person == person && row.status == status && matches!(row.why, Why::Entry(..)))
                .map(|row| row.amount_minor).sum::<i64>();
            let balance: i64 = whole.carry.iter().filter(|row| row.cells[0] == person && row.cells[1] != "paid").map(|row| {
                let amount = crate::money::parse_minor(&row.cells[7], crate::money::Currency::CNY).unwrap();
                if row.cells[1] == "owed" { -amount } else { amount }
            }).sum();
            prop_assert_eq!(earned + moved("forgiven"), paid + moved("forfeited") + balance, "{}", person);
        }
    }
}
