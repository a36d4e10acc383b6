//! OpenPGP ASCII armor (RFC 9580 section 6.2): enough to know what is encrypted, and to read what is not.

use memchr::memmem;

use crate::extract::{Draft, Locus, Reading, Reason, plain};
use crate::mime::base64;

/// An armored message in a text.
pub(super) struct Armor<'t> {
    /// The text before it.
    pub(super) before: &'t str,
    /// Its headers (`Comment: ...`), in the clear.
    pub(super) headers: &'t str,
    /// Its lines of base64.
    data: &'t str,
    /// The text after it.
    pub(super) after: &'t str,
}

impl Armor<'_> {
    /// Whether it really is encrypted: nothing but base64, and its first packet a session key or encrypted data
    /// (RFC 9580 section 5). A "message" may also be signed or packed only.
    pub(super) fn is_encrypted(&self) -> bool {
        let data = self.data.trim();
        // The checksum line.
        let data = match data.rsplit_once('\n') {
            Some((data, checksum)) if checksum.trim().starts_with('=') => data,
            _ => data,
        };
        let undone = base64(data.as_bytes());
        undone.clean
            && first_packet(&undone.bytes).is_some_and(|tag| matches!(tag, 1 | 3 | 9 | 18 | 20))
    }
}

/// The first armored message in `text`.
pub(super) fn armor(text: &str) -> Option<Armor<'_>> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (inside, after) = rest.split_once(END)?;
    let inside = inside.trim_start_matches([' ', '\t']);
    let (headers, data) = ["\r\n\r\n", "\n\n"]
        .into_iter()
        .filter_map(|blank| inside.split_once(blank))
        .min_by_key(|(headers, _)| headers.len())
        .unwrap_or(("", inside));
    Some(Armor {
        before,
        headers,
        data,
        after,
    })
}

/// Reads a text that holds an armored message: the rest of the text, and the message as a gap. `false` where it
/// holds none.
pub(super) fn read(text: &str, reading: &mut Reading<'_>) -> bool {
    if memmem::find(text.as_bytes(), BEGIN.as_bytes()).is_none() {
        return false;
    }
    let encrypted = armor(text).is_some_and(|armor| armor.is_encrypted());
    if encrypted {
        reading.gap(Reason::Encrypted, "pgp: encrypted message");
    } else {
        reading.gap(Reason::Unsupported, "pgp: a message that is not encrypted");
    }
    let mut draft = Draft::new();
    draft.mark(Locus::Whole);
    plain::write(text, &mut draft);
    reading.text(draft);
    true
}

/// The tag of the first packet.
fn first_packet(bytes: &[u8]) -> Option<u8> {
    let &first = bytes.first()?;
    match first >> 6 {
        0b11 => Some(first & 0x3F),
        0b10 => Some(first >> 2 & 0x0F),
        _ => None,
    }
}

const BEGIN: &str = "-----BEGIN PGP MESSAGE-----";
const END: &str = "-----END PGP MESSAGE-----";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_encrypted_counts_as_that() {
        let armored = |data: &str| format!("{BEGIN}\r\nComment: hi\r\n\r\n{data}\r\n{END}\r\n");
        for (data, expected) in [
            ("wcBMA9IC742lBd8b\r\n=abcd", true),
            ("hQEMA9IC742lBd8b", true),
            // A literal packet, in the clear.
            ("yxh0AAAAAABDcHI=", false),
            ("This is no base64 at all!", false),
        ] {
            let text = armored(data);
            let armor = armor(&text).unwrap();
            assert_eq!(armor.headers.trim(), "Comment: hi");
            assert_eq!(armor.is_encrypted(), expected, "{data}");
        }
    }
}
