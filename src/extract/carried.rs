//! An archive behind something else: a program that unpacks itself, or a picture with more behind it than a picture.

use memchr::memmem;

use crate::extract::open::zip;
use crate::extract::{Container, Reading, Reason, open, rar, seven_zip};

/// Notes a program, and reads the archive it carries.
pub(super) fn program(bytes: &[u8], reading: &mut Reading<'_>) {
    reading.gap(Reason::Unsupported, "program: not read");
    read(bytes, reading);
}

/// Reads the first archive behind the start of a file. What follows its end is read with it.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    let seven_zip = memmem::find_iter(bytes, seven_zip::MAGIC)
        .find(|at| bytes.get(*at..).is_some_and(seven_zip::starts));
    let rar =
        memmem::find_iter(bytes, rar::MAGIC).find(|at| bytes.get(*at..).is_some_and(rar::starts));
    let first = seven_zip.into_iter().chain(rar).min();
    if let Some(archive) = first.and_then(|at| bytes.get(at..)) {
        reading.inner(None, |reading| open(archive, reading));
    }
    // Its directory stands at its end, and tells where it begins.
    if memmem::rfind(bytes, END).is_some() && Container::open(bytes, reading.budget).is_ok() {
        reading.inner(None, |reading| zip(bytes, reading));
    }
}

/// The start of the end of a directory (APPNOTE 4.3.16).
const END: &[u8] = b"PK\x05\x06";
