//! The records of a part (MS-XLSB 2.1.4): what each is and how long, in numbers of seven bits an octet.

use crate::extract::octets::{size_at, utf_16};

/// A record.
pub(super) struct Record<'b> {
    /// What it is.
    pub(super) kind: u16,
    /// What it holds.
    pub(super) octets: &'b [u8],
}

/// What a record is (MS-XLSB 2.3).
pub(super) mod kind {
    pub(in super::super) const ROW: u16 = 0;
    pub(in super::super) const SHORT_NUMBER: u16 = 2;
    pub(in super::super) const NUMBER: u16 = 5;
    pub(in super::super) const TEXT: u16 = 6;
    pub(in super::super) const SHARED: u16 = 7;
    pub(in super::super) const FORMULA_TEXT: u16 = 8;
    pub(in super::super) const FORMULA_NUMBER: u16 = 9;
    pub(in super::super) const FORMULA_LAST: u16 = 11;
    pub(in super::super) const STRING: u16 = 19;
    pub(in super::super) const CACHE_NUMBER: u16 = 21;
    pub(in super::super) const CACHE_NUMBER_MORE: u16 = 28;
    pub(in super::super) const FORMAT: u16 = 44;
    pub(in super::super) const STYLE: u16 = 47;
    pub(in super::super) const RICH_CELL: u16 = 62;
    pub(in super::super) const BOOK_PROPERTIES: u16 = 153;
    pub(in super::super) const SHEET_IN_BOOK: u16 = 156;
    pub(in super::super) const CACHE_FIELD: u16 = 183;
    pub(in super::super) const CELL_STYLES: u16 = 617;
    pub(in super::super) const CELL_STYLES_END: u16 = 618;
}

/// Cuts a part into records.
pub(super) struct Records<'b> {
    rest: &'b [u8],
    /// It broke off inside a record.
    pub(super) damaged: bool,
}

impl<'b> Records<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self {
            rest: bytes,
            damaged: false,
        }
    }

    /// A number of at most `octets` octets; all but the last have the upper bit.
    fn number(&mut self, octets: u32) -> Option<usize> {
        let mut number = 0;
        for place in 0..octets {
            let (octet, rest) = self.rest.split_first()?;
            self.rest = rest;
            number |= usize::from(octet & 0x7F) << (7 * place);
            if octet & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    }
}

impl<'b> Iterator for Records<'b> {
    type Item = Record<'b>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let head = self.number(2).zip(self.number(4));
        let Some((kind, length)) = head else {
            self.damaged = true;
            return None;
        };
        let (octets, rest) = match self.rest.split_at_checked(length) {
            Some(cut) => cut,
            None => {
                self.damaged = true;
                (self.rest, [].as_slice())
            }
        };
        self.rest = rest;
        Some(Record {
            kind: u16::try_from(kind).unwrap_or(u16::MAX),
            octets,
        })
    }
}

/// Takes a string off the octets: the number of its characters, and those in UTF-16. A missing one has no length.
pub(super) fn string(rest: &mut &[u8]) -> String {
    let Some(count) = size_at(rest, 0) else {
        return String::new();
    };
    let after = rest.get(4..).unwrap_or_default();
    if count == MISSING {
        *rest = after;
        return String::new();
    }
    let octets = count.saturating_mul(2).min(after.len());
    let (text, after) = after.split_at_checked(octets).unwrap_or_default();
    *rest = after;
    utf_16(text)
}

const MISSING: usize = 0xFFFF_FFFF;
