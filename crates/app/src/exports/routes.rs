//! Files out through the API.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use qiao_engine::dates::Period;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Kind, export};
use crate::error::AppError;
use crate::http::{Asker, Problem, Query};
use crate::state::AppState;

/// The routes of exports.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(export_file))
}

/// Which part.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// The period of estimates and earnings; the present month where absent.
    period: Option<String>,
}

/// Export a file
///
/// The rows in the asker's scope as CSV, in the form that an import takes back.
#[utoipa::path(get, path = "/exports/{kind}", tag = "imports",
    params(("kind" = String, Path, description = "people, products, accounts, contacts, leads, opportunities, contracts, payments, activities, targets, estimates, earnings or audit"), ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn export_file(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(word): Path<String>,
    Query(query): Query<ExportQuery>,
) -> Result<impl IntoResponse, AppError> {
    let kind = Kind::parse(&word).ok_or(AppError::NotFound)?;
    let period = match query.period {
        None => None,
        Some(text) => {
            let wrong = |_| AppError::field("/period", "not_period", &[&text]);
            Some(text.parse::<Period>().map_err(wrong)?)
        }
    };
    let mut file = Vec::new();
    export(&state, &context, kind, period, &mut file).await?;
    let name = format!("attachment; filename=\"{word}.csv\"");
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], file))
}
