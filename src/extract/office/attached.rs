//! Parts that are not XML: pictures, fonts, embedded files.

use crate::extract::{Reading, open};

/// What a part that is not XML turned out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Attached {
    /// A picture, in which nothing is read.
    Picture,
    /// Settings of a printer, a font: nothing a person wrote.
    Machinery,
    /// A file, which was opened as one.
    File,
}

/// Opens a part that is not XML, if it is a file of its own.
pub(super) fn read(name: &str, bytes: &[u8], kind: &str, reading: &mut Reading<'_>) -> Attached {
    if is_picture(bytes) {
        return Attached::Picture;
    }
    if MACHINERY.iter().any(|machinery| kind.contains(machinery)) {
        return Attached::Machinery;
    }
    let file = name.rsplit('/').next().unwrap_or(name);
    reading.inner(Some(file), |inside| open(bytes, inside));
    Attached::File
}

/// Content types of parts that hold no text of a person.
const MACHINERY: [&str; 6] = [
    "printersettings",
    "obfuscatedfont",
    "fontdata",
    "truetype",
    "opentype",
    "font-sfnt",
];

/// By their first octets: PNG, JPEG, GIF, BMP, TIFF, EMF, WMF, icons, JPEG XR, WebP.
fn is_picture(bytes: &[u8]) -> bool {
    const STARTS: [&[u8]; 12] = [
        b"\x89PNG\r\n",
        b"\xFF\xD8\xFF",
        b"GIF8",
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"II\xBC\x01",
        b"\xD7\xCD\xC6\x9A",
        b"\x01\0\x09\0\0\x03",
        b"\0\0\x01\0",
        b"RIFF",
        b"VCLMTF",
    ];
    STARTS.iter().any(|start| bytes.starts_with(start))
        || bytes.starts_with(&[1, 0, 0, 0]) && bytes.get(40..44) == Some(b" EMF")
}
