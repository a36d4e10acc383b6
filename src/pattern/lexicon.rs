//! All phrases of all packs, compiled into what one pass over a text can look for.
//!
//! Every phrase has an anchor: its longest word, or a class. It is tried where its anchor stands, and only in sentences where
//! anchors of topics stand close enough together to mean something.

mod anchors;
mod builder;
mod known;
mod lists;
mod literals;
mod present;
mod search;
mod steps;
mod token;

use std::collections::BTreeMap;

use crate::pattern::interned::Strings;
use crate::pattern::lexicon::known::KnownOfAll;
use crate::pattern::lexicon::lists::Lists;
use crate::pattern::lexicon::literals::Literals;
use crate::pattern::lexicon::steps::Steps;
use crate::pattern::phrase::Literal;

pub(super) use builder::{Builder, LANGUAGE};
pub use known::{Anchor, Known};
pub use present::Present;
pub use search::{Search, Seen};
pub use steps::{Choices, Step};
pub use token::{Token, Tokens};

/// Phrases, ready to be looked for.
#[derive(Clone, Default, Debug)]
pub struct Lexicon {
    literals: Literals,
    search: Search,
    longest_number: usize,
    steps: Steps,
    written: Strings,
    /// The phrases of subjects with their subject, by that and by how they are written.
    of_subjects: Vec<(u16, u32)>,
    /// Of all anchors, what must be in a sentence beside them: one of each list, of which each ends with [`Token::END`].
    needs: Vec<Token>,
    classes: BTreeMap<Box<str>, ClassId>,
    tokens: Tokens,
    // By token:
    known: KnownOfAll,
    leads: Vec<Leads>,
    closures: Lists<Token>,
    lead_to_topics: Vec<bool>,
    lead_to_greetings: Vec<bool>,
    somebody: Vec<f32>,
    somebody_in_text: Vec<f32>,
    wide: Vec<f32>,
}

/// What is looked for by a literal or class, in short: it is asked of every word of every sentence.
#[derive(Clone, Copy, Default, Debug)]
struct Leads {
    /// Phrases of subjects.
    to_topics: bool,
    /// Phrases of several words that make something of a class.
    to_classes: bool,
}

/// What a phrase says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sense {
    /// It is of the topic of a subject.
    Topic(u16, Strength),
    /// Its words mean something else than the subject.
    Other(u16),
    /// In a greeting it says something of all who are greeted.
    Greets(u16),
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

impl Lexicon {
    /// The class of that name.
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.classes.get(name).copied()
    }

    /// The steps of a phrase.
    pub fn steps(&self, phrase: u32) -> &[Step] {
        self.steps.of(phrase)
    }

    /// The literals that may stand at a step, ascending.
    pub fn literals_at(&self, choices: Choices) -> &[u32] {
        self.steps.literals(choices)
    }

    /// The classes of which something may stand at a step.
    pub fn classes_at(&self, choices: Choices) -> &[ClassId] {
        self.steps.classes(choices)
    }

    /// Whether a phrase names a class: what it says is bound to what is of that class.
    pub fn is_bound(&self, phrase: u32) -> bool {
        self.steps(phrase).iter().any(
            |step| matches!(step, Step::OneOf(choices, _) if !self.classes_at(*choices).is_empty()),
        )
    }

    /// A phrase as its pack has it.
    pub fn written(&self, phrase: u32) -> &str {
        self.written.get(phrase)
    }

    /// How the phrases of a subject are written, in their order.
    pub fn written_of(&self, subject: u16) -> impl Iterator<Item = &str> {
        let first = self.of_subjects.partition_point(|(of, _)| *of < subject);
        let from = self.of_subjects.get(first..).unwrap_or_default();
        let own = from.iter().take_while(move |(of, _)| *of == subject);
        own.map(|(_, phrase)| self.written(*phrase))
    }

    /// A literal or class by the number of its kind.
    pub fn tokens(&self) -> Tokens {
        self.tokens
    }

    /// What is known of a literal or class.
    pub fn known(&self, token: Token) -> Known<'_> {
        self.known.get(token)
    }

    /// What a literal or class is: itself, and all classes it is of without another word, however deep.
    pub fn is_all(&self, token: Token) -> &[Token] {
        self.closures.get(token.index())
    }

    /// What is looked for by a literal or class.
    fn leads(&self, token: Token) -> Leads {
        self.leads.get(token.index()).copied().unwrap_or_default()
    }

    /// Whether phrases of subjects are looked for by a literal or class, or by what it may be a part of, however deep.
    pub fn leads_to_topic(&self, token: Token) -> bool {
        self.lead_to_topics.get(token.index()).is_some_and(|it| *it)
    }

    /// The same for phrases that greet.
    pub fn leads_to_greeting(&self, token: Token) -> bool {
        let leads = self.lead_to_greetings.get(token.index());
        leads.is_some_and(|it| *it)
    }

    /// What must be in a sentence for the phrase of this anchor beside the anchor and its first need: one of each list, of which each ends with
    /// [`Token::END`].
    fn needs(&self, anchor: &Anchor) -> &[Token] {
        let (from, to) = anchor.needs;
        self.needs.get(index(from)..index(to)).unwrap_or_default()
    }

    /// What a literal or class can at most weigh as what tells of somebody in a sentence. A sentence weighs no more than the heaviest
    /// in it.
    pub fn somebody(&self, token: Token) -> f32 {
        weight(&self.somebody, token)
    }

    /// The same for a whole text.
    pub fn somebody_in_text(&self, token: Token) -> f32 {
        weight(&self.somebody_in_text, token)
    }

    /// Whether a literal or class can tell something that counts for a whole text.
    pub fn is_wide(&self, token: Token) -> bool {
        weight(&self.wide, token) > 0.0
    }

    /// Looks for the literals of all phrases.
    pub fn search(&self) -> &Search {
        &self.search
    }

    /// How many digits the longest number has that is a word of a phrase.
    pub fn longest_number(&self) -> usize {
        self.longest_number
    }

    /// A literal, as a [`Search`] tells that it has seen it.
    pub fn literal(&self, literal: u32) -> Option<Literal<&str>> {
        self.literals.get(literal)
    }
}

impl Leads {
    fn of(known: Known<'_>) -> Self {
        Self {
            to_topics: !known.topics.is_empty(),
            to_classes: !known.makers.is_empty(),
        }
    }
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

fn weight(weights: &[f32], token: Token) -> f32 {
    weights.get(token.index()).copied().unwrap_or_default()
}
