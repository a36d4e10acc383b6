//! The table a number stands in: its row, its column, and the rows above that may head the columns.
//!
//! The text is walked once, forward, to wherever a number is met, so that the cost is linear whatever the
//! text is: a number knows its column without anyone going back to where its line began.

mod head;

use std::ops::Range;

pub(super) use head::Head;

use crate::detect::edge::is_letter;
use crate::detect::layout::head::{cell_behind, commas};

/// What parts the cells of a row: U+0009 as readers write it, or what people type and programs export.
const PARTERS: [u8; 3] = [b'\t', b'|', b';'];
/// Two blanks and more, as people set columns with; it comes behind [`PARTERS`].
const BLANKS: usize = 3;
/// The comma, which is a parter only where the row above has as many.
const COMMA: usize = 4;
/// How many kinds of parters there are.
const KINDS: usize = 5;
/// How many rows of words at the beginning of a table are kept as its heads, and how many of the last ones.
const HEADS: usize = 3;
/// The longest row that can be a head, in octets.
const LONGEST_HEAD: usize = 64 << 10;
/// How many digits in a row make it data.
const DATA: usize = 6;
/// How far behind a place its row is looked at, in octets.
const FAR: usize = 400;

/// A row of a table that has a head.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Row {
    /// Where it begins; 0 where there is no such table.
    pub(super) start: usize,
    /// Its cells are parted by blanks.
    pub(super) blanks: bool,
}

/// A place in the text and what was met up to there.
pub(super) struct Layout<'t> {
    text: &'t str,
    at: usize,
    line: Line,
    first: Vec<Head>,
    recent: Vec<Head>,
}

#[derive(Clone, Copy, Default)]
struct Line {
    start: usize,
    /// How many of each parter it has.
    parters: [u32; KINDS],
    /// How many blanks stand before the place.
    blanks: usize,
    digits: usize,
    data: bool,
    figures: bool,
    words: bool,
}

impl<'t> Layout<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            line: Line::default(),
            first: Vec::new(),
            recent: Vec::new(),
        }
    }

    /// Goes on to `offset`, which is not before where it is.
    pub(super) fn advance(&mut self, offset: usize) {
        let passed = self.text.as_bytes().get(..offset).unwrap_or_default();
        let mut next = self.at;
        while let Some(&octet) = passed.get(next) {
            let at = next;
            next += 1;
            let line = &mut self.line;
            if octet == b' ' {
                line.blanks += 1;
                line.digits = 0;
                continue;
            }
            line.part_by_blanks(at);
            match octet {
                b'0'..=b'9' => {
                    let rest = passed.get(next..).unwrap_or_default();
                    let more = rest.iter().take_while(|octet| octet.is_ascii_digit());
                    let more = more.count();
                    next += more;
                    line.digits += 1 + more;
                    line.figures = true;
                    line.data |= line.digits >= DATA;
                    continue;
                }
                b'\n' => self.end_line(at),
                b'\t' => line.parters[0] += 1,
                b'|' => line.parters[1] += 1,
                b';' => line.parters[2] += 1,
                b',' => line.parters[COMMA] += 1,
                octet if is_letter(octet) => {
                    line.words = true;
                    let rest = passed.get(next..).unwrap_or_default();
                    // The rest of the word says nothing more.
                    next += rest.iter().take_while(|&&octet| is_letter(octet)).count();
                }
                _ => {}
            }
            self.line.digits = 0;
        }
        self.at = self.at.max(offset);
        self.line.part_by_blanks(self.at);
    }

    fn end_line(&mut self, end: usize) {
        let line = std::mem::replace(
            &mut self.line,
            Line {
                start: end + 1,
                ..Line::default()
            },
        );
        // A row with a price or a date in it is one of those below the head; but the first may say `2026`.
        let is_head = line.words && !line.data && (!line.figures || self.first.is_empty());
        let short = end - line.start <= LONGEST_HEAD;
        let Some(parter) = line.parters.iter().position(|&count| count > 0) else {
            // Running text ends a table.
            if line.words {
                self.first.clear();
                self.recent.clear();
            }
            return;
        };
        let head = (is_head && short).then(|| Head::new(self.text, line.start..end, parter));
        let Some(head) = head.filter(|head| head.heads(self.text)) else {
            return;
        };
        if self.first.len() < HEADS {
            self.first.push(head);
        } else {
            if self.recent.len() == HEADS {
                self.recent.remove(0);
            }
            self.recent.push(head);
        }
    }

    /// The column of the place: how many cells of the row are before it.
    pub(super) fn column(&self) -> usize {
        let parters = self.line.parters.iter().take(COMMA);
        let column = parters.copied().find(|&count| count > 0).unwrap_or(0);
        usize::try_from(column).unwrap_or(usize::MAX)
    }

    /// The rows that may head the column of the place, nearest first, each with its cell over the place.
    pub(super) fn over(&self) -> impl Iterator<Item = (&Head, Range<usize>)> {
        let here = if self.first.is_empty() {
            [None; KINDS]
        } else {
            self.parters()
        };
        self.heads().filter_map(move |head| {
            let column = usize::try_from(*here.get(head.parter)?.as_ref()?).ok()?;
            let cell = match head.parter {
                BLANKS => head.under(self.at - self.line.start, column),
                COMMA => head
                    .cell(column)
                    .filter(|_| commas(self.rest()) + column + 1 == head.cells().count()),
                _ => head.cell(column),
            };
            Some((head, cell?))
        })
    }

    /// What is behind the place in its row.
    fn rest(&self) -> &[u8] {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let rest = rest.get(..FAR).unwrap_or(rest);
        rest.split(|octet| *octet == b'\n')
            .next()
            .unwrap_or_default()
    }

    /// How many of each parter are before the place in its row; `None` of one that the row does not have.
    fn parters(&self) -> [Option<u32>; KINDS] {
        let row = self.rest();
        let mut parters = self.line.parters.map(|count| (count > 0).then_some(count));
        for (kind, count) in parters.iter_mut().enumerate() {
            *count = count.or_else(|| {
                let has = match PARTERS.get(kind) {
                    Some(parter) => row.contains(parter),
                    None if kind == BLANKS => row.windows(2).any(|two| two == b"  "),
                    None => row.contains(&b','),
                };
                has.then_some(0)
            });
        }
        parters
    }

    /// The rows that may head the columns, nearest first.
    pub(super) fn heads(&self) -> impl Iterator<Item = &Head> {
        self.recent.iter().rev().chain(self.first.iter().rev())
    }

    /// How the row of the place lies in a table that has a head.
    pub(super) fn row(&self) -> Row {
        let mut row = Row::default();
        for (head, _) in self.over() {
            if head.parter != COMMA {
                row.start = self.line.start;
            }
            row.blanks |= head.parter == BLANKS;
        }
        row
    }

    /// The cell in another column of the row of the place, farther right.
    pub(super) fn cell_right(&self, head: &Head, column: usize) -> Option<Range<usize>> {
        let here = usize::try_from(*self.line.parters.get(head.parter)?).ok()?;
        let cells = column.checked_sub(here).filter(|cells| *cells > 0)?;
        let cell = cell_behind(self.rest(), head.parter, cells)?;
        Some(self.at + cell.start..self.at + cell.end)
    }

    /// The cell behind the one the place is in, in the same row, if it is short.
    pub(super) fn cell_next(&self) -> Option<Range<usize>> {
        /// The longest cell that is read, in octets.
        const LONGEST: usize = 60;
        let rest = self.rest();
        let parter = (0..=BLANKS).find(|&parter| cell_behind(rest, parter, 1).is_some())?;
        let cell = cell_behind(rest, parter, 1)?;
        (cell.len() <= LONGEST).then(|| self.at + cell.start..self.at + cell.end)
    }

    /// The cell before the one the place is in, in the same row, if it is short: it may name the value behind it.
    pub(super) fn cell_left(&self) -> Option<Range<usize>> {
        /// The longest name of a value, in octets.
        const LONGEST: usize = 60;
        let from = self.line.start.max(self.at.saturating_sub(2 * LONGEST));
        let row = self.text.as_bytes().get(from..self.at)?;
        let parted = |row: &[u8]| {
            let mut blank = false;
            row.iter().rposition(|octet| {
                let twice = blank && *octet == b' ';
                blank = *octet == b' ';
                twice || PARTERS.contains(octet)
            })
        };
        let end = parted(row)?;
        let left = row.get(..end)?;
        let end = left.trim_ascii_end().len();
        let start = parted(left.get(..end)?).map_or(0, |at| at + 1);
        (end - start <= LONGEST && (start > 0 || from == self.line.start))
            .then(|| from + start..from + end)
    }
}

impl Line {
    /// Counts the blanks before `at` as a parter, if there are two or more and something is before them.
    fn part_by_blanks(&mut self, at: usize) {
        if self.blanks >= 2 && self.start + self.blanks < at {
            self.parters[BLANKS] += 1;
        }
        if self.blanks > 0 && at > self.start {
            self.blanks = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(text: &str) -> Vec<&str> {
        let at = text.rfind("0101").unwrap();
        let mut layout = Layout::new(text);
        layout.advance(at);
        layout
            .over()
            .filter_map(|(_, cell)| text.get(cell))
            .collect()
    }

    #[test]
    fn the_head_of_a_column_is_over_its_cells() {
        assert_eq!(
            over("Navn\tCPR\tBy\nIb\t0203901234\tÅby\nBo\t0101901234\tÅby"),
            ["CPR"]
        );
        assert_eq!(over("a|b\nc;d\n1;0101"), ["d"]);
        assert_eq!(
            over("Navn   CPR-nr.   By\nIb Bro  0101901234  Åby"),
            ["CPR-nr."]
        );
        assert_eq!(
            over("Navn      Beløb     CPR-nr.\nIb Bro              0101901234"),
            ["CPR-nr."]
        );
        assert_eq!(over("Navn,CPR,By\nIb,0101901234,Åby"), ["CPR"]);
        assert_eq!(over("Kære Ib, Bo, Per\nSe, 0101901234"), Vec::<&str>::new());
        assert_eq!(
            over("Navn\tCPR\n\nOg så var der tekst.\nIb\t0101"),
            Vec::<&str>::new()
        );
    }

    #[test]
    fn the_cell_to_the_left_may_name_the_value() {
        let text = "Navn\tIb\tCPR-nr.\t0101901234";
        let mut layout = Layout::new(text);
        layout.advance(text.find("0101").unwrap());
        assert_eq!(
            layout.cell_left().and_then(|cell| text.get(cell)),
            Some("CPR-nr.")
        );
        assert_eq!(layout.column(), 3);
    }
}
