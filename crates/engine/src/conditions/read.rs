//! Conditions from files.

use super::{Comparison, Condition, Field};
use crate::node::{Node, Problem, Value, problem};
use crate::words::parse_decimal;

/// Reads a mapping; what is wrong goes to `problems`, with `pointer` as the place of the mapping.
pub fn read_condition(node: &Node, pointer: &str, problems: &mut Vec<Problem>) -> Condition {
    let entries = match &node.value {
        Value::Null => return Condition::Always,
        Value::Map(entries) => entries,
        _ => {
            problems.push(problem(
                node.line,
                pointer,
                "not_a_condition",
                "write field: value, such as {customer_kind: new}",
            ));
            return Condition::Always;
        }
    };
    // One order whatever the file's: JSON objects have none, and a plan read back must say the same.
    let mut ordered: Vec<&(String, u32, Node)> = entries.iter().collect();
    ordered.sort_by_key(|(key, _, _)| Field::rank(key));
    let mut parts: Vec<Condition> = ordered
        .into_iter()
        .map(|(key, _, value)| {
            let here = format!("{pointer}/{key}");
            match key.as_str() {
                "any" => Condition::Any(read_several(value, &here, problems)),
                "all" => Condition::All(read_several(value, &here, problems)),
                "not" => Condition::Not(Box::new(match &value.value {
                    Value::List(_) => Condition::Any(read_several(value, &here, problems)),
                    _ => read_condition(value, &here, problems),
                })),
                _ => read_test(Field::of_name(key), value, &here, problems),
            }
        })
        .collect();
    match parts.len() {
        0 => Condition::Always,
        1 => parts.remove(0),
        _ => Condition::All(parts),
    }
}

fn read_several(node: &Node, pointer: &str, problems: &mut Vec<Problem>) -> Vec<Condition> {
    match &node.value {
        Value::List(items) if !items.is_empty() => items
            .iter()
            .enumerate()
            .map(|(at, item)| read_condition(item, &format!("{pointer}/{at}"), problems))
            .collect(),
        Value::Map(_) => vec![read_condition(node, pointer, problems)],
        _ => {
            problems.push(problem(
                node.line,
                pointer,
                "not_a_condition",
                "write a list of conditions, such as [{region: East}, {tier: A}]",
            ));
            Vec::new()
        }
    }
}

fn read_test(field: Field, node: &Node, pointer: &str, problems: &mut Vec<Problem>) -> Condition {
    let items: Vec<&Node> = match &node.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![node],
    };
    let texts: Vec<&str> = items.iter().filter_map(|item| item.text()).collect();
    if texts.is_empty() || texts.len() != items.len() {
        problems.push(problem(
            node.line,
            pointer,
            "not_a_value",
            "write a word, a list of words, or a comparison such as \">= 10000\"",
        ));
        return Condition::Always;
    }
    let compared = texts
        .iter()
        .filter(|text| comparison(text).is_some())
        .count();
    if compared == 0 && !field.is_number() {
        return Condition::OneOf(field, texts.into_iter().map(str::to_owned).collect());
    }
    let numeric = field.is_number() || matches!(field, Field::Attribute(_));
    let mut tests = Vec::new();
    for text in &texts {
        let (sign, number) = comparison(text).unwrap_or((Comparison::Equal, text));
        match parse_decimal(number.trim()) {
            Some(value) if numeric => {
                tests.push(Condition::Number(field.clone(), sign, value.normalize()))
            }
            _ => {
                let detail = if numeric {
                    format!("`{text}` is not a comparison with a number, such as \">= 10000\"")
                } else {
                    format!(
                        "`{}` is a word and has no size; write the words it may be",
                        field.name()
                    )
                };
                problems.push(problem(node.line, pointer, "not_a_comparison", detail));
            }
        }
    }
    match tests.len() {
        0 => Condition::Always,
        1 => tests.remove(0),
        _ => Condition::All(tests),
    }
}

fn comparison(text: &str) -> Option<(Comparison, &str)> {
    Comparison::ALL
        .iter()
        .find_map(|(sign, comparison)| Some((*comparison, text.trim_start().strip_prefix(sign)?)))
}
