//! The worked plans.

use super::*;

#[test]
fn p01_flat_percent() {
    let world = World::new(&[&plan("  - {id: c, basis: invoice_issued, rate: 10%}")]).fact(
        "invoice_issued",
        "2026-03-05",
        1000,
    );
    assert_eq!(world.lines("2026-03"), ["100.00"]);
    assert_eq!(world.total(1, "2026-Q1"), "100.00");
    assert_eq!(world.total(1, "2026-04"), "0.00");
}

#[test]
fn p06_rate_by_product_else_default() {
    let world = World::new(&[&plan(
        "  - id: c\n    basis: sale_recorded\n    lookup:\n      rows:\n        - {when: {product_line: Products}, rate: 0.2}\n      default: 5%",
    )]);
    let line = |name: &'static str| {
        move |mut row: FactRow| {
            row.product_line = Some(name.to_owned());
            row.credit(1, "owner", 1_000_000)
        }
    };
    let world = world
        .with("sale_recorded", "2026-03-01", 1000, line("Products"))
        .with("sale_recorded", "2026-03-02", 1000, line("Gadgets"));
    assert_eq!(world.lines("2026-03"), ["200.00", "50.00"]);
}

#[test]
fn the_most_specific_row_wins_then_the_first() {
    let world = World::new(&[&plan(
        "  - id: c\n    basis: sale_recorded\n    lookup:\n      rows:\n        - {when: {product: Item}, rate: 30%}\n        - {when: {product_line: Group}, rate: 10%}\n        - {when: {product_line: Group, tier: A}, rate: 15%}\n      default: 5%",
    )]);
    let sale = |product: &'static str, tier: &'static str| {
        move |mut row: FactRow| {
            row.product = Some(product.to_owned());
            row.product_line = Some("Group".to_owned());
            row.tier = Some(tier.to_owned());
            row.credit(1, "owner", 1_000_000)
        }
    };
    let world = world
        .with("sale_recorded", "2026-03-01", 1000, sale("Item", "B"))
        .with("sale_recorded", "2026-03-02", 1000, sale("Item", "A"))
        .with("sale_recorded", "2026-03-03", 1000, sale("Other", "B"));
    assert_eq!(world.lines("2026-03"), ["300.00", "150.00", "100.00"]);
}

#[test]
fn p11_new_and_existing_customers() {
    let world = World::new(&[&plan(
        "  - id: c\n    basis: contract_signed\n    lookup:\n      rows:\n        - {when: {customer_kind: new}, rate: 8%}\n        - {when: {customer_kind: existing}, rate: 5%}",
    )]);
    let to = |kind: &'static str| {
        move |mut row: FactRow| {
            row.customer_kind = Some(kind.to_owned());
            row.credit(1, "owner", 1_000_000)
        }
    };
    let world = world
        .with("contract_signed", "2026-03-01", 100_000, to("new"))
        .with("contract_signed", "2026-03-02", 100_000, to("existing"));
    assert_eq!(world.lines("2026-03"), ["8000.00", "5000.00"]);
}

const GP: &str = "      bands: [{from: 0, rate: 2%}, {from: 200, rate: 3%}, {from: 500, rate: 4%}, {from: 1000, rate: 5.5%}]";

fn gp(mode: &str) -> World {
    let components = format!(
        "  - id: c\n    basis: sale_recorded\n    measure: margin\n    tiers:\n      mode: {mode}\n{GP}"
    );
    World::new(&[&plan(&components)]).with("sale_recorded", "2026-03-01", 5000, |mut row| {
        row.margin_minor = Some(120_000);
        row.credit(1, "owner", 1_000_000)
    })
}

#[test]
fn p15_marginal_tiers() {
    assert_eq!(gp("marginal").lines("2026-03"), ["44.00"]);
}

#[test]
fn p16_whole_amount_tiers() {
    assert_eq!(gp("whole").lines("2026-03"), ["66.00"]);
}

#[test]
fn p22_marginal_tiers_on_attainment() {
    let components = "  - id: c\n    basis: contract_signed\n    tiers:\n      mode: marginal\n      on: {attainment: contract_amount}\n      bands: [{from: 0, rate: 8%}, {from: 100%, rate: 12%}, {from: 1.2, rate: 16%}]";
    let world = World::new(&[&plan(components)])
        .target("contract_amount", 1, "2026-03", 150_000)
        .fact("contract_signed", "2026-03-09", 195_000);
    let estimate = world.estimate(1, "2026-03");
    assert_eq!(estimate.amount_minor, 1_800_000);
    assert_eq!(
        estimate.lines[0]
            .rates
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["0.08", "0.12", "0.16"]
    );
    let progress = &estimate.progress[0];
    assert_eq!(
        (progress.position, progress.next.clone()),
        (Decimal::from(195_000), None)
    );
}

#[test]
fn p24_threshold_then_first_dollar() {
    let components = "  - id: c\n    basis: contract_signed\n    tiers:\n      mode: whole\n      on: {attainment: contract_amount}\n      bands: [{from: 0, rate: 0}, {from: 70%, rate: 10%}]";
    for (bookings, pay) in [
        (500_000, "0.00"),
        (690_000, "0.00"),
        (700_000, "70000.00"),
        (900_000, "90000.00"),
    ] {
        let world = World::new(&[&plan(components)])
            .target("contract_amount", 1, "2026-03", 1_000_000)
            .fact("contract_signed", "2026-03-09", bookings);
        assert_eq!(world.total(1, "2026-03"), pay);
    }
}

#[test]
fn p36_split_credit() {
    let world = World::new(&[&plan("  - {id: c, basis: invoice_issued, rate: 10%}")]).with(
        "invoice_issued",
        "2026-03-05",
        10_000,
        |row| row.credit(1, "owner", 600_000).credit(2, "owner", 400_000),
    );
    assert_eq!(
        (world.total(1, "2026-03"), world.total(2, "2026-03")),
        ("600.00".to_owned(), "400.00".to_owned())
    );
    assert_eq!(world.estimate(2, "2026-03").lines[0].basis_minor, 400_000);
}

#[test]
fn p49_in_proportion_to_cash() {
    let world = World::new(&[&plan("  - {id: c, basis: payment_received, rate: 10%}")])
        .fact("payment_received", "2026-03-05", 500_000)
        .fact("payment_received", "2026-04-05", 500_000)
        .fact("refund", "2026-04-20", -1_000);
    assert_eq!(world.lines("2026-03"), ["50000.00"]);
    assert_eq!(world.lines("2026-04"), ["50000.00", "-100.00"]);
}

#[test]
fn rates_by_role() {
    let world = World::new(&[&plan(
        "  - {id: c, basis: contract_signed, role_rates: {owner: 5%, overlay: 1%}}",
    )])
    .with("contract_signed", "2026-03-05", 10_000, |row| {
        row.credit(1, "owner", 1_000_000)
            .credit(2, "overlay", 1_000_000)
    });
    assert_eq!(
        (world.total(1, "2026-03"), world.total(2, "2026-03")),
        ("500.00".to_owned(), "100.00".to_owned())
    );
}

#[test]
fn metrics_as_a_basis() {
    let world = World::new(&[&plan(
        "  - {id: a, basis: contract_amount, rate: 1%}\n  - {id: n, basis: won_deals, rate: 50}",
    )])
    .fact("contract_signed", "2026-03-05", 10_000)
    .fact("opportunity_won", "2026-03-05", 10_000)
    .fact("opportunity_won", "2026-03-06", 10_000);
    assert_eq!(world.lines("2026-03"), ["100.00", "100.00"]);
}

#[test]
fn a_rate_per_unit() {
    let world = World::new(&[&plan(
        "  - {id: u, basis: sale_recorded, measure: quantity, rate: 1000}",
    )])
    .with("sale_recorded", "2026-03-05", 100_000, |mut row| {
        row.quantity_micro = Some(5_000_000);
        row.credit(1, "owner", 1_000_000)
    });
    assert_eq!(world.lines("2026-03"), ["5000.00"]);
}

#[test]
fn other_currencies_convert_or_are_listed() {
    let mut world = World::new(&[&plan("  - {id: c, basis: contract_signed, rate: 10%}")]);
    world
        .data
        .exchange_rates
        .push(crate::definitions::ExchangeRate {
            date: day("2026-03-01"),
            from: Currency::USD,
            to: Currency::CNY,
            rate: "7.1234".parse().unwrap(),
        });
    let dollars = |mut row: FactRow| {
        row.currency = Currency::USD;
        row.credit(1, "owner", 1_000_000)
    };
    let world = world
        .with("contract_signed", "2026-03-05", 1000, dollars)
        .with("contract_signed", "2026-02-05", 1000, dollars);
    assert_eq!(world.total(1, "2026-03"), "712.34");
    let february = world.estimate(1, "2026-02");
    assert_eq!(
        (
            february.amount_minor,
            february.not_counted[0].fact,
            february.not_counted[0].reason
        ),
        (0, 2, "no_exchange_rate")
    );
}

#[test]
fn the_whole_population_in_order() {
    let world = World::new(&["id: p\ncurrency: CNY\nperiod: quarter\nfrom: 2026-01-01\nto: 2026-06-30\nwho: {teams: [East/Two], people: [lin]}\ncomponents: [{id: c, basis: contract_signed, rate: 10%}]"])
        .fact("contract_signed", "2026-03-05", 10_000);
    let rows = |asked: &str| {
        let rows = estimates(&world.snapshot(), &[2, 1], period(asked), day("2026-12-31"));
        rows.into_iter()
            .map(|row| (row.label, row.amount_minor))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        rows("2026-Q1"),
        [("lin".to_owned(), 100_000), ("su".to_owned(), 0)]
    );
    assert_eq!(
        rows("2026-02"),
        [("lin".to_owned(), 0), ("su".to_owned(), 0)]
    );
    assert_eq!(
        rows("2026-03"),
        [("lin".to_owned(), 100_000), ("su".to_owned(), 0)]
    );
    assert_eq!(rows("2026-07"), []);
}
