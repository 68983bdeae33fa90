//! Tiers over time: order, versions, reversals, waiting facts, targets that are not there.

use super::*;

const TIERS: &str = "  - id: c\n    basis: contract_signed\n    tiers: {mode: marginal, bands: [{from: 0, rate: 4%}, {from: 200000, rate: 6%}, {from: 600000, rate: 8%}]}";

#[test]
fn the_picture_of_my_pay() {
    let world = World::new(&[&plan(TIERS)])
        .fact("contract_signed", "2026-03-04", 142_000)
        .fact("contract_signed", "2026-03-11", 168_000)
        .fact("contract_signed", "2026-03-17", 66_000)
        .with("contract_signed", "2026-03-18", 100_000, |row| {
            pending(row.credit(1, "owner", 1_000_000))
        });
    let estimate = world.estimate(1, "2026-03");
    assert_eq!(estimate.lines[1].amount_minor, 892_000);
    let steps: Vec<(String, String, String)> = estimate.lines[1]
        .explanation
        .render(crate::words::Locale::Zh)
        .into_iter()
        .map(|s| (s.label, s.expression, s.value))
        .collect();
    let expect = [
        ("2026-03-11 合同签订金额", "", "168,000.00"),
        ("归属比例 100 %", "", "168,000.00"),
        ("计入 2026-03 累计", "", "142,000 → 310,000"),
        ("第一档", "58,000.00 × 4 %", "2,320.00"),
        ("第二档", "110,000.00 × 6 %", "6,600.00"),
        ("合计", "", "8,920.00"),
    ];
    assert_eq!(
        steps,
        expect.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()))
    );
    assert_eq!(estimate.lines[3].status, LineStatus::Pending);
    assert_eq!(
        (estimate.held_minor, estimate.lines[3].date),
        (600_000, None)
    );
    let progress = &estimate.progress[0];
    assert_eq!(
        (progress.position, progress.pending),
        (Decimal::from(376_000), Decimal::from(100_000))
    );
    let next = progress.next.as_ref().unwrap();
    assert_eq!(
        (next.at, next.remaining, next.rate.to_string()),
        (
            Decimal::from(600_000),
            Decimal::from(124_000),
            "0.08".to_owned()
        )
    );
}

#[test]
fn what_counts_first_is_cumulated_first() {
    let late = World::new(&[&plan(TIERS)])
        .fact("contract_signed", "2026-03-20", 200_000)
        .fact("contract_signed", "2026-03-01", 200_000);
    let estimate = late.estimate(1, "2026-03");
    assert_eq!(
        estimate
            .lines
            .iter()
            .map(|line| (line.fact, line.amount_minor))
            .collect::<Vec<_>>(),
        [(Some(2), 800_000), (Some(1), 1_200_000)]
    );
}

#[test]
fn a_reversal_walks_the_bands_back() {
    let world = World::new(&[&plan(TIERS)])
        .fact("contract_signed", "2026-03-01", 300_000)
        .with("contract_signed", "2026-03-09", -300_000, |mut row| {
            row.refers_to = Some(1);
            row.credit(1, "owner", 1_000_000)
        });
    assert_eq!(world.lines("2026-03"), ["14000.00", "-14000.00"]);
    let negative = World::new(&[&plan(TIERS)])
        .fact("contract_signed", "2026-03-01", -50_000)
        .fact("contract_signed", "2026-03-02", 300_000);
    assert_eq!(negative.lines("2026-03"), ["-2000.00", "13000.00"]);
}

#[test]
fn waiting_facts_are_recognised_into_their_period() {
    let world = World::new(&[&plan(TIERS)])
        .with("contract_signed", "2026-03-10", 100_000, |row| {
            pending(row.credit(1, "owner", 1_000_000))
        })
        .fact("contract_signed", "2026-03-20", 150_000);
    let march = world.estimate(1, "2026-03");
    assert_eq!((march.earned_minor, march.held_minor), (600_000, 500_000));
    let world = world.with("recognition", "2026-04-02", 0, |mut row| {
        row.refers_to = Some(1);
        row
    });
    assert_eq!(world.lines("2026-03"), ["6000.00"]);
    assert_eq!(world.lines("2026-04"), ["4000.00"]);
    let before = estimate(&world.snapshot(), 1, period("2026-04"), day("2026-04-01"));
    assert_eq!((before.earned_minor, before.held_minor), (0, 400_000));
}

#[test]
fn a_version_in_the_middle_of_a_period() {
    let first = plan(TIERS);
    let second = first
        .replace("2026-01-01", "2026-03-16")
        .replace("6%", "7%");
    let world = World::new(&[&first, &second])
        .fact("contract_signed", "2026-03-10", 150_000)
        .fact("contract_signed", "2026-03-16", 150_000)
        .fact("contract_signed", "2026-03-15", 100_000);
    let estimate = world.estimate(1, "2026-03");
    let lines: Vec<_> = estimate
        .lines
        .iter()
        .map(|line| (line.fact, line.version, line.amount_minor))
        .collect();
    assert_eq!(
        lines,
        [
            (Some(1), 1, 600_000),
            (Some(3), 1, 500_000),
            (Some(2), 2, 1_050_000)
        ]
    );
    assert_eq!(estimate.plans, [("p".to_owned(), 1), ("p".to_owned(), 2)]);
    assert_eq!(estimate.progress.len(), 1);
}

#[test]
fn without_a_target_the_lowest_tier_and_a_word_about_it() {
    let components = "  - id: c\n    basis: contract_signed\n    tiers: {mode: whole, on: {attainment: contract_amount}, bands: [{from: 0, rate: 3%}, {from: 1, rate: 5%}]}";
    let world = World::new(&[&plan(components)]).fact("contract_signed", "2026-03-01", 100_000);
    let without = world.estimate(1, "2026-03");
    assert_eq!(without.amount_minor, 300_000);
    assert!(
        without.lines[0]
            .explanation
            .steps
            .iter()
            .any(|step| matches!(step, crate::explain::Step::NoTarget { .. }))
    );
    assert_eq!(without.progress[0].next, None);
    let reached = world
        .target("contract_amount", 1, "2026-03", 80_000)
        .estimate(1, "2026-03");
    assert_eq!(reached.amount_minor, 500_000);
}

#[test]
fn distance_by_attainment() {
    let components = "  - id: c\n    basis: payment_received\n    tiers: {mode: whole, on: {attainment: contract_amount}, bands: [{from: 0, rate: 3%}, {from: 100%, rate: 5%}]}";
    let world = World::new(&[&plan(components)])
        .target("contract_amount", 1, "2026-03", 80_000)
        .fact("contract_signed", "2026-03-01", 60_000)
        .fact("payment_received", "2026-03-02", 1_000);
    let estimate = world.estimate(1, "2026-03");
    assert_eq!(estimate.amount_minor, 3_000);
    let progress = &estimate.progress[0];
    assert_eq!(
        (progress.position.to_string(), progress.target),
        ("0.75".to_owned(), Some(Decimal::from(80_000)))
    );
    assert_eq!(
        progress.next.as_ref().unwrap().remaining,
        Decimal::from(20_000)
    );
}

#[test]
fn moving_teams_in_mid_month() {
    let mut world = World::new(&[
        "id: p\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {teams: [East/One]}\ncomponents: [{id: c, basis: contract_signed, rate: 10%}]",
    ]);
    world.data.memberships[0].to = Some(day("2026-03-15"));
    world.data.memberships.push(Membership {
        person: 1,
        team: Some(12),
        role: "rep".to_owned(),
        from: Some(day("2026-03-16")),
        ..Membership::default()
    });
    let world = world.fact("contract_signed", "2026-03-15", 1_000).fact(
        "contract_signed",
        "2026-03-16",
        1_000,
    );
    assert_eq!(world.lines("2026-03"), ["100.00"]);
    let snapshot = world.snapshot();
    let metric = snapshot
        .definitions
        .metric_on("contract_amount", day("2026-03-31"))
        .unwrap()
        .clone();
    let range = snapshot
        .definitions
        .company
        .calendar
        .range(period("2026-03"));
    let value = |team| {
        crate::metrics::evaluate(
            &snapshot,
            &metric,
            Subject::Team(team),
            range,
            &crate::metrics::Cut::default(),
        )
        .value
    };
    assert_eq!(
        (value(11), value(12), value(10)),
        (
            Some(Decimal::from(1000)),
            Some(Decimal::from(1000)),
            Some(Decimal::from(2000))
        )
    );
}
