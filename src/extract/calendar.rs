//! Calendars and cards (RFC 5545, RFC 6350, vCard 2.1): folded lines joined, escapes undone, what is attached opened.

use crate::extract::{Draft, Reading, open};
use crate::mime::{base64, decode, quoted_printable};

/// Reads a calendar or a card: one line for each property, behind its name.
pub(super) fn read(text: &str, reading: &mut Reading<'_>) {
    let unfolded = unfold(text);
    let mut draft = Draft::with_capacity(unfolded.len());
    let mut attached = Vec::new();
    for line in unfolded.lines() {
        let Some(property) = Property::of(line) else {
            draft.push(line);
            draft.push("\n");
            continue;
        };
        if MACHINE
            .iter()
            .any(|name| property.name.eq_ignore_ascii_case(name))
        {
            continue;
        }
        if let Some(data) = property.attached() {
            attached.push(base64(data.as_bytes()).bytes);
            continue;
        }
        draft.push(property.name);
        draft.push(": ");
        // Parameters hold names: `ATTENDEE;CN=...`.
        if !property.parameters.is_empty() {
            draft.push(property.parameters);
            draft.push(" ");
        }
        unescape(&property.value(), &mut draft);
        draft.push("\n");
    }
    reading.text(draft);
    for bytes in attached {
        let spent = reading
            .budget
            .entry()
            .and_then(|()| reading.budget.decoded(bytes.len() as u64));
        match spent {
            Ok(()) => {
                reading.inner(None, |reading| open(&bytes, reading));
            }
            Err(exhausted) => {
                reading.exhausted(exhausted);
                return;
            }
        }
    }
}

struct Property<'t> {
    name: &'t str,
    parameters: &'t str,
    value: &'t str,
}

impl<'t> Property<'t> {
    fn of(line: &'t str) -> Option<Self> {
        let mut in_quotes = false;
        let colon = line.find(|c| {
            in_quotes ^= c == '"';
            c == ':' && !in_quotes
        })?;
        let (head, value) = line.split_at_checked(colon)?;
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        Some(Self {
            name,
            parameters,
            value: value.strip_prefix(':')?,
        })
    }

    fn says(&self, word: &str) -> bool {
        self.parameters
            .split([';', '=', ','])
            .any(|part| part.trim().eq_ignore_ascii_case(word))
    }

    /// The base64 of something attached.
    fn attached(&self) -> Option<&'t str> {
        if self.says("BASE64") || self.says("B") {
            return Some(self.value);
        }
        let data = self.value.strip_prefix("data:")?;
        data.split_once(";base64,").map(|(_, data)| data)
    }

    fn value(&self) -> std::borrow::Cow<'t, str> {
        if self.says("QUOTED-PRINTABLE") {
            let undone = quoted_printable(self.value.as_bytes());
            return decode(&undone.bytes, None).text.into_owned().into();
        }
        self.value.into()
    }
}

/// A line end before a space or tab is none; nor is one after `=` in the quoted-printable of vCard 2.1.
fn unfold(text: &str) -> String {
    let mut unfolded = String::with_capacity(text.len());
    let mut is_encoded = false;
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if is_encoded && unfolded.ends_with('=') {
            unfolded.pop();
            unfolded.push_str(line);
        } else if let Some(folded) = line.strip_prefix([' ', '\t']) {
            unfolded.push_str(folded);
        } else {
            if !unfolded.is_empty() {
                unfolded.push('\n');
            }
            is_encoded = line.to_ascii_uppercase().contains("QUOTED-PRINTABLE");
            unfolded.push_str(line);
        }
    }
    unfolded
}

/// `\n`, `\,`, `\;`, `\\`.
fn unescape(value: &str, draft: &mut Draft) {
    let mut pieces = value.split('\\');
    draft.push(pieces.next().unwrap_or_default());
    while let Some(piece) = pieces.next() {
        if let Some(rest) = piece.strip_prefix(['n', 'N']) {
            draft.push("\n");
            draft.push(rest);
        } else if piece.is_empty() {
            // An escaped backslash; what follows it is not escaped.
            draft.push("\\");
            draft.push(pieces.next().unwrap_or_default());
        } else {
            draft.push(piece);
        }
    }
}

/// Properties programs write for programs: identifiers and times.
const MACHINE: &[&str] = &[
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "DUE",
    "CREATED",
    "LAST-MODIFIED",
    "SEQUENCE",
    "PRODID",
    "REV",
    "RRULE",
    "EXDATE",
    "RECURRENCE-ID",
    "TZID",
    "TZURL",
    "TRIGGER",
    "X-LIC-LOCATION",
    "X-MICROSOFT-CDO-APPT-SEQUENCE",
    "X-MICROSOFT-CDO-OWNERAPPTID",
    "X-MICROSOFT-ONLINEMEETINGCONFERENCEID",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_and_escapes_are_undone() {
        assert_eq!(unfold("A:b\r\n c\r\n\td\r\nE:f"), "A:bcd\nE:f");
        assert_eq!(
            unfold("N;ENCODING=QUOTED-PRINTABLE:S=\r\n=C3=B8n\r\nE:f="),
            "N;ENCODING=QUOTED-PRINTABLE:S=C3=B8n\nE:f="
        );
        let mut draft = Draft::new();
        unescape("a\\nb\\,c\\\\nd\\;e", &mut draft);
        assert_eq!(draft.text, "a\nb,c\\nd;e");
    }
}
