//! A sheet of a workbook (ECMA-376 part 1, 18.3): its cells as a grid, everything else of it as running text.

use std::borrow::Cow;

use crate::extract::office::flow::{Flow, Whitespace};
use crate::extract::office::grid::Grid;
use crate::extract::office::part;
use crate::extract::office::shared::Shared;
use crate::extract::office::styles::Styles;
use crate::extract::office::xml::{Fault, Node, Tag};
use crate::extract::{Locus, Reading};

/// Reads the sheet of that name. Returns how much there was in its cells.
pub(super) fn read(
    xml: &str,
    name: &str,
    shared: &mut Shared,
    styles: &Styles,
    reading: &mut Reading<'_>,
) -> usize {
    let mut sheet = Sheet {
        grid: Grid::new(name),
        flow: Flow::new(Whitespace::Marked),
        cell: None,
        row: 0,
        column: 0,
    };
    part::each_node_of(xml, reading, |node, reading| {
        sheet.node(node, shared, styles, reading)
    });
    let written = sheet.grid.finish(reading);
    part::hand_over(
        &sheet.flow.take(),
        Locus::Section("sheet settings"),
        reading,
    );
    written
}

#[derive(Debug)]
struct Sheet {
    grid: Grid,
    flow: Flow,
    /// The cell that is open.
    cell: Option<Cell>,
    /// Where the next cell stands, if it does not say.
    row: u32,
    column: u32,
}

#[derive(Debug, Default)]
struct Cell {
    row: u32,
    column: u32,
    kind: Kind,
    style: usize,
    value: String,
    formula: String,
    inline: String,
    into: Into,
}

/// What the value of a cell is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Truth,
    Error,
}

/// Where character data goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Into {
    #[default]
    Nowhere,
    Value,
    Formula,
    Inline,
}

impl Sheet {
    fn node(
        &mut self,
        node: Node<'_>,
        shared: &mut Shared,
        styles: &Styles,
        reading: &mut Reading<'_>,
    ) -> Result<(), Fault> {
        let Some(cell) = &mut self.cell else {
            self.outside(&node);
            return Ok(());
        };
        match &node {
            Node::Open(tag) => {
                cell.into = match tag.name() {
                    "v" => Into::Value,
                    "f" => Into::Formula,
                    "t" => Into::Inline,
                    _ => Into::Nowhere,
                };
            }
            Node::Text(text) => match cell.into {
                Into::Value => cell.value.push_str(text),
                Into::Formula => cell.formula.push_str(text),
                Into::Inline => cell.inline.push_str(text),
                Into::Nowhere => {}
            },
            Node::Close(end) => {
                cell.into = Into::Nowhere;
                if end.name() == "c"
                    && let Some(cell) = self.cell.take()
                {
                    return self.end_cell(&cell, shared, styles, reading);
                }
            }
        }
        Ok(())
    }

    fn outside(&mut self, node: &Node<'_>) {
        match node {
            Node::Open(tag) if tag.name() == "c" => {
                let mut cell = Cell {
                    row: self.row,
                    column: self.column,
                    ..Cell::default()
                };
                for (name, value) in tag.attributes() {
                    match name {
                        "r" => {
                            if let Some((column, row)) = place(&value) {
                                (cell.column, cell.row) = (column, row);
                            }
                        }
                        "s" => cell.style = value.trim().parse().unwrap_or(0),
                        "t" => cell.kind = kind(&value),
                        _ => {}
                    }
                }
                self.column = cell.column.saturating_add(1);
                self.row = cell.row;
                self.cell = Some(cell);
            }
            Node::Open(tag) if tag.name() == "row" => {
                self.column = 0;
                if let Some(row) = number(tag, "r") {
                    self.row = row.saturating_sub(1);
                }
            }
            Node::Close(end) if end.name() == "row" => self.row = self.row.saturating_add(1),
            // The parts of a printed header are introduced by codes; in the running text they would touch it.
            Node::Text(text) if text.contains('&') => {
                self.flow.node(&Node::Text(Cow::Owned(without_codes(text))));
            }
            node => self.flow.node(node),
        }
    }

    fn end_cell(
        &mut self,
        cell: &Cell,
        shared: &mut Shared,
        styles: &Styles,
        reading: &mut Reading<'_>,
    ) -> Result<(), Fault> {
        if tells(&cell.formula) {
            self.flow.tell(&cell.formula);
        }
        let text = match cell.kind {
            Kind::Shared => {
                let number = cell.value.trim().parse().ok();
                Cow::Borrowed(number.and_then(|n| shared.get(n)).unwrap_or_default())
            }
            Kind::Number if cell.inline.is_empty() => styles
                .format(cell.style)
                .show(&cell.value, styles.since_1904),
            Kind::Truth if cell.value == "1" => Cow::Borrowed("TRUE"),
            Kind::Truth => Cow::Borrowed("FALSE"),
            Kind::Error => Cow::Borrowed(""),
            Kind::Text | Kind::Number if cell.inline.is_empty() => {
                Cow::Borrowed(cell.value.as_str())
            }
            Kind::Text | Kind::Number => Cow::Borrowed(cell.inline.as_str()),
        };
        self.grid.cell(cell.row, cell.column, &text, reading)
    }
}

fn kind(word: &str) -> Kind {
    match word {
        "s" => Kind::Shared,
        "str" | "inlineStr" | "d" => Kind::Text,
        "b" => Kind::Truth,
        "e" => Kind::Error,
        _ => Kind::Number,
    }
}

/// Whether a formula holds words or long numbers of its own, not only the places of other cells.
pub(super) fn tells(formula: &str) -> bool {
    let mut digits = 0;
    formula.contains('"')
        || formula.bytes().any(|byte| {
            digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
            digits >= LONG_NUMBER
        })
}

/// A row has at most seven digits (ECMA-376 allows 1,048,576), a birth date six.
const LONG_NUMBER: u32 = 6;

/// `B7` as column 1, row 6.
fn place(reference: &str) -> Option<(u32, u32)> {
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at_checked(digits)?;
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let letter = char::from(letter)
            .to_digit(36)
            .filter(|value| *value >= 10)?;
        column = column.checked_mul(26)?.checked_add(letter - 9)?;
    }
    let row = digits.parse::<u32>().ok()?;
    Some((column.checked_sub(1)?, row.checked_sub(1)?))
}

fn number(tag: &Tag<'_>, attribute: &str) -> Option<u32> {
    tag.attribute(attribute)?.trim().parse().ok()
}

/// A printed header without its codes (ECMA-376 part 1, 18.3.1.46): `&L`, `&"Arial,Bold"`, `&10`, `&K01+000`.
pub(super) fn without_codes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(sign) = rest.next() {
        if sign != '&' {
            plain.push(sign);
            continue;
        }
        match rest.next() {
            Some('&') | None => plain.push('&'),
            Some('L' | 'C' | 'R') => plain.push('\n'),
            Some('"') => {
                rest.by_ref().find(|c| *c == '"');
            }
            Some('K') => {
                rest.by_ref().take(6).for_each(drop);
            }
            Some(digit) if digit.is_ascii_digit() => {
                // A size has at most three digits; a number that follows is kept apart by a space.
                for _ in 0..2 {
                    rest.next_if(char::is_ascii_digit);
                }
            }
            Some(_) => plain.push(' '),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_places() {
        assert_eq!(place("A1"), Some((0, 0)));
        assert_eq!(place("XFD1048576"), Some((16383, 1_048_575)));
        for wrong in ["", "1", "A", "A0", "ZZZZZZZZZ1", "Å1"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_formula_of_places_tells_nothing() {
        assert!(!tells("SUM(A1:A10)"));
        assert!(tells("\"010160-\"&A1"));
        assert!(tells("A1+101601234"));
    }

    #[test]
    fn codes_of_a_printed_header_do_not_touch_its_text() {
        assert_eq!(
            without_codes("&L&\"Arial,Bold\"&10 010160-1234&C&P af &N&RA&&B"),
            "\n 010160-1234\n  af  \nA&B"
        );
    }
}
