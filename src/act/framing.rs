//! How a next hop is told where a message ends: by a dot, or by the number of its octets where only that tells the message as it is.

use std::io;

use crate::act::mark::Marking;
use crate::smtp::client::{Capabilities, Extension};
use crate::smtp::strays;
use crate::spool::Spooled;

/// How the end of a message is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Framing {
    /// By DATA, with a dot on a line of its own at the end.
    Dotted,
    /// By BDAT (RFC 3030), with the number of octets that follow.
    Counted(u64),
}

impl Framing {
    /// How a message with these marks is told to a next hop that offers this. Nearly every message is told by DATA, which every next
    /// hop understands. It cannot tell a last line without an end, and servers refuse or change line endings in it that are none
    /// (Exchange: 550 5.6.11), so such a message goes by BDAT where it can.
    pub(super) fn of(
        message: &Spooled,
        marking: &Marking,
        offers: &Capabilities,
    ) -> io::Result<Self> {
        if !offers.offers(Extension::Chunking) || is_told_by_dots(message)? {
            return Ok(Self::Dotted);
        }
        let mut marker = marking.marker(message)?;
        let mut octets = marker.mark(&[]).len() as u64;
        each_chunk(message, |chunk| {
            octets += marker.mark(chunk).len() as u64;
            true
        })?;
        Ok(Self::Counted(octets))
    }

    /// What is said in front of the first octet.
    pub(super) fn command(self) -> Vec<u8> {
        match self {
            Self::Dotted => Vec::new(),
            Self::Counted(octets) => format!("BDAT {octets} LAST\r\n").into_bytes(),
        }
    }
}

/// Whether all lines of a message end in CRLF, the last with them.
fn is_told_by_dots(message: &Spooled) -> io::Result<bool> {
    let (mut is_plain, mut is_ended) = (true, true);
    each_chunk(message, |chunk| {
        is_plain = strays(chunk) == 0;
        is_ended = chunk.ends_with(b"\r\n");
        is_plain
    })?;
    Ok(is_plain && is_ended)
}

/// Reads a message, of which no chunk ends between CR and LF, until it is `told` no more.
fn each_chunk(message: &Spooled, mut told: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
    let len = message.len();
    let mut buffer = vec![0; usize::try_from(len.min(CHUNK)).unwrap_or_default()];
    let mut at = 0;
    while at < len {
        let read = message.read_at(&mut buffer, at)?;
        let chunk = match buffer.get(..read).unwrap_or_default() {
            [] => return Err(io::ErrorKind::UnexpectedEof.into()),
            [front @ .., b'\r'] if !front.is_empty() && at + (read as u64) < len => front,
            chunk => chunk,
        };
        if !told(chunk) {
            return Ok(());
        }
        at += chunk.len() as u64;
    }
    Ok(())
}

/// Octets of a message read at once.
const CHUNK: u64 = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::Marks;
    use crate::smtp::Reply;
    use crate::spool::{Draft, Settings};

    fn spooled(message: &[u8]) -> Spooled {
        let settings = Settings::default();
        let mut draft = Draft::new(&settings);
        draft.write(message).unwrap();
        draft.finish().unwrap()
    }

    fn framing(message: &[u8], marks: &Marks, offers: &str) -> Framing {
        let lines = ["hop", offers].map(|line| line.as_bytes().into());
        let reply = Reply::from_lines(250, lines.into());
        let marking = Marking::new(marks).unwrap();
        Framing::of(&spooled(message), &marking, &Capabilities::read(&reply)).unwrap()
    }

    #[test]
    fn only_what_dots_cannot_tell_is_counted() {
        let none = Marks::default();
        for message in ["", "a: b\r\n\r\nc\r\n", "a\r\n.\r\n"] {
            let framing = framing(message.as_bytes(), &none, "CHUNKING");
            assert_eq!(framing, Framing::Dotted, "{message:?}");
        }
        for message in [
            "a",
            "a\r\n\r\nb",
            "a\nb\r\n",
            "a\r",
            "\r",
            "\n",
            "a\rb\r\n",
            "a\r\r\n",
        ] {
            let octets = message.len() as u64;
            for (offers, expected) in [
                ("CHUNKING", Framing::Counted(octets)),
                ("SIZE", Framing::Dotted),
            ] {
                assert_eq!(
                    framing(message.as_bytes(), &none, offers),
                    expected,
                    "{message:?}"
                );
            }
        }
    }

    /// A line ending may lie across two chunks, or a message end there.
    #[test]
    fn chunks_are_cut_at_no_line_ending() {
        let none = Marks::default();
        let edge = usize::try_from(CHUNK).unwrap();
        for len in edge - 3..edge + 3 {
            let line = "x".repeat(len);
            let whole = framing(format!("{line}\r\n").as_bytes(), &none, "CHUNKING");
            assert_eq!(whole, Framing::Dotted, "{len}");
            for rest in ["\r", "\n", "\r\n.", "\r\r\n"] {
                let message = line.clone() + rest;
                let octets = message.len() as u64;
                let counted = framing(message.as_bytes(), &none, "CHUNKING");
                assert_eq!(counted, Framing::Counted(octets), "{len} {rest:?}");
            }
        }
    }
}
