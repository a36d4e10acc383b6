//! Headers in the middle of a text, and the parts that they are of.

use crate::mime::header::{field, is_folded, line_at};
use crate::mime::suspect::lines::Ascii;
use crate::mime::suspect::{Hidden, Suspect, Suspects};
use crate::mime::transfer::named;

impl<'x> Suspects<'x> {
    /// The part to whose header the field at `start` belongs.
    pub(super) fn part(&mut self, start: usize) -> Suspect<'x> {
        let begin = self.header_start(start);
        let mut transfers = Vec::new();
        let mut at = start;
        // The field the line at hand belongs to names transfer encodings.
        let mut names = false;
        while at < self.bytes.len() {
            let (line, next) = line_at(self.bytes, at);
            let is_content = is_content_field(line);
            if !is_content && !is_folded(line) && field(line).is_none() {
                break;
            }
            names = is_content && names_transfer(line) || names && is_folded(line);
            if names {
                for transfer in named(line) {
                    // Each is undone once, however often it is named.
                    if !transfers.contains(&transfer) {
                        transfers.push(transfer);
                    }
                }
            }
            at = next;
        }
        while let (line, next) = line_at(self.bytes, at)
            && line.trim_ascii().is_empty()
            && at < self.bytes.len()
        {
            at = next;
        }
        let rest = at;
        while at < self.bytes.len() {
            let (line, next) = line_at(self.bytes, at);
            if is_content_field(line) || is_delimiter(line) {
                break;
            }
            at = next;
        }
        let end = if at < self.bytes.len() {
            self.header_start(at).max(rest)
        } else {
            at
        };
        self.header_until = rest;
        // What is encoded is looked into when it is decoded.
        if !transfers.is_empty() {
            self.at = end;
        }
        Suspect::Part(Hidden {
            raw: self.bytes.get(begin..end).unwrap_or_default(),
            rest: self.bytes.get(rest..end).unwrap_or_default(),
            transfers,
        })
    }

    /// Where the header begins that the field at `at` belongs to.
    fn header_start(&self, at: usize) -> usize {
        let mut start = at;
        for _ in 0..MOST_FIELDS_BEFORE {
            let before = self.bytes.get(self.header_until..start).unwrap_or_default();
            let before = before.strip_suffix(b"\n").unwrap_or(before);
            let before = before.strip_suffix(b"\r").unwrap_or(before);
            let line = memchr::memrchr2(b'\r', b'\n', before).map_or(0, |end| end + 1);
            let previous = before.get(line..).unwrap_or_default();
            if previous.len() > LONGEST_LINE_BEFORE
                || field(previous).is_none() && !is_folded(previous)
            {
                break;
            }
            start = self.header_until + line;
        }
        start
    }
}

/// Whether a line begins a field of a part, written well or nearly so.
pub(super) fn is_content_field(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    let line = line.strip_prefix(b"\0").unwrap_or(line);
    FIELDS.iter().any(|field| line.starts_with_letters(field))
}

fn names_transfer(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    line.strip_prefix(b"\0")
        .unwrap_or(line)
        .starts_with_letters(b"content-transfer")
}

/// `--` and something, indented or not; the line above a signature, `-- `, is none.
fn is_delimiter(line: &[u8]) -> bool {
    line.trim_ascii().len() > 2 && line.trim_ascii_start().starts_with(b"--")
}

/// The fields that say what a part is.
const FIELDS: [&[u8]; 3] = [b"content-transfer", b"content-type", b"content-disposition"];

/// How many fields above the one that says what a part is are taken for its header, and how long they may be.
const MOST_FIELDS_BEFORE: usize = 32;
const LONGEST_LINE_BEFORE: usize = 1000;
