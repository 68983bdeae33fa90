//! Attachments of records.

use std::io::Read;

use axum::body::{Body, Bytes};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::rules::{self, AttachmentView, MOST_BYTES};
use super::sniff::IMAGES;
use crate::error::AppError;
use crate::http::{Asker, IfMatch, Json, PathId, Problem, Tagged};
use crate::state::AppState;

/// What a request holds beside the file.
const AROUND_FILE: usize = 64 * 1024;
/// How much of a file is read at a time.
const BLOCK: usize = 64 * 1024;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_attachments, attach_file))
        .layer(DefaultBodyLimit::max(MOST_BYTES + AROUND_FILE))
        .routes(routes!(get_content))
        .routes(routes!(remove_attachment))
        .routes(routes!(restore_attachment))
}

/// A file as it is sent.
#[derive(ToSchema)]
#[allow(dead_code, reason = "the shape of the form; its parts are read as a stream")]
struct AttachmentForm {
    /// The file, at most 50 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The files of a record.
#[derive(Debug, Serialize, ToSchema)]
struct Attachments {
    items: Vec<AttachmentView>,
}

fn tagged(status: StatusCode, body: AttachmentView) -> Tagged<AttachmentView> {
    Tagged { status, version: body.version, body }
}

/// List the files of a record
#[utoipa::path(get, path = "/records/{type}/{id}/attachments", tag = "attachments",
    params(("type" = String, Path, description = "As in GET /records/{type}/{id}"), ("id" = Uuid, Path)),
    responses((status = 200, body = Attachments), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_attachments(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path((record_type, id)): Path<(String, String)>,
) -> Result<Json<Attachments>, AppError> {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    Ok(Json(Attachments { items: rules::list(&state, &context, &record_type, id).await? }))
}

/// Attach a file to a record
///
/// A record of any kind in the asker's scope. What the file is follows from its bytes.
#[utoipa::path(post, path = "/records/{type}/{id}/attachments", tag = "attachments",
    params(("type" = String, Path, description = "As in GET /records/{type}/{id}"), ("id" = Uuid, Path)),
    request_body(content = AttachmentForm, content_type = "multipart/form-data"),
    responses((status = 201, body = AttachmentView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem),
        (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn attach_file(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path((record_type, id)): Path<(String, String)>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Tagged<AttachmentView>, AppError> {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    let Ok(mut form) = form else { return Err(AppError::UnsupportedMedia) };
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        _ => AppError::Unreadable { code: "unreadable_file", detail: error.body_text() },
    };
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let part = field.name().unwrap_or_default().to_owned();
        if part != "file" {
            return Err(AppError::field(format!("/{part}"), "unknown_field", &[&part]));
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        file = Some((name, field.bytes().await.map_err(broken)?.to_vec()));
    }
    let (name, bytes) = file.ok_or_else(|| AppError::field("/file", "required", &[]))?;
    Ok(tagged(StatusCode::CREATED, rules::attach(&state, &context, record_type, id, &name, bytes).await?))
}

/// Get the content of a file
///
/// Pictures are shown, everything else is handed out as a download; nothing in it runs.
#[utoipa::path(get, path = "/attachments/{id}/content", tag = "attachments", params(("id" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "application/octet-stream"), (status = 401, body = Problem),
        (status = 404, body = Problem)))]
async fn get_content(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Response, AppError> {
    let row = rules::find(&state, &context, id).await?;
    let (files, digest) = (state.files().clone(), row.digest.clone());
    let opened = tokio::task::spawn_blocking(move || files.open(&digest)).await;
    let Ok(Ok(file)) = opened else {
        tracing::error!(attachment = %row.id, digest = row.digest, "its file is not on the disk");
        return Err(AppError::Conflict("file_gone"));
    };
    let blocks = stream::unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut block = vec![0_u8; BLOCK];
            let read = file.read(&mut block);
            (file, block, read)
        });
        match read.await {
            Ok((_, _, Ok(0))) => None,
            Ok((file, mut block, Ok(read))) => {
                block.truncate(read);
                Some((Ok::<_, std::io::Error>(Bytes::from(block)), file))
            }
            Ok((file, _, Err(error))) => Some((Err(error), file)),
            Err(_) => None,
        }
    });
    let shown = IMAGES.contains(&row.media_type.as_str());
    let mut response = Body::from_stream(blocks).into_response();
    let headers = response.headers_mut();
    let text = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(header::CONTENT_TYPE, text(&row.media_type));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(row.size));
    headers.insert(header::CONTENT_DISPOSITION, text(&disposition(shown, &row.file_name)));
    let policy = "default-src 'none'; sandbox; frame-ancestors 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=300"));
    Ok(response)
}

/// RFC 6266 with the name in UTF-8, every byte that is no plain letter or digit encoded.
fn disposition(shown: bool, name: &str) -> String {
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    format!("{}; filename*=UTF-8''{encoded}", if shown { "inline" } else { "attachment" })
}

/// Remove a file
///
/// Who attached it, and administrators. It can be brought back.
#[utoipa::path(delete, path = "/attachments/{id}", tag = "attachments", params(("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = AttachmentView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn remove_attachment(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    IfMatch(version): IfMatch,
) -> Result<Tagged<AttachmentView>, AppError> {
    Ok(tagged(StatusCode::OK, rules::set_removed(&state, &context, id, Some(version), true).await?))
}

/// Bring a file back
#[utoipa::path(post, path = "/attachments/{id}/restoration", tag = "attachments", params(("id" = Uuid, Path)),
    responses((status = 200, body = AttachmentView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn restore_attachment(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<AttachmentView>, AppError> {
    Ok(tagged(StatusCode::OK, rules::set_removed(&state, &context, id, None, false).await?))
}
