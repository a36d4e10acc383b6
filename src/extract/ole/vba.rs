//! The macros of a document: their source, which is kept packed beside what was compiled from it (MS-OVBA).

use memchr::memmem;

use crate::extract::compound::Compound;
use crate::extract::octets::{u8_at, u16_at};
use crate::extract::{Draft, Locus, Reading, Reason, sweep};
use crate::mime;

/// Reads a stream of the storage that holds macros.
pub(super) fn module(file: &Compound<'_>, number: usize, name: &str, reading: &mut Reading<'_>) {
    // What was compiled holds the same strings, for this program's version only.
    if name.eq_ignore_ascii_case("_VBA_PROJECT") || name.starts_with("__SRP_") {
        return;
    }
    let bytes = file.stream(number, reading);
    if name.eq_ignore_ascii_case("dir") {
        // The names of modules and what they say of themselves.
        match unpacked(&bytes, reading) {
            Some(list) => sweep::read(&list, "macro", reading),
            None => reading.gap(Reason::Damaged, "macro: damaged"),
        }
        return;
    }
    let source = source_start(&bytes).and_then(|packed| unpacked(packed, reading));
    match source {
        Some(source) => {
            let mut draft = Draft::new();
            draft.mark(Locus::Section("macro"));
            draft.push(&mime::decode(&source, None).text);
            reading.text(draft);
        }
        None if bytes.is_empty() => {}
        None => {
            sweep::read(&bytes, "macro", reading);
            reading.gap(Reason::Unsupported, "macro: source not found");
        }
    }
}

/// The packed source of a module. It stands behind what was compiled, and begins with the attributes of the
/// module, which no run before it can have packed.
fn source_start(module: &[u8]) -> Option<&[u8]> {
    let at = memmem::find(module, b"\0Attribut")?;
    module.get(at.checked_sub(3)?..)
}

/// Unpacks a container (MS-OVBA 2.4.1). `None` if it is none.
fn unpacked(packed: &[u8], reading: &mut Reading<'_>) -> Option<Vec<u8>> {
    let mut rest = packed.strip_prefix(&[1])?;
    let mut all = Vec::new();
    while let Some(header) = u16_at(rest, 0) {
        if header >> 12 & 7 != 3 {
            break;
        }
        let size = usize::from(header & 0x0FFF) + 1;
        let chunk = rest.get(2..).unwrap_or_default();
        let chunk = chunk.get(..size).unwrap_or(chunk);
        let start = all.len();
        if header & 0x8000 == 0 {
            all.extend_from_slice(chunk);
        } else {
            unpack_chunk(chunk, &mut all);
        }
        if let Err(exhausted) = reading.budget.decoded((all.len() - start) as u64) {
            reading.exhausted(exhausted);
            break;
        }
        rest = rest.get(2 + size..).unwrap_or_default();
    }
    Some(all)
}

/// A chunk holds at most this many octets unpacked.
const CHUNK: usize = 4096;

fn unpack_chunk(chunk: &[u8], all: &mut Vec<u8>) {
    let start = all.len();
    let mut at = 0;
    while let Some(flags) = u8_at(chunk, at) {
        at += 1;
        for bit in 0..8 {
            let written = all.len() - start;
            if written >= CHUNK {
                return;
            }
            if flags >> bit & 1 == 0 {
                let Some(octet) = u8_at(chunk, at) else {
                    return;
                };
                all.push(octet);
                at += 1;
                continue;
            }
            let Some(token) = u16_at(chunk, at) else {
                return;
            };
            at += 2;
            // The further the chunk is, the more bits tell how far back a copy reaches.
            let reach = written.next_power_of_two().trailing_zeros().clamp(4, 12);
            let length = usize::from(token & (0xFFFF >> reach)) + 3;
            let back = usize::from(token >> (16 - reach)) + 1;
            for _ in 0..length.min(CHUNK - written) {
                let from = all.len().checked_sub(back).filter(|from| *from >= start);
                let Some(octet) = from.and_then(|from| u8_at(all, from)) else {
                    return;
                };
                all.push(octet);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_unpacked() {
        // The example of MS-OVBA 3.2.2.
        let packed = [
            0x00, 0x23, 0x61, 0x61, 0x61, 0x62, 0x63, 0x64, 0x65, 0x82, 0x66, 0x00, 0x70, 0x61,
            0x67, 0x68, 0x69, 0x6A, 0x01, 0x38, 0x08, 0x61, 0x6B, 0x6C, 0x00, 0x30, 0x6D, 0x6E,
            0x6F, 0x70, 0x06, 0x71, 0x02, 0x70, 0x04, 0x10, 0x72, 0x73, 0x74, 0x75, 0x76, 0x10,
            0x77, 0x78, 0x79, 0x7A, 0x00, 0x3C,
        ];
        let mut all = Vec::new();
        unpack_chunk(&packed, &mut all);
        assert_eq!(
            all,
            b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
        );
    }
}
