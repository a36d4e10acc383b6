//! The cache of a pivot table (ECMA-376 part 1, 18.10): a copy of the cells it sums up, kept in no sheet.
//!
//! Its numbers are attributes, written as a program keeps them (`1.210751234E9`), and are shown as a cell of the same format shows
//! them.

use std::rc::Rc;

use crate::extract::office::flow::{Flow, Whitespace};
use crate::extract::office::format::Format;
use crate::extract::office::part;
use crate::extract::office::pieces::{PIECE, Pieces};
use crate::extract::office::styles::Styles;
use crate::extract::office::xml::{Fault, Node, Tag};
use crate::extract::{Locus, Reading};

/// How the columns of a cache show their numbers.
pub(super) type Columns = Vec<Rc<Format>>;

/// Reads what tells of a cache: its columns, and the values each has. Returns how the records behind it are to be shown.
pub(super) fn definition(xml: &str, styles: &Styles, reading: &mut Reading<'_>) -> Columns {
    Cache::new(styles, Vec::new()).read(xml, reading)
}

/// Reads the records of a cache.
pub(super) fn records(xml: &str, columns: Columns, styles: &Styles, reading: &mut Reading<'_>) {
    Cache::new(styles, columns).read(xml, reading);
}

struct Cache<'s> {
    styles: &'s Styles,
    flow: Flow,
    columns: Columns,
    /// The column the next value of the record stands in; `None` outside records.
    column: Option<usize>,
    /// How the values that follow are shown.
    format: Rc<Format>,
    /// Octets of the numbers in the flow: a format can make each a thousand times as long as it is written.
    shown: usize,
    pieces: Pieces,
}

impl<'s> Cache<'s> {
    fn new(styles: &'s Styles, columns: Columns) -> Self {
        Self {
            styles,
            flow: Flow::new(Whitespace::Marked),
            columns,
            column: None,
            format: Rc::new(Format::General),
            shown: 0,
            pieces: Pieces::default(),
        }
    }

    fn read(mut self, xml: &str, reading: &mut Reading<'_>) -> Columns {
        part::each_node_of(xml, reading, |node, reading| {
            self.node(&node);
            if self.shown >= PIECE {
                self.shown = 0;
                let lines = self.flow.drain();
                // Something is open that should not be.
                let nested = lines.is_empty().then(|| self.flow.take());
                self.write(&nested.unwrap_or(lines));
                self.pieces.relieve(reading).map_err(Fault::Exhausted)?;
            }
            Ok(())
        });
        let rest = self.flow.take();
        self.write(&rest);
        self.pieces.finish(reading);
        self.columns
    }

    fn write(&mut self, lines: &str) {
        self.pieces.draft.mark(Locus::Section("pivot table"));
        self.pieces.draft.push(lines);
    }

    fn node(&mut self, node: &Node<'_>) {
        match node {
            Node::Open(tag) => {
                if let Some(format) = self.next_column(tag.name()) {
                    self.format = format;
                }
                match tag.name() {
                    "cacheField" => self.field(tag),
                    "r" => self.column = Some(0),
                    "sharedItems" => self.numbers(tag, &["minValue", "maxValue"]),
                    "rangePr" => self.numbers(tag, &["startNum", "endNum"]),
                    "n" => {
                        // Told here, and not again as it is written.
                        self.numbers(tag, &["v", "c"]);
                        return;
                    }
                    // What a value is called.
                    "s" | "d" => self.numbers(tag, &["c"]),
                    _ => {}
                }
            }
            Node::Close(end) if end.name() == "n" => return,
            Node::Close(end) if end.name() == "r" => self.column = None,
            _ => {}
        }
        self.flow.node(node);
    }

    fn field(&mut self, tag: &Tag<'_>) {
        let number = tag.attribute("numFmtId");
        let number = number.and_then(|number| number.trim().parse().ok());
        self.format = self.styles.numbered(number.unwrap_or(0));
        if self.columns.len() < MOST_COLUMNS {
            self.columns.push(Rc::clone(&self.format));
        }
    }

    /// How the value that begins is shown, if it is one of a record.
    fn next_column(&mut self, name: &str) -> Option<Rc<Format>> {
        let column = self.column.as_mut()?;
        if !matches!(name, "n" | "s" | "d" | "b" | "e" | "m" | "x") {
            return None;
        }
        let format = self.columns.get(*column).cloned();
        *column += 1;
        Some(format.unwrap_or_default())
    }

    fn numbers(&mut self, tag: &Tag<'_>, attributes: &[&str]) {
        for name in attributes {
            if let Some(value) = tag.attribute(name) {
                let shown = self.format.show(&value, self.styles.since_1904);
                self.shown = self.shown.saturating_add(shown.len());
                self.flow.tell(&shown);
            }
        }
    }
}

/// The most columns whose formats are kept. Fixed: 16,384, as a sheet has. A number of one beyond them is shown plainly.
const MOST_COLUMNS: usize = 1 << 14;
