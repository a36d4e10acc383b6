//! A row of words over the columns of a table.

use std::ops::Range;

use crate::detect::layout::{BLANKS, COMMA, PARTERS};

/// A row of words, which may head the columns below.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::detect) struct Head {
    pub(super) parter: usize,
    row: usize,
    /// Found once, so that a number finds the cell above it at once.
    cells: Vec<Range<usize>>,
}

impl Head {
    /// The row of words at `row`, its cells parted by that kind of parter.
    pub(super) fn new(text: &str, row: Range<usize>, parter: usize) -> Self {
        let octets = text.as_bytes().get(row.clone()).unwrap_or_default();
        let mut cells = Vec::new();
        let mut start = 0;
        while let Some(parted) = next_parter(octets, parter, start) {
            cells.push(row.start + start..row.start + parted.start);
            start = parted.end;
        }
        cells.push(row.start + start..row.end);
        Self {
            parter,
            row: row.start,
            cells,
        }
    }

    /// Whether it may head columns. What a program parts by a tab may; of what is parted by blanks or commas, prose is
    /// more likely.
    pub(super) fn heads(&self, text: &str) -> bool {
        /// The most words in one cell of a head.
        const WORDS: usize = 4;
        let cells = || self.cells.iter().filter_map(|cell| text.get(cell.clone()));
        let brief = || cells().all(|cell| cell.split_whitespace().count() <= WORDS);
        let named = cells()
            .next()
            .is_some_and(|first| first.trim_end().ends_with(':'));
        match self.parter {
            BLANKS => brief() && !named,
            COMMA => brief() && !named && !cells().next_back().is_some_and(ends_sentence),
            _ => true,
        }
    }

    /// Where the row begins.
    pub(in crate::detect) fn start(&self) -> usize {
        self.row
    }

    /// A cell of the row.
    pub(super) fn cell(&self, column: usize) -> Option<Range<usize>> {
        self.cells.get(column).cloned()
    }

    /// The cell over a place so many octets from the beginning of its row, or else the one of that column.
    pub(super) fn under(&self, place: usize, column: usize) -> Option<Range<usize>> {
        /// How many octets a number has.
        const WIDE: usize = 11;
        let over = |cell: &&Range<usize>| {
            let start = cell.start - self.row;
            let shared = (cell.end - self.row)
                .min(place + WIDE)
                .saturating_sub(start.max(place));
            shared > 0 && cell.start < cell.end
        };
        let found = self.cells.iter().find(over);
        found.cloned().or_else(|| self.cell(column))
    }

    /// The cells of the row.
    pub(in crate::detect) fn cells(&self) -> impl Iterator<Item = Range<usize>> {
        self.cells.iter().cloned()
    }
}

fn ends_sentence(cell: &str) -> bool {
    let cell = cell.trim_end();
    cell.is_empty() || cell.ends_with(['.', '!', '?', ':'])
}

/// The first parter of that kind from `from` on; blanks are all of those that stand together.
fn next_parter(row: &[u8], parter: usize, from: usize) -> Option<Range<usize>> {
    let rest = row.get(from..)?;
    if parter == BLANKS {
        let lead = rest.iter().take_while(|octet| **octet == b' ').count();
        let behind = rest.get(lead..)?;
        let start = behind.windows(2).position(|two| two == b"  ")?;
        let len = behind
            .get(start..)?
            .iter()
            .take_while(|octet| **octet == b' ')
            .count();
        if start + len == behind.len() {
            return None;
        }
        return Some(from + lead + start..from + lead + start + len);
    }
    let octet = PARTERS.get(parter).unwrap_or(&b',');
    let at = from + rest.iter().position(|it| it == octet)?;
    Some(at..at + 1)
}

/// The cell that is so many parters behind the beginning of `rest`.
pub(super) fn cell_behind(rest: &[u8], parter: usize, cells: usize) -> Option<Range<usize>> {
    let mut start = 0;
    for _ in 0..cells {
        start = next_parter(rest, parter, start)?.end;
    }
    let end = next_parter(rest, parter, start).map_or(rest.len(), |parted| parted.start);
    Some(start..end)
}

/// How many commas are in the rest of a row.
pub(super) fn commas(rest: &[u8]) -> usize {
    rest.iter().filter(|octet| **octet == b',').count()
}
