//! The files of a calculation: read, put under our names, written as the engine reads them.

use std::path::Path;

use qiao_app::imports::{self, Mapping, Unit, values};
use qiao_engine::calc::Table;
use qiao_engine::metrics::{MetricVersion, Unit as MetricUnit};
use qiao_engine::money::Currency;
use qiao_engine::yaml;
use rust_decimal::Decimal;

use crate::failure::{Failure, read};

/// Which file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// facts.csv.
    Facts,
    /// people.csv.
    People,
    /// targets.csv.
    Targets,
    /// rates.csv.
    Rates,
    /// absences.csv.
    Absences,
    /// carry.csv.
    Carry,
}

impl Role {
    const ALL: [Role; 6] = [Role::Facts, Role::People, Role::Targets, Role::Rates, Role::Absences, Role::Carry];

    /// The section of a mapping file.
    fn section(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::People => "people",
            Self::Targets => "targets",
            Self::Rates => "rates",
            Self::Absences => "absences",
            Self::Carry => "carry",
        }
    }

    fn dates(self) -> &'static [&'static str] {
        match self {
            Self::Facts => &["date", "due_date", "recognized", "recorded"],
            Self::People | Self::Absences => &["start", "end"],
            Self::Targets => &[],
            Self::Rates => &["date"],
            Self::Carry => &["date", "due"],
        }
    }

    fn numbers(self) -> &'static [&'static str] {
        match self {
            Self::Facts => &["amount", "amount_excl_tax", "margin", "quantity", "score", "share"],
            Self::People | Self::Absences => &[],
            Self::Targets => &["base", "challenge", "stretch"],
            Self::Rates => &["rate"],
            Self::Carry => &["amount"],
        }
    }

    /// The numbers that are money.
    fn money(self) -> &'static [&'static str] {
        match self {
            Self::Facts => &["amount", "amount_excl_tax", "margin"],
            Self::People | Self::Absences | Self::Rates => &[],
            Self::Targets => &["base", "challenge", "stretch"],
            Self::Carry => &["amount"],
        }
    }
}

/// How files are read.
pub struct Files<'a> {
    mappings: Vec<(Role, Mapping)>,
    currency: Currency,
    metrics: &'a [MetricVersion],
    mapping_file: String,
}

/// The name of a file without its folder: results do not depend on where the files lie.
pub fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A file as it is.
pub fn plain(path: &Path) -> Result<Table, Failure> {
    let table = raw(path)?;
    Ok(Table { file: name(path), header: table.header, rows: table.rows })
}

fn raw(path: &Path) -> Result<imports::Table, Failure> {
    let size = std::fs::metadata(path).map(|meta| meta.len()).unwrap_or(0);
    if size > imports::MOST_BYTES as u64 {
        let limit = imports::MOST_BYTES / 1024 / 1024;
        return Err(Failure::call(format!("{}: larger than {limit} MB; split it", path.display())));
    }
    let bytes = read(path)?;
    if bytes.starts_with(b"PAR1") {
        return Err(Failure::call(format!("{}: Parquet is not read yet; give CSV or xlsx", path.display())));
    }
    imports::read(&bytes).map_err(|error| {
        // `line 3: ...` becomes the place of the error.
        let text = error.to_string();
        let placed = text.strip_prefix("line ").and_then(|rest| rest.split_once(": "));
        let (line, message) = placed.unwrap_or(("1", &text));
        Failure::call(format!("{}:{line}: {message}", path.display()))
    })
}

impl<'a> Files<'a> {
    /// Reads the mapping file, if there is one: a mapping of the facts, or one for each of `facts`, `people`, `targets`.
    pub fn open(path: Option<&Path>, currency: Currency, metrics: &'a [MetricVersion]) -> Result<Self, Failure> {
        let mut files = Self { mappings: Vec::new(), currency, metrics, mapping_file: String::new() };
        let Some(path) = path else { return Ok(files) };
        files.mapping_file = path.display().to_string();
        let wrong = |error: String| {
            let placed = error.strip_prefix("line ").and_then(|rest| rest.split_once(": "));
            let (line, message) = placed.unwrap_or(("1", &error));
            Failure::call(format!("{}:{line}: {message}", path.display()))
        };
        let text = String::from_utf8(read(path)?).map_err(|_| wrong("not UTF-8; save it as UTF-8".to_owned()))?;
        let tree = yaml::read(&text).map_err(|error| wrong(error.to_string()))?;
        let sections: Vec<&String> = tree.value.as_object().map(|map| map.keys().collect()).unwrap_or_default();
        let role_of = |section: &str| Role::ALL.into_iter().find(|role| role.section() == section);
        if !sections.iter().any(|section| role_of(section).is_some()) {
            files.mappings.push((Role::Facts, Mapping::from_tree(&tree, "").map_err(wrong)?));
            return Ok(files);
        }
        for section in sections {
            let pointer = format!("/{section}");
            let unknown = || format!("line {}: '{section}' is none of facts, people, targets", tree.line(&pointer));
            let role = role_of(section).ok_or_else(|| wrong(unknown()))?;
            files.mappings.push((role, Mapping::from_tree(&tree, &pointer).map_err(wrong)?));
        }
        Ok(files)
    }

    /// Reads a file under our names, with dates and numbers as the engine reads them.
    pub fn table(&self, path: &Path, role: Role) -> Result<Table, Failure> {
        let mut table = raw(path)?;
        let mapping = self.mappings.iter().find(|(of, _)| *of == role).map(|(_, mapping)| mapping);
        if let Some(mapping) = mapping {
            let wrong = |error: String| Failure::call(format!("{}:1: {error}", self.mapping_file));
            mapping.check_file(&table).map_err(wrong)?;
            table = mapping.apply_all(&table);
        }
        let at = |columns: &[&str]| -> Vec<usize> {
            (0..table.header.len())
                .filter(|at| table.header.get(*at).is_some_and(|name| columns.contains(&name.as_str())))
                .collect()
        };
        let (dates, numbers, money) = (at(role.dates()), at(role.numbers()), at(role.money()));
        let metric = table.header.iter().position(|name| name == "metric");
        let is_minor = mapping.is_some_and(|mapping| mapping.unit == Unit::Minor);
        for (_, cells) in &mut table.rows {
            rewrite(cells, &dates, |text| values::date(text).map(|date| date.to_string()));
            rewrite(cells, &numbers, values::number);
            // A target of a count is a count, whatever money is written in.
            let code = metric.and_then(|at| cells.get(at)).map(|code| code.trim());
            let of_money = |code: &str| self.metrics.iter().any(|m| m.code == code && m.unit == MetricUnit::Money);
            if is_minor && (role != Role::Targets || code.is_some_and(of_money)) {
                rewrite(cells, &money, |text| self.major(text));
            }
        }
        Ok(Table { file: name(path), header: table.header, rows: table.rows })
    }

    /// Minor units as major ones: `1050` is 10.5.
    fn major(&self, text: &str) -> Option<String> {
        let unit = Decimal::new(1, self.currency.digits());
        Some(text.parse::<Decimal>().ok()?.checked_mul(unit)?.normalize().to_string())
    }
}

/// Rewrites the cells that can be read. Others stay as they came, so that the row is rejected with what was given.
fn rewrite(cells: &mut [String], places: &[usize], with: impl Fn(&str) -> Option<String>) {
    for at in places {
        if let Some(cell) = cells.get_mut(*at)
            && let Some(plain) = with(cell)
        {
            *cell = plain;
        }
    }
}
