//! Many records edited with one request: `POST /{kind}/bulk-edits`. A capability names its form with [`bulk_routes!`].

use qiao_store::Tx;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Form, Json, Problem, idempotent};
use crate::context::Context;
use crate::entry::bulk::{Edit, edit};
use crate::entry::{Listed, Scoped, Whole};
use crate::error::AppError;
use crate::state::AppState;

/// The most records of one request.
const MOST: usize = 500;

/// Edits of several records. Each is written for itself: one that is refused leaves the others.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkForm<F> {
    /// The edits, 1 to 500.
    pub edits: Vec<BulkEdit<F>>,
    /// True to be told what would become of each; nothing is written then.
    pub preview: Option<bool>,
}

/// The edit of one record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkEdit<F> {
    /// The record.
    pub id: Uuid,
    /// The version that was read.
    pub version: i64,
    /// The fields that change.
    pub fields: Option<F>,
    /// True to put the record away, false to bring it back; instead of fields.
    pub archived: Option<bool>,
}

/// What became of several edits.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkAnswer<V> {
    /// Records that were changed, or would be.
    pub changed: Vec<BulkChange<V>>,
    /// Records that were like this already.
    pub unchanged: Vec<Uuid>,
    /// Records that were left as they are, and why.
    pub refused: Vec<BulkRefusal>,
}

/// A record that was changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkChange<V> {
    /// The record.
    pub id: Uuid,
    /// Its version now.
    pub version: i64,
    /// As it was: with these fields another request undoes the edit.
    pub before: V,
    /// As it is.
    pub after: V,
}

/// A record that was left as it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkRefusal {
    /// The record.
    pub id: Uuid,
    /// Why.
    pub problem: Problem,
}

/// The form with its fields as they were sent.
type Sent = BulkForm<Map<String, Value>>;

/// Edits several records.
///
/// # Errors
/// 403 without the permission, 422 where the request is wrong as a whole.
pub async fn bulk<E: Listed, F: DeserializeOwned>(
    state: &AppState,
    context: &Context,
    form: Form<BulkForm<F>>,
) -> Result<Json<BulkAnswer<E::View>>, AppError>
where
    <E::Whole as Whole>::Record: Scoped,
{
    // Its shape was checked when it was read.
    let sent: Sent = serde_json::from_value(Value::Object(form.fields()))
        .map_err(|error| AppError::Unreadable { code: "unreadable_json", detail: error.to_string() })?;
    let count = sent.edits.len();
    if !(1..=MOST).contains(&count) {
        return Err(AppError::field("/edits", "out_of_range", &[&count.to_string(), "1", &MOST.to_string()]));
    }
    let preview = sent.preview.unwrap_or(false);
    let mut edits = Vec::with_capacity(count);
    for (number, edit) in sent.edits.into_iter().enumerate() {
        if edit.fields.is_some() == edit.archived.is_some() {
            return Err(AppError::field(format!("/edits/{number}"), "fields_or_archived", &[]));
        }
        edits.push(Edit {
            id: edit.id,
            version: edit.version,
            archived: edit.archived,
            fields: edit.fields.unwrap_or_default(),
            prefix: format!("/edits/{number}/fields"),
        });
    }
    let mut answer = BulkAnswer { changed: Vec::new(), unchanged: Vec::new(), refused: Vec::new() };
    for (id, outcome) in edit::<E>(state, context, edits, preview).await? {
        match outcome {
            Ok(edited) if edited.changed => {
                let (version, before, after) = (edited.version, edited.before, edited.after);
                answer.changed.push(BulkChange { id, version, before, after });
            }
            Ok(_) => answer.unchanged.push(id),
            // What the database could not do is no answer about a record.
            Err(error @ AppError::Store(_)) if !Problem::of(&error).is_clients() => return Err(error),
            Err(error) => answer.refused.push(BulkRefusal { id, problem: Problem::of(&error) }),
        }
    }
    if preview || context.idempotency.is_none() {
        return Ok(Json(answer));
    }
    // A request that is sent again finds every record in another version and changes nothing; it is told what the first
    // one did.
    let text = serde_json::to_value(&answer)
        .map_err(|error| AppError::Unreadable { code: "unreadable_json", detail: error.to_string() })?;
    state.store().write(&context.write(), text, |tx, text| Box::pin(keep(tx, text))).await?;
    Ok(Json(answer))
}

async fn keep(tx: &mut Tx, answer: &Value) -> Result<(), AppError> {
    idempotent(tx, 200, answer.clone());
    Ok(())
}

/// Writes the handler by which several records of a kind are edited, and the router that holds it.
macro_rules! bulk_routes {
    ($entry:ty, form $form:ty, view $view:ty, tag $tag:literal, path $path:literal, $edit:ident $text:literal) => {
        use $crate::http::bulk::{BulkAnswer, BulkForm};

        #[doc = $text]
        #[doc = ""]
        #[doc = "Each record for itself: one that is refused leaves the others. With `preview` nothing is written."]
        #[utoipa::path(post, path = $path, tag = $tag, request_body = BulkForm<$form>, responses(
                    (status = 200, body = BulkAnswer<$view>),
                    (status = 400, body = $crate::http::Problem), (status = 401, body = $crate::http::Problem),
                    (status = 403, body = $crate::http::Problem), (status = 422, body = $crate::http::Problem)))]
        async fn $edit(
            axum::extract::State(state): axum::extract::State<$crate::state::AppState>,
            $crate::http::Asker(context): $crate::http::Asker,
            form: $crate::http::Form<BulkForm<$form>>,
        ) -> Result<$crate::http::Json<BulkAnswer<$view>>, $crate::error::AppError> {
            $crate::http::bulk::bulk::<$entry, $form>(&state, &context, form).await
        }

        /// The route by which several records of this kind are edited.
        pub fn bulk_router() -> utoipa_axum::router::OpenApiRouter<$crate::state::AppState> {
            utoipa_axum::router::OpenApiRouter::new().routes(utoipa_axum::routes!($edit))
        }
    };
}
pub(crate) use bulk_routes;
