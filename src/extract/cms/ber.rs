//! As much of BER (X.690) as it takes to find octets in it. Nothing is believed: a length that is longer than what is
//! there is cut to that.

/// One value: its tag, and what is inside it.
#[derive(Clone, Copy)]
pub(super) struct Value<'b> {
    pub(super) tag: u8,
    pub(super) inner: &'b [u8],
}

/// The first value of `bytes`, if it has the tag `tag`.
pub(super) fn value(bytes: &[u8], tag: u8) -> Option<Value<'_>> {
    next(bytes)
        .map(|(value, _)| value)
        .filter(|value| value.tag == tag)
}

/// The first value of `bytes`, and what follows it.
pub(super) fn next(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let (tag, length, rest) = head(bytes)?;
    let (inner, after) = match length {
        Some(length) => rest.split_at(length.min(rest.len())),
        None => to_mark(rest),
    };
    Some((Value { tag, inner }, after))
}

/// Whether the first value of `bytes` goes on beyond them.
pub(super) fn is_cut(bytes: &[u8]) -> bool {
    match head(bytes) {
        Some((_, Some(length), rest)) => length > rest.len(),
        Some((_, None, rest)) => !rest.trim_ascii_end().ends_with(&[0, 0]),
        None => true,
    }
}

/// The octets of an OCTET STRING, which may be in pieces, which may be in pieces (X.690 section 8.7).
pub(super) fn octets(value: &Value<'_>) -> Vec<u8> {
    if value.tag & CONSTRUCTED == 0 {
        return value.inner.to_vec();
    }
    let mut gathered = Vec::new();
    let mut rest = value.inner;
    loop {
        // Where a value could start, two zeros can only be an end mark.
        if let [0, 0, after @ ..] = rest {
            rest = after;
            continue;
        }
        rest = match head(rest) {
            Some((tag, Some(length), inner)) if tag & CONSTRUCTED == 0 => {
                let (piece, after) = inner.split_at(length.min(inner.len()));
                gathered.extend_from_slice(piece);
                after
            }
            // Go into it: pieces of pieces come in the same order.
            Some((_, _, inner)) => inner,
            None => return gathered,
        };
    }
}

/// The tag, the length if it is told, and what follows them.
fn head(bytes: &[u8]) -> Option<(u8, Option<usize>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    // Tags above 30 do not occur in CMS; a zero belongs to an end mark.
    if tag & 0x1F == 0x1F || tag == 0 {
        return None;
    }
    let (&first, rest) = rest.split_first()?;
    match first {
        0x80 => Some((tag, None, rest)),
        0..0x80 => Some((tag, Some(usize::from(first)), rest)),
        _ => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            if length.len() > size_of::<usize>() {
                return None;
            }
            let length = length
                .iter()
                .fold(0, |sum: usize, &octet| sum << 8 | usize::from(octet));
            Some((tag, Some(length), rest))
        }
    }
}

/// What stands before the end mark that closes the value just entered, and what follows the mark.
fn to_mark(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut open = 1_usize;
    let mut rest = bytes;
    loop {
        if let [0, 0, after @ ..] = rest {
            open -= 1;
            if open == 0 {
                return (
                    bytes.get(..bytes.len() - rest.len()).unwrap_or(bytes),
                    after,
                );
            }
            rest = after;
            continue;
        }
        rest = match head(rest) {
            Some((_, Some(length), inner)) => inner.get(length..).unwrap_or_default(),
            Some((_, None, inner)) => {
                open += 1;
                inner
            }
            None => return (bytes, &[]),
        };
    }
}

const CONSTRUCTED: u8 = 0x20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octet_strings_are_gathered_from_their_pieces() {
        for bytes in [
            &[0x04, 3, b'a', b'b', b'c'][..],
            &[0x24, 7, 0x04, 1, b'a', 0x04, 2, b'b', b'c'],
            &[0x24, 0x80, 0x04, 1, b'a', 0x04, 2, b'b', b'c', 0, 0, 0xFF],
            &[
                0x24, 0x80, 0x24, 0x80, 0x04, 1, b'a', 0, 0, 0x04, 2, b'b', b'c', 0, 0,
            ],
            &[0x24, 0x81, 9, 0x24, 3, 0x04, 1, b'a', 0x04, 2, b'b', b'c'],
            // Longer than what is there.
            &[0x04, 0x84, 0x7F, 0xFF, 0xFF, 0xFF, b'a', b'b', b'c'],
        ] {
            let (value, _) = next(bytes).unwrap();
            assert_eq!(octets(&value), b"abc", "{bytes:?}");
        }
    }

    #[test]
    fn nonsense_is_nothing() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1],
            &[0x1F, 1, 1],
            &[0, 0],
        ] {
            assert!(next(bytes).is_none());
        }
    }
}
