use super::*;
use crate::dates::Calendar;
use crate::definitions::DefinitionsData;
use crate::metrics::{Combination, standard};
use crate::money::Currency;

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn attainment_by_direction() {
    let of = |value: &str, target: &str, direction| {
        attainment(Some(d(value)), Some(d(target)), direction)
    };
    assert_eq!(of("80", "100", Direction::Higher), Some(d("0.8")));
    assert_eq!(of("80", "0", Direction::Higher), None);
    assert_eq!(attainment(Some(d("80")), None, Direction::Higher), None);
    assert_eq!(attainment(None, Some(d("80")), Direction::Higher), None);
    assert_eq!(of("30", "40", Direction::Lower), Some(d("1.25")));
    assert_eq!(of("100", "40", Direction::Lower), Some(d("0")));
    let range = Direction::Range {
        low: d("10"),
        high: d("20"),
    };
    assert_eq!(of("15", "1", range), Some(d("1")));
    assert_eq!(of("5", "1", range), Some(d("0.5")));
    assert_eq!(of("30", "1", range), Some(d("0.5")));
}

#[test]
fn standing_with_five_points_of_tolerance() {
    let metrics = standard();
    let metric = metrics
        .iter()
        .find(|metric| metric.code == "contract_amount")
        .unwrap();
    let pace = Calendar::plain().pace(
        Calendar::plain().range("2026-02".parse().unwrap()),
        "2026-02-13".parse().unwrap(),
    );
    assert_eq!(pace.ratio, Some(d("0.5")));
    let at = |value: &str| standing(Some(d(value)), pace, metric);
    assert_eq!(at("0.44"), Some(Standing::Behind));
    assert_eq!(at("0.45"), Some(Standing::OnPace));
    assert_eq!(at("0.55"), Some(Standing::OnPace));
    assert_eq!(at("0.56"), Some(Standing::Ahead));
    assert_eq!(standing(None, pace, metric), None);
}

#[test]
fn a_quarter_is_the_sum_of_its_months_if_all_are_there() {
    let target = |period: &str, base: i64| Target {
        metric: "contract_amount".to_owned(),
        subject: Subject::Company,
        period: period.parse().unwrap(),
        product_line: None,
        region: None,
        tier: None,
        base: Decimal::from(base),
        challenge: None,
        stretch: None,
    };
    let mut data = DefinitionsData::empty("x", Currency::CNY);
    data.targets = vec![
        target("2026-01", 1),
        target("2026-02", 2),
        target("2026-03", 3),
        target("2026-Q2", 10),
        target("2026-04", 7),
    ];
    let definitions = Definitions::new(data);
    let mut metric = standard()
        .into_iter()
        .find(|metric| metric.code == "contract_amount")
        .unwrap();
    let find = |metric: &MetricVersion, period: &str| {
        find_target(
            &definitions,
            metric,
            Subject::Company,
            period.parse().unwrap(),
            &Cut::default(),
        )
        .map(|t| t.base)
    };
    assert_eq!(find(&metric, "2026-Q1"), Some(Decimal::from(6)));
    assert_eq!(find(&metric, "2026-Q2"), Some(Decimal::from(10)));
    assert_eq!(find(&metric, "2026-Q3"), None);
    assert_eq!(find(&metric, "2026-H1"), None);
    metric.combination = Combination::Ratio;
    assert_eq!(find(&metric, "2026-Q1"), None);
}
