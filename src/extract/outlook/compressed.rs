//! Rich text as Outlook packs it (MS-OXRTFCP).

use crate::extract::octets::{slice, u8_at, u32_at};
use crate::extract::{Exhausted, Reading, Reason};

/// Unpacks rich text, as far as the budget goes.
pub(super) fn unpack(packed: &[u8], reading: &mut Reading<'_>) -> Vec<u8> {
    let stored = packed.get(16..).unwrap_or_default();
    let octets = match u32_at(packed, 8) {
        Some(STORED) => stored.to_vec(),
        Some(PACKED) => {
            let room = usize::try_from(reading.budget.entry_room()).unwrap_or(usize::MAX);
            match window(stored, room) {
                Some(octets) => octets,
                None => {
                    reading.exhausted(Exhausted::Limit("entry"));
                    return Vec::new();
                }
            }
        }
        _ if packed.is_empty() => return Vec::new(),
        _ => {
            reading.gap(Reason::Damaged, "rtf: unknown packing");
            packed.to_vec()
        }
    };
    match reading.budget.decoded(octets.len() as u64) {
        Ok(()) => octets,
        Err(exhausted) => {
            reading.exhausted(exhausted);
            Vec::new()
        }
    }
}

/// `LZFu`
const PACKED: u32 = 0x7546_5A4C;

/// `MELA`
const STORED: u32 = 0x414C_454D;

/// What the window holds at the beginning.
const START: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \
\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\
\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Octets in the window that copies are taken from.
const WINDOW: usize = 4096;

/// Unpacks to at most `room` octets. `None` if there are more.
fn window(packed: &[u8], room: usize) -> Option<Vec<u8>> {
    // The window is what was written last; its beginning stands before the text.
    let mut all = START.to_vec();
    let mut at = 0;
    'tokens: while let Some(flags) = u8_at(packed, at) {
        at += 1;
        if all.len() > room.saturating_add(START.len()) {
            return None;
        }
        for bit in 0..8 {
            let octets = slice(packed, at, 2);
            if flags >> bit & 1 == 0 {
                let Some(octet) = octets.first() else {
                    break 'tokens;
                };
                all.push(*octet);
                at += 1;
                continue;
            }
            let [high, low] = octets else {
                break 'tokens;
            };
            at += 2;
            let token = usize::from(*high) << 8 | usize::from(*low);
            let (place, length) = (token >> 4, (token & 0x0F) + 2);
            let write = all.len() % WINDOW;
            if place == write {
                break 'tokens;
            }
            let back = (write + WINDOW - place) % WINDOW;
            for _ in 0..length {
                let octet = all
                    .len()
                    .checked_sub(back)
                    .and_then(|from| u8_at(&all, from));
                all.push(octet.unwrap_or(b' '));
            }
        }
    }
    Some(all.split_off(START.len().min(all.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rich_text_is_unpacked() {
        // The example of MS-OXRTFCP 3.1, without the header.
        let simple =
            b"\x03\x00\x0A\x00rcpg125\x42\x32\x0A\xF3 hel\x09\x00\x20bw\x05\xB0ld}\x0A\x80\x0F\xA0";
        assert_eq!(
            window(simple, 1000).as_deref(),
            Some(b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n".as_slice())
        );
        assert_eq!(window(simple, 10), None);
        assert_eq!(START.len(), 207);
    }
}
