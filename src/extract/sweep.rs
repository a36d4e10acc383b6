//! Runs of text in octets whose structure is not known or not followed.
//!
//! Where a structure breaks off, whoever reads on by eye would still see these; so must we.

use encoding_rs::WINDOWS_1252;

use crate::extract::octets::{f64_at, utf_16};
use crate::extract::{Draft, Locus, Reading};

/// Hands over everything in `bytes` that looks like text, as what stood in `section`.
pub(super) fn read(bytes: &[u8], section: &'static str, reading: &mut Reading<'_>) {
    let mut draft = Draft::new();
    draft.mark(Locus::Section(section));
    wide(bytes, &mut draft);
    narrow(bytes, &mut draft);
    reading.text(draft);
}

/// Hands over what looks like UTF-16 only: among packed octets hardly anything does by chance.
pub(super) fn read_wide(bytes: &[u8], section: &'static str, reading: &mut Reading<'_>) {
    let mut draft = Draft::new();
    draft.mark(Locus::Section(section));
    wide(bytes, &mut draft);
    reading.text(draft);
}

/// Writes the runs of UTF-16, a line each, wherever they begin.
pub(super) fn wide(bytes: &[u8], into: &mut Draft) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let (units, _) = rest.as_chunks::<2>();
        let length = units.iter().take_while(|unit| is_wide(**unit)).count();
        if length >= SHORTEST {
            let (run, after) = rest.split_at(length * 2);
            into.push(&utf_16(run));
            into.push("\n");
            rest = after;
        } else {
            // An odd place may be where the next one begins.
            rest = rest.get(1..).unwrap_or_default();
        }
    }
}

/// Writes the runs of one octet a character, a line each.
pub(super) fn narrow(bytes: &[u8], into: &mut Draft) {
    for run in bytes.split(|octet| !is_narrow(*octet)) {
        if run.len() >= SHORTEST && run.iter().any(u8::is_ascii_alphanumeric) {
            into.push(&WINDOWS_1252.decode_without_bom_handling(run).0);
            into.push("\n");
        }
    }
}

/// Writes the whole numbers of nine to eleven digits that lie as floating numbers, a line each: a CPR number is one. The exponent and two
/// dozen bits that are zero make one that lies there by chance rare.
pub(super) fn numbers(bytes: &[u8], into: &mut Draft) {
    let mut rest = bytes;
    while let Some(number) = f64_at(rest, 0) {
        let is_one = (LEAST..MOST).contains(&number) && number.fract() == 0.0;
        if is_one {
            into.push(&format!("{number:.0}\n"));
        }
        let taken = if is_one { 8 } else { 1 };
        rest = rest.get(taken..).unwrap_or_default();
    }
}

/// Numbers of nine digits, as those of the first days of a month are, up to eleven.
const LEAST: f64 = 1e8;
const MOST: f64 = 1e11;

/// A shorter run is chance; a birth date has six digits.
const SHORTEST: usize = 6;

/// A letter, digit or sign of the languages of Western Europe.
fn is_wide(unit: [u8; 2]) -> bool {
    // 0x2020 is a sign too, but two spaces are far more often.
    matches!(
        u16::from_le_bytes(unit),
        0x09 | 0x20..=0x7E | 0xA0..=0x17F | 0x2010..=0x2015 | 0x2018..=0x201E
    )
}

/// Whole sectors that nothing is in are 0xFF.
fn is_narrow(octet: u8) -> bool {
    matches!(octet, 0x09 | 0x20..=0x7E | 0x96 | 0x97 | 0xA0 | 0xAD | 0xC0..=0xFE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_found_among_octets() {
        let wide: Vec<u8> = "1203521234 æøå"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for (bytes, expected) in [
            (b"\0\x01\x02120352-1234\0".to_vec(), "120352-1234\n"),
            (
                [b"\x01".as_slice(), &wide, b"\0\0"].concat(),
                "1203521234 æøå\n",
            ),
            ([b"\x01\x02".as_slice(), &wide].concat(), "1203521234 æøå\n"),
            (b"\0\xE6bler\xF8d\0abc\0".to_vec(), "æblerød\n"),
            (b"------------\0".to_vec(), ""),
        ] {
            let mut draft = Draft::new();
            super::wide(&bytes, &mut draft);
            narrow(&bytes, &mut draft);
            assert_eq!(draft.text, expected);
        }
    }
}
