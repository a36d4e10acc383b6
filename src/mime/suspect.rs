//! The suspicious reader: what stands in octets that are shown as text and that a program may decode all the same.
//!
//! It believes no header. It looks at each line once, and at hardly more than the start of most: lines of base64 or
//! quoted-printable, files in uuencode or yEnc, headers of parts in the middle of a text, encoded words. What of that is
//! plausible its caller judges, by what comes out.

mod lines;
mod part;
mod run;

use crate::mime::header::{is_folded, line_at};
use crate::mime::suspect::lines::{Ascii, has_word, is_escaped, is_letters, letters};
use crate::mime::suspect::part::is_content_field;
use crate::mime::transfer::Transfer;

pub use run::runs;

/// Something a program may decode.
#[derive(Clone, PartialEq, Eq)]
pub enum Suspect<'x> {
    /// Lines of base64 one below the other.
    Base64(Block<'x>),
    /// Lines in which every `=` begins an escape or ends the line.
    QuotedPrintable(&'x [u8]),
    /// A file in uuencode or yEnc.
    File(File<'x>),
    /// What BinHex 4.0 (RFC 1741) calls itself: known, and not read.
    BinHex,
    /// A header in the middle of a text, and what follows it.
    Part(Hidden<'x>),
    /// A line with encoded words, and those folded below it.
    Words(&'x [u8]),
}

/// Lines of base64.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Block<'x> {
    /// The lines; [`runs`] takes them apart.
    pub lines: &'x [u8],
    /// They stand behind `base64,`, as in a `data:` link.
    pub in_link: bool,
}

/// A file in a text, with lines around it that say where it begins and ends.
#[derive(Clone, PartialEq, Eq)]
pub struct File<'x> {
    /// How it is written: [`Transfer::Uuencode`] or [`Transfer::Yenc`].
    pub transfer: Transfer,
    /// Its name as written.
    pub name: &'x [u8],
    /// Its lines, the first and last with it.
    pub raw: &'x [u8],
}

/// A part that no header announces.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden<'x> {
    /// Its header, and all that follows up to the next header or delimiter.
    pub raw: &'x [u8],
    /// What follows its header.
    pub rest: &'x [u8],
    /// The transfer encodings its header names, other than none.
    pub transfers: Vec<Transfer>,
}

/// Words of the message are not for logs.
impl std::fmt::Debug for Suspect<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Base64(_) => "Base64",
            Self::QuotedPrintable(_) => "QuotedPrintable",
            Self::File(_) => "File",
            Self::BinHex => "BinHex",
            Self::Part(_) => "Part",
            Self::Words(_) => "Words",
        })
    }
}

/// Everything in `bytes` that a program may decode, in the order it stands. Nothing is decoded and nothing copied; the time is
/// linear in the octets.
pub fn suspects(bytes: &[u8]) -> impl Iterator<Item = Suspect<'_>> {
    Suspects {
        bytes,
        at: 0,
        header_until: 0,
    }
}

struct Suspects<'x> {
    bytes: &'x [u8],
    /// The line to be looked at next.
    at: usize,
    /// Up to here, fields belong to a header that was handed over.
    header_until: usize,
}

impl<'x> Iterator for Suspects<'x> {
    type Item = Suspect<'x>;

    fn next(&mut self) -> Option<Suspect<'x>> {
        while self.at < self.bytes.len() {
            let start = self.at;
            let (line, next) = line_at(self.bytes, start);
            self.at = next;
            if let Some(suspect) = self.suspect(start, line) {
                return Some(suspect);
            }
        }
        None
    }
}

impl<'x> Suspects<'x> {
    /// What begins with the line at `start`.
    fn suspect(&mut self, start: usize, line: &'x [u8]) -> Option<Suspect<'x>> {
        let shown = line.trim_ascii_start();
        match shown.first()? {
            b'b' if shown.starts_with(b"begin ") => {
                if let Some(file) = self.file(start, Transfer::Uuencode) {
                    return Some(file);
                }
            }
            b'=' if shown.starts_with(b"=ybegin ") => {
                if let Some(file) = self.file(start, Transfer::Yenc) {
                    return Some(file);
                }
            }
            b'(' if shown.starts_with(BINHEX) => return Some(Suspect::BinHex),
            b'c' | b'C' | 0 if is_content_field(shown) && start >= self.header_until => {
                return Some(self.part(start));
            }
            _ => {}
        }
        if is_letters(line) {
            return self.base64(start);
        }
        if !line.contains_octet(b'=') {
            return None;
        }
        if is_escaped(line) {
            return Some(Suspect::QuotedPrintable(self.while_escaped(start)));
        }
        has_word(line).then(|| Suspect::Words(self.while_folded(start)))
    }

    /// The lines of base64 from `start` on, if they are long enough to say anything.
    fn base64(&mut self, start: usize) -> Option<Suspect<'x>> {
        let mut count = 0;
        let mut at = start;
        while at < self.bytes.len() {
            let (line, next) = line_at(self.bytes, at);
            match letters(line) {
                0 => break,
                more => count += more,
            }
            at = next;
        }
        self.at = at;
        (count >= SHORTEST_RUN).then(|| {
            let before = self.bytes.get(..start).unwrap_or_default();
            Suspect::Base64(Block {
                lines: self.from(start),
                in_link: before.trim_ascii_end().ends_with(b"base64,"),
            })
        })
    }

    /// The lines of quoted-printable from `start` on, with the one that the last goes on in.
    fn while_escaped(&mut self, start: usize) -> &'x [u8] {
        while self.at < self.bytes.len() {
            let goes_on = self.from(start).trim_ascii_end().ends_with(b"=");
            let (line, next) = line_at(self.bytes, self.at);
            if !is_escaped(line) && !goes_on {
                break;
            }
            self.at = next;
            if !is_escaped(line) {
                break;
            }
        }
        self.from(start)
    }

    fn while_folded(&mut self, start: usize) -> &'x [u8] {
        while self.at < self.bytes.len() {
            let (line, next) = line_at(self.bytes, self.at);
            if !is_folded(line) {
                break;
            }
            self.at = next;
        }
        self.from(start)
    }

    /// The file whose first line stands at `start`.
    fn file(&mut self, start: usize, transfer: Transfer) -> Option<Suspect<'x>> {
        let (first, next) = line_at(self.bytes, start);
        let (name, end) = match transfer {
            Transfer::Yenc => lines::yenc(first, self.bytes, next),
            _ => lines::uuencoded(first, self.bytes, next)?,
        };
        // Any text may hang behind the first line of yEnc; a line of uuencode is nothing else.
        if transfer == Transfer::Uuencode {
            self.at = end;
        }
        Some(Suspect::File(File {
            transfer,
            name,
            raw: self.bytes.get(start..end).unwrap_or_default(),
        }))
    }

    fn from(&self, start: usize) -> &'x [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }
}

/// How a file in BinHex 4.0 begins.
const BINHEX: &[u8] = b"(This file must be converted with BinHex";

/// The fewest letters of base64 that are looked into where no field announces them: eleven octets are a number, and words of
/// as many letters hardly ever decode to anything.
pub(super) const SHORTEST_RUN: usize = 15;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let tell = |suspect: Suspect<'_>| {
            let (kind, stretch) = match suspect {
                Suspect::Base64(block) => ("base64", block.lines),
                Suspect::QuotedPrintable(lines) => ("qp", lines),
                Suspect::File(file) => ("file", file.name),
                Suspect::BinHex => ("binhex", &b""[..]),
                Suspect::Part(hidden) => ("part", hidden.rest),
                Suspect::Words(lines) => ("words", lines),
            };
            format!("{kind} {}", String::from_utf8_lossy(stretch.trim_ascii()))
        };
        suspects(text.as_bytes()).map(tell).collect()
    }

    #[test]
    fn what_may_be_decoded_is_seen() {
        for (text, expected) in [
            (
                "Hej\n\nQ3ByIDEyMDM1Mi0xMjM0\nx y",
                "base64 Q3ByIDEyMDM1Mi0xMjM0",
            ),
            ("a b\nx=3D=\nmore\nlast", "qp x=3D=\nmore"),
            ("begin 644 a b.txt\n#86%A\n`\nend\n", "file a b.txt"),
            (
                "=ybegin line=128 size=1 name=a.txt\nk\n=yend\n",
                "file a.txt",
            ),
            ("(This file must be converted with BinHex 4.0)", "binhex "),
            (
                "x\n--b\nContent-Type: text/plain\n\none\n--b--\n",
                "part one",
            ),
            ("X: y\ncontent-disposition: inline\n\none", "part one"),
            (
                "Content-Transfer-Encoding:\n base64\n\nMDEw\n--b\n",
                "part MDEw",
            ),
            (
                "Subject: =?utf-8?Q?a?=\n =?utf-8?Q?b?=\nx",
                "words Subject: =?utf-8?Q?a?=\n =?utf-8?Q?b?=",
            ),
        ] {
            assert_eq!(told(text), [expected], "{text}");
        }
    }

    #[test]
    fn words_behind_many_starts_are_seen() {
        let line = format!("{}=?utf-8?B?MDEw?=", "=? ".repeat(17));
        assert_eq!(told(&line), [format!("words {line}")]);
    }

    #[test]
    fn an_indented_file_ends_where_the_next_begins() {
        let line = " =ybegin line=1 name=a\n";
        let raw: Vec<_> = suspects(line.repeat(3).as_bytes())
            .filter_map(|suspect| match suspect {
                Suspect::File(file) => Some(file.raw.len()),
                _ => None,
            })
            .collect();
        assert_eq!(raw, [line.len(); 3]);
    }

    #[test]
    fn an_encoding_named_often_is_undone_once() {
        let line = "Content-Transfer-Encoding: base64 quoted-printable\n";
        let text = format!("{}\nMDEw\n", line.repeat(3));
        let Some(Suspect::Part(hidden)) = suspects(text.as_bytes()).next() else {
            panic!("no part");
        };
        assert_eq!(hidden.transfers.len(), 2);
    }

    #[test]
    fn what_people_write_is_passed_over() {
        for text in [
            "Hej Jytte\n\nMedarbejder\nSocialforvaltningen er lukket\n",
            "=====\n a = b\n if (x == 3) { y = 4 }\n=?\n",
            "begin med at ringe\nog hils\n",
            "Content: a\nIndhold-Type: b\n",
            "-- \nJytte Holm\n+45 12 34 56 78\n",
            // The checksum of an armor.
            "=aB12\n",
        ] {
            assert_eq!(told(text), [] as [&str; 0], "{text}");
        }
    }
}
