//! Any file: its format decided by content, and the reader of that format set to work.

use crate::extract::{Reading, Reason, office, pdf};

/// Reads a file of whatever format. What is inside it is read by [`Reading::inner`] and this again.
pub fn open(bytes: &[u8], reading: &mut Reading<'_>) {
    if bytes.is_empty() {
        return;
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return office::read(bytes, reading);
    }
    if bytes.starts_with(b"%PDF") {
        return pdf::read(bytes, reading);
    }
    reading.gap(Reason::Unknown, "unknown format");
}
