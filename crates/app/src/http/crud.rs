//! The four addresses that every kind of record has: list, make, get, change. A capability names its forms and words with
//! [`record_routes!`]; what happens behind them is written once, here.

use axum::http::StatusCode;
use uuid::Uuid;

use super::{IfMatch, Json, Page, Tagged};
use crate::context::Context;
use crate::entry::{self, Entry, Listed, Place, Row, Scoped, Whole, list};
use crate::error::AppError;
use crate::state::AppState;

/// A page of records in the asker's scope.
///
/// # Errors
/// 422 for a wrong page or filter.
pub async fn list<E: Listed>(
    state: &AppState,
    context: &Context,
    mut filter: E::Filter,
) -> Result<Json<Page<E::View>>, AppError> {
    let sorts = E::sorts();
    let (page, listing) = E::paging(&mut filter).checked(state, context, &sorts).await?;
    let rows = E::list(state, context, &filter, &listing).await?;
    let key = |whole: &E::Whole| {
        let key = listing.sort.and_then(|sort| E::sort_key(whole, sort));
        list::cursor(key, E::id(whole))
    };
    let Page { items, next_cursor, .. } = page.page(rows, key);
    let names = E::names(state, &state.view(context).await?, &items).await?;
    Ok(Json(Page { items: items.iter().map(E::View::from).collect(), next_cursor, names }))
}

/// A record in the asker's scope.
///
/// # Errors
/// 404 where it is not there or not the asker's to see.
pub async fn get<E: Listed>(state: &AppState, context: &Context, id: Uuid) -> Result<Tagged<E::View>, AppError> {
    let whole = E::find(state, context, id).await?.ok_or(AppError::NotFound)?;
    Ok(Tagged { status: StatusCode::OK, version: E::version(&whole), body: E::View::from(&whole) })
}

/// Makes a record.
///
/// # Errors
/// As for [`entry::save`].
pub async fn create<E: Listed>(state: &AppState, context: &Context, row: Row) -> Result<Tagged<E::View>, AppError> {
    let (body, version) = entry::save::<E>(state, context, row).await?;
    Ok(Tagged { status: StatusCode::CREATED, version, body })
}

/// Changes a record.
///
/// # Errors
/// As for [`entry::save`].
pub async fn change<E: Listed>(state: &AppState, context: &Context, row: Row) -> Result<Tagged<E::View>, AppError> {
    let (body, version) = entry::save::<E>(state, context, row).await?;
    Ok(Tagged { status: StatusCode::OK, version, body })
}

/// Puts a record away.
///
/// # Errors
/// As for [`entry::archive`].
pub async fn archive<E: Entry>(
    state: &AppState,
    context: &Context,
    id: Uuid,
    IfMatch(version): IfMatch,
) -> Result<Tagged<E::View>, AppError>
where
    <E::Whole as Whole>::Record: Scoped,
{
    let (body, version) = entry::archive::<E>(state, context, id, version).await?;
    Ok(Tagged { status: StatusCode::OK, version, body })
}

/// Brings a record back.
///
/// # Errors
/// As for [`entry::restore`].
pub async fn restore<E: Entry>(state: &AppState, context: &Context, id: Uuid) -> Result<Tagged<E::View>, AppError>
where
    <E::Whole as Whole>::Record: Scoped,
{
    let (body, version) = entry::restore::<E>(state, context, id).await?;
    Ok(Tagged { status: StatusCode::OK, version, body })
}

/// The place of a PATCH.
#[must_use]
pub fn at(id: Uuid, IfMatch(version): IfMatch) -> Place {
    Place::At { id, version }
}

/// Writes the four handlers of a kind of record, with their description, and the router that holds them.
macro_rules! record_routes {
    (
        $entry:ty, form $form:ty, view $view:ty, filter $filter:ty, tag $tag:literal, path $path:literal, one $one:literal,
        $list:ident $list_text:literal, $create:ident $create_text:literal, $get:ident $get_text:literal,
        $change:ident $change_text:literal
    ) => {
        use $crate::http::Page;

        #[doc = $list_text]
        #[utoipa::path(get, path = $path, tag = $tag, params($filter), responses(
                    (status = 200, body = Page<$view>), (status = 401, body = $crate::http::Problem),
                    (status = 422, body = $crate::http::Problem)))]
        async fn $list(
            axum::extract::State(state): axum::extract::State<$crate::state::AppState>,
            $crate::http::Asker(context): $crate::http::Asker,
            $crate::http::Query(filter): $crate::http::Query<$filter>,
        ) -> Result<$crate::http::Json<Page<$view>>, $crate::error::AppError> {
            $crate::http::crud::list::<$entry>(&state, &context, filter).await
        }

        #[doc = $create_text]
        #[utoipa::path(post, path = $path, tag = $tag, request_body = $form, responses(
                    (status = 201, body = $view), (status = 400, body = $crate::http::Problem),
                    (status = 401, body = $crate::http::Problem), (status = 403, body = $crate::http::Problem),
                    (status = 409, body = $crate::http::Problem), (status = 422, body = $crate::http::Problem)))]
        async fn $create(
            axum::extract::State(state): axum::extract::State<$crate::state::AppState>,
            $crate::http::Asker(context): $crate::http::Asker,
            form: $crate::http::Form<$form>,
        ) -> Result<$crate::http::Tagged<$view>, $crate::error::AppError> {
            $crate::http::crud::create::<$entry>(&state, &context, form.row($crate::entry::Place::New)).await
        }

        #[doc = $get_text]
        #[utoipa::path(get, path = $one, tag = $tag, params(("id" = uuid::Uuid, Path)), responses(
                    (status = 200, body = $view), (status = 401, body = $crate::http::Problem),
                    (status = 404, body = $crate::http::Problem)))]
        async fn $get(
            axum::extract::State(state): axum::extract::State<$crate::state::AppState>,
            $crate::http::Asker(context): $crate::http::Asker,
            $crate::http::PathId(id): $crate::http::PathId,
        ) -> Result<$crate::http::Tagged<$view>, $crate::error::AppError> {
            $crate::http::crud::get::<$entry>(&state, &context, id).await
        }

        #[doc = $change_text]
        #[utoipa::path(patch, path = $one, tag = $tag, params(("id" = uuid::Uuid, Path),
                        ("If-Match" = String, Header, description = "The ETag that was read")),
                    request_body = $form, responses(
                    (status = 200, body = $view), (status = 400, body = $crate::http::Problem),
                    (status = 401, body = $crate::http::Problem), (status = 403, body = $crate::http::Problem),
                    (status = 404, body = $crate::http::Problem), (status = 412, body = $crate::http::Problem),
                    (status = 422, body = $crate::http::Problem), (status = 428, body = $crate::http::Problem)))]
        async fn $change(
            axum::extract::State(state): axum::extract::State<$crate::state::AppState>,
            $crate::http::Asker(context): $crate::http::Asker,
            $crate::http::PathId(id): $crate::http::PathId,
            version: $crate::http::IfMatch,
            form: $crate::http::Form<$form>,
        ) -> Result<$crate::http::Tagged<$view>, $crate::error::AppError> {
            let row = form.row($crate::http::crud::at(id, version));
            $crate::http::crud::change::<$entry>(&state, &context, row).await
        }

        /// The routes of this kind of record.
        pub fn router() -> utoipa_axum::router::OpenApiRouter<$crate::state::AppState> {
            utoipa_axum::router::OpenApiRouter::new()
                .routes(utoipa_axum::routes!($list, $create))
                .routes(utoipa_axum::routes!($get, $change))
        }
    };
}
pub(crate) use record_routes;

/// Writes the two handlers by which a kind of record is put away and brought back, and the router that holds them.
macro_rules! archive_routes {
    (
        $entry:ty, view $view:ty, tag $tag:literal, one $one:literal, back $back:literal,
        $archive:ident $archive_text:literal, $restore:ident $restore_text:literal
    ) => {
        #[doc = $archive_text]
        #[doc = ""]
        #[doc = "Lists leave it out from now on and it cannot be changed; what it counted for stays."]
        #[utoipa::path(delete, path = $one, tag = $tag, params(("id" = uuid::Uuid, Path),
                        ("If-Match" = String, Header, description = "The ETag that was read")), responses(
                    (status = 200, body = $view), (status = 401, body = $crate::http::Problem),
                    (status = 403, body = $crate::http::Problem), (status = 404, body = $crate::http::Problem),
                    (status = 412, body = $crate::http::Problem), (status = 428, body = $crate::http::Problem)))]
        async fn $archive(
            axum::extract::State(state): axum::extract::State<$crate::state::AppState>,
            $crate::http::Asker(context): $crate::http::Asker,
            $crate::http::PathId(id): $crate::http::PathId,
            version: $crate::http::IfMatch,
        ) -> Result<$crate::http::Tagged<$view>, $crate::error::AppError> {
            $crate::http::crud::archive::<$entry>(&state, &context, id, version).await
        }

        #[doc = $restore_text]
        #[utoipa::path(post, path = $back, tag = $tag, params(("id" = uuid::Uuid, Path)), responses(
                    (status = 200, body = $view), (status = 401, body = $crate::http::Problem),
                    (status = 403, body = $crate::http::Problem), (status = 404, body = $crate::http::Problem)))]
        async fn $restore(
            axum::extract::State(state): axum::extract::State<$crate::state::AppState>,
            $crate::http::Asker(context): $crate::http::Asker,
            $crate::http::PathId(id): $crate::http::PathId,
        ) -> Result<$crate::http::Tagged<$view>, $crate::error::AppError> {
            $crate::http::crud::restore::<$entry>(&state, &context, id).await
        }

        /// The routes by which this kind of record is put away and brought back.
        pub fn archive_router() -> utoipa_axum::router::OpenApiRouter<$crate::state::AppState> {
            utoipa_axum::router::OpenApiRouter::new()
                .routes(utoipa_axum::routes!($archive))
                .routes(utoipa_axum::routes!($restore))
        }
    };
}
pub(crate) use archive_routes;
