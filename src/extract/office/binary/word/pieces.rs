//! The pieces a text is kept in (MS-DOC 2.8.35).

use encoding_rs::WINDOWS_1252;

use crate::extract::octets::{size_at, slice, u8_at, u16_at, u32_at};

/// A stretch of the text that lies in one place.
#[derive(Debug)]
pub(super) struct Piece {
    /// The number of its first character.
    pub(super) first: usize,
    /// How many characters it has.
    count: usize,
    /// Where its first octet is in the main stream.
    pub(super) at: usize,
    narrow: bool,
}

impl Piece {
    /// Octets of a character.
    pub(super) fn width(&self) -> usize {
        if self.narrow { 1 } else { 2 }
    }

    /// How many octets it has.
    pub(super) fn octets(&self) -> usize {
        self.count.saturating_mul(self.width())
    }

    /// Whether it is in the stream to its end.
    pub(super) fn is_in(&self, main: &[u8]) -> bool {
        let end = self.at.checked_add(self.octets());
        end.is_some_and(|end| end <= main.len())
    }

    /// The characters that are in its octets.
    pub(super) fn characters(&self, octets: &[u8]) -> impl Iterator<Item = char> {
        let (narrow, wide) = if self.narrow {
            (octets, [].as_slice())
        } else {
            ([].as_slice(), octets.as_chunks::<2>().0)
        };
        let wide = char::decode_utf16(wide.iter().copied().map(u16::from_le_bytes))
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER));
        narrow.iter().map(|octet| western(*octet)).chain(wide)
    }
}

/// Reads the list, which stands behind changes made to pieces by a fast save.
pub(super) fn pieces(list: &[u8]) -> Vec<Piece> {
    let mut rest = list;
    while u8_at(rest, 0) == Some(1) {
        let length = u16_at(rest, 1).map_or(usize::MAX, usize::from);
        rest = rest.get(length.saturating_add(3)..).unwrap_or_default();
    }
    if u8_at(rest, 0) != Some(2) {
        return Vec::new();
    }
    let list = slice(rest, 5, size_at(rest, 1).unwrap_or(0));
    let count = list.len().saturating_sub(4) / 12;
    let piece = |number: usize| {
        let first = size_at(list, number * 4)?;
        let end = size_at(list, number * 4 + 4)?;
        let place = u32_at(list, (count + 1) * 4 + number * 8 + 2)?;
        let narrow = place & NARROW != 0;
        let at = usize::try_from(place & !NARROW).ok()?;
        Some(Piece {
            first,
            count: end.checked_sub(first)?,
            at: if narrow { at / 2 } else { at },
            narrow,
        })
    };
    (0..count).filter_map(piece).collect()
}

/// The flag of pieces with an octet for each character.
const NARROW: u32 = 1 << 30;

fn western(octet: u8) -> char {
    if octet < 0x80 {
        return char::from(octet);
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&octet));
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}
