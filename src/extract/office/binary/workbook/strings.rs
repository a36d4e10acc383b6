//! Strings as workbooks keep them: narrow or wide, and split over records (MS-XLS 2.5.293 and 2.5.294).

use crate::extract::octets::{f64_at, slice, u16_at, utf_16};

/// Reads on in the stretches of a record.
pub(super) struct Strings<'r, 'b> {
    parts: &'r [&'b [u8]],
    rest: &'b [u8],
}

impl<'r, 'b> Strings<'r, 'b> {
    /// From octet `at` of the first stretch on.
    pub(super) fn new(parts: &'r [&'b [u8]], at: usize) -> Self {
        let (first, parts) = match parts.split_first() {
            Some((first, parts)) => (*first, parts),
            None => (&[] as &[u8], parts),
        };
        Self {
            parts,
            rest: first.get(at..).unwrap_or_default(),
        }
    }

    /// The next shared string, with its looks left out. `None` where there is no more.
    pub(super) fn rich(&mut self) -> Option<String> {
        if self.rest.is_empty() {
            self.part()?;
        }
        let count = self.number(2)?;
        let flags = self.number(1)?;
        let runs = if flags & 8 == 0 { 0 } else { self.number(2)? };
        let spoken = if flags & 4 == 0 { 0 } else { self.number(4)? };
        let text = self.characters(count, flags & 1 == 1);
        self.pass_over(runs.saturating_mul(4).saturating_add(spoken));
        Some(text)
    }

    /// `count` characters; each further stretch says anew how wide its own are.
    pub(super) fn characters(&mut self, count: usize, wide: bool) -> String {
        let mut wide = wide;
        let mut left = count;
        let mut text = String::new();
        while left > 0 {
            let width = if wide { 2 } else { 1 };
            let octets = slice(self.rest, 0, left.saturating_mul(width));
            text.push_str(&if wide { utf_16(octets) } else { narrow(octets) });
            left -= octets.len() / width;
            self.rest = self.rest.get(octets.len()..).unwrap_or_default();
            // Half a character is none.
            if left == 0 || self.rest.len() > 1 {
                break;
            }
            let Some(flags) = self.part().and_then(|()| self.number(1)) else {
                break;
            };
            wide = flags & 1 == 1;
        }
        text
    }

    /// A number of that many octets, four at most.
    fn number(&mut self, octets: usize) -> Option<usize> {
        let mut number = 0;
        for place in 0..octets {
            if self.rest.is_empty() {
                self.part()?;
            }
            let (octet, rest) = self.rest.split_first()?;
            number |= usize::from(*octet) << (8 * place);
            self.rest = rest;
        }
        Some(number)
    }

    fn pass_over(&mut self, octets: usize) {
        let mut left = octets;
        while left > self.rest.len() {
            left -= self.rest.len();
            if self.part().is_none() {
                self.rest = &[];
                return;
            }
        }
        self.rest = self.rest.get(left..).unwrap_or_default();
    }

    fn part(&mut self) -> Option<()> {
        let (next, parts) = self.parts.split_first()?;
        (self.rest, self.parts) = (next, parts);
        Some(())
    }
}

/// A string that stands whole at `at`, behind the number of its characters and how wide they are.
pub(super) fn at(bytes: &[u8], at: usize) -> Option<String> {
    let count = usize::from(u16_at(bytes, at)?);
    Some(Strings::new(&[bytes], at + 3).characters(count, bytes.get(at + 2)? & 1 == 1))
}

/// The strings and long numbers that stand in a formula (MS-XLS 2.5.198.89 and 2.5.198.79), put together as `&` would.
pub(super) fn constants(formula: &[u8]) -> String {
    let mut found = String::new();
    let mut rest = formula;
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        match (token, after) {
            (0x17, [count, flags @ (0 | 1), text @ ..]) => {
                let octets = usize::from(*count) * (usize::from(*flags) + 1);
                let Some((raw, after)) = text.split_at_checked(octets) else {
                    continue;
                };
                let text = if *flags == 1 {
                    utf_16(raw)
                } else {
                    narrow(raw)
                };
                // What only looks like a token by chance has other signs in it.
                if !text.chars().any(char::is_control) {
                    found.push_str(&text);
                    rest = after;
                }
            }
            (0x1F, after) => {
                let number = f64_at(after, 0).unwrap_or(0.0);
                if number.fract() == 0.0 && (100_000.0..1e15).contains(&number) {
                    found.push_str(&format!("{number:.0}"));
                    rest = slice(after, 8, usize::MAX);
                }
            }
            _ => {}
        }
    }
    found
}

/// Characters that are the lower octets of UTF-16.
fn narrow(octets: &[u8]) -> String {
    octets.iter().copied().map(char::from).collect()
}
