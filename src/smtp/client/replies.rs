//! The replies of a next hop, out of the octets it sends.

use memchr::memchr;

use crate::limits::WireLimits;
use crate::smtp::Reply;

/// Puts replies together, whatever segments they arrive in; holds at most one reply, within the limits of the wire.
///
/// A line ends at LF, with or without the CR that RFC 5321 section 2.3.8 asks for. Sloppy servers leave it out, and reading
/// `250 a<LF>250 b<CR><LF>` as two replies is the safe reading: the second was not asked for, and the caller gives the
/// connection up. A CR anywhere else, and NUL, are no part of a reply.
#[derive(Debug)]
pub struct Replies {
    longest: usize,
    most: usize,
    line: Vec<u8>,
    code: Option<u16>,
    lines: Vec<Box<[u8]>>,
}

/// Why octets are no reply: the next hop is at fault. Nothing it says afterwards means anything, so the connection is closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotSmtp {
    /// A line over `WireLimits::reply_line`.
    #[error("a reply line over the limit")]
    LineTooLong,
    /// More lines than `WireLimits::reply_lines`.
    #[error("a reply of more lines than the limit")]
    TooManyLines,
    /// No three digits, or none from 200 to 599 (RFC 5321 section 4.2.1).
    #[error("a reply without a code from 200 to 599")]
    Code,
    /// Neither a space nor a hyphen after the code.
    #[error("neither a space nor a hyphen after the code of a reply")]
    Separator,
    /// Lines of one reply with different codes (RFC 5321 section 4.2.1).
    #[error("a reply whose lines have different codes")]
    MixedCodes,
    /// NUL, or CR without LF.
    #[error("a reply with NUL or a bare CR in it")]
    Control,
}

impl Replies {
    /// A parser that keeps `reply_line` and `reply_lines`.
    pub fn new(limits: &WireLimits) -> Self {
        Self {
            longest: limits.reply_line,
            most: limits.reply_lines,
            line: Vec::new(),
            code: None,
            lines: Vec::new(),
        }
    }

    /// Takes octets from the front of `octets` until a reply is complete; `None` when they do not suffice, and then none is
    /// left. What is left after a reply is the beginning of the next.
    pub fn take(&mut self, octets: &mut &[u8]) -> Result<Option<Reply>, NotSmtp> {
        while !octets.is_empty() {
            let end = memchr(b'\n', octets).map_or(octets.len(), |at| at + 1);
            let (some, rest) = octets.split_at_checked(end).unwrap_or((octets, &[]));
            *octets = rest;
            if self.line.len() + some.len() > self.longest {
                return Err(NotSmtp::LineTooLong);
            }
            self.line.extend_from_slice(some);
            if self.line.ends_with(b"\n")
                && let Some(reply) = self.line_ended()?
            {
                return Ok(Some(reply));
            }
        }
        Ok(None)
    }

    /// Whether nothing of a reply has arrived.
    pub fn is_between(&self) -> bool {
        self.line.is_empty() && self.lines.is_empty()
    }

    fn line_ended(&mut self) -> Result<Option<Reply>, NotSmtp> {
        let Line { code, last, text } = Line::parse(&self.line)?;
        if self.code.is_some_and(|first| first != code) {
            return Err(NotSmtp::MixedCodes);
        }
        if self.lines.len() >= self.most {
            return Err(NotSmtp::TooManyLines);
        }
        self.lines.push(text.into());
        self.line.clear();
        if !last {
            self.code = Some(code);
            return Ok(None);
        }
        self.code = None;
        Ok(Some(Reply::from_lines(
            code,
            std::mem::take(&mut self.lines),
        )))
    }
}

struct Line<'a> {
    code: u16,
    last: bool,
    text: &'a [u8],
}

impl<'a> Line<'a> {
    /// Reads a line that ends with LF.
    fn parse(line: &'a [u8]) -> Result<Self, NotSmtp> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.iter().any(|c| matches!(c, b'\0' | b'\r')) {
            return Err(NotSmtp::Control);
        }
        let (digits, rest) = line.split_at_checked(3).ok_or(NotSmtp::Code)?;
        // The second digit is not looked at: servers in use say 571.
        if !matches!(digits, [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9']) {
            return Err(NotSmtp::Code);
        }
        let code = digits
            .iter()
            .fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
        let (last, text) = match rest.split_first() {
            None => (true, rest),
            Some((b' ', text)) => (true, text),
            Some((b'-', text)) => (false, text),
            Some(_) => return Err(NotSmtp::Separator),
        };
        Ok(Self { code, last, text })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn limits() -> WireLimits {
        WireLimits {
            reply_line: 64,
            reply_lines: 4,
            ..WireLimits::default()
        }
    }

    /// Every reply in `octets`, told as `code text/text`, when they arrive `step` at a time.
    fn told(octets: &[u8], step: usize) -> Result<Vec<String>, NotSmtp> {
        let mut replies = Replies::new(&limits());
        let mut told = Vec::new();
        for mut segment in octets.chunks(step) {
            while let Some(reply) = replies.take(&mut segment)? {
                let lines: Vec<_> = reply.lines().map(String::from_utf8_lossy).collect();
                told.push(format!("{} {}", reply.code(), lines.join("/")));
            }
            assert!(segment.is_empty());
        }
        Ok(told)
    }

    #[test]
    fn replies_are_read_in_any_segments() {
        for (octets, expected) in [
            ("220 mx ESMTP\r\n", &["220 mx ESMTP"][..]),
            (
                "250-mx\r\n250-SIZE 9\r\n250 DSN\r\n",
                &["250 mx/SIZE 9/DSN"],
            ),
            ("250\r\n", &["250 "]),
            ("250 \r\n", &["250 "]),
            ("250-\r\n250\r\n", &["250 /"]),
            ("571 no\r\n", &["571 no"]),
            ("250 a\n250 b\r\n", &["250 a", "250 b"]),
            ("250 a\r\n354 b\r\n25", &["250 a", "354 b"]),
            ("250 \t\u{e6}\r\n", &["250 \t\u{e6}"]),
        ] {
            for step in [1, 2, 3, 7, 1000] {
                let told = told(octets.as_bytes(), step).unwrap();
                assert_eq!(told, expected, "{octets:?} by {step}");
            }
        }
    }

    #[test]
    fn what_is_no_reply_is_told_apart() {
        let long = format!("250 {}\r\n", "x".repeat(64));
        let endless = "250-x\r\n".repeat(9);
        for (octets, expected) in [
            ("250ok\r\n", NotSmtp::Separator),
            ("250\tok\r\n", NotSmtp::Separator),
            ("000 no\r\n", NotSmtp::Code),
            ("999 no\r\n", NotSmtp::Code),
            ("199 no\r\n", NotSmtp::Code),
            ("2x0 no\r\n", NotSmtp::Code),
            ("-250 no\r\n", NotSmtp::Code),
            ("25\r\n", NotSmtp::Code),
            ("\r\n", NotSmtp::Code),
            ("\n", NotSmtp::Code),
            ("HTTP/1.1 400 Bad Request\r\n", NotSmtp::Code),
            ("250-a\r\n251 b\r\n", NotSmtp::MixedCodes),
            ("250-a\r\n550 b\r\n", NotSmtp::MixedCodes),
            ("250 a\0b\r\n", NotSmtp::Control),
            ("250 a\rb\r\n", NotSmtp::Control),
            ("250 a\r\r\n", NotSmtp::Control),
            (&long, NotSmtp::LineTooLong),
            (&endless, NotSmtp::TooManyLines),
        ] {
            for step in [1, 5, 1000] {
                let told = told(octets.as_bytes(), step);
                assert_eq!(told, Err(expected), "{octets:?} by {step}");
            }
        }
    }

    #[test]
    fn a_line_that_never_ends_is_not_kept() {
        let mut replies = Replies::new(&limits());
        let line = vec![b'2'; 2 << 20];
        assert_eq!(
            replies.take(&mut line.as_slice()),
            Err(NotSmtp::LineTooLong)
        );
        assert!(replies.line.capacity() <= 128);
    }

    #[test]
    fn a_reply_begun_is_known() {
        let mut replies = Replies::new(&limits());
        assert!(replies.is_between());
        assert_eq!(replies.take(&mut b"250-a\r\n".as_slice()), Ok(None));
        assert!(!replies.is_between());
        let mut rest = b"250 b\r\n4".as_slice();
        assert!(replies.take(&mut rest).unwrap().is_some());
        assert!(replies.is_between());
        assert_eq!(rest, b"4");
    }

    proptest! {
        #[test]
        fn segments_do_not_matter(octets in "[25 \\-\r\na\0]{0,60}", step in 1_usize..9) {
            prop_assert_eq!(told(octets.as_bytes(), step), told(octets.as_bytes(), 1));
        }

        #[test]
        fn no_octets_make_it_fall(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = told(&octets, 3);
        }
    }
}
