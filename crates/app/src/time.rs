//! Moments as the outside writes them.

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, TimeZone};
use chrono_tz::Tz;

/// RFC 3339 in UTC.
#[must_use]
pub fn rfc3339(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The beginning of a day in a zone, ms since 1970 UTC; none where the zone has no such moment.
#[must_use]
pub fn midnight(day: NaiveDate, zone: Tz) -> Option<i64> {
    zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest().map(|moment| moment.timestamp_millis())
}
