//! What single lines are.

use memchr::memmem;

use crate::mime::header::line_at;
use crate::mime::transfer::{hex, is_base64};

/// Looks into octets that are mostly ASCII.
pub(super) trait Ascii {
    /// Whether they hold `octet`.
    fn contains_octet(&self, octet: u8) -> bool;
    /// Whether they start with `letters`, which are of lower case, in any case.
    fn starts_with_letters(&self, letters: &[u8]) -> bool;
}

impl Ascii for [u8] {
    fn contains_octet(&self, octet: u8) -> bool {
        memchr::memchr(octet, self).is_some()
    }

    fn starts_with_letters(&self, letters: &[u8]) -> bool {
        self.get(..letters.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(letters))
    }
}

/// Whether a line is of base64 and nothing else.
pub(super) fn is_letters(line: &[u8]) -> bool {
    letters(line) > 0
}

/// How many letters of base64 a line has that is of base64 and nothing else, its padding not counted; else 0.
pub(super) fn letters(line: &[u8]) -> usize {
    let line = line.trim_ascii();
    let count = line
        .iter()
        .position(|&octet| !is_base64(octet))
        .unwrap_or(line.len());
    let padding = line.get(count..).unwrap_or_default();
    if padding.len() <= MOST_PADDING && padding.iter().all(|&octet| octet == b'=') {
        count
    } else {
        0
    }
}

/// Whether a line has escapes of quoted-printable or ends in a soft break, and no `=` is anything else.
pub(super) fn is_escaped(line: &[u8]) -> bool {
    // The checksum below an armor (RFC 9580 section 6.1).
    if line.len() == 5 && line.first() == Some(&b'=') {
        return false;
    }
    let mut rest = line;
    let mut any = false;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let (before, escape) = rest.split_at(at);
        rest = match escape {
            [_, high, low, tail @ ..] if hex(*high).is_some() && hex(*low).is_some() => tail,
            // A row of `=` is a line that somebody drew.
            [_, tail @ ..] if tail.trim_ascii().is_empty() && (any || !before.is_empty()) => &[],
            _ => return false,
        };
        any = true;
    }
    any
}

/// Whether a line has the start of an encoded word: `=?`, a charset, `?`, its encoding, `?`.
pub(super) fn has_word(line: &[u8]) -> bool {
    memmem::find_iter(line, b"=?").any(|at| {
        let rest = line.get(at + 2..).unwrap_or_default();
        let charset = rest
            .iter()
            .take(MOST_CHARSET)
            .take_while(|octet| octet.is_ascii_graphic() && **octet != b'?')
            .count();
        let after = rest.get(charset..).unwrap_or_default();
        charset > 1 && matches!(after, [b'?', b'B' | b'b' | b'Q' | b'q', b'?', ..])
    })
}

/// The name of the uuencoded file whose first line is `first`, and where it ends; `None` where no line of one follows.
pub(super) fn uuencoded<'x>(
    first: &'x [u8],
    bytes: &'x [u8],
    next: usize,
) -> Option<(&'x [u8], usize)> {
    let words = first.trim_ascii_start().strip_prefix(b"begin ")?;
    let mode = words.iter().take_while(|octet| octet.is_ascii_digit());
    let (_, name) = words.split_at_checked(mode.count())?;
    let mut at = next;
    let mut lines = 0_u32;
    while at < bytes.len() {
        let (line, after) = line_at(bytes, at);
        if line.trim_ascii() == b"end" {
            at = after;
            break;
        }
        if !is_uuencoded(line) {
            break;
        }
        lines += u32::from(line.len() > 1);
        at = after;
    }
    (lines > 0).then_some((name.trim_ascii(), at))
}

/// Whether a line is as long as its first octet says, give or take what programs strip and add at its end.
fn is_uuencoded(line: &[u8]) -> bool {
    let Some((&first, data)) = line.split_first() else {
        return false;
    };
    if !line.iter().all(|octet| (b' '..=b'`').contains(octet)) {
        return false;
    }
    let octets = usize::from(first.wrapping_sub(b' ') & 63);
    let full = octets.div_ceil(3) * 4;
    let stripped = data
        .iter()
        .rev()
        .take_while(|octet| **octet == b' ')
        .count();
    data.len() <= full + 2 && data.len() + 3 >= full.min(octets * 4 / 3)
        || octets > 0 && data.len() - stripped <= full && data.len() + MOST_STRIPPED >= full
}

/// The name of the yEnc file whose first line is `first`, and where it ends: with its last line, before the next file, or with
/// the text.
pub(super) fn yenc<'x>(first: &'x [u8], bytes: &[u8], next: usize) -> (&'x [u8], usize) {
    let name = memmem::find(first, b"name=").and_then(|at| first.get(at + 5..));
    let name = name.unwrap_or_default().trim_ascii();
    let mut at = next;
    while at < bytes.len() {
        let (line, after) = line_at(bytes, at);
        // Seen where it is indented too, as the first line is, or every file would reach to the end.
        let line = line.trim_ascii_start();
        if line.starts_with(b"=ybegin ") {
            break;
        }
        at = after;
        if line.starts_with(b"=yend") {
            break;
        }
    }
    (name, at)
}

/// More `=` than this at the end of a line is a line that somebody drew.
const MOST_PADDING: usize = 3;

/// How many spaces at the end of a line of uuencode may have been stripped.
const MOST_STRIPPED: usize = 8;

/// How long the name of a charset may be: no more of a start of a word is looked at.
const MOST_CHARSET: usize = 40;
