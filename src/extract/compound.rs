//! OLE compound files (MS-CFB): a small file system in a file, in which Office up to 2003 and Outlook keep theirs.
//!
//! The reader is our own. A library refuses a file for one wrong number that the programs of the recipients pass
//! over; here a chain is followed as far as it goes, and entries that the directory has lost are found all the same.

mod directory;

use std::cell::Cell;

use crate::extract::octets::{slice, u16_at, u32_at};
use crate::extract::{Budget, Exhausted, Reading, Reason};

pub(super) use directory::{Entry, Kind};

/// An open compound file.
#[derive(Debug)]
pub(super) struct Compound<'b> {
    bytes: &'b [u8],
    /// Octets in a sector, as a power of two.
    shift: u32,
    /// For each sector, the one that follows it.
    next: Vec<u32>,
    /// The same for the small sectors.
    small_next: Vec<u32>,
    /// The stream that small sectors are in.
    small: Vec<u8>,
    entries: Vec<Entry>,
    /// A stream was not there to its end.
    flawed: Cell<bool>,
}

/// What came out of one stream.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// The octets, as far as they could be had.
    pub(super) bytes: Vec<u8>,
    /// Why they are not all there are.
    pub(super) flaw: Option<Flaw>,
}

/// Why a stream, or a whole file, was not read to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flaw {
    /// Its chains lead nowhere.
    Damaged,
    /// The budget is spent.
    Exhausted(Exhausted),
}

impl Flaw {
    /// Makes it a gap.
    pub(super) fn note(self, reading: &mut Reading<'_>) {
        match self {
            Self::Damaged => reading.gap(Reason::Damaged, "ole: damaged"),
            Self::Exhausted(exhausted) => reading.exhausted(exhausted),
        }
    }
}

impl<'b> Compound<'b> {
    /// Opens a compound file. Nothing is allocated for what it claims, only for what it holds.
    ///
    /// # Errors
    ///
    /// `Damaged` when no directory can be found, `Exhausted` when it has more entries than the budget has left.
    pub(super) fn open(bytes: &'b [u8], budget: &mut Budget) -> Result<Self, Flaw> {
        let shift = u16_at(bytes, 30).map(u32::from).ok_or(Flaw::Damaged)?;
        // Version 3 has 512 octets in a sector, version 4 has 4096.
        if !matches!(shift, 7..=16) {
            return Err(Flaw::Damaged);
        }
        let mut file = Self {
            bytes,
            shift,
            next: Vec::new(),
            small_next: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
            flawed: Cell::new(false),
        };
        file.next = file.table();
        let directory = file.chain(u32_at(bytes, 48).unwrap_or(END), budget)?;
        file.entries = directory::read(&directory, budget)?;
        let first = u32_at(bytes, 60).unwrap_or(END);
        let table = file.chain(first, budget)?;
        file.small_next = numbers(&table).collect();
        let first = file.entries.first().map_or(END, |root| root.start);
        file.small = file.chain(first, budget)?;
        Ok(file)
    }

    /// The number of the root.
    pub(super) fn root(&self) -> usize {
        0
    }

    /// An entry of the directory.
    pub(super) fn entry(&self, number: usize) -> Option<&Entry> {
        self.entries.get(number)
    }

    /// Whether a stream that was read was not there to its end.
    pub(super) fn is_flawed(&self) -> bool {
        self.flawed.get()
    }

    /// The numbers of what is in a storage.
    pub(super) fn children(&self, storage: usize) -> &[usize] {
        self.entry(storage)
            .map_or(&[], |entry| entry.children.as_slice())
    }

    /// The entry of that name in a storage, whatever its case (MS-CFB 2.6.4).
    pub(super) fn find(&self, storage: usize, name: &str) -> Option<usize> {
        let is = |number: &&usize| {
            self.entry(**number)
                .is_some_and(|entry| entry.name.eq_ignore_ascii_case(name))
        };
        self.children(storage).iter().find(is).copied()
    }

    /// The octets of a stream, spending the budget on them; what is missing is noted.
    pub(super) fn stream(&self, number: usize, reading: &mut Reading<'_>) -> Vec<u8> {
        let stream = self.read(number, reading.budget);
        if let Some(flaw) = stream.flaw {
            self.flawed.set(true);
            flaw.note(reading);
        }
        stream.bytes
    }

    /// The octets of the stream of that name in a storage; none if there is no such stream.
    pub(super) fn named(&self, storage: usize, name: &str, reading: &mut Reading<'_>) -> Vec<u8> {
        match self.find(storage, name) {
            Some(number) => self.stream(number, reading),
            None => Vec::new(),
        }
    }

    fn read(&self, number: usize, budget: &mut Budget) -> Stream {
        let Some(entry) = self.entry(number) else {
            return Stream::default();
        };
        if let Err(exhausted) = budget.entry() {
            return Stream {
                bytes: Vec::new(),
                flaw: Some(Flaw::Exhausted(exhausted)),
            };
        }
        let read = if entry.size < CUTOFF {
            let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
            self.small_chain(entry.start, size, budget)
        } else {
            self.long_chain(entry, budget)
        };
        let mut stream = match read {
            Ok(bytes) => Stream { bytes, flaw: None },
            Err(flaw) => Stream {
                bytes: Vec::new(),
                flaw: Some(flaw),
            },
        };
        let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
        if stream.bytes.len() < size {
            stream.flaw = stream.flaw.or(Some(Flaw::Damaged));
        }
        stream.bytes.truncate(size);
        stream
    }

    /// The sector table: the list of its sectors is in the header, and goes on in a chain (MS-CFB 2.5).
    fn table(&self) -> Vec<u32> {
        let sectors = self.sectors();
        let mut next = Vec::new();
        let mut list = slice(self.bytes, 76, 109 * 4);
        let mut more = u32_at(self.bytes, 68).unwrap_or(END);
        for _ in 0..=sectors {
            for place in numbers(list) {
                if next.len() >= sectors {
                    return next;
                }
                if place < SPECIAL {
                    next.extend(numbers(self.sector(place)));
                }
            }
            let sector = self.sector(more);
            let Some((entries, last)) = sector.split_last_chunk::<4>() else {
                break;
            };
            list = entries;
            more = u32::from_le_bytes(*last);
        }
        next
    }

    fn long_chain(&self, entry: &Entry, budget: &mut Budget) -> Result<Vec<u8>, Flaw> {
        if entry.size > budget.entry_room() {
            return Err(Flaw::Exhausted(Exhausted::Limit("entry")));
        }
        let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
        self.chain_of(entry.start, size, budget)
    }

    fn chain(&self, first: u32, budget: &mut Budget) -> Result<Vec<u8>, Flaw> {
        self.chain_of(first, usize::MAX, budget)
    }

    /// The octets of a chain of sectors, as far as it goes and no further than `most`.
    fn chain_of(&self, first: u32, most: usize, budget: &mut Budget) -> Result<Vec<u8>, Flaw> {
        let mut octets = Vec::new();
        let mut at = first;
        // A chain that is longer than the file goes in a circle.
        for _ in 0..self.sectors() {
            let sector = self.sector(at);
            if sector.is_empty() || octets.len() >= most {
                break;
            }
            budget
                .decoded(sector.len() as u64)
                .map_err(Flaw::Exhausted)?;
            octets.extend_from_slice(sector);
            at = after(&self.next, at);
        }
        Ok(octets)
    }

    fn small_chain(&self, first: u32, size: usize, budget: &mut Budget) -> Result<Vec<u8>, Flaw> {
        budget.decoded(size as u64).map_err(Flaw::Exhausted)?;
        let mut octets = Vec::new();
        let mut at = first;
        while octets.len() < size && at < SPECIAL {
            let start = usize::try_from(at).unwrap_or(usize::MAX);
            let sector = slice(&self.small, start.saturating_mul(SMALL), SMALL);
            if sector.is_empty() {
                break;
            }
            octets.extend_from_slice(sector);
            at = after(&self.small_next, at);
        }
        Ok(octets)
    }

    /// The octets of a sector; fewer where the file breaks off, none where it has no such sector.
    fn sector(&self, number: u32) -> &'b [u8] {
        if number >= SPECIAL {
            return &[];
        }
        let start = (u64::from(number) + 1) << self.shift;
        slice(
            self.bytes,
            usize::try_from(start).unwrap_or(usize::MAX),
            1 << self.shift,
        )
    }

    fn sectors(&self) -> usize {
        (self.bytes.len() >> self.shift) + 1
    }
}

/// The first number that is no sector (MS-CFB 2.1).
const SPECIAL: u32 = 0xFFFF_FFFA;

/// The end of a chain.
const END: u32 = 0xFFFF_FFFE;

/// Octets in a small sector.
const SMALL: usize = 64;

/// Streams shorter than this are kept in small sectors (MS-CFB 2.2: no other value is allowed).
const CUTOFF: u64 = 4096;

fn after(next: &[u32], at: u32) -> u32 {
    usize::try_from(at)
        .ok()
        .and_then(|at| next.get(at))
        .copied()
        .unwrap_or(END)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers.iter().copied().map(u32::from_le_bytes)
}
