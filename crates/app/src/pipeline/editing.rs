//! Editing pipelines and their stages. A pipeline and its stages are one thing with one version: whoever changes a stage
//! sends the version of the pipeline.

use std::collections::BTreeSet;

use qiao_store::entities::{pipeline, stage};
use qiao_store::{AuditEntry, DefinitionKind, Tx};
use uuid::Uuid;

use super::pipelines::{PipelineView, view_of};
use super::{queries, required, rules};
use crate::context::{Context, Permission};
use crate::customers::rules::Signed;
use crate::entry::Row;
use crate::error::{AppError, FieldError};
use crate::facts;
use crate::forms::NAME;
use crate::http::idempotent;
use crate::splits::Splits;
use crate::state::AppState;

/// The most stages of a pipeline.
const STAGES: usize = 40;
/// The most deals that leave a stage in one transaction.
const MOVED: u64 = 200;

/// What is to be done to a pipeline.
#[derive(Clone, Debug)]
pub enum Edit {
    /// A new one, with its stages or those that every pipeline begins with.
    Make(Row),
    /// Another name or place.
    Change(Row),
    /// Put it away.
    Archive,
    /// Bring it back.
    Restore,
    /// A new stage.
    AddStage(Row),
    /// Another name, place, kind, probability or rule of a stage.
    ChangeStage(Uuid, Row),
    /// Put a stage away; its open deals go to another one first.
    ArchiveStage(Uuid, Option<Uuid>),
    /// Bring a stage back.
    RestoreStage(Uuid),
}

/// An edit, who asks for it, and of what.
struct Wish {
    context: Context,
    view: qiao_store::books::View,
    /// The pipeline; none for a new one.
    id: Option<Uuid>,
    /// The version that was read; none where nothing is lost by not knowing it.
    version: Option<i64>,
    edit: Edit,
}

/// A pipeline while it is edited.
struct Editing {
    before: Option<pipeline::Model>,
    pipeline: pipeline::Model,
    stages: Vec<(Option<stage::Model>, stage::Model)>,
    /// The codes of all stages of the company: plans and facts name a stage by its code alone.
    codes: BTreeSet<String>,
    errors: Vec<FieldError>,
}

/// Edits a pipeline. The answer is the pipeline and its version.
///
/// # Errors
/// 403 without the permission, 404, 409 where deals are in the way, 412 where it was changed since it was read, 422 with
/// every wrong field.
pub async fn edit(
    state: &AppState,
    context: &Context,
    id: Option<Uuid>,
    version: Option<i64>,
    edit: Edit,
) -> Result<(PipelineView, i64), AppError> {
    context.require(Permission::ManageCatalog)?;
    let wish = Wish { context: context.clone(), view: state.view(context).await?, id, version, edit };
    Ok(state.store().write(&context.write(), wish, |tx, wish| Box::pin(apply(tx, wish))).await?)
}

async fn apply(tx: &mut Tx, wish: &Wish) -> Result<(PipelineView, i64), AppError> {
    let all = queries::stages(tx.conn()).await?;
    let pipelines = queries::pipelines(tx.conn()).await?;
    let mut editing = begin(tx, wish, &pipelines, all)?;
    if wish.version.is_some_and(|version| version != editing.pipeline.version) {
        return Err(AppError::Stale);
    }
    let is_back = matches!(wish.edit, Edit::Restore);
    if editing.pipeline.archived_at.is_some() && !is_back {
        return Err(AppError::Conflict("archived"));
    }
    match &wish.edit {
        Edit::Make(row) => editing.make(tx, row, &pipelines),
        Edit::Change(row) => editing.change(row, &pipelines),
        Edit::Archive => {
            let open = queries::open_deals(tx.conn(), &editing.stage_ids()).await?;
            if open > 0 {
                return Err(AppError::conflict("pipeline_has_deals", &[&open.to_string()]));
            }
            if pipelines.iter().filter(|other| other.archived_at.is_none()).count() < 2 {
                return Err(AppError::Conflict("last_pipeline"));
            }
            editing.pipeline.archived_at = Some(tx.now_ms());
        }
        Edit::Restore => editing.pipeline.archived_at = None,
        Edit::AddStage(row) => editing.add_stage(row),
        Edit::ChangeStage(id, row) => {
            let used = queries::deals(tx.conn(), *id).await?;
            editing.change_stage(*id, row, used)?;
        }
        Edit::ArchiveStage(id, to) => {
            editing.archive_stage(*id, tx.now_ms())?;
            clear(tx, wish, *id, *to, &editing).await?;
        }
        Edit::RestoreStage(id) => {
            let stage = editing.stage(*id)?;
            stage.archived_at = None;
        }
    }
    editing.check();
    if !editing.errors.is_empty() {
        return Err(AppError::Invalid(editing.errors));
    }
    let (pipeline, stages) = editing.save(tx).await?;
    let view = view_of(&pipeline, &stages);
    let is_post = matches!(wish.edit, Edit::Make(_) | Edit::AddStage(_) | Edit::Restore | Edit::RestoreStage(_));
    let status = if matches!(wish.edit, Edit::Make(_) | Edit::AddStage(_)) { 201 } else { 200 };
    Ok((if is_post { idempotent(tx, status, view) } else { view }, pipeline.version))
}

fn begin(tx: &Tx, wish: &Wish, pipelines: &[pipeline::Model], all: Vec<stage::Model>) -> Result<Editing, AppError> {
    let codes = all.iter().map(|stage| stage.code.clone()).collect();
    let before = match wish.id {
        Some(id) => Some(pipelines.iter().find(|pipeline| pipeline.id == id).cloned().ok_or(AppError::NotFound)?),
        None => None,
    };
    let pipeline = before.clone().unwrap_or_else(|| pipeline::Model {
        id: Uuid::now_v7(),
        external_id: None,
        name: String::new(),
        position: 0,
        version: 0,
        created_at: tx.now_ms(),
        updated_at: tx.now_ms(),
        archived_at: None,
    });
    let own = all.into_iter().filter(|stage| stage.pipeline_id == pipeline.id);
    let mut stages: Vec<_> = own.map(|stage| (Some(stage.clone()), stage)).collect();
    stages.sort_by_key(|(_, stage)| stage.position);
    Ok(Editing { before, pipeline, stages, codes, errors: Vec::new() })
}

impl Editing {
    fn stage_ids(&self) -> Vec<Uuid> {
        self.stages.iter().map(|(_, stage)| stage.id).collect()
    }

    fn stage(&mut self, id: Uuid) -> Result<&mut stage::Model, AppError> {
        let found = self.stages.iter_mut().find(|(_, stage)| stage.id == id);
        found.map(|(_, stage)| stage).ok_or(AppError::NotFound)
    }

    fn make(&mut self, tx: &Tx, row: &Row, pipelines: &[pipeline::Model]) {
        let mut row = row.clone();
        self.pipeline.position = pipelines.iter().map(|other| other.position).max().unwrap_or(0).saturating_add(1);
        self.named(&mut row, pipelines);
        let parts = row.parts("stages", &[]).unwrap_or_default();
        self.errors.append(&mut row.errors);
        for part in &parts {
            self.add_stage(part);
        }
        if parts.is_empty() {
            let locale = tx_locale(&row);
            for (kind, zh, en, percent) in
                [("open", "跟进中", "In progress", 50), ("won", "赢单", "Won", 100), ("lost", "输单", "Lost", 0)]
            {
                let code = self.free_code(kind);
                let name = locale.pick(zh, en).to_owned();
                self.push(code, name, kind.to_owned(), percent * 10_000, "[]".to_owned());
            }
        }
        self.pipeline.updated_at = tx.now_ms();
    }

    fn named(&mut self, row: &mut Row, pipelines: &[pipeline::Model]) {
        self.pipeline.name = row.required_or("name", NAME, self.pipeline.name.clone());
        let id = self.pipeline.id;
        if pipelines.iter().any(|other| other.name == self.pipeline.name && other.id != id) {
            row.wrong("name", "already_used", &[&self.pipeline.name]);
        }
    }

    fn change(&mut self, row: &Row, pipelines: &[pipeline::Model]) {
        let mut row = row.clone();
        self.named(&mut row, pipelines);
        let position = row.integer_or("position", 1, 1_000, Some(self.pipeline.position.into()));
        self.pipeline.position = position.and_then(|at| i32::try_from(at).ok()).unwrap_or(self.pipeline.position);
        self.errors.append(&mut row.errors);
    }

    /// A code that no stage has: the word, or the word with a number.
    fn free_code(&self, word: &str) -> String {
        let numbered = (2..).map(|number| format!("{word}-{number}"));
        std::iter::once(word.to_owned()).chain(numbered).find(|code| !self.codes.contains(code)).unwrap_or_default()
    }

    fn push(&mut self, code: String, name: String, kind: String, probability_ppm: i64, required: String) {
        self.codes.insert(code.clone());
        let stage = stage::Model {
            id: Uuid::now_v7(),
            pipeline_id: self.pipeline.id,
            code,
            name,
            position: 0,
            kind,
            probability_ppm,
            required,
            archived_at: None,
        };
        // A new open stage stands behind the last open one, before those that close a deal.
        let at = match stage.kind.as_str() {
            "open" => self.stages.iter().rposition(|(_, other)| other.kind == "open").map_or(0, |last| last + 1),
            _ => self.stages.len(),
        };
        self.stages.insert(at, (None, stage));
    }

    fn add_stage(&mut self, row: &Row) {
        let mut row = row.clone();
        let name = row.required("name", NAME);
        let kind = row.choice("kind", &["open", "won", "lost"]).unwrap_or_else(|| "open".to_owned());
        let code = match row.text("code", 60) {
            Some(code) => {
                if self.codes.contains(&code) {
                    row.wrong("code", "already_used", &[&code]);
                }
                if !is_code(&code) {
                    row.wrong("code", "not_code", &[&code]);
                }
                code
            }
            None => self.free_code(&kind),
        };
        let usual = match kind.as_str() {
            "won" => 1_000_000,
            "lost" => 0,
            _ => 500_000,
        };
        let probability = row.share("probability").unwrap_or(usual);
        let required = fields(&mut row).unwrap_or_else(|| "[]".to_owned());
        let position = row.integer("position", 1, 1_000);
        if self.stages.iter().filter(|(_, stage)| stage.archived_at.is_none()).count() >= STAGES {
            row.wrong("name", "too_many_rows", &[&STAGES.to_string()]);
        }
        let clean = row.errors.is_empty();
        self.errors.append(&mut row.errors);
        if clean {
            self.push(code.clone(), name, kind, probability, required);
            if let Some(position) = position
                && let Some(id) = self.stages.iter().find(|(_, stage)| stage.code == code).map(|(_, stage)| stage.id)
            {
                self.place(id, position);
            }
        }
    }

    fn change_stage(&mut self, id: Uuid, row: &Row, used: u64) -> Result<(), AppError> {
        let mut row = row.clone();
        let mut stage = self.stage(id)?.clone();
        if stage.archived_at.is_some() {
            return Err(AppError::Conflict("archived"));
        }
        stage.name = row.required_or("name", NAME, stage.name);
        // Facts and plans name the stage by its code.
        if row.get("code").is_some_and(|code| code != stage.code) {
            row.wrong("code", "fixed_code", &[]);
        }
        if let Some(kind) = row.choice("kind", &["open", "won", "lost"])
            && kind != stage.kind
        {
            if used > 0 {
                row.wrong("kind", "stage_used", &[&used.to_string()]);
            }
            stage.kind = kind;
        }
        stage.probability_ppm = row.share("probability").unwrap_or(stage.probability_ppm);
        if let Some(required) = fields(&mut row) {
            stage.required = required;
        }
        let position = row.integer("position", 1, 1_000);
        self.errors.append(&mut row.errors);
        *self.stage(id)? = stage;
        if let Some(position) = position {
            self.place(id, position);
        }
        Ok(())
    }

    /// Puts a stage at a place among those that are there, from 1.
    fn place(&mut self, id: Uuid, position: i64) {
        let Some(from) = self.stages.iter().position(|(_, stage)| stage.id == id) else { return };
        let stage = self.stages.remove(from);
        let before = usize::try_from(position.max(1)).unwrap_or(1) - 1;
        let there = self.stages.iter().enumerate().filter(|(_, (_, stage))| stage.archived_at.is_none());
        let at = there.map(|(index, _)| index).nth(before).unwrap_or(self.stages.len());
        self.stages.insert(at, stage);
    }

    fn archive_stage(&mut self, id: Uuid, now_ms: i64) -> Result<(), AppError> {
        let stage = self.stage(id)?;
        stage.archived_at = stage.archived_at.or(Some(now_ms));
        Ok(())
    }

    /// A pipeline needs a stage to work on, one that wins and one that loses a deal.
    fn check(&mut self) {
        for kind in ["open", "won", "lost"] {
            let of_kind = |stage: &stage::Model| stage.archived_at.is_none() && stage.kind == kind;
            // A pipeline that never had one may be edited towards it.
            let had = self.stages.iter().filter_map(|(before, _)| before.as_ref()).any(of_kind);
            if (self.before.is_none() || had) && !self.stages.iter().any(|(_, stage)| of_kind(stage)) {
                self.errors.push(FieldError::new("/kind", "last_stage", &[]));
            }
        }
    }

    /// Saves what changed: the pipeline gets a new version with each change of a stage.
    async fn save(mut self, tx: &mut Tx) -> Result<(pipeline::Model, Vec<stage::Model>), AppError> {
        for ((_, stage), position) in self.stages.iter_mut().zip(1..) {
            stage.position = position;
        }
        let differs = |(before, after): &(Option<stage::Model>, stage::Model)| before.as_ref() != Some(after);
        if self.stages.iter().any(differs) {
            qiao_store::Record::touch(&mut self.pipeline);
        }
        let (_, pipeline) = tx.save(self.before.as_ref(), self.pipeline).await?;
        for (before, after) in &self.stages {
            if before.as_ref() == Some(after) {
                continue;
            }
            queries::put_stage(tx.conn(), before.is_none(), after.clone()).await?;
            tx.audit(AuditEntry {
                action: action(before.as_ref(), after),
                record_type: "stage",
                record_id: Some(after.id),
                before: before.as_ref().and_then(|stage| serde_json::to_string(stage).ok()),
                after: serde_json::to_string(after).ok(),
            });
            tx.definition_changed(DefinitionKind::Catalog);
        }
        Ok((pipeline, self.stages.into_iter().map(|(_, stage)| stage).collect()))
    }
}

fn action(before: Option<&stage::Model>, after: &stage::Model) -> &'static str {
    match before.map(|before| (before.archived_at, after.archived_at)) {
        None => "created",
        Some((None, Some(_))) => "archived",
        Some((Some(_), None)) => "restored",
        Some(_) => "updated",
    }
}

/// The language of the stages that a pipeline begins with.
fn tx_locale(row: &Row) -> crate::locale::Locale {
    let is_chinese = row.get("name").is_some_and(|name| name.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)));
    if is_chinese { crate::locale::Locale::Zh } else { crate::locale::Locale::En }
}

fn is_code(code: &str) -> bool {
    code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

/// The fields that a row says the stage requires, as they are stored.
fn fields(row: &mut Row) -> Option<String> {
    let wanted = row.words("required")?;
    let known = required::words();
    for (index, word) in wanted.iter().enumerate() {
        if !known.contains(&word.as_str()) {
            row.wrong(&format!("required/{index}"), "not_a_choice", &[word, &known.join(", ")]);
        }
    }
    let kept: Vec<&str> = known.into_iter().filter(|word| wanted.iter().any(|wanted| wanted == word)).collect();
    serde_json::to_string(&kept).ok()
}

/// Moves the open deals of a stage to another one, with the facts that follow; refused where none is named.
async fn clear(tx: &mut Tx, wish: &Wish, from: Uuid, to: Option<Uuid>, editing: &Editing) -> Result<(), AppError> {
    let open = queries::open_deals(tx.conn(), &[from]).await?;
    if open == 0 {
        return Ok(());
    }
    let Some(to) = to else {
        return Err(AppError::conflict("stage_has_deals", &[&open.to_string()]));
    };
    let target = editing.stages.iter().map(|(_, stage)| stage).find(|stage| stage.id == to);
    let Some(target) = target.filter(|stage| stage.archived_at.is_none() && stage.kind == "open") else {
        return Err(AppError::field("/move_to", "unknown_reference", &[&to.to_string()]));
    };
    if open > MOVED {
        let (open, most) = (open.to_string(), MOVED.to_string());
        return Err(AppError::conflict("too_many_to_move", &[&open, &most]));
    }
    let deals = queries::open_on(tx.conn(), from).await?;
    let missing = deals.iter().filter(|deal| !required::has_all(deal, target)).count();
    if missing > 0 {
        let missing = missing.to_string();
        return Err(AppError::conflict("stage_lacks", &[&missing, &target.name]));
    }
    let ids: Vec<Uuid> = deals.iter().map(|deal| deal.id).collect();
    let mut splits = Splits::of(tx.conn(), "opportunity", &ids).await?;
    let standing = facts::standing(tx.conn(), &ids).await?;
    let accounts = deals.iter().filter_map(|deal| deal.account_id).collect();
    let accounts = crate::customers::rules::accounts(tx.conn(), accounts).await?;
    let (today, now_ms) = (wish.context.today(), tx.now_ms());
    let mut changes = Vec::with_capacity(deals.len());
    for before in deals {
        let mut after = before.clone();
        after.stage_id = target.id;
        after.stage_entered_at = now_ms;
        let own = splits.remove(&before.id).unwrap_or_default();
        let around = rules::Around {
            definitions: &wish.view.snapshot.definitions,
            catalog: &wish.view.catalog,
            account: after.account_id.and_then(|id| accounts.get(&id)),
            signed: &Signed::default(),
            splits: &own,
            history: &[],
        };
        rules::record(tx, Some(&before), &after, &around, standing.of(before.id), today)?;
        changes.push((Some(before), after));
    }
    tx.save_all(changes).await?;
    Ok(())
}
