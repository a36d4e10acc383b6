//! Pictures: asked to be read by OCR, where there is one who does; else one that is large enough to show a number is a gap, and
//! one that is not is nothing. What stands in one as text, in a comment or behind its end, is read, and so is an archive that hangs
//! behind it.

mod asked;
mod frames;
mod size;

use crate::extract::metafile::{self, Shown};
use crate::extract::{Draft, Reading, Reason, carried};

use frames::has_more_frames;

pub use asked::{Picture, Spot};
pub(super) use size::{Size, size};

/// Asks for a picture to be read, or notes that nobody does.
pub(super) fn read(bytes: &[u8], size: Option<Size>, reading: &mut Reading<'_>) {
    let is_read = metafile::starts(bytes) && metafile::read(bytes, reading) == Shown::Text;
    let shows = !is_read && size.is_none_or(Size::can_show_a_number);
    // Something else may hang behind a small picture.
    if shows || !is_read && bytes.len() > MOST_OF_A_SMALL_ONE {
        if !shows || !is_read_by_ocr(bytes) {
            reading.gap(Reason::Media, "picture: not read");
        } else if !reading.budget.reads_pictures() {
            reading.gap(Reason::Media, "picture: not read, for there is no OCR");
        } else if let Err(exhausted) = reading.budget.pixels(size.map_or(0, Size::pixels)) {
            reading.exhausted(exhausted);
        } else {
            reading.ask(None, Reason::Media, bytes.to_vec());
            if has_more_frames(bytes) {
                reading.gap(
                    Reason::Media,
                    "picture: an animation, of which only the first frame is read",
                );
            }
        }
    }
    reading.text(written(bytes));
    carried::read(bytes, reading);
}

/// Whether it is of a format that Leptonica, with which Tesseract opens pictures, knows: PNG, JPEG, GIF, BMP, TIFF, WebP.
fn is_read_by_ocr(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0x89, b'P', b'N', b'G', ..]
            | [0xFF, 0xD8, ..]
            | [b'G', b'I', b'F', ..]
            | [b'B', b'M', ..]
            | [b'I', b'I', 42, ..]
            | [b'M', b'M', 0, 42, ..]
            | [b'R', b'I', b'F', b'F', ..]
    )
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

/// A picture of this few octets is what its header says and no more.
const MOST_OF_A_SMALL_ONE: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;

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
}
