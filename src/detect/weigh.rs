//! How sure a number is that no label settles: what speaks for it and what against, added up.
//!
//! Each thing that speaks for or against a number has a fixed weight, small and whole, so that anybody can add up what
//! `sluse patterns explain` tells. No one of them decides alone, but a number that looks as few others do needs little else.

use crate::detect::finding::Confidence;
use crate::detect::judge::Looks;

/// From how much on a number is likelier to be one than not.
const MEDIUM: i8 = 3;
/// From how much on it is reported at all.
const LOW: i8 = 1;
/// From how much on it is sure, if it looks like few others.
const HIGH: i8 = 6;

/// What was added up so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Weight {
    looks: Looks,
    sum: i8,
    person: bool,
}

/// Something that speaks for or against a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cue {
    /// A word for a person is directly before it.
    PersonBeside,
    /// Somebody is spoken of in its sentence.
    PersonInSentence,
    /// The same, but a noun stands between, or the number does.
    PersonBeyond,
    /// Somebody is spoken of nearby.
    PersonNearby,
    /// A name stands beside it.
    Name,
    /// A matter of persons is named before it.
    Matter,
    /// It does what people do.
    Acts,
    /// It stands where the sentence turns to somebody.
    Turn,
    /// Nearly all numbers of its column check.
    People,
    /// The number before it is one.
    AfterOne,
    /// The number before it in the list has the right check digit.
    BesideRight,
    /// It follows a noun.
    Noun,
    /// It is called a number, and nobody is spoken of.
    Numbered,
    /// It is another one of something named before.
    Again,
    /// A label that now and then names CPR numbers names another number.
    WeakLabel,
    /// The same, and it is called a number.
    WeakLabelNumbered,
    /// Another kind of number is spoken of in its sentence.
    ThingInSentence,
    /// Another kind of number is spoken of nearby, or may be.
    ThingNearby,
    /// The number before it is another one.
    AfterOther,
    /// A price or a measure stands behind it in its line.
    Measure,
    /// It is the end of a range.
    Range,
    /// The text says that it is none.
    Denied,
    /// It is like the number of a place of work.
    Workplace,
    /// It is like the number of a thing.
    Alike,
    /// It is like a number of another country.
    Abroad,
}

impl Weight {
    pub(super) fn new(looks: Looks) -> Self {
        let sum = match looks {
            Looks::Poor => 1,
            Looks::Weak => 2,
            Looks::Fair => 3,
            Looks::Strong => 4,
        };
        Self {
            looks,
            sum,
            person: false,
        }
    }

    /// Adds a cue.
    pub(super) fn add(&mut self, cue: Cue) {
        self.person |= matches!(cue, Cue::PersonBeside | Cue::Name | Cue::People);
        self.sum += match cue {
            Cue::PersonBeside => 3,
            Cue::PersonInSentence | Cue::Name | Cue::Matter | Cue::People => 2,
            Cue::PersonBeyond
            | Cue::PersonNearby
            | Cue::Acts
            | Cue::Turn
            | Cue::AfterOne
            | Cue::BesideRight => 1,
            Cue::WeakLabel | Cue::ThingNearby => -1,
            Cue::Measure
            | Cue::Range
            | Cue::Noun
            | Cue::Numbered
            | Cue::Again
            | Cue::ThingInSentence
            | Cue::AfterOther
            | Cue::Abroad => -2,
            Cue::WeakLabelNumbered | Cue::Alike | Cue::Denied => -3,
            Cue::Workplace => -5,
        };
    }

    /// Whether a person stands beside it.
    pub(super) fn person(&self) -> bool {
        self.person
    }

    /// How sure the number is.
    pub(super) fn confidence(&self) -> Option<Confidence> {
        match self.sum {
            HIGH.. if self.looks == Looks::Strong => Some(Confidence::High),
            MEDIUM.. => Some(Confidence::Medium),
            LOW.. => Some(Confidence::Low),
            _ => None,
        }
    }
}
