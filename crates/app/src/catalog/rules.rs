//! How a file of products goes in.

use std::collections::BTreeMap;

use qiao_engine::money::Currency;
use qiao_store::entities::{product, product_line};
use qiao_store::{DefinitionKind, StoreError, Tx};
use uuid::Uuid;

use super::queries;
use crate::entry::{Chunk, Row, RowOutcome, Verdict};
use crate::error::AppError;
use crate::forms::NAME;
use crate::imports::Applied;

/// Columns of a file of products.
pub const COLUMNS: &[&str] = &["product", "name", "product_line", "list_price", "cost", "unit"];

struct Known {
    lines: Vec<product_line::Model>,
    products: Vec<product::Model>,
    beside: BTreeMap<&'static str, usize>,
    currency: Currency,
}

/// Imports rows of products. Product lines that are not there are made beside.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn import(tx: &mut Tx, chunk: &Chunk) -> Result<Applied, AppError> {
    let mut known = Known {
        lines: queries::lines(tx.conn()).await?,
        products: queries::products(tx.conn()).await?,
        beside: BTreeMap::new(),
        currency: chunk.view.snapshot.definitions.company.currency,
    };
    let mut rows = Vec::with_capacity(chunk.rows.len());
    for row in &chunk.rows {
        rows.push(known.row(tx, row.clone()).await?);
    }
    if rows.iter().any(|row| matches!(row.verdict, Verdict::Created | Verdict::Updated)) {
        tx.definition_changed(DefinitionKind::Catalog);
    }
    Ok(Applied { rows, beside: known.beside })
}

impl Known {
    async fn row(&mut self, tx: &mut Tx, mut row: Row) -> Result<RowOutcome, AppError> {
        let code = row.required("product", NAME);
        let name = row.text("name", NAME).unwrap_or_else(|| code.clone());
        let line = row.text("product_line", NAME);
        let list_price_minor = row.money("list_price", self.currency);
        let cost_minor = row.money("cost", self.currency);
        let unit = row.text("unit", 50);
        for (column, value) in [("list_price", list_price_minor), ("cost", cost_minor)] {
            if value.is_some_and(|minor| minor < 0) {
                row.wrong(column, "negative", &[]);
            }
        }
        if !row.errors.is_empty() {
            return Ok(row.outcome(Verdict::Rejected));
        }
        let product_line_id = match line {
            Some(line) => Some(self.line(tx, &line).await?),
            None => None,
        };
        let existing = self.products.iter().find(|product| product.code == code).cloned();
        let now_ms = tx.now_ms();
        let mut product = existing.clone().unwrap_or_else(|| product::Model {
            id: Uuid::now_v7(),
            external_id: Some(code.clone()),
            code: code.clone(),
            name: String::new(),
            product_line_id: None,
            list_price_minor: None,
            cost_minor: None,
            tax_rate_ppm: None,
            unit: None,
            attributes: "{}".to_owned(),
            version: 0,
            created_at: now_ms,
            updated_at: now_ms,
            archived_at: None,
        });
        product.name = name;
        product.product_line_id = product_line_id.or(product.product_line_id);
        product.list_price_minor = list_price_minor.or(product.list_price_minor);
        product.cost_minor = cost_minor.or(product.cost_minor);
        product.unit = unit.or(product.unit);
        let (saved, product) = tx.save(existing.as_ref(), product).await?;
        self.products.retain(|known| known.id != product.id);
        self.products.push(product);
        Ok(row.outcome(saved.into()))
    }

    async fn line(&mut self, tx: &mut Tx, code: &str) -> Result<Uuid, StoreError> {
        if let Some(line) = self.lines.iter().find(|line| line.code == code) {
            return Ok(line.id);
        }
        let row = product_line::Model {
            id: Uuid::now_v7(),
            external_id: Some(code.to_owned()),
            code: code.to_owned(),
            name: code.to_owned(),
            parent_id: None,
            version: 0,
            created_at: tx.now_ms(),
            updated_at: tx.now_ms(),
            archived_at: None,
        };
        let (_, row) = tx.save(None, row).await?;
        *self.beside.entry("product lines").or_default() += 1;
        let id = row.id;
        self.lines.push(row);
        Ok(id)
    }
}
