//! Any octets are read without a panic, and what was encoded is what is read.
#![expect(clippy::indexing_slicing, reason = "a failed test is a panic")]

use std::fs;

use proptest::collection::vec;
use proptest::prelude::*;
use sluse::mime::{base64, quoted_printable};

use super::{cases, read};

/// The cases, to be mutated.
fn samples() -> Vec<Vec<u8>> {
    cases("tests")
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect()
}

/// A sample with some octets changed, cut out, doubled or swapped in from others.
pub(crate) fn mutated(samples: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let edits = vec(
        (
            any::<prop::sample::Index>(),
            0..20_u8,
            any::<u8>(),
            1..40_usize,
        ),
        1..12,
    );
    (prop::sample::select(samples), edits).prop_map(|(mut bytes, edits)| {
        for (index, kind, octet, length) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = index.index(bytes.len());
            let end = (at + length).min(bytes.len());
            match kind {
                0..8 => bytes[at] = octet,
                8..11 => drop(bytes.drain(at..end)),
                11..14 => {
                    let doubled = bytes[at..end].to_vec();
                    bytes.splice(at..at, doubled);
                }
                14 => bytes.truncate(at),
                _ => bytes.insert(at, octet),
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_octets_are_read(bytes in vec(any::<u8>(), 0..2000)) {
        let extract = read(&bytes);
        prop_assert!(extract.gaps.iter().all(|gap| gap.detail != "its reader failed"));
    }

    #[test]
    fn mutated_messages_are_read(bytes in mutated(samples())) {
        let extract = read(&bytes);
        prop_assert!(extract.gaps.iter().all(|gap| gap.detail != "its reader failed"));
    }

    #[test]
    fn base64_is_undone(bytes in vec(any::<u8>(), 0..500), width in 1..80_usize) {
        let undone = base64(encoded(&bytes, width).as_bytes()).bytes.into_owned();
        prop_assert_eq!(undone, bytes);
    }

    #[test]
    fn quoted_printable_is_undone(bytes in vec(any::<u8>(), 0..500), width in 1..80_usize) {
        let mut written = String::new();
        for (at, octet) in bytes.iter().enumerate() {
            if at % width == width - 1 {
                written.push_str("=\r\n");
            }
            if octet.is_ascii_alphanumeric() {
                written.push(char::from(*octet));
            } else {
                written.push_str(&format!("={octet:02X}"));
            }
        }
        let undone = quoted_printable(written.as_bytes());
        prop_assert!(undone.clean);
        prop_assert_eq!(undone.bytes.into_owned(), bytes);
    }

    #[test]
    fn what_is_hidden_between_lines_is_found(
        before in vec("[ -~]{0,70}", 0..12),
        hidden in "[a-z][a-zæøå0-9 .,-]{20,300}[a-z]",
        after in vec("[ -~]{0,70}", 0..12),
        how in 0..5_u8,
    ) {
        let run = match how {
            0 => encoded(hidden.as_bytes(), 76),
            1 => format!("--b\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--", encoded(hidden.as_bytes(), 60)),
            2 => uuencoded(hidden.as_bytes()),
            3 => yencoded(hidden.as_bytes()),
            _ => hidden.bytes().map(|octet| format!("={octet:02X}")).collect(),
        };
        let message = format!(
            "From: a@b.example\r\n\r\n{}\r\n.\r\n{run}\r\n.\r\n{}\r\n",
            before.join("\r\n"),
            after.join("\r\n"),
        );
        // yEnc is written in octets, not in letters.
        let octets: Vec<u8> = match how {
            3 => message.chars().filter_map(|letter| u8::try_from(u32::from(letter)).ok()).collect(),
            _ => message.into_bytes(),
        };
        let extract = read(&octets);
        prop_assert!(extract.texts.iter().any(|told| told.text.contains(&hidden)), "{:?}", extract.texts);
        prop_assert!(!extract.defects.is_empty());
    }

    #[test]
    fn what_is_read_is_bounded_by_what_is_there(bytes in mutated(samples())) {
        let extract = read(&bytes);
        let octets: usize = extract.texts.iter().map(|text| text.text.len()).sum();
        // What is packed may be a hundred times what it takes, and there are ways of reading it.
        prop_assert!(octets < 1000 * (bytes.len() + 100), "{octets} of {}", bytes.len());
    }

    #[test]
    fn text_of_any_charset_comes_through_a_message(text in "[a-zæøåÆØÅ0-9 ]{1,200}[a-z]") {
        let octets = encoding_rs::WINDOWS_1252.encode(&text).0;
        let message = format!(
            "From: a@b.example\r\nContent-Type: text/plain; charset=windows-1252\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            encoded(&octets, 76)
        );
        let extract = read(message.as_bytes());
        let told = extract.texts.iter().any(|told| told.text == text);
        // Some words in one charset are words in another; then UTF-8 it was.
        let is_ambiguous = !octets.is_ascii() && std::str::from_utf8(&octets).is_ok();
        prop_assert!(told || is_ambiguous, "{:?}", text);
    }
}

/// A uuencoded file.
fn uuencoded(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"`!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_";
    let letter = |sextet: usize| char::from(ALPHABET[sextet & 63]);
    let mut written = "begin 644 a.txt\r\n".to_owned();
    for line in bytes.chunks(45) {
        written.push(letter(line.len()));
        for three in line.chunks(3) {
            let value = (0..3).fold(0, |value, at| {
                value << 8 | usize::from(three.get(at).copied().unwrap_or(0))
            });
            written.extend((0..4).map(|place| letter(value >> (18 - 6 * place))));
        }
        written.push_str("\r\n");
    }
    written + "`\r\nend"
}

/// A yEnc file, each octet as the letter of its number.
fn yencoded(bytes: &[u8]) -> String {
    let mut written = format!("=ybegin line=128 size={} name=a.txt\r\n", bytes.len());
    for line in bytes.chunks(128) {
        for &octet in line {
            let code = octet.wrapping_add(42);
            if matches!(code, 0 | b'\n' | b'\r' | b'=') {
                written.push('=');
                written.push(char::from(code.wrapping_add(64)));
            } else {
                written.push(char::from(code));
            }
        }
        written.push_str("\r\n");
    }
    written + "=yend"
}

/// Base64 in lines.
pub(super) fn encoded(bytes: &[u8], width: usize) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut written = String::new();
    let mut column = 0;
    for three in bytes.chunks(3) {
        let value = (0..3).fold(0, |value, at| {
            value << 8 | u32::from(three.get(at).copied().unwrap_or(0))
        });
        for place in 0..4 {
            let sextet = (value >> (18 - 6 * place)) & 63;
            let padded = place > three.len();
            written.push(if padded {
                '='
            } else {
                char::from(ALPHABET[sextet as usize])
            });
            column += 1;
            if column == width {
                written.push_str("\r\n");
                column = 0;
            }
        }
    }
    written
}
