//! The cache of a pivot table in a workbook of Excel up to 2003: a stream of its own, of records as the workbook is (MS-XLS 2.1.7.7).

use crate::extract::octets::{f64_at, u8_at, u16_at};
use crate::extract::office::binary::workbook::records::Records;
use crate::extract::office::binary::workbook::strings;
use crate::extract::office::format::Format;
use crate::extract::{Draft, Locus, Reading, Reason, sweep};

/// Whether a stream is one, told from its first record.
pub(in crate::extract) fn is_cache(bytes: &[u8]) -> bool {
    u16_at(bytes, 0) == Some(HEAD)
        && u16_at(bytes, 2).is_some_and(|size| (16..1024).contains(&size))
}

/// Reads such a stream: its numbers as cells show them, everything else of it by eye.
pub(in crate::extract) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    let mut draft = Draft::new();
    draft.mark(Locus::Section("pivot table"));
    let mut records = Records::new(bytes);
    for (seen, record) in (&mut records).enumerate() {
        if seen.is_multiple_of(4096)
            && let Err(exhausted) = reading.budget.time()
        {
            reading.exhausted(exhausted);
            break;
        }
        let head = record.head();
        match record.kind {
            NUMBER => {
                if let Some(number) = f64_at(head, 0) {
                    draft.push(&Format::General.show(&number.to_string(), false));
                    draft.push("\n");
                }
            }
            // Behind the length of one of Excel 5 stands no width.
            STRING if matches!(u8_at(head, 2), Some(0 | 1)) => {
                draft.push(&strings::at(head, 0).unwrap_or_default());
                draft.push("\n");
            }
            _ => {
                for part in &record.parts {
                    sweep::wide(part, &mut draft);
                    sweep::narrow(part, &mut draft);
                }
            }
        }
    }
    reading.text(draft);
    if records.damaged {
        sweep::read(bytes, "damaged file", reading);
        reading.gap(Reason::Damaged, "xls: damaged");
    }
}

/// What tells of the cache (MS-XLS 2.4.275), a number (2.4.284) and a string (2.4.285).
const HEAD: u16 = 0x00C6;
const NUMBER: u16 = 0x00C9;
const STRING: u16 = 0x00CD;
