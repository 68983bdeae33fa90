//! A write transaction: the connection that remembers its first error, and the rows that go in at the end.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::NaiveDate;
use sea_orm::sea_query::{CommonTableExpression, InsertStatement, OnConflict, WithClause, WithQuery};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, ExecResult, QueryResult, QueryTrait,
    Statement,
};
use uuid::Uuid;

use super::{Actor, Replayed, WriteContext};
use crate::StoreError;
use crate::audit::new_salt;
use crate::entities::{audit, credit, definition_change, fact, idempotency_key, job};

/// Rows per insert statement: below SQLite's 32,766 variables with the widest table.
const ROWS_PER_INSERT: usize = 400;
/// What stands before the user whose inbox changed, among the changes that every node follows.
pub(crate) const INBOX: &str = "inbox:";
/// Tables with rows that go in at the end of a transaction: six of at most [`ROWS_PER_INSERT`] rows are below PostgreSQL's
/// 65,535 variables.
const TABLES: usize = 6;

/// The connection of a write transaction. It counts statements and remembers the first database error: a transaction
/// that met one is never committed, even if the command went on. On PostgreSQL a swallowed unique violation otherwise
/// answers Ok with nothing stored, because COMMIT of a failed transaction answers ROLLBACK.
pub struct TxConn {
    inner: DatabaseTransaction,
    error: OnceLock<DbErr>,
    statements: AtomicU32,
}

impl TxConn {
    fn note<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        if let Err(error) = &result {
            let _ = self.error.set(error.clone());
        }
        result
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for TxConn {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.note(self.inner.execute_raw(statement).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.note(self.inner.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.note(self.inner.query_one_raw(statement).await)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.note(self.inner.query_all_raw(statement).await)
    }
}

/// A fact to be recorded, with the credits of the people it counts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFact {
    /// What happened.
    pub kind: String,
    /// The business date, in the company's zone.
    pub date: NaiveDate,
    /// The moment it happened, ms; the moment of the request where unknown.
    pub occurred_at: Option<i64>,
    /// The customer.
    pub account_id: Option<Uuid>,
    /// The root of the customer's group of companies.
    pub account_group: Option<Uuid>,
    /// The deal.
    pub opportunity_id: Option<Uuid>,
    /// The contract.
    pub contract_id: Option<Uuid>,
    /// The payment.
    pub payment_id: Option<Uuid>,
    /// The product.
    pub product_id: Option<Uuid>,
    /// The product line's code.
    pub product_line: Option<String>,
    /// The customer's region.
    pub region: Option<String>,
    /// The customer's tier.
    pub tier: Option<String>,
    /// `new` or `existing`, by the company's rule.
    pub customer_kind: Option<String>,
    /// The kind of contract.
    pub contract_kind: Option<String>,
    /// Where the business came from.
    pub source: Option<String>,
    /// The whole amount, minor units; a reversal's is the negative change.
    pub amount_minor: i64,
    /// The amount without VAT, minor units.
    pub amount_excl_tax_minor: Option<i64>,
    /// The margin, minor units.
    pub margin_minor: Option<i64>,
    /// The quantity in millionths.
    pub quantity_micro: Option<i64>,
    /// A score in millionths.
    pub score_micro: Option<i64>,
    /// The currency of the amounts.
    pub currency: String,
    /// When the money was due.
    pub due_date: Option<NaiveDate>,
    /// True while the fact waits for its recognition.
    pub pending: bool,
    /// Other attributes, by declared name.
    pub attributes: Vec<(String, String)>,
    /// The fact this one reverses or refers to.
    pub refers_to: Option<Uuid>,
    /// The version of the rule that decided `customer_kind`.
    pub rule_version: Option<String>,
    /// The kind of record it comes from.
    pub record_type: &'static str,
    /// The record it comes from.
    pub record_id: Uuid,
    /// Whose it is: person, role, share in parts per million.
    pub credits: Vec<(Uuid, String, i64)>,
}

impl NewFact {
    /// A fact without amounts or dimensions.
    #[must_use]
    pub fn new(kind: &str, date: NaiveDate, currency: &str, record_type: &'static str, record_id: Uuid) -> Self {
        Self {
            kind: kind.to_owned(),
            date,
            occurred_at: None,
            account_id: None,
            account_group: None,
            opportunity_id: None,
            contract_id: None,
            payment_id: None,
            product_id: None,
            product_line: None,
            region: None,
            tier: None,
            customer_kind: None,
            contract_kind: None,
            source: None,
            amount_minor: 0,
            amount_excl_tax_minor: None,
            margin_minor: None,
            quantity_micro: None,
            score_micro: None,
            currency: currency.to_owned(),
            due_date: None,
            pending: false,
            attributes: Vec::new(),
            refers_to: None,
            rule_version: None,
            record_type,
            record_id,
            credits: Vec::new(),
        }
    }

    fn check(&self) -> Result<(), StoreError> {
        let mut owners = 0_i64;
        for (index, (person, role, share)) in self.credits.iter().enumerate() {
            if *share <= 0 {
                return Err(StoreError::Fact(format!("a share of {share} ppm is not above zero")));
            }
            if self.credits.iter().take(index).any(|(p, r, _)| p == person && r == role) {
                return Err(StoreError::Fact(format!("person {person} is credited twice as {role}")));
            }
            if role == "owner" {
                owners = owners.saturating_add(*share);
            }
        }
        if owners > 1_000_000 {
            return Err(StoreError::Fact(format!("owner shares sum to {owners} ppm, more than the whole")));
        }
        Ok(())
    }
}

/// The kinds of record that facts come from.
const RECORD_TYPES: [&str; 8] =
    ["lead", "activity", "opportunity", "contract", "payment", "invoice", "sales_order", "delivery"];

/// A line for the audit log: what was done to which record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// What was done, a verb: created, updated, archived, signed_in ...
    pub action: &'static str,
    /// The kind of record.
    pub record_type: &'static str,
    /// The record.
    pub record_id: Option<Uuid>,
    /// The record before, as JSON.
    pub before: Option<String>,
    /// The record after, as JSON.
    pub after: Option<String>,
}

/// Which part of a snapshot's definitions changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefinitionKind {
    /// Company, calendar, exchange rates.
    Company,
    /// People, teams, memberships.
    People,
    /// Metric versions.
    Metrics,
    /// Targets.
    Targets,
    /// Plan versions.
    Plans,
    /// Pipelines, stages, products: names used in explanations and checks.
    Catalog,
    /// What is known of who shows a credential: a user's role, grant, person, language; ended sessions, revoked tokens.
    Access,
    /// The name of a customer or a deal, by which facts are called.
    Names,
}

impl DefinitionKind {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::People => "people",
            Self::Metrics => "metrics",
            Self::Targets => "targets",
            Self::Plans => "plans",
            Self::Catalog => "catalog",
            Self::Access => "access",
            Self::Names => "names",
        }
    }
}

/// Work to be done after the commit, at least once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// What to do.
    pub kind: &'static str,
    /// What it needs, JSON.
    pub payload: String,
    /// A job with the same key that still waits makes this one superfluous.
    pub dedup_key: Option<String>,
    /// When it may start, ms.
    pub run_at: i64,
}

/// A write transaction, handed to a command by [`crate::Store::write`].
pub struct Tx {
    conn: TxConn,
    context: WriteContext,
    facts: Vec<fact::ActiveModel>,
    credits: Vec<credit::ActiveModel>,
    audits: Vec<audit::ActiveModel>,
    changes: Vec<DefinitionKind>,
    notified: Vec<Uuid>,
    jobs: Vec<NewJob>,
    answer: Option<Replayed>,
}

impl Tx {
    pub(crate) fn new(inner: DatabaseTransaction, context: WriteContext) -> Self {
        Self {
            conn: TxConn { inner, error: OnceLock::new(), statements: AtomicU32::new(0) },
            context,
            facts: Vec::new(),
            credits: Vec::new(),
            audits: Vec::new(),
            changes: Vec::new(),
            notified: Vec::new(),
            jobs: Vec::new(),
            answer: None,
        }
    }

    /// The connection to read and write through.
    #[must_use]
    pub fn conn(&self) -> &TxConn {
        &self.conn
    }

    /// The moment of the request, milliseconds since 1970 UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.context.now_ms
    }

    /// Who writes.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.context.actor
    }

    /// How many statements went to the database so far.
    #[must_use]
    pub fn statements(&self) -> u32 {
        self.conn.statements.load(Ordering::Relaxed)
    }

    /// Records a fact with its credits; they are written with the transaction.
    ///
    /// # Errors
    /// [`StoreError::Fact`] where shares are not above zero, a person is credited twice in a role, or the owners' shares
    /// sum to more than the whole.
    pub fn fact(&mut self, new: NewFact) -> Result<Uuid, StoreError> {
        new.check()?;
        let id = Uuid::now_v7();
        let attributes = attributes_json(&new.attributes);
        for (person_id, role, share_ppm) in new.credits {
            self.credits.push(credit::ActiveModel {
                fact_id: Set(id),
                person_id: Set(person_id),
                role: Set(role),
                share_ppm: Set(share_ppm),
                from_date: Set(None),
            });
        }
        self.facts.push(fact::ActiveModel {
            sequence: NotSet,
            id: Set(id),
            kind: Set(new.kind),
            date: Set(new.date),
            occurred_at: Set(new.occurred_at.unwrap_or(self.context.now_ms)),
            recorded_at: Set(self.context.now_ms),
            account_id: Set(new.account_id),
            account_group: Set(new.account_group),
            opportunity_id: Set(new.opportunity_id),
            contract_id: Set(new.contract_id),
            payment_id: Set(new.payment_id),
            product_id: Set(new.product_id),
            product_line: Set(new.product_line),
            region: Set(new.region),
            tier: Set(new.tier),
            customer_kind: Set(new.customer_kind),
            contract_kind: Set(new.contract_kind),
            source: Set(new.source),
            amount_minor: Set(new.amount_minor),
            amount_excl_tax_minor: Set(new.amount_excl_tax_minor),
            margin_minor: Set(new.margin_minor),
            quantity_micro: Set(new.quantity_micro),
            score_micro: Set(new.score_micro),
            currency: Set(new.currency),
            due_date: Set(new.due_date),
            recognized_on: Set((!new.pending).then_some(new.date)),
            pending: Set(new.pending),
            attributes: Set(attributes),
            refers_to: Set(new.refers_to),
            rule_version: Set(new.rule_version),
            record_type: Set(new.record_type.to_owned()),
            record_id: Set(new.record_id),
            actor: Set(self.context.actor.user_id()),
        });
        Ok(id)
    }

    /// Takes a fact back: a fact of the same kind, date and dimensions with everything negative that refers to it.
    ///
    /// # Errors
    /// [`StoreError::Fact`] as for [`Tx::fact`].
    pub fn reverse(&mut self, origin: &fact::Model, credits: Vec<credit::Model>) -> Result<Uuid, StoreError> {
        let attributes: std::collections::BTreeMap<String, String> =
            origin.attributes.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let record_type = RECORD_TYPES.iter().find(|known| **known == origin.record_type).copied().unwrap_or("record");
        self.fact(NewFact {
            occurred_at: None,
            account_id: origin.account_id,
            account_group: origin.account_group,
            opportunity_id: origin.opportunity_id,
            contract_id: origin.contract_id,
            payment_id: origin.payment_id,
            product_id: origin.product_id,
            product_line: origin.product_line.clone(),
            region: origin.region.clone(),
            tier: origin.tier.clone(),
            customer_kind: origin.customer_kind.clone(),
            contract_kind: origin.contract_kind.clone(),
            source: origin.source.clone(),
            amount_minor: -origin.amount_minor,
            amount_excl_tax_minor: origin.amount_excl_tax_minor.map(|minor| -minor),
            margin_minor: origin.margin_minor.map(|minor| -minor),
            quantity_micro: origin.quantity_micro.map(|micro| -micro),
            score_micro: origin.score_micro.map(|micro| -micro),
            due_date: origin.due_date,
            pending: origin.pending,
            attributes: attributes.into_iter().collect(),
            refers_to: Some(origin.id),
            rule_version: origin.rule_version.clone(),
            credits: credits.into_iter().map(|credit| (credit.person_id, credit.role, credit.share_ppm)).collect(),
            ..NewFact::new(&origin.kind, origin.date, &origin.currency, record_type, origin.record_id)
        })
    }

    /// Writes a line into the audit log with the transaction.
    pub fn audit(&mut self, entry: AuditEntry) {
        self.audits.push(audit::ActiveModel {
            sequence: NotSet,
            at: Set(self.context.now_ms),
            actor_kind: Set(self.context.actor.kind().to_owned()),
            actor_id: Set(self.context.actor.user_id()),
            actor_name: Set(self.context.actor.name().to_owned()),
            action: Set(entry.action.to_owned()),
            record_type: Set(entry.record_type.to_owned()),
            record_id: Set(entry.record_id),
            salt: Set(new_salt()),
            before_payload: Set(entry.before),
            after_payload: Set(entry.after),
        });
    }

    /// Names who did what the audit rows of this transaction tell, and when (ms since 1970 UTC), where the writer only enters
    /// what others did: the history of the example company. `author` is asked with a record as it is to be; all rows of the
    /// record follow it. How the rows came in, their kind of actor, stays what it is.
    pub fn sign(&mut self, author: impl Fn(&serde_json::Value) -> Option<(String, i64)>) {
        let payload = |row: &audit::ActiveModel| {
            let text = row.after_payload.try_as_ref()?.as_deref()?;
            serde_json::from_str::<serde_json::Value>(text).ok()
        };
        let record = |row: &audit::ActiveModel| row.record_id.try_as_ref().copied().flatten();
        let authors: std::collections::BTreeMap<Uuid, (String, i64)> =
            self.audits.iter().filter_map(|row| Some((record(row)?, author(&payload(row)?)?))).collect();
        for row in &mut self.audits {
            if let Some((name, at)) = record(row).and_then(|id| authors.get(&id)) {
                row.actor_name = Set(name.clone());
                row.at = Set(*at);
            }
        }
    }

    /// Says that definitions of a kind changed, so that every node reads them anew.
    pub fn definition_changed(&mut self, kind: DefinitionKind) {
        if !self.changes.contains(&kind) {
            self.changes.push(kind);
        }
    }

    /// Says that a user's inbox changed, so that every node tells the pages that the user has open.
    pub fn notified(&mut self, user: Uuid) {
        if !self.notified.contains(&user) {
            self.notified.push(user);
        }
    }

    /// Enqueues a job with the transaction.
    pub fn enqueue(&mut self, job: NewJob) {
        self.jobs.push(job);
    }

    /// The answer to keep under the request's idempotency key. Without a key nothing is kept.
    pub fn answer(&mut self, status: u16, body: String) {
        self.answer = Some(Replayed { status, body });
    }

    pub(crate) fn take_error(&mut self) -> Option<DbErr> {
        self.conn.error.take()
    }

    pub(crate) fn into_inner(self) -> DatabaseTransaction {
        self.conn.inner
    }

    /// Writes the buffered rows, one statement per table (more above [`ROWS_PER_INSERT`] rows); on PostgreSQL, where each
    /// statement is a trip, all of them in one. False where the idempotency key was taken: the whole transaction is then
    /// to be undone and the first answer replayed.
    pub(crate) async fn flush(&mut self) -> Result<bool, StoreError> {
        let now_ms = self.context.now_ms;
        let kinds = std::mem::take(&mut self.changes).into_iter().map(|kind| kind.as_str().to_owned());
        let inboxes = std::mem::take(&mut self.notified).into_iter().map(|user| format!("{INBOX}{user}"));
        let changes = kinds.chain(inboxes).map(|kind| definition_change::ActiveModel {
            sequence: NotSet,
            kind: Set(kind),
            changed_at: Set(now_ms),
        });
        let mut inserts = Vec::new();
        inserts.extend(in_parts::<fact::Entity, _>(std::mem::take(&mut self.facts)));
        inserts.extend(in_parts::<credit::Entity, _>(std::mem::take(&mut self.credits)));
        inserts.extend(in_parts::<audit::Entity, _>(std::mem::take(&mut self.audits)));
        inserts.extend(in_parts::<definition_change::Entity, _>(changes.collect()));
        inserts.extend(self.job_rows());
        let answer = self.answer_row();
        let keyed = answer.is_some();
        inserts.extend(answer);
        let backend = self.conn.get_database_backend();
        // Above one statement for each table there are so many rows that a trip more is nothing.
        let statements = if backend == DbBackend::Postgres && (2..=TABLES).contains(&inserts.len()) {
            together(inserts).iter().map(|insert| backend.build(insert)).collect()
        } else {
            inserts.iter().map(|insert| backend.build(insert)).collect::<Vec<_>>()
        };
        let mut written = 0;
        for statement in statements {
            written = self.conn.execute_raw(statement).await?.rows_affected();
        }
        // The answer's row is the last of all, and what a statement of several counts is its last.
        Ok(!keyed || written > 0)
    }

    fn job_rows(&mut self) -> Option<InsertStatement> {
        let created_at = self.context.now_ms;
        let jobs: Vec<_> = std::mem::take(&mut self.jobs)
            .into_iter()
            .map(|new| job::ActiveModel {
                id: NotSet,
                kind: Set(new.kind.to_owned()),
                payload: Set(new.payload),
                dedup_key: Set(new.dedup_key),
                run_at: Set(new.run_at),
                attempts: Set(0),
                locked_until: Set(None),
                last_error: Set(None),
                created_at: Set(created_at),
            })
            .collect();
        if jobs.is_empty() {
            return None;
        }
        let once = OnConflict::column(job::Column::DedupKey).do_nothing().to_owned();
        Some(job::Entity::insert_many(jobs).on_conflict(once).into_query())
    }

    fn answer_row(&mut self) -> Option<InsertStatement> {
        let (Some(key), Some(answer)) = (self.context.idempotency.clone(), self.answer.take()) else {
            return None;
        };
        let row = idempotency_key::ActiveModel {
            user_id: Set(key.user_id),
            key: Set(key.key),
            request_digest: Set(key.request_digest),
            status: Set(i32::from(answer.status)),
            response: Set(answer.body),
            created_at: Set(self.context.now_ms),
        };
        let once = OnConflict::columns([idempotency_key::Column::UserId, idempotency_key::Column::Key])
            .do_nothing()
            .to_owned();
        Some(idempotency_key::Entity::insert(row).on_conflict(once).into_query())
    }
}

/// One statement for all: the last insert, the others before it as data-modifying `WITH` queries, which PostgreSQL runs to
/// their end whether or not anything reads them; foreign keys are checked when all rows are in.
/// <https://www.postgresql.org/docs/15/queries-with.html#QUERIES-WITH-MODIFYING>
fn together(mut inserts: Vec<InsertStatement>) -> Option<WithQuery> {
    let last = inserts.pop()?;
    let mut with = WithClause::new();
    for (index, insert) in inserts.into_iter().enumerate() {
        with.cte(CommonTableExpression::new().query(insert).table_name(format!("rows_{index}")).to_owned());
    }
    Some(last.with(with))
}

/// What was answered under the request's key before; none where the key is new or there is none.
///
/// # Errors
/// [`StoreError::KeyReused`] where the key belongs to another request.
pub(crate) async fn replay(db: &impl ConnectionTrait, context: &WriteContext) -> Result<Option<Replayed>, StoreError> {
    let Some(key) = &context.idempotency else { return Ok(None) };
    let row = idempotency_key::Entity::find_by_id((key.user_id, key.key.clone())).one(db).await?;
    let Some(row) = row else { return Ok(None) };
    if row.request_digest != key.request_digest {
        return Err(StoreError::KeyReused);
    }
    Ok(Some(Replayed { status: u16::try_from(row.status).unwrap_or(200), body: row.response }))
}

/// The rows of a table in inserts of at most [`ROWS_PER_INSERT`] rows.
fn in_parts<E, A>(mut rows: Vec<A>) -> Vec<InsertStatement>
where
    E: EntityTrait,
    A: sea_orm::ActiveModelTrait<Entity = E>,
{
    let mut all = Vec::new();
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS_PER_INSERT));
        all.push(E::insert_many(rows).into_query());
        rows = rest;
    }
    all
}

pub(super) async fn insert_all<E, A>(conn: &TxConn, rows: Vec<A>) -> Result<(), StoreError>
where
    E: EntityTrait,
    A: sea_orm::ActiveModelTrait<Entity = E>,
{
    for insert in in_parts::<E, A>(rows) {
        conn.execute_raw(conn.get_database_backend().build(&insert)).await?;
    }
    Ok(())
}

fn attributes_json(attributes: &[(String, String)]) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let map: std::collections::BTreeMap<_, _> = attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    serde_json::to_string(&map).ok()
}
