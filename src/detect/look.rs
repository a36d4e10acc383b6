//! Which label is the number's own: the words before it read backward, the words behind it forward.
//!
//! A word directly before a number is its label. A label that has a number of its own has no other. A label of another
//! kind of number does not reach over the end of its sentence, over a turn to a person (`faktura til`), or far.

mod ahead;
mod back;
mod sentence;
mod topic;

pub(super) use ahead::{Behind, look_ahead};
pub(super) use back::{Before, look_back};
pub(super) use topic::{Topic, topic_before, topic_behind};

use crate::pattern::Role;

/// The label of a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Label {
    pub(super) role: Role,
    pub(super) word: u16,
    /// How many words stand between.
    pub(super) words: usize,
    pub(super) stands: Stands,
}

/// Where a label stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stands {
    Before,
    /// In the sentence before.
    EarlierSentence,
    Behind,
    /// In a cell before it in the row.
    Row,
    /// At the head of the column.
    Column,
    /// Before the first number of a list.
    List,
}

/// What stands directly before a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Lead {
    /// Nothing, or a mark that parts it from what is before.
    #[default]
    Nothing,
    /// A word that is no noun.
    Function,
    /// A word that turns to a person: `til`, `vedr.`
    Turn,
    /// A noun the pack does not know: the number is likely to be that thing's.
    Noun,
    /// A name.
    Name,
}
