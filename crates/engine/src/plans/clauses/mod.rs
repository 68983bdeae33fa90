//! A plan in readable clauses, generated from its structure: what people sign is what the engine computes.

mod more;

use rust_decimal::Decimal;

use super::model::{Axis, Band, Component, Computed, IfLost, Lookup, Mode, Part, Plan, PlanMeasure, Rate, Tiers, Way};
use crate::conditions::{Condition, field_name};
use crate::dates::PeriodKind;
use crate::definitions::Definitions;
use crate::facts::kind_name;
use crate::money::Currency;
use crate::names::Names;
use crate::rounding::Rounding;
use crate::text::{Language, joined};

/// A numbered clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// What it is about.
    pub title: String,
    /// The sentence.
    pub text: String,
    /// The words of the sentence that carry the figures.
    pub highlights: Vec<String>,
    /// The component it belongs to.
    pub component: Option<String>,
}

struct Writer<'a> {
    plan: &'a Plan,
    definitions: &'a Definitions,
    names: &'a Names,
    language: Language,
    currency: Currency,
}

/// The clauses of a plan in a language; codes stand by the names that the company gave them.
#[must_use]
pub fn clauses(plan: &Plan, definitions: &Definitions, names: &Names, language: Language) -> Vec<Clause> {
    let writer = Writer { plan, definitions, names, language, currency: definitions.company.currency };
    let mut clauses = vec![writer.applies()];
    clauses.extend(plan.components.iter().map(|component| writer.component(component)));
    clauses.extend(writer.whole_plan());
    clauses.push(writer.rounding());
    clauses
}

/// A rate as people read it: `4 %`.
#[must_use]
pub fn percent(rate: Decimal) -> String {
    format!("{} %", (rate * Decimal::ONE_HUNDRED).normalize())
}

/// What the currencies are called in Chinese; others stand by their code.
const CURRENCIES: &[(&str, &str)] = &[
    ("CNY", "元"),
    ("USD", "美元"),
    ("EUR", "欧元"),
    ("HKD", "港元"),
    ("GBP", "英镑"),
    ("JPY", "日元"),
    ("SGD", "新加坡元"),
    ("AUD", "澳元"),
    ("CAD", "加元"),
    ("CHF", "瑞士法郎"),
    ("KRW", "韩元"),
    ("TWD", "新台币元"),
    ("MOP", "澳门元"),
    ("THB", "泰铢"),
    ("MYR", "林吉特"),
    ("VND", "越南盾"),
    ("INR", "印度卢比"),
];

/// An amount in words: 万 and the currency's name in Chinese where it is round, else grouped digits; the code and
/// grouped digits in English.
fn amount(value: Decimal, currency: Currency, language: Language) -> String {
    if language == Language::En {
        return format!("{currency} {}", grouped(value));
    }
    let code = currency.to_string();
    let unit = CURRENCIES.iter().find(|(known, _)| *known == code).map_or(code.as_str(), |(_, name)| name);
    let ten_thousand = Decimal::from(10_000);
    if value >= ten_thousand && (value % Decimal::from(100)).is_zero() {
        return joined(&format!("{} 万", grouped(value / ten_thousand)), unit);
    }
    format!("{} {unit}", grouped(value))
}

fn grouped(value: Decimal) -> String {
    let text = value.normalize().to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let digits: Vec<char> = whole.chars().collect();
    let mut out = String::new();
    for (index, digit) in digits.iter().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && *digit != '-' {
            out.push(',');
        }
        out.push(*digit);
    }
    match fraction {
        Some(fraction) => format!("{out}.{fraction}"),
        None => out,
    }
}

impl Writer<'_> {
    fn pick(&self, zh: &str, en: &str) -> String {
        self.language.pick(zh, en).to_owned()
    }

    fn clause(&self, title: String, text: String, highlights: Vec<String>, component: Option<String>) -> Clause {
        Clause { title, text, highlights, component }
    }

    fn period(&self) -> String {
        match self.plan.period {
            PeriodKind::Month => self.pick("按月", "by the month"),
            PeriodKind::Quarter => self.pick("按季度", "by the quarter"),
            PeriodKind::Year => self.pick("按年", "by the year"),
            PeriodKind::Half => self.pick("按半年", "by the half-year"),
            PeriodKind::Week => self.pick("按周", "by the week"),
        }
    }

    fn applies(&self) -> Clause {
        let plan = self.plan;
        let who = self.who();
        let text = match (self.language, plan.to) {
            (Language::Zh, None) => format!("{who}，自 {} 起，{}计算。", plan.from, self.period()),
            (Language::Zh, Some(to)) => format!("{who}，自 {} 至 {to}，{}计算。", plan.from, self.period()),
            (Language::En, None) => format!("{who}, from {}, reckoned {}.", plan.from, self.period()),
            (Language::En, Some(to)) => format!("{who}, from {} to {to}, reckoned {}.", plan.from, self.period()),
        };
        self.clause(self.pick("适用", "Who and when"), text, Vec::new(), None)
    }

    fn who(&self) -> String {
        let who = &self.plan.who;
        let comma = self.language.pick("、", ", ");
        let mut parts = Vec::new();
        if !who.roles.is_empty() || !who.teams.is_empty() {
            let roles: Vec<String> = who.roles.iter().map(|role| self.role(role)).collect();
            let teams = who.teams.join(comma);
            let roles = if roles.is_empty() { self.pick("全体成员", "everybody") } else { roles.join(comma) };
            parts.push(match (self.language, teams.is_empty()) {
                (_, true) => roles,
                (Language::Zh, false) => joined(&teams, &format!("的{roles}")),
                (Language::En, false) => format!("{roles} of {teams}"),
            });
        }
        if who.people.len() > 5 {
            parts.push(match self.language {
                Language::Zh => format!("指定的 {} 人", who.people.len()),
                Language::En => format!("{} people by name", who.people.len()),
            });
        } else {
            let names = who
                .people
                .iter()
                .map(|key| self.definitions.person_by_key(key).map_or(key.clone(), |person| person.name.clone()));
            parts.extend(names);
        }
        parts.join(comma)
    }

    fn role(&self, role: &str) -> String {
        match role {
            "rep" => self.pick("销售", "reps"),
            "manager" => self.pick("主管", "managers"),
            "director" => self.pick("总监", "directors"),
            other => other.to_owned(),
        }
    }

    /// What a component is earned on, as a noun: "赢单商机金额" with its condition.
    fn basis(&self, component: &Component) -> String {
        let names: Vec<String> =
            component.basis.iter().map(|basis| self.basis_name(basis, &component.measure)).collect();
        let name = names.join(self.language.pick("、", ", "));
        let condition = component.when.words(self.language, self.names);
        let roles: Vec<&str> = component.roles.iter().map(String::as_str).filter(|role| *role != "owner").collect();
        let mut text = match (self.language, condition.is_empty()) {
            (_, true) => name,
            (Language::Zh, false) => format!("{name}（{condition}）"),
            (Language::En, false) => format!("{name} where {condition}"),
        };
        if !roles.is_empty() {
            text.push_str(&match self.language {
                Language::Zh => format!("，角色为 {}", component.roles.join("、")),
                Language::En => format!(", as {}", component.roles.join(", ")),
            });
        }
        if component.basis.iter().any(|basis| basis == "payment_received") {
            text.push_str(self.language.pick("（退款扣减）", " less refunds"));
        }
        text.push_str(&self.of(component));
        text
    }

    fn basis_name(&self, basis: &str, measure: &PlanMeasure) -> String {
        let metric = self.definitions.metrics.iter().rev().find(|metric| metric.code == basis);
        let name = metric.map_or_else(
            || kind_name(basis, self.language).to_owned(),
            |metric| metric.name.get(self.language).to_owned(),
        );
        match measure {
            PlanMeasure::Amount if metric.is_some() => name,
            PlanMeasure::Amount => format!("{name}{}", self.language.pick("金额", " amount")),
            PlanMeasure::AmountExclTax => {
                format!("{name}{}", self.language.pick("金额（不含税）", " amount excl. tax"))
            }
            PlanMeasure::Margin => format!("{name}{}", self.language.pick("毛利", " margin")),
            PlanMeasure::Quantity => format!("{name}{}", self.language.pick("数量", " quantity")),
            PlanMeasure::Score => format!("{name}{}", self.language.pick("评分", " score")),
            PlanMeasure::Count => format!("{name}{}", self.language.pick("笔数", " number")),
            PlanMeasure::Formula(formula) => match self.language {
                Language::Zh => format!("{name}的 {formula}"),
                Language::En => format!("{formula} of {name}"),
            },
        }
    }

    fn component(&self, component: &Component) -> Clause {
        let (mut text, highlights) = match component.way() {
            Way::Rate([part]) => self.part(component, part),
            Way::Rate(parts) => self.parts(component, parts),
            way => self.shared(way),
        };
        for sentence in self.further(component) {
            if self.language == Language::En {
                text.push(' ');
            }
            text.push_str(&sentence);
        }
        let title = component.name.get(self.language).to_owned();
        self.clause(title, text, highlights, Some(component.id.clone()))
    }

    /// A part of a rate in a sentence, with its figures.
    fn part(&self, component: &Component, part: &Part) -> (String, Vec<String>) {
        let basis = self.basis(component);
        match &part.rate {
            Rate::Flat(Computed::Fixed(rate)) if self.is_money(component) => {
                let rate = percent(rate.0);
                let text = match self.language {
                    Language::Zh => format!("{basis} × 归属比例，按 {rate} 计提。"),
                    Language::En => format!("{rate} of the {}, by share.", lower_first(&basis)),
                };
                (text, vec![rate])
            }
            Rate::Lookup(lookup) => self.lookup(&basis, lookup),
            Rate::Tiers(tiers) => self.tiers(&basis, tiers),
            Rate::Reward(reward) => match reward.amount.fixed() {
                Some(amount) => self.reward(component, amount.0, reward.if_lost),
                None => self.formed(component, part),
            },
            _ => self.formed(component, part),
        }
    }

    /// True where the basis is money and a rate of it a percentage.
    fn is_money(&self, component: &Component) -> bool {
        !matches!(component.measure, PlanMeasure::Quantity | PlanMeasure::Score | PlanMeasure::Count)
    }

    fn lookup(&self, basis: &str, lookup: &Lookup) -> (String, Vec<String>) {
        let default = lookup.default.0;
        let mut highlights = Vec::new();
        let mut parts = Vec::new();
        for row in &lookup.rows {
            let values: Vec<String> = row
                .values
                .iter()
                .map(|(field, values)| {
                    let values: Vec<String> =
                        values.iter().map(|value| self.names.of(field, value, self.language)).collect();
                    if self.language == Language::Zh {
                        values.join("或")
                    } else {
                        format!("{} {}", field_name(field, self.language), values.join(" or "))
                    }
                })
                .collect();
            let rate = row.rate.map_or_else(|| self.pick("不计提", "nothing"), |rate| percent(rate.0));
            parts.push(format!("{} {rate}", values.join(self.language.pick("且", ", "))));
            highlights.push(rate);
        }
        let others = percent(default);
        let text = match self.language {
            Language::Zh => {
                let tail = if default.is_zero() { "其余不计提".to_owned() } else { format!("其余 {others}") };
                format!("{basis} × 归属比例，按条件取提成比例：{}；{tail}。条件最具体的一条优先。", parts.join("，"))
            }
            Language::En => {
                let tail =
                    if default.is_zero() { "nothing for others".to_owned() } else { format!("{others} for others") };
                format!(
                    "On the {}, by share: {}; {tail}. The most specific row wins.",
                    lower_first(basis),
                    parts.join("; ")
                )
            }
        };
        (text, highlights)
    }

    fn tiers(&self, basis: &str, tiers: &Tiers) -> (String, Vec<String>) {
        let Tiers { on, rows, .. } = tiers;
        let point = |value: Decimal| match on {
            Axis::Amount => amount(value, self.currency, self.language),
            Axis::Attainment(_) => percent(value),
            Axis::Formula(_) => value.normalize().to_string(),
        };
        let mut parts = Vec::new();
        let mut highlights = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let row: &Band = row;
            let rate = percent(row.rate.0);
            let next = rows.get(index + 1);
            parts.push(match (self.language, index, next) {
                (Language::Zh, _, None) if index == 0 => rate.clone(),
                (Language::Zh, 0, Some(next)) => format!("{} {rate}", joined(&point(next.from.0), "以内")),
                (Language::Zh, _, Some(next)) => {
                    format!("{} {} {rate}", joined(&point(row.from.0), "至"), point(next.from.0))
                }
                (Language::Zh, _, None) => format!("超过 {} {rate}", point(row.from.0)),
                (Language::En, _, None) if index == 0 => rate.clone(),
                (Language::En, 0, Some(next)) => format!("{rate} up to {}", point(next.from.0)),
                (Language::En, _, Some(next)) => format!("{rate} from {} to {}", point(row.from.0), point(next.from.0)),
                (Language::En, _, None) => format!("{rate} above {}", point(row.from.0)),
            });
            highlights.push(rate);
        }
        (self.tier_sentence(basis, tiers, &parts), highlights)
    }

    fn tier_sentence(&self, basis: &str, tiers: &Tiers, parts: &[String]) -> String {
        let Tiers { mode, on, over, .. } = tiers;
        let period = self.span(*over);
        let axis = match on {
            Axis::Formula(formula) => match self.language {
                Language::Zh => format!("按{period}的 {formula} "),
                Language::En => format!("by {formula} of the {period}"),
            },
            Axis::Amount => match self.language {
                Language::Zh => format!("按{period}累计"),
                Language::En => format!("cumulated over the {period}"),
            },
            Axis::Attainment(code) => {
                let metric = self.definitions.metrics.iter().rev().find(|metric| metric.code == *code);
                let name = metric.map_or(code.as_str(), |metric| metric.name.get(self.language));
                match self.language {
                    Language::Zh => format!("按{period}{name}达成率"),
                    Language::En => format!("by the {period}'s attainment of {}", lower_first(name)),
                }
            }
        };
        match (self.language, mode) {
            (Language::Zh, Mode::Marginal) => {
                format!("{basis} × 归属比例，{axis}超额累进：{}。先生效的先累计。", parts.join("，"))
            }
            (Language::Zh, Mode::Whole) => {
                format!("{basis} × 归属比例，{axis}全额累进（跳点）：{}，全部按所达档位计提。", parts.join("，"))
            }
            (Language::En, Mode::Marginal) => format!(
                "On the {}, by share, {axis}, each band at its own rate: {}. What counts first is cumulated first.",
                lower_first(basis),
                parts.join(", ")
            ),
            (Language::En, Mode::Whole) => format!(
                "On the {}, by share, {axis}, everything at the rate of the band reached: {}.",
                lower_first(basis),
                parts.join(", ")
            ),
        }
    }

    fn reward(&self, component: &Component, reward: Decimal, if_lost: IfLost) -> (String, Vec<String>) {
        let money = amount(reward, self.currency, self.language);
        let entered = self.entered(&component.when);
        let text = match (self.language, if_lost) {
            (Language::Zh, IfLost::Keep) => format!("{entered}，每单奖励 {money}，每个商机只奖一次；输单后保留。"),
            (Language::Zh, IfLost::Forfeit) => format!("{entered}，每单奖励 {money}，每个商机只奖一次；输单后作废。"),
            (Language::En, IfLost::Keep) => format!("{money} when {entered}, once for each deal; kept if it is lost."),
            (Language::En, IfLost::Forfeit) => {
                format!("{money} when {entered}, once for each deal; forfeited if it is lost.")
            }
        };
        (text, vec![money])
    }

    /// "商机进入方案报价阶段": the stage by its name where the condition names nothing else.
    fn entered(&self, when: &Condition) -> String {
        match when {
            Condition::Is { field, values } if field == "stage" => {
                let stages: Vec<String> = values.iter().map(|code| self.names.of(field, code, self.language)).collect();
                match self.language {
                    Language::Zh => joined(&joined("商机进入", &stages.join("、")), "阶段"),
                    Language::En => format!("a deal enters {}", stages.join(" or ")),
                }
            }
            when => match self.language {
                Language::Zh => format!("商机进入阶段（{}）", when.words(self.language, self.names)),
                Language::En => format!("a deal enters a stage ({})", when.words(self.language, self.names)),
            },
        }
    }

    fn rounding(&self) -> Clause {
        let text = match self.plan.rounding {
            Rounding::HalfUp => self.pick(
                "每条提成明细四舍五入到最小货币单位，只舍入一次。",
                "Each line is rounded half up to the smallest unit of the currency, once.",
            ),
            Rounding::Down => self.pick(
                "每条提成明细舍去最小货币单位以下的部分。",
                "Each line is rounded down to the smallest unit of the currency.",
            ),
            Rounding::Up => self.pick(
                "每条提成明细向上取整到最小货币单位。",
                "Each line is rounded up to the smallest unit of the currency.",
            ),
        };
        self.clause(self.pick("舍入", "Rounding"), text, Vec::new(), None)
    }
}

/// A noun inside an English sentence.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}
