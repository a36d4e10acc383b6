//! Packs: patterns as data that a security team can read, with the examples that prove them.
//!
//! There are two kinds of patterns: of numbers ([`CprPattern`]), and of subjects that are told of somebody
//! ([`SubjectPattern`]), whose phrases are compiled together ([`Lexicon`]) and share what is known of the language
//! ([`Language`]).

mod category;
mod compile;
mod cpr;
mod file;
mod language;
mod letters;
mod lexicon;
mod packs;
mod phrase;
mod problem;
mod subject;
mod words;

pub use category::Category;
pub use cpr::{CprPattern, Example, Named, Other, Proves};
pub use language::{CLOSE, Cue, Language, Names, Reach, Scale, Tells};
pub use letters::{fold_word, plain_word};
pub use lexicon::{Anchor, ClassId, Lexicon, Search, Seen, Sense, Step, Strength};
pub use packs::{FingerprintKey, PackSource, Packs, Pattern};
pub use phrase::{Choice, Edge, Element, Fault, Literal, Phrase, Presence, WIDEST_GAP};
pub use problem::Problem;
pub use subject::SubjectPattern;
pub use words::{Role, Spotted, Word, Words};
