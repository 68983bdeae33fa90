use std::sync::Arc;

use super::*;
use crate::books::{Books, FactRow};
use crate::dates::{DateRange, PeriodKind};
use crate::definitions::{Definitions, DefinitionsData, Membership, Person, Snapshot, Team};
use crate::money::Currency;
use rust_decimal::Decimal;

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn row(sequence: u32, kind: &str, date: &str, amount: i64) -> FactRow {
    FactRow::new(
        sequence,
        kind,
        date.parse().unwrap(),
        amount * 100,
        Currency::CNY,
    )
}

fn snapshot(rows: Vec<FactRow>) -> Snapshot {
    let mut data = DefinitionsData::empty("x", Currency::CNY);
    data.metrics = standard();
    for id in [1, 2] {
        data.people.push(Person {
            id,
            name: format!("p{id}"),
            ..Person::default()
        });
        data.memberships.push(Membership {
            person: id,
            team: Some(10),
            role: "rep".to_owned(),
            ..Membership::default()
        });
    }
    data.teams.push(Team {
        id: 10,
        name: "East".to_owned(),
        parent: None,
        path: "East".to_owned(),
    });
    Snapshot {
        books: Books::new().append(rows).books,
        definitions: Arc::new(Definitions::new(data)),
    }
}

fn march() -> DateRange {
    DateRange::new("2026-03-01".parse().unwrap(), "2026-03-31".parse().unwrap())
}

fn value(snapshot: &Snapshot, code: &str, subject: Subject) -> Option<Decimal> {
    let metric = snapshot.definitions.metric_on(code, march().end).unwrap();
    evaluate(snapshot, metric, subject, march(), &Cut::default()).value
}

fn example() -> Snapshot {
    let deal = |mut row: FactRow, account: u128, line: &str| {
        row.account_group = Some(account);
        row.opportunity = Some(u128::from(row.sequence));
        row.product_line = Some(line.to_owned());
        row
    };
    let mut reversal = deal(row(4, "opportunity_won", "2026-03-20", -1_000), 3, "GTX")
        .credit(2, "owner", 1_000_000);
    reversal.refers_to = Some(3);
    snapshot(vec![
        deal(row(1, "opportunity_won", "2026-03-01", 600_000), 1, "GTX")
            .attribute("cycle_days", "30")
            .credit(1, "owner", 500_000)
            .credit(2, "owner", 500_000),
        deal(row(2, "opportunity_won", "2026-03-31", 100_000), 1, "MG")
            .attribute("cycle_days", "60")
            .credit(1, "owner", 1_000_000),
        deal(row(3, "opportunity_won", "2026-03-10", 1_000), 3, "GTX")
            .credit(2, "owner", 1_000_000),
        reversal,
        row(5, "opportunity_lost", "2026-03-11", 0)
            .credit(1, "owner", 1_000_000)
            .credit(2, "overlay", 1_000_000),
        row(6, "opportunity_won", "2026-04-01", 9).credit(1, "owner", 1_000_000),
        row(7, "lead_created", "2026-03-11", 0),
        row(8, "activity_logged", "2026-03-12", 0)
            .attribute("activity_kind", "visit")
            .attribute("effective", "true")
            .credit(1, "owner", 1_000_000),
        row(9, "activity_logged", "2026-03-12", 0)
            .attribute("activity_kind", "call")
            .credit(1, "owner", 1_000_000),
    ])
}

#[test]
fn the_standard_dictionary_counts() {
    let s = example();
    assert_eq!(value(&s, "won_amount", Subject::Company), Some(d("700000")));
    assert_eq!(
        value(&s, "won_amount", Subject::Person(1)),
        Some(d("400000"))
    );
    assert_eq!(
        value(&s, "won_amount", Subject::Team(10)),
        Some(d("700000"))
    );
    assert_eq!(value(&s, "won_deals", Subject::Person(1)), Some(d("1.5")));
    assert_eq!(value(&s, "won_deals", Subject::Person(2)), Some(d("0.5")));
    assert_eq!(value(&s, "win_rate", Subject::Person(1)), Some(d("0.6")));
    assert_eq!(value(&s, "win_rate", Subject::Person(3)), None);
    assert_eq!(
        value(&s, "average_deal_size", Subject::Company),
        Some(d("350000"))
    );
    assert_eq!(
        value(&s, "sales_cycle_days", Subject::Company),
        Some(d("45"))
    );
    assert_eq!(
        value(&s, "sales_cycle_days", Subject::Person(1)),
        Some(d("50"))
    );
    assert_eq!(value(&s, "leads", Subject::Company), Some(d("1")));
    assert_eq!(value(&s, "leads", Subject::Team(10)), Some(d("0")));
    assert_eq!(
        value(&s, "effective_visits", Subject::Person(1)),
        Some(d("1"))
    );
    assert_eq!(value(&s, "activities", Subject::Person(1)), Some(d("2")));
    let share = value(&s, "large_deal_share", Subject::Company).unwrap();
    assert_eq!(share.round_dp(4), d("0.8571"));
}

#[test]
fn distinct_things_are_net_of_reversals() {
    let customer = |sequence, date: &str, group, refers_to: Option<u32>| {
        let mut row = row(sequence, "contract_signed", date, 10).credit(1, "owner", 1_000_000);
        row.account_group = Some(group);
        row.customer_kind = Some("new".to_owned());
        row.refers_to = refers_to;
        row
    };
    let s = snapshot(vec![
        customer(1, "2026-03-01", 1, None),
        customer(2, "2026-03-02", 1, None),
        customer(3, "2026-03-03", 2, None),
        customer(4, "2026-03-04", 2, Some(3)),
    ]);
    assert_eq!(value(&s, "new_customers", Subject::Person(1)), Some(d("1")));
}

#[test]
fn groups_and_cuts_sum_to_the_whole() {
    let s = example();
    let metric = s.definitions.metric_on("won_amount", march().end).unwrap();
    let by = |by| evaluate_by(&s, metric, Subject::Team(10), march(), &Cut::default(), by);
    let sum = |groups: &[(GroupKey, MetricValue)]| {
        groups
            .iter()
            .map(|(_, v)| v.value.unwrap())
            .sum::<Decimal>()
    };
    for groups in [
        by(GroupBy::Person),
        by(GroupBy::ProductLine),
        by(GroupBy::Region),
        by(GroupBy::Period(PeriodKind::Week)),
    ] {
        assert_eq!(sum(&groups), d("700000"), "{groups:?}");
    }
    let lines = by(GroupBy::ProductLine);
    assert_eq!(lines[0].0, GroupKey::Word("GTX".to_owned()));
    assert_eq!(lines[0].1.value, Some(d("600000")));
    let cut = Cut {
        product_line: Some("MG".to_owned()),
        ..Cut::default()
    };
    assert_eq!(
        evaluate(&s, metric, Subject::Company, march(), &cut).value,
        Some(d("100000"))
    );
}

#[test]
fn contributions_are_paged_in_a_stable_order() {
    let s = example();
    let metric = s.definitions.metric_on("won_amount", march().end).unwrap();
    let page = |offset, limit| {
        contributions(
            &s,
            metric,
            Subject::Team(10),
            march(),
            &Cut::default(),
            offset,
            limit,
        )
    };
    let all = page(0, 100);
    assert_eq!(all.total, 5);
    assert_eq!(
        all.items
            .iter()
            .map(|c| (c.sequence, c.person))
            .collect::<Vec<_>>(),
        [
            (1, Some(1)),
            (1, Some(2)),
            (3, Some(2)),
            (4, Some(2)),
            (2, Some(1))
        ]
    );
    assert_eq!(
        all.items.iter().map(|c| c.value.unwrap()).sum::<Decimal>(),
        d("700000")
    );
    assert_eq!(page(1, 2).items, all.items[1..3]);
}

#[test]
fn definitions_both_ways() {
    for metric in standard() {
        let json = serde_json::to_string(&metric).unwrap();
        assert_eq!(
            serde_json::from_str::<MetricVersion>(&json).unwrap(),
            metric
        );
        assert_eq!(MetricVersion::parse(&json).unwrap(), metric);
        assert!(!metric.description.zh.is_empty() && !metric.description.en.is_empty());
    }
    let text = "code: big\nname: {zh: 大单, en: Big}\ndescription: {zh: 说明, en: about}\ncategory: result\ndirection: {range: {low: 0.5, high: 1}}\ncombination: sum\nunit: money\nformula:\n  sum: {measure: amount, facts: {of: [contract_signed], where: {amount: \">= 10.5\"}}}\n";
    assert_eq!(
        MetricVersion::parse(text).unwrap().direction,
        Direction::Range {
            low: d("0.5"),
            high: d("1")
        }
    );
    let wrong =
        MetricVersion::parse(&text.replace("measure: amount", "measure: amout")).unwrap_err();
    assert_eq!((wrong.line, wrong.code), (9, "invalid_metric"));
}
