//! Reading what is asked: subject, period, cut, in the asker's scope.

use std::fmt::Write as _;

use chrono::NaiveDate;
use qiao_engine::Snapshot;
use qiao_engine::dates::DateRange;
use qiao_engine::definitions::Definitions;
use qiao_engine::metrics::{Cut, MetricVersion, Subject};
use qiao_store::scope::RowScope;
use uuid::Uuid;

use crate::context::Context;
use crate::error::AppError;
use crate::people::sees_team;

/// A subject and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// For the engine.
    pub subject: Subject,
    /// person, team or company.
    pub kind: &'static str,
    /// The id; none for the company.
    pub id: Option<Uuid>,
    /// The name.
    pub name: String,
    /// True where the records behind the figures are the asker's to see, too; false where only the figures are, because
    /// the company opened attainment to everybody.
    pub in_scope: bool,
}

impl Asked {
    /// As the address writes it.
    #[must_use]
    pub fn address(&self) -> String {
        match self.id {
            Some(id) => format!("{}:{id}", self.kind),
            None => self.kind.to_owned(),
        }
    }
}

/// Reads `person:ID`, `team:ID` or `company`; oneself, or the company for those who see all, where absent. What the
/// asker may not see is not there.
///
/// # Errors
/// 404 out of scope, 422 for another form.
pub fn subject(text: Option<&str>, definitions: &Definitions, context: &Context) -> Result<Asked, AppError> {
    let asked = figures_of(text, definitions, context)?;
    if asked.in_scope { Ok(asked) } else { Err(AppError::NotFound) }
}

/// The same for figures without the records behind them: of everybody, where the company opened attainment.
///
/// # Errors
/// As for [`subject`].
pub fn figures_of(text: Option<&str>, definitions: &Definitions, context: &Context) -> Result<Asked, AppError> {
    let default = match context.person_id {
        _ if context.rows == RowScope::All => "company".to_owned(),
        Some(person) => format!("person:{person}"),
        None => return Err(AppError::NotFound),
    };
    let open = definitions.company.attainment_visible_to_all;
    let text = text.unwrap_or(&default);
    let (kind, id) = text.split_once(':').unwrap_or((text, ""));
    match kind {
        "company" if id.is_empty() => {
            let in_scope = context.rows == RowScope::All;
            if !in_scope && !open {
                return Err(AppError::NotFound);
            }
            let name = definitions.company.name.clone();
            Ok(Asked { subject: Subject::Company, kind: "company", id: None, name, in_scope })
        }
        "person" => {
            let id = Uuid::try_parse(id).map_err(|_| AppError::NotFound)?;
            let in_scope = context.rows.covers(Some(id));
            let person = definitions.people.get(&id.as_u128()).filter(|_| in_scope || open);
            let name = person.ok_or(AppError::NotFound)?.name.clone();
            Ok(Asked { subject: Subject::Person(id.as_u128()), kind: "person", id: Some(id), name, in_scope })
        }
        "team" => {
            let id = Uuid::try_parse(id).map_err(|_| AppError::NotFound)?;
            let in_scope = sees_team(definitions, context, id.as_u128());
            let team = definitions.teams.get(&id.as_u128()).filter(|_| in_scope || open);
            let name = team.ok_or(AppError::NotFound)?.name.clone();
            Ok(Asked { subject: Subject::Team(id.as_u128()), kind: "team", id: Some(id), name, in_scope })
        }
        _ => Err(AppError::field("/subject", "not_a_choice", &[text, "person:ID, team:ID, company"])),
    }
}

/// The days of a period, or those of them that are asked for: the days that a person was in a team.
///
/// # Errors
/// 422 where none are left.
pub fn days(whole: DateRange, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<DateRange, AppError> {
    let range =
        DateRange { start: from.unwrap_or(whole.start).max(whole.start), end: to.unwrap_or(whole.end).min(whole.end) };
    if range.start <= range.end {
        return Ok(range);
    }
    let args = [from.or(to).unwrap_or_default().to_string(), whole.start.to_string(), whole.end.to_string()];
    Err(AppError::field("/from", "out_of_range", &args.each_ref().map(String::as_str)))
}

/// The version of a metric in force today.
///
/// # Errors
/// 404 where there is none.
pub fn metric<'a>(snapshot: &'a Snapshot, context: &Context, code: &str) -> Result<&'a MetricVersion, AppError> {
    snapshot.definitions.metric_on(code, context.today()).ok_or(AppError::NotFound)
}

/// A cut as part of an address.
#[must_use]
pub fn cut_address(cut: &Cut) -> String {
    let parts = [("product_line", &cut.product_line), ("region", &cut.region), ("tier", &cut.tier)];
    parts
        .into_iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| format!("&{name}={}", encode(value))))
        .collect()
}

/// Percent-encodes a value of a query.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b':' => encoded.push(char::from(byte)),
            other => {
                // Writing into a string does not fail.
                let _ = write!(encoded, "%{other:02X}");
            }
        }
    }
    encoded
}
