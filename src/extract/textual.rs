//! Formats that are text: which one it is, and its reader.

use memchr::memmem;

use crate::extract::open::{Declared, Opened};
use crate::extract::{
    Draft, Place, Reading, Reason, calendar, csv, html, mailbox, pgp, plain, xml,
};
use crate::mime::{self, DefectKind};

/// Reads a file that is text.
pub(super) fn read(bytes: &[u8], declared: &Declared<'_>, reading: &mut Reading<'_>) -> Opened {
    // An attached message holds more than one charset; it is opened before anything is decoded.
    if reading.place() != Place::Body && is_message(bytes) {
        mailbox::read(bytes, declared.depth + 1, reading);
        return Opened::Messages;
    }
    let own = own_label(bytes);
    let label = declared.charset.or(own.as_deref());
    let decoded = mime::decode(bytes, label);
    if decoded.doubtful {
        reading.defect(DefectKind::Encoding);
    }
    let is_doubtful = decoded.doubtful || label.is_none();
    if is_doubtful && !mime::is_textual(bytes) {
        reading.gap(Reason::Unknown, "text that is none");
    }
    let text = &*decoded.text;
    match kind(text, declared, reading.place()) {
        Kind::Html => html::read(text, reading),
        Kind::Xml => xml::read(text, reading),
        Kind::Calendar => calendar::read(text, reading),
        Kind::Csv(separator) => csv::read(text, separator, reading),
        Kind::Plain if pgp::read(text, reading) => {}
        Kind::Plain => match declared.flowed {
            Some(flowed) => reading.text(Draft::from(mime::unflow(text, flowed))),
            None => {
                let mut draft = Draft::with_capacity(text.len());
                plain::write(text, &mut draft);
                reading.text(draft);
            }
        },
    }
    for other in mime::other_texts(bytes, label) {
        let mut draft = Draft::new();
        plain::write(&other, &mut draft);
        reading.otherwise("in another charset").text(draft);
    }
    if let Some(joined) = plain::without_stray_returns(text) {
        reading
            .otherwise("without stray CR")
            .text(Draft::from(joined));
    }
    Opened::File
}

/// A format of text.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Html,
    Xml,
    Calendar,
    Csv(char),
    Plain,
}

fn kind(text: &str, declared: &Declared<'_>, place: Place) -> Kind {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let starts = |prefix: &str| {
        start
            .get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if matches!(declared.media, "text/html" | "application/xhtml+xml") {
        return Kind::Html;
    }
    if start.starts_with('<') {
        let mut end = start.len().min(HEAD);
        while !start.is_char_boundary(end) {
            end -= 1;
        }
        let head = start.get(..end).unwrap_or(start).to_ascii_lowercase();
        if ["<html", "<body", "<table", "<div", "<!doctype html"]
            .iter()
            .any(|tag| head.contains(tag))
        {
            return Kind::Html;
        }
        let is_attached = place != Place::Body;
        if starts("<?xml")
            || starts("<svg")
            || declared.media.ends_with("xml")
            || is_attached && text.trim_end().ends_with('>')
        {
            return Kind::Xml;
        }
    }
    if starts("BEGIN:VC") {
        return Kind::Calendar;
    }
    if place != Place::Body
        && let Some(separator) = csv::separator(text)
    {
        return Kind::Csv(separator);
    }
    Kind::Plain
}

/// Whether a file is a message of its own: it starts with fields, and with one that only mail has.
fn is_message(bytes: &[u8]) -> bool {
    let mut known = false;
    let mut fields = 0;
    for line in bytes
        .get(..HEAD)
        .unwrap_or(bytes)
        .split(|&octet| octet == b'\n')
        .take(40)
    {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line {
            [] => break,
            [b' ' | b'\t', ..] if fields > 0 => continue,
            _ if fields == 0 && line.starts_with(b"From ") => continue,
            _ => {}
        }
        let Some(colon) = line.iter().position(|&octet| octet == b':') else {
            return false;
        };
        let name = line.get(..colon).unwrap_or_default();
        if name.is_empty()
            || !name
                .iter()
                .all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
        {
            return false;
        }
        fields += 1;
        known |= [
            "from",
            "received",
            "return-path",
            "message-id",
            "mime-version",
            "content-type",
            "subject",
            "delivered-to",
        ]
        .iter()
        .any(|field| name.eq_ignore_ascii_case(field.as_bytes()));
    }
    known && fields >= 2
}

/// The charset a text names itself: `<?xml encoding="..."?>`, `<meta charset=...>`.
fn own_label(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    if head.trim_ascii_start().first() != Some(&b'<') {
        return None;
    }
    let lower = head.to_ascii_lowercase();
    let (at, word) = [&b"encoding="[..], b"charset="]
        .iter()
        .find_map(|word| memmem::find(&lower, word).map(|at| (at, word.len())))?;
    let label: String = lower
        .get(at + word..)?
        .iter()
        .skip_while(|octet| matches!(octet, b'"' | b'\'' | b' '))
        .take_while(|octet| {
            octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.' | b':')
        })
        .map(|&octet| char::from(octet))
        .collect();
    (!label.is_empty()).then_some(label)
}

/// Octets looked at for the signs of a format.
const HEAD: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_text_are_told_by_their_start() {
        let kind_of = |text| kind(text, &Declared::default(), Place::Attachment);
        for (text, expected) in [
            ("\u{FEFF} <!DOCTYPE html><p>a", Kind::Html),
            ("<?xml version='1.0'?><a/>", Kind::Xml),
            ("<a><b>1</b></a>", Kind::Xml),
            ("BEGIN:VCALENDAR\r\n", Kind::Calendar),
            ("begin:vcard\r\n", Kind::Calendar),
            ("navn;cpr\nx;y\nz;w\n", Kind::Csv(';')),
            ("Hej\n\nmed dig", Kind::Plain),
        ] {
            assert_eq!(kind_of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_message_is_told_by_its_header() {
        assert!(is_message(b"From: a\r\nSubject: b\r\n\r\n"));
        assert!(is_message(b"From x Thu\nReceived: a\n b\nTo: c\n\n"));
        for none in [
            &b"Subject: a\n"[..],
            b"Hej: du\nder: x\n\n",
            b"From: a\nnot a field\n",
            b"",
        ] {
            assert!(!is_message(none));
        }
    }
}
