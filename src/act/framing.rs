//! How a next hop is told where a message ends: by a dot, or by the number of its octets where only that tells the message as it is.

use std::io;

use tokio::task::yield_now;

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
    /// hop understands, and in step with it. It cannot tell a last line without an end, and servers refuse or change line endings in it
    /// that are none (Exchange: 550 5.6.11), so such a message goes by BDAT where it can.
    pub(super) async fn of(
        message: &Spooled,
        marking: &Marking,
        offers: &Capabilities,
    ) -> io::Result<Self> {
        if !offers.offers(Extension::Chunking) || is_told_by_dots(message).await? {
            return Ok(Self::Dotted);
        }
        let mut marker = marking.marker(message)?;
        let mut octets = marker.mark(&[]).len() as u64;
        let mut chunks = Chunks::of(message);
        while let Some(chunk) = chunks.next().await? {
            octets += marker.mark(chunk).len() as u64;
        }
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
async fn is_told_by_dots(message: &Spooled) -> io::Result<bool> {
    let mut is_ended = true;
    let mut chunks = Chunks::of(message);
    while let Some(chunk) = chunks.next().await? {
        if strays(chunk) > 0 {
            return Ok(false);
        }
        is_ended = chunk.ends_with(b"\r\n");
    }
    Ok(is_ended)
}

/// A message in chunks, of which none ends between CR and LF. Others have their turn between two of them.
struct Chunks<'m> {
    message: &'m Spooled,
    buffer: Vec<u8>,
    at: u64,
}

impl<'m> Chunks<'m> {
    fn of(message: &'m Spooled) -> Self {
        let octets = usize::try_from(message.len().min(CHUNK)).unwrap_or_default();
        Self {
            message,
            buffer: vec![0; octets],
            at: 0,
        }
    }

    async fn next(&mut self) -> io::Result<Option<&[u8]>> {
        let len = self.message.len();
        if self.at >= len {
            return Ok(None);
        }
        if self.at > 0 {
            yield_now().await;
        }
        let read = self.message.read_beside(&mut self.buffer, self.at)?;
        let chunk = match self.buffer.get(..read).unwrap_or_default() {
            [] => return Err(io::ErrorKind::UnexpectedEof.into()),
            [front @ .., b'\r'] if !front.is_empty() && self.at + (read as u64) < len => front,
            chunk => chunk,
        };
        self.at += chunk.len() as u64;
        Ok(Some(chunk))
    }
}

/// Octets of a message read at once.
const CHUNK: u64 = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::{HeaderMark, Marks};
    use crate::smtp::Reply;
    use crate::spool::{Draft, Settings};

    fn spooled(message: &[u8]) -> Spooled {
        let settings = Settings::default();
        let mut draft = Draft::new(&settings);
        draft.write(message).unwrap();
        draft.finish().unwrap()
    }

    async fn framing(message: &[u8], marks: &Marks, offers: &str) -> Framing {
        let lines = ["hop", offers].map(|line| line.as_bytes().into());
        let offers = Capabilities::read(&Reply::from_lines(250, lines.into()));
        let marking = Marking::new(marks).unwrap();
        let message = spooled(message);
        Framing::of(&message, &marking, &offers).await.unwrap()
    }

    #[tokio::test]
    async fn the_octets_of_marks_are_counted() {
        let marks = Marks {
            header: Some(HeaderMark {
                name: "X-Sikker".into(),
                value: "ja".into(),
            }),
            subject: Some("[sikker]".into()),
        };
        let header = "X-Sikker: ja\r\n";
        for (came, leaves) in [
            ("Subject:x\r\n\r\ny", "Subject: [sikker] x\r\n\r\ny"),
            ("a: b\r\n\r\ny", "Subject: [sikker]\r\na: b\r\n\r\ny"),
            (
                "Subject: x\r\nSubject:\r\n\ty\r\n\r\nz",
                "Subject: [sikker] x\r\nSubject: [sikker]\r\n\ty\r\n\r\nz",
            ),
        ] {
            // However long what stands between is.
            for between in [String::new(), "X: y\r\n".repeat(70_000)] {
                let octets = (header.len() + between.len() + leaves.len()) as u64;
                let came = format!("{between}{came}");
                let framing = framing(came.as_bytes(), &marks, "CHUNKING").await;
                assert_eq!(framing, Framing::Counted(octets), "{leaves:?}");
            }
        }
    }

    #[tokio::test]
    async fn only_what_dots_cannot_tell_is_counted() {
        let none = Marks::default();
        for message in ["", "a: b\r\n\r\nc\r\n", "a\r\n.\r\n"] {
            let framing = framing(message.as_bytes(), &none, "CHUNKING").await;
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
                let framing = framing(message.as_bytes(), &none, offers).await;
                assert_eq!(framing, expected, "{message:?}");
            }
        }
    }

    /// A line ending may lie across two chunks, or a message end there.
    #[tokio::test]
    async fn chunks_are_cut_at_no_line_ending() {
        let none = Marks::default();
        let edge = usize::try_from(CHUNK).unwrap();
        for len in edge - 3..edge + 3 {
            let line = "x".repeat(len);
            let whole = framing(format!("{line}\r\n").as_bytes(), &none, "CHUNKING").await;
            assert_eq!(whole, Framing::Dotted, "{len}");
            for rest in ["\r", "\n", "\r\n.", "\r\r\n"] {
                let message = line.clone() + rest;
                let octets = message.len() as u64;
                let counted = framing(message.as_bytes(), &none, "CHUNKING").await;
                assert_eq!(counted, Framing::Counted(octets), "{len} {rest:?}");
            }
        }
    }
}
