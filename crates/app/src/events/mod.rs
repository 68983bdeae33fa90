//! Live updates: server-sent events that say whose figures changed, within the asker's scope. What changed is read
//! through the API; an event carries no figure.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::Stream;
use futures::stream;
use qiao_store::books::Change;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::context::Context;
use crate::error::AppError;
use crate::http::{Asker, Problem};
use crate::state::AppState;

mod pulse;

pub use pulse::Pulse;

/// How long a stream lives before the browser comes back and shows anew who it is.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(listen))
}

/// Something changed.
#[derive(Debug, Serialize, ToSchema)]
struct Changed {
    /// Whose figures, of those the asker sees.
    people: Vec<Uuid>,
    /// What happened.
    kinds: Vec<String>,
    /// True where people, targets, metrics or plans changed.
    definitions: bool,
    /// True where the asker's own inbox changed.
    inbox: bool,
}

/// Listen for changes
///
/// Events named `changed`. A stream ends after 15 minutes; come back then.
#[utoipa::path(get, path = "/events", tag = "events",
    responses((status = 200, body = Changed, content_type = "text/event-stream"), (status = 401, body = Problem)))]
async fn listen(
    State(state): State<AppState>,
    Asker(context): Asker,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, AppError> {
    let changes = state.books().changes();
    let end = tokio::time::Instant::now() + LIFE;
    let beating = state.pulse().join(&state);
    let stream = stream::unfold((changes, context, beating), move |(mut changes, context, beating)| async move {
        loop {
            let change = tokio::select! {
                () = tokio::time::sleep_until(end) => return None,
                change = changes.recv() => match change {
                    Ok(change) => change,
                    // Too slow: everything may have changed.
                    Err(RecvError::Lagged(_)) => Change { definitions: true, ..Change::default() },
                    Err(RecvError::Closed) => return None,
                },
            };
            if let Some(event) = event(&context, change) {
                return Some((Ok(event), (changes, context, beating)));
            }
        }
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))))
}

/// The event of a change, if it touches anything the asker sees.
fn event(context: &Context, change: Change) -> Option<Event> {
    let people: Vec<Uuid> = change.people.into_iter().filter(|person| context.rows.covers(Some(*person))).collect();
    let inbox = context.user_id.is_some_and(|user| change.inboxes.contains(&user));
    if people.is_empty() && !change.definitions && !inbox {
        return None;
    }
    let kinds = if people.is_empty() { Vec::new() } else { change.kinds };
    let changed = Changed { people, kinds, definitions: change.definitions, inbox };
    Event::default().event("changed").json_data(changed).ok()
}
