#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;
use crate::exact::Exact;

struct Names;

impl Scope for Names {
    fn name(&self, name: &Name) -> Result<Value, TooLarge> {
        Ok(match name {
            Name::Fact(FactName::Amount) => Value::Number(Exact::parse("1000").unwrap()),
            Name::Fact(FactName::Margin) => Value::Number(Exact::parse("150").unwrap()),
            Name::Fact(FactName::Date) => Value::Date("2026-03-31".parse().unwrap()),
            Name::Fact(FactName::SignedOn) => Value::Date("2025-01-31".parse().unwrap()),
            Name::Fact(FactName::CustomerKind) => Value::Text("new".to_owned()),
            Name::Other(name) if name == "level" => Value::Text("3".to_owned()),
            Name::Other(name) if name == "客户 等级" => Value::Text("A".to_owned()),
            _ => Value::Missing,
        })
    }

    fn figure(&self, figure: &Figure) -> Result<Value, TooLarge> {
        Ok(match (figure.kind, figure.whose) {
            (FigureKind::Attainment, None) => Value::Number(Exact::parse("0.9").unwrap()),
            (FigureKind::Attainment, Some(Whose::Team)) => Value::Number(Exact::parse("1.1").unwrap()),
            _ => Value::Missing,
        })
    }
}

fn shown(text: &str) -> String {
    match Formula::parse(text).unwrap().evaluate(&Names).unwrap() {
        Value::Missing => "missing".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Truth(truth) => truth.to_string(),
        Value::Text(text) => text,
        Value::Date(date) => date.to_string(),
    }
}

#[test]
fn formulas_compute_exactly() {
    for (text, expected) in [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("-2 * -3 - 1", "5"),
        ("1 / 3 * 3", "1"),
        ("margin / amount", "0.15"),
        ("margin / amount >= 15%", "true"),
        ("1 / 0", "missing"),
        ("coalesce(1 / 0, 5%)", "0.05"),
        ("quantity > 1 or quantity <= 1 or quantity != 1", "false"),
        ("not (quantity = 1)", "true"),
        ("if(customer_kind = 'new', 8%, 5%)", "0.08"),
        ("if(quantity > 1, 1, 2)", "2"),
        ("customer_kind in ('existing', 'new') and not level in ('1', '2')", "true"),
        ("level * 2 + 1", "7"),
        ("level >= 3", "true"),
        ("level = '3'", "true"),
        ("\"客户 等级\" = 'A'", "true"),
        ("min(3, 2, 4) + max(3, 2, 4) + abs(-1)", "7"),
        ("floor(-1.5) * 10 + ceil(-1.5)", "-21"),
        ("round(2.5) + round(-2.5)", "0"),
        ("round(1.005, 2)", "1.01"),
        ("clamp(5, 1, 3)", "3"),
        ("days(2026-03-01, date)", "30"),
        ("months(signed_on, date)", "14"),
        ("months(date, signed_on)", "-14"),
        ("months(2026-01-31, 2026-02-28)", "1"),
        ("months(2026-01-15, 2026-02-14)", "0"),
        ("year(date) * 100 + month(date)", "202603"),
        ("date >= 2026-03-31", "true"),
        ("attainment(contract_amount) + attainment(contract_amount, team, quarter)", "2"),
        ("metric(x, company)", "missing"),
        ("1 < 2 and 2 < 1 or 3 = 3.0", "true"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn mistakes_say_where() {
    for (text, at, part) in [
        ("", 1, "empty"),
        ("1 +", 4, "missing"),
        ("1 + * 2", 5, "missing before"),
        ("(1 + 2", 7, "bracket"),
        ("min()", 1, "takes 1 to 20"),
        ("sqrt(2)", 1, "no function 'sqrt'"),
        ("1 < 2 < 3", 7, "do not chain"),
        ("'open", 1, "not closed"),
        ("2 ^ 3", 3, "means nothing"),
        ("5x", 1, "no number"),
        ("1.2.3", 1, "no number"),
        ("2026-02-30", 1, "no such day"),
        ("attainment()", 12, "attainment(CODE)"),
        ("attainment(x, yesterday)", 15, "yesterday"),
        ("earned(a, team)", 11, "earned(COMPONENT)"),
        ("amount 5", 8, "should end here"),
        ("tier in 'A'", 9, "in brackets"),
        ("a and", 6, "missing"),
    ] {
        let error = Formula::parse(text).unwrap_err();
        assert_eq!(error.at, at, "{text}: {error}");
        assert!(error.to_string().contains(part), "{text}: {error}");
    }
}

#[test]
fn names_and_types_are_checked() {
    let (metrics, measures) = (vec!["contract_amount".to_owned()], vec!["gp".to_owned()]);
    let attributes = vec!["level".to_owned()];
    let known = Known {
        fact: true,
        payee: true,
        attributes: Some(&attributes),
        measures: &measures,
        metrics: &metrics,
        earned: &[],
    };
    let wrong = |text: &str, known: &Known<'_>, expected| {
        Formula::parse(text).unwrap().check(known, expected).map_err(|error| error.to_string())
    };
    let number = |text: &str| wrong(text, &known, Expected::Number);
    assert_eq!(number("amount * level + gp + attainment(contract_amount)"), Ok(()));
    assert_eq!(wrong("level = 3 and payee.grade = 'A'", &known, Expected::Condition), Ok(()));
    for (text, part) in [
        ("amuont", "did you mean 'amount'"),
        ("customer_kind + 1", "a text; a number"),
        ("amount > 1", "a condition; a number"),
        ("attainment(contract_amuont)", "nearest is 'contract_amount'"),
        ("earned(x)", "cannot be read here"),
        ("if(amount, 1, 2)", "a number; a condition"),
        ("days(amount, date)", "a day is needed"),
        ("round(amount, 99)", "0 to 10"),
        ("headcount()", "say of whom"),
        ("period.weeks", "not known"),
        ("if(customer_kind > 'a', 1, 2)", "no order"),
        ("if(date = 5, 1, 2)", "cannot be compared"),
    ] {
        let error = number(text).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
    let of_team = Known { metrics: &metrics, ..Known::default() };
    assert!(wrong("payee.grade", &of_team, Expected::Number).is_err());
    assert!(wrong("amount", &of_team, Expected::Number).is_err());
    assert!(wrong("metric(contract_amount) * 15%", &of_team, Expected::Number).is_ok());
}

#[test]
fn bounds_hold() {
    let deep = format!("{}1{}", "(".repeat(500), ")".repeat(500));
    assert!(Formula::parse(&deep).unwrap_err().message.contains("deep"));
    let minus = format!("{}1", "-".repeat(500));
    assert!(Formula::parse(&minus).unwrap_err().message.contains("deep"));
    let nots = format!("{}1 = 1", "not ".repeat(400));
    assert!(Formula::parse(&nots).unwrap_err().message.contains("deep"));
    let long = vec!["1"; 900].join("+");
    assert!(Formula::parse(&long).unwrap_err().message.contains("parts"));
    assert!(Formula::parse(&"1".repeat(3_000)).unwrap_err().message.contains("bytes"));
    let digits = "9".repeat(38);
    let huge = vec![digits.as_str(); 45].join("*");
    let product = Formula::parse(&huge).unwrap();
    let squared = Formula::parse(&format!("({huge})")).unwrap();
    assert!(product.evaluate(&Names).is_err() || squared.evaluate(&Names).is_ok());
}

proptest! {
    /// Any text is a formula or a mistake, never a panic, and what parses computes.
    #[test]
    fn nothing_panics(text in "[-+*/()<>=!a-z0-9., '\"%≤é]{0,60}") {
        if let Ok(formula) = Formula::parse(&text) {
            let _ = formula.check(&Known::default(), Expected::Number);
            let _ = formula.evaluate(&Names);
        }
    }

    #[test]
    fn sums_agree_with_integers(numbers in prop::collection::vec(-1000_i64..1000, 1..20)) {
        let text = numbers.iter().map(|n| format!("({n})")).collect::<Vec<_>>().join(" + ");
        prop_assert_eq!(shown(&text), numbers.iter().sum::<i64>().to_string());
    }
}
