//! PDF (ISO 32000-2): what its pages show, and every string that stands elsewhere in the file.
//!
//! The library that interprets pages bounds neither memory nor time, so nothing reaches it unweighed (`weigh`), and
//! the device that collects its glyphs ends the work where the budget does. A page whose pictures may hold text is drawn a second
//! time, its pictures alone, and asked to be read by OCR.

mod canvas;
mod drawing;
mod instructions;
mod lines;
mod pages;
mod paper;
mod scan;
mod strings;
mod sweep;
mod weigh;
mod xmp;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use memchr::memmem;

use crate::extract::{Flaw, Reading, Reason};

/// Reads a PDF file. What cannot be read of it becomes gaps.
pub(in crate::extract) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    if let Err(flaw) = weigh::file(bytes, reading.budget) {
        return reading.gap(flaw.reason(), weighed(flaw));
    }
    // A panic of the library costs this file its reading, never the message: what came before it stays.
    let Ok(opened) = catch_unwind(|| Pdf::new(with_layers_shown(bytes))) else {
        return reading.gap(Reason::Damaged, DAMAGED);
    };
    let pdf = match opened {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => {
            return reading.gap(Reason::Encrypted, "pdf: it needs a password");
        }
        Err(LoadPdfError::Decryption(_)) => {
            return reading.gap(Reason::Encrypted, "pdf: encrypted in an unknown way");
        }
        Err(LoadPdfError::Invalid) => return reading.gap(Reason::Damaged, DAMAGED),
    };
    let tail = bytes
        .get(bytes.len().saturating_sub(TAIL)..)
        .unwrap_or(bytes);
    if memmem::rfind(tail, b"%%EOF").is_none() {
        reading.gap(Reason::Damaged, "pdf: it ends too early");
    }
    let read = catch_unwind(AssertUnwindSafe(|| {
        if memmem::find(bytes, b"/Encrypt").is_some()
            && let Err(flaw) = weigh::decrypted(&pdf, reading.budget)
        {
            return reading.gap(flaw.reason(), weighed(flaw));
        }
        pages::read(&pdf, reading);
        sweep::read(&pdf, reading);
    }));
    if read.is_err() {
        reading.gap(Reason::Damaged, DAMAGED);
    }
}

/// What the gap of a file says whose structure cannot be followed.
const DAMAGED: &str = "pdf: damaged";

/// How far from its end a file may say that it ends there; some programs add octets behind it.
const TAIL: usize = 4096;

fn weighed(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Unsupported => "pdf: a stream is packed in an unusual way",
        other => other.detail(),
    }
}

/// A copy of the file in which no layer is hidden: the library leaves out what a viewer does not show, and text in
/// a hidden layer is in the file all the same. The name that lists the layers is written over in place, so that
/// nothing moves.
fn with_layers_shown(bytes: &[u8]) -> Vec<u8> {
    const LAYERS: &[u8] = b"/OCProperties";
    let mut copy = bytes.to_vec();
    for at in memmem::find_iter(bytes, LAYERS) {
        if let Some(name) = copy.get_mut(at + 1..at + LAYERS.len()) {
            name.fill(b'X');
        }
    }
    copy
}
