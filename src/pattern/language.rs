//! What a language says about whom a passage is about: the same for every subject.
//!
//! A word of a subject is no personal data. It becomes that when somebody is told it of: a name, `hun`, `din søn`, the person
//! a letter is written to. And much is written that is about nobody: rules, courses, statistics, forms. The cues of both
//! kinds are data, in `patterns/dk/language.toml`.

use crate::pattern::interned::Interned;
use crate::pattern::{Named, Strength};

/// Classes that no list can hold: the program sees from its shape what belongs to them.
pub(super) const COMPUTED: [&str; 9] = [
    "name",
    "maybe-name",
    "number",
    "amount",
    "percent",
    "addressee",
    "english-i",
    "blank",
    "cpr",
];

/// The cues of a language.
#[derive(Clone, Debug, Default)]
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

/// What things weigh. Everything is added up; what speaks against is taken away. The unit has no meaning of its own: a passage is
/// a finding where it weighs more than [`Scale::medium`].
#[derive(Clone, PartialEq, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scale {
    /// A phrase that states something.
    pub says: f32,
    /// A phrase that belongs to its subject.
    pub suggests: f32,
    /// A phrase that counts beside others.
    pub hints: f32,
    /// The share that further phrases of a sentence count: at most three of them.
    pub further: f32,
    /// A phrase that names a person or a class itself: it is seldom there by chance.
    pub bound: f32,
    /// The share that somebody counts once more who stands within [`CLOSE`] words of a phrase.
    pub close: f32,
    /// The share that somebody in the sentence before counts.
    pub before: f32,
    /// The share that somebody in the sentence after counts.
    pub after: f32,
    /// The share that somebody, or something against it, in the subject of the message counts.
    pub heading: f32,
    /// The share that phrases of the subject in the sentences around count.
    pub topic_near: f32,
    /// The share that phrases of the subject in the subject of the message count.
    pub topic_heading: f32,
    /// The share that counts of how much the words around lean to the subject: see [`crate::pattern::Leanings`].
    pub leaning: f32,
    /// The share that counts of how much they lean to any subject.
    pub leaning_any: f32,
    /// The most that either adds, or takes away.
    pub most_leaning: f32,
    /// What is taken away where words only hint at the subject.
    pub only_hints: f32,
    /// What is taken away for each subject beyond two in one sentence: who lists subjects tells nothing of anybody.
    pub list: f32,
    /// The most that cues against can take away.
    pub most_against: f32,
    /// What all must weigh together to be a finding of confidence `medium`.
    pub medium: f32,
    /// What all must weigh together to be a finding of confidence `high`.
    pub high: f32,
}

impl Scale {
    /// What a phrase weighs.
    pub fn of(&self, strength: Strength) -> f32 {
        match strength {
            Strength::Hints => self.hints,
            Strength::Suggests => self.suggests,
            Strength::Says => self.says,
        }
    }
}

/// How many words may stand between somebody and a phrase that is told of them closely. Fixed: 4.
pub const CLOSE: usize = 4;

impl Default for Scale {
    fn default() -> Self {
        Self {
            says: 2.1,
            suggests: 1.3,
            hints: 0.5,
            further: 0.35,
            bound: 0.5,
            close: 0.8,
            before: 0.8,
            after: 0.4,
            heading: 0.8,
            topic_near: 0.2,
            topic_heading: 0.6,
            leaning: 0.3,
            leaning_any: 0.3,
            most_leaning: 2.0,
            only_hints: 0.4,
            list: 0.5,
            most_against: 4.0,
            medium: 3.2,
            high: 4.5,
        }
    }
}

/// Names of people, as they are given in a country.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// By rank.
    first: Interned,
    words: Interned,
    last: Interned,
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
        self.first.number(word).is_some()
    }

    /// Whether it is a first name that is a word too.
    pub fn is_word_too(&self, word: &str) -> bool {
        self.words.number(word).is_some()
    }

    /// Whether it is one of the first names that most people have.
    pub fn is_frequent(&self, word: &str) -> bool {
        self.first.number(word).is_some_and(|rank| rank < FREQUENT)
    }

    /// Whether it is a surname.
    pub fn is_last(&self, word: &str) -> bool {
        self.last.number(word).is_some()
    }
}

fn add<'a>(known: &mut Interned, names: impl Iterator<Item = &'a str>) {
    for name in names {
        known.add(name);
    }
}
