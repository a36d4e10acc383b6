//! What kind of word a word is, as far as it can be told without the words around it.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::detect::subject::opening::Opening;
use crate::pattern::{Names, plain_word};

/// What is true of a word.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Traits(u32);

impl Traits {
    /// It begins with a large letter.
    pub(super) const CAPITAL: Self = Self(1);
    /// All its letters are small.
    pub(super) const SMALL: Self = Self(1 << 1);
    /// It has more than three letters, and all are large.
    pub(super) const SHOUTED: Self = Self(1 << 2);
    /// It is one letter.
    pub(super) const LETTER: Self = Self(1 << 3);
    /// A name comes behind it: `fru`.
    pub(super) const TITLE: Self = Self(1 << 4);
    /// It is written with a large letter for other reasons than being a name.
    pub(super) const COMMON: Self = Self(1 << 5);
    /// It is what people do: `ringede`.
    pub(super) const ACT: Self = Self(1 << 6);
    /// It speaks to the reader.
    pub(super) const YOU: Self = Self(1 << 7);
    /// It is a first name, be it in the genitive.
    pub(super) const FIRST: Self = Self(1 << 8);
    /// It is a first name that most people have.
    pub(super) const FREQUENT: Self = Self(1 << 9);
    /// It is a first name that is a word too.
    pub(super) const WORD_TOO: Self = Self(1 << 10);
    /// It is a surname, be it in the genitive.
    pub(super) const LAST: Self = Self(1 << 11);
    /// Phrases of subjects are looked for by it.
    pub(super) const TOPIC: Self = Self(1 << 12);
    /// It may tell something that counts for the whole text.
    pub(super) const WIDE: Self = Self(1 << 13);
    /// An amount of money goes with it: `kr`.
    pub(super) const AMOUNT: Self = Self(1 << 15);
    /// It begins with a digit.
    pub(super) const DIGITS: Self = Self(1 << 14);
    /// A point behind it belongs to it: `kl.`
    pub(super) const ABBREVIATED: Self = Self(1 << 16);
    /// A line that begins with it may greet, sign or head.
    pub(super) const OPENS: Self = Self(1 << 17);

    /// Phrases that greet are looked for by it.
    pub(super) const GREETED: Self = Self(1 << 18);

    /// What is true of a word that is written so, and folded so.
    pub(super) fn of(written: &str, folded: &str, names: &Names) -> Self {
        let plain = plain_word(written);
        let nominative = match plain.strip_suffix('s') {
            Some(stem) if stem.len() > 2 => stem,
            _ => plain.as_str(),
        };
        let letters = written.chars().count();
        let of_words = OF_WORDS.get(folded).copied().unwrap_or_default();
        [
            (Self::CAPITAL, written.starts_with(char::is_uppercase)),
            (Self::SMALL, written.chars().all(char::is_lowercase)),
            (
                Self::SHOUTED,
                letters > 3 && written.chars().all(char::is_uppercase),
            ),
            (Self::LETTER, letters < 2),
            (
                Self::DIGITS,
                written.starts_with(|c: char| c.is_ascii_digit()),
            ),
            (Self::OPENS, Opening::of(folded).is_some()),
            (
                Self::FIRST,
                names.is_first(&plain) || names.is_first(nominative),
            ),
            (Self::FREQUENT, names.is_frequent(&plain)),
            (Self::WORD_TOO, names.is_word_too(&plain)),
            (Self::LAST, names.is_last(nominative)),
        ]
        .into_iter()
        .filter(|(_, is_so)| *is_so)
        .fold(of_words, |all, (one, _)| all.with(one))
    }

    /// Whether one of these is true of it.
    pub(super) fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    /// With these too.
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What is true of some words, folded, whatever they stand beside.
static OF_WORDS: LazyLock<FxHashMap<&str, Traits>> = LazyLock::new(|| {
    let mut of_words = FxHashMap::default();
    for (traits, words) in [
        (Traits::YOU, YOU),
        (Traits::TITLE, TITLES),
        (Traits::ACT, ACTS),
        (Traits::COMMON, COMMON),
        (Traits::ABBREVIATED, ABBREVIATIONS),
        (Traits::AMOUNT, AMOUNTS),
    ] {
        for &word in words {
            let known: &mut Traits = of_words.entry(word).or_default();
            *known = known.with(traits);
        }
    }
    of_words
});

/// What speaks to the reader.
#[rustfmt::skip]
const YOU: &[&str] = &[
    "du", "dig", "din", "dit", "dine", "you", "your", "yours", "deres", "dem",
];

/// Words behind which a name comes.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "hr", "fru", "frk", "frøken", "mr", "mrs", "ms", "mis", "borger", "patient", "elev", "eleven",
    "borgeren",
];

/// What people do: a word with a capital before one of these is mostly somebody.
#[rustfmt::skip]
const ACTS: &[&str] = &[
    "er", "var", "har", "havde", "får", "fik", "bliver", "blev", "skal", "vil", "ville", "kan",
    "kune", "må", "kom", "komer", "går", "gik", "siger", "sagde", "ringede", "ringer", "skriver",
    "skrev", "bor", "fortæler", "fortalte", "mener", "ønsker", "spørger", "spurgte", "søger",
    "startede", "starter", "oplyser", "is", "was", "has", "had", "wil", "told", "says",
];

/// Words that are written with a capital and are no names of people.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "ale", "al", "alt", "her", "der", "den", "det", "de", "vi", "i", "jeg", "du", "hun", "han",
    "er", "kan", "vil", "skal", "har", "og", "men", "hvis", "nu", "ja", "nej", "tak", "mandag",
    "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag", "januar", "februar", "marts",
    "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december",
    "team", "kolega", "koleger", "leder", "ledere", "medarbejder", "medarbejdere", "forældre",
    "borger", "borgere", "kommune", "region", "skole", "afdeling", "center", "jobcenter",
    "borgerservice", "hr", "it", "løn", "lønkontor", "kontor", "sekretariat", "vedr", "til", "fra",
    "på", "ved", "med", "om", "for", "af", "en", "et", "som", "så", "når", "ifølge", "efter",
    "under", "uden", "mvh", "vh", "hej", "kære", "dansk", "danmark", "monday", "danske", "digital",
];

/// What is mostly written with a point behind it.
#[rustfmt::skip]
const ABBREVIATIONS: &[&str] = &[
    "nr", "kl", "pt", "vedr", "dr", "hr", "fr", "frk", "ca", "fx", "mv", "evt", "bl", "pga", "ift",
    "ifm", "jf", "stk", "tlf", "mhp", "mht", "inkl", "ekskl", "sml", "dvs", "osv", "st", "tv", "th",
    "mr", "mrs", "ms", "no", "afd", "pkt", "pct", "obs", "ang", "udb", "bgr",
];

/// What amounts of money are counted in.
#[rustfmt::skip]
const AMOUNTS: &[&str] = &[
    "kr", "kroner", "dk", "dkk", "kroners", "eur", "euro", "tkr",
];
