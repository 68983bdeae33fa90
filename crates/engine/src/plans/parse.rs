//! Plans from YAML or JSON: every mistake with its line, its place and what would be right, several at once.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};

use super::model::*;
use super::reader::Reader;
use crate::conditions::read_condition;
use crate::money::Currency;
use crate::node::{Node, Problem, Value};
use crate::rounding::Rounding;
use crate::words::{Text, parse_decimal};

/// Reads a plan from the text of a file.
///
/// The version is 1 unless the file gives one; publishing numbers versions itself.
///
/// # Errors
/// All mistakes found, in the order of the file. Meaning (order of tiers, unknown metrics) is [`super::check`]'s part.
pub fn parse(text: &str) -> Result<PlanVersion, Vec<Problem>> {
    let node = Node::parse(text).map_err(|problem| vec![problem])?;
    read_plan(&node)
}

/// Reads a plan from an already parsed tree.
///
/// # Errors
/// As [`parse`].
pub fn read_plan(node: &Node) -> Result<PlanVersion, Vec<Problem>> {
    let mut reader = Reader::default();
    let plan = reader.plan(node);
    match plan {
        Some(plan) if reader.problems.is_empty() => Ok(plan),
        _ => {
            reader.problems.sort_by_key(|problem| problem.line);
            Err(reader.problems)
        }
    }
}

impl<'de> Deserialize<'de> for PlanVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let node = Node::deserialize(deserializer)?;
        read_plan(&node).map_err(|problems| {
            let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
            serde::de::Error::custom(all.join("; "))
        })
    }
}

/// The rules a component can have; exactly one of them.
const RULES: [&str; 5] = ["rate", "lookup", "tiers", "role_rates", "stage_reward"];

impl Reader {
    fn plan(&mut self, node: &Node) -> Option<PlanVersion> {
        let required = ["id", "currency", "period", "from", "components"];
        if !self.keys(
            node,
            "",
            &required,
            &["version", "name", "to", "who", "rounding"],
        ) {
            return None;
        }
        let id = self.text(node, "", "id");
        let currency = self.parsed::<Currency>(
            node,
            "",
            "currency",
            "unknown_currency",
            "an ISO 4217 code such as CNY",
        );
        let period = self.word(
            node,
            "",
            "period",
            &[
                ("month", PlanPeriod::Month),
                ("quarter", PlanPeriod::Quarter),
                ("year", PlanPeriod::Year),
            ],
        );
        let from = self.date(node, "from");
        let to = self.date(node, "to");
        if let (Some(from), Some(to), Some(at)) = (from, to, node.get("to"))
            && to < from
        {
            self.wrong(
                at,
                "/to",
                "dates_reversed",
                format!("{to} is before `from` {from}"),
            );
        }
        let who = self.who(node);
        let rounding = self.word(
            node,
            "",
            "rounding",
            &[
                ("half_up", Rounding::HalfUp),
                ("down", Rounding::Down),
                ("up", Rounding::Up),
            ],
        );
        let version =
            self.parsed::<u32>(node, "", "version", "not_a_number", "a whole number from 1");
        let components = self.components(node);
        let id = id?;
        let name = self.name(node, "", &id);
        Some(PlanVersion {
            name,
            version: version.unwrap_or(1),
            currency: currency?,
            period: period?,
            from: from?,
            to,
            who,
            rounding: rounding.unwrap_or_default(),
            components,
            id,
        })
    }

    fn components(&mut self, node: &Node) -> Vec<Component> {
        let Some(list) = node
            .get("components")
            .filter(|list| list.value != Value::Null)
        else {
            return Vec::new();
        };
        match &list.value {
            Value::List(items) if !items.is_empty() => items
                .iter()
                .enumerate()
                .filter_map(|(at, item)| self.component(item, &format!("/components/{at}")))
                .collect(),
            _ => {
                self.wrong(
                    list,
                    "/components",
                    "not_a_list",
                    "write a list of at least one component",
                );
                Vec::new()
            }
        }
    }

    fn component(&mut self, node: &Node, pointer: &str) -> Option<Component> {
        let optional = [
            &["name", "basis", "measure", "where", "roles"][..],
            &RULES[..],
        ]
        .concat();
        if !self.keys(node, pointer, &["id"], &optional) {
            return None;
        }
        let rule = self.rule(node, pointer);
        let basis = match (&rule, node.get("basis")) {
            (Some(Rule::StageReward(_)), None) => Some(crate::facts::STAGE_ENTERED.to_owned()),
            (_, None) => {
                self.wrong(
                    node,
                    &format!("{pointer}/basis"),
                    "missing",
                    "`basis` is missing: a kind of fact such as payment_received, or a metric",
                );
                None
            }
            _ => self.text(node, pointer, "basis"),
        };
        if let (Some(Rule::StageReward(_)), Some(basis), Some(at)) =
            (&rule, &basis, node.get("basis"))
            && basis != crate::facts::STAGE_ENTERED
        {
            self.wrong(
                at,
                &format!("{pointer}/basis"),
                "wrong_basis",
                "a stage_reward has the basis stage_entered; leave `basis` out",
            );
        }
        let measure = self
            .word(node, pointer, "measure", &PlanMeasure::ALL)
            .unwrap_or_default();
        let condition = node
            .get("where")
            .map(|at| read_condition(at, &format!("{pointer}/where"), &mut self.problems));
        let roles = self.texts(node, pointer, "roles");
        let roles = match (&rule, roles.is_empty()) {
            (Some(Rule::RoleRates(rates)), true) => {
                rates.iter().map(|(role, _)| role.clone()).collect()
            }
            (_, true) => Component::default_roles(),
            (_, false) => roles,
        };
        let id = self.text(node, pointer, "id")?;
        Some(Component {
            name: self.name(node, pointer, &id),
            basis: basis?,
            measure,
            condition: condition.unwrap_or_default(),
            roles,
            rule: rule?,
            id,
        })
    }

    fn rule(&mut self, node: &Node, pointer: &str) -> Option<Rule> {
        let given: Vec<&str> = RULES
            .iter()
            .copied()
            .filter(|rule| node.get(rule).is_some())
            .collect();
        if given.len() != 1 {
            let (code, found) = if given.is_empty() {
                ("no_rule", "none".to_owned())
            } else {
                ("several_rules", given.join(", "))
            };
            self.wrong(
                node,
                pointer,
                code,
                format!(
                    "a component has exactly one of {}; here: {found}",
                    RULES.join(", ")
                ),
            );
            return None;
        }
        let rule = given[0];
        let value = node.get(rule)?;
        let here = format!("{pointer}/{rule}");
        match rule {
            "rate" => self.rate(node, pointer, "rate").map(Rule::Rate),
            "lookup" => self.lookup(value, &here),
            "tiers" => self.tiers(value, &here),
            "role_rates" => self.role_rates(value, &here),
            _ => self.stage_reward(value, &here),
        }
    }

    fn lookup(&mut self, node: &Node, pointer: &str) -> Option<Rule> {
        if !self.keys(node, pointer, &["rows"], &["default"]) {
            return None;
        }
        let default = self.rate(node, pointer, "default");
        let list = node.get("rows")?;
        let Value::List(items) = &list.value else {
            self.wrong(
                list,
                &format!("{pointer}/rows"),
                "not_a_list",
                "write a list of rows such as {when: {product_line: GTX}, rate: 5%}",
            );
            return None;
        };
        let mut rows = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let here = format!("{pointer}/rows/{at}");
            if !self.keys(item, &here, &["when", "rate"], &[]) {
                continue;
            }
            let when = item
                .get("when")
                .map(|when| read_condition(when, &format!("{here}/when"), &mut self.problems));
            if let (Some(when), Some(rate)) = (when, self.rate(item, &here, "rate")) {
                rows.push(LookupRow { when, rate });
            }
        }
        Some(Rule::Lookup { rows, default })
    }

    fn tiers(&mut self, node: &Node, pointer: &str) -> Option<Rule> {
        if !self.keys(node, pointer, &["mode", "bands"], &["on"]) {
            return None;
        }
        let mode = self.word(
            node,
            pointer,
            "mode",
            &[("marginal", TierMode::Marginal), ("whole", TierMode::Whole)],
        );
        let axis = match node.get("on") {
            None => Some(Axis::Amount),
            Some(on) if on.text() == Some("amount") => Some(Axis::Amount),
            Some(on) => match on.get("attainment").and_then(Node::text) {
                Some(metric) => Some(Axis::Attainment(metric.to_owned())),
                None => {
                    self.wrong(
                        on,
                        &format!("{pointer}/on"),
                        "not_an_axis",
                        "write `amount` or {attainment: code of a metric}",
                    );
                    None
                }
            },
        };
        let bands = self.bands(node.get("bands")?, &format!("{pointer}/bands"));
        Some(Rule::Tiers(Tiers {
            mode: mode?,
            axis: axis?,
            bands,
        }))
    }

    fn bands(&mut self, list: &Node, pointer: &str) -> Vec<Band> {
        let Value::List(items) = &list.value else {
            self.wrong(
                list,
                pointer,
                "not_a_list",
                "write a list of bands such as {from: 0, rate: 4%}",
            );
            return Vec::new();
        };
        let mut bands = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let here = format!("{pointer}/{at}");
            if !self.keys(item, &here, &["from", "rate"], &[]) {
                continue;
            }
            // Ratios of attainment may be written as percentages, amounts as plain numbers.
            if let (Some(from), Some(rate)) = (
                self.rate(item, &here, "from"),
                self.rate(item, &here, "rate"),
            ) {
                bands.push(Band { from, rate });
            }
        }
        bands
    }

    fn role_rates(&mut self, node: &Node, pointer: &str) -> Option<Rule> {
        let Value::Map(entries) = &node.value else {
            self.wrong(
                node,
                pointer,
                "not_a_mapping",
                "write a rate for each role such as {owner: 5%, overlay: 1%}",
            );
            return None;
        };
        let mut rates: Vec<(String, Decimal)> = entries
            .iter()
            .filter_map(|(role, _, _)| Some((role.clone(), self.rate(node, pointer, role)?)))
            .collect();
        // The owner first, then by name: JSON objects have no order of their own.
        rates.sort_by(|a, b| {
            (a.0 != crate::facts::ROLE_OWNER, &a.0).cmp(&(b.0 != crate::facts::ROLE_OWNER, &b.0))
        });
        Some(Rule::RoleRates(rates))
    }

    fn stage_reward(&mut self, node: &Node, pointer: &str) -> Option<Rule> {
        if !self.keys(
            node,
            pointer,
            &["stage", "amount", "if_lost"],
            &["pipeline"],
        ) {
            return None;
        }
        let amount = node
            .get("amount")
            .and_then(Node::text)
            .and_then(parse_decimal);
        if let (None, Some(at)) = (amount, node.get("amount")) {
            self.wrong(
                at,
                &format!("{pointer}/amount"),
                "not_a_number",
                "write an amount such as 300 or 300.50",
            );
        }
        let stage = self.text(node, pointer, "stage");
        let pipeline = self.text(node, pointer, "pipeline");
        let if_lost = self.word(
            node,
            pointer,
            "if_lost",
            &[("keep", IfLost::Keep), ("forfeit", IfLost::Forfeit)],
        );
        Some(Rule::StageReward(StageReward {
            stage: stage?,
            pipeline,
            amount: amount?,
            if_lost: if_lost?,
        }))
    }

    fn who(&mut self, node: &Node) -> Who {
        let Some(who) = node.get("who").filter(|who| who.value != Value::Null) else {
            return Who::default();
        };
        if !self.keys(who, "/who", &[], &["roles", "teams", "people"]) {
            return Who::default();
        }
        Who {
            roles: self.texts(who, "/who", "roles"),
            teams: self.texts(who, "/who", "teams"),
            people: self.texts(who, "/who", "people"),
        }
    }

    fn name(&mut self, node: &Node, pointer: &str, id: &str) -> Text {
        let Some(name) = node.get("name") else {
            return Text::new(id, id);
        };
        if let Some(text) = name.text() {
            return Text::new(text, text);
        }
        let pointer = format!("{pointer}/name");
        if !self.keys(name, &pointer, &["zh", "en"], &[]) {
            return Text::new(id, id);
        }
        let mut part = |key: &str| {
            self.text(name, &pointer, key)
                .unwrap_or_else(|| id.to_owned())
        };
        Text {
            zh: part("zh"),
            en: part("en"),
        }
    }
}
