//! The filters of PDF streams that unpack (ISO 32000-2, 7.4), each within a room.

use flate2::{Decompress, FlushDecompress, Status};

use crate::extract::{Exhausted, Flaw};

/// A filter that unpacks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Filter {
    Hex,
    Base85,
    Lzw,
    Flate,
    Runs,
}

/// Unpacks one filter. What is damaged is unpacked as far as it goes: so does the library.
///
/// # Errors
///
/// `Exhausted` when it yields more than `room`.
pub(super) fn unpack(
    filter: Filter,
    packed: &[u8],
    room: usize,
    into: &mut Vec<u8>,
) -> Result<(), Flaw> {
    match filter {
        Filter::Flate => inflate(packed, room, into)?,
        Filter::Lzw => lzw(packed, room, into)?,
        Filter::Runs => runs(packed, room, into)?,
        Filter::Hex => hex(packed, into),
        Filter::Base85 => base85(packed, into),
    }
    Ok(())
}

const FULL: Flaw = Flaw::Exhausted(Exhausted::Limit("entry"));

/// With a zlib header, or without.
fn inflate(packed: &[u8], room: usize, into: &mut Vec<u8>) -> Result<(), Flaw> {
    let headed = matches!(packed, [method, flags, ..]
        if method & 0x0F == 8 && (u16::from(*method) << 8 | u16::from(*flags)).is_multiple_of(31));
    let mut state = Decompress::new(headed);
    let mut chunk = vec![0; CHUNK];
    loop {
        let looked_at = usize::try_from(state.total_in()).unwrap_or(usize::MAX);
        let rest = packed.get(looked_at..).unwrap_or_default();
        let before = state.total_out();
        let status = state.decompress(rest, &mut chunk, FlushDecompress::None);
        let yielded = usize::try_from(state.total_out() - before).unwrap_or(CHUNK);
        into.extend_from_slice(chunk.get(..yielded).unwrap_or_default());
        if into.len() > room {
            return Err(FULL);
        }
        let consumed = usize::try_from(state.total_in()).unwrap_or(usize::MAX);
        let stuck = yielded == 0 && consumed == looked_at;
        if stuck || !matches!(status, Ok(Status::Ok | Status::BufError)) {
            return Ok(());
        }
    }
}

/// Octets unpacked at a time.
const CHUNK: usize = 64 << 10;

/// Codes of 9 to 12 bits (ISO 32000-2, 7.4.4). Zeros stand for what they unpack to: only its length is asked, for
/// nothing may follow this filter.
fn lzw(packed: &[u8], room: usize, into: &mut Vec<u8>) -> Result<(), Flaw> {
    let mut lengths: Vec<usize> = vec![1; 258];
    let (mut bits, mut held, mut width) = (0_u32, 0_u32, 9_u32);
    let mut last: Option<usize> = None;
    for octet in packed {
        bits = bits << 8 | u32::from(*octet);
        held += 8;
        if held < width {
            continue;
        }
        held -= width;
        let code = (bits >> held & ((1 << width) - 1)) as usize;
        bits &= (1 << held) - 1;
        match code {
            256 => {
                lengths.truncate(258);
                width = 9;
                last = None;
                continue;
            }
            257 => break,
            _ => {}
        }
        // A code that is not yet in the table is the last one and a repeated octet.
        let length = match (lengths.get(code), last) {
            (Some(length), _) => *length,
            (None, Some(last)) => last + 1,
            (None, None) => break,
        };
        into.resize(into.len() + length, 0);
        if into.len() > room {
            return Err(FULL);
        }
        if let Some(last) = last
            && lengths.len() < 4096
        {
            lengths.push(last + 1);
        }
        last = Some(length);
        // Early change or late: a code too wide by one is met a code later, and changes little.
        width = match lengths.len() + 1 {
            ..=511 => 9,
            512..=1023 => 10,
            1024..=2047 => 11,
            _ => 12,
        };
    }
    Ok(())
}

/// A count, then that many octets, or one repeated (ISO 32000-2, 7.4.5).
fn runs(packed: &[u8], room: usize, into: &mut Vec<u8>) -> Result<(), Flaw> {
    let mut rest = packed;
    while let Some((&count, after)) = rest.split_first() {
        rest = match (count, after) {
            (0..=127, after) => {
                let most = (usize::from(count) + 1).min(after.len());
                let (literal, after) = after.split_at(most);
                into.extend_from_slice(literal);
                after
            }
            (129.., [octet, after @ ..]) => {
                into.resize(into.len() + 257 - usize::from(count), *octet);
                after
            }
            _ => break,
        };
        if into.len() > room {
            return Err(FULL);
        }
    }
    Ok(())
}

fn hex(packed: &[u8], into: &mut Vec<u8>) {
    let mut half: Option<u32> = None;
    for octet in packed {
        if *octet == b'>' {
            return;
        }
        let Some(digit) = char::from(*octet).to_digit(16) else {
            continue;
        };
        match half.take() {
            None => half = Some(digit),
            Some(first) => into.extend(u8::try_from(first << 4 | digit)),
        }
    }
}

fn base85(packed: &[u8], into: &mut Vec<u8>) {
    let (mut group, mut digits) = (0_u32, 0);
    for octet in packed {
        match octet {
            b'~' => {
                if digits > 1 {
                    let padded =
                        (digits..5).fold(group, |group, _| group.wrapping_mul(85).wrapping_add(84));
                    into.extend(padded.to_be_bytes().iter().take(digits - 1));
                }
                return;
            }
            b'z' if digits == 0 => into.extend([0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(octet - b'!'));
                digits += 1;
                if digits == 5 {
                    into.extend(group.to_be_bytes());
                    (group, digits) = (0, 0);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn unpacked(filter: Filter, packed: &[u8]) -> Vec<u8> {
        let mut into = Vec::new();
        unpack(filter, packed, 1 << 20, &mut into).unwrap();
        into
    }

    fn deflated(octets: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(octets).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn each_filter_yields_what_it_holds() {
        let packed = deflated(b"010160-1234");
        assert_eq!(unpacked(Filter::Flate, &packed), b"010160-1234");
        assert_eq!(unpacked(Filter::Flate, &packed[2..]), b"010160-1234");
        assert_eq!(unpacked(Filter::Hex, b"30 31>32"), b"01");
        assert_eq!(unpacked(Filter::Base85, b"87cURDZ~>"), b"Hello");
        assert_eq!(unpacked(Filter::Runs, b"\x01ab\xFEc\x80zz"), b"abccc");
        // The example of ISO 32000-2, 7.4.4.2: ten octets.
        assert_eq!(
            unpacked(Filter::Lzw, b"\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01").len(),
            10
        );
    }

    #[test]
    fn a_bomb_is_left_at_the_room() {
        let bomb = deflated(&vec![0; 8 << 20]);
        let mut into = Vec::new();
        assert_eq!(unpack(Filter::Flate, &bomb, 1 << 20, &mut into), Err(FULL));
        assert!(into.len() <= (1 << 20) + CHUNK);
        let mut into = Vec::new();
        assert_eq!(
            unpack(Filter::Runs, &[129, 0].repeat(10_000), 1 << 20, &mut into),
            Err(FULL)
        );
    }
}
