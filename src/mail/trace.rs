//! What is the same in two attempts to send one message, and what is not.

use memchr::memchr;
use sha2::{Digest, Sha256};

/// Fields of the header that a mail server writes anew when it sends a message once more: its trace, and the signatures over it.
const ANEW: [&[u8]; 7] = [
    b"received",
    b"return-path",
    b"dkim-signature",
    b"authentication-results",
    b"arc-seal",
    b"arc-message-signature",
    b"arc-authentication-results",
];

/// What two attempts to send one message have in common.
#[derive(Clone, PartialEq, Eq)]
pub struct Sameness {
    /// SHA-256 of all of it but the fields that are written anew. Every other field counts, those that begin with `X-` too: what
    /// somebody's program tells two messages apart by is not known here.
    pub digest: [u8; 32],
    /// Whether it names itself: it has one `Message-ID` (RFC 5322 section 3.6.4), and there is something in it. Two messages of the
    /// same words and no name may be two messages.
    pub is_named: bool,
}

/// Finds the [`Sameness`] of a message that is read in pieces, wherever they are cut. It keeps no more than a line of the header.
#[derive(Default)]
pub struct SamenessReader {
    hash: Sha256,
    at: At,
    /// The line of the header that is read, as far as it is known.
    line: Vec<u8>,
    field: Field,
    message_ids: usize,
    has_name: bool,
}

/// Where a message is read.
#[derive(Clone, Copy, Default)]
enum At {
    #[default]
    Line,
    /// Behind as much of a line as is looked at.
    RestOfLine,
    Body,
}

/// The field that the line is of.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Field {
    Anew,
    MessageId,
    #[default]
    Other,
}

impl SamenessReader {
    /// Reads the next piece.
    pub fn read(&mut self, mut piece: &[u8]) {
        while !piece.is_empty() {
            if let At::Body = self.at {
                self.hash.update(piece);
                return;
            }
            let end = memchr(b'\n', piece).map(|at| at + 1);
            let (line, rest) = piece
                .split_at_checked(end.unwrap_or(piece.len()))
                .unwrap_or_default();
            piece = rest;
            match self.at {
                At::RestOfLine => self.goes_on(line),
                At::Line | At::Body => {
                    self.line.extend_from_slice(line);
                    if end.is_none() && self.line.len() < LONGEST {
                        return;
                    }
                    self.line();
                }
            }
            self.at = match self.at {
                At::Body => At::Body,
                At::Line | At::RestOfLine if end.is_none() => At::RestOfLine,
                At::Line | At::RestOfLine => At::Line,
            };
        }
    }

    /// The message ends here.
    pub fn finish(mut self) -> Sameness {
        if !self.line.is_empty() {
            self.line();
        }
        Sameness {
            digest: self.hash.finalize().into(),
            is_named: self.message_ids == 1 && self.has_name,
        }
    }

    /// A line of the header, or as much of it as is looked at.
    fn line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if matches!(&*line, b"\r\n" | b"\n") {
            self.at = At::Body;
            self.hash.update(&line);
        } else if matches!(line.first(), Some(b' ' | b'\t')) {
            // Exchange Online folds a Message-ID before its first word.
            self.goes_on(&line);
        } else {
            let head = line.get(..LONGEST).unwrap_or(&line);
            let is_known = line.len() < LONGEST || head.ends_with(b"\n") || head.contains(&b':');
            self.field = match is_known {
                true => Field::of(head),
                false => Field::Other,
            };
            self.message_ids += usize::from(self.field == Field::MessageId);
            let value = memchr(b':', &line).and_then(|at| line.get(at + 1..));
            self.has_name |= self.field == Field::MessageId && value.is_some_and(has_text);
            self.keep(&line);
        }
    }

    /// More of a field.
    fn goes_on(&mut self, text: &[u8]) {
        self.has_name |= self.field == Field::MessageId && has_text(text);
        self.keep(text);
    }

    fn keep(&mut self, text: &[u8]) {
        if self.field != Field::Anew {
            self.hash.update(text);
        }
    }
}

impl Field {
    /// The field that begins with this line.
    fn of(line: &[u8]) -> Self {
        match line {
            line if ANEW.iter().any(|field| is_named(line, field)) => Self::Anew,
            line if is_named(line, b"message-id") => Self::MessageId,
            _ => Self::Other,
        }
    }
}

/// How much of a line of the header is looked at. Fixed: 64 KiB; a longer one without a colon in that is of no field that is known here.
const LONGEST: usize = 64 << 10;

fn has_text(octets: &[u8]) -> bool {
    !octets.trim_ascii().is_empty()
}

fn is_named(line: &[u8], field: &[u8]) -> bool {
    let name = line.split(|octet| *octet == b':').next().unwrap_or(line);
    name.trim_ascii().eq_ignore_ascii_case(field)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, however the message is cut.
    fn sameness(message: &[u8]) -> Sameness {
        let found = |pieces: &mut dyn Iterator<Item = &[u8]>| {
            let mut reader = SamenessReader::default();
            pieces.for_each(|piece| reader.read(piece));
            reader.finish()
        };
        let whole = found(&mut std::iter::once(message));
        for size in 1..=message.len().min(40) {
            assert!(whole == found(&mut message.chunks(size)), "{size}");
        }
        whole
    }

    #[test]
    fn a_name_is_one_message_id_with_something_in_it() {
        for (message, named) in [
            ("Message-ID: <1@a.example>\r\n\r\n", true),
            ("A: b\r\nMESSAGE-ID : x\r\n\r\nMessage-ID: y\r\n", true),
            ("Message-ID:\r\n <1@a.example>\r\n\r\n", true),
            ("Message-ID: <1@a.example>", true),
            ("Message-ID:\r\n \r\nA: b\r\n c\r\n\r\n", false),
            ("Message-ID: \r\n\r\n", false),
            ("Message-ID\r\n\r\n", false),
            ("Message-ID: <1>\r\nMessage-ID: <2>\r\n\r\n", false),
            ("Resent-Message-ID: <1>\r\n\r\n", false),
            ("Subject: a\r\n\r\nMessage-ID: <1>\r\n", false),
            ("", false),
        ] {
            assert_eq!(sameness(message.as_bytes()).is_named, named, "{message}");
        }
    }

    #[test]
    fn all_but_the_trace_counts() {
        let digest = |octets: &[u8]| -> [u8; 32] { Sha256::digest(octets).into() };
        let long = "x".repeat(3 * LONGEST);
        for (message, same) in [
            (
                "Received: a\r\n b\r\nX-A: 1\r\n 2\r\nDKIM-Signature: c\r\nB: 3\r\n\r\nReceived: d\r\n",
                "X-A: 1\r\n 2\r\nB: 3\r\n\r\nReceived: d\r\n",
            ),
            ("Received: a\n b", ""),
            ("A: b\n\nRETURN-PATH : c", "A: b\n\nRETURN-PATH : c"),
            ("Return-Path : c\r\nA: b\r\n", "A: b\r\n"),
            (
                &format!("A: {long}\r\nReceived: {long}\r\n {long}\r\nB: c\r\n"),
                &format!("A: {long}\r\nB: c\r\n"),
            ),
            (&long, &long),
            // Too long to be looked through for its colon.
            (
                &format!("Received{}:\r\n a\r\n", " ".repeat(2 * LONGEST)),
                &format!("Received{}:\r\n a\r\n", " ".repeat(2 * LONGEST)),
            ),
        ] {
            assert!(sameness(message.as_bytes()).digest == digest(same.as_bytes()));
        }
    }

    proptest! {
        #[test]
        fn what_stands_behind_the_header_is_taken_as_it_is(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let message = [b"Received: a\r\nB: c\r\n\r\n", &*body].concat();
            let same = [b"B: c\r\n\r\n", &*body].concat();
            let digest: [u8; 32] = Sha256::digest(&same).into();
            prop_assert!(sameness(&message).digest == digest);
        }
    }
}
