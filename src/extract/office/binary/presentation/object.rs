//! An embedded object or the macros of a presentation: a compound file of its own, perhaps packed (MS-PPT 2.10.34).

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::extract::octets::size_at;
use crate::extract::office::binary::presentation::records::Record;
use crate::extract::{Exhausted, Reading, Reason, open};

/// Opens the object.
pub(super) fn read(record: &Record<'_>, reading: &mut Reading<'_>) {
    if let Err(exhausted) = reading.budget.entry() {
        reading.exhausted(exhausted);
        return;
    }
    if record.instance == 0 {
        reading.inner(None, |reading| open(record.octets, reading));
        return;
    }
    // Behind the number of octets it unpacks to, for which nothing is allocated.
    let claimed = size_at(record.octets, 0).unwrap_or(usize::MAX);
    let mut decoder = ZlibDecoder::new(record.octets.get(4..).unwrap_or_default());
    let room = reading.budget.entry_room();
    let mut unpacked = Vec::new();
    let mut chunk = [0; CHUNK];
    let flaw = loop {
        let count = match decoder.read(&mut chunk) {
            Ok(0) => break None,
            Ok(count) => count,
            // Some lack the sum at their end.
            Err(_) if unpacked.len() >= claimed => break None,
            Err(_) => break Some((Reason::Damaged, "ppt: damaged object")),
        };
        if let Err(exhausted) = reading.budget.decoded(count as u64) {
            break Some((exhausted.into(), exhausted.detail()));
        }
        unpacked.extend_from_slice(chunk.get(..count).unwrap_or_default());
        if unpacked.len() as u64 > room {
            let exhausted = Exhausted::Limit("entry");
            break Some((exhausted.into(), exhausted.detail()));
        }
    };
    reading.inner(None, |reading| {
        reading.guarded(|reading| open(&unpacked, reading));
        if let Some((reason, detail)) = flaw {
            reading.gap(reason, detail);
        }
    });
}

/// Octets unpacked at a time.
const CHUNK: usize = 32 << 10;
