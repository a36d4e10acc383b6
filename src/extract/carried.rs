//! An archive behind something else: a program that unpacks itself, or a picture with more behind it than a picture.

use memchr::memmem;

use crate::extract::open::zip;
use crate::extract::{Container, Reading, Reason, open, rar, seven_zip};

/// Notes a program, and reads the archive it carries.
pub(super) fn program(bytes: &[u8], reading: &mut Reading<'_>) {
    reading.gap(Reason::Unsupported, "program: not read");
    read(bytes, reading);
}

/// Reads the first archive of each kind behind the start of a file.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    for (magic, starts) in [
        (seven_zip::MAGIC, seven_zip::starts as fn(&[u8]) -> bool),
        (rar::MAGIC, rar::starts),
    ] {
        let archive = memmem::find_iter(bytes, magic)
            .filter_map(|at| bytes.get(at..))
            .find(|archive| starts(archive));
        if let Some(archive) = archive {
            reading.inner(None, |reading| open(archive, reading));
        }
    }
    // Its directory stands at its end, and tells where it begins.
    if memmem::rfind(bytes, END).is_some() && Container::open(bytes, reading.budget).is_ok() {
        reading.inner(None, |reading| zip(bytes, reading));
    }
}

/// The start of the end of a directory (APPNOTE 4.3.16).
const END: &[u8] = b"PK\x05\x06";
