//! Octets to text: by the label, checked against the octets, for labels lie.

mod wide;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;
use memchr::memmem;

use crate::mime::charset::wide::{wide, wide_of};

/// Text, and whether its label told the truth.
#[derive(Clone, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text; borrowed where the octets were UTF-8 already.
    pub text: Cow<'b, str>,
    /// The label was unknown, or the octets contradict it: another program may show other text.
    pub doubtful: bool,
}

/// Decodes `bytes`, which are said to be in the charset `label`.
///
/// In order: a byte order mark; the pattern of NULs that only UTF-16 and UTF-32 have; UTF-8 wherever the octets
/// are that and not all ASCII, for hardly any other text is; the label; a guess. Never fails: what cannot be
/// decoded becomes U+FFFD.
pub fn decode<'b>(bytes: &'b [u8], label: Option<&str>) -> Decoded<'b> {
    if let Some(text) = by_mark(bytes).or_else(|| by_nulls(bytes)) {
        let told = label.is_none_or(|label| is_wide(&tidy(label)));
        return Decoded {
            text,
            doubtful: !told,
        };
    }
    let label = label
        .map(tidy)
        .filter(|label| !label.is_empty() && *label != "unknown-8bit");
    let Some(label) = label else {
        return Decoded {
            text: undeclared(bytes),
            doubtful: false,
        };
    };
    match Charset::of(&label) {
        Some(charset) => charset.decode(bytes),
        None => Decoded {
            text: undeclared(bytes),
            doubtful: true,
        },
    }
}

/// What octets show where a program goes by what they look like and not by `label`: an escape begins letters of ISO-2022-JP, a
/// plus sign those of UTF-7, and plain letters stand among those of UTF-16 and UTF-32. Nothing where they look like none of these,
/// or are said to be that.
pub fn other_texts(bytes: &[u8], label: Option<&str>) -> Vec<String> {
    let mut texts = Vec::new();
    let label = label.map(tidy).unwrap_or_default();
    if !label.starts_with("iso-2022") && memmem::find(bytes, b"\x1B$").is_some() {
        let (text, _) = ISO_2022_JP.decode_without_bom_handling(bytes);
        texts.push(text.into_owned());
    }
    if memmem::find(bytes, UTF_7_ASCII).is_some()
        && !label.contains("utf-7")
        && let Some(decode) = charset_decoder(b"utf-7")
    {
        let lines = bytes.split_inclusive(|&octet| octet == b'\n');
        let lines = lines.filter(|line| memmem::find(line, UTF_7_ASCII).is_some());
        let mut shifted = lines.collect::<Vec<_>>().concat();
        // The last shift may be left open.
        shifted.push(b'\n');
        texts.push(decode(&shifted));
    }
    texts.extend(narrow(bytes, &label));
    texts
}

/// Octets that [`decode`] takes for UTF-16 or UTF-32, read as if they were neither, where plain letters stand among them. One octet
/// that is no UTF-8 under a wide label, or some wide letters in front, and all that follows would be read in pairs.
fn narrow(bytes: &[u8], label: &str) -> Option<String> {
    let marked = matches!(
        bytes,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, 0, 0xFE, 0xFF, ..]
    );
    let told = || matches!(Charset::of(label), Some(Charset::Wide { .. }));
    if !marked && wide_of(bytes).is_none() && !told() {
        return None;
    }
    let mut runs = bytes.split(|octet| !matches!(octet, b' '..=b'~'));
    runs.find(|run| run.len() >= SHORTEST_NARROW)?;
    let seen: Vec<u8> = bytes.iter().copied().filter(|octet| *octet != 0).collect();
    Some(undeclared(&seen).into_owned())
}

/// So many plain letters one behind the other are none of UTF-16, and a number of a person has as many.
const SHORTEST_NARROW: usize = 10;

/// How letters of ASCII begin that UTF-7 (RFC 2152) need not shift.
const UTF_7_ASCII: &[u8] = b"+AD";

/// Whether the octets read as text rather than as some binary format: no NUL, and hardly any control character,
/// in the first few thousand.
pub fn is_textual(bytes: &[u8]) -> bool {
    if by_mark(bytes.get(..4).unwrap_or(bytes)).is_some() || wide_of(bytes).is_some() {
        return true;
    }
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let controls = sample
        .iter()
        .filter(|&&octet| {
            octet < 0x20 && !matches!(octet, b'\t' | b'\n' | 0x0B | 0x0C | b'\r' | 0x1B)
        })
        .count();
    // Text that is not UTF-8 has a few octets above 0x7F; packed or encrypted data has half of all there.
    let high = sample.iter().filter(|&&octet| octet >= 0x80).count();
    controls * 100 <= sample.len() && (high * 3 <= sample.len() || looks_utf_8(sample))
}

/// Whether `label` names a charset that can be decoded.
pub(super) fn is_charset(label: &str) -> bool {
    Charset::of(&tidy(label)).is_some()
}

/// A charset we can decode.
enum Charset {
    /// One of the WHATWG encodings.
    Standard(&'static Encoding),
    /// UTF-16 or UTF-32 without a mark, where the octets show no pattern: the order the label says.
    Wide { big: bool, octets: usize },
    /// One the standard leaves out: UTF-7, the DOS pages.
    Old(fn(&[u8]) -> String),
}

impl Charset {
    fn of(label: &str) -> Option<Self> {
        match label {
            "utf-16" | "utf16" | "utf-16be" | "ucs-2" => {
                return Some(Self::Wide {
                    big: true,
                    octets: 2,
                });
            }
            "utf-16le" => {
                return Some(Self::Wide {
                    big: false,
                    octets: 2,
                });
            }
            "utf-32" | "utf-32be" | "ucs-4" => {
                return Some(Self::Wide {
                    big: true,
                    octets: 4,
                });
            }
            "utf-32le" => {
                return Some(Self::Wide {
                    big: false,
                    octets: 4,
                });
            }
            _ => {}
        }
        // The standard maps dangerous encodings to one that hides all text: for a reader that is no decoder.
        if let Some(encoding) =
            Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != REPLACEMENT)
        {
            return Some(Self::Standard(encoding));
        }
        if Encoding::for_label(label.as_bytes()).is_some() {
            return None;
        }
        charset_decoder(label.as_bytes()).map(Self::Old)
    }

    fn decode<'b>(&self, bytes: &'b [u8]) -> Decoded<'b> {
        match self {
            Self::Standard(encoding) => standard(bytes, encoding),
            // Plain octets under a wide label: most programs show them as they are.
            Self::Wide { .. } if looks_utf_8(bytes) => Decoded {
                text: undeclared(bytes),
                doubtful: true,
            },
            Self::Wide { big, octets } => Decoded {
                text: wide(bytes, *big, *octets).into(),
                doubtful: false,
            },
            Self::Old(decode) => {
                // UTF-7 drops what its last shift was left open on.
                let mut closed = bytes.to_vec();
                closed.push(b'\n');
                Decoded {
                    text: decode(&closed).into(),
                    doubtful: false,
                }
            }
        }
    }
}

fn standard<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> Decoded<'b> {
    if let Ok(text) = str::from_utf8(bytes) {
        let ascii = bytes.is_ascii();
        // An escape is how ISO-2022-JP hides letters in ASCII.
        if encoding == UTF_8 || ascii && (encoding.is_ascii_compatible() || !bytes.contains(&0x1B))
        {
            return Decoded {
                text: text.into(),
                doubtful: false,
            };
        }
        if !ascii {
            return Decoded {
                text: text.into(),
                doubtful: true,
            };
        }
    }
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    if malformed {
        return Decoded {
            text: undeclared(bytes),
            doubtful: true,
        };
    }
    Decoded {
        text,
        doubtful: false,
    }
}

/// A label without quotes, spaces and language, in lower case.
fn tidy(label: &str) -> String {
    let label =
        label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>'));
    let label = label.split(['*', ' ', ';', ',']).next().unwrap_or(label);
    label.to_ascii_lowercase()
}

fn is_wide(label: &str) -> bool {
    matches!(Charset::of(label), Some(Charset::Wide { .. }))
        || label == "utf-8"
        || label == "unicode"
}

/// Text without a label: UTF-8 where it is that, else the likeliest for Danish eyes.
fn undeclared(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return text.into();
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..DETECTED).unwrap_or(bytes), true);
    let guess = detector.guess(Some(b"dk"), Utf8Detection::Allow);
    let (text, malformed) = guess.decode_without_bom_handling(bytes);
    if malformed && guess != UTF_8 {
        WINDOWS_1252.decode_without_bom_handling(bytes).0
    } else {
        text
    }
}

fn by_mark(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match bytes {
        [0xFF, 0xFE, 0, 0, rest @ ..] => Some(wide(rest, false, 4).into()),
        [0, 0, 0xFE, 0xFF, rest @ ..] => Some(wide(rest, true, 4).into()),
        [0xFF, 0xFE, rest @ ..] => Some(UTF_16LE.decode_without_bom_handling(rest).0),
        [0xFE, 0xFF, rest @ ..] => Some(UTF_16BE.decode_without_bom_handling(rest).0),
        [0xEF, 0xBB, 0xBF, rest @ ..] => Some(match str::from_utf8(rest) {
            Ok(text) => text.into(),
            Err(_) => undeclared(rest),
        }),
        _ => None,
    }
}

fn by_nulls(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (big, octets) = wide_of(bytes)?;
    Some(wide(bytes, big, octets).into())
}

fn looks_utf_8(bytes: &[u8]) -> bool {
    !bytes.contains(&0)
        && match str::from_utf8(bytes) {
            Ok(_) => true,
            // A sample may end inside a character.
            Err(error) => error.error_len().is_none(),
        }
}

/// Octets looked at for the pattern of a format.
const SAMPLE: usize = 4096;

/// Octets shown to the detector of charsets, which is slow.
const DETECTED: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], label: Option<&str>) -> (String, bool) {
        let decoded = decode(bytes, label);
        (decoded.text.into_owned(), decoded.doubtful)
    }

    #[test]
    fn labels_are_believed_where_the_octets_agree() {
        for (bytes, label, expected) in [
            (&b"s\xF8n 010190-1234"[..], "ISO-8859-1", "søn 010190-1234"),
            (b"s\xF8n", "\"windows-1252\"", "søn"),
            (b"s\x9Bn", "cp850", "søn"),
            (b"s\x9Bn", "IBM850", "søn"),
            (b"Hi +APg", "utf-7", "Hi ø\n"),
            (b"0\x001\x00", "utf-16le", "01"),
            (b"\x000\x001", "utf-16be", "01"),
            (b"\xFF\xFE0\x001\x00", "utf-16", "01"),
            (b"0\0\0\x001\0\0\0", "utf-32le", "01"),
            (b"plain", "us-ascii", "plain"),
            (b"\x1B$B%O%m\x1B(B", "iso-2022-jp", "ハロ"),
        ] {
            let (text, doubtful) = text(bytes, Some(label));
            assert_eq!(text.trim_end(), expected.trim_end(), "{label}");
            assert!(!doubtful, "{label}");
        }
    }

    #[test]
    fn lying_labels_are_found_out() {
        for (bytes, label, expected) in [
            (&b"s\xF8n"[..], "us-ascii", "søn"),
            ("søn".as_bytes(), "iso-8859-1", "søn"),
            (b"s\xF8n", "utf-8", "søn"),
            (b"010190-1234", "x-nonsense", "010190-1234"),
            (b"010190-1234", "iso-2022-kr", "010190-1234"),
            (b"010190-1234", "utf-16", "010190-1234"),
            (b"0\x001\x000\x001\x009\x000\x00", "us-ascii", "010190"),
        ] {
            let (text, doubtful) = text(bytes, Some(label));
            assert_eq!(text, expected, "{label}");
            // windows-1252 is what everybody takes `us-ascii` for.
            assert!(
                doubtful || label == "us-ascii" && !bytes.contains(&0),
                "{label}"
            );
        }
    }

    #[test]
    fn wide_text_without_a_mark_is_seen_by_its_nulls() {
        for octets in [2, 4] {
            for big in [false, true] {
                let bytes: Vec<u8> = "Cpr 010190-1234, søn"
                    .encode_utf16()
                    .flat_map(|unit| {
                        let mut unit = u32::from(unit).to_le_bytes()[..octets].to_vec();
                        if big {
                            unit.reverse();
                        }
                        unit
                    })
                    .collect();
                assert_eq!(text(&bytes, None).0, "Cpr 010190-1234, søn");
                assert!(is_textual(&bytes));
            }
        }
    }

    #[test]
    fn binary_data_is_not_text() {
        let noise: Vec<u8> = (0..4000u32)
            .map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()[2])
            .collect();
        assert!(!is_textual(&noise));
        assert!(is_textual("almindelig tekst, søn".as_bytes()));
        assert!(is_textual(b"s\xF8n og datter"));
    }
}
