//! Which header fields are for people, and what they say.

use crate::mime::header::RawField;
use crate::mime::word;
use crate::mime::{Field, PartPath};

/// A field that is for people.
pub(super) struct Read {
    pub(super) field: Field,
    /// Its charset is unknown, or its octets contradict it.
    pub(super) doubtful: bool,
}

/// The text of a field, if it is one whose words people write or a client shows.
///
/// What programs write for programs (traces, signatures, identifiers, dates) is full of numbers of every shape and
/// is not read. Unknown fields are: people do write into `X-` fields.
pub(super) fn read(raw: &RawField<'_>, part: &PartPath, of_message: bool) -> Option<Read> {
    let is_written = WRITTEN.iter().any(|name| raw.is(name));
    if !is_written && is_machine(raw) {
        return None;
    }
    let decoded = word::text(raw.value);
    let text = decoded.text.trim();
    if text.is_empty() || !is_written && is_token(text) {
        return None;
    }
    Some(Read {
        field: Field {
            part: part.clone(),
            name: String::from_utf8_lossy(raw.name).into(),
            is_subject: of_message && raw.is("subject"),
            text: text.into(),
        },
        doubtful: decoded.doubtful,
    })
}

/// Whether a field stands twice that may stand once (RFC 5322 section 3.6, RFC 2045).
pub(super) fn stands_twice(fields: &[RawField<'_>]) -> bool {
    let mut seen = [false; ONCE.len()];
    for field in fields {
        for (name, seen) in ONCE.iter().zip(&mut seen) {
            if field.is(name) && std::mem::replace(seen, true) {
                return true;
            }
        }
    }
    false
}

fn is_machine(raw: &RawField<'_>) -> bool {
    MACHINE.iter().any(|name| raw.is(name))
        || MACHINE_FAMILIES
            .iter()
            .any(|family| starts_with(raw.name, family))
}

/// One long run of letters and digits is an identifier that a program made.
fn is_token(text: &str) -> bool {
    text.len() > LONGEST_WRITTEN_TOKEN && !text.contains(char::is_whitespace)
}

fn starts_with(name: &[u8], prefix: &str) -> bool {
    name.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Fields people write.
const WRITTEN: &[&str] = &[
    "subject",
    "from",
    "to",
    "cc",
    "bcc",
    "sender",
    "reply-to",
    "comments",
    "keywords",
    "thread-topic",
    "organization",
    "content-description",
    "resent-from",
    "resent-to",
    "resent-cc",
    "resent-sender",
    "disposition-notification-to",
    "mail-followup-to",
    "errors-to",
];

/// Fields programs write for programs.
const MACHINE: &[&str] = &[
    "message-id",
    "references",
    "in-reply-to",
    "received",
    "date",
    "resent-date",
    "resent-message-id",
    "return-path",
    "delivered-to",
    "mime-version",
    "user-agent",
    "thread-index",
    "dkim-signature",
    "domainkey-signature",
    "authentication-results",
    "received-spf",
    "autocrypt",
    "openpgp",
    "importance",
    "priority",
    "precedence",
    "sensitivity",
    "auto-submitted",
    "feedback-id",
    "accept-language",
    "msip_labels",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "content-id",
    "content-location",
    "content-md5",
    "content-length",
    "content-language",
    "content-class",
    "deferred-delivery",
    "expires",
    "tls-required",
    "require-tls-esmtp",
    "lines",
    "status",
    "x-status",
    "x-mailer",
    "x-priority",
    "x-mimeole",
    "x-uid",
    "x-uidl",
    "x-keywords",
    "x-originating-ip",
    "x-originatororg",
    "x-account-key",
    "x-message-id",
    "x-msmail-priority",
    "x-forefront-antispam-report",
    "x-eopattributedmessage",
    "x-correlation-id",
    "bimi-selector",
    "bimi-indicator",
    "dkim-filter",
    "delivery-date",
    "envelope-to",
];

/// The families of such fields.
const MACHINE_FAMILIES: &[&str] = &[
    "arc-",
    "list-",
    "x-ms-",
    "x-microsoft-",
    "x-exchange-",
    "x-forefront-",
    "x-google-",
    "x-gm-",
    "x-goog-",
    "x-received",
    "x-spam",
    "x-virus",
    "x-amavis",
    "x-antivirus",
    "x-proofpoint",
    "x-mimecast",
    "x-barracuda",
    "x-ironport",
    "x-mailgun",
    "x-sg-",
    "x-ses-",
    "x-mc-",
    "x-report-",
    "x-tm-",
    "x-tmase-",
    "x-dkim",
    "x-arc-",
    "x-mozilla-",
    "x-apple-",
    "x-universally-",
    "x-evolution-",
    "x-yahoo",
    "x-ymail",
    "x-policyd",
    "x-rspamd",
    "x-cse-",
    "x-talos",
    "x-scanned",
    "x-greylist",
    "x-authenticated",
    "x-authentication-",
    "x-feedback",
    "x-crosspremises",
    "x-organizationheaders",
    "x-transport",
    "x-incoming",
    "x-client",
];

/// Fields that may stand once in a header.
const ONCE: [&str; 13] = [
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "mime-version",
    "subject",
    "from",
    "to",
    "cc",
    "sender",
    "reply-to",
    "date",
    "message-id",
    "in-reply-to",
];

/// A person writes at most a number or a word where there are no spaces.
const LONGEST_WRITTEN_TOKEN: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, value: &str) -> Option<String> {
        let raw = RawField {
            name: name.as_bytes(),
            value: value.as_bytes(),
        };
        read(&raw, &PartPath::root(), true).map(|read| read.field.text.into())
    }

    #[test]
    fn only_what_people_write_is_read() {
        assert_eq!(told("Subject", " a"), Some("a".into()));
        assert_eq!(
            told("TO", " =?utf-8?Q?J=C3=B8rn?= <j@b.example>"),
            Some("Jørn <j@b.example>".into())
        );
        assert_eq!(told("X-Sag", "010190-1234"), Some("010190-1234".into()));
        assert_eq!(told("X-Trace", &"0101901234".repeat(5)), None);
        for machine in [
            "Message-ID",
            "received",
            "ARC-Seal",
            "X-MS-Exchange-Foo",
            "Date",
        ] {
            assert_eq!(told(machine, "0101901234"), None, "{machine}");
        }
    }

    #[test]
    fn fields_that_stand_twice_are_noticed() {
        let field = |name: &'static str| RawField {
            name: name.as_bytes(),
            value: b"",
        };
        assert!(stands_twice(&[
            field("Subject"),
            field("To"),
            field("SUBJECT")
        ]));
        assert!(!stands_twice(&[
            field("Subject"),
            field("Received"),
            field("Received")
        ]));
    }
}
