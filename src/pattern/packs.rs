//! Compiled packs: what an inspector must know to recognize.

use std::borrow::Cow;
use std::fmt;

use zeroize::Zeroize;

use crate::pattern::compile::{Compiled, compile};
use crate::pattern::version::Digests;
use crate::pattern::{
    Category, CprPattern, Example, Language, Leanings, Lexicon, Named, PackVersion, Problem,
    SubjectPattern,
};

/// A pack as it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackSource {
    /// The name of its file, for problems.
    pub file: Box<str>,
    /// Its text.
    pub text: Cow<'static, str>,
    /// Whose it is.
    pub origin: Origin,
}

/// Whose a pack is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Origin {
    /// It comes with the program.
    Shipped,
    /// It is the organization's own.
    Local,
}

/// The packs that recognize together, and what of them is switched off.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct PackSet {
    /// The packs. Where several say something of one class or cue, the first describes it.
    pub sources: Vec<PackSource>,
    /// The names of patterns that are switched off. A name that no pattern has switches nothing off.
    pub disabled: Vec<Box<str>>,
}

impl PackSet {
    /// The packs that are shipped.
    pub fn shipped() -> Self {
        PackSource::shipped().into()
    }
}

impl From<Vec<PackSource>> for PackSet {
    fn from(sources: Vec<PackSource>) -> Self {
        Self {
            sources,
            disabled: Vec::new(),
        }
    }
}

impl PackSource {
    /// The packs that are shipped.
    pub fn shipped() -> Vec<Self> {
        // Packs by their names, compiled into the program.
        macro_rules! packs {
            ($($name:literal)*) => {
                vec![$(Self {
                    file: concat!("patterns/dk/", $name, ".toml").into(),
                    text: Cow::Borrowed(include_str!(concat!("../../patterns/dk/", $name, ".toml"))),
                    origin: Origin::Shipped,
                }),*]
            };
        }
        packs! {
            "cpr"
            "language"
            "names"
            "leanings"
            "health"
            "ethnicity"
            "political"
            "religion"
            "union"
            "genetic"
            "biometric"
            "sexuality"
            "criminal"
            "economy"
            "family"
            "employment"
            "exam"
        }
    }
}

/// All patterns, compiled once and shared by every inspection.
#[derive(Clone, Debug)]
pub struct Packs {
    key: FingerprintKey,
    set: PackSet,
    year: u16,
    compiled: Compiled,
}

/// What every pattern says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Pattern<'a> {
    /// Its name: `dk.cpr`.
    pub id: &'a str,
    /// What it is called.
    pub name: &'a Named,
    /// What it finds.
    pub description: &'a Named,
    /// The category of what it finds.
    pub category: Category,
    /// Texts that prove it.
    pub examples: &'a [Example],
    /// By what it is told from what it was before.
    pub version: PackVersion,
}

impl Packs {
    /// The packs that are shipped, compiled into the program.
    ///
    /// A test compiles them, so the program that was built has them.
    pub fn shipped(key: FingerprintKey) -> Self {
        match Self::compile(&PackSet::shipped(), key.clone()) {
            Ok(packs) => packs,
            Err(_) => Self {
                key,
                set: PackSet::default(),
                year: 0,
                compiled: Compiled::default(),
            },
        }
    }

    /// Compiles packs; or tells everything that is wrong with them.
    ///
    /// Examples are not run here: that is `detect::prove`. What is only doubtful is told by [`lint`](fn@crate::pattern::lint).
    pub fn compile(set: &PackSet, key: FingerprintKey) -> Result<Self, Vec<Problem>> {
        Ok(Self {
            key,
            set: set.clone(),
            year: 0,
            compiled: compile(set)?,
        })
    }

    /// What they were compiled from: another process makes the same of it.
    pub fn set(&self) -> &PackSet {
        &self.set
    }

    /// The year they were told that it is; 0 where they were told none.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// By what these packs are told from others.
    pub fn version(&self) -> PackVersion {
        self.compiled.digests.set
    }

    pub(super) fn digests(&self) -> &Digests {
        &self.compiled.digests
    }

    /// The names of the patterns that are switched off.
    pub fn switched_off(&self) -> &[Box<str>] {
        &self.compiled.off
    }

    /// The same packs in another year.
    ///
    /// No stage that recognizes reads a clock, so a pack names the year it was last looked at. Whoever knows the time
    /// of day says so here; without it, people born after that year are found only where a label names the number.
    #[must_use]
    pub fn in_year(mut self, year: u16) -> Self {
        self.year = self.year.max(year);
        for pattern in &mut self.compiled.cpr {
            pattern.year = pattern.year.max(year);
        }
        self
    }

    /// Nothing but what recognizes: without sources, and without examples.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.set = PackSet::default();
        let numbers = self.compiled.cpr.iter_mut().map(|it| &mut it.examples);
        let subjects = self.compiled.subjects.iter_mut();
        for examples in numbers.chain(subjects.map(|it| &mut it.examples)) {
            *examples = Vec::new();
        }
        self
    }

    /// The key persons are fingerprinted with.
    pub fn key(&self) -> &FingerprintKey {
        &self.key
    }

    /// The patterns, of all kinds.
    pub fn patterns(&self) -> impl Iterator<Item = Pattern<'_>> {
        let numbers = self.compiled.cpr.iter().map(|it| Pattern {
            id: &it.id,
            name: &it.name,
            description: &it.description,
            category: it.category,
            examples: &it.examples,
            version: self.version_of(&it.id),
        });
        let subjects = self.compiled.subjects.iter().map(|it| Pattern {
            id: &it.id,
            name: &it.name,
            description: &it.description,
            category: it.category,
            examples: &it.examples,
            version: self.version_of(&it.id),
        });
        numbers.chain(subjects)
    }

    fn version_of(&self, id: &str) -> PackVersion {
        let known = self.compiled.digests.patterns.get(id);
        known.copied().unwrap_or_default()
    }

    /// The patterns of CPR numbers.
    pub fn cpr(&self) -> &[CprPattern] {
        &self.compiled.cpr
    }

    /// The patterns of subjects, by the index their phrases name them by.
    pub fn subjects(&self) -> &[SubjectPattern] {
        &self.compiled.subjects
    }

    /// What is known of the language.
    pub fn language(&self) -> &Language {
        &self.compiled.language
    }

    /// What words lean to.
    pub fn leanings(&self) -> &Leanings {
        &self.compiled.leanings
    }

    /// All phrases.
    pub fn lexicon(&self) -> &Lexicon {
        &self.compiled.lexicon
    }
}

/// The secret that makes a fingerprint of a person useless to whoever does not hold it.
///
/// There are only some 10⁹ CPR numbers, so a plain hash of one is the number itself to anybody with a minute to
/// spare.
#[derive(Clone)]
pub struct FingerprintKey([u8; 32]);

impl FingerprintKey {
    /// A key of 32 random octets.
    pub fn new(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// The octets, to be keyed with.
    pub fn exposed(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Drop for FingerprintKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_packs_compile() {
        let problems = compile(&PackSet::shipped()).err();
        assert_eq!(problems, None);
        assert_eq!(Packs::shipped(FingerprintKey::new([1; 32])).cpr().len(), 1);
    }

    #[test]
    fn a_set_of_packs_is_told_by_what_it_says() {
        let version = |change: &dyn Fn(&str) -> String| {
            let mut set = PackSet::shipped();
            for source in &mut set.sources {
                source.text = change(&source.text).into();
            }
            let packs = Packs::compile(&set, FingerprintKey::new([1; 32])).unwrap();
            packs.version().to_string()
        };
        let shipped = version(&str::to_owned);
        assert_eq!(shipped.len(), 12);
        assert_eq!(version(&|text| format!("# Moved.\n\n{text}")), shipped);
        assert_ne!(version(&|text| text.replace("frk", "frøken-")), shipped);
    }
}
