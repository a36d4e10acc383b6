//! What is kept in compound files: documents of Office up to 2003, messages of Outlook, embedded objects, macros.
//!
//! What a storage is, the streams in it tell. Every stream is read by somebody: what no reader knows is opened as
//! a file if it is one, and else swept for text.

mod native;
mod properties;
mod vba;

pub(super) use native::read as native;

use crate::extract::compound::{Compound, Kind};
use crate::extract::office::binary;
use crate::extract::{Reading, Reason, metafile, open, outlook, picture, sniff, sweep};

/// Reads a compound file.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    match Compound::open(bytes, reading.budget) {
        Ok(file) => {
            if !storage(&file, file.root(), reading) {
                reading.gap(Reason::Unsupported, "ole: not read");
            }
            // What no chain leads to any more is still there.
            if file.is_flawed() && reading.budget.time().is_ok() {
                sweep::read(bytes, "damaged file", reading);
            }
        }
        Err(flaw) => {
            flaw.note(reading);
            if reading.budget.time().is_ok() {
                sweep::read(bytes, "damaged file", reading);
            }
        }
    }
}

/// Reads what is in a storage, as the document it is. Returns whether it is one that is known, or holds one.
pub(super) fn storage(file: &Compound<'_>, number: usize, reading: &mut Reading<'_>) -> bool {
    let has = |name: &str| file.find(number, name).is_some();
    if has("EncryptedPackage") {
        // MS-OFFCRYPTO 2.3.4: the document itself is in that stream.
        reading.gap(Reason::Encrypted, "office: encrypted");
    }
    // The streams of a message beside a document must not hide it: what else there is, is read as well.
    let is_message = has("__properties_version1.0") || has("__nameid_version1.0");
    if is_message {
        reading.guarded(|reading| outlook::message(file, number, reading));
    }
    let mut letters: Option<usize> = None;
    let mut note = |read| letters = Some(letters.unwrap_or(0).saturating_add(read));
    if has("WordDocument") {
        reading.guarded(|reading| note(binary::word(file, number, reading)));
    }
    for name in ["Workbook", "Book"] {
        if has(name) {
            reading.guarded(|reading| note(binary::workbook(file, number, name, reading)));
        }
    }
    if has("PowerPoint Document") {
        reading.guarded(|reading| note(binary::presentation(file, number, reading)));
    }
    let is_macros = has("dir") && has("_VBA_PROJECT");
    let name = file.entry(number).map_or("", |entry| &entry.name);
    let mut found = Found {
        caches: has("Workbook") || has("Book") || name.eq_ignore_ascii_case(CACHES),
        known: is_message || is_macros || has("EncryptedPackage"),
        ..Found::default()
    };
    for &child in file.children(number) {
        let Some(entry) = file.entry(child) else {
            continue;
        };
        if reading.budget.time().is_err() {
            return true;
        }
        match entry.kind {
            // They were read with the message.
            Kind::Storage if is_message => {}
            Kind::Stream if is_message && outlook::is_property(&entry.name) => {}
            // Its name is a number that a program gave it; to read it as text would be to find people who are none.
            Kind::Storage => {
                let inside = reading.inner(None, |reading| storage(file, child, reading));
                found.known |= inside.unwrap_or(true);
            }
            Kind::Stream if is_macros => vba::module(file, child, &entry.name, reading),
            Kind::Stream => stream(file, child, &entry.name, &mut found, reading),
            Kind::Unused => {}
        }
    }
    match letters {
        Some(letters) if letters < FEW_LETTERS && found.pictures => {
            reading.gap(Reason::Unsupported, "office: no text, only pictures");
        }
        Some(_) => {}
        None if found.swept && !found.known => {
            reading.gap(Reason::Unsupported, "ole: not read");
            // It is said.
            found.known = true;
        }
        None => {}
    }
    letters.is_some() || found.known
}

/// What the streams of a storage turned out to be.
#[derive(Default)]
struct Found {
    /// Some may be caches of pivot tables: there is a workbook beside them, or they are where it keeps those.
    caches: bool,
    /// Some are pictures.
    pictures: bool,
    /// Some are files, or frames around them.
    known: bool,
    /// Some are neither, and were only swept.
    swept: bool,
}

/// A document with fewer octets of text than this, and a picture, is a picture.
const FEW_LETTERS: usize = 20;

/// Reads a stream that belongs to no reader above.
fn stream(
    file: &Compound<'_>,
    number: usize,
    name: &str,
    found: &mut Found,
    reading: &mut Reading<'_>,
) {
    let is = |known: &str| known.eq_ignore_ascii_case(name);
    if MACHINERY.iter().any(|known| is(known)) {
        return;
    }
    let bytes = file.stream(number, reading);
    if name.starts_with("\u{2}OlePres") || is("\u{3}PRINT") {
        // What stands for an embedded object, which is read as well; but it need not show the same.
        metafile::within(&bytes, reading);
        return;
    }
    if is("Pictures") {
        found.pictures |= !bytes.is_empty();
        metafile::blips(&bytes, reading);
    } else if is("Data") {
        // Pictures of a Word document, and what its form fields say.
        sweep::read_wide(&bytes, "drawing", reading);
        found.pictures |= bytes.len() > LEAST_PICTURE;
        metafile::blips(&bytes, reading);
    } else if is("\u{1}Ole10Native") {
        native::read(&bytes, reading);
        found.known = true;
    } else if name.ends_with("SummaryInformation") {
        properties::read(&bytes, reading);
    } else if picture::size(&bytes).is_some() {
        found.pictures = true;
        if metafile::starts(&bytes) {
            metafile::within(&bytes, reading);
        }
    } else if sniff::is_file(&bytes) {
        reading.inner(None, |reading| {
            reading.guarded(|reading| open(&bytes, reading));
        });
        found.known = true;
    } else if found.caches && binary::is_pivot_cache(&bytes) {
        reading.guarded(|reading| binary::pivot_cache(&bytes, reading));
    } else {
        metafile::within(&bytes, reading);
        sweep::read(&bytes, "data", reading);
        found.swept |= !bytes.is_empty();
    }
}

/// Streams that were read with the document, or hold nothing a person wrote.
const MACHINERY: [&str; 14] = [
    "WordDocument",
    "0Table",
    "1Table",
    "Workbook",
    "Book",
    "PowerPoint Document",
    "Current User",
    "EncryptedPackage",
    "EncryptionInfo",
    "\u{1}CompObj",
    "\u{1}Ole",
    "\u{3}ObjInfo",
    "\u{3}LinkInfo",
    "\u{3}ACCESSOBJSITEDATA",
];

/// The storage in which a workbook keeps the caches of its pivot tables (MS-XLS 2.1.5).
const CACHES: &str = "_SX_DB_CUR";

/// A `Data` stream shorter than this holds no picture that could show a number.
const LEAST_PICTURE: usize = 4096;
