//! Laws that hold for all plans and facts.

use super::*;
use proptest::prelude::*;

fn bands() -> impl Strategy<Value = String> {
    prop::collection::vec((1_i64..500, 0_i64..2_000), 1..5).prop_map(|steps| {
        let mut from = 0;
        let mut text = Vec::new();
        for (at, (step, rate)) in steps.into_iter().enumerate() {
            text.push(format!(
                "{{from: {from}, rate: \"{}\"}}",
                Decimal::new(rate, 4)
            ));
            from += step * if at == 0 { 10 } else { 100 };
        }
        text.join(", ")
    })
}

fn component() -> impl Strategy<Value = String> {
    let rate = (0_i64..3_000).prop_map(|rate| format!("rate: \"{}\"", Decimal::new(rate, 4)));
    let tiers = (bands(), any::<bool>(), any::<bool>()).prop_map(|(bands, whole, attainment)| {
        let mode = if whole { "whole" } else { "marginal" };
        let on = if attainment {
            ", on: {attainment: contract_amount}"
        } else {
            ""
        };
        let bands = if attainment {
            "{from: 0, rate: 3%}, {from: 50%, rate: 4.5%}, {from: 1, rate: 7%}".to_owned()
        } else {
            bands
        };
        format!("tiers: {{mode: {mode}{on}, bands: [{bands}]}}")
    });
    let lookup = (0_i64..1_000).prop_map(|rate| {
        format!("lookup: {{rows: [{{when: {{tier: A}}, rate: \"{}\"}}, {{when: {{amount: '>= 300'}}, rate: 2%}}], default: 1.25%}}", Decimal::new(rate, 4))
    });
    prop_oneof![rate, tiers, lookup]
}

#[derive(Debug, Clone)]
struct Sale {
    day: u64,
    amount_minor: i64,
    share: u32,
    tier: bool,
    waits: bool,
}

fn sales() -> impl Strategy<Value = Vec<Sale>> {
    let sale = (
        0_u64..90,
        -50_000_i64..200_000,
        1_u32..=1_000_000,
        any::<bool>(),
        prop::bool::weighted(0.15),
    );
    prop::collection::vec(
        sale.prop_map(|(day, amount_minor, share, tier, waits)| Sale {
            day,
            amount_minor,
            share,
            tier,
            waits,
        }),
        0..25,
    )
}

fn world(components: &[String], sales: &[Sale]) -> World {
    let listed: String = components
        .iter()
        .enumerate()
        .map(|(at, c)| format!("  - {{id: c{at}, basis: contract_signed, {c}}}\n"))
        .collect();
    let mut world = World::new(&[&plan(&listed)]).target("contract_amount", 1, "2026-02", 900);
    for sale in sales {
        let date = day("2026-01-01") + chrono::Days::new(sale.day);
        world = world.with("contract_signed", &date.to_string(), 0, |mut row| {
            row.amount_minor = sale.amount_minor;
            row.tier = sale.tier.then(|| "A".to_owned());
            if sale.waits {
                row.recognition = Recognition::Pending;
            }
            row.credit(1, "owner", sale.share)
                .credit(2, "overlay", 1_000_000)
        });
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// `estimate` of the helper recomputes every line from its explanation.
    #[test]
    fn explanations_recompute_and_order_of_booking_does_not_matter(
        components in prop::collection::vec(component(), 1..4), sales in sales(), turn in 0_usize..25,
    ) {
        let first = world(&components, &sales);
        let lines = first.estimate(1, "2026-Q1").lines;
        let mut turned = first.rows.clone();
        let middle = turn.min(turned.len());
        turned.rotate_left(middle);
        let second = World { data: first.data.clone(), rows: turned };
        prop_assert_eq!(lines, second.estimate(1, "2026-Q1").lines);
    }

    /// Marginal tiers are the integral of the rate: the lines of a month sum to F(total), but for one rounding each.
    #[test]
    fn marginal_tiers_are_an_integral(bands in bands(), amounts in prop::collection::vec(1_i64..80_000, 1..12)) {
        let sales = |amounts: &[i64]| amounts.iter().map(|amount_minor| Sale { day: 3, amount_minor: *amount_minor, share: 1_000_000, tier: false, waits: false }).collect::<Vec<_>>();
        let component = [format!("tiers: {{mode: marginal, bands: [{bands}]}}")];
        let many = world(&component, &sales(&amounts)).estimate(1, "2026-01").amount_minor;
        let one = world(&component, &sales(&[amounts.iter().sum()])).estimate(1, "2026-01").amount_minor;
        prop_assert!((many - one).abs() <= amounts.len() as i64);
    }

    #[test]
    fn the_same_input_gives_the_same_bytes(components in prop::collection::vec(component(), 1..3), sales in sales()) {
        let world = world(&components, &sales);
        let bytes = |world: &World| format!("{:?}", world.estimate(1, "2026"));
        prop_assert_eq!(bytes(&world), bytes(&world));
    }
}
