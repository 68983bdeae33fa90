//! Every example of docs/plans.md is a plan without a mistake.

use qiao_engine::calc::{Input, Table, calculate, parse_periods};
use qiao_engine::metrics::standard;
use qiao_engine::plans::parse;

const HEAD: &str = "id: docs\nname: Docs\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nto: 2026-12-31\nwho: {roles: [rep, manager]}\n";
const BASE: &str = "- {id: commission, name: Base, basis: contract_signed, rate: {flat: 1%}}\n";

fn blocks() -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/plans.md")).unwrap();
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (line, content) in text.lines().enumerate() {
        match (&mut open, content) {
            (None, "```yaml") => open = Some((line + 2, String::new())),
            (Some(_), "```") => found.extend(open.take()),
            (Some((_, block)), content) => {
                block.push_str(content);
                block.push('\n');
            }
            _ => {}
        }
    }
    found
}

fn table(file: &str, header: &str, rows: &[&str]) -> Table {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let rows = rows.iter().enumerate().map(|(at, row)| (at + 2, cells(row))).collect();
    Table { file: file.to_owned(), header: cells(header), rows }
}

#[test]
fn every_example_of_the_guide_computes() {
    let blocks = blocks();
    assert!(blocks.len() >= 20, "{}", blocks.len());
    for (line, block) in blocks {
        let base = if block.contains("id: commission,") || block.contains("id: commission\n") { "" } else { BASE };
        // A block is a list of components, or keys that stand behind the list.
        let text = format!("{HEAD}components:\n{base}{block}");
        let (plan, tree) = parse(&text).unwrap_or_else(|error| panic!("docs/plans.md:{line}: {error}\n{text}"));
        let (first, last) = parse_periods("2026-01..2026-03").unwrap();
        let facts = table(
            "facts.csv",
            "id,kind,date,person,amount,margin,quantity,contract,opportunity,stage,price,list_price,channel,product_line",
            &[
                "a,contract_signed,2026-01-10,p1,50000,9000,2,c1,o1,,90,100,web,GTX",
                "b,payment_received,2026-02-10,p1,20000,,,c1,o1,,,,,",
                "c,sale_recorded,2026-02-11,p2,30000,4000,12,,o2,,,,web,MG",
                "d,stage_entered,2026-01-03,p1,0,,,,o1,proposal,,,,",
            ],
        );
        let people = table(
            "people.csv",
            "person,name,team,role,start,grade,level,territory,mentor",
            &[
                "m,M,East,manager,2024-01-01,senior,2,1,",
                "p1,A,East,rep,2025-01-01,senior,1,1,m",
                "p2,B,East,rep,2026-02-01,,1,1,p1",
            ],
        );
        let targets = table(
            "targets.csv",
            "metric,subject,period,base",
            &[
                "contract_amount,p1,2026-01,40000",
                "contract_amount,team:East,2026-01,40000",
                "contract_amount,p1,2026-Q1,90000",
            ],
        );
        let input = Input {
            plan,
            tree,
            metrics: standard(100_000, "proposal", "contract"),
            facts,
            people: Some(people),
            targets: Some(targets),
            rates: None,
            absences: None,
            carry: None,
            explain: true,
            first,
            last,
        };
        let output = calculate(&input).unwrap_or_else(|error| panic!("docs/plans.md:{line}: {error:?}"));
        assert!(output.statements.iter().all(|statement| statement.total() >= 0), "docs/plans.md:{line}");
        assert!(!output.statements.is_empty(), "docs/plans.md:{line}");
    }
}
