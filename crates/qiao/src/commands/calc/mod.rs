//! `qiao calc`: pay from files alone, without a database.

mod files;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use qiao_engine::Language;
use qiao_engine::calc::{
    self, CARRY_COLUMNS, CalcError, EARNING_COLUMNS, Input, Output, POINT_COLUMNS, REJECTED_COLUMNS, STATEMENT_COLUMNS,
    Statement, Why,
};
use qiao_engine::explain::render;
use qiao_engine::money::{Currency, format_minor};
use qiao_engine::plans::{Plan, PlanError, parse};
use qiao_engine::yaml::Tree;

use crate::cli::CalcArgs;
use crate::failure::{Failure, read};
use files::{Files, Role};

/// Computes, writes the three files, then explains and compares as asked.
pub fn run(args: &CalcArgs) -> Result<ExitCode, Failure> {
    let (first, last) =
        calc::parse_periods(&args.period).map_err(|error| Failure::call(format!("--period: {error}")))?;
    let (plan, tree) = plan(&args.plan)?;
    let failed = |error| failure(args, error);
    let currency = calc::currency(&plan, &tree).map_err(failed)?;
    let metrics = qiao_app::company::first_metrics();
    let files = Files::open(args.mapping.as_deref(), currency, &metrics)?;
    let optional = |path: &Option<PathBuf>, role| path.as_deref().map(|path| files.table(path, role)).transpose();
    let input = Input {
        facts: files.table(&args.facts, Role::Facts)?,
        people: optional(&args.people, Role::People)?,
        targets: optional(&args.targets, Role::Targets)?,
        rates: optional(&args.rates, Role::Rates)?,
        absences: optional(&args.absences, Role::Absences)?,
        carry: optional(&args.carry, Role::Carry)?,
        explain: true,
        plan,
        tree,
        metrics,
        first,
        last,
    };
    // Read before anything is written: a file that cannot be read leaves no results behind.
    let other = args.compare.as_deref().map(|path| self::plan(path).map(|read| (path, read))).transpose()?;
    let expected = args.check.as_deref().map(files::plain).transpose()?;
    let output = calc::calculate(&input).map_err(failed)?;
    write(&args.out, &output, currency)?;
    report_rejected(args, &output);
    println!(
        "statements {}, earnings {}, rejected {}",
        output.statements.len(),
        output.earnings.len(),
        output.rejected.len()
    );
    let mut is_well = output.rejected.is_empty();
    if let Some(person) = &args.explain {
        explain(person, &output, currency)?;
    }
    if let Some((path, (plan, tree))) = other {
        let name = plan.id.clone();
        let other = Input { plan, tree, explain: false, ..input };
        let other = calc::calculate(&other).map_err(|error| match error {
            CalcError::Plan(found) => mistakes(path, found),
            error => failure(args, error),
        })?;
        compare_plans(&output, &other, &name, currency);
    }
    if let Some(mut expected) = expected {
        let rows = expected.rows.len();
        expected.file = args.check.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
        let differences = calc::compare(&expected, &output, currency);
        for difference in &differences {
            eprintln!("{difference}");
        }
        if differences.is_empty() {
            println!("check: {}", if rows == 1 { "1 row agrees".to_owned() } else { format!("{rows} rows agree") });
        }
        is_well &= differences.is_empty();
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn plan(path: &Path) -> Result<(Plan, Tree), Failure> {
    let text = String::from_utf8(read(path)?)
        .map_err(|_| Failure::call(format!("{}: not UTF-8; save it as UTF-8", path.display())))?;
    parse(&text).map_err(|error| mistakes(path, vec![error]))
}

/// The mistakes of a plan by line: every one but the last is printed, the last is the failure.
fn mistakes(path: &Path, mut mistakes: Vec<PlanError>) -> Failure {
    mistakes.sort_by_key(|mistake| mistake.line);
    let last = mistakes.pop();
    let line =
        |mistake: &PlanError| format!("{}:{}: {}", path.display(), mistake.line, mistake.message.replace('\n', " "));
    for mistake in &mistakes {
        eprintln!("qiao: {}", line(mistake));
    }
    Failure::call(last.as_ref().map(line).unwrap_or_default())
}

fn failure(args: &CalcArgs, error: CalcError) -> Failure {
    match error {
        CalcError::Plan(found) => mistakes(&args.plan, found),
        CalcError::MissingColumn { ref file, .. } => {
            let text = error.to_string();
            let rest = text.strip_prefix(file.as_str()).unwrap_or_default();
            Failure::call(format!("{}{rest}", path_of(args, file).display()))
        }
        CalcError::Periods(message) => Failure::call(format!("--period {}: {message}", args.period)),
        CalcError::TooLarge { .. } => Failure::no(error.to_string()),
    }
}

/// The path under which a file was given.
fn path_of<'a>(args: &'a CalcArgs, file: &str) -> &'a Path {
    let optional = [&args.people, &args.targets, &args.rates, &args.absences, &args.carry];
    let mut given = std::iter::once(&args.facts).chain(optional.into_iter().flatten());
    let named = given.find(|path| files::name(path) == file);
    named.unwrap_or(&args.facts)
}

fn report_rejected(args: &CalcArgs, output: &Output) {
    const SHOWN: usize = 20;
    for rejected in output.rejected.iter().take(SHOWN) {
        let path = path_of(args, &rejected.file).display();
        let value = format!("'{}'", rejected.value);
        // Some reasons quote the value themselves.
        let value = if rejected.reason.contains(&value) { String::new() } else { value + " " };
        eprintln!("{path}:{}: {}: {value}{}", rejected.line, rejected.column, rejected.reason);
    }
    if output.rejected.len() > SHOWN {
        eprintln!("... and {} more; rejected.csv has them all", output.rejected.len() - SHOWN);
    }
}

fn write(out: &Path, output: &Output, currency: Currency) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::no(format!("{}: cannot be made: {error}", out.display()));
    std::fs::create_dir_all(out).map_err(failed)?;
    let statements = output.statements.iter().map(|row| row.cells(currency).to_vec());
    write_file(&out.join("statements.csv"), &STATEMENT_COLUMNS, statements)?;
    let earnings = output.earnings.iter().map(|row| row.cells(currency, Language::En).to_vec());
    write_file(&out.join("earnings.csv"), &EARNING_COLUMNS, earnings)?;
    write_file(&out.join("carry.csv"), &CARRY_COLUMNS, output.carry.iter().map(|row| row.cells.to_vec()))?;
    if !output.points.is_empty() {
        let points = output.points.iter().map(|row| row.point_cells(currency, Language::En).to_vec());
        write_file(&out.join("points.csv"), &POINT_COLUMNS, points)?;
    }
    write_file(&out.join("rejected.csv"), &REJECTED_COLUMNS, output.rejected.iter().map(|row| row.cells().to_vec()))
}

fn write_file(path: &Path, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<(), Failure> {
    let failed = |error: String| Failure::no(format!("{}: cannot be written: {error}", path.display()));
    let mut writer = csv::Writer::from_path(path).map_err(|error| failed(error.to_string()))?;
    writer.write_record(columns).map_err(|error| failed(error.to_string()))?;
    for row in rows {
        writer.write_record(row).map_err(|error| failed(error.to_string()))?;
    }
    writer.flush().map_err(|error| failed(error.to_string()))
}

/// Prints a person's lines with the arithmetic behind each, in the language of the terminal.
fn explain(person: &str, output: &Output, currency: Currency) -> Result<(), Failure> {
    let language = language();
    let statements: Vec<&Statement> = output.statements.iter().filter(|row| row.person == person).collect();
    if statements.is_empty() {
        return Err(Failure::no(format!("--explain: '{person}' has no statement; see statements.csv for who has")));
    }
    for statement in statements {
        println!("\n{person} {}", statement.period);
        let of_period = |row: &&calc::Earning| row.person == person && row.period == statement.period;
        for row in output.earnings.iter().chain(&output.points).filter(of_period) {
            let words = [row.component.as_str(), row.fact.as_str(), row.status];
            let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
            println!("  {} {}", words.join(" "), format_minor(row.amount_minor, currency));
            match &row.why {
                Why::Steps(steps) => {
                    for step in render(steps, currency, language) {
                        let equals = if step.expression.is_empty() || step.value.is_empty() { "" } else { " = " };
                        println!("    {}: {}{equals}{}", step.label, step.expression, step.value);
                    }
                }
                Why::Entry(..) => println!("    {}", row.explanation(currency, language)),
            }
        }
        for (column, value) in STATEMENT_COLUMNS.iter().zip(statement.cells(currency)).skip(2) {
            let is_shown = matches!(*column, "earning" | "total") || value.parse() != Ok(rust_decimal::Decimal::ZERO);
            if is_shown && *column != "currency" {
                println!("  {column} {value} {currency}");
            }
        }
    }
    Ok(())
}

/// Prints what each person has under one plan and the other, and all together.
fn compare_plans(own: &Output, other: &Output, name: &str, currency: Currency) {
    use std::collections::BTreeMap;
    let mut totals: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in &own.statements {
        totals.entry(&row.person).or_default().0 += row.total();
    }
    for row in &other.statements {
        totals.entry(&row.person).or_default().1 += row.total();
    }
    let money = |minor: i64| format_minor(minor, currency);
    println!("person,this,{name},difference");
    let mut sum = (0_i64, 0_i64);
    for (person, (this, that)) in totals {
        println!("{person},{},{},{}", money(this), money(that), money(that - this));
        sum = (sum.0 + this, sum.1 + that);
    }
    println!("total,{},{},{}", money(sum.0), money(sum.1), money(sum.1 - sum.0));
}

/// Chinese where the terminal's locale is, else English.
fn language() -> Language {
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let name = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find(|name| set(name));
    let is_chinese = name.and_then(|name| std::env::var(name).ok()).is_some_and(|value| value.starts_with("zh"));
    if is_chinese { Language::Zh } else { Language::En }
}
