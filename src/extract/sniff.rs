//! What a file is, told from its octets.

use memchr::memmem;

use crate::extract::cms;
use crate::extract::octets::{size_at, slice};
use crate::extract::packed::Packing;
use crate::extract::picture::{self, Size};
use crate::extract::{Container, Reason, tar};
use crate::mime;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// PDF.
    Pdf,
    /// ZIP, or a format kept in one.
    Zip,
    /// A 7z archive.
    SevenZip,
    /// A RAR archive.
    Rar,
    /// A tar archive.
    Tar,
    /// One file packed alone.
    Packed(Packing),
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
    /// A program.
    Program,
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
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => {
            return Format::Compound;
        }
        [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => return Format::SevenZip,
        [b'R', b'a', b'r', b'!', 0x1A, 7, ..] => return Format::Rar,
        [0x78, 0x9F, 0x3E, 0x22, ..] => return Format::Tnef,
        // Two octets that chance makes as well; the third tells how wide its codes are.
        [0x1F, 0x9D, 0x89..=0x90, ..] => {
            return Format::Unread(Reason::Unsupported, "compress: not read");
        }
        // An archive header of a size that it can have, of the kind that is first.
        [0x60, 0xEA, _, 0..=10, 30..=255, ..] if bytes.get(10) == Some(&2) => {
            return Format::Unread(Reason::Unsupported, "arj: not read");
        }
        [0x30, ..] if cms::starts(bytes) => return Format::Cms,
        _ => {}
    }
    if let Some(packing) = Packing::of(bytes) {
        return Format::Packed(packing);
    }
    if tar::is_tar(bytes) {
        return Format::Tar;
    }
    let head = bytes.get(..PDF_HEAD).unwrap_or(bytes);
    if starts(b"%PDF-") || memmem::find(head, b"%PDF-").is_some() && !mime::is_textual(bytes) {
        return Format::Pdf;
    }
    if bytes.trim_ascii_start().starts_with(b"{\\rtf") {
        return Format::Rtf;
    }
    if is_program(bytes) {
        return Format::Program;
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

/// Whether a file is a program: ELF, or what DOS and Windows run.
fn is_program(bytes: &[u8]) -> bool {
    match bytes {
        [0x7F, b'E', b'L', b'F', ..] | [b'M', b'Z', 0x90, ..] => true,
        [b'M', b'Z', ..] => {
            // Where the newer header stands (PE format, 2.1).
            size_at(bytes, 0x3C).is_some_and(|at| slice(bytes, at, 4) == b"PE\0\0")
        }
        _ => false,
    }
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
    (0, b"MSCF", Reason::Unsupported, "cab: not read"),
    (0, b"ISc(", Reason::Unsupported, "cab: not read"),
    (0x8001, b"CD001", Reason::Unsupported, "iso: not read"),
    (0, b"\x04\x22\x4D\x18", Reason::Unsupported, "lz4: not read"),
    (0, b"LZIP\x01", Reason::Unsupported, "lzip: not read"),
    (2, b"-lh", Reason::Unsupported, "lha: not read"),
    (7, b"**ACE**", Reason::Unsupported, "ace: not read"),
    (0, b"MSWIM\0", Reason::Unsupported, "wim: not read"),
    (0, b"070701", Reason::Unsupported, "cpio: not read"),
    (0, b"!<arch>\n", Reason::Unsupported, "ar: not read"),
    (0, b"RE\x7E\x5E", Reason::Unsupported, "rar: not read"),
    (
        0,
        b"\x76\xE8\x04\x60\xC4\x11\xE3\x86",
        Reason::Encrypted,
        "rpmsg: encrypted",
    ),
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
