//! Reading a plan file, with errors that name the line.

use serde::Deserialize;

use super::model::Plan;
use crate::yaml;

/// What is wrong with a plan, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PlanError {
    /// The line in the file, from 1.
    pub line: usize,
    /// A JSON pointer.
    pub pointer: String,
    /// A stable code.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Reads a plan as YAML or JSON.
///
/// # Errors
/// [`PlanError`] with the place: not YAML (`unreadable`), or a part that is missing, unknown or of the wrong form
/// (`wrong_form`).
pub fn parse(text: &str) -> Result<(Plan, yaml::Tree), PlanError> {
    let tree = yaml::read(text).map_err(|error| PlanError {
        line: error.line,
        pointer: String::new(),
        code: "unreadable",
        message: error.message,
    })?;
    let plan = serde_path_to_error::deserialize(tree.value.clone());
    plan.map(|plan| (plan, tree.clone())).map_err(|error| {
        let pointer = pointer(error.path());
        let message = format!("{}: {}", pointer.trim_start_matches('/').replace('/', "."), error.inner());
        PlanError { line: tree.line(&pointer), pointer, code: "wrong_form", message }
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{key}")),
            Segment::Enum { variant } => Some(format!("/{variant}")),
            Segment::Unknown => None,
        })
        .collect()
}

/// Reads a plan that was stored as JSON.
///
/// # Errors
/// What serde says; a stored plan was checked before it was stored.
pub fn from_json(text: &str) -> Result<Plan, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Plan::deserialize(&mut reader)
}
