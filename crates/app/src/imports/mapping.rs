//! A mapping file: which column of somebody's file is which of ours.

use std::collections::BTreeMap;

use qiao_engine::yaml;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::compute::{Computed, Expression};
use super::table::Table;

/// A mapping as it is written: YAML in a file, JSON in a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Our column: theirs, or a text with theirs in braces, like `{region}/{manager}`.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Our column: the same value in every row.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// Our column: arithmetic over theirs, like `{price} * {quantity}`. `columns` may name the result.
    #[serde(default)]
    pub compute: BTreeMap<String, String>,
    /// Our column: their value to ours, for names that are written in another way.
    #[serde(default)]
    pub aliases: BTreeMap<String, BTreeMap<String, String>>,
    /// Our column: a number by which theirs is multiplied.
    #[serde(default)]
    pub scale: BTreeMap<String, String>,
    /// What money is written in.
    #[serde(default)]
    pub unit: Unit,
    /// How days are written that could mean two.
    #[serde(default)]
    pub dates: DateForm,
}

/// What `3/4/2017` means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DateForm {
    /// It is refused: the year comes first.
    #[default]
    Ymd,
    /// The third of April.
    Dmy,
    /// The fourth of March.
    Mdy,
}

impl DateForm {
    /// A day in this form with the year first; none where it is no such day.
    fn year_first(self, text: &str) -> Option<String> {
        let (day, rest) = text.trim().split_once([' ', 'T']).map_or((text.trim(), ""), |(day, rest)| (day, rest));
        let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
        let [first, second, year] = parts.as_slice() else { return None };
        let short = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || !short(first) || !short(second) {
            return None;
        }
        let (month, day) = match self {
            Self::Ymd => return None,
            Self::Dmy => (second, first),
            Self::Mdy => (first, second),
        };
        Some(format!("{year}-{month}-{day}{}{rest}", if rest.is_empty() { "" } else { " " }))
    }
}

/// What money is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Yuan.
    #[default]
    Major,
    /// Fen.
    Minor,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// What is wrong, with the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let tree = yaml::read(text).map_err(|error| error.to_string())?;
        Self::from_tree(&tree, "")
    }

    /// Reads the mapping that stands under a pointer of a file; the whole file is under the empty one.
    ///
    /// # Errors
    /// What is wrong, with the line.
    pub fn from_tree(tree: &yaml::Tree, under: &str) -> Result<Self, String> {
        let value = tree.value.pointer(under).cloned().unwrap_or_default();
        serde_path_to_error::deserialize(value).map_err(|error| {
            let pointer = format!("{under}/{}", error.path().to_string().replace('.', "/"));
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
    pub fn check(&self, ours: &[&str], header: &[String]) -> Result<(), String> {
        if self.unit == Unit::Minor {
            return Err("unit: minor is for qiao calc; write scale: {amount: \"0.01\"}".to_owned());
        }
        let helps = |name: &String| self.columns.values().any(|from| columns_of(from).contains(&name.as_str()));
        let computed = self.compute.keys().filter(|name| !helps(name));
        for name in self.names().chain(computed) {
            if !ours.contains(&name.as_str()) {
                return Err(format!("'{name}' is not one of our columns: {}", ours.join(", ")));
            }
        }
        self.check_header(header)
    }

    /// True where the mapping says what our column is.
    #[must_use]
    pub fn says(&self, column: &str) -> bool {
        let column = column.to_owned();
        self.columns.contains_key(&column) || self.constants.contains_key(&column) || self.compute.contains_key(&column)
    }

    /// Our columns that the mapping names, but for the computed ones.
    fn names(&self) -> impl Iterator<Item = &String> {
        self.columns.keys().chain(self.constants.keys()).chain(self.aliases.keys()).chain(self.scale.keys())
    }

    /// Checks the mapping against their header alone.
    ///
    /// # Errors
    /// The first thing that is wrong and what would be right.
    pub fn check_file(&self, table: &Table) -> Result<(), String> {
        self.check_header(&table.header)
    }

    fn check_header(&self, theirs: &[String]) -> Result<(), String> {
        let missing = |name: &str, column: &str| {
            format!("{name}: the file has no column '{column}'; it has: {}", theirs.join(", "))
        };
        for (name, from) in &self.columns {
            for column in columns_of(from) {
                if !theirs.iter().any(|known| known == column) && !self.compute.contains_key(column) {
                    return Err(missing(name, column));
                }
            }
        }
        for (name, text) in &self.compute {
            let expression = Expression::parse(text).map_err(|error| format!("compute.{name}: {error}"))?;
            if let Some(column) = expression.columns().into_iter().find(|column| !theirs.iter().any(|t| t == column)) {
                return Err(missing(&format!("compute.{name}"), column));
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
        let theirs = |name: &str| {
            let index = header.iter().position(|known| known == name)?;
            cells.get(index).map(|cell| cell.trim().to_owned())
        };
        let mut values: BTreeMap<String, String> = self.constants.clone();
        values.extend(self.compute.iter().filter_map(|(name, text)| Some((name.clone(), computed(text, &theirs)?))));
        let results = values.clone();
        let cell = |name: &str| match self.compute.contains_key(name) {
            true => results.get(name).cloned(),
            false => theirs(name),
        };
        for (name, from) in &self.columns {
            let value = if from.contains('{') { fill(from, &cell) } else { cell(from).unwrap_or_default() };
            let alias = self.aliases.get(name).and_then(|aliases| aliases.get(&value)).cloned();
            let value = alias.unwrap_or(value);
            if !value.is_empty() {
                values.insert(name.clone(), value);
            }
        }
        if self.dates != DateForm::Ymd {
            for (_, value) in values.iter_mut().filter(|(name, _)| is_date(name)) {
                if let Some(day) = self.dates.year_first(value) {
                    *value = day;
                }
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

    /// The file under our names: the columns that the mapping does not mention stay as they are, then come ours.
    #[must_use]
    pub fn apply_all(&self, table: &Table) -> Table {
        let computed: Vec<Expression> = self.compute.values().filter_map(|text| Expression::parse(text).ok()).collect();
        let mut used: Vec<&str> = self.columns.values().flat_map(|from| columns_of(from)).collect();
        used.extend(computed.iter().flat_map(Expression::columns));
        let mut ours: Vec<&String> = self.names().chain(self.compute.keys()).collect();
        ours.sort_unstable();
        ours.dedup();
        let stays = |name: &String| !used.contains(&name.as_str()) && !ours.contains(&name);
        let kept: Vec<usize> = (0..table.header.len()).filter(|at| table.header.get(*at).is_some_and(stays)).collect();
        let pick = |cells: &[String]| kept.iter().map(|at| cells.get(*at).cloned().unwrap_or_default()).collect();
        let mut header: Vec<String> = pick(&table.header);
        header.extend(ours.iter().map(|name| (*name).clone()));
        // An alias or a scale may be stated of a column that keeps its name.
        let own = |name: &&String| !self.columns.contains_key(*name) && table.header.contains(name);
        let renamed: Vec<&String> = self.aliases.keys().chain(self.scale.keys()).filter(own).collect();
        let mut full = self.clone();
        full.columns.extend(renamed.into_iter().map(|name| (name.clone(), name.clone())));
        let rows = table.rows.iter().map(|(line, cells)| {
            let mut values = full.apply(&table.header, cells);
            let mut row: Vec<String> = pick(cells);
            row.extend(ours.iter().map(|name| values.remove(*name).unwrap_or_default()));
            (*line, row)
        });
        Table { rows: rows.collect(), header }
    }
}

/// True for our columns that hold a day.
#[must_use]
pub fn is_date(column: &str) -> bool {
    column.ends_with("_on")
        || column.ends_with("_date")
        || matches!(column, "date" | "start" | "end" | "service_from" | "service_to" | "happened_at")
}

/// What an expression gives on a row: none where there is nothing to compute; the text with its cells, which is no
/// number, where it cannot be computed, so that the row is rejected for it.
fn computed(text: &str, cell: &impl Fn(&str) -> Option<String>) -> Option<String> {
    match Expression::parse(text).ok()?.value(cell) {
        Computed::Value(value) => Some(value.to_string()),
        Computed::Absent => None,
        Computed::Wrong => Some(fill(text, cell)),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_under_our_names() {
        let table =
            super::super::table::read(b"deal,month,price,n,line,note\nD1,0,10.50,3,a,x\nD2,11,?,2,b,\n").unwrap();
        let mapping = Mapping::parse(
            "columns: {id: deal, date: \"2026-{month_number}-01\", product_line: line}\n\
             compute: {month_number: \"{month} + 1\", amount: \"{price} * {n}\"}\n\
             constants: {kind: sale_recorded}\n\
             aliases: {product_line: {a: A}}\n",
        )
        .unwrap();
        mapping.check_file(&table).unwrap();
        let ours = mapping.apply_all(&table);
        assert_eq!(ours.header, ["note", "amount", "date", "id", "kind", "month_number", "product_line"]);
        assert_eq!(ours.rows[0].1, ["x", "31.5", "2026-1-01", "D1", "sale_recorded", "1", "A"]);
        assert_eq!(ours.rows[1].1[1], "? * 2");
    }

    #[test]
    fn days_that_could_mean_two_are_what_the_mapping_says() {
        let table =
            super::super::table::read(b"opened_on,name\n3/4/2017,3/4/2017\n2017-04-05,x\n13.1.2017 08:00,y\n").unwrap();
        for (form, days) in [
            ("dmy", ["2017-4-3", "2017-04-05", "2017-1-13 08:00"]),
            ("mdy", ["2017-3-4", "2017-04-05", "2017-13-1 08:00"]),
        ] {
            let mapping = Mapping::parse(&format!("columns: {{opened_on: opened_on, name: name}}\ndates: {form}\n"));
            let mapping = mapping.unwrap();
            let rows: Vec<_> = table.rows.iter().map(|(_, cells)| mapping.apply(&table.header, cells)).collect();
            for (row, day) in rows.iter().zip(days) {
                assert_eq!(row["opened_on"], day, "{form}");
            }
            assert_eq!(rows[0]["name"], "3/4/2017");
        }
    }

    #[test]
    fn what_a_mapping_cannot_mean_is_named() {
        let table = super::super::table::read(b"a,b\n1,2\n").unwrap();
        for (text, part) in [
            ("columns: {id: c}", "no column 'c'"),
            ("compute: {id: \"{c} + 1\"}", "no column 'c'"),
            ("compute: {id: \"{a} +\"}", "compute.id"),
            ("scale: {a: lots}", "not a number"),
        ] {
            let error = Mapping::parse(text).unwrap().check_file(&table).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        let minor = Mapping::parse("unit: minor").unwrap();
        assert!(minor.check(&["a"], &table.header).unwrap_err().contains("qiao calc"));
        let stray = Mapping::parse("compute: {x: \"{a} + 1\"}").unwrap();
        assert!(stray.check(&["a"], &table.header).unwrap_err().contains("'x'"));
    }
}
