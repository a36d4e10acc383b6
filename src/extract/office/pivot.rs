//! The cache of a pivot table (ECMA-376 part 1, 18.10): a copy of the cells it sums up, kept in no sheet.
//!
//! Its numbers are attributes, written as a program keeps them (`1.210751234E9`), and are shown as a cell of the same format shows
//! them.

use std::rc::Rc;

use crate::extract::office::flow::{Flow, Whitespace};
use crate::extract::office::format::Format;
use crate::extract::office::part;
use crate::extract::office::styles::Styles;
use crate::extract::office::xml::{Node, Tag};
use crate::extract::{Locus, Reading};

/// How the columns of a cache show their numbers.
pub(super) type Columns = Vec<Rc<Format>>;

/// Reads what tells of a cache: its columns, and the values each has. Returns how the records behind it are to be shown.
pub(super) fn definition(xml: &str, styles: &Styles, reading: &mut Reading<'_>) -> Columns {
    let mut cache = Cache::new(styles, Vec::new());
    cache.read(xml, reading);
    cache.columns
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
}

impl<'s> Cache<'s> {
    fn new(styles: &'s Styles, columns: Columns) -> Self {
        Self {
            styles,
            flow: Flow::new(Whitespace::Marked),
            columns,
            column: None,
            format: Rc::new(Format::General),
        }
    }

    fn read(&mut self, xml: &str, reading: &mut Reading<'_>) {
        part::each_node_of(xml, reading, |node, _| {
            self.node(&node);
            Ok(())
        });
        part::hand_over(&self.flow.take(), Locus::Section("pivot table"), reading);
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
                self.flow
                    .tell(&self.format.show(&value, self.styles.since_1904));
            }
        }
    }
}

/// The most columns whose formats are kept. Fixed: 16,384, as a sheet has. A number of one beyond them is shown plainly.
const MOST_COLUMNS: usize = 1 << 14;
