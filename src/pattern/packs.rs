//! Compiled packs: what an inspector must know to recognize.

use std::borrow::Cow;
use std::fmt;

use zeroize::Zeroize;

use crate::pattern::compile::{Compiled, compile};
use crate::pattern::{
    Category, CprPattern, Example, Language, Lexicon, Named, Problem, SubjectPattern,
};

/// A pack as it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackSource {
    /// The name of its file, for problems.
    pub file: Box<str>,
    /// Its text.
    pub text: Cow<'static, str>,
}

impl PackSource {
    /// The packs that are shipped.
    pub fn shipped() -> Vec<Self> {
        /// A pack by its name, compiled into the program.
        macro_rules! packs {
            ($($name:literal)*) => {
                vec![$(Self {
                    file: concat!("patterns/dk/", $name, ".toml").into(),
                    text: Cow::Borrowed(include_str!(concat!("../../patterns/dk/", $name, ".toml"))),
                }),*]
            };
        }
        packs! {
            "cpr"
            "language"
            "names"
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
#[derive(Debug)]
pub struct Packs {
    key: FingerprintKey,
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
}

impl Packs {
    /// The packs that are shipped, compiled into the program.
    ///
    /// A test compiles them, so the program that was built has them.
    pub fn shipped(key: FingerprintKey) -> Self {
        match Self::compile(&PackSource::shipped(), key.clone()) {
            Ok(packs) => packs,
            Err(_) => Self {
                key,
                compiled: Compiled::default(),
            },
        }
    }

    /// Compiles packs; or tells everything that is wrong with them.
    ///
    /// Examples are not run here: that is `detect::prove`.
    pub fn compile(sources: &[PackSource], key: FingerprintKey) -> Result<Self, Vec<Problem>> {
        compile(sources).map(|compiled| Self { key, compiled })
    }

    /// The same packs in another year.
    ///
    /// No stage that recognizes reads a clock, so a pack names the year it was last looked at. Whoever knows the time
    /// of day says so here; without it, people born after that year are found only where a label names the number.
    #[must_use]
    pub fn in_year(mut self, year: u16) -> Self {
        for pattern in &mut self.compiled.cpr {
            pattern.year = pattern.year.max(year);
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
        });
        let subjects = self.compiled.subjects.iter().map(|it| Pattern {
            id: &it.id,
            name: &it.name,
            description: &it.description,
            category: it.category,
            examples: &it.examples,
        });
        numbers.chain(subjects)
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
        let problems = compile(&PackSource::shipped()).err();
        assert_eq!(problems, None);
        assert_eq!(Packs::shipped(FingerprintKey::new([1; 32])).cpr().len(), 1);
    }

    fn problems(text: &'static str) -> Vec<Problem> {
        let source = PackSource {
            file: "x.toml".into(),
            text: Cow::Borrowed(text),
        };
        compile(&[source]).unwrap_err()
    }

    const HEAD: &str = r#"
        [[pattern]]
        id = "a.b"
        category = "national-id"
        name = { da = "x", en = "x" }
        description = { da = "x", en = "x" }
    "#;

    #[test]
    fn every_problem_is_told_at_once_with_its_place() {
        let text = format!(
            "{HEAD}\n[pattern.cpr]\nyear = 1\noldest = 120\nrare = 90\nrecent = 12\n\
             exempt = [\"12\"]\nlabels = {{ number = [\"CPR\", \"a*b\", \"x\"], person = [\"x\"] }}\n"
        );
        let text: &'static str = text.leak();
        let told: Vec<_> = problems(text)
            .into_iter()
            .map(|problem| (problem.code, text.get(problem.span).unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                ("P002", "1"),
                ("P003", "\"CPR\""),
                ("P003", "\"a*b\""),
                ("P004", "\"x\""),
                ("P002", "\"12\""),
            ]
        );
    }

    #[test]
    fn an_unknown_key_is_refused_where_it_stands() {
        let found = problems("[[patern]]\n");
        assert_eq!(found[0].code, "P001");
        assert_eq!(found[0].span, 2..8);
    }
}
