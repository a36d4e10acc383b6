//! The properties of a document: title, author, keywords, and those a person named (MS-OLEPS).

use std::collections::HashMap;

use crate::extract::octets::{f64_at, size_at, slice, u16_at, u32_at, until_nul, utf_16};
use crate::extract::{Draft, Locus, Reading, Reason};
use crate::mime;

/// Reads a stream of property sets.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    let mut draft = Draft::new();
    draft.mark(Locus::Section("document properties"));
    let sets = size_at(bytes, 24).unwrap_or(0).min(MOST_SETS);
    for set in 0..sets {
        let at = size_at(bytes, 28 + set * 20 + 16).unwrap_or(usize::MAX);
        let set = bytes.get(at..).unwrap_or_default();
        if !property_set(set, &mut draft, reading) {
            reading.gap(Reason::Damaged, "properties: damaged");
        }
    }
    reading.text(draft);
}

/// A stream has one or two (MS-OLEPS 2.21).
const MOST_SETS: usize = 2;

/// More properties than any program writes.
const MOST_PROPERTIES: usize = 4096;

/// Writes a set. Returns `false` if its values overlap, so that there is no end to them.
fn property_set(set: &[u8], into: &mut Draft, reading: &mut Reading<'_>) -> bool {
    // What was decoded counts, not what is left of it: a blank value is taken back.
    let most = set.len().saturating_mul(3).saturating_add(LEAST);
    let mut spent = 0_usize;
    let count = size_at(set, 4).unwrap_or(0).min(MOST_PROPERTIES);
    let places = |number: usize| -> Option<(u32, usize)> {
        let at = 8 + number * 8;
        Some((u32_at(set, at)?, size_at(set, at + 4)?))
    };
    let of = |wanted: u32| {
        let mut all = (0..count).filter_map(places);
        all.find(|(id, _)| *id == wanted).map(|(_, at)| at)
    };
    let page = of(1).and_then(|at| u16_at(set, at.checked_add(4)?));
    let page = page.unwrap_or(WESTERN);
    let names = of(0).map_or_else(HashMap::new, |at| dictionary(set, at, page));
    for (id, at) in (0..count).filter_map(places) {
        if id < 2 {
            continue;
        }
        if spent > most {
            return false;
        }
        if let Err(exhausted) = reading.budget.time() {
            reading.exhausted(exhausted);
            return true;
        }
        let before = into.len();
        if let Some(name) = names.get(&id) {
            spent = spent.saturating_add(name.len());
            into.push(name);
            into.push(": ");
        }
        let (written, octets) = value(set.get(at..).unwrap_or_default(), page, into);
        spent = spent.saturating_add(octets);
        if written {
            into.push("\n");
        } else {
            into.text.truncate(before);
        }
    }
    true
}

/// Octets that properties may take beyond three times what is in the set.
const LEAST: usize = 4096;

/// Windows-1252.
const WESTERN: u16 = 1252;

/// The page of sets whose strings are UTF-16.
const WIDE: u16 = 1200;

/// Writes the value of a property, if it is one a person wrote: whether it is, and how many octets were decoded.
fn value(raw: &[u8], page: u16, into: &mut Draft) -> (bool, usize) {
    let kind = u16_at(raw, 0).unwrap_or(0);
    let mut at = 4;
    let count = if kind & VECTOR == 0 {
        1
    } else {
        at = 8;
        size_at(raw, 4).unwrap_or(0).min(MOST_PROPERTIES)
    };
    let mut written = false;
    for _ in 0..count {
        let Some((text, length)) = scalar(raw, &mut at, kind & !VECTOR, page) else {
            break;
        };
        let text = text.trim();
        if !text.is_empty() {
            if written {
                into.push(" ");
            }
            into.push(text);
            written = true;
        }
        at = at.saturating_add(length);
    }
    (written, at.min(raw.len()))
}

const VECTOR: u16 = 0x1000;

/// One value at `at`, and how many octets it takes.
fn scalar(raw: &[u8], at: &mut usize, kind: u16, page: u16) -> Option<(String, usize)> {
    let kind = if kind == VARIANT {
        let own = u16_at(raw, *at)?;
        *at = at.checked_add(4)?;
        own
    } else {
        kind
    };
    match kind {
        0x1E if page != WIDE => {
            let length = size_at(raw, *at)?;
            let octets = until_nul(slice(raw, at.checked_add(4)?, length));
            Some((text(octets, page), length.checked_add(4)?))
        }
        0x1E => {
            let length = size_at(raw, *at)?;
            let octets = slice(raw, at.checked_add(4)?, length);
            Some((wide(octets), length.checked_add(4)?.next_multiple_of(4)))
        }
        0x1F => {
            let length = size_at(raw, *at)?.checked_mul(2)?;
            let octets = slice(raw, at.checked_add(4)?, length);
            Some((wide(octets), length.checked_add(4)?.next_multiple_of(4)))
        }
        // A number may be somebody's: only those with as many digits as a birth date.
        0x03 => Some((long(f64::from(u32_at(raw, *at)?)), 4)),
        0x05 => Some((long(f64_at(raw, *at)?), 8)),
        _ => None,
    }
}

const VARIANT: u16 = 0x0C;

fn long(number: f64) -> String {
    if number.abs() >= 100_000.0 && number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        String::new()
    }
}

/// The names of properties a person named.
fn dictionary(set: &[u8], at: usize, page: u16) -> HashMap<u32, String> {
    let mut names = HashMap::new();
    let count = size_at(set, at).unwrap_or(0).min(MOST_PROPERTIES);
    let mut at = at.saturating_add(4);
    for _ in 0..count {
        let (Some(id), Some(length)) = (u32_at(set, at), size_at(set, at.saturating_add(4))) else {
            break;
        };
        at = at.saturating_add(8);
        let octets = if page == WIDE {
            length.saturating_mul(2).next_multiple_of(4)
        } else {
            length
        };
        let raw = slice(set, at, octets);
        let name = if page == WIDE {
            wide(raw)
        } else {
            text(until_nul(raw), page)
        };
        names.insert(id, name);
        at = at.saturating_add(octets);
    }
    names
}

fn text(octets: &[u8], page: u16) -> String {
    let label = match page {
        65001 => "utf-8".to_owned(),
        page => format!("windows-{page}"),
    };
    mime::decode(octets, Some(&label)).text.into_owned()
}

fn wide(octets: &[u8]) -> String {
    utf_16(octets).trim_matches('\0').to_owned()
}
