//! Why a command failed, and the exit code that says so.

use std::process::ExitCode;

use qiao_app::error::AppError;
use qiao_app::locale::Locale;
use qiao_store::StoreError;

/// A failed command.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// The answer is no: exit 1.
    pub fn no(message: impl Into<String>) -> Self {
        Self { code: 1, message: message.into() }
    }

    /// The call was wrong, or a file cannot be read at all: exit 2.
    pub fn call(message: impl Into<String>) -> Self {
        Self { code: 2, message: message.into() }
    }

    /// Prints the message in one line and answers the exit code.
    pub fn report(self) -> ExitCode {
        eprintln!("qiao: {}", self.message.replace('\n', " "));
        ExitCode::from(self.code)
    }
}

/// Answers what the command line was not understood for: help and version as they are, a mistake in one line.
pub fn usage(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand || !error.use_stderr();
    if is_help {
        // Nobody is left to tell where not even this can be written.
        let _ = error.print();
        return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
    }
    let text = error.to_string();
    let what: Vec<&str> = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
    let what = what.join(" ");
    Failure::call(format!("{}; see qiao help", what.strip_prefix("error: ").unwrap_or(&what))).report()
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Url { .. } => Self::call(error.to_string()),
            other => Self::no(other.to_string()),
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Store(error) => error.into(),
            AppError::Unreadable { code: "mapping", detail } => Self::call(format!("mapping: {detail}")),
            other => Self::no(other.line(Locale::En)),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::no(error.to_string())
    }
}

/// Reads a file.
///
/// # Errors
/// Exit 2 with the file's name.
pub fn read(path: &std::path::Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::call(format!("{}: cannot be read: {error}", path.display())))
}
