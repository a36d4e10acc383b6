//! Words from strangers, made fit to be shown.

use std::fmt;

/// Text in which every digit that could belong to a number of a person is hidden.
///
/// It is the only form in which a foreign text (an address, a file name, a next hop's reply)
/// reaches a log, a report or the incident log. A run of five or more digits, counted through the
/// separators people write between them (` `, `-`, `.`, `/`, `_` and their Unicode relatives), becomes as
/// many `•`; control characters become `�`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Masked(Box<str>);

impl Masked {
    /// Hides what must be hidden in `text`, and cuts it at 300 characters with a visible `…`.
    pub fn new(text: &str) -> Self {
        Self(mask(text).into())
    }

    /// As [`Masked::new`], after a label of our own that is shown as it is: a reply code is no number of a person.
    pub fn labeled(label: &str, text: &str) -> Self {
        Self(format!("{label}{}", mask(text)).into())
    }

    /// The masked text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// The name a sender gave a file. People write CPR numbers into file names, so it is never shown raw.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FileName(Box<str>);

impl FileName {
    /// A name as decoded.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name itself, to be inspected; never to be shown.
    pub fn exposed(&self) -> &str {
        &self.0
    }

    /// The name as it may be shown.
    pub fn masked(&self) -> Masked {
        Masked::new(&self.0)
    }

    /// The name of `inner` inside this container: `outer.zip!inner.txt`.
    pub fn joined(&self, inner: &str) -> Self {
        Self(format!("{}!{inner}", self.0).into())
    }
}

impl fmt::Debug for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileName({})", self.masked())
    }
}

/// The most characters of a masked text.
const MOST: usize = 300;

/// The fewest digits of a run that is hidden: a birth date has six.
const FEWEST: usize = 5;

fn mask(text: &str) -> String {
    let characters: Vec<char> = text.chars().take(MOST + 1).collect();
    let mut shown = String::with_capacity(text.len().min(4 * MOST));
    let mut rest = characters.as_slice();
    while let Some((&first, after)) = rest.split_first() {
        if !first.is_numeric() {
            shown.push(visible(first));
            rest = after;
            continue;
        }
        let run = digit_run(rest);
        let digits = run.iter().filter(|c| c.is_numeric()).count();
        // A run cut by the end of the text may have gone on.
        let hide = digits >= FEWEST || run.len() == rest.len() && characters.len() > MOST;
        shown.extend(run.iter().map(|&c| {
            if hide && c.is_numeric() {
                '•'
            } else {
                visible(c)
            }
        }));
        rest = rest.get(run.len()..).unwrap_or_default();
    }
    if characters.len() > MOST {
        shown.pop();
        shown.push('…');
    }
    shown
}

fn visible(c: char) -> char {
    if c.is_control() { '\u{FFFD}' } else { c }
}

/// The longest start of `characters` that is digits, with at most two separators between any two.
fn digit_run(characters: &[char]) -> &[char] {
    let mut end = 0;
    for (at, &c) in characters.iter().enumerate() {
        if c.is_numeric() {
            end = at + 1;
        } else if !is_separator(c) || at + 1 - end > 3 {
            break;
        }
    }
    characters.get(..end).unwrap_or_default()
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '.' | '/' | '_' | '\t' | '\u{A0}' | '\u{AD}' | '\u{2000}'
            ..='\u{2015}' | '\u{202F}' | '\u{2060}' | '\u{2212}' | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_persons_are_hidden() {
        for (text, shown) in [
            ("scan_250557_1102.pdf", "scan_••••••_••••.pdf"),
            (
                "010190-1234@digital-post.example",
                "••••••-••••@digital-post.example",
            ),
            ("01 01 90 - 1234", "•• •• •• - ••••"),
            ("1 0 1 0 9 0 1 2 3 4", "• • • • • • • • • •"),
            ("5.1.1 nej", "5.1.1 nej"),
            ("rapport 2026.pdf", "rapport 2026.pdf"),
            ("a\r\nb", "a\u{FFFD}\u{FFFD}b"),
            ("0101\t901234", "••••\u{FFFD}••••••"),
        ] {
            assert_eq!(Masked::new(text).as_str(), shown);
        }
    }

    #[test]
    fn a_long_text_is_cut_visibly_and_no_number_survives_at_the_cut() {
        let text = format!("{}0101901234", "x".repeat(MOST - 3));
        let shown = Masked::new(&text);
        assert!(shown.as_str().ends_with('…'));
        assert!(!shown.as_str().contains(char::is_numeric));
    }
}
