//! Workbooks of Excel 5 to 2003 (MS-XLS): a row of records; some hold cells, all may hold text.

mod pivot;
mod records;
mod sheets;
mod strings;

pub(in crate::extract) use pivot::{is_cache, read as read_cache};
use records::Records;
use sheets::Sheets;

use crate::extract::compound::Compound;
use crate::extract::{Reading, Reason, sweep};

/// Reads the workbook in a stream of a storage. Returns how much there is in its cells and notes.
pub(in crate::extract) fn read(
    file: &Compound<'_>,
    storage: usize,
    stream: &str,
    reading: &mut Reading<'_>,
) -> usize {
    let bytes = file.named(storage, stream, reading);
    let mut records = Records::new(&bytes);
    let mut sheets = Sheets::default();
    for record in &mut records {
        if let Err(exhausted) = sheets.record(&record, reading) {
            reading.exhausted(exhausted);
            break;
        }
        if sheets.encrypted {
            reading.gap(Reason::Encrypted, "office: encrypted");
            break;
        }
    }
    let damaged = sheets.damaged || records.damaged || !sheets.begun;
    let encrypted = sheets.encrypted;
    let letters = sheets.finish(reading);
    if damaged {
        sweep::read(&bytes, "damaged file", reading);
        reading.gap(Reason::Damaged, "xls: damaged");
    }
    if encrypted { usize::MAX } else { letters }
}
