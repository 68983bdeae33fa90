//! Products: how they are written and read.

use qiao_engine::money::Currency;
use qiao_store::Tx;
use qiao_store::entities::{product, product_line};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::context::{Context, Permission};
use crate::entry::{self, Chunk, Drafts, Entry, Row, Whole, Written};
use crate::error::AppError;
use crate::figures::Amount;
use crate::forms::{Money, NAME};
use crate::splits::rules::share_text;
use crate::state::AppState;

/// A product as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct ProductForm {
    /// The word in files, unique; required for a new one.
    code: Option<String>,
    /// The name people read.
    name: Option<String>,
    /// Its product line, by id or code.
    product_line_id: Option<String>,
    /// What it costs a customer by the list.
    list_price: Option<Money>,
    /// What it costs the company, without VAT.
    cost: Option<Money>,
    /// The VAT rate, a fraction of one: `0.13`.
    tax_rate: Option<String>,
    /// What it is counted in.
    unit: Option<String>,
}

entry::filter! {
    /// Which products.
    archived ProductFilter {}
}

/// A product. What it costs the company is told to those who keep the catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProductView {
    /// The id.
    pub id: Uuid,
    /// The word in files.
    pub code: String,
    /// The name people read.
    pub name: String,
    /// The code of its line.
    pub product_line: Option<String>,
    /// Its line.
    pub product_line_id: Option<Uuid>,
    /// What it costs a customer by the list.
    pub list_price: Option<Amount>,
    /// What it costs the company, without VAT; none for who does not keep the catalog.
    pub cost: Option<Amount>,
    /// The VAT rate, a fraction of one.
    pub tax_rate: Option<String>,
    /// What it is counted in.
    pub unit: Option<String>,
    /// How often it was written: what If-Match takes.
    pub version: i64,
    /// It was put away.
    pub archived: bool,
}

/// A product with what its answer needs from elsewhere.
#[derive(Clone, Debug)]
pub struct Product {
    row: product::Model,
    line: Option<String>,
    currency: Currency,
    /// True where the asker may know the cost.
    open: bool,
}

impl Product {
    /// A product beside the lines there are, for who asks.
    #[must_use]
    pub fn of(row: product::Model, lines: &[product_line::Model], currency: Currency, context: &Context) -> Self {
        let line = lines.iter().find(|line| Some(line.id) == row.product_line_id).map(|line| line.code.clone());
        Self { row, line, currency, open: context.may(Permission::ManageCatalog) }
    }
}

impl From<&Product> for ProductView {
    fn from(whole: &Product) -> Self {
        let Product { row, line, currency, open } = whole;
        Self {
            id: row.id,
            code: row.code.clone(),
            name: row.name.clone(),
            product_line: line.clone(),
            product_line_id: row.product_line_id,
            list_price: row.list_price_minor.map(|minor| Amount::minor(minor, *currency)),
            cost: row.cost_minor.filter(|_| *open).map(|minor| Amount::minor(minor, *currency)),
            tax_rate: row.tax_rate_ppm.map(share_text),
            unit: row.unit.clone(),
            version: row.version,
            archived: row.archived_at.is_some(),
        }
    }
}

impl Whole for Product {
    type Record = product::Model;

    fn record(&self) -> &product::Model {
        &self.row
    }

    fn set_record(&mut self, record: product::Model) {
        self.row = record;
    }

    async fn gather(state: &AppState, context: &Context, rows: Vec<product::Model>) -> Result<Vec<Self>, AppError> {
        let view = state.view(context).await?;
        let currency = view.snapshot.definitions.company.currency;
        Ok(rows.into_iter().map(|row| Self::of(row, &view.catalog.product_lines, currency, context)).collect())
    }
}

/// Products as a kind of record.
#[derive(Debug)]
pub struct ProductEntry;

impl Entry for ProductEntry {
    type Whole = Product;
    type View = ProductView;
    const PERMISSION: Permission = Permission::ManageCatalog;

    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<Product>>, AppError> {
        let currency = chunk.view.snapshot.definitions.company.currency;
        let lines = queries::lines(tx.conn()).await?;
        let known = queries::products(tx.conn()).await?;
        let befores = super::befores(chunk, &known)?;
        let befores =
            befores.into_iter().map(|row| row.map(|row| Product::of(row, &lines, currency, &chunk.context))).collect();
        let drafts = Drafts::read(chunk, befores, |row, before: Option<&Product>| {
            let before = before.map(|whole| &whole.row);
            let product = read(row, before, (&lines, &known), currency, tx);
            Ok(Some(Product::of(product, &lines, currency, &chunk.context)))
        })?;
        Ok(drafts.save(tx).await?.written())
    }
}

fn read(
    row: &mut Row,
    before: Option<&product::Model>,
    (lines, known): (&[product_line::Model], &[product::Model]),
    currency: Currency,
    tx: &Tx,
) -> product::Model {
    let mut product = before.cloned().unwrap_or_else(|| blank(tx));
    product.code = row.required_or("code", super::CODE, product.code);
    product.name = row.required_or("name", NAME, product.name);
    if known.iter().any(|other| other.code == product.code && other.id != product.id) {
        row.wrong("code", "already_used", &[&product.code]);
    }
    let line = line(row, lines);
    product.product_line_id = row.or("product_line", line, product.product_line_id);
    product.list_price_minor = row.positive_or("list_price", currency, product.list_price_minor);
    product.cost_minor = row.positive_or("cost", currency, product.cost_minor);
    let rate = row.share("tax_rate");
    product.tax_rate_ppm = row.or("tax_rate", rate, product.tax_rate_ppm);
    product.unit = row.text_or("unit", 50, product.unit);
    product
}

/// The line that a row names, by id or code.
fn line(row: &mut Row, lines: &[product_line::Model]) -> Option<Uuid> {
    let word = row.text("product_line", NAME)?;
    let found = lines.iter().find(|line| line.code == word || line.id.to_string() == word);
    if found.is_none() {
        row.unknown("product_line", &word, lines.iter().map(|line| line.code.as_str()));
    }
    found.map(|line| line.id)
}

fn blank(tx: &Tx) -> product::Model {
    product::Model {
        id: Uuid::now_v7(),
        external_id: None,
        code: String::new(),
        name: String::new(),
        product_line_id: None,
        list_price_minor: None,
        cost_minor: None,
        tax_rate_ppm: None,
        unit: None,
        attributes: "{}".to_owned(),
        version: 0,
        created_at: tx.now_ms(),
        updated_at: tx.now_ms(),
        archived_at: None,
    }
}
