//! The parts of a workbook in the binary form of today (MS-XLSB): the same parts as in the form of XML, each a row of
//! records.

mod pivot;
mod records;

use records::{Records, kind};

use crate::extract::octets::{f64_at, slice, u8_at, u16_at, u32_at};
use crate::extract::office::binary::number;
use crate::extract::office::grid::Grid;
use crate::extract::office::shared::{Shared, TOO_MANY};
use crate::extract::office::styles::Styles;
use crate::extract::office::xml::Fault;
use crate::extract::{Draft, Locus, Reading, Reason, sweep};

/// What a part is, told from its first record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::extract::office) enum Part {
    /// The list of sheets.
    Book,
    /// Cells.
    Sheet,
    /// The strings cells share.
    Strings,
    /// The styles of cells.
    Styles,
    /// None of these.
    Other,
}

impl Part {
    /// Tells what the octets of a part are.
    pub(in crate::extract::office) fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0x83, 0x01, 0x00, ..] => Self::Book,
            [0x81, 0x01, 0x00, ..] => Self::Sheet,
            [0x9F, 0x01, 0x08, ..] => Self::Strings,
            [0x96, 0x02, 0x00, ..] => Self::Styles,
            _ => Self::Other,
        }
    }
}

/// The sheets of a book in their order: by what the book refers to each, and its name.
pub(in crate::extract::office) fn book(
    bytes: &[u8],
    styles: &mut Styles,
    reading: &mut Reading<'_>,
) -> Vec<(String, String)> {
    let mut sheets = Vec::new();
    let mut around = Draft::new();
    around.mark(Locus::Section("workbook"));
    let mut records = Records::new(bytes);
    for record in &mut records {
        match record.kind {
            kind::BOOK_PROPERTIES => {
                styles.since_1904 = u8_at(record.octets, 0).is_some_and(|flags| flags & 1 == 1);
            }
            kind::SHEET_IN_BOOK => {
                if let Err(exhausted) = reading.budget.entry() {
                    reading.exhausted(exhausted);
                    break;
                }
                let mut rest = record.octets.get(8..).unwrap_or_default();
                let id = records::string(&mut rest);
                let name = records::string(&mut rest);
                around.push(&name);
                around.push("\n");
                sheets.push((id, name));
            }
            _ => sweep::wide(record.octets, &mut around),
        }
    }
    damage(&records, bytes, reading);
    reading.text(around);
    sheets
}

/// Reads the strings that cells share.
pub(in crate::extract::office) fn strings(bytes: &[u8], reading: &mut Reading<'_>) -> Shared {
    let mut shared = Shared::default();
    let mut records = Records::new(bytes);
    for record in &mut records {
        if record.kind == kind::STRING {
            if shared.is_full() {
                reading.gap(Reason::Limit, TOO_MANY);
                break;
            }
            let mut rest = record.octets.get(1..).unwrap_or_default();
            shared.push(&records::string(&mut rest));
        }
    }
    damage(&records, bytes, reading);
    shared
}

/// Reads the styles of cells.
pub(in crate::extract::office) fn styles(
    bytes: &[u8],
    styles: &mut Styles,
    reading: &mut Reading<'_>,
) {
    let mut cells = false;
    let mut records = Records::new(bytes);
    for record in &mut records {
        match record.kind {
            kind::FORMAT => {
                let id = u16_at(record.octets, 0).map_or(0, u32::from);
                let mut rest = record.octets.get(2..).unwrap_or_default();
                styles.define(id, &records::string(&mut rest));
            }
            kind::CELL_STYLES => cells = true,
            kind::CELL_STYLES_END => cells = false,
            kind::STYLE if cells => styles.add(u16_at(record.octets, 2).map_or(0, u32::from)),
            _ => {}
        }
    }
    styles.tell_beyond(reading);
    damage(&records, bytes, reading);
}

/// Reads the sheet of that name. Returns how much there was in its cells.
pub(in crate::extract::office) fn sheet(
    bytes: &[u8],
    name: &str,
    shared: &mut Shared,
    styles: &Styles,
    reading: &mut Reading<'_>,
) -> usize {
    let mut grid = Grid::new(name);
    let mut around = Draft::new();
    around.mark(Locus::Section("sheet settings"));
    let (mut row, mut next) = (0, 0);
    let mut records = Records::new(bytes);
    for record in &mut records {
        // The short forms leave out the column: they stand beside the cell before.
        let (kind, column, rest) = match record.kind {
            kind::ROW => {
                (row, next) = (u32_at(record.octets, 0).unwrap_or(0), 0);
                continue;
            }
            short @ 12..=18 => (short - 11, next, record.octets),
            kind @ (1..=11 | kind::RICH_CELL) => {
                let column = u32_at(record.octets, 0).unwrap_or(0);
                (kind, column, record.octets.get(4..).unwrap_or_default())
            }
            _ => {
                sweep::wide(record.octets, &mut around);
                continue;
            }
        };
        next = column.saturating_add(1);
        let style = u32_at(rest, 0).map_or(0, |style| style & 0x00FF_FFFF);
        let format = styles.format(usize::try_from(style).unwrap_or(usize::MAX));
        let mut value = rest.get(4..).unwrap_or_default();
        let number = |number: Option<f64>| match number {
            Some(number) => format
                .show(&number.to_string(), styles.since_1904)
                .into_owned(),
            None => String::new(),
        };
        let text = match kind {
            kind::SHORT_NUMBER => number(u32_at(value, 0).map(number::short)),
            kind::NUMBER | kind::FORMULA_NUMBER => number(f64_at(value, 0)),
            kind::SHARED => {
                let string = u32_at(value, 0).and_then(|number| usize::try_from(number).ok());
                let string = string.and_then(|number| shared.get(number));
                string.unwrap_or_default().to_owned()
            }
            kind::TEXT | kind::FORMULA_TEXT => records::string(&mut value),
            kind::RICH_CELL => records::string(&mut slice(value, 1, usize::MAX)),
            _ => String::new(),
        };
        if matches!(kind, kind::FORMULA_TEXT..=kind::FORMULA_LAST) {
            // Strings in the formula itself.
            sweep::wide(value, &mut around);
        }
        if let Err(fault) = grid.cell(row, column, &text, reading) {
            if let Fault::Exhausted(exhausted) = fault {
                reading.exhausted(exhausted);
            }
            break;
        }
    }
    let letters = grid.finish(reading);
    reading.text(around);
    damage(&records, bytes, reading);
    letters
}

/// Reads a part that is none of these: comments, tables, pivot tables.
pub(in crate::extract::office) fn other(bytes: &[u8], styles: &Styles, reading: &mut Reading<'_>) {
    if pivot::is_one(bytes) {
        pivot::read(bytes, styles, reading);
    } else {
        sweep::read_wide(bytes, "data", reading);
    }
}

/// What cannot be followed is read as it lies.
fn damage(records: &Records<'_>, bytes: &[u8], reading: &mut Reading<'_>) {
    if records.damaged {
        sweep::read_wide(bytes, "damaged file", reading);
        reading.gap(Reason::Damaged, "xlsb: damaged");
    }
}
