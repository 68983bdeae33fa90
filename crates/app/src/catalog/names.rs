//! The names of the catalog's codes, for texts made from definitions.

use qiao_engine::Names;
use qiao_store::books::Catalog;

/// What stages, product lines and products are called, by their codes.
#[must_use]
pub fn names(catalog: &Catalog) -> Names {
    let mut names = Names::default();
    for stage in &catalog.stages {
        names.add("stage", &stage.code, &stage.name);
    }
    for line in &catalog.product_lines {
        names.add("product_line", &line.code, &line.name);
    }
    for product in &catalog.products {
        names.add("product", &product.code, &product.name);
    }
    names
}
