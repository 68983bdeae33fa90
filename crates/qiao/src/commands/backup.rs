//! `qiao backup` and `qiao restore`.

use std::path::Path;
use std::process::ExitCode;

use qiao_store::{Options, Store, StoreError, backup};

use super::finish;
use crate::cli::Database;
use crate::failure::Failure;
use crate::open;

/// Writes the whole database into a new file.
pub async fn backup(database: &Database, file: &Path) -> Result<ExitCode, Failure> {
    let store = open::existing(database).await?;
    let made = backup::backup(&store, file, open::now_ms()).await?;
    // The backup stands, whether or not the database it came from can be written.
    match backup::record(&store, &made, open::now_ms()).await {
        Ok(()) => finish(&store).await?,
        Err(error) => eprintln!("the backup is not in the audit log: {error}"),
    }
    println!("backed up {} rows to {}", made.rows(), file.display());
    Ok(ExitCode::SUCCESS)
}

/// Fills an empty or absent database from a file.
pub async fn restore(database: &Database, file: &Path) -> Result<ExitCode, Failure> {
    let url = open::url(database)?;
    // Verified before the database is made: a bad file leaves nothing behind.
    let from = backup::read(file).await.map_err(|error| match error {
        StoreError::File { path, error } => Failure::call(format!("{path}: cannot be read: {error}")),
        other => other.into(),
    })?;
    let store = Store::open(&url, &Options::create(open::now_ms())).await?;
    backup::restore(&store, &from, open::now_ms()).await?;
    finish(&store).await?;
    println!("restored {} rows into {}", from.rows(), url.redacted());
    Ok(ExitCode::SUCCESS)
}
