//! Why: the reason of a line of pay, of a sum of lines, and of the way to the next tier.

use std::collections::BTreeMap;

use qiao_engine::dates::Period;
use qiao_engine::explain::{Step, render_with};
use qiao_engine::metrics::Cut;
use qiao_engine::pay::{Line, TierProgress};
use qiao_engine::plans::{Axis, Clause, Component, PlanVersion, Rate, Tiers, clauses};
use qiao_engine::{Language, Names, Snapshot};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::status_word;
use crate::context::Context;
use crate::error::AppError;
use crate::facts::{Named, named};
use crate::figures::{ArithmeticLine, Figure, FigureUnit, ListOf, Rule, Why, rounded_share};
use crate::metrics;
use crate::state::AppState;

/// The plan version of a line.
pub fn version_of<'a>(snapshot: &'a Snapshot, plan: &str, version: u32) -> Option<&'a PlanVersion> {
    snapshot.definitions.plans.iter().find(|v| v.plan.id == plan && v.version == version)
}

/// The component of a line.
pub fn component_of<'a>(snapshot: &'a Snapshot, plan: &str, version: u32, id: &str) -> Option<&'a Component> {
    version_of(snapshot, plan, version)?.plan.components.iter().find(|component| component.id == id)
}

/// Whose pay is explained to whom.
pub struct Asked<'a> {
    /// Who asks.
    pub context: &'a Context,
    /// What is known.
    pub snapshot: &'a Snapshot,
    /// What codes are called.
    pub names: &'a Names,
    /// Whose pay.
    pub person: Uuid,
}

impl Asked<'_> {
    fn language(&self) -> Language {
        self.context.language()
    }

    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        self.language().pick(zh, en)
    }

    fn money(&self, minor: i64) -> String {
        qiao_engine::money::format_minor(minor, self.snapshot.definitions.company.currency)
    }

    /// The rule of a plan, of one of its components where one is named.
    fn rule(&self, version: &PlanVersion, clause: Option<Clause>, text: String) -> Rule {
        let (text, highlights) = clause.map_or((text, Vec::new()), |clause| (clause.text, clause.highlights));
        Rule {
            text,
            highlights,
            name: version.plan.name.get(self.language()).to_owned(),
            version: Some(version.version),
            from: Some(version.plan.from.to_string()),
            href: Some(format!("/plans/{}?version={}", Uuid::from_u128(version.plan_id), version.version)),
        }
    }

    fn clause(&self, version: &PlanVersion, component: &str) -> Option<Clause> {
        let all = clauses(&version.plan, &self.snapshot.definitions, self.names, self.language());
        all.into_iter().find(|clause| clause.component.as_deref() == Some(component))
    }

    /// The reason of one line.
    ///
    /// # Errors
    /// 404 where the plan version is gone, [`AppError::Store`] where the database refused.
    pub async fn line(&self, state: &AppState, line: &Line, why: String) -> Result<Why, AppError> {
        let language = self.language();
        let currency = self.snapshot.definitions.company.currency;
        let version = version_of(self.snapshot, &line.plan, line.version).ok_or(AppError::NotFound)?;
        let mut sequences: Vec<u32> = line.sequence.into_iter().collect();
        sequences.extend(line.steps.iter().filter_map(|step| match step {
            Step::Forfeited { sequence } => Some(*sequence),
            _ => None,
        }));
        let facts = named(state, self.context, &sequences).await?;
        let rendered = render_with(&line.steps, currency, language, self.names);
        let arithmetic = rendered.into_iter().zip(&line.steps).map(|(words, step)| {
            let value = Some(words.value).filter(|value| !value.is_empty());
            let kind = if words.is_total { "total" } else { "line" };
            let out = ArithmeticLine::new(&words.label, words.expression, value, FigureUnit::Money, kind);
            match step {
                Step::Attainment { .. } => {
                    self.attainment_of(version, line).map_or(out.clone(), |why| out.because(why))
                }
                _ => out,
            }
        });
        let component = component_of(self.snapshot, &line.plan, line.version, &line.component);
        let component = component.map(|c| c.name.get(language).to_owned()).unwrap_or_default();
        let fact = line.sequence.and_then(|sequence| facts.get(&sequence));
        let label = fact.map(Named::label).filter(|label| !label.is_empty());
        let kind = fact.map(|fact| fact.view(language).kind_name).unwrap_or_default();
        Ok(Why {
            title: label.unwrap_or(kind),
            subtitle: component,
            figure: Figure::money(line.amount_minor, currency, Some(why)),
            status: Some(status_word(line.status).to_owned()),
            rule: self.clause(version, &line.component).map(|c| self.rule(version, Some(c), String::new())),
            arithmetic: arithmetic.collect(),
            facts_are: ListOf::Facts,
            facts_total: facts.len(),
            facts: facts.values().map(|fact| fact.view(language)).collect(),
            facts_href: None,
            records: facts.values().take(1).map(|fact| fact.record(language)).collect(),
            calculated_at: crate::time::rfc3339(self.context.now_ms),
        })
    }

    /// Where the reason of the attainment is that chose a line's band.
    fn attainment_of(&self, version: &PlanVersion, line: &Line) -> Option<String> {
        let component = version.plan.components.iter().find(|c| c.id == line.component)?;
        match component.only_rate()? {
            Rate::Tiers(Tiers { on: Axis::Attainment(code), .. }) => Some(self.attainment_address(code, line.period)),
            _ => None,
        }
    }

    fn attainment_address(&self, code: &str, period: Period) -> String {
        let subject = format!("person:{}", self.person);
        metrics::why_address(code, &subject, period, &Cut::default(), metrics::Of::Attainment)
    }

    /// The reason of a sum of lines: by component, each with its number of lines.
    #[must_use]
    pub fn sum(&self, lines: &[Line], title: &str, subtitle: &str, why: String, href: String) -> Why {
        let language = self.language();
        let currency = self.snapshot.definitions.company.currency;
        let mut parts: BTreeMap<(&str, u32, &str), (i64, usize)> = BTreeMap::new();
        for line in lines {
            let part = parts.entry((&line.plan, line.version, &line.component)).or_default();
            part.0 += line.amount_minor;
            part.1 += 1;
        }
        let mut arithmetic: Vec<ArithmeticLine> = parts
            .iter()
            .map(|((plan, version, component), (minor, count))| {
                let found = component_of(self.snapshot, plan, *version, component);
                let name = found.map(|c| c.name.get(language).to_owned()).unwrap_or_default();
                let count = match (language, count) {
                    (Language::Zh, _) => format!("{count} 条"),
                    (Language::En, 1) => "1 line".to_owned(),
                    (Language::En, _) => format!("{count} lines"),
                };
                ArithmeticLine::new(&name, count, Some(self.money(*minor)), FigureUnit::Money, "line")
            })
            .collect();
        let total: i64 = lines.iter().map(|line| line.amount_minor).sum();
        let label = self.pick("合计", "Total");
        arithmetic.push(ArithmeticLine::new(label, String::new(), Some(self.money(total)), FigureUnit::Money, "total"));
        let version = lines.first().and_then(|line| version_of(self.snapshot, &line.plan, line.version));
        let text = self.pick(
            "预估提成 = 生效 + 待生效，按当前业务流水和已发布的方案逐条计算，税前。",
            "The estimate is what is in force plus what is pending, line by line, by the facts as they stand and the published plans; before tax.",
        );
        Why {
            title: title.to_owned(),
            subtitle: subtitle.to_owned(),
            figure: Figure::money(total, currency, Some(why)),
            status: None,
            rule: version.map(|version| self.rule(version, None, text.to_owned())),
            arithmetic,
            facts: Vec::new(),
            facts_are: ListOf::Lines,
            facts_total: lines.len(),
            facts_href: Some(href),
            records: Vec::new(),
            calculated_at: crate::time::rfc3339(self.context.now_ms),
        }
    }

    /// The reason of the way to the next tier; of the position where there is none above.
    ///
    /// # Errors
    /// 404 where the plan version is gone.
    pub fn tier(
        &self,
        tier: &TierProgress,
        name: &str,
        lines: &[Line],
        why: String,
        href: String,
    ) -> Result<Why, AppError> {
        let currency = self.snapshot.definitions.company.currency;
        let version = version_of(self.snapshot, &tier.plan, tier.version).ok_or(AppError::NotFound)?;
        let is_money = matches!(tier.axis, Axis::Amount);
        let unit = if is_money { FigureUnit::Money } else { FigureUnit::Percent };
        let places = currency.digits() as usize;
        let text = |value: Decimal| {
            if is_money { format!("{:.places$}", value.round_dp(currency.digits())) } else { rounded_share(value) }
        };
        let words = |value: Decimal| if is_money { text(value) } else { percent(value) };
        // The position of tiers on amount holds what counts already; what is pending stands beside it.
        let label = match &tier.axis {
            Axis::Amount => self.pick("本期累计（生效）", "Cumulated (in force)"),
            Axis::Attainment(_) => self.pick("达成率", "Attainment"),
            Axis::Formula(formula) => formula.text(),
        };
        let position = ArithmeticLine::new(label, String::new(), Some(text(tier.position)), unit, "line");
        let position = match &tier.axis {
            Axis::Amount | Axis::Formula(_) => position,
            Axis::Attainment(code) => position.because(self.attainment_address(code, tier.period)),
        };
        let mut arithmetic = Vec::new();
        let (title, value) = match &tier.next {
            Some((at, remaining, rate)) => {
                let begins = match self.language() {
                    Language::Zh => format!("{} 一档的起点", percent(*rate)),
                    Language::En => format!("Where the {} band begins", percent(*rate)),
                };
                arithmetic.push(ArithmeticLine::new(&begins, String::new(), Some(text(*at)), unit, "line"));
                arithmetic.push(position);
                arithmetic.push(ArithmeticLine::new(
                    self.pick("还差", "Still missing"),
                    format!("{} − {}", words(*at), words(tier.position)),
                    Some(text(*remaining)),
                    unit,
                    "total",
                ));
                (self.pick("距下一档", "To the next tier"), *remaining)
            }
            None => {
                arithmetic.push(ArithmeticLine { kind: "total", ..position });
                (self.pick("已在最高一档", "The highest tier is reached"), tier.position)
            }
        };
        if !tier.held.is_zero() {
            let label = self.pick("待生效，生效后再加", "Pending, added once it counts");
            arithmetic.push(ArithmeticLine::new(label, String::new(), Some(text(tier.held)), unit, "note"));
        }
        let figure = if is_money {
            let minor = qiao_engine::money::parse_minor(&text(value), currency).unwrap_or_default();
            Figure::money(minor, currency, Some(why))
        } else {
            Figure::share(Some(value), Some(why))
        };
        let clause = self.clause(version, &tier.component);
        let component = clause.as_ref().map(|clause| clause.title.clone()).unwrap_or_default();
        Ok(Why {
            title: title.to_owned(),
            subtitle: format!("{component} · {name} · {}", tier.period),
            figure,
            status: None,
            rule: clause.map(|clause| self.rule(version, Some(clause), String::new())),
            arithmetic,
            facts: Vec::new(),
            // What an attainment is made of stands in its own reason, one step below.
            facts_are: ListOf::Basis,
            facts_total: if is_money { lines.len() } else { 0 },
            facts_href: is_money.then_some(href),
            records: Vec::new(),
            calculated_at: crate::time::rfc3339(self.context.now_ms),
        })
    }
}

fn percent(value: Decimal) -> String {
    format!("{} %", (value * Decimal::ONE_HUNDRED).round_dp(2).normalize())
}
