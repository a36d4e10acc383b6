//! Gzip (RFC 1952), of however many members.

use std::io::Read;

use flate2::read::{GzDecoder, MultiGzDecoder};

use crate::extract::{Exhausted, Reading, Reason, open};
use crate::mime;

/// Reads what is packed. Its name is the one in the header, or else its own without `.gz`.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    let name = GzDecoder::new(bytes)
        .header()
        .and_then(|header| header.filename())
        .map(|name| mime::decode(name, None).text.into_owned());
    let room = reading.budget.entry_room();
    let mut unpacked = Vec::new();
    if let Err(exhausted) = reading.budget.entry() {
        reading.exhausted(exhausted);
        return;
    }
    let mut chunk = [0; CHUNK];
    let mut decoder = MultiGzDecoder::new(bytes);
    let flaw = loop {
        let count = match decoder.read(&mut chunk) {
            Ok(0) => break None,
            Ok(count) => count,
            Err(_) => break Some((Reason::Damaged, "gzip: damaged")),
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
    reading.inner(name.as_deref(), |reading| {
        open(&unpacked, reading);
        if let Some((reason, detail)) = flaw {
            reading.gap(reason, detail);
        }
    });
}

/// Octets unpacked at a time.
const CHUNK: usize = 32 << 10;
