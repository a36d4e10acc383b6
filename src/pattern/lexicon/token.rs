//! One numbering for literals and classes, so that a set of both is a set of numbers.

use crate::pattern::lexicon::{ClassId, index};

/// A literal, or a class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Token(u32);

impl Token {
    /// None: the end of a list.
    pub(super) const END: Self = Self(u32::MAX);

    /// Its number.
    pub fn index(self) -> usize {
        index(self.0)
    }
}

/// How literals and classes are numbered: literals first.
#[derive(Clone, Copy, Default, Debug)]
pub struct Tokens {
    literals: u32,
    classes: u16,
}

impl Tokens {
    pub(super) fn new(literals: usize, classes: usize) -> Self {
        Self {
            literals: u32::try_from(literals).unwrap_or(u32::MAX),
            classes: u16::try_from(classes).unwrap_or(u16::MAX),
        }
    }

    /// A literal.
    pub fn of_literal(self, literal: u32) -> Token {
        Token(literal)
    }

    /// A class.
    pub fn of_class(self, class: ClassId) -> Token {
        Token(self.literals.saturating_add(u32::from(class.0)))
    }

    /// The class that a token is, if it is one.
    pub fn class(self, token: Token) -> Option<ClassId> {
        let class = token.0.checked_sub(self.literals)?;
        u16::try_from(class).ok().map(ClassId)
    }

    /// How many there are.
    pub(super) fn len(self) -> usize {
        index(self.literals) + self.classes()
    }

    /// How many of them are classes.
    pub(super) fn classes(self) -> usize {
        usize::from(self.classes)
    }

    pub(super) fn all(self) -> impl Iterator<Item = Token> {
        (0..self.literals.saturating_add(u32::from(self.classes))).map(Token)
    }
}
