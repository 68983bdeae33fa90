//! Plans by example and by property.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::Names;
use crate::Snapshot;
use crate::books::{Books, Credit, FactRow};
use crate::dates::Calendar;
use crate::definitions::{Company, Definitions, Membership, Person, Team};
use crate::explain::recompute;
use crate::goals::Target;
use crate::metrics::{Cut, Subject, standard};
use crate::money::{Currency, format_minor};
use crate::pay::{Estimate, Status, estimate};
use crate::text::Language;

const ME: u128 = 1;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn definitions() -> Definitions {
    let company = Company {
        name: "Example".to_owned(),
        currency: Currency::CNY,
        timezone: "Asia/Shanghai".to_owned(),
        locale: "zh-CN".to_owned(),
        calendar: Calendar::plain(),
        customer_rule: crate::customers::CustomerRule::default(),
        on_pace_tolerance_ppm: 50_000,
        attainment_visible_to_all: false,
    };
    let mut definitions = Definitions::new(company);
    let person = |id: u128, name: &str| Person {
        id,
        external_id: Some(name.to_owned()),
        name: name.to_owned(),
        email: None,
        start: None,
        end: None,
        attributes: Default::default(),
    };
    let team = |id: u128, name: &str, parent: Option<u128>, path: &str| Team {
        id,
        name: name.to_owned(),
        parent,
        path: path.to_owned(),
        archived: false,
    };
    let member = |person: u128, team: u128, from: &str, to: Option<&str>| Membership {
        person,
        team,
        role: "rep".to_owned(),
        manager: None,
        from: day(from),
        to: to.map(day),
    };
    definitions.set_people(
        vec![person(ME, "me"), person(2, "you")],
        vec![team(10, "East", None, "East"), team(11, "One", Some(10), "East/One"), team(12, "West", None, "West")],
        vec![
            member(ME, 11, "2025-01-01", None),
            member(2, 11, "2025-01-01", Some("2026-03-14")),
            member(2, 12, "2026-03-15", None),
        ],
    );
    definitions.metrics = standard(100_000, "proposal", "contract");
    definitions
}

/// A plan around one component's rate.
fn plan(rate: &str) -> Plan {
    plan_with(&format!("    basis: opportunity_won\n    rate: {rate}\n"))
}

fn plan_with(component: &str) -> Plan {
    let text = format!(
        "id: p\nname: P\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {{teams: [East]}}\ncomponents:\n  - id: c\n    name: C\n{component}"
    );
    let (plan, tree) = parse(&text).unwrap();
    assert_eq!(check(&plan, &tree, &definitions()), []);
    plan
}

fn version(plan: Plan, version: u32) -> PlanVersion {
    PlanVersion { id: version.into(), plan_id: 1, version, plan }
}

fn won(sequence: u32, date: &str, minor: i64) -> FactRow {
    let mut row = FactRow::new(sequence, "opportunity_won", day(date), "CNY", minor);
    row.opportunity = Some(1_000 + u128::from(sequence));
    row.credits = vec![Credit { person: ME, role: "owner".to_owned(), share_ppm: 1_000_000 }];
    row
}

fn snapshot(plans: Vec<PlanVersion>, facts: Vec<FactRow>) -> Snapshot {
    let mut definitions = definitions();
    definitions.plans = plans;
    Snapshot { books: Books::default().append(facts), definitions: Arc::new(definitions) }
}

fn month(snapshot: &Snapshot) -> Estimate {
    let estimate = estimate(snapshot, ME, "2026-03".parse().unwrap());
    for line in &estimate.lines {
        assert_eq!(recompute(&line.steps, 2), Some(line.amount_minor), "{line:?}");
    }
    estimate
}

fn paid(plan: Plan, facts: Vec<FactRow>) -> String {
    format_minor(month(&snapshot(vec![version(plan, 1)], facts)).total_minor(), Currency::CNY)
}

#[test]
fn flat_percentage() {
    // P01: 10 % of 1,000.
    assert_eq!(paid(plan("{flat: 10%}"), vec![won(1, "2026-03-05", 100_000)]), "100.00");
}

#[test]
fn lookup_takes_the_most_specific_row() {
    // P06, P07: by product line, the most specific row wins, else the default.
    let rate = "{lookup: {by: [product_line, tier], rows: [{product_line: A, rate: 0.20}, {tier: X, rate: 0.15}, {product_line: A, tier: X, rate: 0.30}], default: 0.05}}";
    let fact = |n, line: Option<&str>, tier: Option<&str>| {
        let mut row = won(n, "2026-03-05", 100_000);
        row.product_line = line.map(str::to_owned);
        row.tier = tier.map(str::to_owned);
        row
    };
    let amounts: Vec<i64> = month(&snapshot(
        vec![version(plan(rate), 1)],
        vec![
            fact(1, Some("A"), None),
            fact(2, None, Some("X")),
            fact(3, Some("A"), Some("X")),
            fact(4, Some("B"), None),
        ],
    ))
    .lines
    .iter()
    .map(|line| line.amount_minor)
    .collect();
    assert_eq!(amounts, [20_000, 15_000, 30_000, 5_000]);
}

#[test]
fn new_and_existing_customers() {
    // P11: 8 % new, 5 % existing on 100,000.
    let rate =
        "{lookup: {by: [customer_kind], rows: [{customer_kind: new, rate: 8%}, {customer_kind: existing, rate: 5%}]}}";
    let fact = |n, kind: &str| FactRow { customer_kind: Some(kind.to_owned()), ..won(n, "2026-03-05", 10_000_000) };
    assert_eq!(paid(plan(rate), vec![fact(1, "new")]), "8000.00");
    assert_eq!(paid(plan(rate), vec![fact(1, "existing")]), "5000.00");
}

const TIERS: &str =
    "[{from: 0, rate: 0.02}, {from: 200, rate: 0.03}, {from: 500, rate: 0.04}, {from: 1000, rate: 0.055}]";

#[test]
fn marginal_and_whole_amount_tiers() {
    // P15: 44, P16: 66 on 1,200.
    let marginal = plan(&format!("{{tiers: {{mode: marginal, rows: {TIERS}}}}}"));
    let whole = plan(&format!("{{tiers: {{mode: whole, rows: {TIERS}}}}}"));
    assert_eq!(paid(marginal.clone(), vec![won(1, "2026-03-05", 120_000)]), "44.00");
    assert_eq!(paid(whole, vec![won(1, "2026-03-05", 120_000)]), "66.00");
    let two =
        month(&snapshot(vec![version(marginal, 1)], vec![won(2, "2026-03-20", 90_000), won(1, "2026-03-05", 30_000)]));
    assert_eq!(two.lines.iter().map(|l| l.amount_minor).collect::<Vec<_>>(), [700, 3_700]);
    let next = &two.tiers[0];
    assert_eq!((next.position.to_string().as_str(), next.next), ("1200", None));
}

#[test]
fn tiers_on_attainment() {
    // P22: quota 150,000, sales 195,000: 8 % to 100 %, 12 % to 120 %, 16 % above: 18,000.
    let rate = "{tiers: {mode: marginal, on: {attainment: won_amount}, rows: [{from: 0, rate: 8%}, {from: 1, rate: 12%}, {from: 1.2, rate: 16%}]}}";
    let mut with_target = snapshot(vec![version(plan(rate), 1)], vec![won(1, "2026-03-05", 19_500_000)]);
    let mut definitions = (*with_target.definitions).clone();
    definitions.set_targets(vec![Target {
        metric: "won_amount".to_owned(),
        subject: Subject::Person(ME),
        period: "2026-03".parse().unwrap(),
        cut: Cut::default(),
        base: 150_000.into(),
        challenge: None,
        stretch: None,
    }]);
    with_target.definitions = Arc::new(definitions);
    assert_eq!(month(&with_target).total_minor(), 1_800_000);
    // Without a target the lowest tier applies.
    assert_eq!(paid(plan(rate), vec![won(1, "2026-03-05", 19_500_000)]), "15600.00");
}

#[test]
fn splits_are_by_share_and_role() {
    // P36: 10 % of 10,000, 60/40.
    let mut fact = won(1, "2026-03-05", 1_000_000);
    fact.credits = vec![
        Credit { person: ME, role: "owner".to_owned(), share_ppm: 600_000 },
        Credit { person: 2, role: "owner".to_owned(), share_ppm: 400_000 },
        Credit { person: ME, role: "overlay".to_owned(), share_ppm: 1_000_000 },
    ];
    let snapshot = snapshot(vec![version(plan("{flat: 0.1}"), 1)], vec![fact.clone()]);
    let of = |person| estimate(&snapshot, person, "2026-03".parse().unwrap()).total_minor();
    assert_eq!((of(ME), of(2)), (60_000, 40_000));
    let overlay = plan_with("    basis: opportunity_won\n    roles: [overlay]\n    rate: {flat: 2%}\n");
    assert_eq!(paid(overlay, vec![fact]), "200.00");
}

#[test]
fn payments_with_their_refunds() {
    let component = "    basis: payment_received\n    rate: {flat: 10%}\n";
    let mut payment = won(1, "2026-03-05", 500_000);
    payment.kind = "payment_received".to_owned();
    let mut refund = won(2, "2026-03-25", -100_000);
    refund.kind = "refund".to_owned();
    refund.refers_to = Some(1);
    assert_eq!(paid(plan_with(component), vec![payment, refund]), "400.00");
}

fn stage(sequence: u32, date: &str, kind: &str, deal: u128) -> FactRow {
    let mut row = won(sequence, date, 0);
    row.kind = kind.to_owned();
    row.opportunity = Some(deal);
    row.attributes = vec![("stage".to_owned(), "proposal".to_owned())];
    row
}

fn reward(if_lost: &str) -> Plan {
    plan_with(&format!(
        "    basis: stage_entered\n    where: {{stage: proposal}}\n    rate: {{reward: {{amount: 300, if_lost: {if_lost}}}}}\n"
    ))
}

#[test]
fn a_stage_reward_is_earned_once_for_each_deal() {
    let facts = vec![
        stage(1, "2026-02-05", "stage_entered", 7),
        stage(2, "2026-03-05", "stage_entered", 7),
        stage(3, "2026-03-06", "stage_entered", 8),
        stage(4, "2026-03-07", "stage_entered", 8),
    ];
    let estimate = month(&snapshot(vec![version(reward("keep"), 1)], facts));
    assert_eq!(estimate.lines.iter().map(|l| l.sequence).collect::<Vec<_>>(), [Some(3)]);
    assert_eq!(estimate.total_minor(), 30_000);
}

#[test]
fn a_stage_reward_is_forfeited_when_the_deal_is_lost_and_comes_back_when_it_is_not() {
    let lost = |n, date: &str| stage(n, date, "opportunity_lost", 7);
    let base = vec![stage(1, "2026-03-05", "stage_entered", 7), lost(2, "2026-05-01")];
    let forfeited = month(&snapshot(vec![version(reward("forfeit"), 1)], base.clone()));
    assert_eq!((forfeited.total_minor(), forfeited.lines[0].status), (0, Status::Forfeited));
    assert_eq!(paid(reward("keep"), base.clone()), "300.00");
    // The loss is taken back: the reward stands again.
    let mut taken_back = lost(3, "2026-05-02");
    taken_back.refers_to = Some(2);
    assert_eq!(paid(reward("forfeit"), [base.clone(), vec![taken_back]].concat()), "300.00");
    // Won in the end: the loss is not how the deal stands.
    let won_later = stage(3, "2026-06-01", "opportunity_won", 7);
    assert_eq!(paid(reward("forfeit"), [base.clone(), vec![won_later]].concat()), "300.00");
    // The entry itself is taken back: there is no reward, and a second entry is the first.
    let mut entry_back = stage(3, "2026-03-06", "stage_entered", 7);
    entry_back.refers_to = Some(1);
    let again = stage(4, "2026-03-09", "stage_entered", 7);
    let estimate = month(&snapshot(vec![version(reward("keep"), 1)], vec![base[0].clone(), entry_back, again]));
    assert_eq!(estimate.lines.iter().map(|l| (l.sequence, l.amount_minor)).collect::<Vec<_>>(), [(Some(4), 30_000)]);
}

#[test]
fn a_new_version_rates_from_its_first_day_and_tiers_go_on() {
    let one = plan("{tiers: {mode: marginal, rows: [{from: 0, rate: 1%}, {from: 100, rate: 2%}]}}");
    let mut two = plan("{tiers: {mode: marginal, rows: [{from: 0, rate: 10%}, {from: 100, rate: 20%}]}}");
    two.from = day("2026-03-15");
    let facts = vec![won(1, "2026-03-14", 15_000), won(2, "2026-03-15", 10_000)];
    let estimate = month(&snapshot(vec![version(one, 1), version(two, 2)], facts));
    let lines: Vec<_> = estimate.lines.iter().map(|l| (l.version, l.amount_minor)).collect();
    // 100 x 1 % + 50 x 2 %; then everything lies in the upper band.
    assert_eq!(lines, [(1, 200), (2, 2_000)]);
}

#[test]
fn only_days_on_the_plan_earn() {
    // "you" leaves the East on 15 March: what counts before is paid, what counts after is not.
    let fact = |n, date: &str| FactRow {
        credits: vec![Credit { person: 2, role: "owner".to_owned(), share_ppm: 1_000_000 }],
        ..won(n, date, 10_000)
    };
    let snapshot = snapshot(vec![version(plan("{flat: 10%}"), 1)], vec![fact(1, "2026-03-14"), fact(2, "2026-03-15")]);
    let march = estimate(&snapshot, 2, "2026-03".parse().unwrap());
    assert_eq!((march.on_a_plan, march.total_minor()), (true, 1_000));
    let april = estimate(&snapshot, 2, "2026-04".parse().unwrap());
    assert_eq!((april.on_a_plan, april.plans.len()), (false, 0));
}

#[test]
fn an_asked_period_takes_the_plan_periods_that_end_in_it() {
    let mut quarterly = plan("{flat: 10%}");
    quarterly.period = crate::dates::PeriodKind::Quarter;
    let snapshot =
        snapshot(vec![version(quarterly, 1)], vec![won(1, "2026-01-10", 10_000), won(2, "2026-03-10", 10_000)]);
    let total = |period: &str| {
        let e = estimate(&snapshot, ME, period.parse().unwrap());
        (e.on_a_plan, e.plans.len(), e.total_minor())
    };
    assert_eq!(total("2026-Q1"), (true, 1, 2_000));
    assert_eq!(total("2026-03"), (true, 1, 2_000));
    assert_eq!(total("2026-02"), (true, 0, 0));
    assert_eq!(total("2026"), (true, 4, 2_000));
}

#[test]
fn pending_facts_are_held_and_rated_last() {
    let tiers = plan("{tiers: {mode: marginal, rows: [{from: 0, rate: 1%}, {from: 100, rate: 2%}]}}");
    let mut pending = won(1, "2026-03-02", 10_000);
    pending.counts_on = None;
    let estimate = month(&snapshot(vec![version(tiers, 1)], vec![pending, won(2, "2026-03-10", 10_000)]));
    let lines: Vec<_> = estimate.lines.iter().map(|l| (l.sequence, l.status, l.amount_minor)).collect();
    assert_eq!(lines, [(Some(1), Status::Held, 200), (Some(2), Status::Earned, 100)]);
}

#[test]
fn a_fact_in_another_currency_is_listed_not_swallowed() {
    let mut foreign = won(1, "2026-03-02", 10_000);
    foreign.currency = "USD".to_owned();
    let estimate = month(&snapshot(vec![version(plan("{flat: 10%}"), 1)], vec![foreign]));
    assert_eq!((estimate.lines.len(), estimate.not_counted[0].reason), (0, "currency"));
}

#[test]
fn mistakes_in_a_plan_are_named_with_their_line() {
    let head = "id: p\nname: P\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {teams: [East]}\ncomponents:\n  - id: c\n    name: C\n    basis: opportunity_won\n";
    for (text, line, code) in [
        ("id: p\nid: q\n".to_owned(), 2, "unreadable"),
        (format!("{head}    rate: {{flat: 5 percent}}\n"), 11, "wrong_form"),
        (format!("{head}    rate: {{flat: 0.1}}\n    bonus: 3\n"), 12, "wrong_form"),
    ] {
        let error = parse(&text).unwrap_err();
        assert_eq!((error.line, error.code), (line, code), "{text}\n{error}");
    }
    for (from, to, code) in [
        ("currency: CNY", "currency: USD", "currency_mismatch"),
        ("    rate: {flat: 0.1}\n", "", "required"),
        ("teams: [East]", "teams: [North]", "unknown_reference"),
        ("basis: opportunity_won", "basis: Win it", "unknown_reference"),
        ("{flat: 0.1}", "{tiers: {mode: whole, rows: [{from: 1, rate: 1%}]}}", "gap"),
        ("{flat: 0.1}", "{tiers: {mode: whole, rows: [{from: 0, rate: 1%}, {from: 0, rate: 2%}]}}", "not_ascending"),
        ("{flat: 0.1}", "{reward: {amount: 0.001}}", "not_money"),
        (
            "{flat: 0.1}",
            "{tiers: {mode: whole, on: {attainment: nothing}, rows: [{from: 0, rate: 1%}]}}",
            "unknown_reference",
        ),
    ] {
        let text = format!("{head}    rate: {{flat: 0.1}}\n").replace(from, to);
        let (plan, tree) = parse(&text).unwrap();
        let errors = check(&plan, &tree, &definitions());
        assert!(errors.iter().any(|e| e.code == code), "{to}: {errors:?}");
    }
}

#[test]
fn clauses_are_readable_in_both_languages() {
    let plan = plan(
        "{tiers: {mode: marginal, rows: [{from: 0, rate: 4%}, {from: 200000, rate: 6%}, {from: 600000, rate: 8%}]}}",
    );
    let zh = clauses(&plan, &definitions(), &Names::default(), Language::Zh);
    assert_eq!(
        zh[1].text,
        "商机赢单金额 × 归属比例，按当月累计超额累进：20 万元以内 4 %，20 万元至 60 万元 6 %，超过 60 万元 8 %。先生效的先累计。"
    );
    let en = clauses(&plan, &definitions(), &Names::default(), Language::En);
    assert!(en[1].text.contains("6 % from CNY 200,000 to CNY 600,000"), "{}", en[1].text);
}

#[test]
fn clauses_name_stages_product_lines_and_currencies() {
    let mut definitions = definitions();
    definitions.company.currency = "USD".parse().unwrap();
    let mut names = Names::default();
    names.add("stage", "proposal", "方案报价");
    names.add("product_line", "sw", "软件");
    let reward = plan_with(
        "    basis: stage_entered\n    where: {stage: proposal}\n    rate: {reward: {amount: 100000, if_lost: forfeit}}\n",
    );
    let text = |plan: &Plan, language| clauses(plan, &definitions, &names, language)[1].text.clone();
    assert_eq!(text(&reward, Language::Zh), "商机进入方案报价阶段，每单奖励 10 万美元，每个商机只奖一次；输单后作废。");
    assert!(text(&reward, Language::En).starts_with("USD 100,000 when a deal enters 方案报价, once"));
    let line = plan_with("    basis: opportunity_won\n    where: {product_line: sw}\n    rate: {flat: 1%}\n");
    assert_eq!(text(&line, Language::Zh), "商机赢单金额（产品线为软件） × 归属比例，按 1 % 计提。");
    definitions.company.currency = "XAF".parse().unwrap();
    assert!(clauses(&reward, &definitions, &names, Language::Zh)[1].text.contains("每单奖励 10 万 XAF，"));
}

fn pays(curve: &Curve) -> Vec<(String, String)> {
    curve.lines[0].points.iter().map(|p| (p.at.normalize().to_string(), p.pay.normalize().to_string())).collect()
}

fn at(points: &[(String, String)], x: &str) -> Vec<String> {
    points.iter().filter(|(at, _)| at == x).map(|(_, pay)| pay.clone()).collect()
}

#[test]
fn a_pay_curve_is_what_the_estimate_pays() {
    let plan = plan(&format!("{{tiers: {{mode: marginal, rows: {TIERS}}}}}"));
    let drawn = curves(&plan, Currency::CNY, &|_| None, None);
    let points = pays(&drawn[0]);
    for (x, _) in &points {
        let minor = crate::money::parse_minor(x, Currency::CNY).unwrap();
        let paid = month(&snapshot(vec![version(plan.clone(), 1)], vec![won(1, "2026-03-05", minor)])).total_minor();
        let paid = Decimal::new(paid, 2).normalize().to_string();
        assert_eq!(at(&points, x), [paid], "at {x}");
    }
    assert!(points.len() > 10);
}

#[test]
fn a_whole_amount_curve_jumps_at_its_edges() {
    let plan = plan("{tiers: {mode: whole, rows: [{from: 0, rate: 2%}, {from: 1000, rate: 3%}]}}");
    let points = pays(&curves(&plan, Currency::CNY, &|_| None, Some(Decimal::from(3_000)))[0]);
    assert_eq!(at(&points, "1000"), ["20", "30"]);
    assert_eq!(points.last().unwrap().0, "3800", "what the person has reached lies inside");
}

#[test]
fn a_curve_on_attainment_is_money_with_a_target_and_a_share_without() {
    let plan =
        plan("{tiers: {mode: whole, on: {attainment: won_amount}, rows: [{from: 0, rate: 0}, {from: 1, rate: 1%}]}}");
    let with = &curves(&plan, Currency::CNY, &|_| Some(Decimal::from(200_000)), None)[0];
    assert_eq!(at(&pays(with), "1"), ["0", "2000"]);
    let without = &curves(&plan, Currency::CNY, &|_| None, None)[0];
    assert_eq!(at(&pays(without), "1"), ["0", "0.01"]);
    assert_eq!(without.target, None);
}

#[test]
fn a_look_up_has_a_line_for_each_row_and_no_picture_without_a_scale() {
    let plan = plan("{lookup: {by: [product_line], rows: [{product_line: A, rate: 5%}], default: 3%}}");
    assert_eq!(curves(&plan, Currency::CNY, &|_| None, None), []);
    let drawn = curves(&plan, Currency::CNY, &|_| None, Some(Decimal::from(800)));
    assert_eq!(drawn[0].lines.len(), 2);
    assert_eq!(drawn[0].lines[1].points.last().map(|p| (p.at, p.pay)), Some((1_000.into(), Decimal::new(3_000, 2))));
}

proptest! {
    #[test]
    fn marginal_pay_is_the_integral_and_order_does_not_matter(
        amounts in prop::collection::vec(-50_000_i64..200_000, 1..12),
        swap in any::<prop::sample::Index>(),
    ) {
        let plan = plan(&format!("{{tiers: {{mode: marginal, rows: {TIERS}}}}}"));
        let facts: Vec<FactRow> = amounts.iter().enumerate().map(|(n, a)| won(n as u32 + 1, "2026-03-05", *a)).collect();
        let mut shuffled = facts.clone();
        let at = swap.index(shuffled.len());
        shuffled.rotate_left(at);
        let one = month(&snapshot(vec![version(plan.clone(), 1)], facts));
        let other = month(&snapshot(vec![version(plan.clone(), 1)], shuffled));
        prop_assert_eq!(&one, &other);
        // One fact of the whole sum pays the same but for one rounding for each line.
        let sum: i64 = amounts.iter().sum();
        let whole = month(&snapshot(vec![version(plan, 1)], vec![won(1, "2026-03-05", sum)])).total_minor();
        prop_assert!((one.total_minor() - whole).abs() <= amounts.len() as i64 + 1);
    }
}
