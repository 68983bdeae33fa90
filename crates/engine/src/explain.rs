//! Why: an explanation is data. It can be put into words, and recomputed.

use crate::exact::Exact;
use crate::money::{Currency, format_minor};
use crate::names::Names;
use crate::rounding::Rounding;
use crate::text::{Language, Text};

/// A step from a fact, or a period, to an amount. Numbers are major units, or counts, unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The figure of the whole fact and the part of it that is credited.
    Credited {
        /// The whole fact's figure.
        whole: Exact,
        /// The person's share, parts per million.
        share_ppm: u32,
        /// The credited part.
        credited: Exact,
    },
    /// What of the credited part is rated: after the component's steps, or the share that is taken back.
    Valued {
        /// Before.
        before: Exact,
        /// After.
        value: Exact,
    },
    /// The sum of a period's facts.
    Summed {
        /// How many.
        facts: usize,
        /// Their sum.
        value: Exact,
    },
    /// Where the part lies in what is cumulated.
    Position {
        /// Before the fact.
        before: Exact,
        /// After it.
        after: Exact,
    },
    /// The payee's attainment that chose the band.
    Attainment {
        /// The metric's name.
        metric: Text,
        /// The value, major units or count.
        value: Exact,
        /// The target; none where there is none, and the lowest band applies.
        target: Option<Exact>,
    },
    /// A figure that a formula of the plan gave.
    Figure {
        /// The formula.
        formula: String,
        /// Its value; none where it is missing.
        value: Option<Exact>,
    },
    /// A part at a rate.
    Part {
        /// Which band or row: what chose the rate, in words of the plan.
        label: Label,
        /// The part (it may be a fraction of a minor unit at a band's edge).
        part: Exact,
        /// The rate.
        rate: Exact,
    },
    /// A part of the rate that the plan rounds by itself: what the parts since the last such step come to.
    Subtotal {
        /// How.
        rounding: Rounding,
        /// Minor units.
        amount: i64,
    },
    /// A fixed amount and the share of it.
    Reward {
        /// The whole reward.
        amount: Exact,
        /// The person's share; negative for a reversal.
        share: Exact,
    },
    /// An amount for the period.
    Amount {
        /// The amount.
        amount: Exact,
    },
    /// A factor on what was earned so far.
    Factor {
        /// Why.
        why: Factor,
        /// The factor.
        times: Exact,
    },
    /// A limit of the line, by magnitude.
    LineCap {
        /// The limit.
        cap: Exact,
        /// The share of what lies above that is paid all the same.
        above: Exact,
    },
    /// The reward was forfeited by this fact: the deal is lost.
    Forfeited {
        /// The losing fact.
        sequence: u32,
    },
    /// A limit of the period: what was there, the limit, and the share of what lies above that is paid all the same.
    PeriodCap {
        /// Minor units before.
        sum: i64,
        /// The limit.
        cap: Exact,
        /// The share of what lies above.
        above: Exact,
    },
    /// A limit of the year.
    YearCap {
        /// Minor units of the period before.
        sum: i64,
        /// Minor units of the year's earlier periods.
        earlier: i64,
        /// The limit.
        cap: Exact,
        /// The share of what lies above.
        above: Exact,
    },
    /// What is missing to a least amount.
    Least {
        /// Why.
        why: Least,
        /// Minor units that are there.
        sum: i64,
        /// The least.
        least: Exact,
    },
    /// A share of a larger amount, by weight: the parts sum to the whole.
    ShareOf {
        /// Minor units of the whole.
        whole: i64,
        /// The own weight.
        weight: Exact,
        /// The weight of all.
        all: Exact,
        /// Minor units of the share.
        share: i64,
    },
    /// What a person earned, on which an override is paid.
    EarnedBy {
        /// Whose, the key.
        person: String,
        /// Minor units.
        earned: i64,
    },
    /// A place in a ranking.
    Place {
        /// From 1.
        place: usize,
        /// How many share the place.
        tied: usize,
        /// The figure.
        figure: Exact,
    },
    /// What was there before it was reduced to the amount.
    Reduced {
        /// Minor units before.
        before: i64,
    },
    /// The one rounding.
    Rounded {
        /// How.
        rounding: Rounding,
        /// The exact amount, minor units.
        exact: Exact,
        /// The amount, minor units.
        amount: i64,
    },
}

/// Why there is a factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Factor {
    /// The gate is closed.
    Gate(String),
    /// A multiplier of the plan.
    Multiplier(String),
    /// The days there.
    Proration,
    /// The days of the version.
    Version,
}

/// Why there is a least amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Least {
    /// The component's floor.
    Floor,
    /// 保底.
    Guarantee,
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
    /// A point on a curve.
    Curve,
    /// The rate of the contract's signing.
    Signing,
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

/// Recomputes an amount from its steps alone, minor units of a currency with so many digits. `None` where the steps do
/// not make one.
#[must_use]
pub fn recompute(steps: &[Step], digits: u32) -> Option<i64> {
    let to_minor = i32::try_from(digits).ok()?;
    // What is complete, the parts since then, and what the parts are of.
    let (mut done, mut open) = (Exact::ZERO, Exact::ZERO);
    let mut value: Option<Exact> = None;
    let mut forfeited = false;
    for step in steps {
        match step {
            Step::Credited { credited, .. } => value = Some(credited.clone()),
            Step::Valued { before, value: after } => {
                if value.as_ref() != Some(before) {
                    return None;
                }
                value = Some(after.clone());
            }
            Step::Summed { value: sum, .. } => value = Some(sum.clone()),
            Step::Part { part, rate, .. } => open = open.plus(&part.times(rate)?)?,
            Step::Subtotal { rounding, amount } => {
                if open.scaled(to_minor)?.to_minor(*rounding)? != *amount {
                    return None;
                }
                done = done.plus(&Exact::minor(*amount, digits))?;
                open = Exact::ZERO;
            }
            Step::Reward { amount, share } => open = open.plus(&amount.times(share)?)?,
            Step::Amount { amount } => open = open.plus(amount)?,
            Step::Factor { times, .. } => {
                done = done.plus(&open)?.times(times)?;
                open = Exact::ZERO;
            }
            Step::LineCap { cap, above } => {
                done = line_cap(&done.plus(&open)?, cap, above)?;
                open = Exact::ZERO;
            }
            Step::Forfeited { .. } => forfeited = true,
            Step::PeriodCap { sum, cap, above } => {
                let all = Exact::minor(*sum, digits);
                done = capped(&all, cap, above)?.minus(&all)?;
            }
            Step::YearCap { sum, earlier, cap, above } => {
                let (own, before) = (Exact::minor(*sum, digits), Exact::minor(*earlier, digits));
                let left = cap.minus(&before)?.max(Exact::ZERO);
                done = capped(&own, &left, above)?.minus(&own)?;
            }
            Step::Least { sum, least, .. } => done = least.minus(&Exact::minor(*sum, digits))?,
            Step::ShareOf { share, .. } => done = Exact::minor(*share, digits),
            Step::Reduced { before } => done = done.minus(&Exact::minor(*before, digits))?,
            Step::EarnedBy { earned, .. } => value = Some(Exact::minor(*earned, digits)),
            Step::Rounded { rounding, .. } => {
                let amount = done.plus(&open)?.scaled(to_minor)?.to_minor(*rounding)?;
                return Some(if forfeited { 0 } else { amount });
            }
            Step::Position { .. } | Step::Attainment { .. } | Step::Figure { .. } | Step::Place { .. } => {}
        }
    }
    None
}

/// An amount limited by magnitude.
pub(crate) fn line_cap(exact: &Exact, cap: &Exact, above: &Exact) -> Option<Exact> {
    let limited = capped(&exact.magnitude(), cap, above)?;
    Some(if exact.signum() < 0 { limited.negated() } else { limited })
}

/// An amount limited from above.
pub(crate) fn capped(exact: &Exact, cap: &Exact, above: &Exact) -> Option<Exact> {
    if exact <= cap {
        return Some(exact.clone());
    }
    cap.plus(&exact.minus(cap)?.times(above)?)
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
    let words = Words { currency, language, names };
    words.of(step)
}

struct Words<'a> {
    currency: Currency,
    language: Language,
    names: &'a Names,
}

impl Words<'_> {
    fn minor(&self, minor: i64) -> String {
        format_minor(minor, self.currency)
    }

    /// A number with the currency's digits at least, eight at most.
    fn number(&self, number: &Exact) -> String {
        match number.to_decimal(8) {
            Some(decimal) if decimal.scale() < self.currency.digits() => {
                format!("{decimal:.*}", self.currency.digits() as usize)
            }
            Some(decimal) => decimal.to_string(),
            None => number.to_string(),
        }
    }

    fn percent(&self, rate: &Exact) -> String {
        match rate.scaled(2) {
            Some(percent) => format!("{percent} %"),
            None => rate.to_string(),
        }
    }

    fn pick(&self, zh: &'static str, en: &'static str) -> String {
        self.language.pick(zh, en).to_owned()
    }

    fn line(label: String, expression: String, value: String) -> Rendered {
        Rendered { label, expression, value, is_total: false }
    }

    fn of(&self, step: &Step) -> Rendered {
        match step {
            Step::Credited { whole, share_ppm, credited } => {
                let share = self.percent(&Exact::minor(i64::from(*share_ppm), 6));
                let expression = format!("{} × {share}", self.number(whole));
                Self::line(self.pick("归属比例", "Credited share"), expression, self.number(credited))
            }
            Step::Valued { before, value } => {
                let expression = format!("{} → {}", self.number(before), self.number(value));
                Self::line(self.pick("计提基数", "Basis"), expression, self.number(value))
            }
            Step::Summed { facts, value } => {
                let expression = match self.language {
                    Language::Zh => format!("{facts} 条流水合计"),
                    Language::En => format!("{facts} facts"),
                };
                Self::line(self.pick("本期合计", "Sum of the period"), expression, self.number(value))
            }
            Step::Position { before, after } => {
                let expression = format!("{} → {}", self.number(before), self.number(after));
                Self::line(self.pick("计入本期累计", "Cumulated in the period"), expression, self.number(after))
            }
            Step::Attainment { metric, value, target } => self.attainment(metric, value, target.as_ref()),
            Step::Figure { formula, value } => {
                let value = value.as_ref().map_or_else(|| self.pick("无", "none"), Exact::to_string);
                Self::line(formula.clone(), String::new(), value)
            }
            Step::Part { label, part, rate } => {
                let product = part.times(rate).map_or_else(String::new, |product| self.number(&product));
                let expression = format!("{} × {}", self.number(part), self.percent(rate));
                Self::line(self.label(label), expression, product)
            }
            Step::Subtotal { amount, .. } => {
                Self::line(self.pick("小计（取整）", "Subtotal, rounded"), String::new(), self.minor(*amount))
            }
            Step::Reward { amount, share } => {
                let product = amount.times(share).map_or_else(String::new, |product| self.number(&product));
                let expression = format!("{} × {}", self.number(amount), self.percent(share));
                Self::line(self.pick("节点奖励", "Reward"), expression, product)
            }
            Step::Amount { amount } => {
                Self::line(self.pick("本期金额", "Amount of the period"), String::new(), self.number(amount))
            }
            Step::Factor { why, times } => self.factor(why, times),
            Step::Forfeited { .. } => Self::line(
                self.pick("商机已输单，奖励作废", "The deal was lost: forfeited"),
                String::new(),
                self.minor(0),
            ),
            Step::LineCap { .. } | Step::PeriodCap { .. } | Step::YearCap { .. } | Step::Least { .. } => {
                self.limit(step)
            }
            Step::ShareOf { .. } | Step::EarnedBy { .. } | Step::Place { .. } | Step::Reduced { .. } => {
                self.share(step)
            }
            Step::Rounded { exact, amount, .. } => {
                let before = exact.scaled(-i32::try_from(self.currency.digits()).unwrap_or(2));
                let expression = match before {
                    Some(before) if *exact != Exact::from(*amount) => {
                        format!("{} {}", self.number(&before), self.language.pick("四舍五入", "rounded"))
                    }
                    _ => String::new(),
                };
                let label = self.pick("合计", "Total");
                Rendered { label, expression, value: self.minor(*amount), is_total: true }
            }
        }
    }

    fn attainment(&self, metric: &Text, value: &Exact, target: Option<&Exact>) -> Rendered {
        let label = format!("{}{}", metric.get(self.language), self.language.pick("达成率", " attainment"));
        let Some(target) = target else {
            return Self::line(
                label,
                self.pick("没有目标，按最低一档", "no target: the lowest band applies"),
                String::new(),
            );
        };
        let reached = value.over(target).and_then(|reached| reached.to_decimal(4)).map(Exact::of_decimal);
        let reached = reached.map_or_else(String::new, |reached| self.percent(&reached));
        Self::line(label, format!("{value} ÷ {target}"), reached)
    }

    fn label(&self, label: &Label) -> String {
        match label {
            Label::Flat => self.pick("提成比例", "Rate"),
            Label::Curve => self.pick("插值比例", "Rate on the curve"),
            Label::Signing => self.pick("签约时的比例", "Rate of the signing"),
            Label::Row(values) if values.is_empty() => self.pick("其他", "All others"),
            Label::Row(values) => {
                let words = values.iter().map(|(field, value)| self.names.of(field, value, self.language));
                words.collect::<Vec<_>>().join(" · ")
            }
            Label::Band(number) => match self.language {
                Language::Zh => format!("第 {number} 档"),
                Language::En => format!("Band {number}"),
            },
        }
    }

    fn factor(&self, why: &Factor, times: &Exact) -> Rendered {
        let (label, expression) = match why {
            Factor::Gate(formula) => (self.pick("门槛未达到", "The gate is not met"), formula.clone()),
            Factor::Multiplier(formula) => (self.pick("系数", "Multiplier"), formula.clone()),
            Factor::Proration => (self.pick("按天折算", "By the days there"), String::new()),
            Factor::Version => (self.pick("方案版本的天数", "By the days of the version"), String::new()),
        };
        Self::line(label, expression, format!("× {times}"))
    }

    fn limit(&self, step: &Step) -> Rendered {
        let above = |above: &Exact| {
            if above.is_zero() {
                return String::new();
            }
            format!(" {} {}", self.language.pick("超出部分按", "and of the rest"), self.percent(above))
        };
        match step {
            Step::LineCap { cap, above: rest } => {
                let expression = format!("≤ {}{}", self.number(cap), above(rest));
                Self::line(self.pick("单笔封顶", "Cap of a line"), expression, String::new())
            }
            Step::PeriodCap { sum, cap, above: rest } => {
                let expression = format!("{} ≤ {}{}", self.minor(*sum), self.number(cap), above(rest));
                Self::line(self.pick("本期封顶", "Cap of the period"), expression, String::new())
            }
            Step::YearCap { sum, earlier, cap, above: rest } => {
                let expression =
                    format!("{} + {} ≤ {}{}", self.minor(*earlier), self.minor(*sum), self.number(cap), above(rest));
                Self::line(self.pick("年度封顶", "Cap of the year"), expression, String::new())
            }
            Step::Least { why, sum, least } => {
                let label = match why {
                    Least::Floor => self.pick("保底下限", "Floor"),
                    Least::Guarantee => self.pick("保底", "Guarantee"),
                };
                Self::line(label, format!("{} − {}", self.number(least), self.minor(*sum)), String::new())
            }
            _ => Self::line(String::new(), String::new(), String::new()),
        }
    }

    fn share(&self, step: &Step) -> Rendered {
        match step {
            Step::ShareOf { whole, weight, all, share } => {
                let expression = format!("{} × {weight} ÷ {all}", self.minor(*whole));
                Self::line(self.pick("分配份额", "Share"), expression, self.minor(*share))
            }
            Step::EarnedBy { person, earned } => {
                Self::line(self.pick("下级提成", "Earned by"), person.clone(), self.minor(*earned))
            }
            Step::Place { place, tied, figure } => {
                let expression = match (self.language, tied) {
                    (Language::Zh, 0 | 1) => format!("第 {place} 名"),
                    (Language::Zh, tied) => format!("第 {place} 名，{tied} 人并列"),
                    (Language::En, 0 | 1) => format!("place {place}"),
                    (Language::En, tied) => format!("place {place}, {tied} tied"),
                };
                Self::line(self.pick("排名", "Rank"), expression, figure.to_string())
            }
            Step::Reduced { before } => {
                Self::line(self.pick("缩减前", "Before the reduction"), String::new(), self.minor(*before))
            }
            _ => Self::line(String::new(), String::new(), String::new()),
        }
    }
}
