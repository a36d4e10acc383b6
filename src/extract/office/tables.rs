//! The sheets of an open spreadsheet, each as a grid; what is not cells flows on (ODF 1.3 part 3, 9).

use crate::extract::Reading;
use crate::extract::office::flow::{Flow, Mark};
use crate::extract::office::format::Format;
use crate::extract::office::grid::Grid;
use crate::extract::office::sheet::tells;
use crate::extract::office::xml::{Fault, Node, Tag};

/// Where in the sheets of a spreadsheet the reader is.
#[derive(Debug, Default)]
pub(super) struct Tables {
    spreadsheet: bool,
    sheet: Option<Grid>,
    row: u32,
    rows: u32,
    column: u32,
    cell: Option<Cell>,
    /// How many elements are open that are no part of the grid: a drawing, a form.
    aside: u32,
    written: usize,
}

#[derive(Debug)]
struct Cell {
    mark: Mark,
    columns: u32,
    value: String,
    /// Whether the value is a date, which nobody shows as it is kept.
    dated: bool,
    /// How many elements are open inside it.
    open: u32,
}

/// A birth date has six digits; a shorter number is as it is shown.
const LONG_NUMBER: usize = 6;

impl Tables {
    /// Takes the next node, and hands on to `flow` what is not of the grid.
    pub(super) fn node(
        &mut self,
        node: &Node<'_>,
        flow: &mut Flow,
        reading: &mut Reading<'_>,
    ) -> Result<(), Fault> {
        if self.cell.is_some() {
            return self.in_cell(node, flow, reading);
        }
        if self.aside > 0 {
            match node {
                Node::Open(_) => self.aside += 1,
                Node::Close(_) => self.aside -= 1,
                Node::Text(_) => {}
            }
            flow.node(node);
            return Ok(());
        }
        match node {
            Node::Open(tag) if tag.name() == "spreadsheet" => self.spreadsheet = true,
            Node::Open(tag) if self.spreadsheet && self.open(tag, flow) => return Ok(()),
            Node::Open(_) if self.sheet.is_some() => self.aside = 1,
            Node::Close(end) if self.sheet.is_some() => {
                match end.name() {
                    "table" => self.end_sheet(reading),
                    "table-row" => self.row = self.row.saturating_add(self.rows),
                    _ => {}
                }
                return Ok(());
            }
            _ => {}
        }
        flow.node(node);
        Ok(())
    }

    /// Hands over a sheet that was cut off. Returns how much all sheets held.
    pub(super) fn finish(mut self, reading: &mut Reading<'_>) -> usize {
        self.end_sheet(reading);
        self.written
    }

    /// Whether the element is one of the grid.
    fn open(&mut self, tag: &Tag<'_>, flow: &mut Flow) -> bool {
        match tag.name() {
            "table" if self.sheet.is_none() => {
                let name = tag.attribute("name").unwrap_or_default();
                self.sheet = Some(Grid::new(&name));
                self.row = 0;
                flow.tell(&name);
            }
            _ if self.sheet.is_none() => return false,
            "table-row" => {
                self.column = 0;
                self.rows = number(tag, "number-rows-repeated");
            }
            "table-cell" | "covered-table-cell" => {
                let columns = number(tag, "number-columns-repeated");
                if let Some(formula) = tag.attribute("formula").filter(|f| tells(f)) {
                    flow.tell(&formula);
                }
                let value = ["string-value", "value", "date-value"]
                    .iter()
                    .find_map(|name| tag.attribute(name))
                    .unwrap_or_default();
                self.cell = Some(Cell {
                    mark: flow.begin_cell(),
                    columns,
                    value: Format::General.show(&value, false).into_owned(),
                    dated: tag.attribute("date-value").is_some(),
                    open: 0,
                });
            }
            "table-header-rows"
            | "table-rows"
            | "table-row-group"
            | "table-column"
            | "table-columns"
            | "table-header-columns"
            | "table-column-group" => {}
            _ => return false,
        }
        true
    }

    fn in_cell(
        &mut self,
        node: &Node<'_>,
        flow: &mut Flow,
        reading: &mut Reading<'_>,
    ) -> Result<(), Fault> {
        let ended = match (&mut self.cell, node) {
            (Some(cell), Node::Open(_)) => {
                cell.open += 1;
                false
            }
            (Some(cell), Node::Close(_)) if cell.open > 0 => {
                cell.open -= 1;
                false
            }
            (_, Node::Close(_)) => true,
            _ => false,
        };
        if !ended {
            flow.node(node);
            return Ok(());
        }
        let (Some(cell), Some(sheet)) = (self.cell.take(), &mut self.sheet) else {
            return Ok(());
        };
        let (mut text, anchored) = flow.take_cell(cell.mark);
        for line in anchored.lines() {
            flow.tell(line);
        }
        // What is shown may be rounded, or hidden by its format.
        let kept = digits(&cell.value);
        if text.is_empty() {
            text = cell.value;
        } else if kept.len() >= LONG_NUMBER && kept != digits(&text) && !cell.dated {
            text.push(' ');
            text.push_str(&cell.value);
        }
        let column = self.column;
        self.column = self.column.saturating_add(cell.columns);
        sheet.cell(self.row, column, &text, reading)
    }

    fn end_sheet(&mut self, reading: &mut Reading<'_>) {
        if let Some(sheet) = self.sheet.take() {
            self.written = self.written.saturating_add(sheet.finish(reading));
        }
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn number(tag: &Tag<'_>, attribute: &str) -> u32 {
    tag.attribute(attribute)
        .and_then(|value| value.trim().parse().ok())
        .unwrap_or(1)
}
