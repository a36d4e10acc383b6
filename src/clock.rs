//! The time of day, read in one place.

/// A point in time, to be written in UTC.
pub use jiff::Timestamp;

/// The time of day now.
pub fn now() -> Timestamp {
    Timestamp::now()
}
