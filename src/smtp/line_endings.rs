//! CR and LF that stand alone, which RFC 5321 section 2.3.8 forbids and some programs write all the same.

use memchr::{memchr_iter, memchr2_iter, memmem};

/// What becomes of a message in which CR or LF stands alone.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum StrayLineEndings {
    /// It is passed on as it came, unless a dot between two of them is a [hazard](crate::smtp::client::Hazard).
    #[default]
    Keep,
    /// LF becomes CRLF and CR a space, as Postfix has it by default since 3.9. A message whose signature that would break is
    /// refused (550 5.6.0).
    Normalize,
    /// It is refused (550 5.6.0).
    Reject,
}

/// How many octets of a message are a CR without LF or a LF without CR.
///
/// Time is linear in the message.
pub fn strays(message: &[u8]) -> usize {
    memchr2_iter(b'\r', b'\n', message)
        .filter(|&at| instead(message, at).is_some())
        .count()
}

/// The message without stray line endings, in pieces that follow each other: LF becomes CRLF, CR a space. Nothing else is changed, and
/// what comes out has none.
pub fn normalized(message: &[u8]) -> impl Iterator<Item = &[u8]> {
    let strays = memchr2_iter(b'\r', b'\n', message)
        .filter_map(|at| Some((at, instead(message, at)?)))
        .map(|(at, instead)| (at, Some(instead)))
        .chain([(message.len(), None)]);
    strays
        .scan(0, |done, (at, instead)| {
            let before = message.get(*done..at).unwrap_or_default();
            *done = at + 1;
            Some([Some(before), instead])
        })
        .flatten()
        .flatten()
}

/// What takes the place of the octet there, if it is a stray one.
fn instead(message: &[u8], at: usize) -> Option<&'static [u8]> {
    let before = at.checked_sub(1).and_then(|at| message.get(at));
    match message.get(at) {
        Some(b'\n') if before != Some(&b'\r') => Some(b"\r\n"),
        Some(b'\r') if message.get(at + 1) != Some(&b'\n') => Some(b" "),
        _ => None,
    }
}

/// Whether somebody signed the octets of the message, so that changing a line ending may break the signature: S/MIME and PGP/MIME
/// (`multipart/signed`, RFC 1847), PGP in the text, DKIM and ARC.
///
/// Looked for as text: to take an unsigned message for a signed one costs a refusal with a reason, the other way round a signature.
pub fn is_signed(message: &[u8]) -> bool {
    let multipart = memchr_iter(b'/', message).any(|at| {
        let (before, after) = message.split_at_checked(at).unwrap_or_default();
        ends_as(before, b"multipart") && begins_as(after.get(1..).unwrap_or_default(), b"signed")
    });
    let mut header = message.split(|&c| c == b'\n');
    multipart
        || memmem::find(message, b"-----BEGIN PGP SIGNED MESSAGE-----").is_some()
        || header
            .by_ref()
            .take_while(|line| !matches!(line, [] | [b'\r']))
            .any(|line| begins_as(line, b"dkim-signature") || begins_as(line, b"arc-message-sig"))
}

fn begins_as(octets: &[u8], word: &[u8]) -> bool {
    let begin = octets.get(..word.len());
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case(word))
}

fn ends_as(octets: &[u8], word: &[u8]) -> bool {
    let begin = octets.len().checked_sub(word.len());
    let end = begin.and_then(|begin| octets.get(begin..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(message: &str) -> String {
        let pieces: Vec<_> = normalized(message.as_bytes()).collect();
        String::from_utf8(pieces.concat()).unwrap()
    }

    #[test]
    fn what_stands_alone_is_replaced_and_nothing_else() {
        for (message, normal, count) in [
            ("", "", 0),
            ("a\r\nb\r\n", "a\r\nb\r\n", 0),
            ("\n", "\r\n", 1),
            ("\r", " ", 1),
            ("a\nb\rc\r\n", "a\r\nb c\r\n", 2),
            ("\r\r\n", " \r\n", 1),
            ("\n\r\n", "\r\n\r\n", 1),
            ("\r\n\n", "\r\n\r\n", 1),
            ("\n\r", "\r\n ", 2),
            ("a\n.\nb\r.\r", "a\r\n.\r\nb . ", 4),
        ] {
            assert_eq!(whole(message), normal, "{message:?}");
            assert_eq!(strays(message.as_bytes()), count, "{message:?}");
        }
    }

    #[test]
    fn a_signature_is_seen_however_it_is_written() {
        for signed in [
            "Content-Type: Multipart/Signed; boundary=b\r\n\r\n",
            "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/signed\r\n",
            "a: b\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n",
            "a: b\nDKIM-Signature: v=1\n\n",
            "ARC-Message-Signature: i=1\r\n\r\n",
        ] {
            assert!(is_signed(signed.as_bytes()), "{signed:?}");
        }
        for other in [
            "",
            "Content-Type: text/plain\r\n\r\nsigned/multipart multipart/sig\r\n",
            "a: b\r\n\r\nDKIM-Signature: v=1\r\n",
        ] {
            assert!(!is_signed(other.as_bytes()), "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn what_comes_out_has_none_and_is_not_changed_again(message in "[a.\r\n]{0,30}") {
            let once = whole(&message);
            prop_assert_eq!(strays(once.as_bytes()), 0);
            prop_assert_eq!(whole(&once), once);
        }
    }
}
