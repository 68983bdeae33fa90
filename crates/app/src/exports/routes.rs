//! Files out through the API.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use futures::{StreamExt, stream};
use qiao_engine::dates::Period;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::rules::{require, size};
use super::{Kind, Out, Rows, export};
use crate::error::AppError;
use crate::http::{Asker, Json, Problem, Query};
use crate::imports;
use crate::state::AppState;

/// Parts of a file that wait for who takes it.
const WAITING: usize = 2;

/// The routes of exports.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(export_file)).routes(routes!(export_size))
}

/// Which part.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// The period of estimates and earnings; the present month where absent.
    period: Option<String>,
}

/// The rows that a request asks for: a kind of record is narrowed by the parameters of its list.
async fn rows(kind: Kind, parts: &mut Parts, state: &AppState) -> Result<Rows, AppError> {
    async fn filter<T: DeserializeOwned + Send>(parts: &mut Parts, state: &AppState) -> Result<Box<T>, AppError> {
        Query::from_request_parts(parts, state).await.map(|Query(filter)| Box::new(filter))
    }
    use imports::Kind as K;
    Ok(match kind {
        Kind::Records(K::Accounts) => Rows::Accounts(filter(parts, state).await?),
        Kind::Records(K::Contacts) => Rows::Contacts(filter(parts, state).await?),
        Kind::Records(K::Leads) => Rows::Leads(filter(parts, state).await?),
        Kind::Records(K::Opportunities) => Rows::Opportunities(filter(parts, state).await?),
        Kind::Records(K::Contracts) => Rows::Contracts(filter(parts, state).await?),
        Kind::Records(K::Payments) => Rows::Payments(filter(parts, state).await?),
        Kind::Records(K::Invoices) => Rows::Invoices(filter(parts, state).await?),
        Kind::Records(K::Orders) => Rows::Orders(filter(parts, state).await?),
        Kind::Records(K::Deliveries) => Rows::Deliveries(filter(parts, state).await?),
        Kind::Records(K::Activities) => Rows::Activities(filter(parts, state).await?),
        Kind::Records(K::Targets) => Rows::Targets(filter(parts, state).await?),
        other => {
            let query: Box<ExportQuery> = filter(parts, state).await?;
            let period = match query.period {
                None => None,
                Some(text) => {
                    let wrong = |_| AppError::field("/period", "not_period", &[&text]);
                    Some(text.parse::<Period>().map_err(wrong)?)
                }
            };
            Rows::all(other, period)
        }
    })
}

/// Export a file
///
/// The rows in the asker's scope as CSV, in the form that an import takes back. A kind of record is narrowed and sorted by
/// the query parameters of its list. A cell that a spreadsheet would run as a formula has an apostrophe before it, which an
/// import takes off.
#[utoipa::path(get, path = "/exports/{kind}", tag = "imports",
    params(("kind" = String, Path, description = "people, products, accounts, contacts, leads, opportunities, contracts, payments, invoices, orders, deliveries, activities, targets, estimates, earnings or audit"), ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn export_file(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(word): Path<String>,
    mut parts: Parts,
) -> Result<impl IntoResponse, AppError> {
    let kind = Kind::parse(&word).ok_or(AppError::NotFound)?;
    require(&context, kind)?;
    let rows = rows(kind, &mut parts, &state).await?;
    let (send, mut receive) = mpsc::channel(WAITING);
    let writing = tokio::spawn(async move { export(&state, &context, rows, Out::Send(send)).await });
    // What is wrong is known before the first part.
    let Some(first) = receive.recv().await else {
        let ended = writing
            .await
            .unwrap_or_else(|error| Err(AppError::Unreadable { code: "internal", detail: error.to_string() }));
        return Err(ended.err().unwrap_or(AppError::NotFound));
    };
    // A spreadsheet that opens what a browser saved takes a file without a mark for something other than UTF-8.
    let mark = if parts.headers.contains_key("sec-fetch-mode") { "\u{feff}" } else { "" };
    let rest = stream::unfold((receive, writing), |(mut receive, writing)| async move {
        match receive.recv().await {
            Some(part) => Some((Ok(Bytes::from(part)), (receive, writing))),
            // A file that ends early must not look whole: the connection is cut.
            None => match writing.await {
                Ok(Ok(())) => None,
                _ => Some((
                    Err(std::io::Error::other("the export ended early")),
                    (receive, tokio::spawn(async { Ok(()) })),
                )),
            },
        }
    });
    // Compression asks once more behind the end.
    let head = stream::iter([Ok(Bytes::from(mark)), Ok(Bytes::from(first))]);
    let name = format!("attachment; filename=\"{word}.csv\"");
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(head.chain(rest.fuse()))))
}

/// How large a file will be.
#[derive(Debug, Serialize, ToSchema)]
struct ExportSize {
    /// Rows; none for files that are no list of records.
    rows: Option<u64>,
}

/// Count the rows of an export
///
/// With the same query parameters.
#[utoipa::path(get, path = "/exports/{kind}/size", tag = "imports",
    params(("kind" = String, Path, description = "As in GET /exports/{kind}")),
    responses((status = 200, body = ExportSize), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn export_size(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(word): Path<String>,
    mut parts: Parts,
) -> Result<Json<ExportSize>, AppError> {
    let kind = Kind::parse(&word).ok_or(AppError::NotFound)?;
    require(&context, kind)?;
    let rows = rows(kind, &mut parts, &state).await?;
    Ok(Json(ExportSize { rows: size(&state, &context, rows).await? }))
}
