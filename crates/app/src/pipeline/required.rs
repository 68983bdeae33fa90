//! What a deal must have before it enters a stage.

use qiao_store::entities::{opportunity, stage};

use crate::entry::Row;

/// A field that a stage may require: its word in the settings, which is its column, and its name in the form.
#[derive(Clone, Copy, Debug)]
struct Field {
    word: &'static str,
    form: &'static str,
    filled: fn(&opportunity::Model) -> bool,
}

fn said(text: &Option<String>) -> bool {
    text.as_ref().is_some_and(|text| !text.trim().is_empty())
}

const FIELDS: &[Field] = &[
    Field { word: "account", form: "account_id", filled: |deal| deal.account_id.is_some() },
    Field { word: "contact", form: "contact_id", filled: |deal| deal.contact_id.is_some() },
    Field { word: "amount", form: "amount", filled: |deal| deal.amount_minor.is_some_and(|minor| minor > 0) },
    Field { word: "product", form: "product_id", filled: |deal| deal.product_id.is_some() },
    Field { word: "expected_close_on", form: "expected_close_on", filled: |deal| deal.expected_close_on.is_some() },
    Field { word: "source", form: "source", filled: |deal| said(&deal.source) },
    Field { word: "next_step", form: "next_step", filled: |deal| said(&deal.next_step) },
    Field { word: "competitor", form: "competitor", filled: |deal| said(&deal.competitor) },
    Field { word: "lost_reason", form: "lost_reason", filled: |deal| said(&deal.lost_reason) },
];

/// The words of the fields that a stage may require.
#[must_use]
pub fn words() -> Vec<&'static str> {
    FIELDS.iter().map(|field| field.word).collect()
}

/// What a stage requires, by the words of its fields.
#[must_use]
pub fn of(stage: &stage::Model) -> Vec<String> {
    serde_json::from_str(&stage.required).unwrap_or_default()
}

/// True where a deal has everything that a stage requires.
#[must_use]
pub fn has_all(deal: &opportunity::Model, stage: &stage::Model) -> bool {
    let required = of(stage);
    FIELDS.iter().all(|field| !required.iter().any(|word| word == field.word) || (field.filled)(deal))
}

/// Refuses a deal that enters a stage without what the stage requires, one on it that would lose what it has, and one that goes
/// on to a later stage, or is won, without what the stage it leaves requires. A deal that stood there before the rule came is
/// left in peace until it moves on; back, and lost, it may always go.
pub fn check(
    row: &mut Row,
    before: Option<&opportunity::Model>,
    after: &opportunity::Model,
    (left, stage): (Option<&stage::Model>, &stage::Model),
) {
    let stays = before.is_some_and(|before| before.stage_id == after.stage_id);
    let goes_on = |left: &stage::Model| {
        let later = left.pipeline_id == stage.pipeline_id && left.position < stage.position;
        !stays && left.kind == "open" && (stage.kind == "won" || stage.kind == "open" && later)
    };
    let (entered, left) = (of(stage), left.filter(|left| goes_on(left)));
    let behind = left.map(of).unwrap_or_default();
    for field in FIELDS {
        let asks = |required: &[String]| required.iter().any(|word| word == field.word);
        let had = before.is_some_and(|before| (field.filled)(before));
        let by = match left {
            _ if asks(&entered) && (!stays || had) => Some(stage),
            Some(left) if asks(&behind) => Some(left),
            _ => None,
        };
        if let Some(by) = by.filter(|_| !(field.filled)(after)) {
            // Where the form does not speak of the field it is named as the form would.
            let place = if row.is_form() && !row.names(field.word) { field.form } else { field.word };
            row.wrong(place, "stage_requires", &[&by.name]);
        }
    }
}
