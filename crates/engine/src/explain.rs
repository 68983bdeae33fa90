//! Why: an explanation is data. It can be put into words, and recomputed.

use rust_decimal::Decimal;

use crate::money::{Currency, to_decimal};
use crate::names::Names;
use crate::rounding::Rounding;
use crate::text::{Language, Text};

/// A step from a fact to an amount. Amounts are minor units unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The figure of the whole fact and the part of it that is credited.
    Credited {
        /// The whole fact's figure.
        whole: i64,
        /// The person's share, parts per million.
        share_ppm: u32,
        /// The credited part.
        credited: i64,
    },
    /// Where the credited part lies in what is cumulated over the period.
    Position {
        /// Before the fact.
        before: i64,
        /// After it.
        after: i64,
    },
    /// The payee's attainment that chose the band.
    Attainment {
        /// The metric's name.
        metric: Text,
        /// The value, major units or count.
        value: Decimal,
        /// The target; none where there is none, and the lowest band applies.
        target: Option<Decimal>,
    },
    /// A part at a rate.
    Part {
        /// Which band or row: what chose the rate, in words of the plan.
        label: Label,
        /// The part, minor units (it may be a fraction of one at a band's edge).
        part: Decimal,
        /// The rate.
        rate: Decimal,
    },
    /// A fixed reward and the share of it.
    Reward {
        /// The whole reward.
        amount: i64,
        /// The person's share, parts per million.
        share_ppm: u32,
    },
    /// The reward was forfeited by this fact: the deal is lost.
    Forfeited {
        /// The losing fact.
        sequence: u32,
    },
    /// The one rounding.
    Rounded {
        /// How.
        rounding: Rounding,
        /// The exact amount, minor units.
        exact: Decimal,
        /// The amount.
        amount: i64,
    },
}

/// What chose a rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// The only rate.
    Flat,
    /// The values of the row that matched; empty for the default.
    Row(Vec<(String, String)>),
    /// The number of the band, from 1.
    Band(usize),
}

/// A step in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// What it is.
    pub label: String,
    /// The arithmetic; empty where there is none.
    pub expression: String,
    /// The result as a decimal string of the major unit, or a text.
    pub value: String,
    /// True for the last line, the sum.
    pub is_total: bool,
}

/// Recomputes an amount from its steps alone. `None` where the steps do not make one.
#[must_use]
pub fn recompute(steps: &[Step]) -> Option<i64> {
    let mut exact = Decimal::ZERO;
    let mut credited_of: Option<i64> = None;
    let mut parts = Decimal::ZERO;
    let mut forfeited = false;
    let mut rounded = None;
    for step in steps {
        match step {
            Step::Credited { credited, .. } => credited_of = Some(*credited),
            Step::Position { before, after } if credited_of != Some(after.checked_sub(*before)?) => return None,
            Step::Part { part, rate, .. } => {
                parts = parts.checked_add(*part)?;
                exact = exact.checked_add(part.checked_mul(*rate)?)?;
            }
            Step::Reward { amount, share_ppm } => {
                let share = Decimal::new(i64::from(*share_ppm), 6);
                exact = exact.checked_add(Decimal::from(*amount).checked_mul(share)?)?;
            }
            Step::Forfeited { .. } => forfeited = true,
            Step::Rounded { rounding, .. } => rounded = Some(*rounding),
            Step::Position { .. } | Step::Attainment { .. } => {}
        }
    }
    let has_parts = steps.iter().any(|step| matches!(step, Step::Part { .. }));
    if has_parts && credited_of.is_some_and(|credited| Decimal::from(credited) != parts) {
        return None;
    }
    let amount = rounded?.to_minor(exact)?;
    Some(if forfeited { 0 } else { amount })
}

/// The steps in words, codes as they stand.
#[must_use]
pub fn render(steps: &[Step], currency: Currency, language: Language) -> Vec<Rendered> {
    render_with(steps, currency, language, &Names::default())
}

/// The steps in words, with the company's names for its codes.
#[must_use]
pub fn render_with(steps: &[Step], currency: Currency, language: Language, names: &Names) -> Vec<Rendered> {
    steps.iter().map(|step| rendered(step, currency, language, names)).collect()
}

/// The steps in words in one line, for a cell of a file.
#[must_use]
pub fn one_line(steps: &[Step], currency: Currency, language: Language) -> String {
    let words = render(steps, currency, language).into_iter().map(|step| {
        let expression = if step.expression.is_empty() { String::new() } else { format!("{} = ", step.expression) };
        format!("{}: {expression}{}", step.label, step.value)
    });
    words.collect::<Vec<_>>().join(" | ")
}

fn rendered(step: &Step, currency: Currency, language: Language, names: &Names) -> Rendered {
    let money = |minor: i64| to_decimal(minor, currency).to_string();
    let exact = |minor: Decimal| {
        let major = minor / Decimal::from(10_i64.pow(currency.digits()));
        let normal = major.normalize();
        if normal.scale() < currency.digits() {
            format!("{normal:.*}", currency.digits() as usize)
        } else {
            normal.to_string()
        }
    };
    let percent = |rate: Decimal| format!("{} %", (rate * Decimal::ONE_HUNDRED).normalize());
    let share = |ppm: u32| percent(Decimal::new(i64::from(ppm), 6));
    let line =
        |label: String, expression: String, value: String| Rendered { label, expression, value, is_total: false };
    match step {
        Step::Credited { whole, share_ppm, credited } => line(
            language.pick("归属比例", "Credited share").to_owned(),
            format!("{} × {}", money(*whole), share(*share_ppm)),
            money(*credited),
        ),
        Step::Position { before, after } => line(
            language.pick("计入本期累计", "Cumulated in the period").to_owned(),
            format!("{} → {}", money(*before), money(*after)),
            money(*after),
        ),
        Step::Attainment { metric, value, target } => {
            let metric = metric.get(language);
            let value_text = value.normalize().to_string();
            match target {
                None => line(
                    format!("{metric}{}", language.pick("达成率", " attainment")),
                    language.pick("没有目标，按最低一档", "no target: the lowest band applies").to_owned(),
                    String::new(),
                ),
                Some(target) => {
                    let reached = value.checked_div(*target).unwrap_or_default().round_dp(4);
                    line(
                        format!("{metric}{}", language.pick("达成率", " attainment")),
                        format!("{value_text} ÷ {}", target.normalize()),
                        percent(reached),
                    )
                }
            }
        }
        Step::Part { label, part, rate } => {
            let label = match label {
                Label::Flat => language.pick("提成比例", "Rate").to_owned(),
                Label::Row(values) if values.is_empty() => language.pick("其他", "All others").to_owned(),
                Label::Row(values) => {
                    let words = values.iter().map(|(field, value)| names.of(field, value, language));
                    words.collect::<Vec<_>>().join(" · ")
                }
                Label::Band(number) => match language {
                    Language::Zh => format!("第 {number} 档"),
                    Language::En => format!("Band {number}"),
                },
            };
            line(label, format!("{} × {}", exact(*part), percent(*rate)), exact(*part * *rate))
        }
        Step::Reward { amount, share_ppm } => line(
            language.pick("节点奖励", "Reward").to_owned(),
            format!("{} × {}", money(*amount), share(*share_ppm)),
            exact(Decimal::from(*amount) * Decimal::new(i64::from(*share_ppm), 6)),
        ),
        Step::Forfeited { .. } => line(
            language.pick("商机已输单，奖励作废", "The deal was lost: forfeited").to_owned(),
            String::new(),
            money(0),
        ),
        Step::Rounded { exact: before, amount, .. } => {
            let rounding = if Decimal::from(*amount) == *before {
                String::new()
            } else {
                format!("{} {}", exact(*before), language.pick("四舍五入", "rounded"))
            };
            Rendered {
                label: language.pick("合计", "Total").to_owned(),
                expression: rounding,
                value: money(*amount),
                is_total: true,
            }
        }
    }
}
