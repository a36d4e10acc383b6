//! CMS, which S/MIME is made of (RFC 5652, RFC 8551): signed data is opened, encrypted data told apart.

mod ber;

use std::io::Read;

use ber::Value;
use flate2::read::ZlibDecoder;

use crate::extract::{Exhausted, Reading, Reason, message, open};

/// Reads a CMS object: the message inside a signature, or a gap where it needs a key.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    if ber::is_cut(bytes) {
        reading.gap(Reason::Damaged, "s/mime: damaged");
    }
    let tail = tail(bytes);
    if !tail.is_empty() {
        reading.gap(Reason::Damaged, "s/mime: something hangs behind it");
        reading.deeper(1, |reading| open(tail, reading));
    }
    match contents(bytes) {
        Some(Contents::Signed(entity)) if entity.is_empty() => {}
        Some(Contents::Signed(entity)) => inside(&entity, reading),
        Some(Contents::Compressed(packed)) => match inflate(&packed, reading) {
            Ok(entity) => inside(&entity, reading),
            Err(gap) => reading.gap(gap, "s/mime: compressed data"),
        },
        Some(Contents::Enveloped) => reading.gap(Reason::Encrypted, "s/mime: encrypted"),
        Some(Contents::Other) => reading.gap(Reason::Unsupported, "s/mime: not a message"),
        None => reading.gap(Reason::Damaged, "s/mime: damaged"),
    }
}

/// Whether `bytes` are CMS data that only a recipient's key opens, as far as their frame can tell.
pub(super) fn is_enveloped(bytes: &[u8]) -> bool {
    !ber::is_cut(bytes)
        && tail(bytes).is_empty()
        && matches!(contents(bytes), Some(Contents::Enveloped))
}

/// What follows the object. Line endings and zeros that a transfer added are nothing.
fn tail(bytes: &[u8]) -> &[u8] {
    let after = ber::next(bytes).map_or(&[][..], |(_, after)| after);
    match after
        .iter()
        .any(|c| !matches!(c, b'\r' | b'\n' | b' ' | b'\t' | 0))
    {
        true => after,
        false => &[],
    }
}

/// What a signature holds is what the reader sees: it keeps the place of its frame.
fn inside(entity: &[u8], reading: &mut Reading<'_>) {
    reading.deeper(1, |reading| message::attached(entity, reading));
}

fn inflate(packed: &[u8], reading: &mut Reading<'_>) -> Result<Vec<u8>, Reason> {
    let room = reading.budget.entry_room();
    let mut entity = Vec::new();
    ZlibDecoder::new(packed)
        .take(room + 1)
        .read_to_end(&mut entity)
        .map_err(|_| Reason::Damaged)?;
    if entity.len() as u64 > room {
        return Err(Exhausted::Limit("entry").into());
    }
    reading
        .budget
        .decoded(entity.len() as u64)
        .map_err(Reason::from)?;
    Ok(entity)
}

enum Contents {
    /// What was signed; empty where the signature stands apart from it.
    Signed(Vec<u8>),
    Compressed(Vec<u8>),
    Enveloped,
    Other,
}

/// `ContentInfo ::= SEQUENCE { contentType OID, content [0] EXPLICIT ANY }` (RFC 5652 section 3).
fn contents(bytes: &[u8]) -> Option<Contents> {
    let info = ber::value(bytes, SEQUENCE)?;
    let (kind, rest) = ber::next(info.inner)?;
    if kind.tag != OBJECT_ID {
        return None;
    }
    let data = ber::value(rest, EXPLICIT_0)?;
    let data = ber::value(data.inner, SEQUENCE);
    match kind.inner {
        SIGNED => Some(Contents::Signed(encapsulated(&data?)?)),
        COMPRESSED => Some(Contents::Compressed(encapsulated(&data?)?)),
        // A frame with a version and at least one field more: anything less is no encrypted data.
        ENVELOPED | AUTH_ENVELOPED => {
            let (version, rest) = ber::next(data?.inner)?;
            (version.tag == INTEGER && ber::next(rest).is_some()).then_some(Contents::Enveloped)
        }
        _ => Some(Contents::Other),
    }
}

/// `EncapsulatedContentInfo ::= SEQUENCE { OID, [0] EXPLICIT OCTET STRING OPTIONAL }`, the first sequence in the data;
/// empty where the octets are left out.
fn encapsulated(data: &Value<'_>) -> Option<Vec<u8>> {
    let mut rest = data.inner;
    loop {
        let (value, after) = ber::next(rest)?;
        if value.tag == SEQUENCE {
            let (_, rest) = ber::next(value.inner)?;
            if rest.is_empty() {
                return Some(Vec::new());
            }
            let content = ber::value(rest, EXPLICIT_0)?;
            let (octets, _) = ber::next(content.inner)?;
            return Some(ber::octets(&octets));
        }
        rest = after;
    }
}

const INTEGER: u8 = 0x02;
const OBJECT_ID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const EXPLICIT_0: u8 = 0xA0;

/// 1.2.840.113549.1.7.2
const SIGNED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2];
/// 1.2.840.113549.1.7.3
const ENVELOPED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 3];
/// 1.2.840.113549.1.9.16.1.9
const COMPRESSED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 1, 9];
/// 1.2.840.113549.1.9.16.1.23
const AUTH_ENVELOPED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 1, 23];

/// Whether a file starts like a CMS object: a sequence whose first member is an identifier of PKCS.
pub(super) fn starts(bytes: &[u8]) -> bool {
    ber::value(bytes.get(..MOST_HEAD).unwrap_or(bytes), SEQUENCE)
        .and_then(|info| ber::next(info.inner))
        .is_some_and(|(kind, _)| {
            kind.tag == OBJECT_ID
                && kind
                    .inner
                    .starts_with(&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1])
        })
}

/// Octets that hold the start of any CMS object.
const MOST_HEAD: usize = 64;
