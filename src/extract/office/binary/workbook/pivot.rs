//! The cache of a pivot table in a workbook of Excel up to 2003: a stream of its own, of records as the workbook is (MS-XLS 2.1.7.7).

use crate::extract::octets::{f64_at, slice, u8_at, u16_at};
use crate::extract::office::binary::workbook::records::Records;
use crate::extract::office::binary::workbook::strings::Strings;
use crate::extract::office::format::Format;
use crate::extract::office::pieces::Pieces;
use crate::extract::{Locus, Reading, Reason, sweep};

/// Whether a stream is one, told from its first record.
pub(in crate::extract) fn is_cache(bytes: &[u8]) -> bool {
    u16_at(bytes, 0) == Some(HEAD)
        && u16_at(bytes, 2).is_some_and(|size| (16..1024).contains(&size))
}

/// Reads such a stream: its numbers as cells show them, everything else of it by eye.
pub(in crate::extract) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    let mut pieces = Pieces::default();
    let mut records = Records::new(bytes);
    for (seen, record) in (&mut records).enumerate() {
        if let Err(exhausted) = pieces.relieve_at(seen, reading) {
            reading.exhausted(exhausted);
            break;
        }
        let draft = &mut pieces.draft;
        draft.mark(Locus::Section("pivot table"));
        let head = record.head();
        // What follows the value, of which no program is known to write any.
        let mut behind = head;
        match record.kind {
            NUMBER => {
                if let Some(number) = f64_at(head, 0) {
                    draft.push(&Format::General.show(&number.to_string(), false));
                    draft.push("\n");
                    behind = slice(head, 8, usize::MAX);
                }
            }
            // Behind the length of one of Excel 5 stands no width.
            STRING if let Some(flags @ (0 | 1)) = u8_at(head, 2) => {
                let count = u16_at(head, 0).map_or(0, usize::from);
                let wide = flags == 1;
                draft.push(&Strings::new(&record.parts, 3).characters(count, wide));
                draft.push("\n");
                let width = if wide { 2 } else { 1 };
                behind = slice(head, 3 + count * width, usize::MAX);
            }
            _ => {}
        }
        let further = record.parts.get(1..).unwrap_or_default();
        for part in std::iter::once(&behind).chain(further) {
            sweep::wide(part, draft);
            sweep::narrow(part, draft);
        }
    }
    pieces.finish(reading);
    if records.damaged {
        sweep::read(bytes, "damaged file", reading);
        reading.gap(Reason::Damaged, "xls: damaged");
    }
}

/// What tells of the cache (MS-XLS 2.4.275), a number (2.4.284) and a string (2.4.285).
const HEAD: u16 = 0x00C6;
const NUMBER: u16 = 0x00C9;
const STRING: u16 = 0x00CD;
