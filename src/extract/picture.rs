//! Pictures: not read. One that is large enough to show a number is a gap; one that is not is nothing. What stands in one as text, in
//! a comment or behind its end, is read, and so is an archive that hangs behind it.

use crate::extract::{Draft, Reading, Reason, carried};

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Size {
    /// Whether ten digits could be read in a picture of this size.
    pub(super) fn can_show_a_number(self) -> bool {
        let (long, short) = (self.width.max(self.height), self.width.min(self.height));
        long >= SHORTEST_NUMBER && short >= SMALLEST_LETTER
    }
}

/// Notes a picture.
pub(super) fn read(bytes: &[u8], size: Option<Size>, reading: &mut Reading<'_>) {
    // Something else may hang behind a small picture.
    let is_small = bytes.len() <= MOST_OF_A_SMALL_ONE;
    match size {
        Some(size) if is_small && !size.can_show_a_number() => {}
        _ => reading.gap(Reason::Media, "picture: not read"),
    }
    reading.text(written(bytes));
    carried::read(bytes, reading);
}

/// The runs of printable characters in which a number could stand: chance makes hardly any.
fn written(bytes: &[u8]) -> Draft {
    let mut draft = Draft::new();
    let mut rest = bytes;
    while let Some((run, after)) = next_run(rest) {
        if run.iter().filter(|c| c.is_ascii_digit()).count() >= FEWEST_DIGITS {
            draft.line();
            draft.push(&String::from_utf8_lossy(run));
        }
        rest = after;
    }
    draft
}

/// The next run of printable characters that is long enough, and what follows it. Of every
/// [`SHORTEST_RUN`] octets such a run covers one, so the others are looked at only around a printable one.
fn next_run(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut at = SHORTEST_RUN - 1;
    loop {
        if !is_printable(bytes.get(at)?) {
            at += SHORTEST_RUN;
            continue;
        }
        let (before, from) = bytes.split_at_checked(at)?;
        let start = before
            .iter()
            .rposition(|c| !is_printable(c))
            .map_or(0, |last| last + 1);
        let end = at
            + from
                .iter()
                .position(|c| !is_printable(c))
                .unwrap_or(from.len());
        if end - start >= SHORTEST_RUN {
            return Some((bytes.get(start..end)?, bytes.get(end..)?));
        }
        at = end + SHORTEST_RUN;
    }
}

fn is_printable(c: &u8) -> bool {
    matches!(c, b'\t' | b'\n' | b'\r' | 0x20..0x7F)
}

/// The shortest run that is text, and the fewest digits in it: a CPR number has ten.
const SHORTEST_RUN: usize = 10;
const FEWEST_DIGITS: usize = 10;

/// `Some` where `bytes` are a picture; the inner `None` where its size was not found.
pub(super) fn size(bytes: &[u8]) -> Option<Option<Size>> {
    match bytes {
        [
            0x89,
            b'P',
            b'N',
            b'G',
            b'\r',
            b'\n',
            0x1A,
            b'\n',
            _,
            _,
            _,
            _,
            b'I',
            b'H',
            b'D',
            b'R',
            rest @ ..,
        ] => Some(pair(rest, 0, 4, 4, true)),
        [0xFF, 0xD8, 0xFF, ..] => Some(jpeg(bytes)),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', rest @ ..] => Some(pair(rest, 0, 2, 2, false)),
        [b'B', b'M', ..] if bytes.get(14..18) == Some(&[40, 0, 0, 0]) => {
            Some(pair(bytes, 18, 22 - 18, 4, false))
        }
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some(None),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(None),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some(None),
        [0, 0, 0, _, b'f', b't', b'y', b'p', brand @ ..] if is_heif(brand) => Some(None),
        [0, 0, 1, 0, _, 0, ..] => Some(None),
        [0x01, 0, 0, 0, ..] if bytes.get(40..44) == Some(b" EMF") => Some(None),
        [0xD7, 0xCD, 0xC6, 0x9A, ..] => Some(None),
        _ => None,
    }
}

fn is_heif(brand: &[u8]) -> bool {
    [
        &b"heic"[..],
        b"heix",
        b"hevc",
        b"mif1",
        b"msf1",
        b"avif",
        b"avis",
    ]
    .iter()
    .any(|known| brand.starts_with(known))
}

/// Two numbers of `octets` octets, `step` apart.
fn pair(bytes: &[u8], at: usize, step: usize, octets: usize, big: bool) -> Option<Size> {
    let number = |at: usize| {
        let field = bytes.get(at..at + octets)?;
        let fold = |sum: u32, octet: &u8| sum << 8 | u32::from(*octet);
        Some(if big {
            field.iter().fold(0, fold)
        } else {
            field.iter().rev().fold(0, fold)
        })
    };
    Some(Size {
        width: number(at)?,
        height: number(at + step)?,
    })
}

/// Follows the segments of a JPEG to the frame header (ITU-T T.81 section B.2.2).
fn jpeg(bytes: &[u8]) -> Option<Size> {
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xFF, marker, high, low, ..] = rest else {
            return None;
        };
        match marker {
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let turned = pair(rest, 5, 2, 2, true)?;
                return Some(Size {
                    width: turned.height,
                    height: turned.width,
                });
            }
            0xFF => rest = rest.get(1..)?,
            _ => {
                let length = usize::from(*high) << 8 | usize::from(*low);
                rest = rest.get(2 + length.max(2)..)?;
            }
        }
    }
}

/// The shortest stretch, in pixels, that holds ten legible digits: six for each, as in the smallest fonts.
const SHORTEST_NUMBER: u32 = 64;

/// The least height, in pixels, of a legible digit.
const SMALLEST_LETTER: u32 = 7;

/// A picture of this few octets is what its header says and no more.
const MOST_OF_A_SMALL_ONE: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_headers() {
        for (bytes, width, height) in [
            (
                &b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\x02\0\0\0\x03"[..],
                258,
                3,
            ),
            (b"GIF89a\x02\x01\x03\0", 258, 3),
            (
                b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xC0\0\x11\x08\0\x03\x01\x02",
                258,
                3,
            ),
            (
                b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\x02\x01\0\0\x03\0\0\0",
                258,
                3,
            ),
        ] {
            assert_eq!(size(bytes), Some(Some(Size { width, height })), "{bytes:?}");
        }
        assert_eq!(size(b"\xFF\xD8\xFF\xE0\xFF\xFF"), Some(None));
        assert_eq!(size(b"BMW kommer"), None);
    }

    #[test]
    fn text_is_found_wherever_it_stands_in_a_picture() {
        for before in 0..24 {
            for after in 0..3 {
                let mut bytes = vec![0xFF; before];
                bytes.extend(b"0310901234");
                bytes.extend(vec![0; after]);
                assert_eq!(written(&bytes).len(), 10, "{before} {after}");
            }
        }
        assert!(written(b"\xFF031090123\xFF4").is_empty());
        assert!(written(b"no number in it").is_empty());
    }

    #[test]
    fn a_spacer_shows_no_number_and_a_logo_may() {
        for (width, height, can) in [
            (1, 1, false),
            (600, 1, false),
            (32, 32, false),
            (200, 60, true),
            (16, 100, true),
        ] {
            assert_eq!(Size { width, height }.can_show_a_number(), can);
        }
    }
}
