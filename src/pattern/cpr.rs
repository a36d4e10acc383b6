//! The pattern that finds CPR numbers, compiled: everything about it that a pack may say.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::pattern::{Category, Words};

/// What a pack says about CPR numbers.
#[derive(Clone, Debug)]
pub struct CprPattern {
    /// Its name: `dk.cpr`.
    pub id: Box<str>,
    /// What it is called, in Danish and English.
    pub name: Named,
    /// What it finds, in Danish and English.
    pub description: Named,
    /// The category of what it finds.
    pub category: Category,
    /// The year it is now. Whoever is born later is not born yet.
    pub year: u16,
    /// How many years old the oldest person is that a number is believed to be of.
    pub oldest: u16,
    /// From how many years on a person is so rare that a code with a date of late in it is likelier.
    pub rare: u16,
    /// How many years back a date in a code is one of late.
    pub recent: u16,
    /// Birth dates (year, month, day) on which numbers without check digit were issued.
    pub without_check_digit: BTreeSet<(u16, u8, u8)>,
    /// Numbers that are nobody's: ten digits each.
    pub exempt: BTreeSet<[u8; 10]>,
    /// Its words.
    pub words: Words,
    /// The other numbers its labels name.
    pub others: Vec<Other>,
    /// Texts it must find numbers in.
    pub examples: Vec<Example>,
}

/// A name or sentence in both languages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// In Danish.
    pub da: Box<str>,
    /// In English.
    pub en: Box<str>,
}

/// Another kind of number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Other {
    /// What it is called.
    pub name: Named,
    /// Whether its labels stand beside CPR numbers too, so that they say little.
    pub weak: bool,
    /// Whether its labels are everyday words, which name a number only where it stands directly behind them.
    pub near: bool,
}

/// A text that proves the pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Example {
    /// The file of the pack it stands in.
    pub file: Box<str>,
    /// Where it stands there.
    pub span: Range<usize>,
    /// The text.
    pub text: Box<str>,
    /// What must come of it.
    pub proves: Proves,
}

/// What an example proves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Proves {
    /// So many numbers are found, each at least with confidence `medium`.
    Finds(usize),
    /// None is, for this reason.
    Not(Box<str>),
}
