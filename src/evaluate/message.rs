//! A text made a message, so that it is read as mail is and nothing is measured that does not happen.

/// The octets of a message with this subject and this text (`text/plain`, UTF-8).
pub fn message(subject: &str, text: &str) -> Vec<u8> {
    let mut message = String::with_capacity(text.len() + text.len() / 16 + subject.len() * 4 + 128);
    message.push_str("Subject: ");
    push_subject(&mut message, subject);
    message.push_str(
        "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n",
    );
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' | '\n' => {
                if character == '\r' {
                    characters.next_if_eq(&'\n');
                }
                message.push_str("\r\n");
            }
            other => message.push(other),
        }
    }
    message.push_str("\r\n");
    message.into_bytes()
}

/// A subject as mail programs write it: as it is where it is ASCII and fits a line, else as encoded words (RFC 2047).
fn push_subject(message: &mut String, subject: &str) {
    let is_plain = subject.len() <= LINE
        && !subject.contains("=?")
        && subject.bytes().all(|octet| matches!(octet, b' '..=b'~'));
    if is_plain {
        message.push_str(subject);
        return;
    }
    let mut used = 0;
    for character in subject.chars() {
        let mut octets = [0; 4];
        let octets = character.encode_utf8(&mut octets).as_bytes();
        // A character is never cut in two (RFC 2047 section 5).
        if used > 0 && used + octets.len() * 3 > WORD {
            message.push_str("?=\r\n ");
            used = 0;
        }
        if used == 0 {
            message.push_str("=?utf-8?q?");
        }
        for octet in octets {
            if octet.is_ascii_alphanumeric() {
                message.push(char::from(*octet));
                used += 1;
            } else {
                message.push_str(&format!("={octet:02X}"));
                used += 3;
            }
        }
    }
    if used > 0 {
        message.push_str("?=");
    }
}

/// The longest subject on a line of its own (RFC 5322 section 2.1.1: lines of 78).
const LINE: usize = 60;
/// The most characters inside one encoded word (RFC 2047 section 2: 75 with what is around them).
const WORD: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract;
    use crate::limits::{Cancel, ReadLimits};

    #[test]
    fn what_is_read_of_it_is_what_was_written() {
        for (subject, text) in [
            ("x", "y"),
            (
                "Sygemelding på Åse, =?utf-8?q?x?= 110270-1234 og en hel del mere, som ikke er på linjen",
                "æøå\nb\r\nc\rd",
            ),
            ("a\r\nBcc: b", ".\n.."),
        ] {
            let octets = message(subject, text);
            let mut budget = extract::Budget::new(&ReadLimits::default(), Cancel::default());
            let read = extract::message(&octets, &mut budget);
            let texts: Vec<&str> = read.texts.iter().map(|it| it.text.trim()).collect();
            let lines = text.replace("\r\n", "\n").replace('\r', "\n");
            for (written, at) in [(subject, "subject"), (&*lines, "body")] {
                let flat = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
                let found = texts.iter().any(|it| flat(it).contains(&flat(written)));
                assert!(found, "{at}: {texts:?}");
            }
            assert_eq!((read.gaps.len(), read.defects.len()), (0, 0));
        }
    }
}
