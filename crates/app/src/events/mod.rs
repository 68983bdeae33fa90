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
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::context::Context;
use crate::error::AppError;
use crate::http::{Asker, Problem};
use crate::state::AppState;

mod pulse;

use pulse::Listener;
pub use pulse::Pulse;

/// How long a stream lives before the browser comes back and shows anew who it is.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// At least so long between two events of a stream: while a file is imported there are twenty-five commits a second, and each
/// event makes every open page ask again. The first one comes at once.
const GAP: Duration = Duration::from_secs(1);

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
    let listening = Listening {
        changes: state.books().changes(),
        end: Instant::now() + LIFE,
        quiet_until: Instant::now(),
        context,
        _beating: state.pulse().join(&state),
    };
    let stream = stream::unfold(listening, |mut listening| async move {
        let event = listening.next().await?;
        Some((Ok(event), listening))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))))
}

/// One stream.
struct Listening {
    changes: Receiver<Change>,
    /// When the browser has to come back.
    end: Instant,
    /// Before this what happens is gathered.
    quiet_until: Instant,
    context: Context,
    _beating: Listener,
}

impl Listening {
    /// The next event; none where the stream is over.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let mut change = self.change(self.end).await?;
            while Instant::now() < self.quiet_until {
                match self.change(self.quiet_until).await {
                    Some(more) => change.and(more),
                    None => break,
                }
            }
            if let Some(event) = event(&self.context, change) {
                self.quiet_until = Instant::now() + GAP;
                return Some(event);
            }
        }
    }

    /// The next change before a moment.
    async fn change(&mut self, before: Instant) -> Option<Change> {
        tokio::select! {
            () = tokio::time::sleep_until(before) => None,
            change = self.changes.recv() => match change {
                Ok(change) => Some(change),
                // Too slow: everything may have changed.
                Err(RecvError::Lagged(_)) => Some(Change { definitions: true, ..Change::default() }),
                Err(RecvError::Closed) => None,
            },
        }
    }
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
