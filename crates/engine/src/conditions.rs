//! Conditions on facts: `where: {customer_kind: new, product_line: [GTX, MG], amount: ">= 10000"}`.
//!
//! A condition is data. Before facts are looked at it is compiled against the dictionary once: names become numbers, and
//! a name that no fact ever had can never match.

use rust_decimal::Decimal;

use crate::books::{Books, CreditView, Dictionary, FactView, Sym};
use crate::exact::Exact;
use crate::formula::{FactName, Figure, Formula, Name, Scope, TooLarge, Value};
use crate::money::Currency;
use crate::names::Names;
use crate::text::{Language, joined};

mod de;

pub(crate) use de::Values;

/// A condition on a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// Every fact.
    #[default]
    Always,
    /// All of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// The field has one of these values.
    Is {
        /// The field.
        field: String,
        /// The values.
        values: Vec<String>,
    },
    /// The number compares so.
    Compare {
        /// The field.
        field: String,
        /// How.
        operator: Operator,
        /// With what: major units for amounts.
        value: Decimal,
    },
    /// A formula holds.
    If(Formula),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Operator {
    /// The sign.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }

    /// The sign in a text for readers.
    fn written(self) -> &'static str {
        match self {
            Self::AtMost => "≤",
            Self::AtLeast => "≥",
            Self::Less | Self::More => self.sign(),
        }
    }

    fn holds(self, left: Decimal, right: Decimal) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

/// The fields that are columns of a fact; any other name is an attribute.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("kind", "业务类型", "kind"),
    ("product_line", "产品线", "product line"),
    ("region", "区域", "region"),
    ("tier", "客户等级", "tier"),
    ("customer_kind", "客户类型", "customer"),
    ("contract_kind", "合同类型", "contract kind"),
    ("source", "来源", "source"),
    ("currency", "币种", "currency"),
    ("role", "角色", "role"),
    ("stage", "阶段", "stage"),
    ("activity_kind", "跟进方式", "activity"),
    ("effective", "有效", "effective"),
];

/// The fields that are numbers of a fact.
const NUMBERS: &[(&str, &str, &str)] = &[
    ("amount", "金额", "amount"),
    ("amount_excl_tax", "金额（不含税）", "amount excl. tax"),
    ("margin", "毛利", "margin"),
    ("quantity", "数量", "quantity"),
    ("score", "评分", "score"),
    ("days_overdue", "逾期天数", "days overdue"),
];

/// Words that people write for values, in the language of the reader.
const VALUES: &[(&str, &str, &str)] = &[
    ("new", "新客户", "new"),
    ("existing", "老客户", "existing"),
    ("visit", "拜访", "visit"),
    ("call", "电话", "call"),
    ("true", "是", "yes"),
    ("false", "否", "no"),
];

/// The name of a field in a language; an attribute's name as it is.
#[must_use]
pub fn field_name(field: &str, language: Language) -> String {
    let known = COLUMNS.iter().chain(NUMBERS).find(|(name, _, _)| *name == field);
    known.map_or(field.to_owned(), |(_, zh, en)| language.pick(zh, en).to_owned())
}

/// The fields that every fact has, and whether each holds a number.
pub fn standard_fields() -> impl Iterator<Item = (&'static str, bool)> {
    let names = COLUMNS.iter().map(|(field, _, _)| (*field, false));
    names.chain(NUMBERS.iter().map(|(field, _, _)| (*field, true)))
}

/// The word for a value of a field in a language.
#[must_use]
pub fn value_name(field: &str, value: &str, language: Language) -> String {
    if field == "contract_kind" {
        let kinds = [
            ("new", "新签", "new"),
            ("add_on", "增购", "add-on"),
            ("renewal", "续费", "renewal"),
            ("repeat", "复购", "repeat"),
            ("framework", "框架", "framework"),
        ];
        let known = kinds.iter().find(|(word, _, _)| *word == value);
        return known.map_or(value.to_owned(), |(_, zh, en)| language.pick(zh, en).to_owned());
    }
    let known = VALUES.iter().find(|(word, _, _)| *word == value);
    match known {
        Some((_, zh, en)) if field != "product_line" && field != "region" => language.pick(zh, en).to_owned(),
        _ => value.to_owned(),
    }
}

/// True for a field that holds a number.
#[must_use]
pub fn is_number(field: &str) -> bool {
    NUMBERS.iter().any(|(name, _, _)| *name == field)
}

impl Condition {
    /// The fields the condition reads, each once.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        let mut fields = Vec::new();
        self.collect(&mut fields);
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    fn collect<'a>(&'a self, fields: &mut Vec<&'a str>) {
        match self {
            Self::Always => {}
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.collect(fields)),
            Self::Not(part) => part.collect(fields),
            Self::Is { field, .. } | Self::Compare { field, .. } => fields.push(field),
            Self::If(_) => {}
        }
    }

    /// The condition in words; empty for [`Condition::Always`].
    #[must_use]
    pub fn words(&self, language: Language, names: &Names) -> String {
        let join = |parts: &[Condition], zh: &str, en: &str| {
            parts.iter().map(|part| part.words(language, names)).collect::<Vec<_>>().join(language.pick(zh, en))
        };
        match self {
            Self::Always => String::new(),
            Self::All(parts) => join(parts, "且", " and "),
            Self::Any(parts) => join(parts, "或", " or "),
            Self::Not(part) => match language {
                Language::Zh => format!("非（{}）", part.words(language, names)),
                Language::En => format!("not ({})", part.words(language, names)),
            },
            Self::Is { field, values } => {
                let values: Vec<String> = values.iter().map(|v| names.of(field, v, language)).collect();
                match language {
                    Language::Zh => joined(&format!("{}为", field_name(field, language)), &values.join("、")),
                    Language::En => format!("{} is {}", field_name(field, language), values.join(" or ")),
                }
            }
            Self::Compare { field, operator, value } => {
                format!("{} {} {value}", field_name(field, language), operator.written())
            }
            Self::If(formula) => formula.text().to_owned(),
        }
    }

    /// Compiles the condition against the names that the books know.
    #[must_use]
    pub fn compile(&self, books: &Books, currency: Currency) -> Compiled {
        let dictionary = books.dictionary();
        match self {
            Self::Always => Compiled::Constant(true),
            Self::All(parts) => Compiled::All(parts.iter().map(|p| p.compile(books, currency)).collect()),
            Self::Any(parts) => Compiled::Any(parts.iter().map(|p| p.compile(books, currency)).collect()),
            Self::Not(part) => Compiled::Not(Box::new(part.compile(books, currency))),
            Self::Is { field, values } => {
                let values: Vec<Sym> = values.iter().filter_map(|value| dictionary.symbol(value)).collect();
                match Field::of(field, dictionary) {
                    Some(_) if values.is_empty() => Compiled::Constant(false),
                    Some(field) => Compiled::Is(field, values),
                    None => Compiled::Constant(false),
                }
            }
            Self::Compare { field, operator, value } => match Number::of(field, dictionary) {
                Some(number) => Compiled::Compare(number, *operator, *value, currency.digits()),
                None => Compiled::Constant(false),
            },
            Self::If(formula) => Compiled::If(formula.clone(), currency.digits()),
        }
    }
}

/// A column that holds names.
#[derive(Clone, Copy, Debug)]
pub enum Field {
    /// The kind of fact.
    Kind,
    /// Product line.
    ProductLine,
    /// Region.
    Region,
    /// Tier.
    Tier,
    /// New or existing.
    CustomerKind,
    /// Contract kind.
    ContractKind,
    /// Source.
    Source,
    /// Currency.
    Currency,
    /// The credit's role.
    Role,
    /// An attribute.
    Attribute(Sym),
}

impl Field {
    /// The field of a name; none for an attribute that no fact has.
    #[must_use]
    pub fn of(name: &str, dictionary: &Dictionary) -> Option<Self> {
        Some(match name {
            "kind" => Self::Kind,
            "product_line" => Self::ProductLine,
            "region" => Self::Region,
            "tier" => Self::Tier,
            "customer_kind" => Self::CustomerKind,
            "contract_kind" => Self::ContractKind,
            "source" => Self::Source,
            "currency" => Self::Currency,
            "role" => Self::Role,
            other => Self::Attribute(dictionary.symbol(other.strip_prefix("attributes.").unwrap_or(other))?),
        })
    }

    /// Its value on a credit.
    #[must_use]
    pub fn value(self, credit: &CreditView<'_>, dictionary: &Dictionary) -> Sym {
        match self {
            Self::Role => credit.role(),
            other => other.value_of_fact(&credit.fact, dictionary),
        }
    }

    /// Its value on a fact; none for the role, which only a credit has.
    #[must_use]
    pub fn value_of_fact(self, fact: &FactView<'_>, dictionary: &Dictionary) -> Sym {
        match self {
            Self::Kind => fact.kind(),
            Self::ProductLine => fact.product_line(),
            Self::Region => fact.region(),
            Self::Tier => fact.tier(),
            Self::CustomerKind => fact.customer_kind(),
            Self::ContractKind => fact.contract_kind(),
            Self::Source => fact.source(),
            Self::Currency => fact.currency(),
            Self::Role => Sym::NONE,
            Self::Attribute(key) => dictionary.attribute(fact.attributes(), key),
        }
    }
}

/// A number of a fact.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// Amount, major units.
    Amount,
    /// Amount without VAT.
    AmountExclTax,
    /// Margin.
    Margin,
    /// Quantity.
    Quantity,
    /// Score.
    Score,
    /// Days from the due date to the fact's date, 0 where it was in time.
    DaysOverdue,
    /// An attribute read as a number.
    Attribute(Sym),
}

impl Number {
    fn of(name: &str, dictionary: &Dictionary) -> Option<Self> {
        Some(match name {
            "amount" => Self::Amount,
            "amount_excl_tax" => Self::AmountExclTax,
            "margin" => Self::Margin,
            "quantity" => Self::Quantity,
            "score" => Self::Score,
            "days_overdue" => Self::DaysOverdue,
            other => Self::Attribute(dictionary.symbol(other.strip_prefix("attributes.").unwrap_or(other))?),
        })
    }

    fn value(self, fact: &FactView<'_>, dictionary: &Dictionary, digits: u32) -> Option<Decimal> {
        let money = |minor: i64| Decimal::new(minor, digits);
        match self {
            Self::Amount => Some(money(fact.amount_minor())),
            Self::AmountExclTax => fact.amount_excl_tax_minor().map(money),
            Self::Margin => fact.margin_minor().map(money),
            Self::Quantity => fact.quantity_micro().map(|micro| Decimal::new(micro, 6)),
            Self::Score => fact.score_micro().map(|micro| Decimal::new(micro, 6)),
            Self::DaysOverdue => fact.due_date().map(|due| Decimal::from((fact.date() - due).num_days().max(0))),
            Self::Attribute(key) => dictionary.name(dictionary.attribute(fact.attributes(), key))?.parse().ok(),
        }
    }
}

/// A condition ready to be asked.
#[derive(Clone, Debug)]
pub enum Compiled {
    /// Always the same answer.
    Constant(bool),
    /// All of these.
    All(Vec<Compiled>),
    /// At least one of these.
    Any(Vec<Compiled>),
    /// Not this.
    Not(Box<Compiled>),
    /// One of these names.
    Is(Field, Vec<Sym>),
    /// A comparison; the last is the currency's digits.
    Compare(Number, Operator, Decimal, u32),
    /// A formula; the last is the currency's digits.
    If(Formula, u32),
}

impl Compiled {
    /// True where the credit's fact meets the condition. A number that is absent meets no comparison. A formula in it sees
    /// the fact alone.
    #[must_use]
    pub fn holds(&self, credit: &CreditView<'_>, dictionary: &Dictionary) -> bool {
        self.holds_with(credit, dictionary, &|formula| {
            let scope = FactOnly { credit, dictionary, digits: self.digits() };
            formula.evaluate(&scope).is_ok_and(|value| value.holds())
        })
    }

    /// The same, with somebody else's answer to the formulas in it.
    #[must_use]
    pub fn holds_with(
        &self,
        credit: &CreditView<'_>,
        dictionary: &Dictionary,
        formula_holds: &dyn Fn(&Formula) -> bool,
    ) -> bool {
        match self {
            Self::Constant(answer) => *answer,
            Self::All(parts) => parts.iter().all(|part| part.holds_with(credit, dictionary, formula_holds)),
            Self::Any(parts) => parts.iter().any(|part| part.holds_with(credit, dictionary, formula_holds)),
            Self::Not(part) => !part.holds_with(credit, dictionary, formula_holds),
            Self::Is(field, values) => {
                let value = field.value(credit, dictionary);
                !value.is_none() && values.contains(&value)
            }
            Self::Compare(number, operator, value, digits) => {
                number.value(&credit.fact, dictionary, *digits).is_some_and(|left| operator.holds(left, *value))
            }
            Self::If(formula, _) => formula_holds(formula),
        }
    }

    /// The currency's digits, where a part of the condition needs them.
    fn digits(&self) -> u32 {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::digits).max().unwrap_or_default(),
            Self::Not(part) => part.digits(),
            Self::Compare(.., digits) | Self::If(_, digits) => *digits,
            Self::Constant(_) | Self::Is(..) => 0,
        }
    }
}

/// What a formula in a metric's condition sees: the columns of one fact.
struct FactOnly<'a> {
    credit: &'a CreditView<'a>,
    dictionary: &'a Dictionary,
    digits: u32,
}

impl Scope for FactOnly<'_> {
    fn name(&self, name: &Name) -> Result<Value, TooLarge> {
        let text = match name {
            Name::Fact(column) => column.as_str(),
            Name::Other(attribute) => attribute,
            Name::Payee(_) | Name::Period(_) => return Ok(Value::Missing),
        };
        let fact = &self.credit.fact;
        let day = |day: Option<chrono::NaiveDate>| day.map_or(Value::Missing, Value::Date);
        Ok(match name {
            Name::Fact(FactName::Date) => Value::Date(fact.date()),
            Name::Fact(FactName::DueDate) => day(fact.due_date()),
            Name::Fact(FactName::Count) => Value::Number(if fact.is_reversal() { -1 } else { 1 }.into()),
            Name::Fact(FactName::Share) => Value::Number(Exact::minor(self.credit.share_ppm().into(), 6)),
            Name::Fact(_) if is_number(text) => {
                let number = Number::of(text, self.dictionary);
                Value::of(number.and_then(|n| n.value(fact, self.dictionary, self.digits)).map(Exact::of_decimal))
            }
            _ => {
                let symbol = Field::of(text, self.dictionary).map(|field| field.value(self.credit, self.dictionary));
                symbol.and_then(|symbol| self.dictionary.name(symbol)).map_or(Value::Missing, Value::Text)
            }
        })
    }

    fn figure(&self, _: &Figure) -> Result<Value, TooLarge> {
        Ok(Value::Missing)
    }
}
