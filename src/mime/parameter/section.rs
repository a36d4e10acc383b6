//! Parameters in sections, in a charset of their own (RFC 2231).

use crate::mime::charset::decode;
use crate::mime::transfer::percent_decoded;
use crate::mime::word;

/// A section of a parameter that is continued or says its charset.
pub(super) struct Section {
    pub(super) index: u32,
    extended: bool,
}

/// A section with what it holds.
pub(super) struct Piece {
    pub(super) section: Section,
    pub(super) value: Vec<u8>,
}

impl Section {
    /// `name*`, `name*0`, `name*0*` (RFC 2231 sections 3 and 4).
    pub(super) fn of(name: &str) -> Option<(String, Self)> {
        let (base, section) = name.split_once('*')?;
        let digits = section.trim_end_matches('*');
        let index = if digits.is_empty() {
            0
        } else {
            digits.parse().ok()?
        };
        let extended = section.is_empty() || section.ends_with('*');
        Some((base.to_owned(), Self { index, extended }))
    }
}

/// Sections put together: the first may name the charset, each may be percent-encoded.
pub(super) fn joined(pieces: &[Piece]) -> String {
    let mut charset = None;
    let mut bytes = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let mut value = piece.value.as_slice();
        if at == 0 && piece.section.extended {
            let mut parts = value.splitn(3, |&octet| octet == b'\'');
            if let (Some(label), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next()) {
                charset = Some(String::from_utf8_lossy(label).into_owned());
                value = text;
            }
        }
        if piece.section.extended {
            bytes.extend(percent_decoded(value));
        } else {
            bytes.extend_from_slice(value);
        }
    }
    let text = decode(&bytes, charset.as_deref()).text;
    // Some write encoded words into sections.
    if text.contains("=?") {
        word::text(text.as_bytes()).text.into_owned()
    } else {
        text.into_owned()
    }
}
