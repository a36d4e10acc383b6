//! Glyphs of a page put in the order a person reads them: lines from top to bottom, words from left to right,
//! columns apart.

use std::ops::Range;

/// The words of a page, as they were drawn.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    words: Vec<Word>,
}

/// A glyph as it was placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// Its origin.
    pub(super) origin: (f64, f64),
    /// The direction of writing, as long as an em.
    pub(super) em: (f64, f64),
    /// How far it moves the pen, in em.
    pub(super) advance: f64,
}

/// Glyphs that touch.
#[derive(Clone, Debug)]
struct Word {
    /// The direction of writing in whole degrees: text of different directions shares no line.
    turn: i32,
    /// Along the line, in the direction of writing.
    start: f64,
    end: f64,
    /// Across it, upward.
    base: f64,
    em: f64,
    text: Range<usize>,
    /// Whether a space follows it.
    spaced: bool,
}

impl Words {
    /// Adds a glyph that reads `text`.
    pub(super) fn glyph(&mut self, placed: Placed, text: &str) {
        let em = placed.em.0.hypot(placed.em.1);
        if !em.is_normal() || !placed.origin.0.is_finite() || !placed.origin.1.is_finite() {
            return;
        }
        let (x, y) = (placed.em.0 / em, placed.em.1 / em);
        let start = placed.origin.0 * x + placed.origin.1 * y;
        let base = placed.origin.1 * x - placed.origin.0 * y;
        #[expect(clippy::cast_possible_truncation, reason = "an angle in degrees")]
        let turn = y.atan2(x).to_degrees().round() as i32;
        let end = start + placed.advance * em;
        let last = self.words.last_mut().filter(|last| {
            last.turn == turn && (last.base - base).abs() < SAME_LINE * em && last.em < 2.0 * em
        });
        let blank = text.chars().all(char::is_whitespace);
        if let Some(last) = last
            && !last.spaced
            && (start - last.end).abs() < TOUCH * em
        {
            last.end = end.max(last.end);
            if blank {
                last.spaced = true;
            } else {
                self.text.push_str(text);
                last.text.end = self.text.len();
            }
            return;
        }
        if blank {
            if let Some(last) = self.words.last_mut() {
                last.spaced = true;
            }
            return;
        }
        let from = self.text.len();
        self.text.push_str(text);
        self.words.push(Word {
            turn,
            start,
            end,
            base,
            em,
            text: from..self.text.len(),
            spaced: false,
        });
    }

    /// How many octets of text wait.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Takes all words as lines.
    pub(super) fn take_lines(&mut self) -> String {
        let Self { text, mut words } = std::mem::take(self);
        let mut lines = String::with_capacity(text.len() + text.len() / 4);
        // Upright text first, and each direction from its top line down.
        words.sort_by(|a, b| {
            (a.turn.abs(), a.turn)
                .cmp(&(b.turn.abs(), b.turn))
                .then(b.base.total_cmp(&a.base))
        });
        let mut rest = words.as_mut_slice();
        while let Some(first) = rest.first() {
            let (turn, base, em) = (first.turn, first.base, first.em);
            let count = rest
                .iter()
                .take_while(|word| {
                    word.turn == turn && base - word.base < SAME_LINE * em.min(word.em)
                })
                .count()
                .max(1);
            let (line, after) = rest.split_at_mut(count);
            line.sort_by(|a, b| a.start.total_cmp(&b.start));
            write_line(line, &text, &mut lines);
            rest = after;
        }
        lines
    }
}

/// Baselines nearer than this, in em, are one line: indices and exponents stay on theirs.
const SAME_LINE: f64 = 0.4;

/// A gap smaller than this, in em, is no gap. Kerning and rounding stay under it, word spaces over it.
const TOUCH: f64 = 0.15;

/// A gap larger than this, in em, is between columns, unless it was written with a space.
const COLUMN: f64 = 1.0;

/// A gap larger than this is between columns even so.
const WIDE_COLUMN: f64 = 2.5;

fn write_line(line: &[Word], text: &str, lines: &mut String) {
    let mut last: Option<&Word> = None;
    let mut boxed = 0;
    for (at, word) in line.iter().enumerate() {
        let letters = text.get(word.text.clone()).unwrap_or_default();
        if let Some(last) = last {
            let gap = (word.start - last.end) / word.em;
            if text.get(last.text.clone()) == Some(letters) && is_twice(last, word) {
                continue;
            }
            if boxed == 0 {
                boxed = in_boxes(line.get(at - 1..).unwrap_or_default(), text);
            }
            boxed = boxed.saturating_sub(1);
            if boxed == 0 {
                lines.push_str(match gap {
                    _ if gap > WIDE_COLUMN => "\t",
                    _ if gap > COLUMN && !last.spaced => "\t",
                    _ if gap.abs() > TOUCH || last.spaced => " ",
                    _ => "",
                });
            }
        }
        lines.push_str(letters);
        last = Some(word);
    }
    lines.push('\n');
}

/// Whether a word was drawn over itself, to look bold.
fn is_twice(one: &Word, other: &Word) -> bool {
    (one.start - other.start).abs() < TOUCH * other.em
}

/// How many words, from the first on, are the signs of one number in the boxes of a form: ten digits, evenly
/// spaced, with or without a dash. Zero if they are not.
fn in_boxes(line: &[Word], text: &str) -> usize {
    let mut signs = 0;
    let mut digits = 0;
    let mut pitch: Option<f64> = None;
    for (at, word) in line.iter().enumerate() {
        let sign = text.get(word.text.clone()).unwrap_or_default();
        let digit = sign.len() == 1 && sign.bytes().all(|b| b.is_ascii_digit());
        if !digit && !matches!(sign, "-" | "–") {
            break;
        }
        if let Some(before) = at.checked_sub(1).and_then(|before| line.get(before)) {
            let step = word.start - before.start;
            let usual = *pitch.get_or_insert(step);
            if !(0.4..=2.5).contains(&(step / usual)) || step > 4.0 * word.em {
                break;
            }
        }
        signs += 1;
        digits += usize::from(digit);
    }
    if digits == 10 { signs } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws each text at its place, half an em a character.
    fn drawn(texts: &[(f64, f64, &str)]) -> String {
        let mut words = Words::default();
        for (x, y, text) in texts {
            for (at, character) in text.chars().enumerate() {
                let placed = Placed {
                    origin: (x + at as f64 * 5.0, *y),
                    em: (10.0, 0.0),
                    advance: 0.5,
                };
                words.glyph(placed, character.encode_utf8(&mut [0; 4]));
            }
        }
        words.take_lines()
    }

    #[test]
    fn lines_and_words_are_ordered_by_place() {
        assert_eq!(
            drawn(&[(0.0, 0.0, "c"), (20.0, 100.0, "b"), (0.0, 101.0, "a b")]),
            "a b b\nc\n"
        );
    }

    #[test]
    fn a_number_drawn_in_pieces_is_one() {
        assert_eq!(
            drawn(&[(30.0, 0.0, "-1234"), (0.0, 0.0, "010160")]),
            "010160-1234\n"
        );
    }

    #[test]
    fn columns_are_apart() {
        assert_eq!(
            drawn(&[
                (0.0, 20.0, "Navn"),
                (90.0, 20.0, "CPR"),
                (0.0, 0.0, "Per"),
                (90.0, 0.0, "010160-1234")
            ]),
            "Navn\tCPR\nPer\t010160-1234\n"
        );
    }

    #[test]
    fn what_is_drawn_twice_is_read_once() {
        assert_eq!(drawn(&[(0.0, 0.0, "1122"), (0.3, 0.0, "1122")]), "1122\n");
    }

    #[test]
    fn digits_in_boxes_are_a_number() {
        let boxes: Vec<(f64, f64, String)> = "0101601234"
            .chars()
            .enumerate()
            .map(|(at, digit)| (at as f64 * 20.0, 0.0, digit.to_string()))
            .collect();
        let mut texts: Vec<(f64, f64, &str)> =
            boxes.iter().map(|(x, y, s)| (*x, *y, s.as_str())).collect();
        texts.push((-60.0, 0.0, "CPR"));
        texts.push((260.0, 0.0, "x"));
        assert_eq!(drawn(&texts), "CPR\t0101601234\tx\n");
    }

    #[test]
    fn hostile_numbers_are_no_words() {
        let mut words = Words::default();
        for origin in [(f64::NAN, 0.0), (f64::INFINITY, 0.0)] {
            words.glyph(
                Placed {
                    origin,
                    em: (1.0, 0.0),
                    advance: 1.0,
                },
                "a",
            );
        }
        words.glyph(
            Placed {
                origin: (0.0, 0.0),
                em: (0.0, 0.0),
                advance: 1.0,
            },
            "a",
        );
        assert_eq!(words.take_lines(), "");
    }
}
