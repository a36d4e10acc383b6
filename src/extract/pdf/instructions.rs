//! Whether the instructions of a page can be followed to their end; and the strings among them where they cannot.
//!
//! The library stops at the first thing it does not understand and says nothing of it. So it is given the same
//! instructions with a word of ours behind them, and it must come to that word.

use hayro_syntax::Pdf;
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Dict, MaybeRef, Object, Stream};

use crate::extract::pdf::strings;
use crate::extract::{Budget, Exhausted};

/// What was found out about instructions before anything is drawn by them.
#[derive(Debug, Default)]
pub(super) struct Followed {
    /// Some of them stop being readable.
    pub(super) broken: bool,
    /// Some of them hold lists deeper than the library reads; it would try for very long.
    pub(super) deep: bool,
    /// The strings in the broken and the deep ones, by line.
    pub(super) strings: String,
}

impl Followed {
    /// Follows all instructions that pages share: forms, appearances of notes, patterns (all of which have a box),
    /// and the glyphs of fonts that draw them (ISO 32000-2, 8.7.3, 8.10, 9.6.4, 12.5.5).
    ///
    /// # Errors
    ///
    /// `Exhausted` when the time is up, or when the strings are more than any text may be.
    pub(super) fn shared(&mut self, pdf: &Pdf, budget: &Budget) -> Result<(), Exhausted> {
        for object in pdf.objects() {
            let mut open = vec![object];
            while let Some(object) = open.pop() {
                match object {
                    Object::Stream(stream) => {
                        if stream.dict().contains_key("BBox") {
                            self.stream(&stream, budget)?;
                        }
                        self.dict(stream.dict(), &mut open, budget)?;
                    }
                    Object::Dict(dict) => self.dict(&dict, &mut open, budget)?,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn dict<'a>(
        &mut self,
        dict: &Dict<'a>,
        open: &mut Vec<Object<'a>>,
        budget: &Budget,
    ) -> Result<(), Exhausted> {
        if let Some(glyphs) = dict.get::<Dict<'_>>("CharProcs") {
            for (name, _) in glyphs.entries() {
                if let Some(stream) = glyphs.get::<Stream<'_>>(name) {
                    self.stream(&stream, budget)?;
                }
            }
        }
        open.extend(dict.entries().filter_map(|(_, value)| match value {
            MaybeRef::NotRef(dict @ Object::Dict(_)) => Some(dict),
            _ => None,
        }));
        Ok(())
    }

    fn stream(&mut self, stream: &Stream<'_>, budget: &Budget) -> Result<(), Exhausted> {
        match stream.decoded_data() {
            Ok(instructions) => self.follow(&instructions, budget).map(drop),
            Err(_) => {
                self.broken = true;
                Ok(())
            }
        }
    }

    /// Follows the instructions of one stream.
    ///
    /// # Errors
    ///
    /// As [`Followed::shared`].
    pub(super) fn follow(
        &mut self,
        instructions: &[u8],
        budget: &Budget,
    ) -> Result<Lists, Exhausted> {
        budget.time()?;
        let deep = is_deep(instructions);
        let broken = !deep && is_broken(instructions);
        self.deep |= deep;
        self.broken |= broken;
        if deep || broken {
            // Also those that came before the flaw: nobody says where it is.
            sweep(instructions, &mut self.strings);
        }
        if self.strings.len() as u64 > budget.limits().text {
            return Err(Exhausted::Limit("text"));
        }
        Ok(if deep { Lists::Deep } else { Lists::Shallow })
    }
}

/// How deep the lists of instructions lie in each other.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lists {
    #[default]
    Shallow,
    /// Too deep to be drawn.
    Deep,
}

fn is_broken(instructions: &[u8]) -> bool {
    let marked = [instructions, b"\n", END, b"\n"].concat();
    let mut iter = TypedIter::new(&marked);
    let mut ended = false;
    while let Some(instruction) = iter.next() {
        ended = false;
        if let TypedInstruction::Fallback(operator) = instruction {
            // Text is to be shown, of what is no string.
            if SHOWING.contains(&&**operator) {
                return true;
            }
            ended = **operator == *END;
        }
    }
    !ended
}

/// An operator no format knows.
const END: &[u8] = b"SluseEnd";

/// The operators that show text (ISO 32000-2, table 107).
const SHOWING: [&[u8]; 4] = [b"Tj", b"TJ", b"'", b"\""];

fn is_deep(instructions: &[u8]) -> bool {
    let mut depth = 0_usize;
    Tokens::new(instructions).any(|token| {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Literal(_) | Token::Hex(_) | Token::Word(_) => {}
        }
        depth > DEEPEST
    })
}

/// How deep the lists of an instruction may lie in each other. Real ones are two or three deep.
const DEEPEST: usize = 64;

/// Adds all strings, those on one line together.
fn sweep(instructions: &[u8], lines: &mut String) {
    for token in Tokens::new(instructions) {
        let string = match token {
            Token::Literal(raw) => literal(raw),
            Token::Hex(raw) => hex(raw),
            Token::Word(b"Td" | b"TD" | b"Tm" | b"T*" | b"ET" | b"'" | b"\"") => {
                end_line(lines);
                continue;
            }
            Token::Word(_) | Token::Open | Token::Close => continue,
        };
        if let Some(text) = strings::text(&string) {
            lines.push_str(&text);
        }
    }
    end_line(lines);
}

fn end_line(lines: &mut String) {
    if !lines.is_empty() && !lines.ends_with('\n') {
        lines.push('\n');
    }
}

/// The octets of a string between its parentheses (ISO 32000-2, 7.3.4.2).
fn literal(raw: &[u8]) -> Vec<u8> {
    let mut octets = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let [first, more @ ..] = rest {
        rest = more;
        if *first != b'\\' {
            octets.push(*first);
            continue;
        }
        let digits = rest.iter().take(3).take_while(|o| matches!(o, b'0'..=b'7'));
        let digits = digits.count();
        if digits > 0 {
            let (octal, more) = rest.split_at(digits);
            rest = more;
            // The high bit of the first of three is ignored.
            let fold = |value: u8, digit: &u8| (value << 3) | (digit & 7);
            octets.push(octal.iter().fold(0, fold));
            continue;
        }
        let [escaped, more @ ..] = rest else { break };
        rest = more;
        match escaped {
            b'n' => octets.push(b'\n'),
            b'r' => octets.push(b'\r'),
            b't' => octets.push(b'\t'),
            b'b' | b'f' => octets.push(b' '),
            b'\r' => rest = rest.strip_prefix(b"\n").unwrap_or(rest),
            b'\n' => {}
            other => octets.push(*other),
        }
    }
    octets
}

/// The octets of a string of hexadecimal digits; a last one alone is followed by a zero (ISO 32000-2, 7.3.4.3).
fn hex(raw: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = raw
        .iter()
        .filter_map(|digit| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            b'A'..=b'F' => Some(digit - b'A' + 10),
            _ => None,
        })
        .collect();
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => (high << 4) | low,
            [high] => high << 4,
            _ => 0,
        })
        .collect()
}

/// A part of instructions, as raw octets.
#[derive(Debug)]
enum Token<'a> {
    Literal(&'a [u8]),
    Hex(&'a [u8]),
    /// A list or dictionary begins.
    Open,
    Close,
    Word(&'a [u8]),
}

/// Cuts any octets into tokens; goes on behind what is none.
struct Tokens<'a> {
    rest: &'a [u8],
    /// How many more strings without an end are looked through.
    unclosed: u8,
}

impl<'a> Tokens<'a> {
    fn new(rest: &'a [u8]) -> Self {
        // Each costs a pass over all that follows it.
        Self { rest, unclosed: 16 }
    }

    fn take(&mut self, octets: usize) -> &'a [u8] {
        let (taken, rest) = self
            .rest
            .split_at_checked(octets)
            .unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    /// A literal string whose opening parenthesis was taken. `None` where it has no end.
    fn literal(&mut self) -> Option<Token<'a>> {
        let mut depth = 1_usize;
        let mut escaped = false;
        let end = self.rest.iter().position(|octet| {
            match octet {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        if end.is_none() && self.unclosed > 0 {
            self.unclosed -= 1;
            return None;
        }
        let string = self.take(end.unwrap_or(self.rest.len()));
        self.take(1);
        Some(Token::Literal(string))
    }

    /// What follows a `<` that was taken.
    fn angle(&mut self) -> Option<Token<'a>> {
        if self.rest.first() == Some(&b'<') {
            self.take(1);
            return Some(Token::Open);
        }
        let is_digit = |o: &u8| o.is_ascii_hexdigit() || o.is_ascii_whitespace() || *o == 0;
        let end = self.rest.iter().position(|octet| !is_digit(octet))?;
        (self.rest.get(end) == Some(&b'>')).then(|| {
            let string = self.take(end);
            self.take(1);
            Token::Hex(string)
        })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest;
            let first = self.take(1).first()?;
            let token = match first {
                b'(' => self.literal(),
                b'<' => self.angle(),
                b'[' => Some(Token::Open),
                b']' => Some(Token::Close),
                b'>' if self.rest.first() == Some(&b'>') => {
                    self.take(1);
                    Some(Token::Close)
                }
                b'%' => {
                    let end = memchr::memchr2(b'\r', b'\n', self.rest);
                    self.take(end.unwrap_or(self.rest.len()));
                    None
                }
                first if is_regular(*first) => {
                    let end = rest.iter().position(|octet| !is_regular(*octet));
                    let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
                    self.take(word.len() - 1);
                    Some(Token::Word(word))
                }
                _ => None,
            };
            if token.is_some() {
                return token;
            }
        }
    }
}

/// Neither white space nor a delimiter (ISO 32000-2, 7.2.3).
fn is_regular(octet: u8) -> bool {
    !octet.is_ascii_whitespace()
        && !matches!(
            octet,
            0 | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_swept_by_line() {
        let mut lines = String::new();
        sweep(
            b") [(11\\060) -20 (3\\(8)] TJ <35 2D> Tj ( (x) Td % (no)\n<4g (12) Tj T* (s\\\nt) ET",
            &mut lines,
        );
        assert_eq!(lines, "1103(85-x\n12\nst\n");
    }
}
