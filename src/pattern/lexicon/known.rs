//! The phrases that are looked for by each literal and class.

use crate::pattern::lexicon::lists::Lists;
use crate::pattern::lexicon::{Sense, Step, Token, Tokens};

/// The phrases that are looked for by one literal or class.
#[derive(Clone, Copy, Default, Debug)]
pub struct Known<'l> {
    /// Those of subjects.
    pub topics: &'l [Anchor],
    /// Cues.
    pub cues: &'l [Anchor],
    /// Those that make something of a class of nothing but it.
    pub classes: &'l [Anchor],
    /// Those that make something of a class of it and other words.
    pub makers: &'l [Anchor],
}

/// A phrase, and the step of it that was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchor {
    /// The phrase.
    pub phrase: u32,
    /// What the phrase says.
    pub sense: Sense,
    /// Index of the step.
    pub step: u8,
    /// The first thing that must be in a sentence beside it, where that is one thing only; else [`Token::END`]. It alone tells of most
    /// phrases that they are not there.
    pub(super) need: Token,
    /// Where in all needs the rest of its own are.
    pub(super) needs: (u32, u32),
}

/// What is known of all literals and classes, by token.
#[derive(Clone, Default, Debug)]
pub(super) struct KnownOfAll {
    topics: Lists<Anchor>,
    cues: Lists<Anchor>,
    classes: Lists<Anchor>,
    makers: Lists<Anchor>,
}

/// Anchors as they are collected, with what they are looked for by.
#[derive(Default)]
pub(super) struct Collected {
    topics: Vec<(usize, Anchor)>,
    cues: Vec<(usize, Anchor)>,
    classes: Vec<(usize, Anchor)>,
    makers: Vec<(usize, Anchor)>,
}

impl KnownOfAll {
    /// What is known of a literal or class.
    pub(super) fn get(&self, token: Token) -> Known<'_> {
        Known {
            topics: self.topics.get(token.index()),
            cues: self.cues.get(token.index()),
            classes: self.classes.get(token.index()),
            makers: self.makers.get(token.index()),
        }
    }
}

impl Collected {
    /// Adds a phrase of these steps.
    pub(super) fn push(&mut self, token: Token, anchor: Anchor, steps: &[Step]) {
        let list = match anchor.sense {
            Sense::Topic(..) | Sense::Other(_) | Sense::Greets(_) => &mut self.topics,
            Sense::Cue(_) => &mut self.cues,
            Sense::Class(_) if steps.len() == 1 => &mut self.classes,
            Sense::Class(_) => &mut self.makers,
        };
        list.push((token.index(), anchor));
    }

    /// All of them by what they are looked for by, each list in the order in which it was collected.
    pub(super) fn sorted(self, tokens: Tokens) -> KnownOfAll {
        KnownOfAll {
            topics: Lists::by_number(self.topics, tokens.len()),
            cues: Lists::by_number(self.cues, tokens.len()),
            classes: Lists::by_number(self.classes, tokens.len()),
            makers: Lists::by_number(self.makers, tokens.len()),
        }
    }
}
