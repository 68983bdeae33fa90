//! A mapping file: which column of somebody's file is which of ours.

use std::collections::BTreeMap;

use qiao_engine::yaml;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::table::Table;

/// A mapping as it is written: YAML.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Our column: theirs, or a text with theirs in braces, like `{region}/{manager}`.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Our column: the same value in every row.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// Our column: their value to ours, for names that are written in another way.
    #[serde(default)]
    pub aliases: BTreeMap<String, BTreeMap<String, String>>,
    /// Our column: a number by which theirs is multiplied.
    #[serde(default)]
    pub scale: BTreeMap<String, String>,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// What is wrong, with the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let tree = yaml::read(text).map_err(|error| error.to_string())?;
        serde_path_to_error::deserialize(tree.value.clone()).map_err(|error| {
            let pointer = format!("/{}", error.path().to_string().replace('.', "/"));
            format!("line {}: {}: {}", tree.line(&pointer), error.path(), error.inner())
        })
    }

    /// A mapping for files whose header is ours.
    #[must_use]
    pub fn plain(table: &Table) -> Self {
        let columns = table.header.iter().map(|name| (name.clone(), name.clone())).collect();
        Self { columns, ..Self::default() }
    }

    /// Checks the mapping against our columns and their header.
    ///
    /// # Errors
    /// The first thing that is wrong and what would be right.
    pub fn check(&self, ours: &[&str], table: &Table) -> Result<(), String> {
        let theirs = &table.header;
        for name in self.columns.keys().chain(self.constants.keys()).chain(self.aliases.keys()).chain(self.scale.keys())
        {
            if !ours.contains(&name.as_str()) {
                return Err(format!("'{name}' is not one of our columns: {}", ours.join(", ")));
            }
        }
        for (name, from) in &self.columns {
            for column in columns_of(from) {
                if !theirs.iter().any(|known| known == column) {
                    return Err(format!("{name}: the file has no column '{column}'; it has: {}", theirs.join(", ")));
                }
            }
        }
        for (name, factor) in &self.scale {
            if factor.parse::<Decimal>().is_err() {
                return Err(format!("scale.{name}: '{factor}' is not a number"));
            }
        }
        Ok(())
    }

    /// The values of a row under our names. An alias is applied to the whole value; an empty one is absent.
    #[must_use]
    pub fn apply(&self, header: &[String], cells: &[String]) -> BTreeMap<String, String> {
        let cell = |name: &str| {
            let index = header.iter().position(|known| known == name)?;
            cells.get(index).map(|cell| cell.trim().to_owned())
        };
        let mut values: BTreeMap<String, String> = self.constants.clone();
        for (name, from) in &self.columns {
            let value = if from.contains('{') { fill(from, &cell) } else { cell(from).unwrap_or_default() };
            let alias = self.aliases.get(name).and_then(|aliases| aliases.get(&value)).cloned();
            let value = alias.unwrap_or(value);
            if !value.is_empty() {
                values.insert(name.clone(), value);
            }
        }
        for (name, factor) in &self.scale {
            let scaled = values.get(name).and_then(|text| super::values::number(text)).and_then(|text| {
                let product = text.parse::<Decimal>().ok()?.checked_mul(factor.parse().ok()?)?;
                Some(product.normalize().to_string())
            });
            if let Some(scaled) = scaled {
                values.insert(name.clone(), scaled);
            }
        }
        values
    }
}

/// The columns that a column's source names.
fn columns_of(from: &str) -> Vec<&str> {
    if !from.contains('{') {
        return vec![from];
    }
    from.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

/// Fills a text with cells in braces; empty where every cell is.
fn fill(from: &str, cell: &impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut any = false;
    for (index, part) in from.split('{').enumerate() {
        if index == 0 {
            out.push_str(part);
        } else if let Some((name, rest)) = part.split_once('}') {
            let value = cell(name).unwrap_or_default();
            any |= !value.is_empty();
            out.push_str(&value);
            out.push_str(rest);
        }
    }
    if any { out } else { String::new() }
}
