//! Which column of somebody's file is which of ours: by the words above it, else by what stands in it.

use std::collections::BTreeMap;

use super::fields::{self, Field, Shape, plain};
use super::run::Kind;
use super::{Mapping, values};

/// How a column was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Found {
    /// By the words above it.
    Name,
    /// By the cells in it.
    Values,
    /// It was matched like this before, under the same header.
    Before,
}

/// A mapping for a file, and how each of our columns was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Guess {
    pub mapping: Mapping,
    pub found: BTreeMap<String, Found>,
}

/// Guesses from the header and the first rows.
pub(super) fn guess(kind: Kind, header: &[String], sample: &[Vec<String>]) -> Guess {
    let mut guess = Guess::default();
    let mut free: Vec<usize> = (0..header.len()).collect();
    let ours = fields::of(kind);
    // What is called exactly so, by its best name first; then what has the name in it.
    for rank in 0..2 {
        for field in ours {
            if guess.found.contains_key(field.name) {
                continue;
            }
            let fits = |at: &usize| header.get(*at).is_some_and(|name| called(field, &plain(name), rank));
            if let Some(at) = free.iter().position(fits) {
                guess.put(field, header, free.remove(at), Found::Name);
            }
        }
    }
    by_values(ours, header, sample, &mut free, &mut guess);
    key(kind, &mut guess);
    guess
}

impl Guess {
    fn put(&mut self, field: &Field, header: &[String], column: usize, found: Found) {
        if let Some(name) = header.get(column) {
            self.mapping.columns.insert(field.name.to_owned(), name.clone());
            self.found.insert(field.name.to_owned(), found);
        }
    }
}

fn called(field: &Field, header: &str, rank: u8) -> bool {
    if header.is_empty() {
        return false;
    }
    if rank == 0 {
        return field.called().any(|name| name == header);
    }
    // Short words stand in many others: "id" in "paid".
    field.called().any(|name| name.chars().count() >= if name.is_ascii() { 5 } else { 2 } && header.contains(&name))
        && field.shape != Shape::Key
}

/// Columns whose words say nothing, by what stands in them: only where one of ours alone looks like that.
fn by_values(ours: &[Field], header: &[String], sample: &[Vec<String>], free: &mut Vec<usize>, guess: &mut Guess) {
    for shape in [Shape::Email, Shape::Phone, Shape::Date, Shape::Money] {
        let mut open = ours.iter().filter(|field| field.shape == shape && !guess.found.contains_key(field.name));
        let (Some(field), None) = (open.next(), open.next()) else { continue };
        let cells = |at: usize| sample.iter().filter_map(move |row| row.get(at)).map(|cell| cell.trim());
        let fits = |at: &usize| {
            let (mut some, mut all) = (false, true);
            for cell in cells(*at).filter(|cell| !cell.is_empty()) {
                some = true;
                all &= looks(shape, cell);
            }
            some && all
        };
        let mut fitting = free.iter().enumerate().filter(|(_, at)| fits(at)).map(|(index, _)| index);
        if let (Some(index), None) = (fitting.next(), fitting.next()) {
            let at = free.remove(index);
            guess.put(field, header, at, Found::Values);
        }
    }
}

fn looks(shape: Shape, cell: &str) -> bool {
    match shape {
        Shape::Email => cell.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')),
        Shape::Phone => {
            let digits = cell.chars().filter(char::is_ascii_digit).count();
            (7..=15).contains(&digits)
                && cell.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c))
                && is_phone(cell)
        }
        Shape::Date => cell.contains(['-', '/', '.', '年']) && values::date(cell).is_some(),
        // Whole numbers may be anything; an amount has a point, groups or a sign of money.
        Shape::Money => cell.contains(['.', ',', '¥', '￥', '元']) && values::number(cell).is_some(),
        _ => false,
    }
}

fn is_phone(cell: &str) -> bool {
    let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 11 && digits.starts_with('1')) || cell.starts_with('+') || cell.starts_with('0')
}

/// A file without numbers of its own names its records by their number or name.
fn key(kind: Kind, guess: &mut Guess) {
    let Some(key) = fields::of(kind).first().filter(|field| field.shape == Shape::Key) else { return };
    if guess.found.contains_key(key.name) {
        return;
    }
    let source = ["number", "name"].into_iter().find_map(|name| guess.mapping.columns.get(name).cloned());
    if let Some(source) = source {
        guess.mapping.columns.insert(key.name.to_owned(), source);
        guess.found.insert(key.name.to_owned(), Found::Name);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::read;
    use super::*;

    fn columns(kind: Kind, csv: &str) -> BTreeMap<String, String> {
        let table = read(csv.as_bytes()).unwrap();
        let rows: Vec<Vec<String>> = table.rows.into_iter().map(|(_, cells)| cells).collect();
        guess(kind, &table.header, &rows).mapping.columns
    }

    #[test]
    fn headers_as_people_write_them() {
        let found = columns(
            Kind::Opportunities,
            "商机编号,商机名称,客户名称,销售,预计金额（元）,销售阶段,创建时间,预计成交日期\nS1,一期,甲,张,1,谈判,2026-01-01,2026-02-01\n",
        );
        for (ours, theirs) in [
            ("opportunity", "商机编号"),
            ("name", "商机名称"),
            ("account", "客户名称"),
            ("owner", "销售"),
            ("amount", "预计金额（元）"),
            ("stage", "销售阶段"),
            ("opened_on", "创建时间"),
            ("expected_close_on", "预计成交日期"),
        ] {
            assert_eq!(found.get(ours).map(String::as_str), Some(theirs), "{ours}");
        }
        let found = columns(Kind::Targets, "KPI,姓名,月份,目标\nwon_amount,张,2026-03,1\n");
        assert_eq!((found["subject"].as_str(), found["base"].as_str()), ("姓名", "目标"));
    }

    #[test]
    fn the_header_of_an_export_is_itself() {
        for kind in Kind::ALL {
            let found = columns(kind, &format!("{}\n", kind.columns().join(",")));
            assert_eq!(found.len(), kind.columns().len(), "{kind:?}");
            assert!(found.iter().all(|(ours, theirs)| ours == theirs), "{kind:?} {found:?}");
        }
    }

    #[test]
    fn cells_tell_what_the_header_does_not() {
        let found =
            columns(Kind::Accounts, "名称,A,B,C\n甲公司,13800138000,x,\"1,200.50\"\n乙公司,021-5888888,y,300.00\n");
        assert_eq!(found.get("phone").map(String::as_str), Some("A"));
        assert_eq!(found.get("revenue").map(String::as_str), Some("C"));
        // Without a number of its own the customer is called by its name.
        assert_eq!(found["account"], "名称");
        // Two columns of days and two of ours: nobody knows which is which.
        let found = columns(Kind::Leads, "姓名,A,B\n李,2026-01-01,2026-02-01\n");
        assert!(!found.contains_key("created_on") && !found.contains_key("converted_on"));
    }
}
