//! Names, numbers and other classes that no list can hold: they are seen from the shape of words and from what stands beside
//! them.

use std::ops::Range;

use crate::detect::subject::matching::Member;
use crate::detect::subject::names::{Sure, is_capitalized, is_common, is_first, is_title, name_at};
use crate::detect::subject::sentences::{Role, Sentence};
use crate::detect::subject::words::Words;
use crate::pattern::{ClassId, Language, Lexicon};

/// The classes the program itself sees.
pub(super) struct Computed {
    name: Option<ClassId>,
    maybe_name: Option<ClassId>,
    number: Option<ClassId>,
    amount: Option<ClassId>,
    percent: Option<ClassId>,
    addressee: Option<ClassId>,
    english_i: Option<ClassId>,
    blank: Option<ClassId>,
    cpr: Option<ClassId>,
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
        words: &Words<'_>,
        language: &Language,
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
            let end = match name_at(words, language, sentence, word) {
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
                if addressed == Addressed::ToSomebody && is_you(words.folded_word(word)) {
                    add(self.addressee, word..word + 1);
                }
            }
            word = end;
        }
        members
    }

    fn shapes(
        &self,
        words: &Words<'_>,
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
            if is_amount_word(folded)
                && words
                    .folded_word(word + 1)
                    .starts_with(|c: char| c.is_ascii_digit())
            {
                add(self.amount, word..word + 2);
            }
            return;
        }
        add(self.number, word..word + 1);
        if folded.len() == 10 && folded.bytes().all(|octet| octet.is_ascii_digit())
            || folded.len() == 6 && words.folded_word(word + 1).len() == 4
        {
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
        let after = words.folded_word(end + 1);
        if is_amount_word(next)
            || matches!(next, "mio" | "mia" | "t") && is_amount_word(after)
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
pub(super) fn addressed(
    words: &Words<'_>,
    language: &Language,
    sentences: &[Sentence],
) -> Addressed {
    let greeting = sentences
        .iter()
        .find(|sentence| sentence.role == Role::Greets);
    let named = greeting.is_some_and(|greeting| {
        let mut names = (greeting.words.start + 1..greeting.words.end).filter(|&word| {
            let folded = words.folded_word(word);
            let capital = words.written(word).starts_with(char::is_uppercase);
            is_title(folded)
                || (capital || greeting.words.len() <= 2)
                    && !is_common(folded)
                    && (is_first(language, words, word) || capital)
        });
        names.next().is_some()
    });
    if named {
        Addressed::ToSomebody
    } else {
        Addressed::Openly
    }
}

/// Whether a word of the sentence may be a name, or belong to a class of names, ages and places of the program's own: looked at
/// before anything is weighed, so it may say yes too often.
pub(super) fn may_name(words: &Words<'_>, language: &Language, sentence: &Sentence) -> bool {
    sentence.words.clone().any(|word| {
        let written = words.written(word);
        is_capitalized(written) && (word > sentence.words.start || is_first(language, words, word))
            || is_title(words.folded_word(word))
            || is_you(words.folded_word(word))
            || is_english_i(words, word)
            || written.len() == 10 && written.bytes().all(|octet| octet.is_ascii_digit())
            || language.names.is_frequent(words.folded_word(word))
    })
}

/// Whether a word is the English `I`, and not the Danish for `you` or `in`.
fn is_english_i(words: &Words<'_>, word: usize) -> bool {
    const ENGLISH: [&str; 34] = [
        "am", "m", "have", "ve", "had", "was", "wil", "would", "can", "canot", "could", "did",
        "do", "don", "need", "ned", "want", "got", "get", "must", "may", "fel", "think", "know",
        "hope", "d", "cary", "take", "live", "work", "also", "just", "and", "start",
    ];
    words.written(word) == "I" && ENGLISH.contains(&words.folded_word(word + 1))
}

fn is_you(folded: &str) -> bool {
    matches!(
        folded,
        "du" | "dig" | "din" | "dit" | "dine" | "you" | "your" | "yours" | "deres" | "dem"
    )
}

fn is_amount_word(folded: &str) -> bool {
    matches!(
        folded,
        "kr" | "kroner" | "dk" | "dkk" | "kroners" | "eur" | "euro" | "tkr"
    )
}
