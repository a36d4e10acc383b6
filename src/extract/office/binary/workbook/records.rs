//! The records of a workbook (MS-XLS 2.1.4). One that is too long for its length goes on in the next ones.

use crate::extract::octets::{slice, u16_at};

/// A record.
pub(super) struct Record<'b> {
    /// Where it begins in the stream.
    pub(super) at: usize,
    /// What it is.
    pub(super) kind: u16,
    /// Its octets, in the stretches they are kept in; there is at least one.
    pub(super) parts: Vec<&'b [u8]>,
}

impl<'b> Record<'b> {
    /// The octets of the first stretch, in which short records are whole.
    pub(super) fn head(&self) -> &'b [u8] {
        self.parts.first().copied().unwrap_or_default()
    }
}

/// Cuts a stream into records.
pub(super) struct Records<'b> {
    bytes: &'b [u8],
    at: usize,
    /// It broke off inside a record.
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

    fn one(&mut self) -> Option<(u16, &'b [u8])> {
        let kind = u16_at(self.bytes, self.at)?;
        let length = usize::from(u16_at(self.bytes, self.at + 2)?);
        let octets = slice(self.bytes, self.at + 4, length);
        self.damaged |= octets.len() < length;
        self.at = self.at.saturating_add(4 + length);
        Some((kind, octets))
    }
}

impl<'b> Iterator for Records<'b> {
    type Item = Record<'b>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let (kind, octets) = self.one()?;
        let mut parts = vec![octets];
        while u16_at(self.bytes, self.at) == Some(CONTINUE) {
            let (_, octets) = self.one()?;
            if !octets.is_empty() {
                parts.push(octets);
            }
        }
        Some(Record { at, kind, parts })
    }
}

const CONTINUE: u16 = 0x3C;
