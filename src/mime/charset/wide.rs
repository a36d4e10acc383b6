//! UTF-16 and UTF-32: known by their NULs, and read in units of two or four octets.

use encoding_rs::{UTF_16BE, UTF_16LE};

use crate::mime::charset::SAMPLE;

/// Latin text in UTF-16 or UTF-32 has a NUL in every unit, always in the same place: the order and width, where
/// that is so.
pub(super) fn wide_of(bytes: &[u8]) -> Option<(bool, usize)> {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    // Nearly all text has none.
    memchr::memchr(0, sample)?;
    let mut nulls = [0; 4];
    for (at, _) in sample.iter().enumerate().filter(|(_, octet)| **octet == 0) {
        if let Some(count) = nulls.get_mut(at % 4) {
            *count += 1;
        }
    }
    let units = sample.len() / 4;
    if units == 0 {
        return None;
    }
    let most = |count: usize| count * 10 >= units * 6;
    let few = |count: usize| count * 10 <= units;
    let [a, b, c, d] = nulls;
    match [most(a), most(b), most(c), most(d)] {
        [false, true, true, true] if few(a) => Some((false, 4)),
        [true, true, true, false] if few(d) => Some((true, 4)),
        [false, true, false, true] if few(a) && few(c) => Some((false, 2)),
        [true, false, true, false] if few(b) && few(d) => Some((true, 2)),
        _ => None,
    }
}

/// Text in units of two or four octets, in one order or the other.
pub(super) fn wide(bytes: &[u8], big: bool, octets: usize) -> String {
    if octets == 2 {
        let encoding = if big { UTF_16BE } else { UTF_16LE };
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    bytes
        .chunks_exact(4)
        .map(|unit| {
            let unit = <[u8; 4]>::try_from(unit).unwrap_or_default();
            let code = if big {
                u32::from_be_bytes(unit)
            } else {
                u32::from_le_bytes(unit)
            };
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
        })
        .collect()
}
