//! Moments as the outside writes them.

use chrono::{DateTime, SecondsFormat};

/// RFC 3339 in UTC.
#[must_use]
pub fn rfc3339(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true)
}
