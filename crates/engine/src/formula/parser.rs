//! From words to a tree: precedence climbing, bounded in length, depth and parts.

use super::lexer::{Token, Word, error, words};
use super::names::{Figure, FigureKind, Level, Name, Over, Whose};
use super::tree::{Comparison, Function, Kind, Node, Sign};
use super::{FormulaError, MOST_BYTES, MOST_DEPTH, MOST_PARTS};

pub(super) fn parse(text: &str) -> Result<Node, FormulaError> {
    if text.len() > MOST_BYTES {
        return Err(error(text, 0, format!("a formula has at most {MOST_BYTES} bytes; this one has {}", text.len())));
    }
    let mut parser = Parser { text, tokens: words(text)?, next: 0, parts: 0, depth: 0 };
    if parser.tokens.is_empty() {
        return Err(error(text, 0, "the formula is empty"));
    }
    let root = parser.or()?;
    match parser.peek() {
        None => Ok(root),
        Some(_) => Err(parser.wrong("the formula should end here; a sign like + or 'and' may be missing")),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
    parts: usize,
    depth: usize,
}

type Parsed = Result<Node, FormulaError>;

impl Parser<'_> {
    fn peek(&self) -> Option<&Word> {
        self.tokens.get(self.next).map(|token| &token.word)
    }

    fn start(&self) -> usize {
        self.tokens.get(self.next).map_or(self.text.len(), |token| token.start)
    }

    fn wrong(&self, message: impl Into<String>) -> FormulaError {
        error(self.text, self.start(), message)
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Word::Sign(own)) if *own == sign);
        self.next += usize::from(found);
        found
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Some(Word::Name(name, false)) if name == keyword);
        self.next += usize::from(found);
        found
    }

    fn node(&mut self, start: usize, kind: Kind) -> Parsed {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return Err(error(self.text, start, format!("a formula has at most {MOST_PARTS} parts")));
        }
        Ok(Node { start, kind })
    }

    /// Runs a rule one level deeper.
    fn deeper(&mut self, rule: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(self.wrong(format!("a formula nests at most {MOST_DEPTH} deep")));
        }
        let parsed = rule(self);
        self.depth -= 1;
        parsed
    }

    fn or(&mut self) -> Parsed {
        let start = self.start();
        let mut left = self.and()?;
        while self.keyword("or") {
            let right = self.and()?;
            left = self.node(start, Kind::Or(Box::new(left), Box::new(right)))?;
        }
        Ok(left)
    }

    fn and(&mut self) -> Parsed {
        let start = self.start();
        let mut left = self.not()?;
        while self.keyword("and") {
            let right = self.not()?;
            left = self.node(start, Kind::And(Box::new(left), Box::new(right)))?;
        }
        Ok(left)
    }

    fn not(&mut self) -> Parsed {
        let start = self.start();
        if self.keyword("not") {
            let inner = self.deeper(Self::not)?;
            return self.node(start, Kind::Not(Box::new(inner)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Parsed {
        let start = self.start();
        let left = self.sum()?;
        if self.keyword("in") {
            if !self.sign("(") {
                return Err(self.wrong("write the values in brackets: tier in ('A', 'B')"));
            }
            let values = self.list(Self::sum)?;
            return self.node(start, Kind::In(Box::new(left), values));
        }
        let comparison = match self.peek() {
            Some(Word::Sign("=")) => Comparison::Equal,
            Some(Word::Sign("!=")) => Comparison::Unequal,
            Some(Word::Sign("<")) => Comparison::Less,
            Some(Word::Sign("<=")) => Comparison::AtMost,
            Some(Word::Sign(">")) => Comparison::More,
            Some(Word::Sign(">=")) => Comparison::AtLeast,
            _ => return Ok(left),
        };
        self.next += 1;
        let right = self.sum()?;
        if matches!(self.peek(), Some(Word::Sign("=" | "!=" | "<" | "<=" | ">" | ">="))) {
            return Err(self.wrong("comparisons do not chain; write 1 < x and x < 5"));
        }
        self.node(start, Kind::Compare(comparison, Box::new(left), Box::new(right)))
    }

    fn sum(&mut self) -> Parsed {
        let start = self.start();
        let mut left = self.product()?;
        loop {
            let sign = match self.peek() {
                Some(Word::Sign("+")) => Sign::Plus,
                Some(Word::Sign("-")) => Sign::Minus,
                _ => return Ok(left),
            };
            self.next += 1;
            let right = self.product()?;
            left = self.node(start, Kind::Arithmetic(sign, Box::new(left), Box::new(right)))?;
        }
    }

    fn product(&mut self) -> Parsed {
        let start = self.start();
        let mut left = self.minus()?;
        loop {
            let sign = match self.peek() {
                Some(Word::Sign("*")) => Sign::Times,
                Some(Word::Sign("/")) => Sign::Over,
                _ => return Ok(left),
            };
            self.next += 1;
            let right = self.minus()?;
            left = self.node(start, Kind::Arithmetic(sign, Box::new(left), Box::new(right)))?;
        }
    }

    fn minus(&mut self) -> Parsed {
        let start = self.start();
        if self.sign("-") {
            let inner = self.deeper(Self::minus)?;
            return self.node(start, Kind::Minus(Box::new(inner)));
        }
        self.atom()
    }

    fn atom(&mut self) -> Parsed {
        let start = self.start();
        let Some(word) = self.peek().cloned() else {
            return Err(self.wrong("a number, a name or a bracket is missing"));
        };
        self.next += 1;
        match word {
            Word::Number(number) => self.node(start, Kind::Number(number)),
            Word::Date(date) => self.node(start, Kind::Date(date)),
            Word::Text(text) => self.node(start, Kind::Text(text)),
            Word::Sign("(") => {
                let inner = self.deeper(Self::or)?;
                if !self.sign(")") {
                    return Err(self.wrong("a closing bracket is missing"));
                }
                Ok(inner)
            }
            Word::Name(name, quoted) if !quoted && self.sign("(") => self.call(start, &name),
            Word::Name(name, false) if matches!(name.as_str(), "and" | "or" | "not" | "in") => {
                Err(error(self.text, start, format!("'{name}' stands where a number or a name should be")))
            }
            Word::Name(name, true) => self.node(start, Kind::Name(Name::Other(name))),
            Word::Name(name, false) => self.node(start, Kind::Name(Name::of(&name))),
            Word::Sign(_) => Err(error(self.text, start, "a number, a name or a bracket is missing before this sign")),
        }
    }

    /// Values up to the closing bracket.
    fn list(&mut self, rule: fn(&mut Self) -> Parsed) -> Result<Vec<Node>, FormulaError> {
        let mut values = Vec::new();
        if self.sign(")") {
            return Ok(values);
        }
        loop {
            values.push(self.deeper(rule)?);
            if self.sign(")") {
                return Ok(values);
            }
            if !self.sign(",") {
                return Err(self.wrong("a comma or a closing bracket is missing"));
            }
        }
    }

    fn call(&mut self, start: usize, name: &str) -> Parsed {
        if let Some(kind) = FigureKind::ALL.iter().find(|kind| kind.as_str() == name) {
            return self.figure(start, *kind);
        }
        let Some((_, function, least, most)) = Function::ALL.iter().find(|(known, ..)| *known == name) else {
            let functions: Vec<&str> = Function::ALL.iter().map(|(known, ..)| *known).collect();
            let figures: Vec<&str> = FigureKind::ALL.iter().map(|kind| kind.as_str()).collect();
            let message =
                format!("there is no function '{name}'; there are {}, {}", functions.join(", "), figures.join(", "));
            return Err(error(self.text, start, message));
        };
        let values = self.list(Self::or)?;
        if !(*least..=*most).contains(&values.len()) {
            let wanted = if least == most { format!("{least}") } else { format!("{least} to {most}") };
            let message = format!("{name} takes {wanted} values; here are {}", values.len());
            return Err(error(self.text, start, message));
        }
        self.node(start, Kind::Call(*function, values))
    }

    /// `attainment(CODE, team, quarter)`: bare words, in any order behind the code.
    fn figure(&mut self, start: usize, kind: FigureKind) -> Parsed {
        let mut figure = Figure { kind, code: String::new(), whose: None, over: Over::Period, level: Level::Base };
        let mut first = kind != FigureKind::Headcount;
        loop {
            let at = self.start();
            let word = match self.peek() {
                Some(Word::Name(word, _)) => word.clone(),
                Some(Word::Sign(")")) if !first => break,
                _ => return Err(self.wrong(format!("write {}", usage(kind)))),
            };
            self.next += 1;
            if first {
                figure.code = word;
                first = false;
            } else if let Some(whose) = Whose::of(&word).filter(|_| kind != FigureKind::Earned) {
                figure.whose = Some(whose);
            } else if let Some(over) = Over::of(&word)
                .filter(|over| *over != Over::Fact && !matches!(kind, FigureKind::Earned | FigureKind::Headcount))
            {
                figure.over = over;
            } else if let Some(level) = Level::of(&word)
                .filter(|_| matches!(kind, FigureKind::Target | FigureKind::Attainment | FigureKind::AtTarget))
            {
                figure.level = level;
            } else {
                return Err(error(self.text, at, format!("'{word}' means nothing here; write {}", usage(kind))));
            }
            if !self.sign(",") {
                break;
            }
        }
        if !self.sign(")") {
            return Err(self.wrong("a comma or a closing bracket is missing"));
        }
        self.node(start, Kind::Figure(figure))
    }
}

fn usage(kind: FigureKind) -> &'static str {
    match kind {
        FigureKind::Metric => "metric(CODE), and behind it whose (team, subtree, company, reports) and over which span",
        FigureKind::Target => "target(CODE), and behind it whose, the span, and base, challenge or stretch",
        FigureKind::Attainment => "attainment(CODE), and behind it whose, the span, and base, challenge or stretch",
        FigureKind::AtTarget => "at_target(CODE, reports), with team, subtree, company or reports",
        FigureKind::Headcount => "headcount(team), with team, subtree, company or reports",
        FigureKind::Earned => "earned(COMPONENT)",
    }
}
