//! `qiao user` and `qiao token`.

use std::io::Read;
use std::process::ExitCode;

use qiao_app::access::{self, NewUser};
use qiao_app::context::Role;

use super::finish;
use crate::cli::{TokenCommand, UserCommand};
use crate::failure::Failure;
use crate::open;

/// Makes a user.
pub async fn user(command: UserCommand) -> Result<ExitCode, Failure> {
    let UserCommand::Create { database, email, name, role, team, password_stdin, pay_grant } = command;
    let roles: Vec<_> = Role::ALL.into_iter().map(Role::as_str).collect();
    let unknown = || Failure::call(format!("--role: '{role}' is no role; one of: {}", roles.join(", ")));
    let role = Role::parse(&role).ok_or_else(unknown)?;
    let password = if password_stdin {
        let mut text = String::new();
        std::io::stdin().take(1_000).read_to_string(&mut text)?;
        Some(text.trim_end_matches(['\r', '\n']).to_owned())
    } else {
        None
    };
    let (state, context) = open::operator(open::created(&database).await?).await?;
    let person_id = match team {
        Some(team) => Some(access::person_of_user(&state, &context, &email, &name, role, &team).await?.to_string()),
        None => access::person_with_email(&state, &email).await?.map(|id| id.to_string()),
    };
    let new = NewUser { email, name, role, person_id, pay_grant, password };
    let made = access::create_user(state.store(), &context, new).await?;
    finish(state.store()).await?;
    println!("made {}", made.email);
    Ok(ExitCode::SUCCESS)
}

/// Makes a token and prints it.
pub async fn token(command: TokenCommand) -> Result<ExitCode, Failure> {
    let TokenCommand::Create { database, user, name } = command;
    let (state, context) = open::operator(open::created(&database).await?).await?;
    let token = access::token_for(&state, &context, &user, name).await?;
    let token = token.ok_or_else(|| Failure::no(format!("there is no user {user}")))?;
    finish(state.store()).await?;
    println!("{token}");
    Ok(ExitCode::SUCCESS)
}
