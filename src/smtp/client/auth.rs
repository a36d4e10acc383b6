//! Authentication toward a next hop (RFC 4954): the two mechanisms that send a password, which only TLS keeps secret.

use std::fmt;

use zeroize::Zeroizing;

/// Who we are to a next hop. Its `Debug` tells nothing.
pub struct Credentials {
    user: Box<str>,
    password: Zeroizing<String>,
}

/// How it is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mechanism {
    /// RFC 4616: all in the command.
    Plain,
    /// Never a standard, and all that some servers offer: the user, then the password, each when asked for.
    Login,
}

/// Why these are no credentials: the administrator is at fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadCredentials {
    /// There is none.
    #[error("there is no password in it")]
    Empty,
    /// It does not fit a line.
    #[error("its password is longer than {} octets", Credentials::MOST)]
    TooLong,
    /// A line ending or a control character in it, which no mechanism can tell.
    #[error("its password is more than one line, or has a control character in it")]
    Control,
}

impl Mechanism {
    /// In the order in which they are tried.
    pub const ALL: [Self; 2] = [Self::Plain, Self::Login];

    /// Its name in the reply to EHLO.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
        }
    }
}

impl Credentials {
    /// The most octets of a password.
    pub const MOST: usize = 1024;

    /// A user, and the password as its file holds it: one line, the line ending not counted.
    pub fn new(user: &str, file: &[u8]) -> Result<Self, BadCredentials> {
        let line = file.strip_suffix(b"\n").unwrap_or(file);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return Err(BadCredentials::Empty);
        }
        if line.len() > Self::MOST {
            return Err(BadCredentials::TooLong);
        }
        let password = str::from_utf8(line).map_err(|_| BadCredentials::Control)?;
        if password.chars().any(char::is_control) {
            return Err(BadCredentials::Control);
        }
        Ok(Self {
            user: user.into(),
            password: Zeroizing::new(password.to_owned()),
        })
    }

    /// What is sent, line by line: each but the first after a 334. The last is answered 235.
    pub fn lines(&self, mechanism: Mechanism) -> Vec<Zeroizing<Vec<u8>>> {
        let (user, password) = (self.user.as_bytes(), self.password.as_bytes());
        match mechanism {
            Mechanism::Plain => {
                let told = Zeroizing::new([b"\0", user, b"\0", password].concat());
                vec![line(b"AUTH PLAIN ", &told)]
            }
            Mechanism::Login => vec![
                Zeroizing::new(b"AUTH LOGIN\r\n".to_vec()),
                line(b"", user),
                line(b"", password),
            ],
        }
    }
}

/// Two are the same when user and password are.
impl PartialEq for Credentials {
    fn eq(&self, other: &Self) -> bool {
        self.user == other.user && self.password == other.password
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

/// `command`, then `told` in base64 (RFC 4648 section 4). What is grown is left behind in memory, so room is made first.
fn line(command: &[u8], told: &[u8]) -> Zeroizing<Vec<u8>> {
    let room = command.len() + told.len().div_ceil(3) * 4 + 2;
    let mut line = Zeroizing::new(Vec::with_capacity(room));
    line.extend_from_slice(command);
    for three in told.chunks(3) {
        let octet = |at| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = octet(0) << 16 | octet(1) << 8 | octet(2);
        for at in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * at) & 63).ok();
            let digit = digit.filter(|_| at <= three.len());
            let digit = digit.and_then(|digit| DIGITS.get(digit)).copied();
            line.push(digit.unwrap_or(b'='));
        }
    }
    line.extend_from_slice(b"\r\n");
    line
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[cfg(test)]
mod tests {
    use super::*;

    fn said(user: &str, file: &[u8], mechanism: Mechanism) -> Vec<String> {
        let credentials = Credentials::new(user, file).unwrap();
        let lines = credentials.lines(mechanism);
        let text = lines.iter().map(|line| String::from_utf8(line.to_vec()));
        text.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648 section 10.
        for (told, base64) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            let written = line(b"", told.as_bytes());
            assert_eq!(&*written, format!("{base64}\r\n").as_bytes());
        }
        assert_eq!(&*line(b"", &[0xFB, 0xFF, 0xFE]), b"+//+\r\n");
    }

    #[test]
    fn both_mechanisms_tell_user_and_password() {
        // RFC 4616 section 4.
        assert_eq!(
            said("tim", b"tanstaaftanstaaf\n", Mechanism::Plain),
            ["AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n"]
        );
        assert_eq!(
            said("tim", b"tanstaaftanstaaf\r\n", Mechanism::Login),
            ["AUTH LOGIN\r\n", "dGlt\r\n", "dGFuc3RhYWZ0YW5zdGFhZg==\r\n"]
        );
    }

    #[test]
    fn what_is_no_password_is_told_without_telling_it() {
        for (file, wrong) in [
            (&b""[..], BadCredentials::Empty),
            (b"\n", BadCredentials::Empty),
            (b"two\nlines\n", BadCredentials::Control),
            (b"null\0", BadCredentials::Control),
            (b"s\xf8ren", BadCredentials::Control),
            (&[b'x'; 1025], BadCredentials::TooLong),
        ] {
            assert_eq!(Credentials::new("tim", file).unwrap_err(), wrong);
        }
        let good = Credentials::new("tim", b"secret").unwrap();
        assert_eq!(format!("{good:?}"), "Credentials");
    }
}
