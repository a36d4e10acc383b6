//! What a file is, told from its octets.

use memchr::memmem;

use crate::extract::cms;
use crate::extract::picture::{self, Size};
use crate::extract::{Container, Reason};
use crate::mime;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// PDF.
    Pdf,
    /// ZIP, or a format kept in one.
    Zip,
    /// Gzip.
    Gzip,
    /// Rich text.
    Rtf,
    /// A CMS object: S/MIME.
    Cms,
    /// A picture, and its size where the header tells it.
    Picture(Option<Size>),
    /// An OLE compound file.
    Compound,
    /// A `winmail.dat` of Outlook.
    Tnef,
    /// A format that is known and not read, and what to say of it.
    Unread(Reason, &'static str),
    /// None of these: text, or something unknown.
    Unknown,
}

/// The format of a file that is not empty.
pub(super) fn format(bytes: &[u8]) -> Format {
    if let Some(size) = picture::size(bytes) {
        return Format::Picture(size);
    }
    // Nearly all files are text, which starts with none of these.
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    match bytes {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => return Format::Zip,
        [b'P', b'K', 7, 8, ..] => return Format::Zip,
        [0x1F, 0x8B, 8, ..] => return Format::Gzip,
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => {
            return Format::Compound;
        }
        [0x78, 0x9F, 0x3E, 0x22, ..] => return Format::Tnef,
        [0x30, ..] if cms::starts(bytes) => return Format::Cms,
        _ => {}
    }
    let head = bytes.get(..PDF_HEAD).unwrap_or(bytes);
    if starts(b"%PDF-") || memmem::find(head, b"%PDF-").is_some() && !mime::is_textual(bytes) {
        return Format::Pdf;
    }
    if bytes.trim_ascii_start().starts_with(b"{\\rtf") {
        return Format::Rtf;
    }
    UNREAD
        .iter()
        .find(|(at, magic, ..)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic)))
        // A text may begin with such letters.
        .filter(|_| !mime::is_textual(bytes))
        .map_or(Format::Unknown, |(_, _, reason, detail)| {
            Format::Unread(*reason, detail)
        })
}

/// Whether octets in a document are a file of their own, of a format that is known or text.
pub(super) fn is_file(bytes: &[u8]) -> bool {
    !bytes.is_empty() && (format(bytes) != Format::Unknown || mime::is_textual(bytes))
}

/// Whether a ZIP file is an office document: OOXML lists its parts in `[Content_Types].xml` (ECMA-376 part 2), ODF in a
/// manifest beside its content, or says what it is in `mimetype` (ODF 1.3 part 2 sections 3.2 and 3.3). Names of
/// parts have no case (ECMA-376 part 2, 6.2.2.3).
pub(super) fn is_office(container: &Container<'_>) -> bool {
    let has = |name: &str| {
        let is = |known: &String| known.trim_start_matches('/').eq_ignore_ascii_case(name);
        container.names().iter().any(is)
    };
    has("[Content_Types].xml")
        || has("content.xml") && (has("mimetype") || has("META-INF/manifest.xml"))
}

/// Where in a file its magic stands, the magic, and what the gap says.
const UNREAD: &[(usize, &[u8], Reason, &str)] = &[
    (
        0,
        b"7z\xBC\xAF\x27\x1C",
        Reason::Unsupported,
        "7z: not read",
    ),
    (0, b"Rar!\x1A\x07", Reason::Unsupported, "rar: not read"),
    (0, b"BZh", Reason::Unsupported, "bzip2: not read"),
    (0, b"\xFD7zXZ\0", Reason::Unsupported, "xz: not read"),
    (
        0,
        b"\x28\xB5\x2F\xFD",
        Reason::Unsupported,
        "zstd: not read",
    ),
    (0, b"MSCF", Reason::Unsupported, "cab: not read"),
    (257, b"ustar", Reason::Unsupported, "tar: not read"),
    (
        0,
        b"\x76\xE8\x04\x60\xC4\x11\xE3\x86",
        Reason::Encrypted,
        "rpmsg: encrypted",
    ),
    (0, b"\x7FELF", Reason::Unsupported, "program: not read"),
    (0, b"MZ\x90", Reason::Unsupported, "program: not read"),
    (0, b"RIFF", Reason::Media, "audio or video: not read"),
    (0, b"ID3", Reason::Media, "audio: not read"),
    (0, b"OggS", Reason::Media, "audio: not read"),
    (0, b"fLaC", Reason::Media, "audio: not read"),
    (4, b"ftyp", Reason::Media, "video: not read"),
    (0, b"\x1A\x45\xDF\xA3", Reason::Media, "video: not read"),
    (
        0,
        b"SQLite format 3\0",
        Reason::Unsupported,
        "database: not read",
    ),
    (0, b"!BDN", Reason::Unsupported, "pst: not read"),
    (0, b"%!PS", Reason::Unsupported, "postscript: not read"),
];

/// How far into a file a PDF may begin (ISO 32000-1 annex H.3 note 13).
const PDF_HEAD: usize = 1024;
