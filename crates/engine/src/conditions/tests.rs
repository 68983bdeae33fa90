use super::*;
use crate::books::{Books, FactRow};
use crate::money::Currency;
use crate::words::Locale;

fn read(text: &str) -> Condition {
    let mut problems = Vec::new();
    let condition = read_condition(&Node::parse(text).unwrap(), "/where", &mut problems);
    assert_eq!(problems, []);
    condition
}

fn matches(text: &str) -> bool {
    let mut row = FactRow::new(
        1,
        "contract_signed",
        "2026-03-10".parse().unwrap(),
        1_000_000,
        Currency::CNY,
    )
    .credit(1, "owner", 1_000_000)
    .attribute("discount", "0.15")
    .attribute("channel", "web");
    row.customer_kind = Some("new".to_owned());
    row.product_line = Some("GTX".to_owned());
    row.due_date = Some("2026-03-01".parse().unwrap());
    let books = Books::new().append(vec![row]).books;
    let condition = read(text);
    let again: Condition = serde_json::from_value(condition.to_json()).unwrap();
    let fact = books.fact(1).unwrap();
    let holds = condition.compile(&books).holds(&books, fact, None);
    assert_eq!(
        again.compile(&books).holds(&books, fact, None),
        holds,
        "{text}"
    );
    holds
}

#[test]
fn rows_are_matched() {
    for text in [
        "{}",
        "{customer_kind: new}",
        "{product_line: [GTX, MG]}",
        "{amount: '>= 10000'}",
        "{amount: 10000}",
        "{amount: ['> 9999', '< 10001']}",
        "{not: {product_line: MG}}",
        "{any: [{tier: A}, {product_line: GTX}]}",
        "{discount: '< 0.2'}",
        "{attributes.channel: web}",
        "{days_overdue: '= 9'}",
        "{role: owner}",
        "{currency: CNY}",
        "{not: [{tier: A}, {tier: B}]}",
        "{all: [{channel: web}], any: {customer_kind: new}}",
    ] {
        assert!(matches(text), "{text}");
    }
    for text in [
        "{customer_kind: existing}",
        "{product_line: MG}",
        "{amount: '> 10000'}",
        "{margin: '>= 0'}",
        "{discount: '>= 0.2'}",
        "{not: {channel: web}}",
        "{nothing: x}",
        "{role: mentor}",
    ] {
        assert!(!matches(text), "{text}");
    }
}

#[test]
fn mistakes_are_named() {
    let codes = |text: &str| {
        let mut problems = Vec::new();
        read_condition(&Node::parse(text).unwrap(), "/where", &mut problems);
        problems
            .into_iter()
            .map(|p| (p.pointer, p.code))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        codes("{amount: lots}"),
        [("/where/amount".to_owned(), "not_a_comparison")]
    );
    assert_eq!(
        codes("{region: '>= 3'}"),
        [("/where/region".to_owned(), "not_a_comparison")]
    );
    assert_eq!(
        codes("{any: East}"),
        [("/where/any".to_owned(), "not_a_condition")]
    );
    assert_eq!(codes("[]"), [("/where".to_owned(), "not_a_condition")]);
    assert_eq!(
        codes("{region: {a: b}}"),
        [("/where/region".to_owned(), "not_a_value")]
    );
}

#[test]
fn words_for_people() {
    let condition = read("{customer_kind: new, product_line: [GTX, MG], amount: '>= 10000'}");
    assert_eq!(
        condition.render(Locale::Zh),
        "新客户且产品线为 GTX、MG 且金额不低于 1 万"
    );
    assert_eq!(
        condition.render(Locale::En),
        "new customers and product line GTX or MG and amount at least 10,000"
    );
}
