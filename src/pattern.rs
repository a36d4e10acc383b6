//! Packs: patterns as data that a security team can read, with the examples that prove them.
//!
//! There are two kinds of patterns: of numbers ([`CprPattern`]), and of subjects that are told of somebody
//! ([`SubjectPattern`]), whose phrases are compiled together ([`Lexicon`]) and share what is known of the language
//! ([`Language`]).

mod catalogue;
mod category;
mod compile;
mod cpr;
mod file;
mod greeting;
mod interned;
mod language;
mod leaning;
mod letters;
mod lexicon;
mod lint;
mod packs;
mod phrase;
mod problem;
mod show;
mod subject;
mod version;
mod words;

pub use catalogue::{Catalogue, Entry, Stock};
pub use category::Category;
pub use cpr::{CprPattern, Example, Named, Other, Proves};
pub use greeting::{GREETINGS, TIMES_OF_DAY, words_that_greet};
pub use language::{CLOSE, Cue, Language, Names, Reach, Scale, Tells};
pub use leaning::{Leaned, Leanings, Side, root, stem};
pub use letters::{fold_word, plain_word};
pub use lexicon::{
    Anchor, Choices, ClassId, Known, Lexicon, Present, Search, Seen, Sense, Step, Strength, Token,
    Tokens,
};
pub use lint::lint;
pub use packs::{FingerprintKey, Origin, PackSet, PackSource, Packs, Pattern};
pub use phrase::{Choice, Edge, Element, Fault, Literal, Phrase, Presence, WIDEST_GAP};
pub use problem::{Gravity, Problem};
pub use show::{Listed, Piece, Shown, show};
pub use subject::SubjectPattern;
pub use version::{Changes, PackVersion};
pub use words::{Role, Spotted, Word, Words};

/// What people are told of the format of packs and the language of phrases: `sluse patterns syntax`, and the manual.
pub const SYNTAX: &str = include_str!("pattern/syntax.md");
