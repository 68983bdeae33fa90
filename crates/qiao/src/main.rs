//! The command line: one binary that serves, imports, exports, publishes and checks.
//!
//! Exit codes: 0 done; 1 the answer is no; 2 the call was wrong or a file cannot be read at all. Errors are one line on
//! standard error: what, where, what to do.

// Commands answer on standard output.
#![allow(clippy::print_stdout)]

mod cli;
mod commands;
mod failure;
mod memory;
mod open;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return failure::usage(&error),
    };
    memory::of_a_server(matches!(cli.command, cli::Command::Serve { .. } | cli::Command::Demo { .. }));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::Failure::no(format!("cannot start: {error}")).report(),
    };
    let result = runtime.block_on(commands::run(cli));
    // A blocking task that still runs (a password hash) must not hold the exit back.
    runtime.shutdown_background();
    match result {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
