//! `qiao calc` and the server are one engine: the same facts in files give the same pay.

use qiao_app::exports;
use qiao_app::imports::{self, Kind};
use qiao_engine::Snapshot;
use qiao_engine::books::{Dictionary, FactView, Sym};
use qiao_engine::calc::{Input, Table, calculate, parse_periods};
use qiao_engine::dates::Period;
use qiao_engine::money::format_minor;
use qiao_engine::plans::parse;

use crate::world::{World, on_both};

const PLAN: &str = "id: q\nname: 季度方案\ncurrency: CNY\nperiod: quarter\nfrom: 2026-01-01\nwho: {roles: [rep], teams: [East]}\ncomponents:
  - {id: tiers, name: 累进, basis: opportunity_won, rate: {tiers: {mode: marginal, rows: [{from: 0, rate: 1%}, {from: 1200, rate: 3.5%}]}}}
  - {id: quota, name: 达成, basis: opportunity_won, rate: {tiers: {mode: whole, on: {attainment: won_amount}, rows: [{from: 0, rate: 0.1%}, {from: 1, rate: 0.7%}]}}}
  - {id: kind, name: 新老, basis: opportunity_won, rate: {lookup: {by: [customer_kind], rows: [{customer_kind: new, rate: 1.3%}], default: 0.9%}}}
  - {id: stage, name: 节点, basis: stage_entered, where: {stage: proposal}, rate: {reward: {amount: 30, if_lost: forfeit}}}
";

/// Every credit of the company as a row of facts.csv.
fn facts(snapshot: &Snapshot) -> Table {
    let dictionary = snapshot.books.dictionary();
    let header = [
        "id",
        "kind",
        "date",
        "person",
        "amount",
        "share",
        "role",
        "opportunity",
        "reverses",
        "customer_kind",
        "stage",
    ];
    let mut rows = Vec::new();
    let currency = snapshot.definitions.company.currency;
    snapshot.books.for_credits(chrono::NaiveDate::MIN, chrono::NaiveDate::MAX, |credit| {
        let fact = &credit.fact;
        let person = dictionary.id_back(credit.person()).unwrap();
        let number = |number: u32| if number == 0 { String::new() } else { number.to_string() };
        rows.push((
            fact.sequence(),
            vec![
                // Facts of one day are cumulated in the order of their ids.
                format!("{:06}", fact.sequence()),
                dictionary.name(fact.kind()).unwrap(),
                fact.date().to_string(),
                snapshot.definitions.people[&person].key().to_owned(),
                format_minor(fact.amount_minor(), currency),
                rust_decimal::Decimal::new(i64::from(credit.share_ppm()), 6).to_string(),
                dictionary.name(credit.role()).unwrap(),
                number(fact.opportunity()),
                fact.refers_to().map(|s| format!("{s:06}")).unwrap_or_default(),
                dictionary.name(fact.customer_kind()).unwrap_or_default(),
                attribute(fact, dictionary, "stage"),
            ],
        ));
    });
    rows.sort();
    let rows = rows.into_iter().enumerate().map(|(at, (_, cells))| (at + 2, cells)).collect();
    Table { file: "facts.csv".to_owned(), header: header.map(str::to_owned).to_vec(), rows }
}

fn attribute(fact: &FactView<'_>, dictionary: &Dictionary, name: &str) -> String {
    let key = dictionary.symbol(name).unwrap_or(Sym::NONE);
    dictionary.name(dictionary.attribute(fact.attributes(), key)).unwrap_or_default()
}

async fn exported(world: &World, kind: &str, period: Option<Period>) -> Table {
    let mut bytes = Vec::new();
    let kind = exports::Kind::parse(kind).unwrap();
    exports::export(&world.state, &world.operator, exports::Rows::all(kind, period), exports::Out::Write(&mut bytes))
        .await
        .unwrap();
    let table = imports::read(&bytes).unwrap();
    Table { file: String::new(), header: table.header, rows: table.rows }
}

#[tokio::test]
async fn calc_on_the_companys_facts_is_the_servers_estimate() {
    on_both(|world| async move {
        world.import(Kind::Targets, "metric,subject,period,base\nwon_amount,rep,2026-Q1,1500\nwon_amount,mate,2026-Q1,2500\n").await;
        // More deals, one of them corrected, one reopened, one lost after its proposal.
        world
            .import(
                Kind::Opportunities,
                "opportunity,name,owner,stage,amount,opened_on,closed_on\n\
                 D5,戊公司,rep,won,777.77,2026-01-10,2026-02-03\n\
                 D6,己公司,mate,won,333.33,2026-01-10,2026-03-31\n\
                 D7,庚公司,rep,proposal,100.00,2026-02-10,\n\
                 D8,辛公司,near,proposal,100.00,2026-02-11,\n",
            )
            .await;
        world
            .import(
                Kind::Opportunities,
                "opportunity,stage,amount,closed_on\nD1,won,1500.55,2026-03-05\nD2,negotiation,2000.00,\nD8,lost,100.00,2026-03-20\n",
            )
            .await;
        qiao_app::plans::rules::publish(&world.state, &world.operator, PLAN).await.unwrap();
        let quarter: Period = "2026-Q1".parse().unwrap();
        let server = exported(&world, "earnings", Some(quarter)).await;
        let snapshot = world.state.books().snapshot().await.unwrap();
        let (plan, tree) = parse(PLAN).unwrap();
        let (first, last) = parse_periods("2026-Q1").unwrap();
        let input = Input {
            plan,
            tree,
            metrics: qiao_app::company::first_metrics(),
            facts: facts(&snapshot),
            people: Some(exported(&world, "people", None).await),
            targets: Some(exported(&world, "targets", None).await),
            rates: None,
            absences: None,
            carry: None,
            explain: true,
            first,
            last,
        };
        let output = calculate(&input).unwrap();
        assert_eq!(output.rejected, []);
        // Person, component, basis, rate, amount, status: what is the same in both, in one order.
        let own = |row: &qiao_engine::calc::Earning| {
            let cells = row.cells(snapshot.definitions.company.currency, qiao_engine::Language::En);
            [0, 2, 4, 5, 6, 7, 8].map(|at| cells[at].clone())
        };
        let mut calc: Vec<[String; 7]> = output.earnings.iter().map(own).collect();
        let theirs = |cells: &Vec<String>| [0, 2, 4, 5, 6, 7, 8].map(|at| cells[at].clone());
        let of_plan = |cells: &&Vec<String>| cells[1] == "2026-Q1";
        let mut server: Vec<[String; 7]> =
            server.rows.iter().map(|(_, cells)| cells).filter(of_plan).map(theirs).collect();
        calc.sort();
        server.sort();
        assert!(calc.iter().any(|row| row[5] == "forfeited") && calc.len() > 15, "{calc:#?}");
        assert_eq!(calc, server);
        // And the sums: the estimates of the quarter are the statements.
        for row in qiao_app::pay::rules::estimates(&snapshot, &world.operator, quarter) {
            let statement = output.statements.iter().find(|statement| statement.person == row.key);
            let of_plan = row.estimate.plans.iter().filter(|p| p.version.plan.id == "q").map(|p| p.total_minor).sum::<i64>();
            assert_eq!(statement.map_or(0, |statement| statement.sums[0]), of_plan, "{}", row.key);
        }
    })
    .await;
}
