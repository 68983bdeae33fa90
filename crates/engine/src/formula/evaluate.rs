//! The value of a formula.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::{Datelike, Months, NaiveDate};

use super::names::{Figure, Name};
use super::tree::{Comparison, Function, Kind, Node, Sign};
use super::value::Value;
use crate::exact::Exact;
use crate::rounding::Rounding;

/// A number outgrew its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a number became too large to be computed")]
pub struct TooLarge;

/// Where names and figures get their values.
pub trait Scope {
    /// The value of a name; missing where it is not there.
    ///
    /// # Errors
    /// [`TooLarge`].
    fn name(&self, name: &Name) -> Result<Value, TooLarge>;

    /// The value of a figure; missing where it is not there.
    ///
    /// # Errors
    /// [`TooLarge`].
    fn figure(&self, figure: &Figure) -> Result<Value, TooLarge>;
}

type Evaluated = Result<Value, TooLarge>;

pub(super) fn evaluate(node: &Node, scope: &dyn Scope) -> Evaluated {
    Ok(match &node.kind {
        Kind::Number(number) => Value::Number(number.clone()),
        Kind::Text(text) => Value::Text(text.clone()),
        Kind::Date(date) => Value::Date(*date),
        Kind::Name(name) => scope.name(name)?,
        Kind::Figure(figure) => scope.figure(figure)?,
        Kind::Minus(inner) => Value::of(evaluate(inner, scope)?.number().map(|n| n.negated())),
        Kind::Not(inner) => Value::Truth(!evaluate(inner, scope)?.holds()),
        Kind::Arithmetic(sign, left, right) => arithmetic(*sign, &evaluate(left, scope)?, &evaluate(right, scope)?)?,
        Kind::Compare(comparison, left, right) => {
            Value::Truth(compare(*comparison, &evaluate(left, scope)?, &evaluate(right, scope)?))
        }
        Kind::And(left, right) => Value::Truth(evaluate(left, scope)?.holds() && evaluate(right, scope)?.holds()),
        Kind::Or(left, right) => Value::Truth(evaluate(left, scope)?.holds() || evaluate(right, scope)?.holds()),
        Kind::In(left, values) => {
            let left = evaluate(left, scope)?;
            for value in values {
                if compare(Comparison::Equal, &left, &evaluate(value, scope)?) {
                    return Ok(Value::Truth(true));
                }
            }
            Value::Truth(false)
        }
        Kind::Call(function, values) => call(*function, values, scope)?,
    })
}

fn arithmetic(sign: Sign, left: &Value, right: &Value) -> Evaluated {
    let (Some(a), Some(b)) = (left.number(), right.number()) else { return Ok(Value::Missing) };
    let result = match sign {
        Sign::Plus => a.plus(&b),
        Sign::Minus => a.minus(&b),
        Sign::Times => a.times(&b),
        Sign::Over if b.is_zero() => return Ok(Value::Missing),
        Sign::Over => a.over(&b),
    };
    result.map(Value::Number).ok_or(TooLarge)
}

/// Compares as what the two sides are: numbers with numbers, days with days, else texts. Nothing is equal, or unequal,
/// to what is missing.
fn compare(comparison: Comparison, left: &Value, right: &Value) -> bool {
    let ordering = match (left, right) {
        (Value::Missing, _) | (_, Value::Missing) => None,
        (Value::Date(_), _) | (_, Value::Date(_)) => left.date().zip(right.date()).map(|(a, b)| a.cmp(&b)),
        (Value::Text(a), Value::Text(b)) => match comparison {
            Comparison::Equal | Comparison::Unequal => Some(a.cmp(b)),
            _ => left.number().zip(right.number()).map(|(a, b)| a.cmp(&b)),
        },
        _ => left.number().zip(right.number()).map(|(a, b)| a.cmp(&b)),
    };
    ordering.is_some_and(|ordering| match comparison {
        Comparison::Equal => ordering == Ordering::Equal,
        Comparison::Unequal => ordering != Ordering::Equal,
        Comparison::Less => ordering == Ordering::Less,
        Comparison::AtMost => ordering != Ordering::Greater,
        Comparison::More => ordering == Ordering::Greater,
        Comparison::AtLeast => ordering != Ordering::Less,
    })
}

fn call(function: Function, values: &[Node], scope: &dyn Scope) -> Evaluated {
    let value = |at: usize| values.get(at).map_or(Ok(Value::Missing), |node| evaluate(node, scope));
    match function {
        Function::If => return if value(0)?.holds() { number_of(value(1)?) } else { number_of(value(2)?) },
        Function::Coalesce => {
            for at in 0..values.len() {
                let found = number_of(value(at)?)?;
                if found != Value::Missing {
                    return Ok(found);
                }
            }
            return Ok(Value::Missing);
        }
        Function::Days | Function::Months => {
            let (Some(from), Some(to)) = (value(0)?.date(), value(1)?.date()) else { return Ok(Value::Missing) };
            let gone = if function == Function::Days { (to - from).num_days() } else { months(from, to) };
            return Ok(Value::Number(gone.into()));
        }
        Function::Year => return Ok(Value::of(value(0)?.date().map(|date| i64::from(date.year()).into()))),
        Function::Month => return Ok(Value::of(value(0)?.date().map(|date| i64::from(date.month()).into()))),
        _ => {}
    }
    let mut numbers: Vec<Exact> = Vec::with_capacity(values.len());
    for at in 0..values.len() {
        match value(at)?.number().map(Cow::into_owned) {
            Some(number) => numbers.push(number),
            None => return Ok(Value::Missing),
        }
    }
    let first = numbers.first().cloned().unwrap_or_default();
    let result = match function {
        Function::Min => numbers.into_iter().min(),
        Function::Max => numbers.into_iter().max(),
        Function::Abs => Some(first.magnitude()),
        Function::Floor => Some(first.floor()),
        Function::Ceil => Some(first.ceil()),
        Function::Round => {
            let places = numbers.get(1).and_then(Exact::as_whole).unwrap_or(0).clamp(0, 10);
            let places = i32::try_from(places).unwrap_or(0);
            let rounded = first.scaled(places).and_then(|units| units.whole(Rounding::HalfUp).scaled(-places));
            return rounded.map(Value::Number).ok_or(TooLarge);
        }
        Function::Clamp => match (numbers.get(1), numbers.get(2)) {
            (Some(low), Some(high)) => Some(first.max(low.clone()).min(high.clone())),
            _ => None,
        },
        _ => None,
    };
    Ok(Value::of(result))
}

fn number_of(value: Value) -> Evaluated {
    Ok(Value::of(value.number().map(Cow::into_owned)))
}

/// How many whole months lie between two days: as many as can be added to the earlier one without passing the later.
#[must_use]
pub fn months(from: NaiveDate, to: NaiveDate) -> i64 {
    if to < from {
        return -months(to, from);
    }
    let guess = (to.year() - from.year()) * 12 + (i32::try_from(to.month()).unwrap_or(1))
        - (i32::try_from(from.month()).unwrap_or(1));
    let fits = |n: i32| {
        u32::try_from(n).ok().and_then(|n| from.checked_add_months(Months::new(n))).is_some_and(|day| day <= to)
    };
    i64::from(if fits(guess) { guess } else { guess - 1 })
}
