//! Counting what the server does, for Prometheus. The counters live in memory: they are about this process only.

use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::state::AppState;

/// Upper bounds of the buckets of answer times, milliseconds.
const BUCKETS_MS: [u64; 8] = [5, 10, 25, 50, 100, 250, 1_000, 5_000];

/// The counters.
#[derive(Debug, Default)]
pub struct Meter {
    /// Answers by the first digit of their status, 1 to 5.
    answers: [AtomicU64; 5],
    buckets: [AtomicU64; BUCKETS_MS.len()],
    micros: AtomicU64,
    at_hand: AtomicI64,
}

impl Meter {
    fn note(&self, status: u16, micros: u64) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        if let Some(counter) = self.answers.get(class) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        for (bound, counter) in BUCKETS_MS.iter().zip(&self.buckets) {
            if micros <= bound * 1_000 {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// The counters as Prometheus reads them.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let _ =
            writeln!(out, "# HELP qiao_answers_total Answers by class of status.\n# TYPE qiao_answers_total counter");
        for (class, counter) in (1..).zip(&self.answers) {
            let _ = writeln!(out, "qiao_answers_total{{status=\"{class}xx\"}} {}", counter.load(Ordering::Relaxed));
        }
        let name = "qiao_answer_seconds";
        let _ = writeln!(out, "# HELP {name} Time from request to answer.\n# TYPE {name} histogram");
        for (bound, counter) in BUCKETS_MS.iter().zip(&self.buckets) {
            let bound = format!("{}.{:03}", bound / 1_000, bound % 1_000);
            let _ = writeln!(out, "{name}_bucket{{le=\"{bound}\"}} {}", counter.load(Ordering::Relaxed));
        }
        let count: u64 = self.answers.iter().map(|counter| counter.load(Ordering::Relaxed)).sum();
        let micros = self.micros.load(Ordering::Relaxed);
        let _ = writeln!(out, "{name}_bucket{{le=\"+Inf\"}} {count}\n{name}_count {count}");
        let _ = writeln!(out, "{name}_sum {}.{:06}", micros / 1_000_000, micros % 1_000_000);
        let at_hand = self.at_hand.load(Ordering::Relaxed);
        let _ = writeln!(
            out,
            "# HELP qiao_requests_at_hand Requests that are not answered yet.\n# TYPE qiao_requests_at_hand gauge\nqiao_requests_at_hand {at_hand}"
        );
        out
    }
}

/// Middleware: counts an answer.
pub async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let meter = state.meter();
    meter.at_hand.fetch_add(1, Ordering::Relaxed);
    let begun = Instant::now();
    let response = next.run(request).await;
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    meter.note(response.status().as_u16(), micros);
    meter.at_hand.fetch_sub(1, Ordering::Relaxed);
    response
}

/// The routes of the listener of its own.
pub fn router(state: AppState) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(state)
}

async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    let mut text = state.meter().text();
    let statements = state.store().statements();
    let _ = writeln!(
        text,
        "# HELP qiao_write_statements_total Statements of write transactions.\n# TYPE qiao_write_statements_total counter\nqiao_write_statements_total {statements}"
    );
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_in_their_class_and_buckets() {
        let meter = Meter::default();
        meter.note(200, 7_000);
        meter.note(404, 60_000);
        let text = meter.text();
        for line in [
            "qiao_answers_total{status=\"2xx\"} 1",
            "qiao_answers_total{status=\"4xx\"} 1",
            "qiao_answer_seconds_bucket{le=\"0.010\"} 1",
            "qiao_answer_seconds_bucket{le=\"0.100\"} 2",
            "qiao_answer_seconds_count 2",
            "qiao_answer_seconds_sum 0.067000",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }
}
