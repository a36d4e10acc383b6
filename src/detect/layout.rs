//! The table a number stands in: its row, its column, and the rows above that may head the columns.
//!
//! The text is walked once, forward, to wherever a number is met, so that the cost is linear whatever the
//! text is: a number knows its column without anyone going back to where its line began.

use std::ops::Range;

/// What parts the cells of a row: U+0009 as readers write it, or what people type and programs export.
const PARTERS: [u8; 3] = [b'\t', b'|', b';'];
/// How many rows of words at the beginning of a table are kept as its heads, and how many of the last ones.
const HEADS: usize = 3;
/// The longest row that can be a head, in octets.
const LONGEST_HEAD: usize = 64 << 10;
/// How many digits in a row make it data.
const DATA: usize = 6;

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
    parters: [u32; 3],
    digits: usize,
    data: bool,
    figures: bool,
    words: bool,
}

/// A row of words, which may head the columns below.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Head {
    parter: usize,
    /// Where its cells begin, and where one more would: found once, so that a number finds the cell above it at once.
    starts: Vec<usize>,
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
        let passed = self
            .text
            .as_bytes()
            .get(self.at..offset)
            .unwrap_or_default();
        for (at, &octet) in (self.at..).zip(passed) {
            let line = &mut self.line;
            match octet {
                b'0'..=b'9' => {
                    line.digits += 1;
                    line.figures = true;
                    line.data |= line.digits >= DATA;
                    continue;
                }
                b'\n' => self.end_line(at),
                b'\t' => line.parters[0] += 1,
                b'|' => line.parters[1] += 1,
                b';' => line.parters[2] += 1,
                octet => line.words |= octet.is_ascii_alphabetic() || octet >= 0x80,
            }
            self.line.digits = 0;
        }
        self.at = self.at.max(offset);
    }

    fn end_line(&mut self, end: usize) {
        let line = std::mem::replace(
            &mut self.line,
            Line {
                start: end + 1,
                ..Line::default()
            },
        );
        let parter = line.parters.iter().position(|&count| count > 0);
        // A row with a price or a date in it is one of those below the head; but the first may say `2026`.
        let is_head = line.words && !line.data && (!line.figures || self.first.is_empty());
        match parter {
            Some(parter) if is_head && end - line.start <= LONGEST_HEAD => {
                let head = Head::new(self.text, line.start..end, parter);
                if self.first.len() < HEADS {
                    self.first.push(head);
                } else {
                    if self.recent.len() == HEADS {
                        self.recent.remove(0);
                    }
                    self.recent.push(head);
                }
            }
            // Running text ends a table.
            None if line.words => {
                self.first.clear();
                self.recent.clear();
            }
            _ => {}
        }
    }

    /// The column of the place: how many cells of the row are before it.
    pub(super) fn column(&self) -> usize {
        let parters = self.line.parters.iter();
        let column = parters.copied().find(|&count| count > 0).unwrap_or(0);
        usize::try_from(column).unwrap_or(usize::MAX)
    }

    /// The rows that may head the column of the place, nearest first, each with its cell over the place.
    pub(super) fn over(&self) -> impl Iterator<Item = (&Head, Range<usize>)> {
        let heads = self.recent.iter().rev().chain(self.first.iter().rev());
        let here = self.parters();
        heads.filter_map(move |head| {
            let column = usize::try_from(*here.get(head.parter)?.as_ref()?).ok()?;
            Some((head, head.cell(column)?))
        })
    }

    /// How many of each parter are before the place in its row; `None` of one that the row does not have.
    fn parters(&self) -> [Option<u32>; 3] {
        /// How far behind the place the row is looked at for its first parter, in octets.
        const FAR: usize = 200;
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let rest = rest.get(..FAR).unwrap_or(rest);
        let row = rest
            .split(|octet| *octet == b'\n')
            .next()
            .unwrap_or_default();
        let mut parters = self.line.parters.map(|count| (count > 0).then_some(count));
        for (count, parter) in parters.iter_mut().zip(PARTERS) {
            *count = count.or_else(|| row.contains(&parter).then_some(0));
        }
        parters
    }

    /// The rows that may head the columns, nearest first.
    pub(super) fn heads(&self) -> impl Iterator<Item = &Head> {
        self.recent.iter().rev().chain(self.first.iter().rev())
    }

    /// The cell in another column of the row of the place, farther right.
    pub(super) fn cell_right(&self, head: &Head, column: usize) -> Option<Range<usize>> {
        /// How far right it may be, in octets.
        const FAR: usize = 400;
        let parter = *PARTERS.get(head.parter)?;
        let here = usize::try_from(*self.line.parters.get(head.parter)?).ok()?;
        let mut cells = column.checked_sub(here).filter(|cells| *cells > 0)?;
        let rest = self.text.as_bytes().get(self.at..)?.iter().take(FAR);
        let mut start = None;
        for (at, &octet) in (self.at..).zip(rest) {
            if octet == parter || octet == b'\n' {
                if let Some(start) = start {
                    return Some(start..at);
                }
                cells -= 1;
                if octet == b'\n' {
                    return None;
                }
                if cells == 0 {
                    start = Some(at + 1);
                }
            }
        }
        start.map(|start| start..self.text.len().min(self.at + FAR))
    }

    /// The cell before the one the place is in, in the same row, if it is short: it may name the value behind it.
    pub(super) fn cell_left(&self) -> Option<Range<usize>> {
        /// The longest name of a value, in octets.
        const LONGEST: usize = 60;
        let from = self.line.start.max(self.at.saturating_sub(2 * LONGEST));
        let row = self.text.as_bytes().get(from..self.at)?;
        let end = row.iter().rposition(|octet| PARTERS.contains(octet))?;
        let start = row
            .get(..end)?
            .iter()
            .rposition(|octet| PARTERS.contains(octet))
            .map_or(0, |at| at + 1);
        (end - start <= LONGEST && (start > 0 || from == self.line.start))
            .then(|| from + start..from + end)
    }
}

impl Head {
    fn new(text: &str, row: Range<usize>, parter: usize) -> Self {
        let octets = text.as_bytes().get(row.clone()).unwrap_or_default();
        let octet = PARTERS.get(parter);
        let parters = (row.start..)
            .zip(octets)
            .filter(|(_, it)| Some(*it) == octet);
        let inner = parters.map(|(at, _)| at + 1);
        Self {
            parter,
            starts: [row.start]
                .into_iter()
                .chain(inner)
                .chain([row.end + 1])
                .collect(),
        }
    }

    /// Where the row begins.
    pub(super) fn start(&self) -> usize {
        self.starts.first().copied().unwrap_or_default()
    }

    /// A cell of the row.
    fn cell(&self, column: usize) -> Option<Range<usize>> {
        let start = *self.starts.get(column)?;
        Some(start..self.starts.get(column + 1)?.checked_sub(1)?)
    }

    /// The cells of the row.
    pub(super) fn cells(&self) -> impl Iterator<Item = Range<usize>> {
        (0..self.starts.len()).map_while(|column| self.cell(column))
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
