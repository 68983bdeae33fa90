//! `qiao plan`.

use std::process::ExitCode;

use qiao_app::plans::rules::{PublishError, Published, publish};

use super::finish;
use crate::cli::PlanCommand;
use crate::failure::{Failure, read};
use crate::open;

/// Publishes or lists plans.
pub async fn run(command: PlanCommand) -> Result<ExitCode, Failure> {
    match command {
        PlanCommand::Publish { file, database } => {
            let text = String::from_utf8(read(&file)?)
                .map_err(|_| Failure::call(format!("{}: not UTF-8; save it as UTF-8", file.display())))?;
            let (state, context) = open::operator(open::created(&database).await?).await?;
            let published = publish(&state, &context, &text).await.map_err(|error| match error {
                PublishError::App(error) => error.into(),
                PublishError::Mistakes(mistakes) => {
                    for mistake in mistakes.iter().skip(1) {
                        eprintln!("qiao: {}:{}: {}", file.display(), mistake.line, mistake.message);
                    }
                    let first = mistakes.first();
                    let (line, message) = first.map_or((1, String::new()), |m| (m.line, m.message.clone()));
                    let unreadable = first.is_some_and(|m| m.code == "unreadable");
                    let said = format!("{}:{line}: {message}", file.display());
                    if unreadable { Failure::call(said) } else { Failure::no(said) }
                }
            })?;
            finish(state.store()).await?;
            match published {
                Published::Version { version, .. } => println!("published version {version}"),
                Published::Unchanged { version, .. } => println!("unchanged: version {version}"),
            }
            Ok(ExitCode::SUCCESS)
        }
        PlanCommand::List { database } => {
            let (state, _) = open::operator(open::created(&database).await?).await?;
            let definitions = state.books().definitions().await?;
            for version in &definitions.plans {
                let plan = &version.plan;
                let to = plan.to.map(|to| to.to_string()).unwrap_or_default();
                println!("{}\t{}\t{}\t{to}", plan.id, version.version, plan.from);
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}
