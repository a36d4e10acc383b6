//! The words of all phrases.

use crate::pattern::interned::Strings;
use crate::pattern::phrase::{Edge, Literal};

/// Literals by their number.
#[derive(Clone, Default, Debug)]
pub(super) struct Literals {
    letters: Strings,
    edges: Vec<(Edge, Edge)>,
}

impl Literals {
    /// Adds one behind the others.
    pub(super) fn push(&mut self, literal: &Literal) {
        self.letters.push(&literal.letters);
        self.edges.push((literal.start, literal.end));
    }

    /// The one of that number.
    pub(super) fn get(&self, number: u32) -> Option<Literal<&str>> {
        let edges = self.edges.get(usize::try_from(number).ok()?);
        edges.map(|&(start, end)| Literal {
            letters: self.letters.get(number),
            start,
            end,
        })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.edges.len()
    }

    /// All of them, by their number.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Literal<&str>)> {
        (0..).map_while(|number| Some((number, self.get(number)?)))
    }
}
