//! HTML cut into tokens as the standard has it (WHATWG HTML section 13.2.5), borrowed from the text.
//!
//! Our own, because it is the most used reader of all and html5ever takes ten times as long to own every token. It
//! differs in one thing: what the standard drops (a tag that the text ends in, a doctype, a processing instruction)
//! is a comment here, for it may hold words. The table of entities is html5ever's, and so is the proof in the tests.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::entity;

/// A token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Characters, entities decoded.
    Text(Cow<'t, str>),
    /// The start of an element.
    Open(Tag<'t>),
    /// The end of an element: its name in lower case.
    Close(Cow<'t, str>),
    /// A comment, or what the standard passes over.
    Comment(&'t str),
}

/// The start of an element.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    /// Its name in lower case.
    pub(super) name: Cow<'t, str>,
    /// Its attributes in the order they stand.
    pub(super) attributes: Vec<Attribute<'t>>,
    /// It ends in `/>`.
    pub(super) self_closing: bool,
}

/// An attribute.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute<'t> {
    /// Its name in lower case.
    pub(super) name: Cow<'t, str>,
    /// Its value, entities decoded.
    pub(super) value: Cow<'t, str>,
}

/// The tokens of a text.
pub(super) struct Tokens<'t> {
    rest: &'t str,
    /// The element whose end alone ends the text that follows, and whether entities are decoded in it.
    raw: Option<(&'static str, bool)>,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            rest: text,
            raw: None,
        }
    }

    /// Takes `count` octets off what is left.
    fn take(&mut self, count: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Everything up to the end of the element, as one text.
    fn raw(&mut self, name: &str, decodes: bool) -> Token<'t> {
        let bytes = self.rest.as_bytes();
        let end = memmem::find_iter(bytes, b"</")
            .find(|at| {
                let after = bytes.get(at + 2..).unwrap_or_default();
                after
                    .split_at_checked(name.len())
                    .is_some_and(|(found, after)| {
                        found.eq_ignore_ascii_case(name.as_bytes())
                            && after.first().is_some_and(|octet| {
                                is_space(*octet) || matches!(octet, b'/' | b'>')
                            })
                    })
            })
            .unwrap_or(bytes.len());
        let text = self.take(end);
        Token::Text(if decodes {
            entity::decoded(text)
        } else {
            text.into()
        })
    }

    /// What a `<` begins; `None` where it is only a character.
    fn markup(&mut self) -> Option<Token<'t>> {
        let bytes = self.rest.as_bytes();
        match bytes {
            [b'<', b'!', b'-', b'-', ..] => Some(self.comment()),
            [b'<', b'!' | b'?', ..] => Some(self.bogus(2)),
            [b'<', b'/', b'>', ..] => {
                self.take(3);
                Some(Token::Comment(""))
            }
            [b'<', b'/', first, ..] if first.is_ascii_alphabetic() => Some(self.tag(2)),
            [b'<', b'/', _, ..] => Some(self.bogus(2)),
            [b'<', first, ..] if first.is_ascii_alphabetic() => Some(self.tag(1)),
            _ => None,
        }
    }

    fn comment(&mut self) -> Token<'t> {
        self.take(4);
        let bytes = self.rest.as_bytes();
        for empty in [&b">"[..], b"->"] {
            if bytes.starts_with(empty) {
                self.take(empty.len());
                return Token::Comment("");
            }
        }
        let end = memchr::memchr_iter(b'>', bytes).find_map(|at| {
            let comment = bytes.get(..at)?;
            let mark = [&b"--"[..], b"--!"]
                .into_iter()
                .find(|mark| comment.ends_with(mark))?;
            Some((at - mark.len(), mark.len() + 1))
        });
        let (at, length) = end.unwrap_or((bytes.len(), 0));
        let comment = self.take(at);
        self.take(length);
        Token::Comment(comment)
    }

    /// Up to the next `>`.
    fn bogus(&mut self, skipped: usize) -> Token<'t> {
        self.take(skipped);
        let end = memchr(b'>', self.rest.as_bytes()).unwrap_or(self.rest.len());
        let comment = self.take(end);
        self.take(1);
        Token::Comment(comment)
    }

    fn tag(&mut self, skipped: usize) -> Token<'t> {
        let whole = self.rest;
        self.take(skipped);
        let name = self.name(|octet| is_space(octet) || matches!(octet, b'/' | b'>'));
        let mut attributes = Vec::new();
        let mut self_closing = false;
        loop {
            self.pass_spaces();
            match self.rest.as_bytes() {
                [] => return self.broken(whole),
                [b'>', ..] => {
                    self.take(1);
                    break;
                }
                [b'/', after @ ..] => {
                    self_closing = after.first() == Some(&b'>');
                    self.take(1);
                }
                _ => attributes.push(match self.attribute() {
                    Some(attribute) => attribute,
                    None => return self.broken(whole),
                }),
            }
        }
        if skipped == 2 {
            return Token::Close(name);
        }
        self.raw = RAW
            .iter()
            .find(|(raw, _)| *raw == name)
            .filter(|_| !self_closing)
            .copied();
        Token::Open(Tag {
            name,
            attributes,
            self_closing,
        })
    }

    /// The text ends in a tag.
    fn broken(&mut self, whole: &'t str) -> Token<'t> {
        self.rest = "";
        Token::Comment(whole)
    }

    /// An attribute; `None` where the text ends in it.
    fn attribute(&mut self) -> Option<Attribute<'t>> {
        // A name may begin with `=`.
        let first = usize::from(self.rest.starts_with('='));
        let bytes = self.rest.as_bytes().get(first..).unwrap_or_default();
        let length = bytes
            .iter()
            .position(|&octet| is_space(octet) || matches!(octet, b'/' | b'>' | b'='))
            .unwrap_or(bytes.len());
        let name = lower(self.take(first + length));
        self.pass_spaces();
        if !self.rest.starts_with('=') {
            return Some(Attribute {
                name,
                value: "".into(),
            });
        }
        self.take(1);
        self.pass_spaces();
        let value = match self.rest.as_bytes() {
            [quote @ (b'"' | b'\''), after @ ..] => {
                let end = memchr(*quote, after)?;
                self.take(1);
                let value = self.take(end);
                self.take(1);
                value
            }
            bytes => {
                let end = bytes
                    .iter()
                    .position(|&octet| is_space(octet) || octet == b'>')?;
                self.take(end)
            }
        };
        Some(Attribute {
            name,
            value: entity::decoded_in_attribute(value),
        })
    }

    fn name(&mut self, ends: impl Fn(u8) -> bool) -> Cow<'t, str> {
        let bytes = self.rest.as_bytes();
        let length = bytes
            .iter()
            .position(|&octet| ends(octet))
            .unwrap_or(bytes.len());
        lower(self.take(length))
    }

    fn pass_spaces(&mut self) {
        let spaces = self
            .rest
            .bytes()
            .take_while(|&octet| is_space(octet))
            .count();
        self.take(spaces);
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        if self.rest.is_empty() {
            return None;
        }
        if let Some((name, decodes)) = self.raw.take() {
            return Some(self.raw(name, decodes));
        }
        if self.rest.starts_with('<')
            && let Some(token) = self.markup()
        {
            return Some(token);
        }
        // The first octet is a character, even if it is `<`.
        let bytes = self.rest.as_bytes().get(1..).unwrap_or_default();
        let end = memchr(b'<', bytes).map_or(self.rest.len(), |at| at + 1);
        Some(Token::Text(entity::decoded(self.take(end))))
    }
}

fn is_space(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|octet| octet.is_ascii_uppercase()) {
        name.to_ascii_lowercase().into()
    } else {
        name.into()
    }
}

/// Elements that hold text alone, and whether entities are decoded in them.
const RAW: &[(&str, bool)] = &[
    ("script", false),
    ("style", false),
    ("xmp", false),
    ("title", true),
    ("textarea", true),
];

#[cfg(test)]
mod proof;
