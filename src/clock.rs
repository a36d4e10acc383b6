//! The time of day, read in one place.

/// A point in time, to be written in UTC.
pub use jiff::Timestamp;

/// The time of day now.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The year now, in UTC.
pub fn year() -> u16 {
    let year = now().to_zoned(jiff::tz::TimeZone::UTC).year();
    u16::try_from(year).unwrap_or_default()
}
