//! `Content-Type` and `Content-Disposition`: the value and its parameters, in every way they may be understood.

mod section;

use std::collections::BTreeMap;

use section::{Piece, Section, joined};

use crate::mime::word;

/// A field of the form `value; name=value; ...` (RFC 2045 section 5.1, RFC 2231).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Structured {
    /// The value before the parameters, in lower case, without comments: `text/plain`, `attachment`.
    pub(super) value: String,
    /// There were more parameters than anybody writes; the last ones were passed over.
    pub(super) over: bool,
    parameters: Vec<(String, String)>,
}

impl Structured {
    /// All values of the parameter `name`, each once: there is more than one where programs may differ.
    pub(super) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.parameters
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of the parameter `name`.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn add(&mut self, name: String, value: String) {
        let value = value.trim().to_owned();
        let known = |(n, v): &(String, String)| *n == name && *v == value;
        if !value.is_empty() && !self.parameters.iter().any(known) {
            self.parameters.push((name, value));
        }
    }
}

/// Reads a field. With comments it is read both without them and as if they were text, for a file name may hold
/// brackets.
pub(super) fn parse(value: &[u8]) -> Structured {
    let unfolded: Vec<u8> = value
        .iter()
        .filter(|octet| !matches!(octet, b'\r' | b'\n' | 0))
        .copied()
        .collect();
    let mut structured = Structured::default();
    let plain = without_comments(&unfolded);
    read(&plain, &mut structured);
    if plain.len() != unfolded.len() {
        let value = structured.value.clone();
        read(&unfolded, &mut structured);
        structured.value = value;
    }
    structured
}

fn read(bytes: &[u8], into: &mut Structured) {
    let end = bytes
        .iter()
        .position(|octet| matches!(octet, b';' | b',') || octet.is_ascii_whitespace())
        .unwrap_or(bytes.len());
    // `text / plain` and leading spaces are tolerated everywhere.
    let leading = bytes.trim_ascii_start();
    let end = end.max(bytes.len() - leading.len());
    let (value, mut rest) = match memchr::memchr3(b';', b',', b'=', leading) {
        None => (leading, &b""[..]),
        Some(at) if leading.get(at) == Some(&b'=') => {
            bytes.split_at_checked(end).unwrap_or((b"", bytes))
        }
        Some(at) => leading.split_at_checked(at).unwrap_or((leading, b"")),
    };
    into.value = value
        .iter()
        .filter(|octet| !octet.is_ascii_whitespace() && **octet != b'"')
        .map(|octet| char::from(octet.to_ascii_lowercase()))
        .collect();
    let mut pieces: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
    let mut left = MOST_PARAMETERS;
    while let Some((parameter, after)) = parameter(rest) {
        if left == 0 {
            into.over = true;
            break;
        }
        left -= 1;
        rest = after;
        match Section::of(&parameter.name) {
            Some((name, section)) => pieces.entry(name).or_default().push(Piece {
                section,
                value: parameter.value,
            }),
            None => {
                for value in readings(&parameter) {
                    into.add(parameter.name.clone(), value);
                }
            }
        }
    }
    for (name, mut pieces) in pieces {
        pieces.sort_by_key(|piece| piece.section.index);
        into.add(name, joined(&pieces));
    }
}

/// A parameter as written.
struct Parameter {
    name: String,
    value: Vec<u8>,
    quoted: bool,
}

/// The next parameter: a name, `=`, a value. What is neither is passed over.
fn parameter(bytes: &[u8]) -> Option<(Parameter, &[u8])> {
    let equals = memchr::memchr(b'=', bytes)?;
    let (before, after) = bytes.split_at(equals);
    let name: String = before
        .rsplit(|octet| matches!(octet, b';' | b','))
        .next()
        .unwrap_or_default()
        .trim_ascii()
        .rsplit(|octet| octet.is_ascii_whitespace())
        .next()
        .unwrap_or_default()
        .iter()
        .map(|octet| char::from(octet.to_ascii_lowercase()))
        .collect();
    let after = after.get(1..).unwrap_or_default().trim_ascii_start();
    if let Some(inner) = after.strip_prefix(b"\"") {
        let (value, rest) = quoted(inner);
        return Some((
            Parameter {
                name,
                value,
                quoted: true,
            },
            rest,
        ));
    }
    let (value, rest) = after.split_at(token_end(after));
    let value = value.trim_ascii().to_vec();
    Some((
        Parameter {
            name,
            value,
            quoted: false,
        },
        rest,
    ))
}

/// Where an unquoted value ends: at `;`, or before what looks like the next parameter, as in
/// `boundary=b charset=c`, where the separator is missing. A file name may hold spaces and `=`.
fn token_end(bytes: &[u8]) -> usize {
    let mut from = 0;
    while let Some(found) = memchr::memchr2(b';', b'=', bytes.get(from..).unwrap_or_default()) {
        let at = from + found;
        if bytes.get(at) == Some(&b';') {
            return at;
        }
        let between = bytes.get(from..at).unwrap_or_default();
        let name = between
            .iter()
            .rev()
            .take_while(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'*'))
            .count();
        let separator = between.len().checked_sub(name + 1);
        let separated = separator
            .and_then(|at| between.get(at))
            .is_some_and(|octet| matches!(octet, b' ' | b'\t' | b','));
        if name > 0 && separated {
            return at - name - 1;
        }
        from = at + 1;
    }
    bytes.len()
}

/// A quoted string from behind its first quote, and what follows it. One that never ends is taken whole.
fn quoted(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    let mut rest = bytes;
    loop {
        rest = match rest {
            [b'"', tail @ ..] => return (value, tail),
            [b'\\', escaped @ (b'"' | b'\\'), tail @ ..] => {
                value.push(*escaped);
                tail
            }
            [octet, tail @ ..] => {
                value.push(*octet);
                tail
            }
            [] => return (value, rest),
        };
    }
}

/// The ways the value of a parameter may be understood.
fn readings(parameter: &Parameter) -> Vec<String> {
    let full = word::text(&parameter.value).text.into_owned();
    let mut all = Vec::new();
    if !parameter.quoted && !matches!(parameter.name.as_str(), "name" | "filename") {
        // A token ends at a space; some take the rest of it too, some strip single quotes.
        let token = full
            .split([' ', '\t', ','])
            .next()
            .unwrap_or(&full)
            .to_owned();
        all.push(token.clone());
        all.push(token.trim_matches('\'').to_owned());
    }
    // Any letter may be escaped, and a path of Windows is full of what looks like it.
    if parameter.quoted && full.contains('\\') {
        all.push(full.replace('\\', ""));
    }
    all.push(full);
    all
}

/// The octets outside comments (RFC 5322 section 3.2.2); a bracket that never closes is no comment.
pub(super) fn without_comments(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut depth = 0_usize;
    let mut opened = 0;
    let mut in_quotes = false;
    let mut escaped = false;
    for (at, &octet) in bytes.iter().enumerate() {
        let was_escaped = std::mem::take(&mut escaped);
        match octet {
            b'\\' if !was_escaped => {
                escaped = true;
                if depth == 0 {
                    kept.push(octet);
                }
            }
            b'"' if depth == 0 && !was_escaped => {
                in_quotes = !in_quotes;
                kept.push(octet);
            }
            b'(' if !in_quotes && !was_escaped => {
                if depth == 0 {
                    opened = at;
                }
                depth += 1;
            }
            b')' if depth > 0 && !was_escaped => depth -= 1,
            _ if depth == 0 => kept.push(octet),
            _ => {}
        }
    }
    if depth > 0 {
        kept.extend_from_slice(bytes.get(opened..).unwrap_or_default());
    }
    kept
}

/// The most parameters of one field; a long file name in sections has some ten.
const MOST_PARAMETERS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_in_every_way_they_may_be_meant() {
        for (field, name, expected) in [
            ("multipart/mixed; boundary=abc", "boundary", &["abc"][..]),
            ("multipart/mixed; boundary=\"a b\"", "boundary", &["a b"]),
            (
                "multipart/mixed; boundary='abc'",
                "boundary",
                &["'abc'", "abc"],
            ),
            (
                "multipart/mixed; boundary=a; boundary=b",
                "boundary",
                &["a", "b"],
            ),
            ("multipart/mixed boundary=abc", "boundary", &["abc"]),
            ("multipart/mixed, boundary=abc", "boundary", &["abc"]),
            ("multipart/mixed; boundary(x)=abc", "boundary", &["abc"]),
            ("multipart/mixed; (x) boundary=abc", "boundary", &["abc"]),
            ("multipart/mixed; boundary=\"abc", "boundary", &["abc"]),
            (
                "multipart/mixed; boundary*=us-ascii''a%20c",
                "boundary",
                &["a c"],
            ),
            (
                "multipart/mixed; boundary*0=ab; boundary*1=c",
                "boundary",
                &["abc"],
            ),
            (
                "multipart/mixed; boundary=abc charset=x",
                "boundary",
                &["abc"],
            ),
            (
                "multipart/mixed; boundary=\"=?utf-8?Q?abc?=\"",
                "boundary",
                &["abc"],
            ),
            (
                "attachment; filename=\"a\\\"b.txt\"",
                "filename",
                &["a\"b.txt"],
            ),
            (
                "attachment; filename=min fil (1).pdf",
                "filename",
                &["min fil .pdf", "min fil (1).pdf"],
            ),
            (
                "attachment; filename=\"=?utf-8?B?w7hs?= =?utf-8?B?LnR4dA==?=\"",
                "filename",
                &["øl.txt"],
            ),
            (
                "attachment; filename*1*=%3103.txt; filename*0*=iso-8859-1'da'S%F8n%20",
                "filename",
                &["Søn 103.txt"],
            ),
            (
                "attachment; filename*0=\"3103\"; filename*1=\"95-3102.txt\"",
                "filename",
                &["310395-3102.txt"],
            ),
            (
                "attachment; filename=a.txt; filename*=utf-8''b.txt",
                "filename",
                &["a.txt", "b.txt"],
            ),
        ] {
            let structured = parse(field.as_bytes());
            let all: Vec<_> = structured.all(name).collect();
            assert_eq!(all, expected, "{field}");
        }
    }

    #[test]
    fn the_value_is_told_without_what_surrounds_it() {
        for (field, value) in [
            ("text/plain", "text/plain"),
            (" TEXT/Plain ; charset=x", "text/plain"),
            ("text/plain charset=x", "text/plain"),
            ("(hello) text/(x)html", "text/html"),
            ("multipart; boundary=b", "multipart"),
            ("", ""),
            (";;;=", ""),
        ] {
            assert_eq!(parse(field.as_bytes()).value, value, "{field}");
        }
    }
}
