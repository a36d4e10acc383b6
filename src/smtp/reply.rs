//! Replies: every sentence we say to a stranger stands on this page.

use std::borrow::Cow;
use std::fmt;

use crate::mail::Masked;

/// A reply (RFC 5321 section 4.2), ours or a next hop's. Its text may come from a stranger and may name an address, so
/// `Debug` tells only the code.
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

/// What we say of the dialogue itself.
impl Reply {
    /// To QUIT.
    pub const BYE: Self = Self::sentence(221, "2.0.0 Bye");
    /// To RSET, NOOP and XFORWARD.
    pub const OK: Self = Self::sentence(250, "2.0.0 Ok");
    /// To VRFY: nobody is told who has a mailbox (RFC 5321 section 7.3).
    pub const NOT_VERIFIED: Self =
        Self::sentence(252, "2.5.2 Not verified here; send the message to find out");
    /// To DATA.
    pub const GO_AHEAD: Self = Self::sentence(354, "End data with <CR><LF>.<CR><LF>");
    /// A second `MAIL`.
    pub const MAIL_TWICE: Self =
        Self::sentence(503, "5.5.1 MAIL was already given; end it or RSET");
    /// `MAIL` before EHLO or HELO.
    pub const EHLO_FIRST: Self = Self::sentence(503, "5.5.1 Send EHLO first");
    /// `RCPT` or `DATA` before `MAIL`.
    pub const MAIL_FIRST: Self = Self::sentence(503, "5.5.1 Send MAIL first");
    /// `DATA` before any `RCPT`.
    pub const RCPT_FIRST: Self = Self::sentence(503, "5.5.1 Send RCPT first");
    /// `DATA` after every `RCPT` was refused.
    pub const NO_RECIPIENTS: Self = Self::sentence(554, "5.5.1 No valid recipients");
    /// XFORWARD inside a transaction.
    pub const XFORWARD_TOO_LATE: Self =
        Self::sentence(503, "5.5.1 XFORWARD is not allowed inside a transaction");
    /// A verb that is not one.
    pub const UNKNOWN_COMMAND: Self = Self::sentence(500, "5.5.2 Command not recognized");
    /// A command line over `WireLimits::command_line`.
    pub const LINE_TOO_LONG: Self = Self::sentence(500, "5.5.2 Command line too long");
    /// A command line with a bare CR or LF, or a control character.
    pub const LINE_MALFORMED: Self = Self::sentence(
        500,
        "5.5.2 A command is one line of text that ends with <CR><LF>",
    );
    /// EHLO or HELO with no name, or with what cannot be one.
    pub const BAD_HELO: Self = Self::sentence(501, "5.5.4 Say who you are: EHLO hostname");
    /// A command that takes none has arguments, or one that needs them has none.
    pub const BAD_ARGUMENTS: Self = Self::sentence(501, "5.5.4 Wrong arguments");
    /// A reverse-path that is not one.
    pub const BAD_SENDER: Self =
        Self::sentence(501, "5.1.7 Bad sender address syntax; MAIL FROM:<address>");
    /// A forward-path that is not one.
    pub const BAD_RECIPIENT: Self =
        Self::sentence(501, "5.1.3 Bad recipient address syntax; RCPT TO:<address>");
    /// A forward-path with a source route (RFC 5321 section 4.1.1.3 and appendix C lets us refuse it).
    pub const SOURCE_ROUTE: Self = Self::sentence(553, "5.1.3 Source routes are not taken");
    /// A non-ASCII address in a transaction that was not begun with SMTPUTF8 (RFC 6531 section 3.5).
    pub const NOT_ASCII: Self = Self::sentence(553, "5.6.7 A non-ASCII address needs SMTPUTF8");
    /// XFORWARD with an attribute that is not announced, or with what is not xtext.
    pub const BAD_XFORWARD: Self = Self::sentence(501, "5.5.4 Bad XFORWARD attribute");
    /// A parameter of MAIL or RCPT that belongs to an extension we did not announce (RFC 5321 section 4.1.1.11).
    pub const UNKNOWN_PARAMETER: Self = Self::sentence(555, "5.5.4 Parameter not recognized");
    /// A parameter whose extension we did announce, with a value that is not one.
    pub const BAD_PARAMETER: Self = Self::sentence(501, "5.5.4 Bad parameter value");
    /// A command we know and do not offer.
    pub const NOT_OFFERED: Self = Self::sentence(502, "5.5.1 Command not offered");
}

/// What we say at a limit, and when something is wrong on our side.
impl Reply {
    /// We are stopping.
    pub const STOPPING: Self = Self::sentence(421, "4.3.2 Shutting down; try again later");
    /// Over `WireLimits::connections`.
    pub const TOO_MANY_CONNECTIONS: Self =
        Self::sentence(421, "4.3.2 Too many connections; try again later");
    /// Over `WireLimits::connections_per_client`.
    pub const TOO_MANY_FROM_CLIENT: Self =
        Self::sentence(421, "4.7.0 Too many connections from you; try again later");
    /// Over `WireLimits::mistakes`.
    pub const TOO_MANY_MISTAKES: Self = Self::sentence(421, "4.7.0 Too many mistakes");
    /// Over `WireLimits::transactions`.
    pub const TOO_MANY_TRANSACTIONS: Self = Self::sentence(
        421,
        "4.7.0 Enough messages for one connection; open another",
    );
    /// Over `WireLimits::recipients`.
    pub const TOO_MANY_RECIPIENTS: Self = Self::sentence(
        452,
        "4.5.3 Too many recipients; send the rest in another transaction",
    );
    /// Over `TimeLimits::command` or `TimeLimits::data`.
    pub const TIMED_OUT: Self = Self::sentence(421, "4.4.2 You took too long");
    /// From a client in no trusted network.
    pub const NOT_TRUSTED: Self = Self::sentence(554, "5.7.1 Messages are not taken from you here");
    /// Over `WireLimits::message`.
    pub const TOO_LARGE: Self = Self::sentence(552, "5.3.4 Message too large");
    /// Over `WireLimits::hops`.
    pub const LOOP: Self =
        Self::sentence(554, "5.4.6 Too many hops; this message goes in a circle");
    /// The disk of the spool is full.
    pub const SPOOL_FULL: Self =
        Self::sentence(452, "4.3.1 No room for the message; try again later");
    /// The spool failed in another way.
    pub const SPOOL_FAILED: Self =
        Self::sentence(451, "4.3.0 The message could not be kept; try again later");
    /// The message could not be read for a reason of ours.
    pub const NOT_INSPECTED: Self = Self::sentence(
        451,
        "4.3.0 The message could not be inspected; try again later",
    );
    /// The incident could not be made durable.
    pub const NOT_RECORDED: Self = Self::sentence(
        451,
        "4.3.0 The incident log cannot be written; try again later",
    );
    /// Over `TimeLimits::verdict`: nothing was sent on.
    pub const TOO_LATE: Self = Self::sentence(
        451,
        "4.4.5 No verdict in time; the message was not sent; try again later",
    );
}

/// What we say of a next hop.
impl Reply {
    /// No connection, or a greeting that refuses us.
    pub const NEXT_HOP_UNREACHABLE: Self =
        Self::sentence(451, "4.4.1 The next hop cannot be reached; try again later");
    /// The next hop fell silent or hung up before the message was handed over.
    pub const NEXT_HOP_LOST: Self = Self::sentence(
        451,
        "4.4.2 The next hop was lost; nothing was sent; try again later",
    );
    /// The next hop said something that is no reply, or no reply to what it was asked.
    pub const NEXT_HOP_GARBLED: Self = Self::sentence(
        451,
        "4.5.0 The next hop does not speak SMTP; try again later",
    );
    /// No TLS as the route asks it.
    pub const NEXT_HOP_NOT_VERIFIED: Self = Self::sentence(
        451,
        "4.7.5 The next hop could not be verified; try again later",
    );
    /// The next hop was lost after the message was handed over, before it replied: it may have it.
    pub const OUTCOME_UNKNOWN: Self = Self::sentence(
        451,
        "4.4.2 The next hop was lost; whether it has the message is not known",
    );
    /// An 8-bit message for a next hop without 8BITMIME: nothing is converted, for that breaks signatures.
    pub const NEXT_HOP_SEVEN_BIT: Self =
        Self::sentence(554, "5.6.3 The next hop takes no 8-bit message");
    /// A transaction with SMTPUTF8 for a next hop without it.
    pub const NEXT_HOP_ASCII: Self =
        Self::sentence(553, "5.6.7 The next hop takes no SMTPUTF8 message");

    /// A refusal by policy, with the reason in words the sender can use.
    pub fn refused(reason: &str) -> Self {
        Self::new(550, &format!("5.7.1 {reason}"))
    }

    /// The greeting.
    pub fn greeting(host_name: &str) -> Self {
        Self::new(220, &format!("{host_name} ESMTP Sluse"))
    }

    /// To HELO.
    pub fn helo(host_name: &str) -> Self {
        Self::new(250, host_name)
    }

    /// To EHLO: the name, then the keywords of the extensions.
    pub fn ehlo<'a>(host_name: &'a str, keywords: impl IntoIterator<Item = &'a str>) -> Self {
        let lines = std::iter::once(host_name).chain(keywords);
        Self {
            code: 250,
            text: Text::Ours(lines.map(|line| line.as_bytes().into()).collect()),
        }
    }
}

impl Reply {
    /// A reply of ours in one line, its enhanced status code included: `Reply::new(250, "2.0.0 Ok")`.
    pub fn new(code: u16, text: &str) -> Self {
        Self {
            code,
            text: Text::Ours(vec![text.as_bytes().into()]),
        }
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

    /// Whether it is a 2xx.
    pub fn is_positive(&self) -> bool {
        self.severity() == Severity::Positive
    }

    /// Writes the reply for the wire: printable ASCII only, every line at most 512 octets (RFC 5321
    /// section 4.5.3.1.5) and cut visibly, and with an enhanced status code of the right class (RFC 2034 section 4) in every line of
    /// a next hop's reply.
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

    const fn sentence(code: u16, text: &'static str) -> Self {
        Self {
            code,
            text: Text::Sentence(text),
        }
    }

    /// The enhanced status code that every line gets: that of the next hop's first line that has one, with the class of the
    /// code. Our own sentences have theirs in the text.
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
            wire(&Reply::refused("Følsom: ••••••-••••…")),
            "550 5.7.1 Foelsom: ******-****...\r\n"
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
