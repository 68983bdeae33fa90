//! Plans as JSON, in the structure they are read from.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::model::*;

impl Serialize for PlanVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl PlanVersion {
    /// The plan as JSON; reading it again gives the same plan. Decimals are strings.
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("id".into(), json!(self.id));
        map.insert("version".into(), json!(self.version));
        map.insert("name".into(), json!(self.name));
        map.insert("currency".into(), json!(self.currency));
        map.insert("period".into(), json!(self.period.word()));
        map.insert("from".into(), json!(self.from));
        if let Some(to) = self.to {
            map.insert("to".into(), json!(to));
        }
        if !self.who.is_everybody() {
            map.insert("who".into(), json!({"roles": self.who.roles, "teams": self.who.teams, "people": self.who.people}));
        }
        map.insert("rounding".into(), json!(self.rounding.word()));
        map.insert(
            "components".into(),
            self.components.iter().map(Component::to_json).collect(),
        );
        Value::Object(map)
    }

    /// Whether two versions say the same, whatever their number: publishing such a file changes nothing.
    pub fn says_the_same(&self, other: &Self) -> bool {
        Self {
            version: 0,
            ..self.clone()
        } == Self {
            version: 0,
            ..other.clone()
        }
    }
}

impl Component {
    /// The component as JSON.
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("id".into(), json!(self.id));
        map.insert("name".into(), json!(self.name));
        map.insert("basis".into(), json!(self.basis));
        map.insert("measure".into(), json!(self.measure.word()));
        if !self.condition.is_always() {
            map.insert("where".into(), self.condition.to_json());
        }
        map.insert("roles".into(), json!(self.roles));
        let (key, rule) = match &self.rule {
            Rule::Rate(rate) => ("rate", json!(rate.to_string())),
            Rule::Lookup { rows, default } => {
                let rows: Vec<Value> = rows
                    .iter()
                    .map(|row| json!({"when": row.when.to_json(), "rate": row.rate.to_string()}))
                    .collect();
                let mut lookup = Map::from_iter([("rows".to_owned(), json!(rows))]);
                if let Some(default) = default {
                    lookup.insert("default".into(), json!(default.to_string()));
                }
                ("lookup", Value::Object(lookup))
            }
            Rule::Tiers(tiers) => ("tiers", tiers.to_json()),
            Rule::RoleRates(rates) => (
                "role_rates",
                rates
                    .iter()
                    .map(|(role, rate)| (role.clone(), json!(rate.to_string())))
                    .collect(),
            ),
            Rule::StageReward(reward) => ("stage_reward", reward.to_json()),
        };
        map.insert(key.into(), rule);
        Value::Object(map)
    }
}

impl Tiers {
    fn to_json(&self) -> Value {
        let on = match &self.axis {
            Axis::Amount => json!("amount"),
            Axis::Attainment(metric) => json!({"attainment": metric}),
        };
        let bands: Vec<Value> = self
            .bands
            .iter()
            .map(|band| json!({"from": band.from.to_string(), "rate": band.rate.to_string()}))
            .collect();
        json!({"mode": self.mode.word(), "on": on, "bands": bands})
    }
}

impl StageReward {
    fn to_json(&self) -> Value {
        let if_lost = match self.if_lost {
            IfLost::Keep => "keep",
            IfLost::Forfeit => "forfeit",
        };
        let mut map = Map::new();
        map.insert("stage".into(), json!(self.stage));
        if let Some(pipeline) = &self.pipeline {
            map.insert("pipeline".into(), json!(pipeline));
        }
        map.insert("amount".into(), json!(self.amount.to_string()));
        map.insert("if_lost".into(), json!(if_lost));
        Value::Object(map)
    }
}
