//! Errors as RFC 9457 problem+json, in the asker's language.

use std::cell::Cell;

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use qiao_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::AppError;
use crate::locale::Locale;
use crate::messages;

tokio::task_local! {
    /// The language of the request at hand: the browser's, then the user's own once it is known who asks.
    static LOCALE: Cell<Locale>;
}

/// An error as RFC 9457 has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A stable name of the kind of error.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of error in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: String,
    /// What is wrong and what to do, in the asker's language.
    pub detail: String,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

impl Problem {
    /// True for what the asker can change something about.
    #[must_use]
    pub fn is_clients(&self) -> bool {
        (400..500).contains(&self.status)
    }
}

/// A wrong field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// A JSON pointer to the field.
    pub pointer: String,
    /// The stable code.
    pub code: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

/// Middleware: gives the request its language.
pub async fn scoped_locale(request: Request, next: Next) -> Response {
    let header = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let locale = header.and_then(Locale::negotiate).unwrap_or_default();
    LOCALE.scope(Cell::new(locale), next.run(request)).await
}

/// Sets the language of the request at hand to the user's own.
pub fn set_locale(locale: Locale) {
    let _ = LOCALE.try_with(|cell| cell.set(locale));
}

fn locale() -> Locale {
    LOCALE.try_with(Cell::get).unwrap_or_default()
}

/// The answer of an address that does not exist below /api.
pub async fn not_found() -> AppError {
    AppError::NotFound
}

/// The answer of an address that knows other methods.
pub async fn method_not_allowed() -> AppError {
    AppError::MethodNotAllowed
}

fn status(error: &AppError) -> StatusCode {
    match error {
        AppError::Unreadable { .. } => StatusCode::BAD_REQUEST,
        AppError::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        AppError::Forbidden(_) => StatusCode::FORBIDDEN,
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        AppError::Conflict(_) | AppError::ConflictOf { .. } | AppError::Store(StoreError::KeyReused) => {
            StatusCode::CONFLICT
        }
        AppError::Stale => StatusCode::PRECONDITION_FAILED,
        AppError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        AppError::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        AppError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        AppError::SlowDown { .. } => StatusCode::TOO_MANY_REQUESTS,
        AppError::Replayed(answer) => StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK),
        AppError::Store(StoreError::Unavailable(_) | StoreError::TooSlow(_)) => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Store(error) if error.is_duplicate() => StatusCode::CONFLICT,
        AppError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl Problem {
    /// An error as the asker is told of it.
    #[must_use]
    pub fn of(error: &AppError) -> Self {
        let locale = locale();
        let code = error.code();
        let errors = match error {
            AppError::Invalid(fields) => fields
                .iter()
                .map(|f| ProblemField { pointer: f.pointer.clone(), code: f.code.to_owned(), detail: f.detail(locale) })
                .collect(),
            _ => Vec::new(),
        };
        let detail = match error {
            AppError::Unreadable { detail, .. } => format!("{} {detail}", messages::text(code, locale, &[])),
            AppError::ConflictOf { args, .. } => messages::text(code, locale, args),
            _ => messages::text(code, locale, &[]),
        };
        let status = status(error);
        Self {
            kind: format!("urn:qiao:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail,
            errors,
        }
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let status = status(&self);
        if let Self::Replayed(answer) = self {
            let json = HeaderValue::from_static("application/json");
            return (status, [(header::CONTENT_TYPE, json)], answer.body).into_response();
        }
        if let Self::Store(error) = &self
            && status.is_server_error()
        {
            tracing::error!(%error, "store");
        }
        let problem = Problem::of(&self);
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let seconds = match &self {
            Self::SlowDown { seconds, .. } => Some(*seconds),
            Self::Store(StoreError::Unavailable(_) | StoreError::TooSlow(_)) => Some(1),
            _ => None,
        };
        if let Some(value) = seconds.and_then(|s| HeaderValue::from_str(&s.to_string()).ok()) {
            headers.insert(header::RETRY_AFTER, value);
        }
        response
    }
}
