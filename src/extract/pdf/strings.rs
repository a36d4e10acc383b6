//! Text strings of a PDF (ISO 32000-2, 7.9.2.2).

/// The characters of a text string: UTF-16 or UTF-8 by its mark, else PDFDocEncoding. `None` where it is not text.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => decoded(encoding_rs::UTF_16BE, rest),
        [0xFF, 0xFE, rest @ ..] => decoded(encoding_rs::UTF_16LE, rest),
        [0xEF, 0xBB, 0xBF, rest @ ..] => decoded(encoding_rs::UTF_8, rest),
        bytes => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().copied().map(character).collect(),
        },
    };
    let strange = text.chars().filter(|c| is_strange(*c)).count();
    // Keys, hashes and certificates are strings too.
    let readable = strange * 10 <= text.chars().count();
    readable.then(|| text.replace(|c| is_strange(c) && c != REPLACED, ""))
}

fn decoded(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// What stands for an octet that is no character.
const REPLACED: char = '\u{FFFD}';

fn is_strange(character: char) -> bool {
    character == REPLACED || character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

/// PDFDocEncoding (ISO 32000-2, annex D.2).
fn character(byte: u8) -> char {
    const ACCENTS: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const UPPER: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', REPLACED, '€',
    ];
    let (table, first): (&[char], u8) = match byte {
        0x18..=0x1F => (&ACCENTS, 0x18),
        0x80..=0xA0 => (&UPPER, 0x80),
        other => return char::from(other),
    };
    let place = usize::from(byte - first);
    table.get(place).copied().unwrap_or(REPLACED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_a_text_string_is_read() {
        for (bytes, read) in [
            (b"CPR 010160-1234".as_slice(), "CPR 010160-1234"),
            (b"\xFE\xFF\0s\0\xF8", "sø"),
            (b"\xFF\xFEs\0\xF8\0", "sø"),
            (b"\xEF\xBB\xBFs\xC3\xB8", "sø"),
            (b"s\xC3\xB8", "sø"),
            (b"s\xF8 010160\x851234", "sø 010160–1234"),
        ] {
            assert_eq!(text(bytes).unwrap(), read);
        }
    }

    #[test]
    fn what_is_not_text_is_passed_over() {
        assert_eq!(text(b"\x01\x02\x03\x90\x04\x05\x06\x07"), None);
    }
}
