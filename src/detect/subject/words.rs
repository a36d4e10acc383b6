//! A text as a row of words, folded so that the packs' words can be looked for in it.

use std::ops::Range;

use crate::detect::subject::forms::{FormId, Forms, Sketch};
use crate::detect::subject::traits::Traits;
use crate::pattern::Token;

/// A stretch of a text, word by word.
#[derive(Clone, Copy)]
pub(super) struct Words<'t> {
    text: &'t str,
    forms: &'t Forms<'t>,
    row: &'t Row,
}

/// Words, read from a text.
#[derive(Default)]
pub(super) struct Row {
    words: Vec<Word>,
    /// Where the next word begins, or the text ends.
    end: usize,
}

/// A word of a text: a run of letters and digits, or a sign that is read as a word.
#[derive(Clone, Copy)]
struct Word {
    /// Where it begins in the text.
    start: u32,
    /// Where it ends there.
    end: u32,
    form: FormId,
}

impl Row {
    /// Reads up to `most` words of `text`, which is in normal form, from an offset on, in place of those it had.
    pub(super) fn read(&mut self, text: &str, from: usize, most: usize, forms: &mut Forms<'_>) {
        self.words.clear();
        let octets = text.as_bytes();
        let mut at = from;
        while self.words.len() < most
            && let Some(start) = next_word(text, at)
        {
            let mut ascii = start;
            let mut kinds = 0;
            while let Some(kind) = octets.get(ascii).map(|octet| kind_of(*octet))
                && kind & (LETTER | DIGIT) != 0
            {
                kinds |= kind;
                ascii += 1;
            }
            // Most words are ASCII, and end at a sign that is.
            at = match octets.get(ascii) {
                Some(octet) if !octet.is_ascii() => end_of_word(text, start, ascii),
                _ => ascii.max(start + 1),
            };
            let written = text.get(start..at).unwrap_or_default();
            let form = if kinds == DIGIT && at == ascii {
                forms.of_number(written)
            } else {
                forms.of(written)
            };
            let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            self.words.push(Word {
                start: offset(start),
                end: offset(at),
                form,
            });
        }
        self.end = next_word(text, at).unwrap_or(text.len());
    }
}

impl<'t> Words<'t> {
    /// Words of `text` that were [read](Row::read).
    pub(super) fn new(text: &'t str, row: &'t Row, forms: &'t Forms<'_>) -> Self {
        Self { text, forms, row }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.row.words.len()
    }

    /// The text they are of.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// The folded word.
    pub(super) fn folded_word(&self, word: usize) -> &'t str {
        let Some(known) = self.row.words.get(word) else {
            return "";
        };
        match self.forms.folded(known.form) {
            Some(folded) => folded,
            // Digits fold to themselves.
            None => self.written(word),
        }
    }

    /// The literals of packs that the word may stand for, ascending.
    pub(super) fn literals(&self, word: usize) -> &'t [u32] {
        self.row
            .words
            .get(word)
            .map_or(&[], |word| self.forms.literals(word.form))
    }

    /// The literals that the word may stand for, and all classes they are of without another word.
    pub(super) fn tokens(&self, word: usize) -> &'t [Token] {
        self.row
            .words
            .get(word)
            .map_or(&[], |word| self.forms.tokens(word.form))
    }

    /// What the word leans to, of every subject; `None` where that is not known.
    pub(super) fn leaning(&self, word: usize) -> Option<&'t [i32]> {
        let word = self.row.words.get(word)?;
        self.forms.leaning(word.form)
    }

    /// What the word brings to a sentence.
    pub(super) fn sketch(&self, word: usize) -> Sketch {
        self.row
            .words
            .get(word)
            .map_or_else(Sketch::default, |word| self.forms.sketch(word.form))
    }

    /// What kind of word it is.
    pub(super) fn traits(&self, word: usize) -> Traits {
        self.sketch(word).traits
    }

    /// Where the word stands in the text.
    pub(super) fn span(&self, word: usize) -> Range<usize> {
        self.row
            .words
            .get(word)
            .map_or(self.row.end..self.row.end, |word| {
                at(word.start)..at(word.end)
            })
    }

    /// The word as it stands in the text.
    pub(super) fn written(&self, word: usize) -> &'t str {
        self.text.get(self.span(word)).unwrap_or_default()
    }

    /// What stands in the text between this word and the next.
    pub(super) fn gap_after(&self, word: usize) -> &'t str {
        self.text
            .get(self.span(word).end..self.span(word + 1).start)
            .unwrap_or_default()
    }
}

fn at(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
/// A sign that is read as a word.
const SIGN: u8 = 4;
/// The beginning of a character outside ASCII.
const WIDE: u8 = 8;

/// What each octet is, in ASCII: `0` to `9`, `A` to `Z`, `a` to `z` and `%`.
#[expect(clippy::indexing_slicing, reason = "the index is below 256")]
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        kinds[octet] = match octet {
            0x30..=0x39 => DIGIT,
            0x41..=0x5A | 0x61..=0x7A => LETTER,
            0x25 => SIGN,
            0x80.. => WIDE,
            _ => 0,
        };
        octet += 1;
    }
    kinds
};

fn kind_of(octet: u8) -> u8 {
    KINDS.get(usize::from(octet)).copied().unwrap_or_default()
}

/// Signs that are read as words.
fn is_sign(c: char) -> bool {
    matches!(c, '%' | '§')
}

/// Whether it is a letter or a digit. Those of Latin scripts are told without a table.
fn is_of_word(c: char) -> bool {
    match c {
        '\0'..='\x7F' => c.is_ascii_alphanumeric(),
        '\u{D7}' | '\u{F7}' => false,
        '\u{C0}'..='\u{24F}' => true,
        _ => c.is_alphanumeric(),
    }
}

/// Where the next word begins.
fn next_word(text: &str, from: usize) -> Option<usize> {
    let octets = text.as_bytes();
    let mut at = from;
    loop {
        let kind = kind_of(*octets.get(at)?);
        if kind & (LETTER | DIGIT | SIGN) != 0 {
            return Some(at);
        }
        if kind == 0 {
            at += 1;
            continue;
        }
        let c = text.get(at..)?.chars().next()?;
        if is_of_word(c) || is_sign(c) {
            return Some(at);
        }
        at += c.len_utf8();
    }
}

/// Where the word ends that begins at `start` and is ASCII up to `from`.
fn end_of_word(text: &str, start: usize, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    match rest.chars().next() {
        Some(sign) if is_sign(sign) && from == start => from + sign.len_utf8(),
        _ => from + rest.find(|c: char| !is_of_word(c)).unwrap_or(rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{FingerprintKey, Packs};

    fn folded(text: &str) -> Vec<String> {
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        let mut forms = Forms::new(&packs);
        let mut row = Row::default();
        row.read(text, 0, usize::MAX, &mut forms);
        let words = Words::new(text, &row, &forms);
        (0..words.len())
            .map(|word| words.folded_word(word).to_owned())
            .collect()
    }

    #[test]
    fn signs_and_letters_of_all_kinds_are_words() {
        assert_eq!(
            folded("x§1 50% Åse—blå… 中文"),
            ["x", "§", "1", "50", "%", "åse", "blå", "中文"]
        );
    }

    #[test]
    fn letters_are_what_unicode_says() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_of_word(c), c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn words_are_folded_and_found_again() {
        assert_eq!(
            folded("Kære Lone!\n10 % af skilsmisserne, §112 1234567890123"),
            [
                "kære",
                "lone",
                "10",
                "%",
                "af",
                "skilsmiserne",
                "§",
                "112",
                "1234567890123"
            ]
        );
    }

    #[test]
    fn reading_goes_on_where_it_ended() {
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        let mut forms = Forms::new(&packs);
        let text = "Kære Lone!\nDu er syg.";
        let mut row = Row::default();
        row.read(text, 0, 2, &mut forms);
        let words = Words::new(text, &row, &forms);
        assert_eq!((words.written(1), words.span(1)), ("Lone", 6..10));
        row.read(text, 10, 9, &mut forms);
        let words = Words::new(text, &row, &forms);
        assert_eq!((words.len(), words.written(2)), (3, "syg"));
        assert_eq!(words.gap_after(2), ".");
    }
}
