//! A pack as it is written: TOML, and nothing believed yet.
//!
//! `patterns/dk/cpr.toml` documents every key where it is used.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::pattern::{Category, Reach, Scale, Tells};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackFile {
    #[serde(default)]
    pub(super) pattern: Vec<PatternFile>,
    pub(super) language: Option<LanguageFile>,
}

/// What the language says: see [`crate::pattern::Language`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LanguageFile {
    pub(super) scale: Option<Scale>,
    #[serde(default)]
    pub(super) classes: BTreeMap<String, Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) cue: Vec<CueFile>,
    /// Names of people, in lower case, divided by blanks, most frequent first.
    #[serde(default)]
    pub(super) names: NamesFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CueFile {
    pub(super) id: Spanned<String>,
    pub(super) name: Sentence,
    pub(super) tells: Tells,
    pub(super) reach: Reach,
    pub(super) weight: Spanned<f32>,
    pub(super) phrases: Vec<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct NamesFile {
    pub(super) first: Vec<String>,
    pub(super) words: Vec<String>,
    pub(super) last: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatternFile {
    pub(super) id: Spanned<String>,
    pub(super) name: Sentence,
    pub(super) description: Sentence,
    pub(super) category: Category,
    /// What is found is the name of the table that describes it: a pattern has one of them.
    pub(super) cpr: Option<CprFile>,
    pub(super) subject: Option<SubjectFile>,
    #[serde(default)]
    pub(super) example: Vec<ExampleFile>,
    #[serde(default)]
    pub(super) counterexample: Vec<CounterexampleFile>,
}

/// A subject told of somebody: lists of [`crate::pattern::Phrase`]s.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubjectFile {
    pub(super) bar: Option<Spanned<f32>>,
    #[serde(default)]
    pub(super) says: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) suggests: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) hints: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) other: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) classes: BTreeMap<String, Vec<Spanned<String>>>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sentence {
    pub(super) da: String,
    pub(super) en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CprFile {
    pub(super) year: Spanned<u16>,
    pub(super) oldest: Spanned<u16>,
    pub(super) rare: Spanned<u16>,
    pub(super) recent: Spanned<u16>,
    #[serde(default)]
    pub(super) without_check_digit: Vec<Spanned<Datetime>>,
    #[serde(default)]
    pub(super) exempt: Vec<Spanned<String>>,
    pub(super) labels: LabelsFile,
    #[serde(default)]
    pub(super) words: WordsFile,
    #[serde(default)]
    pub(super) other: Vec<OtherFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LabelsFile {
    pub(super) number: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) shared: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) person: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) given: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) pronoun: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) birth: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) last_four: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) foreign: Vec<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WordsFile {
    pub(super) numeral: Vec<Spanned<String>>,
    pub(super) link: Vec<Spanned<String>>,
    pub(super) turn: Vec<Spanned<String>>,
    pub(super) matter: Vec<Spanned<String>>,
    pub(super) plain: Vec<Spanned<String>>,
    pub(super) again: Vec<Spanned<String>>,
    pub(super) deny: Vec<Spanned<String>>,
    pub(super) subject: Vec<Spanned<String>>,
    pub(super) act: Vec<Spanned<String>>,
    pub(super) month: Vec<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OtherFile {
    pub(super) name: Sentence,
    #[serde(default)]
    pub(super) weak: bool,
    #[serde(default)]
    pub(super) near: bool,
    #[serde(default)]
    pub(super) labels: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) after: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleFile {
    pub(super) text: Spanned<String>,
    #[serde(default = "one")]
    pub(super) finds: usize,
}

fn one() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CounterexampleFile {
    pub(super) text: Spanned<String>,
    pub(super) because: String,
}
