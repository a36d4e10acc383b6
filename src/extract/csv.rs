//! Tables as text (RFC 4180 and its relatives): cells apart by U+0009, rows by a line feed.

use crate::extract::{Draft, Reading};

/// The separator, if `text` is a table: at least three rows (two with `;` or a tab) that all have as many of it.
pub(super) fn separator(text: &str) -> Option<char> {
    [(';', 2), ('\t', 2), (',', 3)]
        .into_iter()
        .find(|&(separator, fewest)| is_table(text, separator, fewest))
        .map(|(separator, _)| separator)
}

/// Reads a table.
pub(super) fn read(text: &str, separator: char, reading: &mut Reading<'_>) {
    let mut draft = Draft::with_capacity(text.len());
    for cell in Cells::new(text, separator) {
        push_cell(cell.text, &mut draft);
        match cell.end {
            End::Cell => draft.cell(),
            End::Row => draft.push("\n"),
        }
    }
    reading.text(draft);
}

/// A quoted cell may hold line ends and doubled quotes; in the text it is one line.
fn push_cell(cell: &str, draft: &mut Draft) {
    let Some(quoted) = cell.strip_prefix('"') else {
        draft.push(cell);
        return;
    };
    let quoted = quoted.strip_suffix('"').unwrap_or(quoted);
    for (at, piece) in quoted.split("\"\"").enumerate() {
        if at > 0 {
            draft.push("\"");
        }
        for (at, line) in piece.split(['\r', '\n', '\t']).enumerate() {
            if at > 0 {
                draft.push(" ");
            }
            draft.push(line);
        }
    }
}

fn is_table(text: &str, separator: char, fewest: usize) -> bool {
    let mut rows = 0;
    let mut columns = None;
    let mut column = 0;
    for cell in Cells::new(text, separator).take(MOST_CELLS_SEEN) {
        column += 1;
        if matches!(cell.end, End::Cell) {
            continue;
        }
        let is_blank = column == 1 && cell.text.trim().is_empty();
        if !is_blank {
            if column < 2 || *columns.get_or_insert(column) != column {
                return false;
            }
            rows += 1;
        }
        column = 0;
        if rows == ROWS_SEEN {
            break;
        }
    }
    rows >= fewest
}

struct Cell<'t> {
    text: &'t str,
    end: End,
}

enum End {
    Cell,
    Row,
}

/// The cells of a table, quotes still around them.
struct Cells<'t> {
    rest: &'t str,
    separator: char,
}

impl<'t> Cells<'t> {
    fn new(text: &'t str, separator: char) -> Self {
        Self {
            rest: text,
            separator,
        }
    }
}

impl<'t> Iterator for Cells<'t> {
    type Item = Cell<'t>;

    fn next(&mut self) -> Option<Cell<'t>> {
        if self.rest.is_empty() {
            return None;
        }
        let quoted = if self.rest.starts_with('"') {
            closing_quote(self.rest)
        } else {
            0
        };
        let tail = self.rest.get(quoted..).unwrap_or_default();
        let found = tail.find([self.separator, '\n', '\r']);
        let end = quoted + found.unwrap_or(tail.len());
        let (text, after) = self.rest.split_at_checked(end)?;
        let (end, after) = if let Some(after) = after.strip_prefix(self.separator) {
            (End::Cell, after)
        } else {
            let after = after.strip_prefix('\r').unwrap_or(after);
            (End::Row, after.strip_prefix('\n').unwrap_or(after))
        };
        self.rest = after;
        Some(Cell { text, end })
    }
}

/// Where a quoted cell ends: behind the first quote that is not doubled. One that never ends is not quoted.
fn closing_quote(cell: &str) -> usize {
    let bytes = cell.as_bytes();
    let mut at = 1;
    while let Some(found) = memchr::memchr(b'"', bytes.get(at..).unwrap_or_default()) {
        at += found + 1;
        if bytes.get(at) != Some(&b'"') {
            return at;
        }
        at += 1;
    }
    0
}

/// Rows looked at to decide.
const ROWS_SEEN: usize = 50;

/// Cells looked at to decide.
const MOST_CELLS_SEEN: usize = 5000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_from_prose() {
        for (text, expected) in [
            ("navn;cpr\r\nA;1\r\n", Some(';')),
            ("a\tb\nc\td", Some('\t')),
            ("a,b\nc,d\ne,f\n", Some(',')),
            ("\"a\nb\";c\n\"d \"\"e\"\"\";f\n", Some(';')),
            ("Hej Ole,\nvi ses, ikke?\n", None),
            ("Hej; du\n", None),
            ("a;b\nc\n", None),
            ("", None),
        ] {
            assert_eq!(separator(text), expected, "{text:?}");
        }
    }

    #[test]
    fn quotes_that_never_close_take_linear_time() {
        let text = "\"a;b\n".repeat(50_000);
        let cells = Cells::new(&text, ';').count();
        assert!(cells > 0);
    }
}
