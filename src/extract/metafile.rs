//! Metafiles of Windows (MS-EMF, MS-EMFPLUS, MS-WMF): lists of drawing records, in which text is kept as text.
//!
//! They stand for embedded objects in documents, and show what those showed when they were last open. No record is played: where each
//! run of text would be drawn is worked out, so that a number drawn in several runs is one.

mod blip;
mod canvas;
mod emf;
mod line;
mod place;
mod plus;
mod wmf;

pub(super) use blip::read as blips;

use memchr::memmem;

use crate::extract::Reading;
use canvas::Canvas;

/// What came of a metafile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shown {
    /// It is lines and text, and the text was read.
    Text,
    /// It has no text, or has pictures or text in glyphs beside it, or breaks off.
    Picture,
}

/// Whether octets begin a metafile.
pub(super) fn starts(bytes: &[u8]) -> bool {
    emf::starts(bytes) || wmf::starts(bytes)
}

/// Reads the text of a metafile.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Shown {
    let mut canvas = Canvas::default();
    if emf::starts(bytes) {
        emf::read(bytes, &mut canvas, reading);
    } else {
        wmf::read(bytes, &mut canvas, reading);
    }
    canvas.finish(reading)
}

/// Reads the metafile that stands behind some head (MS-OLEDS 2.3.4), if one does.
pub(super) fn within(bytes: &[u8], reading: &mut Reading<'_>) {
    let is_one = |at: &usize| bytes.get(*at..).is_some_and(emf::starts);
    let emf = memmem::find_iter(bytes, emf::MAGIC)
        .filter_map(|at| at.checked_sub(emf::MAGIC_AT))
        .find(is_one);
    let wmf = wmf::STARTS
        .iter()
        .filter_map(|start| memmem::find(bytes, start));
    let first = wmf.chain(emf).min();
    if let Some(metafile) = first.and_then(|at| bytes.get(at..)) {
        reading.guarded(|reading| {
            read(metafile, reading);
        });
    }
}
