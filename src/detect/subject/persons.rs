//! Names, numbers and other classes that no list can hold: they are seen from the shape of words and from what stands beside
//! them.

use std::ops::Range;

use crate::detect::subject::matching::Member;
use crate::detect::subject::names::{Sure, name_at};
use crate::detect::subject::sentences::{Role, Sentence};
use crate::detect::subject::traits::Traits;
use crate::detect::subject::words::Words;
use crate::pattern::{ClassId, Lexicon};

/// The classes the program itself sees.
pub(super) struct Computed {
    pub(super) name: Option<ClassId>,
    pub(super) maybe_name: Option<ClassId>,
    pub(super) number: Option<ClassId>,
    pub(super) amount: Option<ClassId>,
    pub(super) percent: Option<ClassId>,
    pub(super) addressee: Option<ClassId>,
    pub(super) english_i: Option<ClassId>,
    pub(super) blank: Option<ClassId>,
    pub(super) cpr: Option<ClassId>,
}

/// To whom a message is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Addressed {
    /// To somebody by name.
    ToSomebody,
    /// To nobody in particular, as far as can be seen.
    Openly,
}

impl Computed {
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        Self {
            name: lexicon.class("name"),
            maybe_name: lexicon.class("maybe-name"),
            number: lexicon.class("number"),
            amount: lexicon.class("amount"),
            percent: lexicon.class("percent"),
            addressee: lexicon.class("addressee"),
            english_i: lexicon.class("english-i"),
            blank: lexicon.class("blank"),
            cpr: lexicon.class("cpr"),
        }
    }

    /// Everything of these classes in a sentence, ascending.
    pub(super) fn members(
        &self,
        words: Words<'_>,
        sentence: &Sentence,
        addressed: Addressed,
    ) -> Vec<Member> {
        let mut members = Vec::new();
        let mut add = |class: Option<ClassId>, span: Range<usize>| {
            members.extend(class.map(|class| Member {
                class,
                start: span.start,
                end: span.end,
            }));
        };
        let mut word = sentence.words.start;
        while word < sentence.words.end {
            let end = match name_at(words, sentence, word) {
                Some((end, Sure::Yes)) => {
                    add(self.name, word..end);
                    end
                }
                Some((end, Sure::No)) => {
                    add(self.maybe_name, word..end);
                    end
                }
                None => word + 1,
            };
            for word in word..end {
                self.shapes(words, word, &mut add);
                if is_english_i(words, word) {
                    add(self.english_i, word..word + 1);
                }
                if addressed == Addressed::ToSomebody && words.traits(word).has(Traits::YOU) {
                    add(self.addressee, word..word + 1);
                }
            }
            word = end;
        }
        members
    }

    fn shapes(
        &self,
        words: Words<'_>,
        word: usize,
        add: &mut impl FnMut(Option<ClassId>, Range<usize>),
    ) {
        let gap = words.gap_after(word);
        let in_line = !gap.contains('\n');
        if in_line && (gap.contains("___") || gap.contains("...."))
            || gap.contains('[') && words.gap_after(word + 1).contains(']')
            || gap.contains("{{")
        {
            add(self.blank, word..word + 1);
        }
        let folded = words.folded_word(word);
        if !folded.starts_with(|c: char| c.is_ascii_digit()) {
            if words.traits(word).has(Traits::AMOUNT)
                && words
                    .folded_word(word + 1)
                    .starts_with(|c: char| c.is_ascii_digit())
            {
                add(self.amount, word..word + 2);
            }
            return;
        }
        add(self.number, word..word + 1);
        if is_cpr(words, word) {
            add(self.cpr, word..word + 1);
        }
        // `12.500,00 kr.` is four words.
        let mut end = word + 1;
        while end < word + 4
            && words
                .folded_word(end)
                .bytes()
                .all(|octet| octet.is_ascii_digit())
            && matches!(words.gap_after(end - 1), "." | ",")
        {
            end += 1;
        }
        let next = words.folded_word(end);
        if words.traits(end).has(Traits::AMOUNT)
            || matches!(next, "mio" | "mia" | "t") && words.traits(end + 1).has(Traits::AMOUNT)
            || words.gap_after(end - 1).starts_with(",-")
        {
            add(self.amount, word..end + 1);
        }
        if matches!(next, "%" | "pct" | "procent" | "percent") {
            add(self.percent, word..end + 1);
        }
    }
}

/// To whom a message is written, by its first greeting.
pub(super) fn addressed(words: Words<'_>, sentences: &[Sentence]) -> Addressed {
    let greeting = sentences
        .iter()
        .find(|sentence| sentence.role == Role::Greets);
    let named = greeting.is_some_and(|greeting| {
        let mut names = (greeting.words.start + 1..greeting.words.end).filter(|&word| {
            let traits = words.traits(word);
            let capital = traits.has(Traits::CAPITAL);
            traits.has(Traits::TITLE)
                || (capital || greeting.words.len() <= 2)
                    && !traits.has(Traits::COMMON)
                    && (traits.has(Traits::FIRST) || capital)
        });
        names.next().is_some()
    });
    if named {
        Addressed::ToSomebody
    } else {
        Addressed::Openly
    }
}

/// Whether a word that begins with a digit has the length of a CPR number, with the word behind it or without.
pub(super) fn is_cpr(words: Words<'_>, word: usize) -> bool {
    // Most are shorter, and digits fold to themselves.
    if words.span(word).len() < 6 || !words.traits(word).has(Traits::DIGITS) {
        return false;
    }
    let folded = words.folded_word(word);
    folded.len() == 10 && folded.bytes().all(|octet| octet.is_ascii_digit())
        || folded.len() == 6 && words.folded_word(word + 1).len() == 4
}

/// Whether a word is the English `I`, and not the Danish for `you` or `in`.
pub(super) fn is_english_i(words: Words<'_>, word: usize) -> bool {
    const ENGLISH: [&str; 34] = [
        "am", "m", "have", "ve", "had", "was", "wil", "would", "can", "canot", "could", "did",
        "do", "don", "need", "ned", "want", "got", "get", "must", "may", "fel", "think", "know",
        "hope", "d", "cary", "take", "live", "work", "also", "just", "and", "start",
    ];
    words.written(word) == "I" && ENGLISH.contains(&words.folded_word(word + 1))
}
