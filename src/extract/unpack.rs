//! What every unpacker shares: where octets go as they come out, and what a flaw is called.

use std::io::{self, Read};

use crate::extract::{Budget, Exhausted, Flaw, Reading, open};

/// Where the octets of one entry go. It spends the budget on each that comes out, and takes no more than an entry may
/// yield.
pub(super) struct Sink<'b> {
    /// The octets, as far as they could be had.
    pub(super) octets: Vec<u8>,
    room: u64,
    budget: &'b mut Budget,
}

impl<'b> Sink<'b> {
    /// An empty one, for an entry that was counted.
    pub(super) fn new(budget: &'b mut Budget) -> Self {
        Self {
            octets: Vec::new(),
            room: budget.entry_room(),
            budget,
        }
    }

    /// Takes what came out.
    pub(super) fn take(&mut self, octets: &[u8]) -> Result<(), Flaw> {
        self.budget
            .decoded(octets.len() as u64)
            .map_err(Flaw::Exhausted)?;
        self.octets.extend_from_slice(octets);
        if self.octets.len() as u64 > self.room {
            return Err(Flaw::Exhausted(Exhausted::Limit("entry")));
        }
        Ok(())
    }

    /// Takes all that `source` has left.
    pub(super) fn drain(&mut self, source: &mut dyn Read) -> Result<(), Flaw> {
        let mut chunk = [0; CHUNK];
        loop {
            let count = source.read(&mut chunk).map_err(|error| flaw(&error))?;
            match chunk.get(..count) {
                Some([]) | None => return Ok(()),
                Some(read) => self.take(read)?,
            }
        }
    }

    /// Spends one more entry: a member of a file that is packed in many.
    pub(super) fn entry(&mut self) -> Result<(), Flaw> {
        self.budget.entry().map_err(Flaw::Exhausted)
    }
}

/// What an error of an unpacker means. One that asks for more memory than it was allowed is over a limit.
pub(super) fn flaw(error: &io::Error) -> Flaw {
    match error.kind() {
        io::ErrorKind::OutOfMemory => OVER_MEMORY,
        io::ErrorKind::Unsupported => Flaw::Unsupported,
        _ => Flaw::Damaged,
    }
}

/// Octets for the words of a format.
pub(super) struct Words {
    /// Something in it needs a password.
    pub(super) encrypted: &'static str,
    /// It is not what its headers say.
    pub(super) damaged: &'static str,
    /// Something in it is packed in a way that is not read.
    pub(super) unsupported: &'static str,
}

impl Words {
    /// Notes a flaw of this format.
    pub(super) fn gap(&self, flaw: Flaw, reading: &mut Reading<'_>) {
        let detail = match flaw {
            Flaw::Encrypted => self.encrypted,
            Flaw::Damaged => self.damaged,
            Flaw::Unsupported => self.unsupported,
            Flaw::Exhausted(exhausted) => exhausted.detail(),
        };
        reading.gap(flaw.reason(), detail);
    }
}

/// Reads what hangs behind the end of an archive. Programs pass over it, and people find it all the same. What only
/// fills the last sector is nothing.
pub(super) fn behind(rest: &[u8], reading: &mut Reading<'_>) {
    let end = rest.iter().rposition(|octet| *octet != 0);
    let rest = end.and_then(|end| rest.get(..=end)).unwrap_or_default();
    let start = rest.iter().position(|octet| *octet != 0).unwrap_or(0);
    let rest = rest.get(start..).unwrap_or_default();
    if !rest.is_empty() {
        reading.inner(None, |reading| open(rest, reading));
    }
}

/// What is asked for is more memory than any honest file needs.
pub(super) const OVER_MEMORY: Flaw = Flaw::Exhausted(Exhausted::Limit("entry"));

/// The largest dictionary an unpacker is allowed: 64 MiB, as the highest presets of xz and 7-Zip use. Beyond it, a
/// `limit` gap.
pub(super) const DICTIONARY: u32 = 64 << 20;

/// [`DICTIONARY`] in KiB, and what an unpacker needs beside it: tables of at most 6 MiB and buffers.
pub(super) const MEMORY_KIB: u32 = (DICTIONARY >> 10) + (8 << 10);

/// Octets unpacked at a time.
pub(super) const CHUNK: usize = 32 << 10;
