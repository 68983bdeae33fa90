//! `qiao check`.

use std::process::ExitCode;

use crate::cli::Database;
use crate::failure::Failure;
use crate::open;

/// Verifies the data and prints what is broken.
pub async fn run(database: &Database) -> Result<ExitCode, Failure> {
    let store = open::existing(database).await?;
    let mut report = qiao_store::check::check(&store).await?;
    let files = qiao_store::Files::of(store.url(), open::data()?.as_deref());
    report.broken.extend(qiao_store::check::files(&store, &files).await?);
    for line in &report.broken {
        println!("{line}");
    }
    println!(
        "checked {} facts, {} credits, {} audit rows: {} broken",
        report.facts,
        report.credits,
        report.audits,
        report.broken.len()
    );
    Ok(if report.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
