//! What touches a number: whether it is the whole of something, or a piece of a longer code.

/// What touches a number. Ordered from good to bad.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Edge {
    /// Nothing that matters.
    Free,
    /// A word before it, without a blank: `CPRnr0102901234`.
    Word,
    /// Digits across a blank, a colon or an underscore: it may be one group of a longer number.
    Beside,
    /// Something that more often touches other numbers: letters behind, a slash and a digit.
    Doubtful,
    /// It is a piece of a longer code, an amount, or a phone number.
    Piece,
}

/// How far a word that touches a number is looked at.
const LONGEST_TOKEN: usize = 40;

/// What touches a number that begins at `start`.
pub(super) fn left(octets: &[u8], start: usize) -> Edge {
    let before = octets.get(..start).unwrap_or_default();
    let digit_before = |n: usize| {
        let at = before.len().checked_sub(n + 1);
        at.and_then(|at| before.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    match before.last() {
        None => Edge::Free,
        Some(b'+') => Edge::Piece,
        // `[#0102901234]` is a ticket.
        Some(b'#') => Edge::Doubtful,
        Some(b'-' | b'.') if digit_before(1) => Edge::Piece,
        // `P-010290-1234` is a code; `Hansen-010290-1234.pdf` may be a name.
        Some(b'-') => code_before(before.get(..before.len() - 1).unwrap_or_default()),
        Some(b'/') if digit_before(1) => Edge::Doubtful,
        Some(b'_' | b' ' | b':') if digit_before(1) => Edge::Beside,
        Some(octet) if is_letter(*octet) => token_before(before),
        Some(_) => Edge::Free,
    }
}

/// What touches a number that ends before `end`.
pub(super) fn right(octets: &[u8], end: usize) -> Edge {
    let after = octets.get(end..).unwrap_or_default();
    let is_digit = |at: usize| after.get(at).is_some_and(u8::is_ascii_digit);
    match after.first() {
        None => Edge::Free,
        Some(b'-' | b'.') if is_digit(1) => Edge::Piece,
        Some(b'-') => {
            let token = token_length(after.get(1..).unwrap_or_default().iter());
            let token = after.get(1..=token).unwrap_or_default();
            if has_digit(token) {
                Edge::Piece
            } else {
                Edge::Free
            }
        }
        // `1234567890,50` is an amount, `0102901234,50,` a row of values.
        Some(b',') if is_digit(1) && is_digit(2) && !is_digit(3) => Edge::Doubtful,
        Some(b'/') if is_digit(1) => Edge::Doubtful,
        Some(b' ') if is_digit(1) => Edge::Beside,
        Some(b'%') => Edge::Doubtful,
        // `010203-4455s sag`
        Some(b's') if !after.get(1).is_some_and(in_token) => Edge::Free,
        // Quotes and dashes of typographers are no letters.
        Some(octet) if is_letter(*octet) && !begins_with_a_mark(after) => {
            let token = token_length(after.iter());
            if has_digit(after.get(..token).unwrap_or_default()) {
                Edge::Piece
            } else {
                Edge::Doubtful
            }
        }
        Some(_) => Edge::Free,
    }
}

fn token_before(before: &[u8]) -> Edge {
    let token = token_length(before.iter().rev());
    let token = before.get(before.len() - token..).unwrap_or_default();
    if has_digit(token) {
        Edge::Piece
    } else if token.len() == 1 {
        // `v120390.2345`
        Edge::Doubtful
    } else {
        Edge::Word
    }
}

/// What stands before a hyphen before a number.
fn code_before(before: &[u8]) -> Edge {
    let token = token_length(before.iter().rev());
    let token = before.get(before.len() - token..).unwrap_or_default();
    if has_digit(token) {
        Edge::Piece
    } else if !token.is_empty() && token.len() <= 4 {
        Edge::Doubtful
    } else {
        Edge::Free
    }
}

fn token_length<'a>(octets: impl Iterator<Item = &'a u8>) -> usize {
    octets
        .take(LONGEST_TOKEN)
        .take_while(|octet| in_token(octet))
        .count()
}

/// Whether the text goes on with a mark outside ASCII.
fn begins_with_a_mark(after: &[u8]) -> bool {
    let first = after.get(..after.len().min(4)).unwrap_or_default();
    let text = first.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    text.chars().next().is_some_and(|c| !c.is_alphanumeric())
}

fn in_token(octet: &u8) -> bool {
    octet.is_ascii_digit() || is_letter(*octet)
}

fn has_digit(token: &[u8]) -> bool {
    token.iter().any(u8::is_ascii_digit)
}

/// Whether an octet is a letter or part of one: every letter outside ASCII begins and goes on with such octets.
pub(super) fn is_letter(octet: u8) -> bool {
    octet.is_ascii_alphabetic() || octet >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_longer_codes_are_known() {
        let edge = |text: &str| {
            let start = text.find("010190").unwrap();
            left(text.as_bytes(), start).max(right(text.as_bytes(), start + 11))
        };
        for (text, expected) in [
            ("010190-1234", Edge::Free),
            ("(010190-1234).", Edge::Free),
            ("?pnr=010190-1234&x=2", Edge::Free),
            ("scan_010190-1234_b.pdf", Edge::Free),
            ("Hansen-010190-1234-bilag", Edge::Free),
            ("nr010190-1234", Edge::Word),
            ("P-010190-1234", Edge::Doubtful),
            ("010190-1234,50 kr", Edge::Doubtful),
            ("010190-1234,50,7", Edge::Doubtful),
            ("010190-1234kr", Edge::Doubtful),
            ("010190-1234s sag", Edge::Free),
            ("010190-1234” står der", Edge::Free),
            ("010190-1234år", Edge::Doubtful),
            ("v010190-1234", Edge::Doubtful),
            ("7 010190-1234", Edge::Beside),
            ("2026-010190-1234", Edge::Piece),
            ("010190-1234-22", Edge::Piece),
            ("5dc3d1a0-010190-1234-b0b1", Edge::Piece),
            ("+010190-1234", Edge::Piece),
            ("010190-1234.5", Edge::Piece),
            ("a1b010190-1234", Edge::Piece),
        ] {
            assert_eq!(edge(text), expected, "{text}");
        }
    }
}
