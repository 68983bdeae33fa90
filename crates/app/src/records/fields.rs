//! A record as a page shows it: its fields, who is credited, its facts, what it belongs to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_engine::Language;
use qiao_engine::definitions::Definitions;
use qiao_engine::money::{Currency, format_minor};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::Context;
use crate::facts::Named;
use crate::facts::rules::record_type_name;
use crate::figures::{FactView, RecordId, RecordRef};
use crate::people::PersonRef;
use crate::splits::SplitView;

/// A record.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordView {
    /// The kind.
    #[serde(rename = "type")]
    record_type: String,
    /// The kind in words.
    type_name: String,
    id: Uuid,
    title: String,
    /// It was put away.
    archived: bool,
    fields: Vec<FieldView>,
    splits: Vec<CreditView>,
    facts: Vec<FactView>,
    related: Vec<RecordRef>,
}

/// A field.
#[derive(Debug, Serialize, ToSchema)]
struct FieldView {
    /// What it is; line, due and payment stand once for each row of a contract.
    key: &'static str,
    label: String,
    value: Option<String>,
    /// money or date; text where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordId>,
}

/// Who is credited.
#[derive(Debug, Serialize, ToSchema)]
struct CreditView {
    person: PersonRef,
    role: String,
    /// A fraction of one.
    share: String,
    from: Option<String>,
}

/// Builds the page of a record. Empty fields are left out.
pub struct Page<'a> {
    context: &'a Context,
    definitions: &'a Definitions,
    fields: Vec<FieldView>,
    splits: Vec<CreditView>,
    related: Vec<RecordRef>,
    called: Option<String>,
    archived: bool,
    stages: BTreeMap<String, String>,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub fn new(context: &'a Context, definitions: &'a Definitions) -> Self {
        Self {
            context,
            definitions,
            fields: Vec::new(),
            splits: Vec::new(),
            related: Vec::new(),
            called: None,
            archived: false,
            stages: BTreeMap::new(),
        }
    }

    fn field(&self, key: &'static str, (zh, en): (&str, &str), value: Option<String>) -> FieldView {
        let label = self.context.locale.pick(zh, en).to_owned();
        FieldView { key, label, value, unit: None, currency: None, record: None }
    }

    fn amount(&self, key: &'static str, names: (&str, &str), minor: Option<i64>, code: &str) -> FieldView {
        let currency: Currency = code.parse().unwrap_or(self.definitions.company.currency);
        let field = self.field(key, names, minor.map(|minor| format_minor(minor, currency)));
        FieldView { unit: Some("money"), currency: Some(code.to_owned()), ..field }
    }

    /// A text.
    pub fn text(&mut self, key: &'static str, names: (&str, &str), value: Option<String>) {
        self.fields.push(self.field(key, names, value));
    }

    /// One of a few words, in the asker's language.
    pub fn word(&mut self, key: &'static str, names: (&str, &str), value: &str, words: &[(&str, &str, &str)]) {
        let found = words.iter().find(|(word, _, _)| *word == value);
        let said = found.map_or(value, |(_, zh, en)| self.context.locale.pick(zh, en)).to_owned();
        self.text(key, names, Some(said));
    }

    /// A date.
    pub fn date(&mut self, key: &'static str, names: (&str, &str), value: Option<NaiveDate>) {
        let field = self.field(key, names, value.map(|date| date.to_string()));
        self.fields.push(FieldView { unit: Some("date"), ..field });
    }

    /// An amount.
    pub fn money(&mut self, key: &'static str, names: (&str, &str), minor: Option<i64>, code: &str) {
        self.fields.push(self.amount(key, names, minor, code));
    }

    /// An amount that another record holds, leading to it.
    pub fn money_of(&mut self, key: &'static str, names: (&str, &str), minor: i64, code: &str, record: RecordId) {
        let field = self.amount(key, names, Some(minor), code);
        self.fields.push(FieldView { record: Some(record), ..field });
    }

    /// The person who owns it.
    pub fn owner(&mut self, owner: Option<Uuid>) {
        let person = owner.and_then(|owner| PersonRef::of(self.definitions, owner));
        self.text("owner", ("负责人", "Owner"), person.map(|person| person.name));
    }

    /// Another record, as a field that leads to it, and among what it belongs to.
    pub fn link(&mut self, key: &'static str, names: (&str, &str), record_type: &str, found: Option<(Uuid, String)>) {
        let Some((id, name)) = found else { return };
        let record = RecordId { record_type: record_type.to_owned(), id };
        let field = self.field(key, names, Some(name.clone()));
        self.fields.push(FieldView { record: Some(record), ..field });
        let type_name = record_type_name(record_type, self.context.language()).to_owned();
        self.related.push(RecordRef { record_type: record_type.to_owned(), type_name, id, name });
    }

    /// Who is credited; the owner alone where nobody is named.
    pub fn credits(&mut self, splits: Vec<SplitView>, owner: Option<Uuid>) {
        let named = splits.into_iter().filter_map(|split| {
            let person = PersonRef::of(self.definitions, split.person_id)?;
            Some(CreditView { person, role: split.role, share: split.share, from: split.from })
        });
        self.splits = named.collect();
        if self.splits.is_empty() {
            let owner = owner.and_then(|owner| PersonRef::of(self.definitions, owner));
            let whole = |person| CreditView { person, role: "owner".to_owned(), share: "1".to_owned(), from: None };
            self.splits.extend(owner.map(whole));
        }
    }

    /// What this record is called where its kind says too little: a refund is no payment.
    pub fn called(&mut self, names: (&str, &str)) {
        self.called = Some(self.context.locale.pick(names.0, names.1).to_owned());
    }

    /// Whether it was put away.
    pub fn put_away(&mut self, at: Option<i64>) {
        self.archived = at.is_some();
    }

    /// The names of the stages its facts may speak of, by code.
    pub fn stages(&mut self, stages: impl Iterator<Item = (String, String)>) {
        self.stages = stages.collect();
    }

    /// The page, all but its facts.
    pub fn done(self, record_type: &str, id: Uuid, title: String) -> Drawn {
        let language = self.context.language();
        let view = RecordView {
            record_type: record_type.to_owned(),
            type_name: self.called.unwrap_or_else(|| record_type_name(record_type, language).to_owned()),
            id,
            title,
            archived: self.archived,
            fields: self.fields.into_iter().filter(|field| field.value.is_some()).collect(),
            splits: self.splits,
            facts: Vec::new(),
            related: self.related,
        };
        Drawn { view, stages: self.stages, language }
    }
}

/// A record's page before its facts are there: they are read meanwhile.
pub struct Drawn {
    view: RecordView,
    stages: BTreeMap<String, String>,
    language: Language,
}

impl Drawn {
    /// The page with every fact that came from the record, those that were taken back included.
    pub fn with(mut self, facts: &[Named]) -> RecordView {
        self.view.facts = facts.iter().map(|fact| with_stage(fact, self.language, &self.stages)).collect();
        self.view
    }
}

/// A fact with the name of the stage that was entered.
fn with_stage(fact: &Named, language: Language, stages: &BTreeMap<String, String>) -> FactView {
    let mut view = fact.view(language);
    if view.note.is_none() {
        view.note = fact.attribute("stage").and_then(|code| stages.get(&code).cloned());
    }
    view
}
