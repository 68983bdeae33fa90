//! Explanations in words, like the arithmetic of the *why* drawer.

use rust_decimal::Decimal;
use serde::Serialize;

use super::{Explanation, Step};
use crate::money::{Currency, format_grouped, group_thousands};
use crate::words::{Locale, chinese, figure, percent};

/// A line of arithmetic: a label, how it is calculated, what comes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RenderedStep {
    /// What it is.
    pub label: String,
    /// How it is calculated; may be empty.
    pub expression: String,
    /// What comes out; may be empty.
    pub value: String,
}

impl Explanation {
    /// The steps in words. Amounts are shown in the currency of the rounding step, at its digits.
    pub fn render(&self, locale: Locale) -> Vec<RenderedStep> {
        let currency = self.steps.iter().rev().find_map(|step| match step {
            Step::Round { currency, .. } => Some(*currency),
            _ => None,
        });
        let mut renderer = Renderer {
            locale,
            currency: currency.unwrap_or(Currency::CNY),
            quantity: false,
            basis: Decimal::ZERO,
            out: Vec::new(),
        };
        for step in &self.steps {
            renderer.step(step);
        }
        renderer.out
    }
}

struct Renderer {
    locale: Locale,
    currency: Currency,
    /// Whether the basis is a quantity: rates are then amounts per unit.
    quantity: bool,
    basis: Decimal,
    out: Vec<RenderedStep>,
}

impl Renderer {
    fn push(
        &mut self,
        label: impl Into<String>,
        expression: impl Into<String>,
        value: impl Into<String>,
    ) {
        let label = label.into();
        let label = self.locale.pick(chinese(&label), label);
        self.out.push(RenderedStep {
            label,
            expression: expression.into(),
            value: value.into(),
        });
    }

    /// Minor units as money, exact: more digits only where there are any.
    fn money(&self, minor: Decimal) -> String {
        let major = minor
            .checked_div(Decimal::from(self.currency.factor()))
            .unwrap_or_default()
            .normalize();
        let digits = major.scale().max(self.currency.digits()) as usize;
        group_thousands(&format!("{major:.digits$}"))
    }

    /// A basis: money, or units.
    fn amount(&self, minor: Decimal) -> String {
        if self.quantity {
            return figure(
                minor
                    .checked_div(Decimal::from(self.currency.factor()))
                    .unwrap_or_default(),
            );
        }
        self.money(minor)
    }

    /// Whole money without decimals, as cumulated positions are read.
    fn position(&self, minor: Decimal) -> String {
        figure(
            minor
                .checked_div(Decimal::from(self.currency.factor()))
                .unwrap_or_default(),
        )
    }

    fn rate(&self, rate: Decimal) -> String {
        if self.quantity {
            figure(rate)
        } else {
            percent(rate, self.locale)
        }
    }

    fn ratio(&self, ratio: Option<Decimal>) -> String {
        ratio.map_or_else(
            || "—".to_owned(),
            |ratio| percent(ratio.round_dp(4), self.locale),
        )
    }

    fn step(&mut self, step: &Step) {
        let locale = self.locale;
        match step {
            Step::Fact {
                kind,
                date,
                measure,
                whole,
                currency,
                ..
            } => self.fact(kind, &date.to_string(), measure, *whole, *currency),
            Step::Share {
                shares_ppm,
                index,
                output,
                ..
            } => {
                let share = shares_ppm.get(*index as usize).copied().unwrap_or(0);
                let ratio = percent(Decimal::new(i64::from(share), 6), locale);
                self.push(
                    locale.pick(format!("归属比例 {ratio}"), format!("share {ratio}")),
                    "",
                    self.shared(*output),
                );
            }
            Step::Convert {
                from,
                to,
                rate,
                output,
                ..
            } => {
                let rate = rate.normalize();
                self.push(
                    locale.pick("按汇率折算", "converted"),
                    format!("{from} × {rate}"),
                    format!("{} {to}", format_grouped(*output, *to)),
                );
            }
            Step::Units { output, .. } => {
                self.quantity = true;
                self.basis = *output;
                self.push(locale.pick("数量", "quantity"), "", self.position(*output));
            }
            Step::MetricValue {
                clause,
                value,
                output,
                ..
            } => {
                self.quantity = true;
                self.basis = *output;
                self.push(clause_name(clause), "", figure(*value));
            }
            other => self.rating(other),
        }
        // What the next step multiplies.
        match step {
            Step::Fact { whole, .. } => self.basis = Decimal::from(*whole),
            Step::Share { output, .. } | Step::Convert { output, .. } => {
                self.basis = Decimal::from(*output)
            }
            _ => {}
        }
    }

    /// Steps from the basis to the amount.
    fn rating(&mut self, step: &Step) {
        let locale = self.locale;
        match step {
            Step::Attainment {
                value,
                target,
                attainment,
                ..
            } => {
                let value = value.map_or_else(|| "—".to_owned(), figure);
                self.push(
                    locale.pick("达成率", "attainment"),
                    format!("{value} ÷ {}", figure(*target)),
                    self.ratio(*attainment),
                );
            }
            Step::NoTarget { period, .. } => {
                let label = locale.pick(
                    format!("{period} 没有目标,按最低一档"),
                    format!("no target for {period}: the lowest tier applies"),
                );
                self.push(label, "", "");
            }
            Step::Cumulate {
                before,
                after,
                period,
            } => {
                let label = locale.pick(
                    format!("计入 {period} 累计"),
                    format!("cumulated in {period}"),
                );
                self.push(
                    label,
                    "",
                    format!("{} → {}", self.position(*before), self.position(*after)),
                );
            }
            Step::Bands { slices, .. } => self.bands(slices),
            Step::Rate { rate, .. } => {
                let product = crate::rounding::multiply(self.basis, *rate);
                let expression = format!("{} × {}", self.amount(self.basis), self.rate(*rate));
                self.push(
                    locale.pick("提成比例", "rate"),
                    expression,
                    self.money(product),
                );
            }
            other => self.outcome(other),
        }
    }

    /// Fixed amounts, and what became of the line.
    fn outcome(&mut self, step: &Step) {
        let locale = self.locale;
        match step {
            Step::Fixed { stage, amount, .. } => {
                self.basis = Decimal::from(*amount);
                let label = locale.pick(format!("进入“{stage}”"), format!("entered {stage}"));
                self.push(label, "", format_grouped(*amount, self.currency));
            }
            Step::Round {
                output, currency, ..
            } => {
                self.push(
                    locale.pick("合计", "total"),
                    "",
                    format_grouped(*output, *currency),
                );
            }
            Step::Pending => self.push(
                locale.pick(
                    "待生效,排在已生效之后计算",
                    "not yet recognised: rated after what is",
                ),
                "",
                "",
            ),
            Step::Forfeited { date, .. } => {
                let label = locale.pick(
                    format!("{date} 输单,作废"),
                    format!("lost on {date}: forfeited"),
                );
                self.push(label, "", format_grouped(0, self.currency));
            }
            _ => {}
        }
    }

    fn fact(&mut self, kind: &str, date: &str, measure: &str, whole: i64, currency: Currency) {
        let names = crate::facts::standard(kind).map_or((kind, kind), |kind| (kind.zh, kind.en));
        let name = self.locale.pick(names.0, names.1);
        let measure_name = match measure {
            "amount_excl_tax" => self.locale.pick("金额(不含税)", "amount excluding tax"),
            "margin" => self.locale.pick("毛利", "margin"),
            "quantity" => self.locale.pick("数量", "quantity"),
            _ => self.locale.pick("金额", "amount"),
        };
        let label = self.locale.pick(
            format!("{date} {name}{measure_name}"),
            format!("{date} {name}: {measure_name}"),
        );
        self.quantity = measure == "quantity";
        let value = if self.quantity {
            figure(Decimal::new(whole, 6))
        } else {
            format_grouped(whole, currency)
        };
        self.push(label, "", value);
    }

    fn shared(&self, output: i64) -> String {
        if self.quantity {
            figure(Decimal::new(output, 6))
        } else {
            format_grouped(output, self.currency)
        }
    }

    fn bands(&mut self, slices: &[super::Slice]) {
        for slice in slices {
            let number = slice.band as usize + 1;
            let label = self.locale.pick(
                format!("第{}档", chinese_number(number)),
                format!("band {number}"),
            );
            let product = crate::rounding::multiply(slice.part, slice.rate);
            let expression = format!("{} × {}", self.amount(slice.part), self.rate(slice.rate));
            self.push(label, expression, self.money(product));
        }
    }
}

fn clause_name(clause: &super::Clause) -> String {
    match clause {
        super::Clause::Metric { metric, .. } => metric.clone(),
        super::Clause::Plan { component, .. } => component.clone(),
    }
}

/// 一 to 十, figures beyond.
fn chinese_number(number: usize) -> String {
    let names = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    names
        .get(number.wrapping_sub(1))
        .map_or_else(|| format!(" {number} "), |name| (*name).to_owned())
}
