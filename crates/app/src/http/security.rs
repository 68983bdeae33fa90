//! What protects every answer: security headers, same origin for writes with a cookie, size limits, the body's digest.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::headers::BodyDigest;
use crate::error::AppError;
use crate::imports::routes::MOST_REQUEST;
use crate::state::AppState;

/// Middleware: headers that every answer carries. Pages set their own CSP with a nonce; the API allows nothing.
pub async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::X_FRAME_OPTIONS, "DENY");
    set(headers, header::REFERRER_POLICY, "same-origin");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(headers, HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(self)");
    if api && !headers.contains_key(header::CACHE_CONTROL) {
        set(headers, header::CACHE_CONTROL, "no-store");
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        set(headers, header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    }
    if state.config().secure() {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

/// Middleware: a write that a browser sends with a cookie must come from our own pages. Requests with a bearer token
/// carry no cookie that a foreign page could abuse and pass.
pub async fn same_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || request.headers().contains_key(header::AUTHORIZATION) || from_here(request.headers(), &state) {
        return next.run(request).await;
    }
    AppError::Forbidden("cross_origin").into_response()
}

fn from_here(headers: &HeaderMap, state: &AppState) -> bool {
    if let Some(site) = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = headers.get(header::ORIGIN).and_then(|v| v.to_str().ok()) else {
        // Neither header: not a browser of this decade, so no cookie that somebody else could ride on.
        return true;
    };
    if let Some(public) = state.config().public_url.as_deref() {
        return origin.trim_end_matches('/') == public.trim_end_matches('/');
    }
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, rest)| rest == host)
}

/// Middleware: the SHA-256 of the body of a request with an Idempotency-Key, so that the same key with another body is
/// noticed.
pub async fn digest_body(request: Request, next: Next) -> Response {
    if !request.headers().contains_key("idempotency-key") {
        return next.run(request).await;
    }
    // A file is larger than what JSON may be.
    let path = request.uri().path();
    let is_file = matches!(path, "/api/v1/imports" | "/api/v1/import-runs") || path.ends_with("/attachments");
    let (parts, body) = request.into_parts();
    let bytes = if is_file {
        axum::body::to_bytes(body, MOST_REQUEST).await.ok()
    } else {
        Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await.ok()
    };
    let Some(bytes) = bytes else { return AppError::TooLarge.into_response() };
    let mut request = Request::from_parts(parts, Body::from(bytes.clone()));
    request.extensions_mut().insert(BodyDigest(Sha256::digest(&bytes).to_vec()));
    next.run(request).await
}
