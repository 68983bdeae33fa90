//! `make bench`: the real server on a large database, under a bounded load, beside the floor of the machine.
//!
//! Settings come from the environment: `QIAO_BIN` (the program), `BENCH_ROWS` (opportunities, 1,000,000), `BENCH_DATA` (a
//! folder that is kept), `BENCH_SECONDS` and `BENCH_RUNS` (5 and 5), `BENCH_DATABASES` (`sqlite postgres`),
//! `BENCH_READS_ONLY` (no creates; the database on PostgreSQL is kept for the next time), `BENCH_CASES` (only reads whose
//! name holds this), `BENCH_ENGINE_ONLY` (the engine alone),
//! `QIAO_TEST_POSTGRES`. The report goes to standard output as Markdown.

#![allow(clippy::print_stdout)]

mod cases;
mod data;
mod engine;
mod floor;
mod http;
mod lists;
mod load;
mod report;
mod server;

use std::path::PathBuf;

/// Whatever stops the bench, in words.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// How the bench is run.
pub struct Settings {
    /// The program that is measured.
    pub binary: PathBuf,
    /// Opportunities; three facts for each.
    pub rows: u64,
    /// Where databases are kept between runs.
    pub folder: PathBuf,
    /// How long a run takes.
    pub seconds: u64,
    /// Runs of each case; the best counts.
    pub runs: usize,
    /// Leaves the creates out; the PostgreSQL database is then kept for the next time.
    pub reads_only: bool,
    /// Only reads whose name holds this.
    pub cases: String,
    /// Which databases.
    pub databases: Vec<String>,
}

fn number(name: &str, otherwise: u64) -> Result<u64, Failed> {
    match std::env::var(name) {
        Ok(text) => text.replace('_', "").parse().map_err(|_| format!("{name}: '{text}' is no number").into()),
        Err(_) => Ok(otherwise),
    }
}

fn settings() -> Result<Settings, Failed> {
    let text = |name: &str, otherwise: &str| std::env::var(name).unwrap_or_else(|_| otherwise.to_owned());
    let folder = PathBuf::from(text("BENCH_DATA", "target/bench"));
    std::fs::create_dir_all(&folder)?;
    Ok(Settings {
        binary: std::fs::canonicalize(text("QIAO_BIN", "target/release/qiao"))?,
        rows: number("BENCH_ROWS", 1_000_000)?,
        folder: std::fs::canonicalize(folder)?,
        seconds: number("BENCH_SECONDS", 5)?.max(1),
        runs: usize::try_from(number("BENCH_RUNS", 5)?)?.max(1),
        reads_only: std::env::var_os("BENCH_READS_ONLY").is_some(),
        cases: text("BENCH_CASES", ""),
        databases: text("BENCH_DATABASES", "sqlite postgres").split_whitespace().map(str::to_owned).collect(),
    })
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let settings = settings()?;
    if std::env::var_os("BENCH_ENGINE_ONLY").is_some() {
        println!("{}", engine::run(settings.runs)?);
        return Ok(());
    }
    let base = data::base(&settings)?;
    println!("{}", report::machine(&settings)?);
    println!("{}", engine::run(settings.runs)?);
    println!("{}", cases::example(&settings).await?);
    for database in &settings.databases {
        println!("{}", cases::run(&settings, &base, database).await?);
    }
    Ok(())
}
