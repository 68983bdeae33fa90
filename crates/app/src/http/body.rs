//! Bodies, queries and ids, with errors that name the field.

use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::entry::{Place, Row};
use crate::error::AppError;

/// What an answer begins with: most are smaller.
const FIRST_BYTES: usize = 4_096;

/// A JSON body, read strictly; as an answer, JSON.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S, T> FromRequest<S> for Json<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        parse(&json_bytes(request, state).await?).map(Self)
    }
}

async fn json_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != "application/json" {
        return Err(AppError::UnsupportedMedia);
    }
    Bytes::from_request(request, state).await.map_err(too_large_or_broken)
}

/// A form of a record: the body has the shape of `T`, and is handed on as a [`Row`], in which an absent field differs
/// from one that is null.
#[derive(Debug)]
pub struct Form<T> {
    fields: Map<String, Value>,
    shape: PhantomData<T>,
}

impl<T> Form<T> {
    /// Its fields, as they were sent.
    #[must_use]
    pub fn fields(self) -> Map<String, Value> {
        self.fields
    }

    /// The form as a row about a record.
    #[must_use]
    pub fn row(self, place: Place) -> Row {
        Row::of_form(&self.fields, place, "")
    }
}

impl<S, T> FromRequest<S> for Form<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let bytes = json_bytes(request, state).await?;
        // The shape first: its errors name the field.
        parse::<T>(&bytes)?;
        Ok(Self { fields: parse(&bytes)?, shape: PhantomData })
    }
}

fn too_large_or_broken(rejection: BytesRejection) -> AppError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return AppError::TooLarge;
    }
    AppError::Unreadable { code: "unreadable_json", detail: rejection.body_text() }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer_of(error.path());
        let inner = error.into_inner();
        if inner.is_data() {
            return field_error(pointer, &inner.to_string());
        }
        AppError::Unreadable { code: "unreadable_json", detail: inner.to_string() }
    })?;
    reader.end().map_err(|error| AppError::Unreadable { code: "unreadable_json", detail: error.to_string() })?;
    Ok(value)
}

/// Serde's sentence as a code: the place of the mistake is known, the sentence says what it is.
fn field_error(pointer: String, sentence: &str) -> AppError {
    let quoted = sentence.split('`').nth(1).unwrap_or_default().to_owned();
    if sentence.starts_with("unknown field") {
        return AppError::field(pointer, "unknown_field", &[&quoted]);
    }
    if sentence.starts_with("missing field") {
        return AppError::field(format!("{pointer}/{quoted}"), "required", &[]);
    }
    let place = sentence.split(" at line ").next().unwrap_or(sentence);
    AppError::field(pointer, "wrong_type", &[place])
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        // A vector takes the many small pieces of JSON faster than the buffer that axum writes into.
        let mut body = Vec::with_capacity(FIRST_BYTES);
        match serde_json::to_writer(&mut body, &self.0) {
            Ok(()) => ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response(),
            // The same failure again, as axum answers it.
            Err(_) => axum::Json(self.0).into_response(),
        }
    }
}

/// Query parameters; an unknown or wrong one is an error, never ignored.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S, T> FromRequestParts<S> for Query<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query.map(|axum::extract::Query(value)| Self(value)).map_err(|rejection| {
            let sentence = rejection.body_text();
            let reason = sentence.split(": ").skip(1).collect::<Vec<_>>().join(": ");
            // Serde names the parameter before what is wrong with it.
            let unknown = reason.find("unknown field").and_then(|at| reason.get(at..));
            match field_error(String::new(), unknown.unwrap_or(&reason)) {
                AppError::Invalid(mut fields) => {
                    for field in &mut fields {
                        if field.code == "unknown_field" {
                            field.pointer = format!("/{}", field.args.first().cloned().unwrap_or_default());
                        } else if field.code == "wrong_type" {
                            field.pointer = format!("/{}", reason.split(':').next().unwrap_or_default());
                        }
                    }
                    AppError::Invalid(fields)
                }
                other => other,
            }
        })
    }
}

/// The id in a path. What is no id is not there.
#[derive(Clone, Copy, Debug)]
pub struct PathId(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| AppError::NotFound)?;
        Uuid::try_parse(&text).map(Self).map_err(|_| AppError::NotFound)
    }
}
