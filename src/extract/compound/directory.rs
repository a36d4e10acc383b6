//! The directory of a compound file: a tree of names (MS-CFB 2.6).

use crate::extract::compound::Flaw;
use crate::extract::octets::{slice, u8_at, u16_at, u32_at, u64_at, utf_16};
use crate::extract::{Budget, Exhausted};

/// A storage or a stream.
#[derive(Debug)]
pub(in crate::extract) struct Entry {
    /// Its name; some begin with a control character.
    pub(in crate::extract) name: String,
    /// What it is.
    pub(in crate::extract) kind: Kind,
    /// How many octets a stream says it has.
    pub(in crate::extract) size: u64,
    /// What is in a storage, by number.
    pub(in crate::extract) children: Vec<usize>,
    /// Its first sector.
    pub(super) start: u32,
    links: [u32; 3],
}

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::extract) enum Kind {
    /// A folder; the root is one.
    Storage,
    /// A file.
    Stream,
    /// Nothing.
    Unused,
}

/// Reads the entries and puts each in its storage. The first is the root.
pub(super) fn read(directory: &[u8], budget: &Budget) -> Result<Vec<Entry>, Flaw> {
    let mut entries = Vec::new();
    for raw in directory.chunks_exact(ENTRY) {
        let entry = entry(raw);
        // Whole tables of unused entries cost nothing, and say nothing.
        if entry.kind != Kind::Unused && entries.len() > budget.entries_left() {
            return Err(Flaw::Exhausted(Exhausted::Limit("entries")));
        }
        entries.push(entry);
    }
    // Where the root is not one, the directory is something else.
    if entries
        .first()
        .is_none_or(|root| root.kind != Kind::Storage)
    {
        return Err(Flaw::Damaged);
    }
    let mut placed = vec![false; entries.len()];
    set(&mut placed, 0);
    for number in 0..entries.len() {
        fill(number, &mut entries, &mut placed);
    }
    // What no storage lists is still in the file.
    for number in 0..entries.len() {
        let used = entries
            .get(number)
            .is_some_and(|entry| entry.kind != Kind::Unused);
        if used
            && !placed.get(number).copied().unwrap_or(true)
            && let Some(root) = entries.first_mut()
        {
            root.children.push(number);
        }
    }
    Ok(entries)
}

/// Octets of an entry.
const ENTRY: usize = 128;

/// No entry.
const NONE: u32 = u32::MAX;

fn entry(raw: &[u8]) -> Entry {
    let kind = match u8_at(raw, 66) {
        Some(1 | 5) => Kind::Storage,
        Some(2) => Kind::Stream,
        _ => Kind::Unused,
    };
    let length = match kind {
        Kind::Unused => 0,
        _ => usize::from(u16_at(raw, 64).unwrap_or(0)).clamp(2, 64) - 2,
    };
    Entry {
        name: utf_16(slice(raw, 0, length)),
        kind,
        // Version 3 leaves the upper half undefined; no part is that large.
        size: u64_at(raw, 120).unwrap_or(0) & 0xFFFF_FFFF,
        children: Vec::new(),
        start: u32_at(raw, 116).unwrap_or(NONE),
        links: [68, 72, 76].map(|at| u32_at(raw, at).unwrap_or(NONE)),
    }
}

/// Walks the tree of siblings below a storage. Each entry is placed once, so that no circle can be walked.
fn fill(storage: usize, entries: &mut [Entry], placed: &mut [bool]) {
    let Some(entry) = entries.get(storage) else {
        return;
    };
    if entry.kind != Kind::Storage {
        return;
    }
    let [_, _, first] = entry.links;
    let mut open = vec![first];
    let mut children = Vec::new();
    while let Some(number) = open.pop() {
        let Ok(number) = usize::try_from(number) else {
            continue;
        };
        if placed.get(number) != Some(&false) {
            continue;
        }
        set(placed, number);
        let Some(child) = entries.get(number) else {
            continue;
        };
        let [left, right, _] = child.links;
        open.extend([right, left]);
        if child.kind != Kind::Unused {
            children.push(number);
        }
    }
    children.sort_unstable();
    if let Some(entry) = entries.get_mut(storage) {
        entry.children = children;
    }
}

fn set(placed: &mut [bool], number: usize) {
    if let Some(placed) = placed.get_mut(number) {
        *placed = true;
    }
}
