//! Phrases: the little language in which a pack says what words mean. `syntax.md` beside this file describes it.
//!
//! Case, accents and doubled letters do not matter; what stands between two words does not, as long as no sentence ends there.

use crate::pattern::letters::{fold_word, plain_word};

/// How many words `...` may stand for. Fixed: 6; more is another phrase.
pub const WIDEST_GAP: usize = 6;
/// The most words, classes and gaps of a phrase. Fixed: 12; a longer one is refused.
const MOST_ELEMENTS: usize = 12;
/// The most gaps of a phrase. Fixed: 3, which bounds the ways one phrase can be tried at one place; more are refused.
const MOST_GAPS: usize = 3;
/// The most ways in which a phrase may be tried at one place: one for each length of each gap, times two for each word that may
/// be missing. Fixed: 1000; more are refused.
const MOST_WAYS: usize = 1000;
/// The fewest letters beside a star. Fixed: 3; fewer would match half the language.
const FEWEST_OPEN: usize = 3;

/// A phrase as written, taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phrase {
    /// As the pack has it.
    pub written: Box<str>,
    /// Its parts, in order.
    pub elements: Box<[Element]>,
}

/// A part of a phrase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Element {
    /// One of these.
    OneOf(Box<[Choice]>, Presence),
    /// Up to [`WIDEST_GAP`] words.
    Gap,
}

/// What may stand at one place of a phrase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// A word.
    Word(Literal),
    /// Something of this class.
    Class(Box<str>),
}

/// Whether a part of a phrase must be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// It must.
    Required,
    /// `word?`
    Optional,
}

/// A word of a phrase, and what may stand before and after its letters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Literal<S = Box<str>> {
    /// Its letters in lower case, doubles kept.
    pub letters: S,
    /// What may go before them in the same word.
    pub start: Edge,
    /// What may follow them in the same word.
    pub end: Edge,
}

/// What may stand beside the letters of a literal in the same word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Edge {
    /// Nothing.
    Closed,
    /// A Danish or English ending.
    Ending,
    /// Anything.
    Open,
}

/// Why a phrase is none: what is wrong, and what to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What is wrong, to follow the phrase: `is not lower case`.
    pub what: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Phrase {
    /// Takes a phrase apart.
    pub fn parse(written: &str) -> Result<Self, Fault> {
        if written.chars().any(char::is_uppercase) {
            return Err(fault(
                "is not lower case",
                "write it in lower case; case does not matter in a text",
            ));
        }
        let elements = written
            .split_whitespace()
            .flat_map(words_of)
            .map(element)
            .collect::<Result<Box<[_]>, _>>()?;
        let gaps = elements
            .iter()
            .filter(|it| matches!(it, Element::Gap))
            .count();
        if elements.len() > MOST_ELEMENTS || gaps > MOST_GAPS {
            return Err(fault(
                "is too long",
                "write several phrases of at most 12 words and 3 gaps each",
            ));
        }
        if elements.iter().map(Element::ways).product::<usize>() > MOST_WAYS {
            return Err(fault(
                "can be read in too many ways",
                "write several phrases with fewer `...` and `?`",
            ));
        }
        if matches!(elements.first(), Some(Element::Gap))
            || matches!(elements.last(), Some(Element::Gap))
        {
            return Err(fault(
                "has a gap at its end",
                "leave the `...` out: what stands around a phrase does not matter",
            ));
        }
        if !elements.iter().any(Element::holds) {
            return Err(fault(
                "has nothing in it that must be there",
                "give it a word of three letters or a class, without `?`",
            ));
        }
        Ok(Self {
            written: written.into(),
            elements,
        })
    }
}

impl Element {
    /// How many ways there are to go on behind it.
    fn ways(&self) -> usize {
        match self {
            Self::OneOf(_, Presence::Required) => 1,
            Self::OneOf(_, Presence::Optional) => 2,
            Self::Gap => WIDEST_GAP + 1,
        }
    }

    /// Whether the phrase can be looked for by this part of it.
    fn holds(&self) -> bool {
        match self {
            Self::OneOf(_, Presence::Required) => true,
            Self::OneOf(_, Presence::Optional) | Self::Gap => false,
        }
    }
}

/// The words that a hyphen, a point or an apostrophe joins are words of their own, as they are in a text.
fn words_of(written: &str) -> impl Iterator<Item = &str> {
    let whole = written == "..." || written.contains(['|', '<']);
    let joins = move |c: char| !whole && matches!(c, '-' | '.' | '\'' | '’' | '/');
    written.split(joins).filter(|word| !word.is_empty())
}

fn element(written: &str) -> Result<Element, Fault> {
    if written == "..." {
        return Ok(Element::Gap);
    }
    let (stem, presence) = match written.strip_suffix('?') {
        Some(stem) => (stem, Presence::Optional),
        None => (written, Presence::Required),
    };
    let choices = stem
        .split('|')
        .map(choice)
        .collect::<Result<Box<[_]>, _>>()?;
    Ok(Element::OneOf(choices, presence))
}

fn choice(written: &str) -> Result<Choice, Fault> {
    let Some(class) = written.strip_prefix('<') else {
        return literal(written).map(Choice::Word);
    };
    match class.strip_suffix('>') {
        Some(name)
            if name.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !name.is_empty() =>
        {
            Ok(Choice::Class(name.into()))
        }
        _ => Err(fault(
            "has a class that is none",
            "write a class as `<person>`",
        )),
    }
}

fn literal(written: &str) -> Result<Literal, Fault> {
    let (stem, exact) = match written.strip_prefix('=') {
        Some(stem) => (stem, true),
        None => (written, false),
    };
    let letters = stem.trim_matches('*').to_lowercase();
    let open_start = stem.starts_with('*');
    let open_end = stem.ends_with('*') && stem.len() > 1;
    if letters.is_empty() {
        return Err(fault(
            "has a word without letters",
            "write a word, `*` only at its ends",
        ));
    }
    if !letters
        .chars()
        .all(|c| c.is_alphanumeric() || c == '%' || c == '§')
    {
        return Err(fault(
            "has a sign in a word that no word has",
            "write letters and digits only",
        ));
    }
    let count = letters.chars().count();
    if (open_start || open_end) && count < FEWEST_OPEN {
        return Err(fault(
            "has a `*` beside fewer than three letters",
            "write more of the word",
        ));
    }
    if exact && (open_start || open_end) {
        return Err(fault("is both exact and open", "use `=` or `*`, not both"));
    }
    Ok(Literal {
        start: if open_start { Edge::Open } else { Edge::Closed },
        end: match (open_end, exact || count <= 3) {
            (true, _) => Edge::Open,
            (false, true) => Edge::Closed,
            (false, false) => Edge::Ending,
        },
        letters: letters.into(),
    })
}

fn fault(what: &'static str, remedy: &'static str) -> Fault {
    Fault { what, remedy }
}

/// Danish and English endings: of nouns, adjectives and verbs. Doubles are folded, as in the text they are compared with.
pub(super) const ENDINGS: [&str; 33] = [
    "s", "n", "ns", "en", "ens", "et", "ets", "ne", "nes", "ene", "enes", "erne", "ernes", "e",
    "er", "ers", "r", "rs", "rne", "rnes", "t", "te", "ede", "de", "es", "des", "ende", "edes",
    "ed", "ing", "d", "ts", "tes",
];

impl<S: AsRef<str>> Literal<S> {
    /// The letters as a folded text has them.
    pub fn folded(&self) -> String {
        let mut folded = String::new();
        fold_word(self.letters.as_ref(), &mut folded);
        folded
    }

    /// The same with `æ`, `ø` and `å` written as in an address, where the word has them.
    pub fn transliterated(&self) -> Option<String> {
        self.in_ascii().map(|other| {
            let mut folded = String::new();
            fold_word(&other, &mut folded);
            folded
        })
    }

    /// Whether a word which has `before` and `after` around these letters is the one that is meant. `whole` is the word as it
    /// stands in the text.
    pub fn fits(&self, before: &str, after: &str, whole: &str) -> bool {
        let starts = before.is_empty() || self.start == Edge::Open;
        let ends = match self.end {
            Edge::Closed => after.is_empty(),
            Edge::Ending => after.is_empty() || ENDINGS.contains(&after),
            Edge::Open => true,
        };
        // Where no letter was dropped, none is doubled.
        let letters = self.letters.as_ref().len();
        let as_long = before.len() + letters + after.len() == whole.len();
        starts && ends && (as_long || letters > LONG || self.is_spelled_in(whole))
    }

    /// Whether a short word is there with the doubles and accents it has, and no others: `fyre` is not `fyrre`, nor `mén` `men`.
    fn is_spelled_in(&self, whole: &str) -> bool {
        let lower = whole.to_lowercase();
        let spelled = |word: &str| {
            lower.contains(word) || self.is_plain() && plain_word(whole).contains(word)
        };
        spelled(self.letters.as_ref()) || self.in_ascii().is_some_and(|ascii| spelled(&ascii))
    }

    /// Whether there are no accents on its letters.
    fn is_plain(&self) -> bool {
        plain_word(self.letters.as_ref()) == self.letters.as_ref()
    }

    /// The word with `æ`, `ø` and `å` written as in an address, where it has them: `foedt`.
    fn in_ascii(&self) -> Option<String> {
        let letters = self.letters.as_ref();
        let other = letters
            .replace('æ', "ae")
            .replace('ø', "oe")
            .replace('å', "aa");
        (other != letters).then_some(other)
    }
}

/// The longest word, in octets, that must be spelled as the pack has it. Longer ones are nothing else when a letter is doubled.
pub(super) const LONG: usize = 7;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_phrase_is_refused_with_the_reason() {
        for (written, what) in [
            ("Syg", "is not lower case"),
            ("...", "has a gap at its end"),
            ("syg?", "has nothing in it that must be there"),
            ("<Person>", "is not lower case"),
            ("<person", "has a class that is none"),
            ("*", "has a word without letters"),
            ("a*", "has a `*` beside fewer than three letters"),
            ("syge+meldt", "has a sign in a word that no word has"),
            ("=syge*", "is both exact and open"),
            ("a ... b ... c ... d ... e", "is too long"),
            ("a ... b ... c? d? ... e", "can be read in too many ways"),
        ] {
            assert_eq!(Phrase::parse(written).unwrap_err().what, what, "{written}");
        }
    }

    #[test]
    fn a_word_takes_endings_a_short_one_and_an_exact_one_do_not() {
        let fits = |written: &str, word: &str| {
            let literal = literal(written).unwrap();
            let (word_folded, stem) = (
                Literal {
                    letters: word.into(),
                    ..literal.clone()
                }
                .folded(),
                literal.folded(),
            );
            word_folded
                .split_once(&stem)
                .is_some_and(|(before, after)| literal.fits(before, after, word))
        };
        for (written, word) in [
            ("diagnose", "diagnosernes"),
            ("fyre", "fyrede"),
            ("skilsmisse", "skillsmissen"),
            ("dom", "dom"),
            ("*kræft", "brystkræft"),
            ("sygemeld*", "sygemeldingerne"),
        ] {
            assert!(fits(written, word), "{written} {word}");
        }
        for (written, word) in [
            ("fyre", "fyrre"),
            ("dom", "domme"),
            ("=kræft", "kræften"),
            ("kræft", "brystkræft"),
            ("læge", "lægge"),
            ("mén", "men"),
            ("tåler", "taler"),
        ] {
            assert!(!fits(written, word), "{written} {word}");
        }
    }
}
