//! One command line, read.

use crate::mail::{Address, ReversePath};
use crate::smtp::Reply;
use crate::smtp::session::framing::Chunk;

/// What a client asks for. Addresses and parameters keep the octets that were typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Command<'a> {
    Hello(Hello, &'a str),
    Mail(ReversePath, &'a [u8]),
    Rcpt(Address, &'a [u8]),
    Data,
    Bdat(Chunk),
    Rset,
    Noop,
    Quit,
    Vrfy,
    Xforward(&'a [u8]),
    StartTls,
    Auth(&'a [u8]),
}

/// How a client says who it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Hello {
    Ehlo,
    Helo,
    Lhlo,
}

/// Why a line is no command that we follow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum CommandError {
    /// The client is wrong, or wants what we do not offer.
    Refused(Reply),
    /// The client is not speaking SMTP, or what follows are octets of a message: no further line may be taken
    /// for a command.
    NotSmtp,
}

impl From<Reply> for CommandError {
    fn from(reply: Reply) -> Self {
        Self::Refused(reply)
    }
}

impl<'a> Command<'a> {
    /// Reads a line without its line ending.
    pub(super) fn parse(line: &'a [u8]) -> Result<Self, CommandError> {
        if line.iter().any(u8::is_ascii_control) {
            return Err(Reply::LINE_MALFORMED.into());
        }
        // RFC 5321 section 4.1.1 has us tolerate white space before the line ending.
        let (verb, arguments) = split_word(line.trim_ascii_end());
        let mut upper = [0; LONGEST_VERB];
        let Some(name) = upper.get_mut(..verb.len()) else {
            return Err(Reply::UNKNOWN_COMMAND.into());
        };
        name.copy_from_slice(verb);
        name.make_ascii_uppercase();
        let command = match &*name {
            b"EHLO" => Self::Hello(Hello::Ehlo, host(arguments)?),
            b"HELO" => Self::Hello(Hello::Helo, host(arguments)?),
            b"LHLO" => Self::Hello(Hello::Lhlo, host(arguments)?),
            b"MAIL" => {
                let (path, parameters) = path(arguments, b"FROM:").ok_or(Reply::BAD_SENDER)?;
                Self::Mail(reverse_path(path)?, parameters)
            }
            b"RCPT" => {
                let (path, parameters) = path(arguments, b"TO:").ok_or(Reply::BAD_RECIPIENT)?;
                Self::Rcpt(forward_path(path)?, parameters)
            }
            b"DATA" => bare(Self::Data, arguments)?,
            b"BDAT" => Self::Bdat(chunk(arguments).ok_or(CommandError::NotSmtp)?),
            b"RSET" => bare(Self::Rset, arguments)?,
            b"QUIT" => bare(Self::Quit, arguments)?,
            b"NOOP" => Self::Noop,
            b"VRFY" => Self::Vrfy,
            b"XFORWARD" => Self::Xforward(arguments),
            b"STARTTLS" => bare(Self::StartTls, arguments)?,
            b"AUTH" => Self::Auth(arguments),
            b"EXPN" | b"HELP" | b"ETRN" | b"TURN" | b"ATRN" | b"SEND" | b"SOML" | b"SAML"
            | b"XCLIENT" => return Err(Reply::NOT_OFFERED.into()),
            // A page in somebody's browser can make it send these to us, with commands behind
            // (smtpd_forbidden_commands of Postfix); and behind BURL, which we never announce, stand octets of a
            // message.
            b"GET" | b"POST" | b"PUT" | b"CONNECT" | b"OPTIONS" | b"BURL" => {
                return Err(CommandError::NotSmtp);
            }
            _ => return Err(Reply::UNKNOWN_COMMAND.into()),
        };
        Ok(command)
    }
}

fn split_word(text: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr::memchr(b' ', text).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or((text, &[]));
    (word, rest.trim_ascii_start())
}

fn bare<'a>(command: Command<'a>, arguments: &[u8]) -> Result<Command<'a>, Reply> {
    if arguments.is_empty() {
        Ok(command)
    } else {
        Err(Reply::BAD_ARGUMENTS)
    }
}

/// The arguments of BDAT: a number of octets, and `LAST` with the last of them (RFC 3030 section 2). Of anything else it cannot
/// be told where the octets behind it end.
fn chunk(arguments: &[u8]) -> Option<Chunk> {
    let (digits, last) = split_word(arguments);
    let is_last = match last {
        b"" => false,
        last if last.eq_ignore_ascii_case(b"LAST") => true,
        _ => return None,
    };
    // `parse` alone would take a sign.
    let is_number = digits.iter().all(u8::is_ascii_digit);
    let left = str::from_utf8(digits).ok().filter(|_| is_number)?;
    Some(Chunk {
        left: left.parse().ok()?,
        is_last,
    })
}

/// The name in EHLO. It proves nothing, so nothing more is asked of it than that it can be written into a log.
fn host(arguments: &[u8]) -> Result<&str, Reply> {
    let name = str::from_utf8(arguments).map_err(|_| Reply::BAD_HELO)?;
    let fits = (1..=255).contains(&name.len());
    if fits && !name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Ok(name)
    } else {
        Err(Reply::BAD_HELO)
    }
}

/// Splits `FROM:<path> parameters`. A `>` inside quotes does not end the path.
fn path<'a>(arguments: &'a [u8], keyword: &[u8]) -> Option<(&'a str, &'a [u8])> {
    let (start, rest) = arguments.split_at_checked(keyword.len())?;
    if !start.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let rest = rest.trim_ascii_start().strip_prefix(b"<")?;
    let (mut quoted, mut escaped) = (false, false);
    let end = rest.iter().position(|&c| {
        match c {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            _ => {}
        }
        c == b'>' && !quoted
    })?;
    let (path, parameters) = (rest.get(..end)?, rest.get(end + 1..)?);
    let apart = parameters.is_empty() || parameters.starts_with(b" ");
    apart.then_some((str::from_utf8(path).ok()?, parameters.trim_ascii_start()))
}

fn reverse_path(path: &str) -> Result<ReversePath, Reply> {
    if path.is_empty() {
        return Ok(ReversePath::Null);
    }
    let address = Address::parse(path).map_err(|_| Reply::BAD_SENDER)?;
    Ok(ReversePath::Mailbox(address))
}

/// Where a message goes is judged by the domain of the address, so an address that goes on from there is
/// refused: neither a source route, which RFC 5321 appendix C lets us decline, nor its later disguises. Passed
/// on as typed, the next hop could follow it; shortened, it would not be what was typed.
fn forward_path(path: &str) -> Result<Address, Reply> {
    if path.starts_with('@') {
        return Err(Reply::ROUTED_ADDRESS);
    }
    let address = Address::parse(path).map_err(|_| Reply::BAD_RECIPIENT)?;
    if address.routes_onward() {
        return Err(Reply::ROUTED_ADDRESS);
    }
    Ok(address)
}

/// The most octets of a verb: `STARTTLS` and `XFORWARD`.
const LONGEST_VERB: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(line: &str) -> Option<(String, String)> {
        let (address, parameters) = match Command::parse(line.as_bytes()) {
            Ok(Command::Mail(ReversePath::Mailbox(address), parameters)) => (address, parameters),
            Ok(Command::Rcpt(address, parameters)) => (address, parameters),
            _ => return None,
        };
        let parameters = String::from_utf8(parameters.to_vec()).unwrap();
        Some((address.raw().to_owned(), parameters))
    }

    #[test]
    fn paths_and_parameters_are_kept_as_typed() {
        for (line, path, parameters) in [
            ("MAIL FROM:<a@b.dk>", "a@b.dk", ""),
            ("mail from:<A@b.dk> size=5 X=Y", "A@b.dk", "size=5 X=Y"),
            ("RCPT TO: <a@b.dk>  ", "a@b.dk", ""),
            (
                "RCPT TO:<\"a> b\\\"\"@c.dk> N=1",
                "\"a> b\\\"\"@c.dk",
                "N=1",
            ),
            ("RCPT TO:<postmaster>", "postmaster", ""),
        ] {
            let read = Some((path.to_owned(), parameters.to_owned()));
            assert_eq!(mail(line), read, "{line}");
        }
    }

    #[test]
    fn a_chunk_is_a_number_of_octets() {
        for (line, left, is_last) in [
            ("BDAT 0", 0, false),
            ("bdat 12 last", 12, true),
            ("BDAT  007  LAST ", 7, true),
            ("BDAT 18446744073709551615", u64::MAX, false),
        ] {
            let chunk = Command::Bdat(Chunk { left, is_last });
            assert_eq!(Command::parse(line.as_bytes()), Ok(chunk), "{line}");
        }
    }

    #[test]
    fn whatever_could_be_read_in_two_ways_is_refused() {
        for (line, reply) in [
            ("MAIL FROM:a@b.dk", Reply::BAD_SENDER),
            ("MAIL FROM:<a@b.dk", Reply::BAD_SENDER),
            ("MAIL FROM <a@b.dk>", Reply::BAD_SENDER),
            ("MAIL TO:<a@b.dk>", Reply::BAD_SENDER),
            ("MAIL FROM:<@x:a@b.dk>", Reply::BAD_SENDER),
            ("MAIL", Reply::BAD_SENDER),
            ("RCPT TO:<a@b.dk>x", Reply::BAD_RECIPIENT),
            ("RCPT TO:<a@b.dk>> N=1", Reply::BAD_RECIPIENT),
            ("RCPT TO:<<a@b.dk>>", Reply::BAD_RECIPIENT),
            ("RCPT TO:<a@b.dk (c)>", Reply::BAD_RECIPIENT),
            ("RCPT TO:<\"a@b.dk>", Reply::BAD_RECIPIENT),
            ("RCPT TO:<>", Reply::BAD_RECIPIENT),
            ("RCPT TO:<@x,@y:a@b.dk>", Reply::ROUTED_ADDRESS),
            ("RCPT TO:<a%c.dk@b.dk>", Reply::ROUTED_ADDRESS),
            ("RCPT TO:<\"a@c.dk\"@b.dk>", Reply::ROUTED_ADDRESS),
            ("RCPT TO:<a@b.dk>\tN=1", Reply::LINE_MALFORMED),
            ("RCPT TO:<a@b.dk>\rN=1", Reply::LINE_MALFORMED),
            ("RCPT TO:<a\0@b.dk>", Reply::LINE_MALFORMED),
            ("DATA now", Reply::BAD_ARGUMENTS),
            ("EHLO", Reply::BAD_HELO),
            ("EHLO a b", Reply::BAD_HELO),
            ("EHLO a\u{2028}b", Reply::BAD_HELO),
            ("STARTTLS now", Reply::BAD_ARGUMENTS),
            ("DATAGRAMS!", Reply::UNKNOWN_COMMAND),
            ("", Reply::UNKNOWN_COMMAND),
        ] {
            let read = Command::parse(line.as_bytes());
            assert_eq!(read, Err(CommandError::Refused(reply)), "{line:?}");
        }
        for line in [
            "GET / HTTP/1.1",
            "post /",
            "BURL imap://x LAST",
            "BDAT",
            "BDAT LAST",
            "BDAT -1",
            "BDAT +1 LAST",
            "BDAT 1 LAST LAST",
            "BDAT 0x10",
            "BDAT 18446744073709551616",
        ] {
            assert_eq!(Command::parse(line.as_bytes()), Err(CommandError::NotSmtp));
        }
        let latin = b"RCPT TO:<s\xf8ren@b.dk>";
        assert_eq!(Command::parse(latin), Err(Reply::BAD_RECIPIENT.into()));
    }
}
