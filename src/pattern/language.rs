//! What a language says about whom a passage is about: the same for every subject.
//!
//! A word of a subject is no personal data. It becomes that when somebody is told it of: a name, `hun`, `din søn`, the person
//! a letter is written to. And much is written that is about nobody: rules, courses, statistics, forms. The cues of both
//! kinds are data, in `patterns/dk/language.toml`.

use std::collections::HashMap;

use crate::pattern::Named;

/// Classes that no list can hold: the program sees from its shape what belongs to them.
pub(super) const COMPUTED: [&str; 8] = [
    "name",
    "maybe-name",
    "number",
    "amount",
    "percent",
    "addressee",
    "blank",
    "cpr",
];

/// The cues of a language.
#[derive(Debug, Default)]
pub struct Language {
    /// Everything that speaks for or against a passage being about somebody.
    pub cues: Vec<Cue>,
    /// Names of people.
    pub names: Names,
    /// What everything weighs.
    pub scale: Scale,
}

/// Something that speaks for or against a passage being about somebody.
#[derive(Clone, PartialEq, Debug)]
pub struct Cue {
    /// Its name: `pronoun`.
    pub id: Box<str>,
    /// What it is called in reasons.
    pub name: Named,
    /// What it tells.
    pub tells: Tells,
    /// How far it counts.
    pub reach: Reach,
    /// How much it counts, in the unit of [`Scale`].
    pub weight: f32,
}

/// What a cue tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tells {
    /// Somebody in particular is spoken of. Of several such cues the one that weighs most counts.
    Somebody,
    /// Something is said of somebody: it happened, it was decided. Each counts.
    Fact,
    /// It is about people in general, or about nobody. Each counts, against.
    Nobody,
}

impl Tells {
    /// The word for it in packs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Somebody => "somebody",
            Self::Fact => "fact",
            Self::Nobody => "nobody",
        }
    }
}

/// How far a cue counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// In its sentence, and a little in the next ones.
    Sentence,
    /// In the whole text.
    Text,
}

impl Reach {
    /// The word for it in packs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sentence => "sentence",
            Self::Text => "text",
        }
    }
}

/// What things weigh. All weights are in one unit, in which a word that suggests its subject weighs about two.
#[derive(Clone, PartialEq, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scale {
    /// A phrase that states something.
    pub says: f32,
    /// A phrase that belongs to its subject.
    pub suggests: f32,
    /// A phrase that counts beside others.
    pub hints: f32,
    /// The share that each further phrase of a sentence counts, of what the one before counted.
    pub further: f32,
    /// The share that what stands in the sentence before counts.
    pub before: f32,
    /// The share that what stands in the sentence after counts.
    pub after: f32,
    /// The share that what stands in the subject of the message counts.
    pub heading: f32,
    /// The most that cues against can take away.
    pub most_against: f32,
    /// The least that phrases must weigh in the sentence itself.
    pub least_topic: f32,
    /// The least that cues for somebody must weigh.
    pub least_somebody: f32,
    /// What all must weigh together to be a finding of confidence `medium`.
    pub medium: f32,
    /// What all must weigh together to be a finding of confidence `high`.
    pub high: f32,
}

impl Default for Scale {
    fn default() -> Self {
        Self {
            says: 3.0,
            suggests: 2.0,
            hints: 1.0,
            further: 0.7,
            before: 0.5,
            after: 0.3,
            heading: 0.5,
            most_against: 4.0,
            least_topic: 1.0,
            least_somebody: 0.5,
            medium: 4.0,
            high: 6.0,
        }
    }
}

/// Names of people, as they are given in a country.
#[derive(Debug, Default)]
pub struct Names {
    first: HashMap<Box<str>, u32>,
    words: HashMap<Box<str>, u32>,
    last: HashMap<Box<str>, u32>,
}

/// Up to which rank a first name is taken for one in lower case too. Fixed: the 400 most frequent of each list.
const FREQUENT: u32 = 800;

impl Names {
    pub(super) fn add_first<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        add(&mut self.first, names);
    }

    pub(super) fn add_words<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        add(&mut self.words, names);
    }

    pub(super) fn add_last<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        add(&mut self.last, names);
    }

    /// Whether `word`, in lower case, is a first name.
    pub fn is_first(&self, word: &str) -> bool {
        self.first.contains_key(word)
    }

    /// Whether it is a first name that is a word too.
    pub fn is_word_too(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// Whether it is one of the first names that most people have.
    pub fn is_frequent(&self, word: &str) -> bool {
        self.first.get(word).is_some_and(|&rank| rank < FREQUENT)
    }

    /// Whether it is a surname.
    pub fn is_last(&self, word: &str) -> bool {
        self.last.contains_key(word)
    }
}

fn add<'a>(known: &mut HashMap<Box<str>, u32>, names: impl Iterator<Item = &'a str>) {
    for name in names {
        let rank = u32::try_from(known.len()).unwrap_or(u32::MAX);
        known.entry(name.into()).or_insert(rank);
    }
}
