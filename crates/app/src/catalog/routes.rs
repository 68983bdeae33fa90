//! Products, as the API answers them.

use axum::extract::State;
use qiao_engine::money::Currency;
use qiao_store::books::View;
use qiao_store::entities::product;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::error::AppError;
use crate::figures::Amount;
use crate::http::{Asker, Json, Page, Problem};
use crate::splits::rules::share_text;
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_products))
}

/// A product. What it costs the company is not told here.
#[derive(Debug, Serialize, ToSchema)]
struct ProductView {
    id: Uuid,
    /// The word in files.
    code: String,
    name: String,
    /// The code of its line.
    product_line: Option<String>,
    list_price: Option<Amount>,
    /// The VAT rate, a fraction of one.
    tax_rate: Option<String>,
    unit: Option<String>,
}

fn of(view: &View, product: &product::Model, currency: Currency) -> ProductView {
    ProductView {
        id: product.id,
        code: product.code.clone(),
        name: product.name.clone(),
        product_line: view.catalog.line_of(Some(product.id)),
        list_price: product.list_price_minor.map(|minor| Amount::minor(minor, currency)),
        tax_rate: product.tax_rate_ppm.map(share_text),
        unit: product.unit.clone(),
    }
}

/// List products
///
/// By code.
#[utoipa::path(get, path = "/products", tag = "catalog",
    responses((status = 200, body = Page<ProductView>), (status = 401, body = Problem)))]
async fn list_products(
    State(state): State<AppState>,
    Asker(context): Asker,
) -> Result<Json<Page<ProductView>>, AppError> {
    let view = state.view(&context).await?;
    let currency = view.snapshot.definitions.company.currency;
    let present = view.catalog.products.iter().filter(|product| product.archived_at.is_none());
    Ok(Json(Page::new(present.map(|product| of(&view, product, currency)).collect(), None)))
}
