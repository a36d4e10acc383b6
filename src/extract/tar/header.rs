//! The header of an entry of a tar archive: 512 octets whose sum stands among them.

use crate::extract::octets::{slice, u8_at, until_nul};
use crate::mime;

/// What a header says.
pub(super) struct Header {
    pub(super) name: String,
    pub(super) link: String,
    pub(super) size: u64,
    pub(super) kind: Kind,
    /// Whether more of a map of holes follows.
    pub(super) more_of_the_map: bool,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file, or anything else that has a name.
    Entry,
    /// A file with holes, as old GNU tar writes it.
    Sparse,
    /// A name for the next entry that is too long for its header.
    Long(Long),
    /// Pax records for the next entry.
    Pax,
    /// Pax records for all that follow.
    Global,
}

/// Which name it is that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Long {
    Name,
    Link,
}

impl Header {
    /// The header that begins `bytes`, if its sum is right.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..512).filter(|bytes| adds_up(bytes))?;
        let type_flag = u8_at(bytes, 156)?;
        let name = text(slice(bytes, 0, 100));
        let is_posix = slice(bytes, 257, 6) == b"ustar\0";
        let prefix = until_nul(slice(bytes, 345, 155));
        let name = if is_posix && !prefix.is_empty() {
            format!("{}/{name}", text(prefix))
        } else {
            name
        };
        let kind = match type_flag {
            b'S' => Kind::Sparse,
            b'L' => Kind::Long(Long::Name),
            b'K' => Kind::Long(Long::Link),
            b'x' | b'X' => Kind::Pax,
            b'g' => Kind::Global,
            _ => Kind::Entry,
        };
        // A folder has no data, though some programs write a size.
        let size = match type_flag {
            b'5' => 0,
            _ => number(slice(bytes, 124, 12))?,
        };
        Some(Self {
            name,
            link: text(slice(bytes, 157, 100)),
            size,
            kind,
            more_of_the_map: u8_at(bytes, 482) == Some(1),
        })
    }
}

/// Whether a file is a tar archive: by the sum of its first header, for the oldest have no magic, or by its magic where the sum
/// is wrong.
pub(in crate::extract) fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(..512).is_some_and(adds_up)
        || slice(bytes, 257, 5) == b"ustar" && !mime::is_textual(bytes)
}

/// Whether the sum is right. It counts itself as spaces, and some programs add signed octets.
fn adds_up(header: &[u8]) -> bool {
    let written = slice(header, 148, 8);
    // Nearly everything that is no header ends here.
    if !written.iter().all(|c| matches!(c, b'0'..=b'7' | b' ' | 0)) {
        return false;
    }
    let Some(written) = number(written).filter(|sum| *sum > 0) else {
        return false;
    };
    let others = || slice(header, 0, 148).iter().chain(slice(header, 156, 356));
    let spaces = 8 * u64::from(b' ');
    let plain = others().map(|octet| u64::from(*octet)).sum::<u64>() + spaces;
    let signed = others()
        .map(|octet| i64::from(octet.cast_signed()))
        .sum::<i64>()
        .saturating_add_unsigned(spaces);
    plain == written || i64::try_from(written) == Ok(signed)
}

/// A number: octal digits, or where the first bit is set the other octets as they are (GNU).
fn number(field: &[u8]) -> Option<u64> {
    if let [first @ 0x80..=0xFF, rest @ ..] = field {
        return rest
            .iter()
            .try_fold(u64::from(first & 0x3F), |value, octet| {
                value
                    .checked_mul(256)
                    .map(|value| value | u64::from(*octet))
            });
    }
    let digits = field
        .split(|c| matches!(c, b' ' | 0))
        .find(|digits| !digits.is_empty())
        .unwrap_or_default();
    digits.iter().try_fold(0_u64, |value, digit| match digit {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

/// A number in decimal digits.
pub(super) fn decimal(value: &[u8]) -> Option<u64> {
    str::from_utf8(value).ok()?.parse().ok()
}

/// A name, up to the NUL that ends it.
pub(super) fn text(field: &[u8]) -> String {
    let field = until_nul(field);
    match str::from_utf8(field) {
        Ok(text) => text.to_owned(),
        Err(_) => mime::decode(field, None).text.into_owned(),
    }
}
