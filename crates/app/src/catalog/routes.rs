//! Products and product lines, as the API answers them.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::lines::{ProductLineEntry, ProductLineForm, ProductLineView};
use super::products::{Product, ProductEntry, ProductForm, ProductView};
use crate::entry::Place;
use crate::error::AppError;
use crate::http::crud::{self, archive_routes};
use crate::http::{Asker, Form, IfMatch, Json, Page, PathId, Problem, Query, Tagged};
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_products, create_product))
        .routes(routes!(get_product, change_product))
        .routes(routes!(list_product_lines, create_product_line))
        .routes(routes!(get_product_line, change_product_line))
        .merge(product_archive::archive_router())
        .merge(line_archive::archive_router())
}

/// Those that are there, or those that were put away.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CatalogQuery {
    /// True for what was put away instead of what is there.
    archived: Option<bool>,
}

/// List products
///
/// By code; all of them, a company's catalog is short.
#[utoipa::path(get, path = "/products", tag = "catalog", params(CatalogQuery),
    responses((status = 200, body = Page<ProductView>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_products(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<CatalogQuery>,
) -> Result<Json<Page<ProductView>>, AppError> {
    let view = state.view(&context).await?;
    let currency = view.snapshot.definitions.company.currency;
    let wanted = query.archived.unwrap_or(false);
    let rows = view.catalog.products.iter().filter(|product| product.archived_at.is_some() == wanted).cloned();
    let rows = rows.map(|row| ProductView::from(&Product::of(row, &view.catalog.product_lines, currency, &context)));
    Ok(Json(Page::new(rows.collect(), None)))
}

/// Make a product
#[utoipa::path(post, path = "/products", tag = "catalog", request_body = ProductForm,
    responses((status = 201, body = ProductView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_product(
    State(state): State<AppState>,
    Asker(context): Asker,
    form: Form<ProductForm>,
) -> Result<Tagged<ProductView>, AppError> {
    crud::create::<ProductEntry>(&state, &context, form.row(Place::New)).await
}

/// Get a product
#[utoipa::path(get, path = "/products/{id}", tag = "catalog", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ProductView), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_product(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<ProductView>, AppError> {
    crud::get::<ProductEntry>(&state, &context, id).await
}

/// Change a product
#[utoipa::path(patch, path = "/products/{id}", tag = "catalog", request_body = ProductForm,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = ProductView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_product(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    version: IfMatch,
    form: Form<ProductForm>,
) -> Result<Tagged<ProductView>, AppError> {
    crud::change::<ProductEntry>(&state, &context, form.row(crud::at(id, version))).await
}

/// List product lines
///
/// By code; all of them.
#[utoipa::path(get, path = "/product-lines", tag = "catalog", params(CatalogQuery),
    responses((status = 200, body = Page<ProductLineView>), (status = 401, body = Problem),
        (status = 422, body = Problem)))]
async fn list_product_lines(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<CatalogQuery>,
) -> Result<Json<Page<ProductLineView>>, AppError> {
    let view = state.view(&context).await?;
    let wanted = query.archived.unwrap_or(false);
    let rows = view.catalog.product_lines.iter().filter(|line| line.archived_at.is_some() == wanted);
    Ok(Json(Page::new(rows.map(ProductLineView::from).collect(), None)))
}

/// Make a product line
#[utoipa::path(post, path = "/product-lines", tag = "catalog", request_body = ProductLineForm,
    responses((status = 201, body = ProductLineView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_product_line(
    State(state): State<AppState>,
    Asker(context): Asker,
    form: Form<ProductLineForm>,
) -> Result<Tagged<ProductLineView>, AppError> {
    crud::create::<ProductLineEntry>(&state, &context, form.row(Place::New)).await
}

/// Get a product line
#[utoipa::path(get, path = "/product-lines/{id}", tag = "catalog", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ProductLineView), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_product_line(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<ProductLineView>, AppError> {
    crud::get::<ProductLineEntry>(&state, &context, id).await
}

/// Rename a product line
#[utoipa::path(patch, path = "/product-lines/{id}", tag = "catalog", request_body = ProductLineForm,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = ProductLineView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_product_line(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    version: IfMatch,
    form: Form<ProductLineForm>,
) -> Result<Tagged<ProductLineView>, AppError> {
    crud::change::<ProductLineEntry>(&state, &context, form.row(crud::at(id, version))).await
}

mod product_archive {
    use super::{ProductEntry, ProductView, archive_routes};

    archive_routes! {
        ProductEntry, view ProductView, tag "catalog", one "/products/{id}", back "/products/{id}/restoration",
        archive_product "Put a product away", restore_product "Bring a product back"
    }
}

mod line_archive {
    use super::{ProductLineEntry, ProductLineView, archive_routes};

    archive_routes! {
        ProductLineEntry, view ProductLineView, tag "catalog", one "/product-lines/{id}",
        back "/product-lines/{id}/restoration",
        archive_product_line "Put a product line away", restore_product_line "Bring a product line back"
    }
}
