//! What a capability says when the answer is no. The edge turns it into problem+json in the asker's language.

use qiao_store::{Replayed, StoreError, WriteError};

use crate::locale::Locale;
use crate::messages;

/// The answer is no.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// 400: cannot be read.
    #[error("cannot be read: {detail}")]
    Unreadable {
        /// A stable code.
        code: &'static str,
        /// What is wrong, for the reader.
        detail: String,
    },
    /// 401: who are you.
    #[error("not signed in: {0}")]
    Unauthenticated(&'static str),
    /// 403: not yours to do.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// 404: not there or not yours to see.
    #[error("not found")]
    NotFound,
    /// 405: the address knows other methods.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// 409: in conflict with what is there.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// 409: in conflict with what is there, said with what it is.
    #[error("conflict: {code} {args:?}")]
    ConflictOf {
        /// A stable code.
        code: &'static str,
        /// What the text of the code needs.
        args: Vec<String>,
    },
    /// 412: changed meanwhile.
    #[error("changed meanwhile")]
    Stale,
    /// 413: too large.
    #[error("too large")]
    TooLarge,
    /// 415: a body of another type.
    #[error("unsupported media type")]
    UnsupportedMedia,
    /// 422: understood but wrong.
    #[error("invalid: {0:?}")]
    Invalid(Vec<FieldError>),
    /// 428: an edit without If-Match.
    #[error("If-Match is missing")]
    PreconditionRequired,
    /// 429: slow down.
    #[error("slow down: {code}, {seconds} s")]
    SlowDown {
        /// A stable code.
        code: &'static str,
        /// After how many seconds to come back.
        seconds: u64,
    },
    /// The answer that was given to the same request before.
    #[error("replayed")]
    Replayed(Replayed),
    /// 503 or 500: the store said no.
    #[error(transparent)]
    Store(StoreError),
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// A JSON pointer to the field.
    pub pointer: String,
    /// A stable code.
    pub code: &'static str,
    /// What the text of the code needs: the value, the limit, what would be right.
    pub args: Vec<String>,
}

impl FieldError {
    /// A wrong field.
    #[must_use]
    pub fn new(pointer: impl Into<String>, code: &'static str, args: &[&str]) -> Self {
        Self { pointer: pointer.into(), code, args: args.iter().map(|s| (*s).to_owned()).collect() }
    }

    /// What is wrong and what would be right, in a language.
    #[must_use]
    pub fn detail(&self, locale: Locale) -> String {
        messages::text(self.code, locale, &self.args)
    }
}

impl AppError {
    /// One wrong field.
    #[must_use]
    pub fn field(pointer: impl Into<String>, code: &'static str, args: &[&str]) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, code, args)])
    }

    /// 409, said with what is in the way.
    #[must_use]
    pub fn conflict(code: &'static str, args: &[&str]) -> Self {
        Self::ConflictOf { code, args: args.iter().map(|arg| (*arg).to_owned()).collect() }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { code, .. }
            | Self::Unauthenticated(code)
            | Self::Forbidden(code)
            | Self::Conflict(code)
            | Self::ConflictOf { code, .. }
            | Self::SlowDown { code, .. } => code,
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Stale => "changed_meanwhile",
            Self::TooLarge => "too_large",
            Self::UnsupportedMedia => "unsupported_media_type",
            Self::Invalid(_) => "invalid",
            Self::PreconditionRequired => "if_match_missing",
            Self::Replayed(_) => "replayed",
            Self::Store(StoreError::KeyReused) => "idempotency_key_reused",
            Self::Store(StoreError::Unavailable(_) | StoreError::TooSlow(_)) => "try_again",
            Self::Store(error) if error.is_duplicate() => "already_taken",
            Self::Store(_) => "internal",
        }
    }

    /// What is wrong in a language, in one line, with the fields.
    #[must_use]
    pub fn line(&self, locale: Locale) -> String {
        match self {
            Self::Invalid(fields) => {
                let parts: Vec<String> = fields
                    .iter()
                    .map(|f| format!("{}: {}", f.pointer.trim_start_matches('/'), f.detail(locale)))
                    .collect();
                parts.join("; ")
            }
            Self::Unreadable { detail, .. } => detail.clone(),
            Self::Store(error) => error.to_string(),
            Self::ConflictOf { code, args } => messages::text(code, locale, args),
            other => messages::text(other.code(), locale, &[]),
        }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<qiao_store::sea_orm::DbErr> for AppError {
    fn from(error: qiao_store::sea_orm::DbErr) -> Self {
        Self::Store(StoreError::Database(error))
    }
}

impl From<WriteError<AppError>> for AppError {
    fn from(error: WriteError<AppError>) -> Self {
        match error {
            WriteError::Refused(error) => error,
            WriteError::Store(error) => Self::Store(error),
            WriteError::Replayed(answer) => Self::Replayed(answer),
        }
    }
}
