//! What an entry of the log says, in words: columns by their labels, people, teams and stages by their names. The log
//! itself is read as it is; nothing here is written.

use std::collections::{BTreeMap, BTreeSet};

use qiao_engine::Language;
use qiao_engine::money::{Currency, format_minor};
use qiao_store::books::View;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::timeline::column_label;

/// A field that an entry speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditField {
    /// What it is called.
    label: String,
    /// What it was; none where it was empty or is not known any more.
    before: Option<String>,
    /// What it became.
    after: Option<String>,
}

/// Fields that say nothing to people.
const HIDDEN: [&str; 9] = [
    "id", "version", "attributes", "search_name", "created_at", "updated_at", "settings", "has_password", "archived_at",
];

/// Labels of what is not a column of a sales record, in Chinese and English.
const LABELS: &[(&str, &str, &str)] = &[
    ("person_id", "成员", "Person"),
    ("user_id", "账号", "User"),
    ("manager_id", "直接主管", "Manager"),
    ("team", "团队", "Team"),
    ("team_id", "团队", "Team"),
    ("role", "角色", "Role"),
    ("from_date", "开始日期", "From"),
    ("to_date", "结束日期", "Until"),
    ("start_date", "入职日期", "First day"),
    ("end_date", "离职日期", "Last day"),
    ("pay_grant", "可查看他人提成", "Sees the pay of others"),
    ("disabled", "已停用", "Disabled"),
    ("locale", "语言", "Language"),
    ("password_change_required", "下次登录须改密码", "Password to be changed"),
    ("failures", "失败次数", "Failures"),
    ("date", "日期", "Day"),
    ("currency", "币种", "Currency"),
    ("timezone", "时区", "Time zone"),
    ("fiscal_year_start_month", "财年起始月", "Fiscal year begins in"),
    ("month_closing_day", "月结日", "Closing day"),
    ("weekend", "每周休息日", "Days of rest"),
    ("customer_rule", "新客户规则", "Rule for new customers"),
    ("on_pace_tolerance_ppm", "进度容差（百万分比）", "Tolerance, parts per million"),
    ("attainment_visible_to_all", "全公司可见达成与排名", "Attainment open to everybody"),
    ("example", "示例公司", "Example company"),
    ("metric", "指标", "Metric"),
    ("period", "周期", "Period"),
    ("subject_type", "对象类型", "Kind of subject"),
    ("subject_id", "对象", "Subject"),
    ("base_micro", "基础目标（百万分之一）", "Base, millionths"),
    ("text", "内容", "Text"),
    ("code", "编码", "Code"),
    ("reason", "原因", "Reason"),
];

fn fields(payload: Option<&String>) -> Map<String, Value> {
    let value: Option<Value> = payload.and_then(|text| serde_json::from_str(text).ok());
    match value {
        Some(Value::Object(fields)) => fields,
        Some(other) => Map::from_iter([("value".to_owned(), other)]),
        None => Map::new(),
    }
}

/// The fields that an entry changed, or those of what is new or gone.
#[must_use]
pub fn told(
    (view, named): (&View, &BTreeMap<Uuid, String>),
    language: Language,
    before: Option<&String>,
    after: Option<&String>,
) -> Vec<AuditField> {
    let (old, new) = (fields(before), fields(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let currency = new.get("currency").or(old.get("currency")).and_then(Value::as_str);
    let company = view.snapshot.definitions.company.currency;
    let currency: Currency = currency.and_then(|code| code.parse().ok()).unwrap_or(company);
    let say = |name: &str, value: Option<&Value>| {
        let text = match value? {
            Value::Null => return None,
            Value::Bool(true) => language.pick("是", "yes").to_owned(),
            Value::Bool(false) => language.pick("否", "no").to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if name.ends_with("_minor") {
            return Some(text.parse().map_or(text, |minor| format_minor(minor, currency)));
        }
        match Uuid::try_parse(&text) {
            Ok(id) => Some(named.get(&id).cloned().unwrap_or_else(|| language.pick("一条记录", "a record").to_owned())),
            Err(_) => Some(text),
        }
    };
    let both = before.is_some() && after.is_some();
    let shown = names.into_iter().filter(|name| !HIDDEN.contains(&name.as_str()));
    shown
        .filter(|name| !both || old.get(*name) != new.get(*name))
        .map(|name| AuditField {
            label: label(name, language),
            before: say(name, old.get(name)),
            after: say(name, new.get(name)),
        })
        .filter(|field| field.before.is_some() || field.after.is_some())
        .collect()
}

fn label(name: &str, language: Language) -> String {
    let own = LABELS.iter().find(|(known, ..)| *known == name).map(|(_, zh, en)| language.pick(zh, en));
    own.or_else(|| column_label(name, language)).map_or_else(|| name.replace('_', " "), str::to_owned)
}

/// What is kept in memory and may be named by id: people, teams, pipelines, stages, products.
#[must_use]
pub fn names_by_id(view: &View) -> BTreeMap<Uuid, String> {
    let definitions = &view.snapshot.definitions;
    let people = definitions.people.values().map(|person| (Uuid::from_u128(person.id), person.name.clone()));
    let teams = definitions.teams.values().map(|team| (Uuid::from_u128(team.id), team.path.clone()));
    let catalog = &view.catalog;
    let pipelines = catalog.pipelines.iter().map(|row| (row.id, row.name.clone()));
    let stages = catalog.stages.iter().map(|row| (row.id, row.name.clone()));
    let products = catalog.products.iter().map(|row| (row.id, row.name.clone()));
    people.chain(teams).chain(pipelines).chain(stages).chain(products).collect()
}
