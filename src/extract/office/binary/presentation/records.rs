//! The records of a presentation (MS-PPT 2.3.1).

use crate::extract::octets::{size_at, slice, u16_at};

/// A record.
pub(super) struct Record<'b> {
    /// Where it begins.
    pub(super) at: usize,
    /// What it is.
    pub(super) kind: u16,
    /// Which of its kind it is.
    pub(super) instance: u16,
    /// Whether it holds other records.
    pub(super) is_container: bool,
    /// What it holds.
    pub(super) octets: &'b [u8],
}

impl Record<'_> {
    /// Octets before what it holds.
    pub(super) const HEAD: usize = 8;
}

/// What a record is (MS-PPT 2.13.24).
pub(super) mod kind {
    pub(in super::super) const DOCUMENT: u16 = 0x03E8;
    pub(in super::super) const SLIDE: u16 = 0x03EE;
    pub(in super::super) const NOTES: u16 = 0x03F0;
    pub(in super::super) const SLIDE_IN_LIST: u16 = 0x03F3;
    pub(in super::super) const MASTER: u16 = 0x03F8;
    pub(in super::super) const TEXT: u16 = 0x0FA0;
    pub(in super::super) const NARROW_TEXT: u16 = 0x0FA8;
    pub(in super::super) const STRING: u16 = 0x0FBA;
    pub(in super::super) const HANDOUT: u16 = 0x0FC9;
    pub(in super::super) const HEADERS: u16 = 0x0FD9;
    pub(in super::super) const LIST: u16 = 0x0FF0;
    pub(in super::super) const OBJECT: u16 = 0x1011;
    pub(in super::super) const TAG: u16 = 0x138B;
    pub(in super::super) const PLACES: u16 = 0x1772;
    pub(in super::super) const COMMENT: u16 = 0x2EE0;
}

/// Cuts octets into records.
pub(super) struct Records<'b> {
    bytes: &'b [u8],
    at: usize,
    /// A record is longer than what it is in.
    pub(super) damaged: bool,
}

impl<'b> Records<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            damaged: false,
        }
    }
}

impl<'b> Iterator for Records<'b> {
    type Item = Record<'b>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let head = u16_at(self.bytes, at)?;
        let kind = u16_at(self.bytes, at + 2)?;
        let length = size_at(self.bytes, at + 4)?;
        let octets = slice(self.bytes, at + Record::HEAD, length);
        self.damaged |= octets.len() < length;
        self.at = at.saturating_add(Record::HEAD).saturating_add(length);
        Some(Record {
            at,
            kind,
            instance: head >> 4,
            is_container: head & 0x0F == 0x0F,
            octets,
        })
    }
}
