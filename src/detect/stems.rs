//! The words of a text as what they lean to is learned and looked up.

use crate::detect::normal::fold;
use crate::detect::subject;
use crate::pattern::Packs;

/// The stems of the words of a text that can lean to a subject, in the order they stand: all but names, numbers and single letters.
///
/// What is learned of a name would be learned of a person.
pub fn stems(packs: &Packs, text: &str) -> Vec<String> {
    let mut stems = Vec::new();
    subject::each_stem(packs, &fold(text), |stem| stems.push(stem.to_owned()));
    stems
}
