//! A pack as it is written: TOML, and nothing believed yet.
//!
//! `syntax.md` beside this file is what people are told of it. Where something stands is kept with it: octets of all
//! packs put one behind the other, see `compile/files.rs`.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use toml::Spanned;
use toml::value::Datetime;

use crate::pattern::{Category, Reach, Tells};

/// A phrase or a word of a list.
pub(super) type Entry = Spanned<String>;

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PackFile {
    pub(super) pattern: Vec<PatternFile>,
    /// Patterns that stand in the place of patterns of other packs.
    #[serde(rename = "override")]
    pub(super) instead: Vec<PatternFile>,
    pub(super) extend: Vec<ExtendFile>,
    pub(super) language: Option<LanguageFile>,
    pub(super) leaning: Vec<LeaningFile>,
}

/// What words lean to: see [`crate::pattern::Leanings`].
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeaningFile {
    /// The pattern of a subject; without it, any of them.
    pub(super) of: Option<Entry>,
    pub(super) bias: Option<Spanned<f32>>,
    /// Words divided by blanks, by what they weigh.
    #[serde(default)]
    pub(super) words: BTreeMap<String, Entry>,
}

/// What the language says: see [`crate::pattern::Language`].
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LanguageFile {
    /// Keys of [`crate::pattern::Scale`].
    pub(super) scale: BTreeMap<String, Spanned<f32>>,
    pub(super) classes: BTreeMap<String, Vec<Entry>>,
    pub(super) cue: Vec<CueFile>,
    /// Names of people, in lower case, divided by blanks, most frequent first.
    pub(super) names: NamesFile,
    /// Phrases of classes and cues that packs before this one have, to be taken away.
    pub(super) remove: Vec<Entry>,
}

/// A cue, or what is to be changed of one that another pack has.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CueFile {
    pub(super) id: Entry,
    pub(super) name: Option<Sentence>,
    pub(super) tells: Option<Tells>,
    pub(super) reach: Option<Reach>,
    pub(super) weight: Option<Spanned<f32>>,
    #[serde(default)]
    pub(super) phrases: Vec<Entry>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct NamesFile {
    pub(super) first: Vec<String>,
    pub(super) words: Vec<String>,
    pub(super) last: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatternFile {
    pub(super) id: Entry,
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

/// What is to be changed of a pattern that another pack has. Which keys mean anything depends on what it finds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtendFile {
    pub(super) id: Entry,
    /// Phrases, words and exempt numbers to be taken away.
    #[serde(default)]
    pub(super) remove: Vec<Entry>,
    pub(super) bar: Option<Spanned<f32>>,
    #[serde(default)]
    pub(super) says: Vec<Entry>,
    #[serde(default)]
    pub(super) suggests: Vec<Entry>,
    #[serde(default)]
    pub(super) hints: Vec<Entry>,
    #[serde(default)]
    pub(super) greets: Vec<Entry>,
    #[serde(default)]
    pub(super) classes: BTreeMap<String, Vec<Entry>>,
    #[serde(default)]
    pub(super) without_check_digit: Vec<Spanned<Datetime>>,
    #[serde(default)]
    pub(super) exempt: Vec<Entry>,
    #[serde(default)]
    pub(super) labels: LabelsFile,
    #[serde(default)]
    pub(super) words: WordsFile,
    #[serde(default)]
    pub(super) other: Vec<Spanned<OtherEntry>>,
    #[serde(default)]
    pub(super) example: Vec<ExampleFile>,
    #[serde(default)]
    pub(super) counterexample: Vec<CounterexampleFile>,
}

/// An entry of `other`: a phrase of a subject, or another kind of number.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum OtherEntry {
    Phrase(String),
    Number(OtherFile),
}

/// A subject told of somebody: lists of [`crate::pattern::Phrase`]s.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubjectFile {
    pub(super) bar: Option<Spanned<f32>>,
    #[serde(default)]
    pub(super) says: Vec<Entry>,
    #[serde(default)]
    pub(super) suggests: Vec<Entry>,
    #[serde(default)]
    pub(super) hints: Vec<Entry>,
    #[serde(default)]
    pub(super) other: Vec<Entry>,
    #[serde(default)]
    pub(super) greets: Vec<Entry>,
    #[serde(default)]
    pub(super) classes: BTreeMap<String, Vec<Entry>>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sentence {
    pub(super) da: String,
    pub(super) en: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CprFile {
    pub(super) year: Spanned<u16>,
    pub(super) oldest: Spanned<u16>,
    pub(super) rare: Spanned<u16>,
    pub(super) recent: Spanned<u16>,
    #[serde(default)]
    pub(super) without_check_digit: Vec<Spanned<Datetime>>,
    #[serde(default)]
    pub(super) exempt: Vec<Entry>,
    pub(super) labels: LabelsFile,
    #[serde(default)]
    pub(super) words: WordsFile,
    #[serde(default)]
    pub(super) other: Vec<OtherFile>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LabelsFile {
    pub(super) number: Vec<Entry>,
    pub(super) shared: Vec<Entry>,
    pub(super) person: Vec<Entry>,
    pub(super) given: Vec<Entry>,
    pub(super) pronoun: Vec<Entry>,
    pub(super) birth: Vec<Entry>,
    pub(super) last_four: Vec<Entry>,
    pub(super) foreign: Vec<Entry>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WordsFile {
    pub(super) numeral: Vec<Entry>,
    pub(super) link: Vec<Entry>,
    pub(super) turn: Vec<Entry>,
    pub(super) matter: Vec<Entry>,
    pub(super) plain: Vec<Entry>,
    pub(super) again: Vec<Entry>,
    pub(super) deny: Vec<Entry>,
    pub(super) subject: Vec<Entry>,
    pub(super) act: Vec<Entry>,
    pub(super) month: Vec<Vec<Entry>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OtherFile {
    pub(super) name: Sentence,
    #[serde(default)]
    pub(super) weak: bool,
    #[serde(default)]
    pub(super) near: bool,
    #[serde(default)]
    pub(super) labels: Vec<Entry>,
    #[serde(default)]
    pub(super) after: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleFile {
    pub(super) text: Entry,
    #[serde(default = "one")]
    pub(super) finds: usize,
}

fn one() -> usize {
    1
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CounterexampleFile {
    pub(super) text: Entry,
    pub(super) because: String,
}

impl<'de> Deserialize<'de> for OtherEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OtherVisitor)
    }
}

struct OtherVisitor;

impl<'de> Visitor<'de> for OtherVisitor {
    type Value = OtherEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a phrase, or a table `[[extend.other]]` of another kind of number")
    }

    fn visit_str<E: Error>(self, phrase: &str) -> Result<OtherEntry, E> {
        Ok(OtherEntry::Phrase(phrase.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OtherEntry, A::Error> {
        OtherFile::deserialize(MapAccessDeserializer::new(map)).map(OtherEntry::Number)
    }
}

/// Gives a table its lists by the names of their keys.
macro_rules! lists {
    ($table:ty: $($key:ident),+) => {
        impl $table {
            pub(super) fn lists(&self) -> impl Iterator<Item = (&'static str, &Vec<Entry>)> {
                [$((stringify!($key), &self.$key)),+].into_iter()
            }

            pub(super) fn lists_mut(
                &mut self,
            ) -> impl Iterator<Item = (&'static str, &mut Vec<Entry>)> {
                [$((stringify!($key), &mut self.$key)),+].into_iter()
            }
        }
    };
}

lists!(SubjectFile: says, suggests, hints, other, greets);
lists!(LabelsFile: number, shared, person, given, pronoun, birth, last_four, foreign);
lists!(WordsFile: numeral, link, turn, matter, plain, again, deny, subject, act);
