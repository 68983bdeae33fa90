//! Product lines: how they are written.

use qiao_store::Tx;
use qiao_store::entities::product_line;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::context::Permission;
use crate::entry::{self, Chunk, Drafts, Entry, Written};
use crate::error::AppError;
use crate::forms::NAME;

/// A product line as it is sent. Absent fields stay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct ProductLineForm {
    /// The word in files, conditions and targets, unique; required for a new one and fixed from then on.
    code: Option<String>,
    /// The name people read.
    name: Option<String>,
}

entry::filter! {
    /// Which product lines.
    archived ProductLineFilter {}
}

/// A product line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProductLineView {
    /// The id.
    pub id: Uuid,
    /// The word in files, conditions and targets.
    pub code: String,
    /// The name people read.
    pub name: String,
    /// How often it was written: what If-Match takes.
    pub version: i64,
    /// It was put away.
    pub archived: bool,
}

impl From<&product_line::Model> for ProductLineView {
    fn from(line: &product_line::Model) -> Self {
        Self {
            id: line.id,
            code: line.code.clone(),
            name: line.name.clone(),
            version: line.version,
            archived: line.archived_at.is_some(),
        }
    }
}

/// Product lines as a kind of record.
#[derive(Debug)]
pub struct ProductLineEntry;

impl Entry for ProductLineEntry {
    type Whole = product_line::Model;
    type View = ProductLineView;
    const PERMISSION: Permission = Permission::ManageCatalog;

    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<product_line::Model>>, AppError> {
        let known = queries::lines(tx.conn()).await?;
        let befores = super::befores(chunk, &known)?;
        let drafts = Drafts::read(chunk, befores, |row, before: Option<&product_line::Model>| {
            let mut line = before.cloned().unwrap_or_else(|| blank(tx));
            // Facts, targets and plans name the line by its code.
            if before.is_some() && row.get("code").is_some_and(|code| code != line.code) {
                row.wrong("code", "fixed_code", &[]);
            }
            line.code = row.required_or("code", super::CODE, line.code);
            line.name = row.required_or("name", NAME, line.name);
            if known.iter().any(|other| other.code == line.code && other.id != line.id) {
                row.wrong("code", "already_used", &[&line.code]);
            }
            Ok(Some(line))
        })?;
        Ok(drafts.save(tx).await?.written())
    }
}

/// A product line without a name.
pub fn blank(tx: &Tx) -> product_line::Model {
    product_line::Model {
        id: Uuid::now_v7(),
        external_id: None,
        code: String::new(),
        name: String::new(),
        parent_id: None,
        version: 0,
        created_at: tx.now_ms(),
        updated_at: tx.now_ms(),
        archived_at: None,
    }
}
