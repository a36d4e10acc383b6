//! A mailbox: messages one after another, each behind a line `From ...` (RFC 4155).

use memchr::memmem;

use crate::extract::{Reading, message};

/// Reads a mailbox, or the one message a file is.
pub(super) fn read(bytes: &[u8], levels: u32, reading: &mut Reading<'_>) {
    for one in messages(bytes) {
        let spent = reading.budget.part();
        if let Err(exhausted) = spent {
            reading.exhausted(exhausted);
            return;
        }
        reading.deeper(levels, |reading| message::attached(one, reading));
    }
}

/// The messages in a mailbox. The line of the next one stands between an empty line and a field; a line of prose that
/// begins with the same word seldom does, and where it does nothing of it is lost.
fn messages(bytes: &[u8]) -> Vec<&[u8]> {
    if !bytes.starts_with(FROM) {
        return vec![bytes];
    }
    let mut messages = Vec::new();
    let mut start = 0;
    for at in memmem::find_iter(bytes, b"\nFrom ") {
        let before = bytes.get(start..at).unwrap_or_default();
        let after = bytes.get(at + 1..).unwrap_or_default();
        if (before.ends_with(b"\n") || before.ends_with(b"\n\r")) && heads_fields(after) {
            messages.push(before);
            start = at + 1;
        }
    }
    messages.push(bytes.get(start..).unwrap_or_default());
    messages
}

/// Whether a field stands in the second line.
fn heads_fields(bytes: &[u8]) -> bool {
    let second = bytes
        .split(|&octet| octet == b'\n')
        .nth(1)
        .unwrap_or_default();
    let name = second
        .split(|&octet| octet == b':')
        .next()
        .unwrap_or_default();
    name.len() < second.len()
        && !name.is_empty()
        && name
            .iter()
            .all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
}

const FROM: &[u8] = b"From ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_cut_into_its_messages() {
        let mailbox = b"From a Thu\nSubject: x\n\nFrom here on\n\nFrom b Thu\r\nSubject: y\r\n\r\nz\r\n\r\nFrom c\nTo: d";
        let starts: Vec<_> = messages(mailbox).iter().map(|one| &one[..6]).collect();
        assert_eq!(starts, [&b"From a"[..], b"From b", b"From c"]);
        assert_eq!(messages(b"Subject: x\n\n\nFrom y").len(), 1);
    }
}
