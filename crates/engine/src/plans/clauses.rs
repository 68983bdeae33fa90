//! A plan in readable clauses, generated from its structure.

use rust_decimal::Decimal;
use serde::Serialize;

use super::model::*;
use crate::definitions::Definitions;
use crate::facts;
use crate::words::{Locale, chinese, percent, short_amount};

/// One numbered clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// From 1.
    pub number: u32,
    /// What it is about.
    pub title: String,
    /// The sentence.
    pub text: String,
    /// The component it belongs to; none for the frame (who, dates, rounding).
    pub component: Option<String>,
}

/// The clauses of a plan: who and when; then basis and rule of each component; then rounding.
pub fn clauses(plan: &PlanVersion, definitions: &Definitions, locale: Locale) -> Vec<Clause> {
    let mut writer = Writer {
        plan,
        definitions,
        locale,
        clauses: Vec::new(),
    };
    writer.push(
        None,
        locale.pick("适用", "Who and when").to_owned(),
        writer.who(),
    );
    for component in &plan.components {
        if !matches!(component.rule, Rule::StageReward(_)) {
            let title = locale.pick("提成基数", "Basis");
            let title = if plan.components.len() == 1 {
                title.to_owned()
            } else {
                format!("{title} · {}", component.name.get(locale))
            };
            writer.push(Some(component), title, writer.basis(component));
        }
        let (title, text) = writer.rule(component);
        let named = component.name.get(locale) != component.id;
        writer.push(
            Some(component),
            if named {
                component.name.get(locale).to_owned()
            } else {
                title.to_owned()
            },
            text,
        );
    }
    writer.push(
        None,
        locale.pick("取整", "Rounding").to_owned(),
        writer.rounding(),
    );
    writer.clauses
}

struct Writer<'a> {
    plan: &'a PlanVersion,
    definitions: &'a Definitions,
    locale: Locale,
    clauses: Vec<Clause>,
}

impl Writer<'_> {
    fn push(&mut self, component: Option<&Component>, title: String, text: String) {
        let text = self.locale.pick(chinese(&text), text);
        let number = self.clauses.len() as u32 + 1;
        self.clauses.push(Clause {
            number,
            title,
            text,
            component: component.map(|component| component.id.clone()),
        });
    }

    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        self.locale.pick(zh, en)
    }

    fn who(&self) -> String {
        let who = &self.plan.who;
        let people: Vec<&str> = who
            .people
            .iter()
            .map(|label| {
                self.definitions
                    .person_by_label(label)
                    .map_or(label.as_str(), |person| person.name.as_str())
            })
            .collect();
        let between = self.pick("、", ", ");
        let mut parts = Vec::new();
        let group = match (who.teams.is_empty(), who.roles.is_empty()) {
            (true, true) => String::new(),
            (false, true) => self.locale.pick(
                format!("{}的成员", who.teams.join(between)),
                format!("members of {}", who.teams.join(between)),
            ),
            (true, false) => self.locale.pick(
                format!("角色为 {} 的成员", who.roles.join(between)),
                format!("people with the role {}", who.roles.join(between)),
            ),
            (false, false) => self.locale.pick(
                format!(
                    "{}中角色为 {} 的成员",
                    who.teams.join(between),
                    who.roles.join(between)
                ),
                format!(
                    "people with the role {} in {}",
                    who.roles.join(between),
                    who.teams.join(between)
                ),
            ),
        };
        if !group.is_empty() {
            parts.push(group);
        }
        match people.len() {
            0 => {}
            1..=5 => parts.push(people.join(between)),
            count => parts.push(self.locale.pick(
                format!("{}等 {count} 人", people[..3].join(between)),
                format!("{} and {} others", people[..3].join(between), count - 3),
            )),
        }
        let who = if parts.is_empty() {
            self.pick("全体成员", "everybody").to_owned()
        } else {
            parts.join(self.pick(",以及", ", and "))
        };
        let from = self.plan.from;
        let until = self.plan.to.map_or_else(String::new, |to| {
            self.locale
                .pick(format!("至 {to} 止"), format!(" until {to}"))
        });
        let period = self.period_name();
        self.locale.pick(
            format!(
                "{who},自 {from} 起{until},按自然{period}计算,以 {} 计。",
                self.plan.currency
            ),
            format!(
                "{}, from {from}{until}, per {period}, in {}.",
                capital(&who),
                self.plan.currency
            ),
        )
    }

    fn period_name(&self) -> &'static str {
        match self.plan.period {
            PlanPeriod::Month => self.locale.pick("月", "month"),
            PlanPeriod::Quarter => self.locale.pick("季度", "quarter"),
            PlanPeriod::Year => self.locale.pick("年", "year"),
        }
    }

    fn metric_name(&self, code: &str) -> Option<&str> {
        let versions = self
            .definitions
            .metrics
            .iter()
            .filter(|metric| metric.code == code);
        versions
            .max_by_key(|metric| metric.version)
            .map(|metric| metric.name.get(self.locale))
    }

    fn basis(&self, component: &Component) -> String {
        let measure = match component.measure {
            PlanMeasure::Amount => ("金额", "amount"),
            PlanMeasure::AmountExclTax => ("金额(不含税)", "amount excluding tax"),
            PlanMeasure::Margin => ("毛利", "margin"),
            PlanMeasure::Quantity => ("数量", "quantity"),
        };
        let measure = self.pick(measure.0, measure.1);
        let what = match (
            facts::standard(&component.basis),
            self.metric_name(&component.basis),
        ) {
            (Some(kind), _) => self.locale.pick(
                format!("业绩生效的{}{measure}", kind.zh),
                format!("{measure} of recognised facts: {}", kind.en),
            ),
            (None, Some(metric)) => self
                .locale
                .pick(format!("指标“{metric}”"), format!("the metric {metric}")),
            (None, None) => self.locale.pick(
                format!("业绩生效的 {} {measure}", component.basis),
                format!("{measure} of recognised facts: {}", component.basis),
            ),
        };
        let refunds = if component.basis == facts::PAYMENT_RECEIVED {
            self.pick(",退款从中扣除", ", less refunds")
        } else {
            ""
        };
        let only = component.condition.render(self.locale);
        let only = if only.is_empty() {
            only
        } else {
            self.locale
                .pick(format!(",仅限{only}"), format!(", only {only}"))
        };
        let owner = component.roles.len() == 1 && component.roles[0] == facts::ROLE_OWNER;
        let roles: Vec<String> = component.roles.iter().map(|role| self.role(role)).collect();
        let share = if owner {
            self.pick(" × 归属比例", " x share").to_owned()
        } else {
            self.locale.pick(
                format!(" × 归属比例({})", roles.join("、")),
                format!(" x share ({})", roles.join(", ")),
            )
        };
        self.locale.pick(
            format!("{what}{share}{refunds}{only}。"),
            format!("{}{share}{refunds}{only}.", capital(&what)),
        )
    }

    fn role(&self, role: &str) -> String {
        crate::conditions::value_label(&crate::conditions::Field::Role, role, self.locale)
    }

    /// A rate: a percentage of money, or an amount for each unit.
    fn rate(&self, component: &Component, rate: Decimal) -> String {
        let per_unit = component.measure == PlanMeasure::Quantity;
        if !per_unit {
            return percent(rate, self.locale);
        }
        let amount = self.money(rate);
        self.locale
            .pick(format!("每单位 {amount}"), format!("{amount} per unit"))
    }

    fn money(&self, amount: Decimal) -> String {
        let figure = crate::words::figure(amount);
        match self.plan.currency.code() {
            "CNY" => format!("¥{figure}"),
            code => format!("{code} {figure}"),
        }
    }

    /// An amount of money as a limit: `20 万元`.
    fn limit(&self, amount: Decimal) -> String {
        let figure = short_amount(amount, self.locale);
        match (self.locale, self.plan.currency.code()) {
            (Locale::Zh, "CNY") if figure.ends_with('万') => format!("{figure}元"),
            (Locale::Zh, "CNY") => format!("{figure} 元"),
            (_, code) => format!("{figure} {code}"),
        }
    }

    fn rule(&self, component: &Component) -> (&'static str, String) {
        let locale = self.locale;
        match &component.rule {
            Rule::Rate(rate) => {
                let rate = self.rate(component, *rate);
                (
                    locale.pick("固定比例", "Flat rate"),
                    locale.pick(
                        format!("提成比例 {rate}。"),
                        format!("{rate} of the basis."),
                    ),
                )
            }
            Rule::Lookup { rows, default } => (
                locale.pick("按条件取比例", "Rates by condition"),
                self.lookup(component, rows, *default),
            ),
            Rule::Tiers(tiers) => {
                let title = match tiers.mode {
                    TierMode::Marginal => locale.pick("超额累进", "Marginal tiers"),
                    TierMode::Whole => locale.pick("全额累进", "Whole-amount tiers"),
                };
                (title, self.tiers(component, tiers))
            }
            Rule::RoleRates(rates) => {
                let parts: Vec<String> = rates
                    .iter()
                    .map(|(role, rate)| {
                        format!("{} {}", self.role(role), self.rate(component, *rate))
                    })
                    .collect();
                (
                    locale.pick("按归属角色", "Rates by role"),
                    format!(
                        "{}{}",
                        parts.join(self.pick(",", ", ")),
                        self.pick("。", ".")
                    ),
                )
            }
            Rule::StageReward(reward) => (
                locale.pick("节点奖励", "Stage reward"),
                self.stage(component, reward),
            ),
        }
    }

    fn lookup(
        &self,
        component: &Component,
        rows: &[LookupRow],
        default: Option<Decimal>,
    ) -> String {
        let mut parts: Vec<String> = rows
            .iter()
            .map(|row| {
                format!(
                    "{} {}",
                    row.when.render(self.locale),
                    self.rate(component, row.rate)
                )
            })
            .collect();
        parts.push(match default {
            Some(rate) => format!(
                "{} {}",
                self.pick("其余", "everything else"),
                self.rate(component, rate)
            ),
            None => self.pick("其余不计", "nothing else counts").to_owned(),
        });
        let listed = parts.join(self.pick(";", "; "));
        let several = if rows.len() > 1 {
            self.pick(
                "同时符合多条时,条件最具体的一条优先。",
                " Where several apply, the most specific one wins.",
            )
        } else {
            ""
        };
        self.locale.pick(
            format!("{listed}。{several}"),
            format!("{}.{several}", capital(&listed)),
        )
    }

    /// One band in words.
    fn band(&self, component: &Component, tiers: &Tiers, at: usize) -> String {
        let by_amount = tiers.axis == Axis::Amount;
        let limit = |value: Decimal| match (by_amount, component.measure) {
            (false, _) => percent(value, self.locale),
            (true, PlanMeasure::Quantity) => crate::words::figure(value),
            (true, _) => self.limit(value),
        };
        let band = &tiers.bands[at];
        let rate = self.rate(component, band.rate);
        let Some(next) = tiers.bands.get(at + 1).map(|next| limit(next.from)) else {
            if at == 0 {
                return rate;
            }
            let word = match tiers.mode {
                TierMode::Marginal => self.pick("超过", "above"),
                TierMode::Whole => self.pick("达到", "from"),
            };
            let from = limit(band.from);
            return self.locale.pick(
                format!("{word} {from} {rate}"),
                format!("{rate} {word} {from}"),
            );
        };
        if at == 0 {
            return self
                .locale
                .pick(format!("{next}以内 {rate}"), format!("{rate} up to {next}"));
        }
        let from = limit(band.from);
        let from = if by_amount {
            from.trim_end_matches('元').trim_end()
        } else {
            from.as_str()
        };
        self.locale.pick(
            format!("{from}至 {next} {rate}"),
            format!("{rate} from {from} to {next}"),
        )
    }

    fn tiers(&self, component: &Component, tiers: &Tiers) -> String {
        let current = match self.plan.period {
            PlanPeriod::Month => self.locale.pick("当月", "the month"),
            PlanPeriod::Quarter => self.locale.pick("当季", "the quarter"),
            PlanPeriod::Year => self.locale.pick("当年", "the year"),
        };
        let attainment = match &tiers.axis {
            Axis::Amount => None,
            Axis::Attainment(metric) => Some(self.metric_name(metric).unwrap_or(metric).to_owned()),
        };
        let parts: Vec<String> = (0..tiers.bands.len())
            .map(|at| self.band(component, tiers, at))
            .collect();
        let listed = parts.join(self.pick(",", ", "));
        let intro = match &attainment {
            Some(metric) => self.locale.pick(
                format!("按{current}“{metric}”达成率"),
                format!("By the attainment of {metric} in {current}"),
            ),
            None => self.locale.pick(
                format!("按{current}累计"),
                format!("Cumulated over {current}"),
            ),
        };
        let mode = match tiers.mode {
            TierMode::Marginal => self.pick(
                "先生效的先累计。",
                " What is recognised first is cumulated first.",
            ),
            TierMode::Whole => self.pick(
                "达到后,全部基数按该档比例计。",
                " The rate reached applies to everything.",
            ),
        };
        let target = if attainment.is_some() {
            self.pick(
                "没有目标时按最低一档。",
                " Without a target the lowest tier applies.",
            )
        } else {
            ""
        };
        self.locale.pick(
            format!("{intro}:{listed}。{mode}{target}"),
            format!("{intro}: {listed}.{mode}{target}"),
        )
    }

    fn stage(&self, component: &Component, reward: &StageReward) -> String {
        let amount = self.money(reward.amount);
        let pipeline = reward.pipeline.as_ref().map_or_else(String::new, |name| {
            self.locale
                .pick(format!("(流程“{name}”)"), format!(" ({name})"))
        });
        let only = component.condition.render(self.locale);
        let only = if only.is_empty() {
            only
        } else {
            self.locale
                .pick(format!(",仅限{only}"), format!(", only {only}"))
        };
        let lost = match reward.if_lost {
            IfLost::Keep => self.pick("输单后保留。", " It stays when the deal is lost."),
            IfLost::Forfeit => self.pick(
                "商机输单时作废。",
                " It is forfeited when the deal is lost.",
            ),
        };
        self.locale.pick(
            format!("商机进入“{}”{pipeline},每单 {amount}{only}。同一商机只奖励一次,多人按归属比例分。{lost}", reward.stage),
            format!("{amount} when a deal enters {}{pipeline}{only}; once per deal, shared by credit.{lost}", reward.stage),
        )
    }

    fn rounding(&self) -> String {
        use crate::rounding::Rounding;
        let words = match self.plan.rounding {
            Rounding::HalfUp => ("四舍五入", "half up"),
            Rounding::Down => ("舍去尾数", "down"),
            Rounding::Up => ("进位", "up"),
        };
        let digits = self.plan.currency.digits();
        self.locale.pick(
            format!("每条明细{}到 {digits} 位小数,金额均为税前。", words.0),
            format!(
                "Each line is rounded {} to {digits} decimals; all amounts are before tax.",
                words.1
            ),
        )
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
