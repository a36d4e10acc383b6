//! Replies, ours and a next hop's, and how they are written on the wire.

mod sentences;

use std::borrow::Cow;
use std::fmt;

use crate::mail::Masked;

/// A reply (RFC 5321 section 4.2), ours or a next hop's. Its text may come from a stranger and may name an
/// address, so `Debug` tells only the code.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    text: Text,
}

#[derive(Clone, PartialEq, Eq)]
enum Text {
    /// A sentence of this page, with its enhanced status code where there is one.
    Sentence(&'static str),
    /// Lines of ours, with their enhanced status codes where there are any.
    Ours(Vec<Box<[u8]>>),
    /// Lines as a next hop sent them.
    NextHop(Vec<Box<[u8]>>),
}

/// What the first digit of a reply says (RFC 5321 section 4.2.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Severity {
    /// 2xx: done.
    Positive,
    /// 3xx: go on.
    Intermediate,
    /// 4xx: try again later.
    Transient,
    /// 5xx: do not try again.
    Permanent,
}

impl Reply {
    /// A reply of ours in one line, its enhanced status code included: `Reply::new(250, "2.0.0 Ok")`.
    pub fn new(code: u16, text: &str) -> Self {
        Self::ours(code, vec![text.as_bytes().into()])
    }

    /// The reply of a next hop: its code and what stood after the code and its separator in each line.
    ///
    /// A code that no server may send (RFC 5321 section 4.2.1) is taken for 451: whatever was meant, it was no yes.
    pub fn from_lines(code: u16, lines: Vec<Box<[u8]>>) -> Self {
        Self {
            code: if (200..600).contains(&code) {
                code
            } else {
                451
            },
            text: Text::NextHop(lines),
        }
    }

    /// The code.
    pub fn code(&self) -> u16 {
        self.code
    }

    /// The lines without code and line ending: of a next hop's reply exactly the octets it sent.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let (sentence, lines) = match &self.text {
            Text::Sentence(sentence) => (Some(sentence.as_bytes()), [].as_slice()),
            Text::Ours(lines) | Text::NextHop(lines) => (None, lines.as_slice()),
        };
        sentence.into_iter().chain(lines.iter().map(|line| &**line))
    }

    /// What the first digit says.
    pub fn severity(&self) -> Severity {
        match self.code / 100 {
            2 => Severity::Positive,
            3 => Severity::Intermediate,
            5 => Severity::Permanent,
            _ => Severity::Transient,
        }
    }

    /// The enhanced status code it came with (RFC 3463), as `4.3.1`.
    pub fn enhanced_status(&self) -> Option<&[u8]> {
        self.lines().find_map(enhanced).map(|(status, _)| status)
    }

    /// Whether it is a 2xx.
    pub fn is_positive(&self) -> bool {
        self.severity() == Severity::Positive
    }

    /// Writes the reply for the wire: printable ASCII only, every line at most 512 octets (RFC 5321 section
    /// 4.5.3.1.5) and cut visibly, and with an enhanced status code of the right class (RFC 2034 section 4) in
    /// every line of a next hop's reply.
    pub fn encode(&self, wire: &mut Vec<u8>) {
        let status = self.status();
        let mut lines = self.lines().peekable();
        if lines.peek().is_none() {
            write_line(wire, self.code, b' ', status.as_deref(), b"");
        }
        while let Some(line) = lines.next() {
            let separator = if lines.peek().is_some() { b'-' } else { b' ' };
            let text = match status {
                Some(_) => enhanced(line).map_or(line, |(_, rest)| rest),
                None => line,
            };
            write_line(wire, self.code, separator, status.as_deref(), text);
        }
    }

    /// The reply as a log may hold it.
    pub fn for_log(&self) -> Masked {
        let mut text = String::new();
        for line in self.lines() {
            let words = enhanced(line).map_or(line, |(_, rest)| rest);
            if !text.is_empty() {
                text.push_str(" / ");
            }
            text.push_str(&String::from_utf8_lossy(words));
        }
        let status = self.lines().next().and_then(enhanced);
        let label = match status {
            Some((status, _)) => format!("{} {} ", self.code, String::from_utf8_lossy(status)),
            None => format!("{} ", self.code),
        };
        Masked::labeled(&label, &text)
    }

    fn ours(code: u16, lines: Vec<Box<[u8]>>) -> Self {
        Self {
            code,
            text: Text::Ours(lines),
        }
    }

    const fn sentence(code: u16, text: &'static str) -> Self {
        Self {
            code,
            text: Text::Sentence(text),
        }
    }

    /// The enhanced status code that every line gets: that of the next hop's first line that has one, with the
    /// class of the code. Our own sentences have theirs in the text.
    fn status(&self) -> Option<String> {
        let Text::NextHop(lines) = &self.text else {
            return None;
        };
        let class = self.code / 100;
        if class == 3 {
            return None;
        }
        let detail = lines.iter().find_map(|line| enhanced(line));
        let detail = detail
            .and_then(|(status, _)| status.get(1..))
            .map_or(Cow::Borrowed(".0.0"), String::from_utf8_lossy);
        Some(format!("{class}{detail} "))
    }
}

/// Splits an enhanced status code (RFC 3463 section 2) from the text after it.
fn enhanced(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = line.iter().position(|&c| c == b' ').unwrap_or(line.len());
    let (status, rest) = line.split_at_checked(end)?;
    let mut numbers = status.split(|&c| c == b'.');
    let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let number = |text: &[u8]| matches!(text.len(), 1..=3) && text.iter().all(u8::is_ascii_digit);
    let is_status = matches!(class, b"2" | b"4" | b"5")
        && number(subject)
        && number(detail)
        && numbers.next().is_none();
    is_status.then(|| (status, rest.strip_prefix(b" ").unwrap_or(rest)))
}

fn write_line(wire: &mut Vec<u8>, code: u16, separator: u8, status: Option<&str>, text: &[u8]) {
    let start = wire.len();
    wire.extend_from_slice(format!("{code:03}").as_bytes());
    wire.push(separator);
    wire.extend_from_slice(status.unwrap_or_default().as_bytes());
    if text.iter().all(|c| matches!(c, b' '..=b'~')) {
        wire.extend_from_slice(text);
    } else {
        let text = String::from_utf8_lossy(text);
        text.chars().for_each(|c| push_ascii(wire, c));
    }
    if wire.len() - start > LINE {
        wire.truncate(start + LINE - CUT.len());
        wire.extend_from_slice(CUT);
    }
    wire.extend_from_slice(b"\r\n");
}

/// Writes a character as ASCII: only a client that asked for SMTPUTF8 may be told anything else (RFC 6531
/// section 3.7.4.2), and none needs to be. What Danes write, and what [`Masked`] writes, stays readable.
fn push_ascii(wire: &mut Vec<u8>, c: char) {
    let written: &[u8] = match c {
        ' '..='~' => return wire.extend(u8::try_from(c)),
        'æ' => b"ae",
        'ø' => b"oe",
        'å' => b"aa",
        'Æ' => b"AE",
        'Ø' => b"OE",
        'Å' => b"AA",
        '•' => b"*",
        '…' => b"...",
        '\u{2010}'..='\u{2015}' => b"-",
        '\u{2018}' | '\u{2019}' => b"'",
        '\u{201C}'..='\u{201E}' => b"\"",
        '\t' | '\u{A0}' => b" ",
        c if c.is_control() => b"",
        _ => b"?",
    };
    wire.extend_from_slice(written);
}

/// The most octets of a reply line without its line ending.
const LINE: usize = 510;

/// What a line that was cut ends with.
const CUT: &[u8] = b"...";

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({}, {} lines)", self.code, self.lines().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(reply: &Reply) -> String {
        let mut wire = Vec::new();
        reply.encode(&mut wire);
        String::from_utf8(wire).unwrap()
    }

    fn next_hop(code: u16, lines: &[&str]) -> String {
        let lines = lines.iter().map(|line| line.as_bytes().into()).collect();
        wire(&Reply::from_lines(code, lines))
    }

    #[test]
    fn a_next_hops_reply_leaves_with_an_enhanced_code_in_every_line() {
        for (code, lines, sent) in [
            (250, &["2.1.5 Ok"][..], "250 2.1.5 Ok\r\n"),
            (250, &["queued as 5"], "250 2.0.0 queued as 5\r\n"),
            (550, &["5.1.1 a", "b"], "550-5.1.1 a\r\n550 5.1.1 b\r\n"),
            (550, &["a", "5.1.1 b"], "550-5.1.1 a\r\n550 5.1.1 b\r\n"),
            (450, &["5.1.1 odd"], "450 4.1.1 odd\r\n"),
            (550, &["5.1.1"], "550 5.1.1 \r\n"),
            (550, &["5.1 a"], "550 5.0.0 5.1 a\r\n"),
            (354, &["go"], "354 go\r\n"),
            (250, &[], "250 2.0.0 \r\n"),
            (999, &["what"], "451 4.0.0 what\r\n"),
        ] {
            assert_eq!(next_hop(code, lines), sent);
        }
    }

    #[test]
    fn nothing_a_stranger_writes_breaks_the_line() {
        assert_eq!(
            next_hop(550, &["5.1.1 a\r\n250 ok\0\u{2028}\u{85}b"]),
            "550 5.1.1 a250 ok?b\r\n"
        );
        let mut bytes = Vec::new();
        Reply::from_lines(550, vec![b"5.1.1 \xff\xfe".as_slice().into()]).encode(&mut bytes);
        assert_eq!(bytes, b"550 5.1.1 ??\r\n");
        let long = next_hop(550, &["x".repeat(9000).as_str()]);
        assert_eq!(long.len(), 512);
        assert!(long.ends_with("x...\r\n"));
    }

    #[test]
    fn danish_reasons_stay_readable_in_ascii() {
        assert_eq!(
            wire(&Reply::new(550, "5.7.1 Følsom: ••••••-••••…")),
            "550 5.7.1 Foelsom: ******-****...\r\n"
        );
        assert_eq!(
            wire(&Reply::refused(&[
                "5.7.1 a".to_owned(),
                "5.7.1 b".to_owned()
            ])),
            "550-5.7.1 a\r\n550 5.7.1 b\r\n"
        );
    }

    #[test]
    fn a_log_shows_the_codes_and_hides_the_numbers() {
        let reply = Reply::from_lines(
            550,
            vec![b"5.1.1 <010190-1234@a.example> unknown".as_slice().into()],
        );
        assert_eq!(
            reply.for_log().as_str(),
            "550 5.1.1 <••••••-••••@a.example> unknown"
        );
        assert_eq!(format!("{reply:?}"), "Reply(550, 1 lines)");
    }

    #[test]
    fn extensions_are_told_one_a_line() {
        assert_eq!(
            wire(&Reply::ehlo("mx.example", ["SIZE 9", "DSN"])),
            "250-mx.example\r\n250-SIZE 9\r\n250 DSN\r\n"
        );
    }
}
