//! What is the same in two attempts to send one message, and what is not.

/// Fields of the header that a mail server writes anew when it sends a message once more: its trace, and the signatures over it.
const ANEW: [&[u8]; 7] = [
    b"received",
    b"return-path",
    b"dkim-signature",
    b"authentication-results",
    b"arc-seal",
    b"arc-message-signature",
    b"arc-authentication-results",
];

/// The pieces of a message that stay what they are when it is sent once more: all of it but the fields that are written anew.
///
/// Every other field counts, those that begin with `X-` too: what somebody's program tells two messages apart by is not known here.
pub fn without_trace(message: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut skipping = false;
    pieces(message).filter_map(move |piece| match piece {
        Piece::Field(line) => {
            skipping = ANEW.iter().any(|field| is_named(line, field));
            (!skipping).then_some(line)
        }
        Piece::Folded(line) => (!skipping).then_some(line),
        Piece::Rest(rest) => Some(rest),
    })
}

/// Whether a message names itself: it has one `Message-ID` (RFC 5322 section 3.6.4), and there is something in it. Two messages of
/// the same words and no name may be two messages.
pub fn is_named_message(message: &[u8]) -> bool {
    let (mut fields, mut is_inside, mut has_text) = (0, false, false);
    for piece in pieces(message) {
        let text = match piece {
            Piece::Field(line) => {
                is_inside = is_named(line, b"message-id");
                fields += usize::from(is_inside);
                line.splitn(2, |octet| *octet == b':').nth(1)
            }
            // Exchange Online folds it before its first word.
            Piece::Folded(line) => Some(line),
            Piece::Rest(_) => break,
        };
        has_text |= is_inside && text.is_some_and(|text| !text.trim_ascii().is_empty());
    }
    fields == 1 && has_text
}

/// A piece of a message.
enum Piece<'a> {
    /// The first line of a field.
    Field(&'a [u8]),
    /// A line that goes on with it.
    Folded(&'a [u8]),
    /// The empty line, and all behind it.
    Rest(&'a [u8]),
}

fn pieces(message: &[u8]) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = message;
    std::iter::from_fn(move || {
        let line = rest.split_inclusive(|octet| *octet == b'\n').next()?;
        if line == b"\r\n" || line == b"\n" {
            return Some(Piece::Rest(std::mem::take(&mut rest)));
        }
        rest = rest.get(line.len()..).unwrap_or_default();
        Some(match line.first() {
            Some(b' ' | b'\t') => Piece::Folded(line),
            _ => Piece::Field(line),
        })
    })
}

fn is_named(line: &[u8], field: &[u8]) -> bool {
    let name = line.split(|octet| *octet == b':').next().unwrap_or(line);
    name.trim_ascii().eq_ignore_ascii_case(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_message_id_with_something_in_it() {
        for (message, named) in [
            ("Message-ID: <1@a.example>\r\n\r\n", true),
            ("A: b\r\nMESSAGE-ID : x\r\n\r\nMessage-ID: y\r\n", true),
            ("Message-ID:\r\n <1@a.example>\r\n\r\n", true),
            ("Message-ID:\r\n \r\nA: b\r\n c\r\n\r\n", false),
            ("Message-ID: \r\n\r\n", false),
            ("Message-ID\r\n\r\n", false),
            ("Message-ID: <1>\r\nMessage-ID: <2>\r\n\r\n", false),
            ("Resent-Message-ID: <1>\r\n\r\n", false),
            ("Subject: a\r\n\r\nMessage-ID: <1>\r\n", false),
            ("", false),
        ] {
            assert_eq!(is_named_message(message.as_bytes()), named, "{message}");
        }
    }

    #[test]
    fn all_but_the_trace_counts() {
        let message = b"Received: a\r\n b\r\nX-A: 1\r\n 2\r\nDKIM-Signature: c\r\nB: 3\r\n\r\nReceived: d\r\n";
        let same: Vec<u8> = without_trace(message).flatten().copied().collect();
        assert_eq!(same, b"X-A: 1\r\n 2\r\nB: 3\r\n\r\nReceived: d\r\n");
    }
}
