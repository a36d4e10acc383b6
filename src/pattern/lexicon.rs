//! All phrases of all packs, compiled into what one pass over a text can look for.
//!
//! Every phrase has an anchor: its longest word, or a class. The anchors of topics are looked for in the whole text; all other
//! words only around places where anchors stand close enough together to mean something.

mod anchors;
mod builder;
mod search;

use std::collections::BTreeMap;

use crate::pattern::phrase::{Literal, Presence};

pub(super) use builder::{Builder, LANGUAGE};
pub use search::{Search, Seen};

/// Phrases, ready to be looked for.
#[derive(Default, Debug)]
pub struct Lexicon {
    literals: Vec<Literal>,
    /// What each literal can at most add to each subject.
    worth: Vec<Box<[(u16, u8)]>>,
    /// Looks for the anchors of topics.
    topics: Search,
    /// Looks for all other words.
    rest: Search,
    steps: Vec<Box<[Step]>>,
    senses: Vec<Sense>,
    written: Vec<Box<str>>,
    by_literal: Vec<Anchored>,
    by_class: Vec<Anchored>,
    classes: BTreeMap<Box<str>, ClassId>,
    /// Which literals may tell of somebody.
    somebody: Vec<bool>,
}

/// The phrases that are looked for by one literal or class.
#[derive(Clone, Default, Debug)]
struct Anchored {
    /// Those that make something of a class.
    classes: Vec<Anchor>,
    /// All others.
    others: Vec<Anchor>,
}

/// What a phrase says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sense {
    /// It is of the topic of a subject.
    Topic(u16, Strength),
    /// Its words mean something else than the subject.
    Other(u16),
    /// It is of a class.
    Class(ClassId),
    /// It is a cue of the language.
    Cue(u16),
}

/// How much a phrase says about its subject.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Strength {
    /// It counts beside others.
    Hints = 1,
    /// It belongs to the subject.
    Suggests = 2,
    /// It states something of whoever is spoken of.
    Says = 3,
}

/// A class of words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ClassId(pub u16);

/// A step of a phrase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// One of these literals, or something of one of these classes.
    OneOf(Box<[u32]>, Box<[ClassId]>, Presence),
    /// Up to [`crate::pattern::WIDEST_GAP`] words.
    Gap,
}

/// A phrase, and the step of it that was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchor {
    /// The phrase.
    pub phrase: u32,
    /// Index of the step.
    pub step: u8,
}

impl Lexicon {
    /// The class of that name.
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.classes.get(name).copied()
    }

    /// The steps of a phrase.
    pub fn steps(&self, phrase: u32) -> &[Step] {
        self.steps.get(index(phrase)).map_or(&[], |steps| steps)
    }

    /// What a phrase says.
    pub fn sense(&self, phrase: u32) -> Option<Sense> {
        self.senses.get(index(phrase)).copied()
    }

    /// A phrase as its pack has it.
    pub fn written(&self, phrase: u32) -> &str {
        self.written
            .get(index(phrase))
            .map_or("", |written| written)
    }

    /// The phrases of subjects and the cues that are looked for by this literal.
    pub fn anchored_by(&self, literal: u32) -> &[Anchor] {
        self.by_literal
            .get(index(literal))
            .map_or(&[], |it| &it.others)
    }

    /// The phrases of subjects and the cues that are looked for by this class.
    pub fn anchored_by_class(&self, class: ClassId) -> &[Anchor] {
        self.by_class
            .get(usize::from(class.0))
            .map_or(&[], |it| &it.others)
    }

    /// The phrases of classes that are looked for by this literal.
    pub fn class_anchored_by(&self, literal: u32) -> &[Anchor] {
        self.by_literal
            .get(index(literal))
            .map_or(&[], |it| &it.classes)
    }

    /// The phrases of classes that are looked for by this class.
    pub fn class_anchored_by_class(&self, class: ClassId) -> &[Anchor] {
        self.by_class
            .get(usize::from(class.0))
            .map_or(&[], |it| &it.classes)
    }

    /// What a literal can at most add to each subject.
    pub fn worth(&self, literal: u32) -> &[(u16, u8)] {
        self.worth.get(index(literal)).map_or(&[], |worth| worth)
    }

    /// Whether a literal may be part of what tells of somebody. Where none is, and no name, nobody is told of.
    pub fn may_tell_of_somebody(&self, literal: u32) -> bool {
        self.somebody.get(index(literal)).is_some_and(|it| *it)
    }

    /// Looks for the anchors of topics.
    pub fn topics(&self) -> &Search {
        &self.topics
    }

    /// Looks for the words that are no anchors of topics.
    pub fn rest(&self) -> &Search {
        &self.rest
    }

    /// The literals, by which a [`Search`] tells what it has seen.
    pub fn literals(&self) -> &[Literal] {
        &self.literals
    }
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}
