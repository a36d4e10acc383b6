//! The words around a number, read as words: a bounded stretch of text, cut into tokens, each with what the pack says of it.

use std::ops::Range;

use crate::pattern::{Role, Spotted, Words};

/// How many octets before a number are looked at. Labels stand near; what is farther speaks of something else.
pub(super) const BEFORE: usize = 160;
/// How many octets behind a number are looked at.
const BEHIND: usize = 100;
/// How far what is spoken of is looked for, before a number and behind it, in octets.
pub(super) const TOPIC: (usize, usize) = (300, 160);
/// How many digits a number has that takes a label for itself, so that nothing beyond it is looked at.
pub(super) const CONSUMES: usize = 4;

/// The stretch before a number that begins at `start` in which its label may stand: in its cell, behind the last number,
/// and not before `from`. Two blanks end a cell where `columns` are set with blanks.
pub(super) fn reach_back(octets: &[u8], start: usize, from: usize, columns: bool) -> Range<usize> {
    let from = from.max(start.saturating_sub(BEFORE));
    let before = octets.get(from..start).unwrap_or_default();
    // In parentheses a number may be said once more.
    let restates = before.trim_ascii_end().ends_with(b"(");
    let (mut digits, mut blanks) = (0, 0);
    let mut reach = 0;
    for octet in before.iter().rev() {
        blanks = if *octet == b' ' { blanks + 1 } else { 0 };
        digits = if octet.is_ascii_digit() {
            digits + 1
        } else {
            0
        };
        if is_parter(*octet) || digits >= CONSUMES && !restates || columns && blanks > 1 {
            break;
        }
        reach += 1;
    }
    start - reach..start
}

/// The stretch behind a number that ends before `end` in which a label of it may stand: in its cell and line, up to the
/// next number.
pub(super) fn reach_ahead(octets: &[u8], end: usize) -> Range<usize> {
    let behind = octets.get(end..).unwrap_or_default().iter().take(BEHIND);
    let mut digits = 0;
    let mut reach = 0;
    for octet in behind {
        digits = if octet.is_ascii_digit() {
            digits + 1
        } else {
            0
        };
        if is_parter(*octet) || *octet == b'\n' {
            break;
        }
        reach += 1;
        // The number itself stays in sight: the label before it is its own.
        if digits >= CONSUMES {
            break;
        }
    }
    end..end + reach
}

fn is_parter(octet: u8) -> bool {
    matches!(octet, b'\t' | b';' | b'|')
}

/// A stretch of text in tokens. It is used again for each number, so that its memory is.
#[derive(Default)]
pub(super) struct Window {
    lower: String,
    tokens: Vec<Token>,
    spotted: Vec<Spotted>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Token {
    start: usize,
    end: usize,
    pub(super) kind: TokenKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TokenKind {
    /// Letters, perhaps with hyphens between.
    Word(Said),
    /// Digits, and how many.
    Digits(usize),
    /// Any other character.
    Mark(char),
    /// The end of a cell.
    Cell,
    /// The end of a line.
    Line,
}

/// A word of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Said {
    /// What the pack says of it, or of the longer label that ends with it.
    pub(super) label: Option<Labelled>,
    /// How it is written.
    pub(super) case: Case,
    /// How many characters it has.
    pub(super) letters: usize,
    /// Whether it ends as an abbreviation of a number's name does: `ordrenr`.
    pub(super) short: bool,
    /// Whether it has a vowel behind its first letter, as few shortened words have.
    pub(super) sounds: bool,
}

impl Said {
    /// Whether it is written without a large letter.
    pub(super) fn is_small(self) -> bool {
        self.case == Case::Lower
    }

    /// Whether it may be part of a name: nothing the pack knows but first names.
    pub(super) fn may_name(self) -> bool {
        let known = self.label.is_some_and(|label| label.role != Role::Given);
        self.case != Case::Lower && !known
    }

    /// Whether it is a first name, written as one.
    pub(super) fn is_given(self) -> bool {
        let given = self.label.is_some_and(|label| label.role == Role::Given);
        self.case != Case::Lower && given
    }
}

/// A label the pack has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Labelled {
    pub(super) role: Role,
    pub(super) word: u16,
    /// How many tokens it is made of.
    pub(super) tokens: usize,
    /// How many octets it has.
    length: usize,
}

/// How a word is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Case {
    Lower,
    /// The first letter is large, as in a name.
    Title,
    /// All letters are.
    Upper,
}

impl Window {
    /// Reads the stretch `range` of `text`, moved inwards to whole characters and words.
    pub(super) fn read(&mut self, words: &Words, text: &str, range: Range<usize>) -> &[Token] {
        let end = (range.end.min(text.len())..=text.len()).find(|&at| text.is_char_boundary(at));
        let until = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
        let start = whole_word(until, range.start);
        let stretch = until.get(start..).unwrap_or_default();
        lower_into(&mut self.lower, stretch);
        self.tokens.clear();
        tokens_into(&mut self.tokens, stretch, &self.lower);
        self.spotted.clear();
        self.spotted.extend(words.spot(&self.lower));
        for spotted in &self.spotted {
            label(&mut self.tokens, spotted);
        }
        &self.tokens
    }
}

/// Lower case without a change of length, so that offsets stay true.
fn lower_into(lower: &mut String, text: &str) {
    lower.clear();
    if text.is_ascii() {
        lower.push_str(text);
        lower.make_ascii_lowercase();
        return;
    }
    lower.extend(text.chars().map(|c| {
        if c.is_ascii() {
            return c.to_ascii_lowercase();
        }
        let mut small = c.to_lowercase();
        match (small.next(), small.next()) {
            (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
            _ => c,
        }
    }));
}

/// The first place from `at` on that is not inside a character or a word. `text` ends where the stretch does: a word may be as long
/// as the whole text, and have thousands of numbers in it.
fn whole_word(text: &str, at: usize) -> usize {
    let at = (at..=text.len())
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(text.len());
    let inside = text
        .get(..at)
        .is_some_and(|before| before.ends_with(char::is_alphanumeric));
    if !inside {
        return at;
    }
    let rest = text.get(at..).unwrap_or_default();
    let word = rest.find(|c: char| !c.is_alphanumeric());
    at + word.unwrap_or(rest.len())
}

fn tokens_into(tokens: &mut Vec<Token>, text: &str, lower: &str) {
    let mut characters = text.char_indices().peekable();
    while let Some((start, c)) = characters.next() {
        let mut end = start + c.len_utf8();
        let kind = if c.is_ascii_digit() {
            while let Some((at, _)) = characters.next_if(|(_, c)| c.is_ascii_digit()) {
                end = at + 1;
            }
            TokenKind::Digits(end - start)
        } else if c.is_alphabetic() {
            while let Some((at, c)) = characters.next_if(|&(at, c)| {
                c.is_alphabetic()
                    || c == '-'
                        && text
                            .get(at + 1..)
                            .is_some_and(|rest| rest.starts_with(char::is_alphabetic))
            }) {
                end = at + c.len_utf8();
            }
            let word = text.get(start..end).unwrap_or_default();
            TokenKind::Word(said(word, lower.get(start..end).unwrap_or_default()))
        } else {
            match c {
                '\n' => TokenKind::Line,
                '\t' | ';' | '|' => TokenKind::Cell,
                _ if c.is_whitespace() => continue,
                _ => TokenKind::Mark(c),
            }
        };
        tokens.push(Token { start, end, kind });
    }
}

fn said(word: &str, lower: &str) -> Said {
    let letters = word.chars().count();
    let case = match word.chars().next() {
        Some(first) if first.is_uppercase() => {
            if letters > 1 && !word.chars().any(char::is_lowercase) {
                Case::Upper
            } else {
                Case::Title
            }
        }
        _ => Case::Lower,
    };
    Said {
        label: None,
        case,
        letters,
        short: ["nr", "no", "ref", "tlf", "num"]
            .iter()
            .any(|end| lower.ends_with(end)),
        sounds: lower.chars().skip(1).any(is_vowel),
    }
}

fn is_vowel(c: char) -> bool {
    matches!(
        c,
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'æ' | 'ø' | 'å' | 'é' | 'ö'
    )
}

/// Gives a label to the last token it touches. Of two, the one that names a CPR number is kept, then one that names anything,
/// then the longer one, then the one the pack has first.
fn label(tokens: &mut [Token], spotted: &Spotted) {
    let first = tokens.partition_point(|token| token.end <= spotted.start);
    let past = tokens.partition_point(|token| token.start < spotted.end);
    let new = Labelled {
        role: spotted.role,
        word: spotted.word,
        tokens: past.saturating_sub(first),
        length: spotted.end - spotted.start,
    };
    // `sidste 4` ends with a digit, and its last word has the label.
    let touched = tokens.get_mut(first..past).unwrap_or_default();
    let last = touched
        .iter_mut()
        .rev()
        .find_map(|token| match &mut token.kind {
            TokenKind::Word(said) => Some(said),
            _ => None,
        });
    let Some(said) = last else { return };
    let rank = |label: &Labelled| {
        let names = label.role < Role::Foreign;
        (
            label.role != Role::Number,
            !names,
            usize::MAX - label.length,
            label.role,
        )
    };
    if said.label.is_none_or(|old| rank(&new) < rank(&old)) {
        said.label = Some(new);
    }
}
