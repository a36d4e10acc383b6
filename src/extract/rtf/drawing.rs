//! A picture that is a metafile: its text is read.

use crate::extract::metafile::{self, Shown};
use crate::extract::rtf::object::octets;
use crate::extract::{Reading, Reason};

/// A metafile in a document.
pub(super) struct Drawing {
    /// Its octets, in digits.
    pub(super) digits: Vec<u8>,
    /// Its octets, where they stand as they are.
    pub(super) raw: Vec<u8>,
    /// Whether it is so large that it could show a number.
    pub(super) matters: bool,
}

/// Reads a metafile; one in which more can be seen than was read is a gap, as any picture is.
pub(super) fn read(drawing: &Drawing, reading: &mut Reading<'_>) {
    let mut all = octets(&drawing.digits);
    all.extend_from_slice(&drawing.raw);
    if let Err(exhausted) = reading.budget.decoded(all.len() as u64) {
        reading.exhausted(exhausted);
        return;
    }
    let mut shown = Shown::Picture;
    if metafile::starts(&all) {
        reading.guarded(|reading| shown = metafile::read(&all, reading));
    }
    if shown == Shown::Picture && drawing.matters {
        reading.gap(Reason::Media, "picture: not read");
    }
}
