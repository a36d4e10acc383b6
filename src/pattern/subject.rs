//! The pattern that finds a subject told of somebody: everything about it that a pack may say.

use crate::pattern::{Category, Example, Named};

/// A subject of sensitive personal data. Its phrases are in the [`crate::pattern::Lexicon`].
#[derive(Clone, Debug)]
pub struct SubjectPattern {
    /// Its name: `dk.health`.
    pub id: Box<str>,
    /// What it is called, in Danish and English.
    pub name: Named,
    /// What it finds, in Danish and English.
    pub description: Named,
    /// The category of what it finds.
    pub category: Category,
    /// How much more, in the unit of [`crate::pattern::Scale`], a passage must weigh than of other subjects. It may be
    /// negative.
    pub bar: f32,
    /// Texts that prove it.
    pub examples: Vec<Example>,
}
