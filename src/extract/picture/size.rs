//! How large a picture is, told by its header.

mod tiff;

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract) struct Size {
    pub(in crate::extract) width: u32,
    pub(in crate::extract) height: u32,
}

impl Size {
    /// Whether ten digits could be read in a picture of this size.
    pub(in crate::extract) fn can_show_a_number(self) -> bool {
        let (long, short) = (self.width.max(self.height), self.width.min(self.height));
        long >= SHORTEST_NUMBER && short >= SMALLEST_LETTER
    }

    pub(in crate::extract) fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// `Some` where `bytes` are a picture; the inner `None` where its size was not found.
pub(in crate::extract) fn size(bytes: &[u8]) -> Option<Option<Size>> {
    match bytes {
        [
            0x89,
            b'P',
            b'N',
            b'G',
            b'\r',
            b'\n',
            0x1A,
            b'\n',
            _,
            _,
            _,
            _,
            b'I',
            b'H',
            b'D',
            b'R',
            rest @ ..,
        ] => Some(pair(rest, 0, 4, 4, true)),
        [0xFF, 0xD8, 0xFF, ..] => Some(jpeg(bytes)),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', rest @ ..] => Some(pair(rest, 0, 2, 2, false)),
        [b'B', b'M', ..] if bytes.get(14..18) == Some(&[40, 0, 0, 0]) => {
            Some(pair(bytes, 18, 22 - 18, 4, false))
        }
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some(None),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(tiff::size(bytes)),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some(webp(bytes)),
        [0, 0, 0, _, b'f', b't', b'y', b'p', brand @ ..] if is_heif(brand) => Some(None),
        [0, 0, 1, 0, _, 0, ..] => Some(None),
        [0x01, 0, 0, 0, ..] if bytes.get(40..44) == Some(b" EMF") => Some(None),
        [0xD7, 0xCD, 0xC6, 0x9A, ..] | [1 | 2, 0, 9, 0, 0, 1 | 3, ..] => Some(None),
        _ => None,
    }
}

fn is_heif(brand: &[u8]) -> bool {
    [
        &b"heic"[..],
        b"heix",
        b"hevc",
        b"mif1",
        b"msf1",
        b"avif",
        b"avis",
    ]
    .iter()
    .any(|known| brand.starts_with(known))
}

/// Two numbers of `octets` octets, `step` apart.
fn pair(bytes: &[u8], at: usize, step: usize, octets: usize, big: bool) -> Option<Size> {
    let number = |at: usize| {
        let field = bytes.get(at..at + octets)?;
        let fold = |sum: u32, octet: &u8| sum << 8 | u32::from(*octet);
        Some(if big {
            field.iter().fold(0, fold)
        } else {
            field.iter().rev().fold(0, fold)
        })
    };
    Some(Size {
        width: number(at)?,
        height: number(at + step)?,
    })
}

/// Follows the segments of a JPEG to the frame header (ITU-T T.81 section B.2.2).
fn jpeg(bytes: &[u8]) -> Option<Size> {
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xFF, marker, high, low, ..] = rest else {
            return None;
        };
        match marker {
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let turned = pair(rest, 5, 2, 2, true)?;
                return Some(Size {
                    width: turned.height,
                    height: turned.width,
                });
            }
            0xFF => rest = rest.get(1..)?,
            _ => {
                let length = usize::from(*high) << 8 | usize::from(*low);
                rest = rest.get(2 + length.max(2)..)?;
            }
        }
    }
}

/// The size of a WebP picture (RFC 9649): of its first frame, or of the canvas of all.
fn webp(bytes: &[u8]) -> Option<Size> {
    let octet = |at: usize| bytes.get(at).copied().map(u32::from);
    let pair = |at: usize| Some(octet(at)? | octet(at + 1)? << 8);
    match bytes.get(12..16)? {
        b"VP8 " => Some(Size {
            width: pair(26)? & 0x3FFF,
            height: pair(28)? & 0x3FFF,
        }),
        b"VP8L" => {
            let bits = pair(21)? | pair(23)? << 16;
            Some(Size {
                width: (bits & 0x3FFF) + 1,
                height: (bits >> 14 & 0x3FFF) + 1,
            })
        }
        b"VP8X" => Some(Size {
            width: (pair(24)? | octet(26)? << 16) + 1,
            height: (pair(27)? | octet(29)? << 16) + 1,
        }),
        _ => None,
    }
}

/// The shortest stretch, in pixels, that holds ten legible digits: six for each, as in the smallest fonts.
const SHORTEST_NUMBER: u32 = 64;

/// The least height, in pixels, of a legible digit.
const SMALLEST_LETTER: u32 = 7;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_headers() {
        for (bytes, width, height) in [
            (
                &b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\x02\0\0\0\x03"[..],
                258,
                3,
            ),
            (b"GIF89a\x02\x01\x03\0", 258, 3),
            (
                b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xC0\0\x11\x08\0\x03\x01\x02",
                258,
                3,
            ),
            (
                b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\x02\x01\0\0\x03\0\0\0",
                258,
                3,
            ),
        ] {
            assert_eq!(size(bytes), Some(Some(Size { width, height })), "{bytes:?}");
        }
        let webp = |rest: &[u8]| [b"RIFF\0\0\0\0WEBP", rest].concat();
        for bytes in [
            webp(b"VP8 \0\0\0\0\0\0\0\x9D\x01\x2A\x02\x01\x03\0"),
            webp(b"VP8L\0\0\0\0\x2F\x01\x81\0\0"),
            webp(b"VP8X\0\0\0\0\0\0\0\0\x01\x01\0\x02\0\0"),
        ] {
            let (width, height) = (258, 3);
            assert_eq!(
                size(&bytes),
                Some(Some(Size { width, height })),
                "{bytes:?}"
            );
        }
        assert_eq!(size(b"\xFF\xD8\xFF\xE0\xFF\xFF"), Some(None));
        assert_eq!(size(b"BMW kommer"), None);
    }

    #[test]
    fn a_spacer_shows_no_number_and_a_logo_may() {
        for (width, height, can) in [
            (1, 1, false),
            (600, 1, false),
            (32, 32, false),
            (200, 60, true),
            (16, 100, true),
        ] {
            assert_eq!(Size { width, height }.can_show_a_number(), can);
        }
    }
}
