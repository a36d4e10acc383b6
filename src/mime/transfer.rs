//! Transfer encodings undone, forgiving what mail clients forgive.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// How the octets of a part are written (RFC 2045 section 6).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transfer {
    /// As they are: 7bit, 8bit, binary.
    Identity,
    /// Base64.
    Base64,
    /// Quoted-printable.
    QuotedPrintable,
    /// Uuencode, which no standard names for mail but clients read.
    Uuencode,
    /// yEnc, which no standard names either.
    Yenc,
}

/// Decoded octets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Undone<'b> {
    /// The octets; borrowed where nothing was to be done.
    pub bytes: Cow<'b, [u8]>,
    /// All of the raw octets belonged to the encoding. Where not, another program may stop earlier or show the
    /// raw octets.
    pub clean: bool,
}

impl Transfer {
    /// The encoding of this name, whatever the case.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        match name.to_ascii_lowercase().as_slice() {
            b"base64" => Some(Self::Base64),
            b"quoted-printable" => Some(Self::QuotedPrintable),
            b"7bit" | b"8bit" | b"binary" => Some(Self::Identity),
            b"x-uuencode" | b"x-uue" | b"uuencode" => Some(Self::Uuencode),
            b"x-yenc" | b"yenc" => Some(Self::Yenc),
            _ => None,
        }
    }

    /// Undoes the encoding.
    pub fn undo(self, raw: &[u8]) -> Undone<'_> {
        match self {
            Self::Identity => Undone {
                bytes: raw.into(),
                clean: true,
            },
            Self::Base64 => base64(raw),
            Self::QuotedPrintable => quoted_printable(raw),
            Self::Uuencode => uuencode(raw),
            Self::Yenc => yenc(raw),
        }
    }
}

/// The encodings whose names stand in `text`, inside longer words too, each once.
pub(super) fn named(text: &[u8]) -> impl Iterator<Item = Transfer> {
    let text = text.to_ascii_lowercase();
    let names = [
        (&b"base64"[..], Transfer::Base64),
        (b"quoted-printable", Transfer::QuotedPrintable),
        (b"uue", Transfer::Uuencode),
        (b"yenc", Transfer::Yenc),
    ];
    names.into_iter().filter_map(move |(name, transfer)| {
        memmem::find(&text, name)?;
        Some(transfer)
    })
}

/// Base64 (RFC 2045 section 6.8). Other octets are passed over, but make it unclean; so does what looks like text
/// that stands in it: a space inside a line, the alphabet of RFC 4648 section 5, data behind padding, padding that is missing.
pub fn base64(raw: &[u8]) -> Undone<'_> {
    let mut bytes = Vec::with_capacity(raw.len() / 4 * 3 + 3);
    let mut quantum = Quantum::default();
    let mut clean = true;
    let mut padded = false;
    let mut rest = raw;
    while !rest.is_empty() {
        // A whole line at a time, as long as it is nothing but the alphabet.
        if quantum.count == 0 && !padded {
            rest = fast_quanta(rest, &mut bytes);
        }
        let Some((&octet, after)) = rest.split_first() else {
            break;
        };
        rest = after;
        match (
            octet,
            SEXTETS.get(usize::from(octet)).copied().unwrap_or(OTHER),
        ) {
            (_, sextet @ 0..64) => {
                clean &= !padded;
                quantum.push(sextet, &mut bytes);
            }
            (b'=', _) => {
                quantum.flush(&mut bytes);
                padded |= !bytes.is_empty();
            }
            (b'\r' | b'\n', _) => {}
            (b' ' | b'\t', _) => {
                clean &= matches!(rest.first(), None | Some(b'\r' | b'\n' | b' ' | b'\t'));
            }
            (b'-' | b'_', _) => {
                clean = false;
                quantum.push(if octet == b'-' { 62 } else { 63 }, &mut bytes);
            }
            _ => clean = false,
        }
    }
    // A strict program shows what is not padded as it is written, or not at all. Much of it nobody takes for words.
    clean &= quantum.count == 0 || raw.len() > LONGEST_UNPADDED;
    quantum.flush(&mut bytes);
    Undone {
        bytes: bytes.into(),
        clean,
    }
}

/// Decodes quanta of four up to the first octet outside the alphabet.
fn fast_quanta<'b>(raw: &'b [u8], into: &mut Vec<u8>) -> &'b [u8] {
    let mut done = 0;
    for quantum in raw.chunks_exact(4) {
        let mut value = 0_u32;
        let mut all = 0_u8;
        for &octet in quantum {
            let sextet = SEXTETS.get(usize::from(octet)).copied().unwrap_or(OTHER);
            all |= sextet;
            value = value << 6 | u32::from(sextet & 63);
        }
        if all >= 64 {
            break;
        }
        let [_, a, b, c] = value.to_be_bytes();
        into.extend_from_slice(&[a, b, c]);
        done += 4;
    }
    raw.get(done..).unwrap_or_default()
}

#[derive(Default)]
struct Quantum {
    value: u32,
    count: u8,
}

impl Quantum {
    fn push(&mut self, sextet: u8, into: &mut Vec<u8>) {
        self.value = self.value << 6 | u32::from(sextet);
        self.count += 1;
        if self.count == 4 {
            let [_, a, b, c] = self.value.to_be_bytes();
            into.extend_from_slice(&[a, b, c]);
            *self = Self::default();
        }
    }

    /// Ends a run that may lack its padding.
    fn flush(&mut self, into: &mut Vec<u8>) {
        let [_, a, b, _] = (self.value << (6 * (4 - u32::from(self.count.min(4))))).to_be_bytes();
        match self.count {
            2 => into.push(a),
            3 => into.extend_from_slice(&[a, b]),
            _ => {}
        }
        *self = Self::default();
    }
}

/// Quoted-printable (RFC 2045 section 6.7). A bad escape stays as it is written; a soft break may have spaces
/// after it, and may end in a bare LF or CR.
pub fn quoted_printable(raw: &[u8]) -> Undone<'_> {
    let Some(first) = memchr(b'=', raw) else {
        return Undone {
            bytes: raw.into(),
            clean: true,
        };
    };
    let mut bytes = Vec::with_capacity(raw.len());
    let mut clean = true;
    let mut rest = raw;
    let mut next = Some(first);
    while let Some(at) = next {
        let (before, escape) = rest.split_at(at);
        bytes.extend_from_slice(before);
        let after = escape.get(1..).unwrap_or_default();
        rest = match after {
            [high, low, tail @ ..] if hex(*high).is_some() && hex(*low).is_some() => {
                bytes.push(hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0));
                tail
            }
            _ => match soft_break(after) {
                Some(tail) => tail,
                None => {
                    clean = false;
                    bytes.push(b'=');
                    after
                }
            },
        };
        next = memchr(b'=', rest);
    }
    bytes.extend_from_slice(rest);
    Undone {
        bytes: bytes.into(),
        clean,
    }
}

/// What follows a soft line break, if `after` an `=` is one.
fn soft_break(after: &[u8]) -> Option<&[u8]> {
    let padding = after
        .iter()
        .take_while(|octet| matches!(octet, b' ' | b'\t'))
        .count();
    match after.get(padding..)? {
        [b'\r', b'\n', tail @ ..] | [b'\n', tail @ ..] | [b'\r', tail @ ..] => Some(tail),
        [] => Some(&[]),
        _ => None,
    }
}

/// The uuencoded files in `raw` (POSIX uuencode). Never clean: no line tells for sure that it belongs to one.
fn uuencode(raw: &[u8]) -> Undone<'_> {
    let mut bytes = Vec::new();
    let mut inside = false;
    for line in raw.split(|&octet| octet == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line {
            _ if !inside => inside = line.starts_with(b"begin "),
            b"end" => inside = false,
            [length, data @ ..] => {
                let length = usize::from(length.wrapping_sub(b' ') & 63);
                let start = bytes.len();
                for quantum in data.chunks(4) {
                    let mut value = 0_u32;
                    for place in 0..4 {
                        let octet = quantum.get(place).copied().unwrap_or(b' ');
                        value = value << 6 | u32::from(octet.wrapping_sub(b' ') & 63);
                    }
                    let [_, a, b, c] = value.to_be_bytes();
                    bytes.extend_from_slice(&[a, b, c]);
                }
                bytes.truncate(bytes.len().min(start + length));
            }
            [] => {}
        }
    }
    Undone {
        bytes: bytes.into(),
        clean: false,
    }
}

/// The yEnc file in `raw` (yEnc draft 1.3): each octet stands for one that is 42 less, and `=` adds 64 to the next.
fn yenc(raw: &[u8]) -> Undone<'_> {
    let mut bytes = Vec::new();
    let mut inside = false;
    for line in raw.split(|&octet| octet == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(b"=y") {
            inside = !line.starts_with(b"=yend");
            continue;
        }
        if !inside {
            continue;
        }
        let mut octets = line.iter();
        while let Some(&octet) = octets.next() {
            let plain = match octet {
                b'=' => octets.next().map(|next| next.wrapping_sub(64)),
                _ => Some(octet),
            };
            bytes.extend(plain.map(|octet| octet.wrapping_sub(42)));
        }
    }
    Undone {
        bytes: bytes.into(),
        clean: false,
    }
}

/// Whether an octet is a letter of base64, which padding is not.
pub(super) fn is_base64(octet: u8) -> bool {
    SEXTETS
        .get(usize::from(octet))
        .is_some_and(|&sextet| sextet != OTHER)
}

/// Percent-encoding (RFC 3986 section 2.1): `%41` to `A`. A bad escape stays as it is written.
pub fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        rest = match rest {
            [b'%', high, low, tail @ ..] if hex(*high).is_some() && hex(*low).is_some() => {
                decoded.push(hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0));
                tail
            }
            [octet, tail @ ..] => {
                decoded.push(*octet);
                tail
            }
            [] => return decoded,
        };
    }
}

/// The value of a hexadecimal digit of either case.
pub fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// More octets of base64 than this that lack their padding are a slip, and no words that happen to be of the alphabet.
const LONGEST_UNPADDED: usize = 4096;

/// What is not of the alphabet means this.
const OTHER: u8 = 64;

/// What each octet means in base64.
#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, where a bad index does not build"
)]
const SEXTETS: [u8; 256] = {
    let mut table = [OTHER; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut sextet: u8 = 0;
    while sextet < 64 {
        table[alphabet[sextet as usize] as usize] = sextet;
        sextet += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_forgiven_what_clients_forgive() {
        for (raw, expected, clean) in [
            (&b"MDEwMTkwLTEyMzQ="[..], &b"010190-1234"[..], true),
            (b"MDEw\r\nMTkw\r\nLTEyMzQ=\r\n", b"010190-1234", true),
            (b"M\nD\nE\nwMTkwLTEyMzQ", b"010190-1234", false),
            (b"M\nD\nE\nwMTkwLTEyMzQ=", b"010190-1234", true),
            (b"MDEw.MTkw\xA0LTEy\0MzQ=", b"010190-1234", false),
            (b"MDE=MDE=", b"0101", false),
            (b"====MDEw", b"010", true),
            (b"_-8=", b"\xFF\xEF", false),
            (b"MDEw MDEw", b"010010", false),
            (b"MDEw \t\r\nMDEw", b"010010", true),
            (b"", b"", true),
            (b"M", b"", false),
        ] {
            let undone = base64(raw);
            assert_eq!(undone.bytes, expected);
            assert_eq!(undone.clean, clean);
        }
    }

    #[test]
    fn quoted_printable_is_forgiven_what_clients_forgive() {
        for (raw, expected, clean) in [
            (&b"0712=\r\n49-3089"[..], &b"071249-3089"[..], true),
            (b"0712= \t\r\n49", b"071249", true),
            (b"0712=\n49", b"071249", true),
            (b"0712=\r49", b"071249", true),
            (b"=e6=E6", b"\xE6\xE6", true),
            (b"1=2=ZZ=", b"1=2=ZZ", false),
            (b"plain", b"plain", true),
        ] {
            let undone = quoted_printable(raw);
            assert_eq!(undone.bytes, expected);
            assert_eq!(undone.clean, clean);
        }
    }

    #[test]
    fn uuencode_is_read() {
        let undone = Transfer::Uuencode.undo(b"begin 644 a\r\n+,#$P,3DP+3$R,S0 \r\n`\r\nend\r\n");
        assert_eq!(undone.bytes, &b"010190-1234"[..]);
    }

    #[test]
    fn yenc_is_read() {
        let raw = b"=ybegin line=128 size=4 name=a\r\n=ypart begin=1 end=4\r\n\x5A\x5B=n\x5A\r\n=yend size=4\r\nafter";
        assert_eq!(Transfer::Yenc.undo(raw).bytes, &b"01\x040"[..]);
    }
}
