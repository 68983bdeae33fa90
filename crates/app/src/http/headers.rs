//! ETag, If-Match and Idempotency-Key.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use qiao_store::{IdempotencyKey, Tx};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::AppError;

/// The version the client read, from If-Match. Missing: 428.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let header = parts.headers.get(header::IF_MATCH).ok_or(AppError::PreconditionRequired)?;
        let text = header.to_str().unwrap_or_default().trim().trim_start_matches("W/").trim_matches('"');
        // A tag that is none of ours cannot be the present version.
        text.parse().map(Self).map_err(|_| AppError::Stale)
    }
}

/// An answer with its version as ETag.
#[derive(Debug)]
pub struct Tagged<T> {
    /// The HTTP status.
    pub status: StatusCode,
    /// The record's version.
    pub version: i64,
    /// The body.
    pub body: T,
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::Json(self.body)).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", self.version)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// Reads the Idempotency-Key of a request. The digest covers method, path and body, so that a key that is used for
/// another request is refused.
///
/// # Errors
/// 422 for a key that is empty or longer than 200 bytes.
pub fn idempotency(parts: &Parts, user_id: Uuid) -> Result<Option<IdempotencyKey>, AppError> {
    let Some(value) = parts.headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default().trim().to_owned();
    if key.is_empty() || key.len() > 200 {
        return Err(AppError::field("/Idempotency-Key", "too_long", &["200"]));
    }
    let mut hasher = Sha256::new();
    hasher.update(parts.method.as_str().as_bytes());
    hasher.update(parts.uri.path().as_bytes());
    if let Some(BodyDigest(digest)) = parts.extensions.get::<BodyDigest>() {
        hasher.update(digest);
    }
    Ok(Some(IdempotencyKey { user_id, key, request_digest: hasher.finalize().to_vec() }))
}

/// SHA-256 of the body, put into the request by the middleware for requests that carry a key.
#[derive(Clone, Debug)]
pub struct BodyDigest(pub Vec<u8>);

/// Keeps an answer under the request's key and hands it back. Call it as the last thing in a command.
pub fn idempotent<T: Serialize>(tx: &mut Tx, status: u16, body: T) -> T {
    if let Ok(text) = serde_json::to_string(&body) {
        tx.answer(status, text);
    }
    body
}
