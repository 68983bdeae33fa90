//! The commands.

mod backup;
mod calc;
mod check;
mod data;
mod demo;
mod plan;
mod serve;
mod user;

use std::process::ExitCode;

use qiao_app::company::{self, NewCompany};
use qiao_store::{Options, Store};

use crate::cli::{Cli, Command};
use crate::failure::Failure;
use crate::open;

/// Runs a command.
pub async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    match cli.command {
        Command::Init { database, currency, timezone, locale, company } => {
            let new = NewCompany { name: company, currency, timezone, locale, example: false };
            let url = open::url(&database)?;
            let store = Store::open(&url, &Options::create(open::now_ms())).await?;
            if !company::init(&store, new, open::now_ms()).await? {
                return Err(Failure::no(format!(
                    "{}: there is a company already; nothing was changed",
                    url.redacted()
                )));
            }
            finish(&store).await?;
            println!("made {}", url.redacted());
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo { data, listen, reset } => {
            let data = open::setting(data, "data", "qiao-demo".into())?;
            demo::run(data, open::setting(listen, "listen", open::LISTEN)?, reset).await
        }
        Command::Serve { database, listen, metrics_listen, public_url } => {
            let listen = open::setting(listen, "listen", open::LISTEN)?;
            serve::run(&database, listen, metrics_listen, public_url).await
        }
        Command::Migrate { database } => {
            let url = open::url(&database)?;
            // A missing database is not made here: only an older one is brought up.
            let options = Options { migrate_only: true, ..Options::create(open::now_ms()) };
            Store::open(&url, &options).await?;
            println!("schema version {}", qiao_store::SCHEMA_VERSION);
            Ok(ExitCode::SUCCESS)
        }
        Command::Backup { file, database } => backup::backup(&database, &file).await,
        Command::Restore { file, database } => backup::restore(&database, &file).await,
        Command::Check { database } => check::run(&database).await,
        Command::User(command) => user::user(command).await,
        Command::Token(command) => user::token(command).await,
        Command::Import { kind, file, database, mapping, dry_run, errors } => {
            data::import(&database, &kind, &file, mapping.as_deref(), dry_run, errors.as_deref()).await
        }
        Command::Export { kind, database, period, out } => data::export(&database, &kind, period, out.as_deref()).await,
        Command::Plan(command) => plan::run(command).await,
        Command::Calc(args) => calc::run(&args),
        Command::Openapi => {
            let json = qiao_app::router::openapi().to_pretty_json();
            println!("{}", json.map_err(|error| Failure::no(error.to_string()))?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Seals what the command wrote into the audit chain and closes the database.
pub async fn finish(store: &Store) -> Result<(), Failure> {
    qiao_store::audit::seal(store, open::now_ms()).await?;
    store.close().await;
    Ok(())
}
