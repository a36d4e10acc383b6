//! Where sentences end, and what a line is for: in mail as people write it, a line break may be either.

use std::ops::Range;

use crate::detect::subject::opening::Opening;
use crate::detect::subject::traits::Traits;
use crate::detect::subject::words::Words;

/// A sentence, or what stands for one: a line of a list, a row of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Sentence {
    /// Its words.
    pub(super) words: Range<usize>,
    /// What it is for.
    pub(super) role: Role,
    /// Which paragraph it is of, counted from 0.
    pub(super) paragraph: usize,
}

/// What a sentence is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// It tells something.
    Tells,
    /// `Kære Lone`
    Greets,
    /// `Med venlig hilsen`, and the name, title and place of work below it.
    Signs,
    /// `Fra:`, `Emne:`: the head of a quoted message.
    Heads,
}

/// The most words of a sentence. Fixed: 120; a longer one, as only lists without points are, is cut.
pub(super) const LONGEST: usize = 120;
/// The most lines of a signature. Fixed: 6; what follows tells again.
const LONGEST_SIGNATURE: usize = 6;
/// From how many characters on a line is taken to be broken because it was full. Below that the writer ended it.
const FULL_LINE: usize = 55;

/// The sentences of the words in `range`.
pub(super) fn sentences(words: Words<'_>, range: Range<usize>) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = Vec::new();
    let mut start = range.start;
    let mut paragraph = 0;
    let mut line = Line::at(words, range.start);
    let mut signing = 0;
    for word in range.clone() {
        let gap = if word + 1 == range.end {
            Break::Paragraph
        } else {
            break_after(words, word)
        };
        let full = word + 1 - start >= LONGEST;
        let line_ends = matches!(gap, Break::Line { .. } | Break::Paragraph);
        let ends = match gap {
            Break::None => false,
            Break::Sentence | Break::Paragraph => true,
            Break::Line { full_line } => {
                !full_line
                    || line.role != Role::Tells
                    || Line::at(words, word + 1).role != Role::Tells
                    || begins_item(words, word)
            }
        };
        if ends || full {
            let role = match line.role {
                Role::Tells if signing > 0 && line.length <= FULL_LINE => Role::Signs,
                // `Hej. Han er syg igen.`
                Role::Greets if start > line.first => Role::Tells,
                role => role,
            };
            sentences.push(Sentence {
                words: start..word + 1,
                role,
                paragraph,
            });
            start = word + 1;
        }
        if line_ends {
            paragraph += usize::from(gap == Break::Paragraph);
            let quotes = words.gap_after(word).contains('>');
            signing = match line.role {
                Role::Signs => LONGEST_SIGNATURE,
                // A name stands below the greeting, at most a blank line apart; behind the next blank line something is told again.
                Role::Tells if gap == Break::Paragraph && signing < LONGEST_SIGNATURE => 0,
                Role::Tells if line.length > FULL_LINE || quotes => 0,
                Role::Tells => signing.saturating_sub(1),
                Role::Heads | Role::Greets => 0,
            };
            line = Line::at(words, word + 1);
        }
    }
    sentences
}

/// What stands between two words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Break {
    None,
    Sentence,
    Line { full_line: bool },
    Paragraph,
}

fn break_after(words: Words<'_>, word: usize) -> Break {
    let gap = words.gap_after(word);
    if matches!(gap.as_bytes(), b" " | b", " | b": " | b"-" | b"," | b"") {
        return Break::None;
    }
    let lines = gap.bytes().filter(|octet| *octet == b'\n').count();
    if lines > 1
        && gap
            .lines()
            .skip(1)
            .any(|line| line.trim_matches(['>', ' ', '\t', '\r', '|']).is_empty())
        && is_blank_line_in(gap)
    {
        return Break::Paragraph;
    }
    let stopped = gap.trim_start_matches(['"', '”', '»', ')', '\'', '’']);
    let stops = stopped.starts_with(['!', '?', '…', ';'])
        || stopped.starts_with('.') && !stopped.starts_with(".,") && !is_abbreviated(words, word);
    if lines > 0 {
        let full_line = !stops
            && line_length(words, word) > FULL_LINE
            && !gap.contains('\t')
            && !gap.contains([':', '-', '*', '•', '·', '–']);
        return Break::Line { full_line };
    }
    let goes_on = words
        .written(word + 1)
        .chars()
        .next()
        .is_some_and(char::is_lowercase);
    let parted = gap.chars().any(char::is_whitespace);
    if stops && parted && (!goes_on || gap.contains(['!', '?'])) || gap.contains(['•', '|']) {
        Break::Sentence
    } else {
        Break::None
    }
}

/// Whether a line in `gap` has nothing in it.
fn is_blank_line_in(gap: &str) -> bool {
    let mut lines = gap.split('\n').skip(1).peekable();
    while let Some(line) = lines.next() {
        if lines.peek().is_some() && line.trim_matches(['>', ' ', '\t', '\r']).is_empty() {
            return true;
        }
    }
    false
}

/// Whether the point behind a word is part of it: `nr.`, `P.`, `3.`
fn is_abbreviated(words: Words<'_>, word: usize) -> bool {
    if words.traits(word).has(Traits::ABBREVIATED) {
        return true;
    }
    let written = words.written(word);
    let next_is_digit = words
        .written(word + 1)
        .starts_with(|c: char| c.is_ascii_digit());
    // `3. maj` and `Kenneth P. er` go on; `kl. 12. Han` does not.
    let number = written.chars().all(|c| c.is_ascii_digit())
        && !words.written(word + 1).starts_with(char::is_uppercase);
    let initial = written.chars().count() == 1 && written.chars().all(char::is_uppercase);
    number || initial || next_is_digit && words.folded_word(word).len() <= 3
}

fn line_length(words: Words<'_>, word: usize) -> usize {
    let end = words.span(word).end;
    let before = words.text().get(..end).unwrap_or_default();
    // No longer back than a full line is.
    before
        .chars()
        .rev()
        .take(FULL_LINE + 1)
        .take_while(|&c| c != '\n')
        .count()
}

/// Whether the line behind a word begins as an item of a list does.
fn begins_item(words: Words<'_>, word: usize) -> bool {
    let next = word + 1;
    let gap = words.gap_after(word);
    let number = words.written(next).chars().all(|c| c.is_ascii_digit())
        && words.gap_after(next).starts_with(['.', ')']);
    let field =
        words.gap_after(next).starts_with(':') || words.gap_after(next + 1).starts_with(':');
    let tail = gap.rsplit('\n').next().unwrap_or_default();
    number || field || tail.contains(['-', '*', '•', '·', '–'])
}

/// A line, by how it begins.
struct Line {
    /// Its first word.
    first: usize,
    role: Role,
    length: usize,
}

impl Line {
    fn at(words: Words<'_>, word: usize) -> Self {
        let line = line_from(words.text(), words.span(word).start);
        let length = line.chars().count();
        let opening = if words.traits(word).has(Traits::OPENS) {
            Opening::of(words.folded_word(word))
        } else {
            None
        };
        let role = opening.map_or(Role::Tells, |opening| {
            let (first, second) = (words.folded_word(word), words.folded_word(word + 1));
            opening.role(first, second, line, length)
        });
        Self {
            first: word,
            role,
            length,
        }
    }
}

/// The line from an offset on, as much of it as tells what it is for.
fn line_from(text: &str, start: usize) -> &str {
    /// How many octets that is. A text may be one line.
    const ENOUGH: usize = 400;
    let end = text.floor_char_boundary(start + ENOUGH);
    let line = text.get(start..end).unwrap_or_default();
    let end = memchr::memchr(b'\n', line.as_bytes()).unwrap_or(line.len());
    line.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::subject::forms::Forms;
    use crate::detect::subject::words::Row;
    use crate::pattern::{FingerprintKey, Packs};

    fn told(text: &str) -> Vec<(String, Role)> {
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        let mut forms = Forms::new(&packs);
        let mut row = Row::default();
        row.read(text, 0, usize::MAX, &mut forms);
        let words = Words::new(text, &row, &forms);
        let tell = |it: Sentence| {
            let span = words.span(it.words.start).start..words.span(it.words.end - 1).end;
            (text.get(span).unwrap().to_owned(), it.role)
        };
        sentences(words, 0..words.len())
            .into_iter()
            .map(tell)
            .collect()
    }

    fn roles(text: &str) -> Vec<Role> {
        told(text).into_iter().map(|(_, role)| role).collect()
    }

    #[test]
    fn points_end_sentences_and_abbreviations_do_not() {
        let all: Vec<_> =
            told("Hende i nr. 14 er syg. Kenneth P. kom kl. 12 den 3. maj. Ringer du?")
                .into_iter()
                .map(|(it, _)| it)
                .collect();
        assert_eq!(
            all,
            [
                "Hende i nr. 14 er syg",
                "Kenneth P. kom kl. 12 den 3. maj",
                "Ringer du"
            ]
        );
    }

    #[test]
    fn a_full_line_goes_on_and_a_short_one_ends() {
        let text = "Vi har talt med hende om det i går og hun siger at hun er\nsyg igen.\nBorger: Ib\nSag: 3";
        assert_eq!(told(text).len(), 3);
    }

    #[test]
    fn what_follows_a_greeting_on_its_line_tells() {
        assert_eq!(
            roles("Hej. Han er syg igen.\nTil vikaren: Ib er syg."),
            [Role::Greets, Role::Tells, Role::Tells]
        );
    }

    #[test]
    fn a_full_line_does_not_go_on_into_the_signature() {
        let line = "han har fået det skidt igen og lægen har skruet op for medicinen siden sidst";
        assert_eq!(
            roles(&format!("{line}\nhilsen Marianne")),
            [Role::Tells, Role::Signs]
        );
    }

    #[test]
    fn greeting_and_signature_tell_nothing() {
        assert_eq!(
            roles(
                "Kære Lone\nDu er syg.\n\nMed venlig hilsen\nIb Lund\nLæge\n\n> Fra: Ib\n> Emne: x\n> Det er et langt brev om alt det der er sket i denne uge, og mere til."
            ),
            [
                Role::Greets,
                Role::Tells,
                Role::Signs,
                Role::Signs,
                Role::Signs,
                Role::Heads,
                Role::Tells,
                Role::Tells
            ]
        );
    }
}
