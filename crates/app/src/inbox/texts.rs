//! Messages in words. What the reader no longer sees is told without its name and amount.

use std::collections::BTreeMap;

use qiao_engine::Snapshot;
use qiao_engine::books::Until;
use qiao_engine::dates::PeriodKind;
use qiao_engine::money::Currency;
use qiao_engine::pay::estimate;
use qiao_store::entities::notification;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::places::Places;
use super::{Data, Kind, queries};
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::facts::record_type_name;
use crate::figures::{Amount, Figure, RecordId};
use crate::pay;
use crate::records::Seen;
use crate::state::AppState;
use crate::time::rfc3339;

/// Of how many payments on a page it is told what they did to the reader's estimate.
const PAYMENTS: usize = 20;
/// Letters of a comment that a message shows.
const EXCERPT: usize = 160;

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotificationView {
    id: Uuid,
    kind: Kind,
    /// What happened, in the reader's language.
    title: String,
    /// What was said, or how it went.
    text: Option<String>,
    /// When, RFC 3339.
    at: String,
    read: bool,
    /// Who did it.
    actor: String,
    /// How many records it is about.
    count: i64,
    /// Where it leads: a record, `plan`, `target` or `import`; none where the reader no longer sees it, or for many.
    record: Option<RecordId>,
    /// What the record is called.
    name: Option<String>,
    /// What it is worth, or what came in.
    amount: Option<Amount>,
    /// What it did to the reader's estimate.
    estimate: Option<Figure>,
}

/// Puts messages into words.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn views(
    state: &AppState,
    context: &Context,
    rows: Vec<notification::Model>,
) -> Result<Vec<NotificationView>, AppError> {
    let places = Places::of(state, context, &rows).await?;
    let data: Vec<Data> = rows.iter().map(|row| serde_json::from_str(&row.data).unwrap_or_default()).collect();
    let said: Vec<Uuid> = data.iter().filter_map(|data| data.comment).collect();
    let comments = queries::comments(state.store().pool(), &said).await?;
    let snapshot = state.snapshot(context).await?;
    let changes = estimates(state, context, &snapshot, &rows, &data).await?;
    let words = Words { context, snapshot: &snapshot, comments: &comments };
    let view = |(row, data): (notification::Model, Data)| {
        let change = changes.get(&row.id).cloned();
        words.view(row, &data, &places, change)
    };
    Ok(rows.into_iter().zip(data).filter_map(view).collect())
}

/// What payments did to the reader's estimate: the estimate with the payment's facts less the estimate before them.
async fn estimates(
    state: &AppState,
    context: &Context,
    snapshot: &Snapshot,
    rows: &[notification::Model],
    data: &[Data],
) -> Result<BTreeMap<Uuid, Figure>, AppError> {
    let mut changes = BTreeMap::new();
    let Some(person) = context.person_id.filter(|_| context.may(Permission::ViewOwnPay)) else { return Ok(changes) };
    let payments = rows.iter().zip(data).filter(|(row, _)| row.kind == Kind::Payment.as_str() && row.count == 1);
    let calendar = &snapshot.definitions.company.calendar;
    let payments: Vec<_> = payments.take(PAYMENTS).collect();
    let records: Vec<Uuid> = payments.iter().filter_map(|(row, _)| row.record_id).collect();
    let recorded = queries::recorded(state.store().pool(), &records).await?;
    for (row, data) in payments {
        let (Some(record), Some(day)) = (row.record_id, data.day) else { continue };
        // The facts that this message is about: recorded when it was written.
        let own = recorded.iter().filter(|(of, at, _)| *of == record && *at == row.at);
        let sequences: Vec<u32> = own.filter_map(|(_, _, sequence)| u32::try_from(*sequence).ok()).collect();
        let (Some(first), Some(last)) = (sequences.iter().min(), sequences.iter().max()) else { continue };
        let period = calendar.period_of(day, PeriodKind::Month);
        let total = |until: u32| {
            let books = snapshot.books.until(Until::Sequence(until));
            let then = Snapshot { books, definitions: std::sync::Arc::clone(&snapshot.definitions) };
            estimate(&then, person.as_u128(), period).total_minor()
        };
        let minor = total(*last) - total(first.saturating_sub(1));
        if minor != 0 {
            let why = pay::estimate_why(person, period, None);
            changes.insert(row.id, Figure::money(minor, snapshot.definitions.company.currency, Some(why)));
        }
    }
    Ok(changes)
}

struct Words<'a> {
    context: &'a Context,
    snapshot: &'a Snapshot,
    comments: &'a BTreeMap<Uuid, String>,
}

impl Words<'_> {
    fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.context.locale.pick(zh, en)
    }

    fn person(&self, id: Option<Uuid>) -> Option<String> {
        Some(self.snapshot.definitions.people.get(&id?.as_u128())?.name.clone())
    }

    fn view(
        &self,
        row: notification::Model,
        data: &Data,
        places: &Places,
        estimate: Option<Figure>,
    ) -> Option<NotificationView> {
        let kind = Kind::parse(&row.kind)?;
        let seen = places.at(&row).filter(|_| row.count == 1);
        // What belongs to no table of records is the reader's own: a plan, a target, an import.
        let own = matches!(kind, Kind::Plan | Kind::Target | Kind::Import);
        let record = row.record_id.filter(|_| own || seen.is_some());
        let record = record.map(|id| RecordId { record_type: row.record_type.clone(), id });
        let company = self.snapshot.definitions.company.currency;
        let amount = match (kind, seen) {
            (_, None) => None,
            (Kind::Payment, Some(_)) => data.amount_minor.map(|minor| Amount::minor(minor, company)),
            (Kind::DealClosed, Some(seen)) => self.amount(seen),
            _ => None,
        };
        Some(NotificationView {
            title: self.title(kind, &row, data, seen),
            text: self.text(kind, data, seen),
            name: seen
                .map(|seen| seen.name.clone())
                .or_else(|| data.name(self.context.locale).map(str::to_owned).filter(|_| own)),
            at: rfc3339(row.at),
            read: row.read_at.is_some(),
            estimate: estimate.filter(|_| seen.is_some()),
            id: row.id,
            kind,
            actor: row.actor_name,
            count: row.count,
            record,
            amount,
        })
    }

    fn amount(&self, seen: &Seen) -> Option<Amount> {
        let (minor, currency) = seen.amount.as_ref()?;
        Some(Amount::minor(*minor, currency.parse().unwrap_or(Currency::CNY)))
    }

    fn title(&self, kind: Kind, row: &notification::Model, data: &Data, seen: Option<&Seen>) -> String {
        let actor = match row.actor_name.as_str() {
            "operator" => self.pick("管理员（命令行）", "The operator"),
            name => name,
        };
        let what = record_type_name(&row.record_type, self.context.language());
        let named = seen.map(|seen| seen.name.as_str());
        let zh = self.context.locale == crate::locale::Locale::Zh;
        match (kind, zh) {
            (Kind::Mention, true) => format!("{actor} 在{}的评论中提到了你", quoted(what, named)),
            (Kind::Mention, false) => format!("{actor} mentioned you {}", about("on", what, named)),
            (Kind::Comment, true) => format!("{actor} 评论了{}", quoted(what, named)),
            (Kind::Comment, false) => format!("{actor} commented {}", about("on", what, named)),
            (Kind::Assigned, true) if row.count > 1 => format!("{actor} 把 {} 条{what}交给了你", row.count),
            (Kind::Assigned, false) if row.count > 1 => format!("{actor} gave you {} records: {what}", row.count),
            (Kind::Assigned, true) => format!("{actor} 把{}交给了你", quoted(what, named)),
            (Kind::Assigned, false) => format!("{actor} gave you {}", about("", what, named)),
            (Kind::Unassigned, _) => self.taken(actor, what, row, data, named),
            (Kind::Payment, _) => self.money(what, row, data, named),
            (Kind::Target, true) if row.count > 1 => format!("{actor} 设定了你的 {} 个目标", row.count),
            (Kind::Target, false) if row.count > 1 => format!("{actor} set {} targets of yours", row.count),
            (Kind::Target, _) => self.target(actor, data),
            (Kind::Plan, true) => {
                let (name, version) = (data.name(self.context.locale).unwrap_or_default(), data.version.unwrap_or(1));
                format!("{actor} 发布了激励方案「{name}」第 {version} 版")
            }
            (Kind::Plan, false) => {
                let (name, version) = (data.name(self.context.locale).unwrap_or_default(), data.version.unwrap_or(1));
                format!("{actor} published version {version} of the plan {name}")
            }
            (Kind::Import, true) => format!("导入完成：{}", data.name.as_deref().unwrap_or_default()),
            (Kind::Import, false) => format!("Import done: {}", data.name.as_deref().unwrap_or_default()),
            (Kind::DealClosed, _) => self.closed(row, data, named),
        }
    }

    fn taken(&self, actor: &str, what: &str, row: &notification::Model, data: &Data, named: Option<&str>) -> String {
        let to = self.person(data.person).filter(|_| named.is_some());
        match (row.count > 1, to, self.context.locale == crate::locale::Locale::Zh) {
            (true, _, true) => format!("{actor} 把你的 {} 条{what}交给了他人", row.count),
            (true, _, false) => format!("{actor} gave {} records of yours to others: {what}", row.count),
            (_, Some(to), true) => format!("{actor} 把{}交给了 {to}", quoted(what, named)),
            (_, Some(to), false) => format!("{actor} gave {} to {to}", about("", what, named)),
            (_, None, true) => format!("{actor} 把你的一条{what}交给了他人"),
            (_, None, false) => format!("{actor} gave a record of yours to somebody else: {what}"),
        }
    }

    fn money(&self, what: &str, row: &notification::Model, data: &Data, named: Option<&str>) -> String {
        let zh = self.context.locale == crate::locale::Locale::Zh;
        let word = match (data.word.as_deref(), zh) {
            (Some("refund"), true) => "退款已登记",
            (Some("refund"), false) => "Refund booked",
            (Some("write_off"), true) => "核销已登记",
            (Some("write_off"), false) => "Write-off booked",
            (Some("reversed"), true) => "回款已撤回",
            (Some("reversed"), false) => "Payment taken back",
            (_, true) => "回款到账",
            (_, false) => "Payment booked",
        };
        match (row.count > 1, named, zh) {
            (true, _, true) => format!("{word}：{} 笔", row.count),
            (true, _, false) => format!("{word}: {}", row.count),
            (false, Some(name), true) => format!("{word}：{name}"),
            (false, Some(name), false) => format!("{word}: {name}"),
            (false, None, true) => format!("{word}：一笔{what}"),
            (false, None, false) => word.to_owned(),
        }
    }

    fn target(&self, actor: &str, data: &Data) -> String {
        let code = data.metric.as_deref().unwrap_or_default();
        let metric = self.snapshot.definitions.metric_on(code, self.context.today());
        let metric = metric.map_or(code, |metric| metric.name.get(self.context.language()));
        let period = data.period.as_deref().unwrap_or_default();
        let after = data.after.as_deref().unwrap_or_default();
        match (&data.before, self.context.locale == crate::locale::Locale::Zh) {
            (None, true) => format!("{actor} 设定了你 {period} 的{metric}目标：{after}"),
            (None, false) => format!("{actor} set your target of {metric} for {period}: {after}"),
            (Some(before), true) => format!("{actor} 调整了你 {period} 的{metric}目标：{before} → {after}"),
            (Some(before), false) => {
                format!("{actor} changed your target of {metric} for {period}: {before} → {after}")
            }
        }
    }

    fn closed(&self, row: &notification::Model, data: &Data, named: Option<&str>) -> String {
        let owner = self.person(data.person).unwrap_or_else(|| row.actor_name.clone());
        let won = data.word.as_deref() == Some("won");
        let zh = self.context.locale == crate::locale::Locale::Zh;
        match (row.count > 1, won, zh) {
            (true, true, true) => format!("团队赢单 {} 单", row.count),
            (true, true, false) => format!("Your team won {} deals", row.count),
            (true, false, true) => format!("团队输单 {} 单", row.count),
            (true, false, false) => format!("Your team lost {} deals", row.count),
            (false, true, true) => format!("{owner} 赢单：{}", named.unwrap_or("一单")),
            (false, true, false) => format!("{owner} won {}", named.unwrap_or("a deal")),
            (false, false, true) => format!("{owner} 输单：{}", named.unwrap_or("一单")),
            (false, false, false) => format!("{owner} lost {}", named.unwrap_or("a deal")),
        }
    }

    fn text(&self, kind: Kind, data: &Data, seen: Option<&Seen>) -> Option<String> {
        match kind {
            Kind::Mention | Kind::Comment => {
                let said = self.comments.get(&data.comment?).filter(|_| seen.is_some())?;
                let mut short: String = said.chars().take(EXCERPT).collect();
                if short.len() < said.len() {
                    short.push('…');
                }
                Some(short)
            }
            Kind::Plan => data.day.map(|day| format!("{} {day}", self.pick("生效日期", "In force from"))),
            Kind::Import => {
                let [created, updated, unchanged, rejected] = data.counts?;
                Some(match self.context.locale {
                    crate::locale::Locale::Zh => {
                        format!("新建 {created}，更新 {updated}，未变 {unchanged}，拒绝 {rejected}")
                    }
                    crate::locale::Locale::En => {
                        format!("{created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected")
                    }
                })
            }
            _ => None,
        }
    }
}

fn quoted(what: &str, named: Option<&str>) -> String {
    named.map_or_else(|| format!("一条{what}"), |name| format!("{what}「{name}」"))
}

fn about(preposition: &str, what: &str, named: Option<&str>) -> String {
    let named = named.map_or_else(|| format!("a record: {what}"), str::to_owned);
    if preposition.is_empty() { named } else { format!("{preposition} {named}") }
}
