//! `qiao import` and `qiao export`.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write, stderr, stdout};
use std::path::Path;
use std::process::ExitCode;

use qiao_app::exports;
use qiao_app::imports::{self, Mapping, Outcome, Table};

use super::finish;
use crate::cli::Database;
use crate::failure::{Failure, read};
use crate::open;

/// Imports a file.
pub async fn import(
    database: &Database,
    kind: &str,
    file: &Path,
    mapping: Option<&Path>,
    dry_run: bool,
    errors: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let words: Vec<_> = imports::Kind::ALL.into_iter().map(imports::Kind::as_str).collect();
    let unknown = || Failure::call(format!("'{kind}' cannot be imported; one of: {}", words.join(", ")));
    let kind = imports::Kind::parse(kind).ok_or_else(unknown)?;
    let table = table(file)?;
    let mapping = match mapping {
        None => Mapping::plain(&table),
        Some(path) => {
            let text = String::from_utf8(read(path)?)
                .map_err(|_| Failure::call(format!("{}: not UTF-8; save it as UTF-8", path.display())))?;
            Mapping::parse(&text).map_err(|error| Failure::call(format!("{}:{error}", path.display())))?
        }
    };
    let (state, context) = open::operator(open::created(database).await?).await?;
    let shows = stderr().is_terminal();
    let outcome = imports::run(&state, &context, kind, &table, &mapping, dry_run, |done, total| {
        if shows {
            eprint!("\r{done} of {total}");
        }
    })
    .await?;
    if shows {
        eprintln!();
    }
    report(&outcome, file, &table, errors)?;
    finish(state.store()).await?;
    Ok(if outcome.rejected.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn table(file: &Path) -> Result<Table, Failure> {
    let size = std::fs::metadata(file).map(|meta| meta.len()).unwrap_or(0);
    if size > imports::MOST_BYTES as u64 {
        let limit = imports::MOST_BYTES / 1024 / 1024;
        return Err(Failure::call(format!("{}: larger than {limit} MB; split it", file.display())));
    }
    imports::read(&read(file)?).map_err(|error| Failure::call(format!("{}: {error}", file.display())))
}

fn report(outcome: &Outcome, file: &Path, table: &Table, errors: Option<&Path>) -> Result<(), Failure> {
    for (kind, count) in &outcome.beside {
        eprintln!("made beside: {count} {kind}");
    }
    const SHOWN: usize = 10;
    for rejected in outcome.rejected.iter().take(SHOWN) {
        eprintln!("{}:{}: {}", file.display(), rejected.line, rejected.reason);
    }
    if outcome.rejected.len() > SHOWN {
        eprintln!("... and {} more; --errors FILE keeps them all", outcome.rejected.len() - SHOWN);
    }
    if let Some(path) = errors {
        let failed = |error: csv::Error| Failure::no(format!("{}: {error}", path.display()));
        let mut writer = csv::Writer::from_path(path).map_err(failed)?;
        writer.write_record(table.header.iter().map(String::as_str).chain(["reason"])).map_err(failed)?;
        for rejected in &outcome.rejected {
            let cells = rejected.cells.iter().map(String::as_str).chain([rejected.reason.as_str()]);
            writer.write_record(cells).map_err(failed)?;
        }
        writer.flush()?;
    }
    println!(
        "created {}, updated {}, unchanged {}, rejected {}",
        outcome.created,
        outcome.updated,
        outcome.unchanged,
        outcome.rejected.len()
    );
    Ok(())
}

/// Exports a file.
pub async fn export(
    database: &Database,
    kind: &str,
    period: Option<String>,
    out: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let unknown =
        || Failure::call(format!("'{kind}' cannot be exported; one of: {}", exports::Kind::words().join(", ")));
    let kind = exports::Kind::parse(kind).ok_or_else(unknown)?;
    let period = match period {
        None => None,
        Some(text) => Some(text.parse().map_err(|error| Failure::call(format!("--period: {error}")))?),
    };
    let (state, context) = open::operator(open::existing(database).await?).await?;
    let rows = exports::Rows::all(kind, period);
    match out {
        Some(path) => {
            let file = File::create(path).map_err(|error| Failure::no(format!("{}: {error}", path.display())))?;
            let mut writer = BufWriter::new(file);
            exports::export(&state, &context, rows, exports::Out::Write(&mut writer)).await?;
            writer.flush()?;
        }
        None => {
            // The lock on standard output cannot be held across the wait for the database.
            let mut bytes = Vec::new();
            exports::export(&state, &context, rows, exports::Out::Write(&mut bytes)).await?;
            stdout().write_all(&bytes)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
