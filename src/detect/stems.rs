//! The words of a text as what they lean to is learned and looked up.

use crate::detect::normal::fold;
use crate::detect::subject;
use crate::pattern::Packs;

/// A word by its stem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stem {
    /// The stem.
    pub stem: String,
    /// How the word stands there.
    pub case: Case,
}

/// How a word is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Case {
    /// As words are that are not names: in small letters, or all in large ones.
    Common,
    /// With a large letter and small ones: what begins a sentence, or a name of a person, a place or a firm.
    Proper,
}

/// The stems of the words of a text that can lean to a subject, in the order they stand: all but known names of people, numbers and
/// single letters.
///
/// What is learned of a name would be learned of a person. Lists do not have all names, so it is also told which words may be some.
pub fn stems(packs: &Packs, text: &str) -> Vec<Stem> {
    let mut stems = Vec::new();
    subject::each_stem(packs, &fold(text), |stem, case| {
        stems.push(Stem {
            stem: stem.to_owned(),
            case,
        });
    });
    stems
}
