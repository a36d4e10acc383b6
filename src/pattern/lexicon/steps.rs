//! What phrases consist of.

use crate::pattern::lexicon::lists::Lists;
use crate::pattern::lexicon::{ClassId, Token, Tokens, index};
use crate::pattern::phrase::Presence;

/// A step of a phrase.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// One of these.
    OneOf(Choices, Presence),
    /// Up to [`crate::pattern::WIDEST_GAP`] words.
    Gap,
}

/// What may stand at a step: some literals, or something of some classes. The lexicon the step is of tells which.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choices(u32);

/// The steps of all phrases.
#[derive(Clone, Default, Debug)]
pub(super) struct Steps {
    of_phrases: Lists<Step>,
    literals: Lists<u32>,
    classes: Lists<ClassId>,
}

impl Steps {
    /// Adds a phrase behind the others.
    pub(super) fn push(&mut self, steps: Vec<Step>) {
        self.of_phrases.push(steps);
    }

    /// Adds what may stand at a step. The literals are ascending.
    pub(super) fn choices(&mut self, literals: Vec<u32>, classes: Vec<ClassId>) -> Choices {
        let number = self.literals.len();
        self.literals.push(literals);
        self.classes.push(classes);
        Choices(u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// Those of a phrase.
    pub(super) fn of(&self, phrase: u32) -> &[Step] {
        self.of_phrases.get(index(phrase))
    }

    /// Those of all phrases.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[Step]> {
        self.of_phrases.iter()
    }

    /// The literals of a step, ascending.
    pub(super) fn literals(&self, choices: Choices) -> &[u32] {
        self.literals.get(index(choices.0))
    }

    /// The classes of a step.
    pub(super) fn classes(&self, choices: Choices) -> &[ClassId] {
        self.classes.get(index(choices.0))
    }

    /// The literals and classes of a step.
    pub(super) fn tokens(&self, step: Step, tokens: Tokens) -> impl Iterator<Item = Token> {
        let (literals, classes): (&[u32], &[ClassId]) = match step {
            Step::OneOf(choices, _) => (self.literals(choices), self.classes(choices)),
            Step::Gap => (&[], &[]),
        };
        let literals = literals.iter().map(move |it| tokens.of_literal(*it));
        literals.chain(classes.iter().map(move |it| tokens.of_class(*it)))
    }
}
