//! The metafiles among the pictures of old documents, nearly always packed (MS-ODRAW 2.2.24, 2.2.25).

use std::io::BufReader;

use flate2::bufread::ZlibDecoder;
use memchr::memmem;

use crate::extract::octets::{size_at, slice, u8_at};
use crate::extract::unpack::Sink;
use crate::extract::{Flaw, Reading, Reason, metafile};

/// Reads the text of all metafiles in octets, wherever they stand in them.
pub(in crate::extract) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    for (start, before) in STARTS {
        for at in memmem::find_iter(bytes, start) {
            if let Err(exhausted) = reading.budget.entry() {
                reading.exhausted(exhausted);
                return;
            }
            let head = bytes.get(at + before..).unwrap_or_default();
            one(head, reading);
        }
    }
}

/// Reads the metafile behind its head.
fn one(head: &[u8], reading: &mut Reading<'_>) {
    let size = size_at(head, 28).unwrap_or(0);
    let packed = slice(head, HEAD, size);
    if u8_at(head, 32) != Some(PACKED) {
        draw(packed, reading);
        return;
    }
    let mut sink = Sink::new(reading.budget);
    // One that breaks off is read as far as it goes.
    let flaw = sink.drain(&mut ZlibDecoder::new(BufReader::new(packed)));
    let octets = sink.octets;
    draw(&octets, reading);
    match flaw {
        Err(Flaw::Exhausted(exhausted)) => reading.exhausted(exhausted),
        Ok(()) if packed.len() == size => {}
        _ => reading.gap(Reason::Damaged, "drawing: damaged"),
    }
}

fn draw(octets: &[u8], reading: &mut Reading<'_>) {
    if metafile::starts(octets) {
        reading.guarded(|reading| {
            metafile::read(octets, reading);
        });
    }
}

/// How a record of an enhanced metafile and of an older one begins, and how much stands before its head: a sum, or two.
const STARTS: [(&[u8], usize); 4] = [
    (b"\x40\x3D\x1A\xF0", 24),
    (b"\x50\x3D\x1A\xF0", 40),
    (b"\x60\x21\x1B\xF0", 24),
    (b"\x70\x21\x1B\xF0", 40),
];

/// Octets of the head: two sizes and a frame, how much follows, how it is packed.
const HEAD: usize = 34;

const PACKED: u8 = 0;
