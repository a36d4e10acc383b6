//! The cache of a pivot table in the binary form (MS-XLSB 2.1.7.38, 2.1.7.39).

use std::rc::Rc;

use crate::extract::octets::{f64_at, slice, u32_at};
use crate::extract::office::binary::xlsb::records::{Record, Records, kind};
use crate::extract::office::format::Format;
use crate::extract::office::pieces::Pieces;
use crate::extract::office::styles::Styles;
use crate::extract::{Draft, Locus, Reading, sweep};

/// Whether a part is one, told from its first record.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    matches!(bytes, [0xB3 | 0xC1, 0x01, ..])
}

/// Reads such a part: its numbers as cells show them, everything else of it by eye.
pub(super) fn read(bytes: &[u8], styles: &Styles, reading: &mut Reading<'_>) {
    let mut pieces = Pieces::default();
    let mut format = Rc::new(Format::General);
    let mut records = Records::new(bytes);
    for (seen, record) in (&mut records).enumerate() {
        if let Err(exhausted) = pieces.relieve_at(seen, reading) {
            reading.exhausted(exhausted);
            break;
        }
        let draft = &mut pieces.draft;
        draft.mark(Locus::Section("pivot table"));
        match record.kind {
            kind::CACHE_FIELD => {
                format = styles.numbered(u32_at(record.octets, 2).unwrap_or(0));
                sweep::wide(record.octets, draft);
            }
            kind::CACHE_NUMBER | kind::CACHE_NUMBER_MORE => {
                if let Some(number) = f64_at(record.octets, 0) {
                    draft.push(&format.show(&number.to_string(), styles.since_1904));
                    draft.push("\n");
                }
                // What a program shows in its place.
                sweep::wide(slice(record.octets, 8, usize::MAX), draft);
            }
            _ => by_eye(&record, draft),
        }
    }
    super::damage(&records, bytes, reading);
    pieces.finish(reading);
}

/// A record of the cache has its values side by side, and only the columns tell what each is.
fn by_eye(record: &Record<'_>, draft: &mut Draft) {
    sweep::wide(record.octets, draft);
    sweep::numbers(record.octets, draft);
}
