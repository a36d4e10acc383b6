//! Parts that are not the document's own XML: pictures, fonts, embedded files.

use crate::extract::metafile::{self, Shown};
use crate::extract::{Reading, open, picture};

/// What such a part turned out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Attached {
    /// A picture, in which nothing is read. Nearly every letter has one in its head, so it is no gap beside text.
    Picture,
    /// A drawing whose text was read.
    Drawing,
    /// A font, settings of a printer: nothing a person wrote.
    Machinery,
    /// A file, which was opened as one.
    File,
}

/// Opens such a part, if it is a file of its own.
pub(super) fn read(name: &str, bytes: &[u8], kind: &str, reading: &mut Reading<'_>) -> Attached {
    let file = name.rsplit('/').next().unwrap_or(name);
    if metafile::starts(bytes) && metafile::read(bytes, reading) == Shown::Text {
        return Attached::Drawing;
    }
    if is_picture(bytes) {
        return match file.starts_with("thumbnail.") {
            // A small image of the document itself.
            true => Attached::Machinery,
            false => Attached::Picture,
        };
    }
    let starts = |start: &&[u8]| bytes.starts_with(start);
    if FONTS.iter().any(starts)
        || MACHINERY.iter().any(|machinery| kind.contains(machinery))
        || file == LAYOUT && bytes.len() < LARGEST_LAYOUT
    {
        return Attached::Machinery;
    }
    reading.inner(Some(file), |inside| open(bytes, inside));
    Attached::File
}

/// Content types of parts that hold no text of a person.
const MACHINERY: [&str; 3] = ["printersettings", "obfuscatedfont", "fontdata"];

/// How fonts begin.
const FONTS: [&[u8]; 5] = [b"\0\x01\0\0\0", b"OTTO", b"true\0", b"wOFF", b"wOF2"];

/// Where a program keeps how it broke the pages of a text.
const LAYOUT: &str = "layout-cache";

/// The largest of those that is believed to be one.
const LARGEST_LAYOUT: usize = 64 << 10;

fn is_picture(bytes: &[u8]) -> bool {
    // JPEG XR and StarView metafiles are met in documents only.
    const IN_DOCUMENTS: [&[u8]; 2] = [b"II\xBC\x01", b"VCLMTF"];
    picture::size(bytes).is_some() || IN_DOCUMENTS.iter().any(|start| bytes.starts_with(start))
}
