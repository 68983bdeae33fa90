//! Who asks: a session cookie or a bearer token.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use sha2::{Digest, Sha256};

use super::headers::idempotency;
use super::problem::set_locale;
use crate::access;
use crate::context::Context;
use crate::error::AppError;
use crate::state::AppState;

/// The asker of a request that needs one.
#[derive(Clone, Debug)]
pub struct Asker(pub Context);

impl FromRequestParts<AppState> for Asker {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        if let Some(Asker(context)) = parts.extensions.get::<Asker>() {
            return Ok(Self(context.clone()));
        }
        let credential = credential(parts, state)?;
        let mut context = access::identify(state, &credential).await?;
        set_locale(context.locale);
        if let Some(user_id) = context.user_id {
            context.idempotency = idempotency(parts, user_id)?;
        }
        parts.extensions.insert(Self(context.clone()));
        Ok(Self(context))
    }
}

/// The digest of the session's token, for ending it.
#[derive(Clone, Debug)]
pub struct SessionCookie(pub Option<Vec<u8>>);

impl FromRequestParts<AppState> for SessionCookie {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        Ok(Self(cookie(parts, cookie_name(state)).map(|token| token_digest(&token))))
    }
}

fn credential(parts: &Parts, state: &AppState) -> Result<access::Credential, AppError> {
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let text = value.to_str().unwrap_or_default();
        let token = text.strip_prefix("Bearer ").or_else(|| text.strip_prefix("bearer "));
        return match token {
            Some(token) => Ok(access::Credential::Token(token_digest(token.trim()))),
            None => Err(AppError::Unauthenticated("not_signed_in")),
        };
    }
    match cookie(parts, cookie_name(state)) {
        Some(token) => Ok(access::Credential::Session(token_digest(&token))),
        None => Err(AppError::Unauthenticated("not_signed_in")),
    }
}

/// The session cookie's name: bound to the host over https.
#[must_use]
pub fn cookie_name(state: &AppState) -> &'static str {
    if state.config().secure() { "__Host-qiao" } else { "qiao" }
}

fn cookie(parts: &Parts, name: &str) -> Option<String> {
    parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(|line| {
        line.split(';').map(str::trim).find_map(|pair| {
            let (found, value) = pair.split_once('=')?;
            (found == name).then(|| value.to_owned())
        })
    })
}

/// Tokens are kept as SHA-256: they are random with 256 bits, so that a slow hash would add nothing.
#[must_use]
pub fn token_digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
