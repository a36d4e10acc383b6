//! A text as a row of words, folded so that the packs' words can be looked for in it.

use std::ops::Range;

use crate::pattern::fold_word;

/// The words of a text.
pub(super) struct Words<'t> {
    text: &'t str,
    folded: String,
    words: Vec<Word>,
}

/// A word of a text: a run of letters and digits, or a sign that is read as a word.
#[derive(Clone, Copy)]
struct Word {
    /// Where it begins in the text.
    start: u32,
    /// Where it ends there.
    end: u32,
    /// Where it begins among the folded words.
    at: u32,
}

/// The longest run of letters that is taken for a word. Fixed: 64 octets, more than the longest compound in use; a longer one is
/// encoded data and stands among the words as a word that no pack has.
const LONGEST: usize = 64;

impl<'t> Words<'t> {
    /// The words of `text`, which is in normal form.
    pub(super) fn new(text: &'t str) -> Self {
        let mut words = Self {
            text,
            folded: String::with_capacity(text.len() + text.len() / 8),
            words: Vec::with_capacity(text.len() / 7),
        };
        let octets = text.as_bytes();
        let mut at = 0;
        while let Some(start) = next_word(text, at) {
            let mut ascii = start;
            while octets.get(ascii).is_some_and(u8::is_ascii_alphanumeric) {
                ascii += 1;
            }
            // Most words are ASCII, and end at a sign that is: they are folded as they are read.
            at = match octets.get(ascii) {
                Some(octet) if !octet.is_ascii() => end_of_word(text, start, ascii),
                _ => ascii.max(start + 1),
            };
            words.push(start, at);
        }
        words.folded.push(' ');
        words
    }

    fn push(&mut self, start: usize, end: usize) {
        self.folded.push(' ');
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.words.push(Word {
            start: offset(start),
            end: offset(end),
            at: offset(self.folded.len()),
        });
        match self.text.get(start..end) {
            Some(word) if word.len() <= LONGEST => fold_word(word, &mut self.folded),
            _ => self.folded.push('\u{1}'),
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The text they are of.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Where the word begins among the folded ones.
    fn folded_start(&self, word: usize) -> usize {
        self.words
            .get(word)
            .map_or(self.folded.len(), |word| at(word.at))
    }

    /// The folded word.
    pub(super) fn folded_word(&self, word: usize) -> &str {
        let start = self.folded_start(word);
        let end = self.folded_start(word + 1).saturating_sub(1);
        self.folded.get(start..end).unwrap_or_default()
    }

    /// Where the word stands in the text.
    pub(super) fn span(&self, word: usize) -> Range<usize> {
        self.words
            .get(word)
            .map_or(self.text.len()..self.text.len(), |word| {
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

/// Signs that are read as words.
fn is_sign(c: char) -> bool {
    matches!(c, '%' | '§')
}

/// Where the next word begins.
fn next_word(text: &str, from: usize) -> Option<usize> {
    let octets = text.as_bytes();
    let mut at = from;
    loop {
        let octet = *octets.get(at)?;
        if octet.is_ascii() {
            if octet.is_ascii_alphanumeric() || octet == b'%' {
                return Some(at);
            }
            at += 1;
            continue;
        }
        let c = text.get(at..)?.chars().next()?;
        if c.is_alphanumeric() || is_sign(c) {
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
        _ => {
            from + rest
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(rest.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_letters_of_all_kinds_are_words() {
        let words = Words::new("x§1 50% Åse—blå… 中文");
        assert_eq!(words.folded, " x § 1 50 % åse blå 中文 ");
    }

    #[test]
    fn words_are_folded_and_found_again() {
        let words = Words::new("Kære Lone!\n10 % af skilsmisserne, §112");
        assert_eq!(words.folded, " kære lone 10 % af skilsmiserne § 112 ");
        assert_eq!(words.written(1), "Lone");
        assert_eq!(words.gap_after(1), "!\n");
        assert_eq!(words.folded_word(5), "skilsmiserne");
    }
}
