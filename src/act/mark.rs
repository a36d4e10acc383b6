//! What a secure route adds to a message on its way out.

use std::borrow::Cow;
use std::io;

use memchr::memchr;

use crate::act::Marks;
use crate::spool::Spooled;

/// Why a mark cannot be put into a header: the administrator is at fault.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MarkError {
    /// RFC 5322 section 3.6.8.
    #[error("`{0}` cannot be the name of a header field: letters, digits and hyphens, at most 76")]
    Name(Box<str>),
    /// A value that is not one line of ASCII.
    #[error("the value of `{0}` must be at most 900 printable ASCII characters")]
    Value(Box<str>),
    /// A subject mark that is not.
    #[error("the subject mark must be 1 to 60 printable ASCII characters, no space first or last")]
    Subject,
}

/// The marks of a route, as octets.
#[derive(Default)]
pub(super) struct Marking {
    field: Vec<u8>,
    /// With a space before it, to stand after the colon.
    subject: Option<Vec<u8>>,
}

impl Marking {
    pub(super) fn new(marks: &Marks) -> Result<Self, MarkError> {
        let mut marking = Self::default();
        if let Some(header) = &marks.header {
            let is_name = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
            if !matches!(header.name.len(), 1..=76) || !header.name.bytes().all(is_name) {
                return Err(MarkError::Name(header.name.clone()));
            }
            if header.value.len() > 900 || !is_printable(&header.value) {
                return Err(MarkError::Value(header.name.clone()));
            }
            marking.field = format!("{}: {}\r\n", header.name, header.value).into();
        }
        if let Some(subject) = &marks.subject {
            let fits = matches!(subject.len(), 1..=60) && is_printable(subject);
            if !fits || subject.trim() != &**subject {
                return Err(MarkError::Subject);
            }
            marking.subject = Some(format!(" {subject}").into());
        }
        Ok(marking)
    }

    /// Octets it adds to a message with at most one subject.
    pub(super) fn len(&self) -> u64 {
        let subject = self.subject.as_ref();
        let subject = subject.map_or(0, |mark| ADDED_SUBJECT.len() + mark.len() + 2);
        (self.field.len() + subject) as u64
    }

    /// Made ready for one message. Its header is read once before it is sent: whether there is a subject must be known first.
    pub(super) fn marker(&self, message: &Spooled) -> io::Result<Marker<'_>> {
        let mut prefix = self.field.clone();
        if let Some(subject) = &self.subject
            && !has_subject(message)?
        {
            prefix.extend_from_slice(ADDED_SUBJECT);
            prefix.extend_from_slice(subject);
            prefix.extend_from_slice(b"\r\n");
        }
        let mut first = [0];
        let read = message.read_beside(&mut first, 0)?;
        if read == 1 && !prefix.is_empty() && matches!(first, [b' ' | b'\t']) {
            // It would continue, and so change, the last field that is put before it.
            prefix.extend_from_slice(SEPARATOR);
        }
        Ok(Marker {
            prefix,
            subject: self.subject.as_deref(),
            header: Header::Start,
            after_colon: false,
        })
    }
}

/// Marks one message, given in chunks; memory is one chunk.
pub(super) struct Marker<'a> {
    prefix: Vec<u8>,
    subject: Option<&'a [u8]>,
    header: Header,
    /// Whether the last octet was the colon of a subject.
    after_colon: bool,
}

impl Marker<'_> {
    /// The next chunk, marked. Of the first, empty or not, the added fields are the front.
    ///
    /// The mark stands between the colon and what was there, so that a subject keeps its folding and its encoded words. Every
    /// `Subject:` of a header is marked: which of them a reader shows, nobody knows.
    pub(super) fn mark<'c>(&mut self, chunk: &'c [u8]) -> Cow<'c, [u8]> {
        let mut marked = std::mem::take(&mut self.prefix);
        let mut done = 0;
        if let Some(mark) = self.subject {
            let mut rest = chunk;
            while self.header != Header::Over && !rest.is_empty() {
                let (taken, is_subject) = self.header.take(rest);
                rest = rest.get(taken..).unwrap_or_default();
                if self.after_colon {
                    let at = chunk.len() - rest.len() - taken;
                    self.after_colon = false;
                    if !matches!(chunk.get(at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
                        marked.extend_from_slice(chunk.get(done..at).unwrap_or_default());
                        marked.push(b' ');
                        done = at;
                    }
                }
                if is_subject {
                    let at = chunk.len() - rest.len();
                    marked.extend_from_slice(chunk.get(done..at).unwrap_or_default());
                    marked.extend_from_slice(mark);
                    done = at;
                    self.after_colon = true;
                }
            }
        }
        if marked.is_empty() {
            return Cow::Borrowed(chunk);
        }
        marked.extend_from_slice(chunk.get(done..).unwrap_or_default());
        Cow::Owned(marked)
    }
}

/// Where in a header a reader of it stands. A line ends at LF, with or without CR: what programs read must be marked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Header {
    /// At the start of a line.
    Start,
    /// After a CR at the start of a line.
    Cr,
    /// After so many letters of `Subject`.
    Name(usize),
    /// In the space between `Subject` and its colon.
    Gap,
    /// Anywhere else in a line.
    Rest,
    /// After the empty line.
    Over,
}

impl Header {
    /// Reads on, at least one octet and at most a line: how many octets, and whether the last is the colon of a subject.
    fn take(&mut self, octets: &[u8]) -> (usize, bool) {
        if *self == Self::Rest {
            let end = memchr(b'\n', octets);
            if end.is_some() {
                *self = Self::Start;
            }
            return (end.map_or(octets.len(), |at| at + 1), false);
        }
        let Some(&octet) = octets.first() else {
            return (0, false);
        };
        let is_subject = octet == b':' && matches!(self, Self::Name(NAMED) | Self::Gap);
        *self = match (*self, octet) {
            (Self::Start | Self::Cr, b'\n') | (Self::Over, _) => Self::Over,
            (Self::Start, b'\r') => Self::Cr,
            (Self::Start, b's' | b'S') => Self::Name(1),
            (Self::Name(NAMED) | Self::Gap, b' ' | b'\t') => Self::Gap,
            (Self::Name(letters), c) if SUBJECT.get(letters) == Some(&c.to_ascii_lowercase()) => {
                Self::Name(letters + 1)
            }
            (_, b'\n') => Self::Start,
            _ => Self::Rest,
        };
        (1, is_subject)
    }
}

fn has_subject(message: &Spooled) -> io::Result<bool> {
    let mut header = Header::Start;
    let mut window = vec![0; WINDOW];
    let mut at = 0;
    loop {
        let read = message.read_beside(&mut window, at)?;
        let mut rest = window.get(..read).unwrap_or_default();
        while !rest.is_empty() && header != Header::Over {
            let (taken, is_subject) = header.take(rest);
            rest = rest.get(taken..).unwrap_or_default();
            if is_subject {
                return Ok(true);
            }
        }
        if read == 0 || header == Header::Over {
            return Ok(false);
        }
        at += read as u64;
    }
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|c| matches!(c, b' '..=b'~'))
}

const SUBJECT: &[u8; NAMED] = b"subject";
const NAMED: usize = 7;
const ADDED_SUBJECT: &[u8] = b"Subject:";
const SEPARATOR: &[u8] = b"Comments: the message began in the middle of a field\r\n";

/// Octets of a header that are read at once when a subject is looked for.
const WINDOW: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::HeaderMark;
    use crate::spool::{self, Draft};

    fn marks(header: Option<(&str, &str)>, subject: Option<&str>) -> Marks {
        Marks {
            header: header.map(|(name, value)| HeaderMark {
                name: name.into(),
                value: value.into(),
            }),
            subject: subject.map(Into::into),
        }
    }

    fn marked(marks: &Marks, message: &str, step: usize) -> String {
        let marking = Marking::new(marks).unwrap();
        let settings = spool::Settings::default();
        let mut draft = Draft::new(&settings);
        draft.write(message.as_bytes()).unwrap();
        let mut marker = marking.marker(&draft.finish().unwrap()).unwrap();
        let mut out = marker.mark(b"").into_owned();
        for chunk in message.as_bytes().chunks(step) {
            out.extend_from_slice(&marker.mark(chunk));
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn subjects_are_marked_where_their_text_begins() {
        for (message, expected) in [
            ("Subject: a\r\n\r\nb\r\n", "Subject: [s] a\r\n\r\nb\r\n"),
            (
                "A: b\r\nsubject:a\r\n\r\n",
                "A: b\r\nsubject: [s] a\r\n\r\n",
            ),
            ("SUBJECT \t: a\r\n\r\n", "SUBJECT \t: [s] a\r\n\r\n"),
            (
                "Subject:\r\n =?utf-8?Q?=C3=A6?=\r\n b\r\n\r\n",
                "Subject: [s]\r\n =?utf-8?Q?=C3=A6?=\r\n b\r\n\r\n",
            ),
            ("Subject:\r\n\r\n", "Subject: [s]\r\n\r\n"),
            (
                "A: b\nSubject: c\n\nSubject: d\n",
                "A: b\nSubject: [s] c\n\nSubject: d\n",
            ),
            (
                "Subject: a\r\nSubject: b\r\n\r\n",
                "Subject: [s] a\r\nSubject: [s] b\r\n\r\n",
            ),
            // None of these has one.
            (
                "A: b\r\n\r\nSubject: c\r\n",
                "Subject: [s]\r\nA: b\r\n\r\nSubject: c\r\n",
            ),
            ("\r\nSubject: c\r\n", "Subject: [s]\r\n\r\nSubject: c\r\n"),
            ("Subjects: c\r\n\r\n", "Subject: [s]\r\nSubjects: c\r\n\r\n"),
            (
                "A: b\r\n Subject: c\r\n\r\n",
                "Subject: [s]\r\nA: b\r\n Subject: c\r\n\r\n",
            ),
            (
                "Subj\r\nect: c\r\n\r\n",
                "Subject: [s]\r\nSubj\r\nect: c\r\n\r\n",
            ),
            ("", "Subject: [s]\r\n"),
        ] {
            for step in [1, 2, 3, 8, 1000] {
                let out = marked(&marks(None, Some("[s]")), message, step);
                assert_eq!(out, expected, "{message:?} by {step}");
            }
        }
    }

    #[test]
    fn a_field_stands_before_everything_and_is_not_continued() {
        let field = marks(Some(("X-Secure", "yes")), None);
        let message = "A: b\r\nSubject: c\r\n\r\nd\r\n";
        let expected = format!("X-Secure: yes\r\n{message}");
        assert_eq!(marked(&field, message, 5), expected);
        let out = marked(&field, " no\r\n\r\n", 5);
        assert!(out.starts_with("X-Secure: yes\r\nComments: "));
        assert!(out.ends_with("\r\n no\r\n\r\n"));
    }

    #[test]
    fn a_long_header_is_searched_to_its_end() {
        let before = "X-Long: x\r\n".repeat(9000);
        let message = format!("{before}Subject: a\r\n\r\n");
        let out = marked(&marks(None, Some("[s]")), &message, 4096);
        assert_eq!(out, format!("{before}Subject: [s] a\r\n\r\n"));
    }

    #[test]
    fn marks_that_would_break_a_header_are_refused() {
        let error = |header, subject| Marking::new(&marks(header, subject)).err();
        assert_eq!(
            error(Some(("X A", "b")), None),
            Some(MarkError::Name("X A".into()))
        );
        assert_eq!(
            error(Some(("", "b")), None),
            Some(MarkError::Name("".into()))
        );
        assert_eq!(
            error(Some(("X-A", "b\r\nBcc: c")), None),
            Some(MarkError::Value("X-A".into()))
        );
        for subject in ["", " ", "[s] ", "\u{e6}", "a\nb"] {
            assert_eq!(error(None, Some(subject)), Some(MarkError::Subject));
        }
    }
}
