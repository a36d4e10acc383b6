//! Messages that a sloppy next hop may take for two.

use memchr::memchr_iter;

/// A dot that stands alone between two line endings of which some receiver knows, and that dot-stuffing cannot cover.
///
/// Sent on, it would hide the end of one message and the commands of another inside ours (SMTP smuggling, CVE-2023-51764 and its
/// kin). Changed, the message would no longer be the one that was signed. So it is refused: 550 5.6.0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("octet {at} of the message is a dot that some servers take for its end")]
pub struct Hazard {
    /// Where the dot stands, in octets from the start of the message.
    pub at: usize,
}

/// Finds the first place where a receiver that is not strict may take the message to end.
///
/// A bare LF or CR, VT, FF, NEL, U+2028 or U+2029 may be a line ending to somebody, with NUL, space or tab around the dot
/// passed over. `CRLF . CRLF` is none: there the dot is doubled. After CRLF the dot is doubled as well, but servers are known that
/// undo it and then pass `. CR` on as it stands (Postfix before 3.12), so a dot between CRLF and any other line ending counts; text
/// that only begins with a dot never does.
///
/// Time is linear in the message.
pub fn hazard(message: &[u8]) -> Option<Hazard> {
    memchr_iter(b'.', message)
        .find(|&at| {
            let (before, after) = message.split_at_checked(at).unwrap_or_default();
            is_alone(before, after.get(1..).unwrap_or_default())
        })
        .map(|at| Hazard { at })
}

/// Whether a dot between `before` and `after` may be taken for an end of data.
fn is_alone(before: &[u8], after: &[u8]) -> bool {
    let covered = before.is_empty() || before.ends_with(b"\r\n");
    if covered {
        // A line of a dot and spaces is ordinary text, and its dot is doubled.
        let rest = after_all(after, |c| c == b'\0');
        return !after.starts_with(b"\r\n") && begins_with_line_ending(rest);
    }
    let padding = |c: u8| matches!(c, b'\0' | b' ' | b'\t');
    let line = before_all(before, |c| c == b'\0');
    ends_with_line_ending(line) && begins_with_line_ending(after_all(after, padding))
}

/// What somebody takes for a line ending. CRLF is among them by its halves.
const LINE_ENDINGS: [&[u8]; 7] = [
    b"\n",
    b"\r",
    b"\x0B",
    b"\x0C",
    "\u{85}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{2029}".as_bytes(),
];

fn ends_with_line_ending(octets: &[u8]) -> bool {
    octets.is_empty() || LINE_ENDINGS.iter().any(|end| octets.ends_with(end))
}

/// The end of the message counts: there a CRLF is put.
fn begins_with_line_ending(octets: &[u8]) -> bool {
    octets.is_empty() || LINE_ENDINGS.iter().any(|end| octets.starts_with(end))
}

/// `octets` without the longest front of which all `are`.
fn after_all(octets: &[u8], are: impl Fn(u8) -> bool) -> &[u8] {
    let start = octets.iter().position(|&c| !are(c));
    octets
        .get(start.unwrap_or(octets.len())..)
        .unwrap_or_default()
}

/// `octets` without the longest end of which all `are`.
fn before_all(octets: &[u8], are: impl Fn(u8) -> bool) -> &[u8] {
    let end = octets.iter().rposition(|&c| !are(c)).map_or(0, |at| at + 1);
    octets.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::smtp::client::Transmitter;

    #[test]
    fn every_known_false_end_of_data_is_a_hazard() {
        for sequence in [
            "\n.\n",
            "\n.\r\n",
            "\r\n.\n",
            "\n.\r",
            "\r.\n",
            "\r.\r",
            "\r.\r\n",
            "\r\n.\r",
            "\r\n.\r\r\n",
            "\n\r.\n\r",
            "\r\n\0.\r\n",
            "\r\n.\0\r\n",
            "\n. \r\n",
            "\n.\t\r\n",
            "\n\n.\r\n",
            "\x0B.\x0B",
            "\x0C.\x0C",
            "\u{85}.\u{85}",
            "\u{2028}.\u{2028}",
        ] {
            let message = format!("a: b\r\n\r\nc.d{sequence}MAIL FROM:<>\r\n");
            let at = message.rfind('.').unwrap();
            assert_eq!(
                hazard(message.as_bytes()),
                Some(Hazard { at }),
                "{sequence:?}"
            );
        }
        assert_eq!(hazard(b"a\n."), Some(Hazard { at: 2 }));
        assert_eq!(hazard(b"."), Some(Hazard { at: 0 }));
        assert_eq!(hazard(b"\0.\n"), Some(Hazard { at: 1 }));
    }

    #[test]
    fn ordinary_text_is_none() {
        for text in [
            "",
            ".\r\n",
            "a\r\n.\r\nMAIL\r\n",
            "a\r\r\n.\r\n",
            "a\r\n. \r\n",
            "a\r\n..\r\n",
            "a\n.b\r.c\n..\n",
            "end.\nStart.\rOr\n...\n",
            "a\0.\0b\r\n",
        ] {
            assert_eq!(hazard(text.as_bytes()), None, "{text:?}");
        }
    }

    proptest! {
        /// The promise itself, from the next hop's side: of what is sent, nothing but its last octets ends a message for
        /// any receiver that takes CR, LF or both for a line ending, and CR before CRLF for nothing.
        #[test]
        fn what_is_sent_ends_once(message in "[a.\r\n\0]{0,12}\r\n") {
            prop_assume!(hazard(message.as_bytes()).is_none());
            let mut transmitter = Transmitter::default();
            let mut wire = b"\r\n".to_vec();
            wire.extend_from_slice(&transmitter.stuff(message.as_bytes()));
            wire.extend_from_slice(transmitter.end());
            let wire = wire.strip_suffix(b"\r\n.\r\n").unwrap();
            let ends = ["\n.\n", "\n.\r", "\r.\r", "\r.\n", "\n\0.\r\n", "\n.\0\r\n"];
            let framed = [wire, b"\r\n"].concat();
            for end in ends {
                prop_assert_eq!(memchr::memmem::find(&framed, end.as_bytes()), None, "{:?}", end);
            }
        }
    }
}
