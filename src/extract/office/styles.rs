//! The number formats of a workbook: from the style of a cell to its format (ECMA-376 part 1, 18.8).

use std::collections::HashMap;
use std::rc::Rc;

use crate::extract::office::format::Format;
use crate::extract::office::part;
use crate::extract::office::xml::{Node, Tag};
use crate::extract::{Reading, Reason};

/// The formats, by the number of the cell style.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// Those of the workbook's own, by the number they are given.
    own: HashMap<u32, Rc<Format>>,
    /// Many styles share a format, which may be long.
    formats: Vec<Rc<Format>>,
    /// How many there were no room for.
    beyond: usize,
    /// Whether dates count from 1904.
    pub(super) since_1904: bool,
}

impl Styles {
    /// Reads the styles part.
    pub(super) fn read(&mut self, bytes: &[u8], reading: &mut Reading<'_>) {
        let mut cells = false;
        part::each_node(bytes, reading, |node| {
            match node {
                Node::Open(tag) => match tag.name() {
                    "cellXfs" => cells = true,
                    "numFmt" => {
                        let code = tag.attribute("formatCode").unwrap_or_default();
                        if let Some(id) = number(&tag, "numFmtId") {
                            self.define(id, &code);
                        }
                    }
                    "xf" if cells => self.add(number(&tag, "numFmtId").unwrap_or(0)),
                    _ => {}
                },
                Node::Close(end) if end.name() == "cellXfs" => cells = false,
                _ => {}
            }
            Ok(())
        });
        self.tell_beyond(reading);
    }

    /// Notes that there were more than there is room for.
    pub(super) fn tell_beyond(&mut self, reading: &mut Reading<'_>) {
        if std::mem::take(&mut self.beyond) > 0 {
            reading.gap(Reason::Limit, "workbook: too many styles");
        }
    }

    /// Gives a number to a format of the workbook's own.
    pub(super) fn define(&mut self, id: u32, code: &str) {
        if self.own.len() >= MOST_STYLES {
            self.beyond += 1;
            return;
        }
        self.own.insert(id, Rc::new(Format::parse(code)));
    }

    /// Adds the next cell style, whose format has that number.
    pub(super) fn add(&mut self, id: u32) {
        if self.formats.len() >= MOST_STYLES {
            self.beyond += 1;
            return;
        }
        self.formats.push(self.numbered(id));
    }

    /// The format of that number.
    pub(super) fn numbered(&self, id: u32) -> Rc<Format> {
        let own = self.own.get(&id).cloned();
        own.unwrap_or_else(|| Rc::new(Format::built_in(id)))
    }

    /// The format of cells of that style.
    pub(super) fn format(&self, style: usize) -> &Format {
        self.formats.get(style).map_or(&Format::General, Rc::as_ref)
    }
}

/// The most styles of cells, and formats of the workbook's own. Fixed: 65,536; Excel has at most 65,490. A cell of one beyond them is
/// shown plainly, and that is a gap.
const MOST_STYLES: usize = 1 << 16;

fn number(tag: &Tag<'_>, attribute: &str) -> Option<u32> {
    tag.attribute(attribute)?.trim().parse().ok()
}
