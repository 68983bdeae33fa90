//! Arithmetic over the columns of a row: `{price} * {quantity}`.

use rust_decimal::Decimal;

use super::values;

/// Brackets deeper than this are refused.
const DEPTH: usize = 20;

/// An expression ready to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    Number(Decimal),
    Column(String),
    Minus(Box<Expression>),
    Of(char, Box<Expression>, Box<Expression>),
}

/// What an expression gives on a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Computed {
    /// A plain decimal.
    Value(Decimal),
    /// Every column it names is empty.
    Absent,
    /// A column holds no number, or there is no result (a division by zero, too many digits).
    Wrong,
}

struct Parser<'a> {
    rest: &'a str,
}

impl Expression {
    /// Reads an expression: numbers, columns in braces, `+ - * /` and brackets.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { rest: text };
        let expression = parser.sum(0)?;
        match parser.peek() {
            None => Ok(expression),
            Some(_) => Err(format!("'{}' is not expected in '{text}'", parser.rest)),
        }
    }

    /// The columns it names.
    pub(super) fn columns(&self) -> Vec<&str> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Column(name) => vec![name],
            Self::Minus(inner) => inner.columns(),
            Self::Of(_, left, right) => [left.columns(), right.columns()].concat(),
        }
    }

    /// Its result on a row.
    pub(super) fn value(&self, cell: &impl Fn(&str) -> Option<String>) -> Computed {
        let columns = self.columns();
        if !columns.is_empty() && columns.iter().all(|name| cell(name).is_none_or(|text| text.is_empty())) {
            return Computed::Absent;
        }
        self.number(cell).map_or(Computed::Wrong, |value| Computed::Value(value.normalize()))
    }

    fn number(&self, cell: &impl Fn(&str) -> Option<String>) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Column(name) => values::number(&cell(name)?)?.parse().ok(),
            Self::Minus(inner) => Some(-inner.number(cell)?),
            Self::Of(sign, left, right) => {
                let (left, right) = (left.number(cell)?, right.number(cell)?);
                match sign {
                    '+' => left.checked_add(right),
                    '-' => left.checked_sub(right),
                    '*' => left.checked_mul(right),
                    _ => left.checked_div(right),
                }
            }
        }
    }
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn take(&mut self, signs: &[char]) -> Option<char> {
        let found = self.peek().filter(|c| signs.contains(c))?;
        self.rest = self.rest.get(found.len_utf8()..).unwrap_or_default();
        Some(found)
    }

    fn sum(&mut self, depth: usize) -> Result<Expression, String> {
        let mut left = self.product(depth)?;
        while let Some(sign) = self.take(&['+', '-']) {
            left = Expression::Of(sign, Box::new(left), Box::new(self.product(depth)?));
        }
        Ok(left)
    }

    fn product(&mut self, depth: usize) -> Result<Expression, String> {
        let mut left = self.factor(depth)?;
        while let Some(sign) = self.take(&['*', '/']) {
            left = Expression::Of(sign, Box::new(left), Box::new(self.factor(depth)?));
        }
        Ok(left)
    }

    fn factor(&mut self, depth: usize) -> Result<Expression, String> {
        if depth > DEPTH {
            return Err(format!("brackets deeper than {DEPTH} levels"));
        }
        match self.peek() {
            Some('(') => {
                self.take(&['(']);
                let inner = self.sum(depth + 1)?;
                self.take(&[')']).ok_or("a bracket is not closed")?;
                Ok(inner)
            }
            Some('-') => {
                self.take(&['-']);
                Ok(Expression::Minus(Box::new(self.factor(depth + 1)?)))
            }
            Some('{') => {
                let inner = self.rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
                let (name, rest) = inner.ok_or("a brace is not closed")?;
                self.rest = rest;
                Ok(Expression::Column(name.trim().to_owned()))
            }
            Some(c) if c.is_ascii_digit() => {
                let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
                let (digits, rest) = self.rest.split_at(end);
                self.rest = rest;
                digits.parse().map(Expression::Number).map_err(|_| format!("'{digits}' is not a number"))
            }
            _ => Err(format!("a number or a column in braces is expected at '{}'", self.rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn value(text: &str) -> Computed {
        let cell = |name: &str| match name {
            "price" => Some("1,200.50".to_owned()),
            "quantity" => Some("4".to_owned()),
            "none" => Some(String::new()),
            "word" => Some("four".to_owned()),
            _ => None,
        };
        Expression::parse(text).unwrap().value(&cell)
    }

    #[test]
    fn arithmetic_is_exact_and_binds_as_people_write_it() {
        for (text, expect) in [
            ("{price} * {quantity}", "4802"),
            ("1 + 2 * 3", "7"),
            ("(1 + 2) * 3", "9"),
            ("10 - 2 - 3", "5"),
            ("-{quantity} / 8", "-0.5"),
            ("0.1 + 0.2", "0.3"),
        ] {
            assert_eq!(value(text), Computed::Value(expect.parse().unwrap()), "{text}");
        }
        assert_eq!(value("{none} + 1"), Computed::Absent);
        for text in ["{word} * 2", "1 / 0", "{none} * {quantity}"] {
            assert_eq!(value(text), Computed::Wrong, "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in ["", "1 +", "price * 2", "{price", "(1", "1 2", "1..2", "2 ^ 3", &"(".repeat(40)] {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
    }
}
