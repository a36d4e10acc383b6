//! The text of a field: unfolded, encoded words decoded (RFC 2047).

use std::borrow::Cow;

use memchr::memmem;

use crate::mime::charset::{Decoded, decode};
use crate::mime::transfer::{base64, hex};

/// The text of a field as a reader sees it.
///
/// Adjacent encoded words of one charset are decoded as one run of octets, for some programs cut them inside a
/// character. A word that is never closed, and one inside another, are told both ways.
pub(super) fn text(value: &[u8]) -> Decoded<'_> {
    let value = value.trim_ascii();
    if memchr::memchr3(b'\r', b'\n', 0, value).is_none() && memmem::find(value, b"=?").is_none() {
        return decode(value, None);
    }
    let outer = decoded(value, Writer::default());
    let holds_a_word = outer.text.contains("=?") && outer.text.contains("?=");
    if holds_a_word && *outer.text.as_bytes() != *value {
        let inner = Writer {
            words_only: true,
            ..Writer::default()
        };
        let inner = decoded(outer.text.as_bytes(), inner).text;
        return Decoded {
            text: format!("{} {}", outer.text, inner.trim()).into(),
            doubtful: outer.doubtful,
        };
    }
    outer
}

/// The text of lines that may be a field.
pub fn words(lines: &[u8]) -> Cow<'_, str> {
    text(lines).text
}

fn decoded<'x>(value: &'x [u8], mut writer: Writer<'x>) -> Decoded<'static> {
    let mut rest = value;
    while let Some(at) = memmem::find(rest, b"=?") {
        let (before, candidate) = rest.split_at(at);
        match encoded_word(candidate) {
            Ok((word, after)) => {
                if !before.trim_ascii().is_empty() || !writer.after_word {
                    writer.literal(before);
                }
                writer.word(word);
                rest = after;
            }
            Err(NotAWord::Here) => {
                writer.literal(before);
                writer.literal(b"=?");
                rest = candidate.get(2..).unwrap_or_default();
            }
            Err(NotAWord::Unknown) => {
                writer.doubtful = true;
                writer.literal(before);
                writer.literal(b"=?");
                rest = candidate.get(2..).unwrap_or_default();
            }
            Err(NotAWord::Open(word)) => {
                writer.doubtful = true;
                writer.literal(rest);
                writer.literal(b" ");
                writer.word(word);
                rest = b"";
            }
        }
    }
    writer.literal(rest);
    writer.finish()
}

/// An encoded word, its octets not yet text.
struct Word<'x> {
    charset: &'x [u8],
    bytes: Vec<u8>,
}

enum NotAWord<'x> {
    /// What stands here is none.
    Here,
    /// It is framed as one, in an encoding that is not known.
    Unknown,
    /// It is never closed, and nothing further on is: looking again at every start would be quadratic. What it says if it
    /// ends at the next space.
    Open(Word<'x>),
}

/// The encoded word `bytes` start with, and what follows it.
fn encoded_word(bytes: &[u8]) -> Result<(Word<'_>, &[u8]), NotAWord<'_>> {
    let inner = bytes.get(2..).ok_or(NotAWord::Here)?;
    // A charset has no spaces; the longest registered name has some forty octets.
    let charset = inner
        .iter()
        .take(MOST_CHARSET)
        .position(|&octet| octet == b'?')
        .and_then(|at| inner.split_at_checked(at))
        .filter(|(charset, _)| !charset.is_empty() && !charset.contains(&b' '));
    let Some((charset, [b'?', encoding, b'?', data @ ..])) = charset else {
        return Err(NotAWord::Here);
    };
    if !matches!(encoding, b'B' | b'b' | b'Q' | b'q') {
        return Err(NotAWord::Unknown);
    }
    let end = memmem::find(data, b"?=");
    let open_end = || data.iter().position(|octet| octet.is_ascii_whitespace());
    let length = end.or_else(open_end).unwrap_or(data.len());
    let (data, after) = data.split_at_checked(length).unwrap_or((data, b""));
    let bytes = match encoding {
        b'B' | b'b' => base64(data).bytes.into_owned(),
        _ => q_word(data),
    };
    let word = Word { charset, bytes };
    if end.is_none() {
        return Err(NotAWord::Open(word));
    }
    Ok((word, after.get(2..).unwrap_or_default()))
}

/// The Q encoding (RFC 2047 section 4.2).
fn q_word(data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(data.len());
    let mut rest = data;
    loop {
        rest = match rest {
            [b'=', high, low, tail @ ..] if hex(*high).is_some() && hex(*low).is_some() => {
                bytes.push(hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0));
                tail
            }
            [b'_', tail @ ..] => {
                bytes.push(b' ');
                tail
            }
            [b'\r' | b'\n', tail @ ..] => tail,
            [octet, tail @ ..] => {
                bytes.push(*octet);
                tail
            }
            [] => return bytes,
        };
    }
}

/// Gathers text, holding back octets of words until it is known that no more of them follow.
#[derive(Default)]
struct Writer<'x> {
    text: String,
    charset: &'x [u8],
    held: Vec<u8>,
    after_word: bool,
    doubtful: bool,
    /// What stands between the words is known.
    words_only: bool,
}

impl<'x> Writer<'x> {
    fn word(&mut self, word: Word<'x>) {
        if !self.charset.eq_ignore_ascii_case(word.charset) {
            self.release();
            self.charset = word.charset;
        }
        self.held.extend_from_slice(&word.bytes);
        self.after_word = true;
    }

    fn literal(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.release();
        if self.words_only {
            self.text.push(' ');
            return;
        }
        let unfolded: Cow<'_, [u8]> = if memchr::memchr3(b'\r', b'\n', 0, bytes).is_some() {
            let kept = bytes
                .iter()
                .filter(|octet| !matches!(octet, b'\r' | b'\n' | 0));
            kept.copied().collect::<Vec<_>>().into()
        } else {
            bytes.into()
        };
        let decoded = decode(&unfolded, None);
        self.doubtful |= decoded.doubtful;
        self.text.push_str(&decoded.text);
        self.after_word = false;
    }

    fn release(&mut self) {
        if !self.held.is_empty() {
            let label = String::from_utf8_lossy(self.charset);
            let decoded = decode(&self.held, Some(&label));
            self.doubtful |= decoded.doubtful;
            self.text.push_str(&decoded.text);
            self.held.clear();
        }
    }

    fn finish(mut self) -> Decoded<'static> {
        self.release();
        Decoded {
            text: self.text.into(),
            doubtful: self.doubtful,
        }
    }
}

/// The most octets of a charset's name, with its language.
const MOST_CHARSET: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_are_decoded_as_readers_see_them() {
        for (value, expected) in [
            ("plain", "plain"),
            (" =?utf-8?Q?S=C3=B8n_010190?= ", "Søn 010190"),
            (
                "=?utf-8?B?MDEwMTkw?=\r\n =?utf-8?B?LTEyMzQ=?=",
                "010190-1234",
            ),
            // Cut inside a character.
            ("=?utf-8?Q?S=C3?= =?utf-8?Q?=B8n?=", "Søn"),
            ("=?iso-8859-1?Q?S=F8n?= =?utf-8?Q?=C3=B8?=", "Sønø"),
            ("a =?utf-8?Q?b?= c", "a b c"),
            ("=?utf-8*da?Q?b?=", "b"),
            ("=?utf-8?Q?a b?=", "a b"),
            (
                "\"=?utf-8?Q?Jens?=\" <a@b.example>",
                "\"Jens\" <a@b.example>",
            ),
            ("=?utf-8?X?b?= =?a", "=?utf-8?X?b?= =?a"),
            ("=?utf-8?Q?open", "=?utf-8?Q?open open"),
            ("=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=", "=?utf-8?Q?a?= a"),
            ("0101\r\n 901234", "0101 901234"),
            ("søn", "søn"),
        ] {
            assert_eq!(text(value.as_bytes()).text, expected, "{value:?}");
        }
        assert_eq!(text(b"s\xF8n").text, "søn");
        assert!(text(b"=?x-nonsense?Q?a?=").doubtful);
    }

    #[test]
    fn a_megabyte_of_open_words_takes_no_time() {
        let value = "=?a?q?b".repeat(150_000);
        assert!(text(value.as_bytes()).text.len() < 3 * value.len());
    }
}
