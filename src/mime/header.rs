//! Where a header ends, and the fields in it.

use std::ops::Range;

use memchr::memchr2;

/// A header split from what follows it.
#[derive(Debug, Default)]
pub(super) struct Head<'x> {
    /// The fields in the order they stand.
    pub(super) fields: Vec<RawField<'x>>,
    /// Lines that are no field and belong to none, those that stand together as one; the line before a message in a mailbox is one. No
    /// more than [`MOST_STRAY`].
    pub(super) stray: Vec<&'x [u8]>,
    /// What follows the header.
    pub(super) rest: &'x [u8],
    /// Programs differ in where this header ends, or in what its fields are.
    pub(super) odd: bool,
    /// A CR alone ends a line of it, and an LF another: to some programs two of its fields are one, or none.
    pub(super) mixed: bool,
    /// There were more fields than allowed; the last ones were passed over.
    pub(super) over: bool,
}

/// A field as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawField<'x> {
    /// Its name, without the colon.
    pub(super) name: &'x [u8],
    /// Everything after the colon, folded lines included.
    pub(super) value: &'x [u8],
}

impl RawField<'_> {
    /// Whether the field is called `name`, whatever the case.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// Splits a header of at most `most` fields from what follows.
///
/// A line ends in LF, CRLF, any number of CR before LF, or a CR alone. Octets that start with no field that mail
/// knows are no header at all: they are all `rest`.
pub(super) fn split(bytes: &[u8], most: usize) -> Head<'_> {
    let mut head = Head::default();
    let mut at = 0;
    let mut value_start = 0;
    let mut last_known = None;
    let mut stray = Vec::new();
    let (mut returns, mut feeds) = (false, false);
    while at < bytes.len() {
        let (line, next) = line_at(bytes, at);
        match next.checked_sub(1).and_then(|end| bytes.get(end)) {
            Some(b'\n') => feeds = true,
            Some(b'\r') if next > at + line.len() => returns = true,
            _ => {}
        }
        if line.is_empty() {
            head.rest = bytes.get(next..).unwrap_or_default();
            break;
        }
        let blank = line.iter().all(|octet| octet.is_ascii_whitespace());
        let folded = is_folded(line);
        if blank && !goes_on(bytes.get(next..).unwrap_or_default()) {
            // Some programs end the header at a line of spaces, some do not.
            head.odd = true;
            head.rest = bytes.get(next..).unwrap_or_default();
            break;
        }
        if folded && head.over {
            // Belongs to a field that was passed over.
        } else if folded && let Some(field) = head.fields.last_mut() {
            field.value = bytes.get(value_start..next).unwrap_or_default();
        } else if let Some(field) = field(line) {
            head.odd |= folded;
            if head.fields.len() < most {
                value_start = at + line.len() - field.value.len();
                head.fields.push(field);
            } else {
                head.over = true;
            }
        } else if is_separator_line(line) && head.fields.is_empty() {
            // The envelope line of a mailbox: no field, and no oddity.
            add_stray(&mut stray, at..next);
        } else {
            head.odd = true;
            let last = *last_known.get_or_insert_with(|| last_known_field(bytes, at));
            if at >= last {
                head.rest = bytes.get(at..).unwrap_or_default();
                break;
            }
            // Some programs pass over it, some take it for a folded line.
            add_stray(&mut stray, at..next);
            if let Some(field) = head.fields.last_mut() {
                field.value = bytes.get(value_start..next).unwrap_or_default();
            }
        }
        at = next;
    }
    let stray = stray.into_iter().filter_map(|lines| bytes.get(lines));
    head.stray = stray.map(<[u8]>::trim_ascii_end).collect();
    head.mixed = returns && feeds;
    head.odd |= head.mixed;
    if !head.fields.iter().any(|field| is_known(field.name)) {
        let none = head.fields.is_empty() && head.stray.is_empty();
        head = Head {
            rest: if none { head.rest } else { bytes },
            odd: head.odd || !none,
            ..Head::default()
        };
    }
    head
}

/// Adds a line that is no field. There may be as many as there are lines in a message.
fn add_stray(stray: &mut Vec<Range<usize>>, line: Range<usize>) {
    let is_full = stray.len() == MOST_STRAY;
    match stray.last_mut() {
        // Nothing is lost by being read with what stands between.
        Some(last) if last.end == line.start || is_full => last.end = line.end,
        _ => stray.push(line),
    }
}

/// The line that starts at `at`, without its end, and where the next starts.
pub(super) fn line_at(bytes: &[u8], at: usize) -> (&[u8], usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let Some(length) = memchr2(b'\r', b'\n', rest) else {
        return (rest, bytes.len());
    };
    let (line, end) = rest.split_at(length);
    (line, at + length + line_end(end))
}

/// How long the line end is that `bytes` start with. Behind [`MOST_RETURNS`] it is not looked for: each of a million CRs would be
/// counted as often as there are some before it.
fn line_end(bytes: &[u8]) -> usize {
    let near = bytes.iter().take(MOST_RETURNS);
    let returns = near.take_while(|&&octet| octet == b'\r').count();
    if bytes.get(returns) == Some(&b'\n') {
        returns + 1
    } else {
        1
    }
}

/// The field a line begins, if it does: a name of printable octets, a colon.
pub(super) fn field(line: &[u8]) -> Option<RawField<'_>> {
    let colon = memchr::memchr(b':', line)?;
    let (name, value) = line.split_at(colon);
    let name = name.trim_ascii();
    // A NUL before the name is passed over by some.
    let name = name.strip_prefix(b"\0").unwrap_or(name);
    let printable = |octet: &u8| (0x21..0x7F).contains(octet);
    (!name.is_empty() && name.len() <= LONGEST_NAME && name.iter().all(printable)).then(|| {
        RawField {
            name,
            value: value.get(1..).unwrap_or_default(),
        }
    })
}

/// Whether a line goes on where the one before it ended.
pub(super) fn is_folded(line: &[u8]) -> bool {
    matches!(line.first(), Some(b' ' | b'\t'))
}

/// Whether a header goes on after a line of spaces: with a folded line or a field that is known.
fn goes_on(rest: &[u8]) -> bool {
    let (line, _) = line_at(rest, 0);
    is_folded(line) && !line.trim_ascii().is_empty()
        || field(line).is_some_and(|field| is_known(field.name))
}

/// Where the last field that is known stands before the next blank line.
fn last_known_field(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    let mut last = 0;
    while at < bytes.len() {
        let (line, next) = line_at(bytes, at);
        if line.is_empty() {
            break;
        }
        if field(line).is_some_and(|field| is_known(field.name)) {
            last = at;
        }
        at = next;
    }
    last
}

/// `From someone@example Thu Jan  1 00:00:00 1970`.
fn is_separator_line(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

/// Whether mail knows a field of this name.
pub(super) fn is_known(name: &[u8]) -> bool {
    let starts = |prefix: &str| {
        name.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    KNOWN
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
        || KNOWN_FAMILIES.iter().any(|family| starts(family))
}

const KNOWN: &[&str] = &[
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "sender",
    "reply-to",
    "message-id",
    "received",
    "return-path",
    "mime-version",
    "in-reply-to",
    "references",
    "delivered-to",
    "comments",
    "keywords",
    "dkim-signature",
    "thread-topic",
    "thread-index",
    "user-agent",
    "organization",
    "importance",
    "authentication-results",
];

const KNOWN_FAMILIES: &[&str] = &["content-", "x-", "resent-", "list-", "arc-"];

/// The most CRs that make one line end with the LF behind them. More end a line each, so that a header ends there at the latest; no
/// program is known that writes more than three.
const MOST_RETURNS: usize = 64;

/// No field mail uses has a longer name; a line of prose with a colon far into it is not one.
const LONGEST_NAME: usize = 76;

/// The most stretches of lines in one header that are no fields. The last goes on to the last such line, with what is between: each is
/// read as a part of its own, and nobody writes so many.
const MOST_STRAY: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &str) -> (Vec<(String, String)>, String, bool) {
        let head = split(bytes.as_bytes(), 100);
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        (
            head.fields
                .iter()
                .map(|field| (text(field.name), text(field.value).trim().to_owned()))
                .collect(),
            text(head.rest),
            head.odd,
        )
    }

    #[test]
    fn lines_that_are_no_field_are_told_together_and_in_few_stretches() {
        let lines = |bytes: &str| -> Vec<String> {
            let stray = split(bytes.as_bytes(), 100).stray;
            let text = |octets: &&[u8]| String::from_utf8_lossy(octets).into_owned();
            stray.iter().map(text).collect()
        };
        assert_eq!(
            lines("From: a\n0101\r\n90-1234\nTo: b\nx y\nDate: c\n\n"),
            ["0101\r\n90-1234", "x y"]
        );
        // A folded line is of the field above, wherever it stands.
        for between in [" y\n", "X-Y: y\n"] {
            let many = format!(
                "From: a\n{}z\nDate: c\n\n",
                format!("x\n{between}").repeat(60)
            );
            let told = lines(&many);
            assert_eq!(told.len(), MOST_STRAY);
            assert!(told.iter().any(|lines| lines.ends_with('z')), "{told:?}");
            assert_eq!(told.concat().matches('x').count(), 60);
        }
    }

    #[test]
    fn a_header_ends_at_its_blank_line_whatever_ends_its_lines() {
        for bytes in [
            "From: a\r\nTo: b\r\n\r\nrest",
            "From: a\nTo: b\n\nrest",
            "From: a\rTo: b\r\rrest",
            "From: a\r\r\nTo: b\r\r\n\r\r\nrest",
            "From x@y Thu Jan 1\nFrom: a\nTo: b\n\nrest",
        ] {
            let (fields, rest, odd) = told(bytes);
            let pairs: Vec<_> = fields
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            assert_eq!(pairs, [("From", "a"), ("To", "b")], "{bytes:?}");
            assert_eq!(rest, "rest");
            assert!(!odd);
        }
    }

    #[test]
    fn folded_lines_belong_to_their_field() {
        let (fields, rest, _) = told("Subject: a\r\n b\r\n\tc\r\n\r\nrest");
        assert_eq!(fields[0].1, "a\r\n b\r\n\tc");
        assert_eq!(rest, "rest");
    }

    #[test]
    fn nothing_is_lost_where_a_header_has_no_end() {
        for (bytes, expected) in [
            (
                "From: a\r\nHello there\r\nmore\r\n",
                "Hello there\r\nmore\r\n",
            ),
            ("From: a\r\n \r\nHello", "Hello"),
            ("just text\r\nand more", "just text\r\nand more"),
            ("CPR: 1\r\n\r\nmore", "CPR: 1\r\n\r\nmore"),
        ] {
            let (_, rest, odd) = told(bytes);
            assert_eq!(rest, expected);
            assert!(odd, "{bytes:?}");
        }
        let (fields, rest, odd) = told("From: a\r\njunk\r\nSubject: s\r\n\r\nrest");
        assert_eq!(fields[0].1, "a\r\njunk");
        assert_eq!((fields.len(), rest.as_str(), odd), (2, "rest", true));
    }

    #[test]
    fn an_empty_header_is_no_oddity() {
        assert_eq!(told("\r\nrest"), (vec![], "rest".into(), false));
        assert_eq!(told(""), (vec![], String::new(), false));
    }
}
