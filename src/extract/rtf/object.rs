//! An embedded object: digits, which are a head and what the program of the object wrote (MS-OLEDS 2.2.5).

use crate::extract::octets::size_at;
use crate::extract::{Reading, Reason, ole};
use crate::mime::hex;

/// Opens the object.
pub(super) fn read(digits: &[u8], reading: &mut Reading<'_>) {
    if digits.trim_ascii().is_empty() {
        return;
    }
    let octets = octets(digits);
    if let Err(exhausted) = reading.budget.decoded(octets.len() as u64) {
        reading.exhausted(exhausted);
        return;
    }
    match native(&octets) {
        Some(native) => reading.guarded(|reading| ole::native(native, reading)),
        None => reading.gap(Reason::Unsupported, "rtf: embedded object"),
    }
}

/// The octets of digits.
pub(super) fn octets(digits: &[u8]) -> Vec<u8> {
    let mut halves = digits.iter().filter_map(|digit| hex(*digit));
    let mut octets = Vec::with_capacity(digits.len() / 2);
    while let (Some(high), Some(low)) = (halves.next(), halves.next()) {
        octets.push(high << 4 | low);
    }
    octets
}

/// What the program wrote, behind its length: past a version, what kind of object it is, and three names.
fn native(octets: &[u8]) -> Option<&[u8]> {
    if size_at(octets, 4)? != EMBEDDED {
        return None;
    }
    let mut at: usize = 8;
    for _ in 0..3 {
        at = at.checked_add(4)?.checked_add(size_at(octets, at)?)?;
    }
    octets.get(at..).filter(|native| native.len() > 4)
}

/// An object that is in the document, and not linked to.
const EMBEDDED: usize = 2;
