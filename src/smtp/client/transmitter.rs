//! A message on its way out: dot-stuffed, and ended once.

use std::borrow::Cow;

use memchr::memmem;

/// Dot-stuffs a message that is given in chunks of any size (RFC 5321 section 4.5.2).
///
/// A dot is doubled where it follows CRLF or stands first, and nowhere else: the next hop takes away exactly these, so it
/// gets the octets that were put in. A dot after a bare LF or CR cannot be doubled without giving a strict next hop one dot
/// too many; what it may do to a sloppy one, [`hazard()`](crate::smtp::client::hazard()) tells.
///
/// Memory is one chunk, and a chunk without such a dot is not copied.
#[derive(Clone, Copy, Default, Debug)]
pub struct Transmitter {
    behind: Behind,
}

/// What stands just before the next octet.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
enum Behind {
    /// The start of the message, or CRLF.
    #[default]
    LineEnding,
    /// CR.
    Cr,
    /// Anything else.
    Other,
}

impl Transmitter {
    /// The next chunk as it goes over the wire.
    pub fn stuff<'a>(&mut self, chunk: &'a [u8]) -> Cow<'a, [u8]> {
        let Some(&last) = chunk.last() else {
            return Cow::Borrowed(chunk);
        };
        let across = match (self.behind, chunk) {
            (Behind::LineEnding, [b'.', ..]) => Some(0),
            (Behind::Cr, [b'\n', b'.', ..]) => Some(1),
            _ => None,
        };
        let behind_last = match chunk.len().checked_sub(2).and_then(|at| chunk.get(at)) {
            Some(&c) => c == b'\r',
            None => self.behind == Behind::Cr,
        };
        self.behind = match last {
            b'\n' if behind_last => Behind::LineEnding,
            b'\r' => Behind::Cr,
            _ => Behind::Other,
        };
        let inside = memmem::find_iter(chunk, b"\r\n.").map(|at| at + 2);
        let mut dots = across.into_iter().chain(inside).peekable();
        if dots.peek().is_none() {
            return Cow::Borrowed(chunk);
        }
        let mut stuffed = Vec::with_capacity(chunk.len() + chunk.len() / 8 + 8);
        let mut done = 0;
        for dot in dots {
            stuffed.extend_from_slice(chunk.get(done..dot).unwrap_or_default());
            stuffed.push(b'.');
            done = dot;
        }
        stuffed.extend_from_slice(chunk.get(done..).unwrap_or_default());
        Cow::Owned(stuffed)
    }

    /// The end of data. A message that does not end with CRLF is given one: there is no other way to send it by DATA (RFC
    /// 5321 section 4.1.1.4). Only BDAT brings such a message.
    pub fn end(self) -> &'static [u8] {
        match self.behind {
            Behind::LineEnding => b".\r\n",
            Behind::Cr | Behind::Other => b"\r\n.\r\n",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sent(message: &[u8], step: usize) -> Vec<u8> {
        let mut transmitter = Transmitter::default();
        let mut wire = Vec::new();
        for chunk in message.chunks(step) {
            wire.extend_from_slice(&transmitter.stuff(chunk));
        }
        wire.extend_from_slice(transmitter.end());
        wire
    }

    /// What a strict next hop makes of it: the message, and what it would take for the next command.
    fn received(wire: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let framed = [b"\r\n", wire].concat();
        let end = memmem::find(&framed, b"\r\n.\r\n").unwrap();
        let data = &framed[2..end + 2];
        let mut message = Vec::new();
        let mut line_start = true;
        for (at, &c) in data.iter().enumerate() {
            if !(line_start && c == b'.') {
                message.push(c);
            }
            line_start = data[..=at].ends_with(b"\r\n");
        }
        (message, framed[end + 5..].to_vec())
    }

    #[test]
    fn dots_at_the_start_of_lines_are_doubled() {
        for (message, wire) in [
            ("", ".\r\n"),
            ("a\r\n", "a\r\n.\r\n"),
            (".\r\n", "..\r\n.\r\n"),
            (".a\r\n..b\r\n", "..a\r\n...b\r\n.\r\n"),
            ("a\r\n.\r\nMAIL\r\n", "a\r\n..\r\nMAIL\r\n.\r\n"),
            ("a\r\r\n.\r\n", "a\r\r\n..\r\n.\r\n"),
            ("a\n.b\r.c\r\n", "a\n.b\r.c\r\n.\r\n"),
            ("a.\r\n", "a.\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            ("a\r", "a\r\r\n.\r\n"),
            ("a\n", "a\n\r\n.\r\n"),
        ] {
            for step in 1..6 {
                let sent = sent(message.as_bytes(), step);
                assert_eq!(sent, wire.as_bytes(), "{message:?} by {step}");
            }
        }
    }

    #[test]
    fn a_chunk_without_dots_is_not_copied() {
        let mut transmitter = Transmitter::default();
        assert!(matches!(transmitter.stuff(b"a.b\r\nc"), Cow::Borrowed(_)));
        assert!(matches!(transmitter.stuff(b".d\r\n"), Cow::Borrowed(_)));
        assert!(matches!(transmitter.stuff(b".d\r\n"), Cow::Owned(_)));
    }

    proptest! {
        #[test]
        fn a_strict_next_hop_gets_the_same_octets(message in "[a.\r\n]{0,40}", step in 1_usize..7) {
            let mut message = message.into_bytes();
            if !message.is_empty() && !message.ends_with(b"\r\n") {
                message.extend_from_slice(b"\r\n");
            }
            let (received, after) = received(&sent(&message, step));
            prop_assert_eq!(received, message);
            prop_assert_eq!(after, b"");
        }
    }
}
