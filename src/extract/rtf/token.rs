//! The tokens of rich text.

use crate::mime::hex;

/// A token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token<'b> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\name` or `\nameN`.
    Word {
        /// The name.
        name: &'b [u8],
        /// The number behind it.
        number: Option<i64>,
    },
    /// `\` and one character that is no letter.
    Symbol(u8),
    /// `\'hh`
    Octet(u8),
    /// Characters that stand for themselves.
    Text(&'b [u8]),
}

/// Cuts a document into tokens.
pub(super) struct Tokens<'b> {
    rest: &'b [u8],
}

impl<'b> Tokens<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Passes over octets that are no tokens, as many as are there, and returns them.
    pub(super) fn pass_over(&mut self, count: usize) -> &'b [u8] {
        let (passed, rest) = self
            .rest
            .split_at_checked(count)
            .unwrap_or((self.rest, b""));
        self.rest = rest;
        passed
    }

    fn control(&mut self) -> Option<Token<'b>> {
        let (&first, rest) = self.rest.split_first()?;
        if first == b'\'' {
            self.rest = rest;
            let [high, low, rest @ ..] = rest else {
                self.rest = &[];
                return None;
            };
            self.rest = rest;
            return Some(Token::Octet(
                hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0),
            ));
        }
        if !first.is_ascii_alphabetic() {
            self.rest = rest;
            return Some(Token::Symbol(first));
        }
        let letters = self
            .rest
            .iter()
            .take_while(|octet| octet.is_ascii_alphabetic())
            .count();
        let (name, rest) = self.rest.split_at(letters);
        let negative = rest.first() == Some(&b'-');
        let digits = rest.get(usize::from(negative)..).unwrap_or_default();
        let count = digits
            .iter()
            .take_while(|octet| octet.is_ascii_digit())
            .count();
        let (digits, after) = digits.split_at(count);
        let (number, rest) = if count == 0 {
            (None, rest)
        } else {
            // More digits than any number has mean the largest.
            let number = str::from_utf8(digits)
                .ok()
                .and_then(|digits| digits.parse().ok());
            let number = number.unwrap_or(i64::MAX);
            (Some(if negative { -number } else { number }), after)
        };
        self.rest = rest.strip_prefix(b" ").unwrap_or(rest);
        Some(Token::Word { name, number })
    }
}

impl<'b> Iterator for Tokens<'b> {
    type Item = Token<'b>;

    fn next(&mut self) -> Option<Token<'b>> {
        loop {
            let (&first, rest) = self.rest.split_first()?;
            match first {
                b'{' => {
                    self.rest = rest;
                    return Some(Token::Open);
                }
                b'}' => {
                    self.rest = rest;
                    return Some(Token::Close);
                }
                b'\\' => {
                    self.rest = rest;
                    return self.control();
                }
                b'\r' | b'\n' | 0 => self.rest = rest,
                _ => {
                    let length = self
                        .rest
                        .iter()
                        .take_while(|octet| {
                            !matches!(octet, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0)
                        })
                        .count();
                    let (text, rest) = self.rest.split_at(length);
                    self.rest = rest;
                    return Some(Token::Text(text));
                }
            }
        }
    }
}
