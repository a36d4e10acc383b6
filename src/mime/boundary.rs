//! A multipart cut at its delimiter lines (RFC 2046 section 5.1.1).

use memchr::memmem;

use crate::mime::header::{is_known, line_at};

/// A multipart cut into pieces.
#[derive(Debug, Default)]
pub(super) struct Cut<'x> {
    /// The pieces in the order they stand.
    pub(super) pieces: Vec<Piece<'x>>,
    /// Programs differ in how they cut it.
    pub(super) odd: bool,
    /// There were more parts than allowed; the last piece holds the rest uncut.
    pub(super) over: bool,
}

/// A stretch between delimiter lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'x> {
    /// Before the first delimiter: most clients show it to nobody.
    Preamble(&'x [u8]),
    /// A part.
    Part(&'x [u8]),
    /// After a closing delimiter.
    Epilogue(&'x [u8]),
}

/// Cuts `bytes` at the delimiters of all `boundaries`, for each may be the one a program believes. `None` where
/// there is no delimiter at all, not even one that is not announced.
pub(super) fn cut<'x>(bytes: &'x [u8], boundaries: &[&str], most: usize) -> Option<Cut<'x>> {
    let boundaries: Vec<&[u8]> = boundaries
        .iter()
        .map(|boundary| boundary.trim_end().as_bytes())
        .filter(|boundary| !boundary.is_empty())
        .collect();
    let exact = cut_by(bytes, most, |line| exactly(line, &boundaries));
    if exact.has_parts() {
        let odd = exact.odd || boundaries.len() > 1;
        return Some(Cut { odd, ..exact });
    }
    let loose = cut_by(bytes, most, |line| loosely(line, &boundaries));
    let guessed =
        || guess(bytes).map(|boundary| cut_by(bytes, most, |line| exactly(line, &[boundary])));
    [Some(loose), guessed()]
        .into_iter()
        .flatten()
        .find(Cut::has_parts)
        .or_else(|| (exact.pieces.len() > 1).then_some(exact))
        .map(|cut| Cut { odd: true, ..cut })
}

impl Cut<'_> {
    fn has_parts(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Part(_)))
    }
}

/// What a line is to a multipart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delimiter {
    Opening,
    Closing,
}

fn cut_by<'x>(
    bytes: &'x [u8],
    most: usize,
    delimiter: impl Fn(&[u8]) -> Option<Delimiter>,
) -> Cut<'x> {
    let mut cut = Cut::default();
    let mut parts = 0;
    let mut start = 0;
    let mut last: Option<Delimiter> = None;
    let mut closed = false;
    for found in memmem::find_iter(bytes, b"--") {
        let Some(line_start) = line_start(bytes, found).filter(|at| *at >= start) else {
            continue;
        };
        let (line, next) = line_at(bytes, line_start);
        let Some(delimiter) = delimiter(line) else {
            continue;
        };
        if parts == most {
            cut.over = true;
            break;
        }
        cut.pieces.push(piece(bytes, start, line_start, last));
        // A delimiter after the closing one: some read on, some do not.
        cut.odd |= closed;
        closed |= delimiter == Delimiter::Closing;
        parts += usize::from(delimiter == Delimiter::Opening);
        last = Some(delimiter);
        start = next;
    }
    cut.odd |= last == Some(Delimiter::Opening) && !cut.over;
    cut.pieces.push(piece(bytes, start, bytes.len(), last));
    cut
}

/// The start of the line that `at` is the first visible octet of.
fn line_start(bytes: &[u8], at: usize) -> Option<usize> {
    let before = bytes.get(..at)?;
    let spaces = before
        .iter()
        .rev()
        .take(MOST_INDENT)
        .take_while(|octet| matches!(octet, b' ' | b'\t'))
        .count();
    let start = at - spaces;
    let previous = start.checked_sub(1).and_then(|before| bytes.get(before));
    matches!(previous, None | Some(b'\n' | b'\r')).then_some(start)
}

/// The stretch from `start` to `end`; the line end before a delimiter belongs to the delimiter.
fn piece(bytes: &[u8], start: usize, end: usize, after: Option<Delimiter>) -> Piece<'_> {
    let stretch = bytes.get(start..end).unwrap_or_default();
    let stretch = if end < bytes.len() {
        let stretch = stretch.strip_suffix(b"\n").unwrap_or(stretch);
        stretch.strip_suffix(b"\r").unwrap_or(stretch)
    } else {
        stretch
    };
    match after {
        None => Piece::Preamble(stretch),
        Some(Delimiter::Opening) => Piece::Part(stretch),
        Some(Delimiter::Closing) => Piece::Epilogue(stretch),
    }
}

fn exactly(line: &[u8], boundaries: &[&[u8]]) -> Option<Delimiter> {
    let rest = line.strip_prefix(b"--")?;
    boundaries.iter().find_map(|boundary| {
        let tail = rest.strip_prefix(*boundary)?.trim_ascii_end();
        match tail {
            [] => Some(Delimiter::Opening),
            b"--" => Some(Delimiter::Closing),
            _ => None,
        }
    })
}

/// As programs do that compare only the start of a line, or pass over its indent.
fn loosely(line: &[u8], boundaries: &[&[u8]]) -> Option<Delimiter> {
    let rest = line.trim_ascii_start().strip_prefix(b"--")?;
    boundaries.iter().find_map(|boundary| {
        let tail = rest.strip_prefix(*boundary)?;
        Some(if tail.starts_with(b"--") {
            Delimiter::Closing
        } else {
            Delimiter::Opening
        })
    })
}

/// The boundary of a multipart that announces none: what stands in the first line that looks like a delimiter and
/// is followed by a field.
fn guess(bytes: &[u8]) -> Option<&[u8]> {
    memmem::find_iter(bytes, b"--")
        .filter(|&at| line_start(bytes, at) == Some(at))
        .take(MOST_GUESSES)
        .find_map(|at| {
            let (line, next) = line_at(bytes, at);
            let (following, _) = line_at(bytes, next);
            let name = following.split(|&octet| octet == b':').next()?;
            let boundary = line.get(2..)?.trim_ascii_end();
            (following.contains(&b':') && is_known(name.trim_ascii()) && !boundary.is_empty())
                .then_some(boundary)
        })
}

/// How far a delimiter may be indented and still be seen.
const MOST_INDENT: usize = 16;

/// How many lines are looked at for a boundary that is not announced.
const MOST_GUESSES: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &str, boundaries: &[&str]) -> Option<(String, bool)> {
        let cut = cut(bytes.as_bytes(), boundaries, 10)?;
        let pieces: Vec<String> = cut
            .pieces
            .iter()
            .map(|piece| {
                let (kind, stretch) = match piece {
                    Piece::Preamble(stretch) => ('<', stretch),
                    Piece::Part(stretch) => ('=', stretch),
                    Piece::Epilogue(stretch) => ('>', stretch),
                };
                format!("{kind}{}", String::from_utf8_lossy(stretch))
            })
            .collect();
        Some((pieces.join("|"), cut.odd))
    }

    #[test]
    fn multiparts_are_cut_at_their_delimiters() {
        for (bytes, boundaries, expected, odd) in [
            (
                "p\r\n--b\r\none\r\n--b\r\ntwo\r\n--b--\r\ne",
                &["b"][..],
                "<p|=one|=two|>e",
                false,
            ),
            ("--b\none\n--b--", &["b"], "<|=one|>", false),
            ("--b\rone\r--b--\r", &["b"], "<|=one|>", false),
            ("--b \t\r\none\r\n--b-- \r\n", &["b"], "<|=one|>", false),
            // The boundary of another multipart is longer.
            ("--b\n--bc\nx\n--b--", &["b"], "<|=--bc\nx|>", false),
            ("--b\none", &["b"], "<|=one", true),
            (
                "--b\none\n--b--\n--b\ntwo\n--b--",
                &["b"],
                "<|=one|>|=two|>",
                true,
            ),
            (
                "--a\none\n--b\ntwo\n--a--",
                &["a", "b"],
                "<|=one|=two|>",
                true,
            ),
            (" --b\none\n --b--", &["b"], "<|=one|>", true),
            ("--bx\none\n--by\ntwo", &["b"], "<|=one|=two", true),
            (
                "--x\nContent-Type: text/plain\n\none\n--x--",
                &[],
                "<|=Content-Type: text/plain\n\none|>",
                true,
            ),
        ] {
            let cut = told(bytes, boundaries).unwrap();
            assert_eq!(cut, (expected.to_owned(), odd), "{bytes:?}");
        }
        assert_eq!(told("no delimiter -- here\n--\n", &["b"]), None);
    }

    #[test]
    fn more_parts_than_allowed_are_left_uncut() {
        let bytes = "--b\nx\n".repeat(20);
        let cut = cut(bytes.as_bytes(), &["b"], 10).unwrap();
        assert!(cut.over);
        assert_eq!(cut.pieces.len(), 11);
    }
}
