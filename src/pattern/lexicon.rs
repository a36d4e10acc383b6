//! All phrases of all packs, compiled into what one pass over a text can look for.
//!
//! Every phrase has an anchor: its longest word, or a class. The anchors of topics are looked for in the whole text; all other
//! words only around places where anchors stand close enough together to mean something.

mod search;

use std::collections::{BTreeMap, BTreeSet};

use crate::pattern::compile::near;
use crate::pattern::phrase::{Choice, Element, Literal, Phrase, Presence};

pub use search::{Search, Seen};

/// Phrases, ready to be looked for.
#[derive(Default, Debug)]
pub struct Lexicon {
    literals: Vec<Literal>,
    /// What each literal can at most add to each subject.
    worth: Vec<Box<[(u16, u8)]>>,
    /// Looks for the anchors of topics.
    topics: Search,
    /// Looks for all other words.
    rest: Search,
    steps: Vec<Box<[Step]>>,
    senses: Vec<Sense>,
    written: Vec<Box<str>>,
    by_literal: Vec<Anchored>,
    by_class: Vec<Anchored>,
    classes: BTreeMap<Box<str>, ClassId>,
    /// Which literals may tell of somebody.
    somebody: Vec<bool>,
}

/// The phrases that are looked for by one literal or class.
#[derive(Clone, Default, Debug)]
struct Anchored {
    /// Those that make something of a class.
    classes: Vec<Anchor>,
    /// All others.
    others: Vec<Anchor>,
}

/// What a phrase says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sense {
    /// It is of the topic of a subject.
    Topic(u16, Strength),
    /// Its words mean something else than the subject.
    Other(u16),
    /// It is of a class.
    Class(ClassId),
    /// It is a cue of the language.
    Cue(u16),
}

/// How much a phrase says about its subject.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Strength {
    /// It counts beside others.
    Hints = 1,
    /// It belongs to the subject.
    Suggests = 2,
    /// It states something of whoever is spoken of.
    Says = 3,
}

/// A class of words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ClassId(pub u16);

/// A step of a phrase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// One of these literals, or something of one of these classes.
    OneOf(Box<[u32]>, Box<[ClassId]>, Presence),
    /// Up to [`crate::pattern::WIDEST_GAP`] words.
    Gap,
}

/// A phrase, and the step of it that was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchor {
    /// The phrase.
    pub phrase: u32,
    /// Index of the step.
    pub step: u8,
}

impl Lexicon {
    /// The class of that name.
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.classes.get(name).copied()
    }

    /// The steps of a phrase.
    pub fn steps(&self, phrase: u32) -> &[Step] {
        self.steps.get(index(phrase)).map_or(&[], |steps| steps)
    }

    /// What a phrase says.
    pub fn sense(&self, phrase: u32) -> Option<Sense> {
        self.senses.get(index(phrase)).copied()
    }

    /// A phrase as its pack has it.
    pub fn written(&self, phrase: u32) -> &str {
        self.written
            .get(index(phrase))
            .map_or("", |written| written)
    }

    /// The phrases of subjects and the cues that are looked for by this literal.
    pub fn anchored_by(&self, literal: u32) -> &[Anchor] {
        self.by_literal
            .get(index(literal))
            .map_or(&[], |it| &it.others)
    }

    /// The phrases of subjects and the cues that are looked for by this class.
    pub fn anchored_by_class(&self, class: ClassId) -> &[Anchor] {
        self.by_class
            .get(usize::from(class.0))
            .map_or(&[], |it| &it.others)
    }

    /// The phrases of classes that are looked for by this literal.
    pub fn class_anchored_by(&self, literal: u32) -> &[Anchor] {
        self.by_literal
            .get(index(literal))
            .map_or(&[], |it| &it.classes)
    }

    /// The phrases of classes that are looked for by this class.
    pub fn class_anchored_by_class(&self, class: ClassId) -> &[Anchor] {
        self.by_class
            .get(usize::from(class.0))
            .map_or(&[], |it| &it.classes)
    }

    /// What a literal can at most add to each subject.
    pub fn worth(&self, literal: u32) -> &[(u16, u8)] {
        self.worth.get(index(literal)).map_or(&[], |worth| worth)
    }

    /// Whether a literal may be part of what tells of somebody. Where none is, and no name, nobody is told of.
    pub fn may_tell_of_somebody(&self, literal: u32) -> bool {
        self.somebody.get(index(literal)).is_some_and(|it| *it)
    }

    /// Looks for the anchors of topics.
    pub fn topics(&self) -> &Search {
        &self.topics
    }

    /// Looks for the words that are no anchors of topics.
    pub fn rest(&self) -> &Search {
        &self.rest
    }

    /// The literals, by which a [`Search`] tells what it has seen.
    pub fn literals(&self) -> &[Literal] {
        &self.literals
    }
}

/// Collects phrases.
#[derive(Default)]
pub(super) struct Builder {
    literals: BTreeMap<Literal, u32>,
    classes: BTreeMap<Box<str>, ClassId>,
    phrases: Vec<(Phrase, Sense, u16)>,
}

/// The scope of the classes that belong to the language, which every pack may name.
pub(super) const LANGUAGE: u16 = u16::MAX;

impl Builder {
    /// The class of that name in a scope, made where there is none yet.
    pub(super) fn class(&mut self, scope: u16, name: &str) -> ClassId {
        let next = ClassId(u16::try_from(self.classes.len()).unwrap_or(u16::MAX));
        *self.classes.entry(key(scope, name)).or_insert(next)
    }

    /// The class that `name` means in a scope: its own, or the language's.
    pub(super) fn known_class(&self, scope: u16, name: &str) -> Option<ClassId> {
        let own = self.classes.get(&key(scope, name));
        own.or_else(|| self.classes.get(&key(LANGUAGE, name)))
            .copied()
    }

    /// The class that may have been meant by `name`, which is none.
    pub(super) fn near_class(&self, scope: u16, name: &str) -> Option<&str> {
        let own = key(scope, "");
        let known = self.classes.keys();
        let known = known.filter_map(|known| match known.split_once('/') {
            None => Some(&**known),
            Some(_) => known.strip_prefix(&*own),
        });
        near(name, known)
    }

    /// Adds a phrase. Its classes must be known when all is [built](Self::build).
    pub(super) fn add(&mut self, scope: u16, phrase: Phrase, sense: Sense) {
        self.phrases.push((phrase, sense, scope));
    }

    /// How many phrases there are.
    pub(super) fn len(&self) -> usize {
        self.phrases.len()
    }

    /// How many classes there are.
    pub(super) fn classes(&self) -> usize {
        self.classes.len()
    }

    /// How many octets the letters of all different words have together.
    pub(super) fn letters(&self) -> usize {
        let elements = self
            .phrases
            .iter()
            .flat_map(|(phrase, _, _)| &phrase.elements);
        let choices = elements.flat_map(|element| match element {
            Element::OneOf(choices, _) => choices.as_ref(),
            Element::Gap => &[],
        });
        let words: BTreeSet<&Literal> = choices
            .filter_map(|choice| match choice {
                Choice::Word(word) => Some(word),
                Choice::Class(_) => None,
            })
            .collect();
        words.into_iter().map(|word| word.letters.len()).sum()
    }

    /// Compiles it all.
    pub(super) fn build(mut self, tells_of_somebody: impl Fn(u16) -> bool) -> Lexicon {
        let phrases = std::mem::take(&mut self.phrases);
        let mut steps = Vec::with_capacity(phrases.len());
        for (phrase, _, scope) in &phrases {
            steps.push(self.steps(phrase, *scope));
        }
        let senses: Vec<Sense> = phrases.iter().map(|(_, sense, _)| *sense).collect();
        let mut literals: Vec<(Literal, u32)> = self.literals.into_iter().collect();
        literals.sort_by_key(|(_, id)| *id);
        let literals: Vec<Literal> = literals.into_iter().map(|(literal, _)| literal).collect();
        let anchors = Anchors::find(&steps, &senses, &literals, self.classes.len());
        let somebody = somebody(&steps, &senses, literals.len(), tells_of_somebody);
        let is_topic = |id: usize| anchors.worth.get(id).is_some_and(|worth| !worth.is_empty());
        Lexicon {
            topics: Search::new(&literals, is_topic),
            rest: Search::new(&literals, |id| !is_topic(id)),
            literals,
            worth: anchors
                .worth
                .into_iter()
                .map(|worth| worth.into_iter().collect())
                .collect(),
            steps,
            senses,
            written: phrases
                .into_iter()
                .map(|(phrase, _, _)| phrase.written)
                .collect(),
            by_literal: anchors.by_literal,
            by_class: anchors.by_class,
            classes: self.classes,
            somebody,
        }
    }

    fn steps(&mut self, phrase: &Phrase, scope: u16) -> Box<[Step]> {
        let mut steps = Vec::with_capacity(phrase.elements.len());
        for element in &phrase.elements {
            steps.push(match element {
                Element::Gap => Step::Gap,
                Element::OneOf(choices, presence) => {
                    let mut words = Vec::new();
                    let mut classes = Vec::new();
                    for choice in choices {
                        match choice {
                            Choice::Word(literal) => words.push(self.literal(literal)),
                            Choice::Class(name) => classes.extend(self.known_class(scope, name)),
                        }
                    }
                    Step::OneOf(words.into(), classes.into(), *presence)
                }
            });
        }
        steps.into()
    }

    fn literal(&mut self, literal: &Literal) -> u32 {
        let next = u32::try_from(self.literals.len()).unwrap_or(u32::MAX);
        *self.literals.entry(literal.clone()).or_insert(next)
    }
}

/// The name of a class with its scope. A class of the language is known by its name alone.
fn key(scope: u16, name: &str) -> Box<str> {
    match scope {
        LANGUAGE => name.into(),
        scope => format!("{scope}/{name}").into(),
    }
}

/// By what each phrase is looked for.
struct Anchors {
    by_literal: Vec<Anchored>,
    by_class: Vec<Anchored>,
    /// What each literal can add to each subject.
    worth: Vec<BTreeMap<u16, u8>>,
}

impl Anchors {
    fn find(steps: &[Box<[Step]>], senses: &[Sense], literals: &[Literal], classes: usize) -> Self {
        let mut anchors = Self {
            by_literal: vec![Anchored::default(); literals.len()],
            by_class: vec![Anchored::default(); classes],
            worth: vec![BTreeMap::new(); literals.len()],
        };
        // What a class is worth to a subject whose phrases are looked for by it.
        let mut class_worth: Vec<BTreeMap<u16, u8>> = vec![BTreeMap::new(); classes];
        for ((phrase, steps), sense) in (0..).zip(steps).zip(senses) {
            let Some(step) = anchor_of(steps, literals) else {
                continue;
            };
            let anchor = Anchor {
                phrase,
                step: u8::try_from(step).unwrap_or(u8::MAX),
            };
            if let Some(Step::OneOf(words, classes, _)) = steps.get(step) {
                for &word in words {
                    push(&mut anchors.by_literal, index(word), anchor, *sense);
                    raise(&mut anchors.worth, index(word), *sense);
                }
                for class in classes {
                    push(&mut anchors.by_class, usize::from(class.0), anchor, *sense);
                    raise(&mut class_worth, usize::from(class.0), *sense);
                }
            }
        }
        // A word of a class is worth what the class is.
        for (literal, anchored) in anchors.by_literal.iter().enumerate() {
            for anchor in &anchored.classes {
                let Some(Sense::Class(class)) = senses.get(index(anchor.phrase)) else {
                    continue;
                };
                for (&subject, &most) in class_worth.get(usize::from(class.0)).into_iter().flatten()
                {
                    if let Some(worth) = anchors.worth.get_mut(literal) {
                        let known = worth.entry(subject).or_default();
                        *known = most.max(*known);
                    }
                }
            }
        }
        anchors
    }
}

/// The step by which a phrase is looked for: that whose shortest word is the longest, or one with classes where there is no
/// word to speak of.
fn anchor_of(steps: &[Step], literals: &[Literal]) -> Option<usize> {
    let length = |word: &u32| literals.get(index(*word)).map_or(0, |it| it.letters.len());
    let required = steps
        .iter()
        .enumerate()
        .filter_map(|(at, step)| match step {
            Step::OneOf(words, classes, Presence::Required) => {
                // Whatever is of a class counts for less than the shortest word.
                let shortest = if classes.is_empty() {
                    words.iter().map(length).min()?
                } else {
                    0
                };
                Some((shortest, std::cmp::Reverse(at)))
            }
            _ => None,
        });
    required.max().map(|(_, std::cmp::Reverse(at))| at)
}

/// Which literals are part of a cue that tells of somebody, or of a class such a cue names, however deep.
fn somebody(
    steps: &[Box<[Step]>],
    senses: &[Sense],
    literals: usize,
    tells_of_somebody: impl Fn(u16) -> bool,
) -> Vec<bool> {
    let mut named: BTreeSet<ClassId> = BTreeSet::new();
    let mut found = vec![false; literals];
    loop {
        let before = named.len();
        for (steps, sense) in steps.iter().zip(senses) {
            let counts = match sense {
                Sense::Cue(cue) => tells_of_somebody(*cue),
                Sense::Class(class) => named.contains(class),
                Sense::Topic(..) | Sense::Other(_) => false,
            };
            for step in steps.iter().filter(|_| counts) {
                let Step::OneOf(words, classes, _) = step else {
                    continue;
                };
                named.extend(classes);
                for &word in words {
                    if let Some(found) = found.get_mut(index(word)) {
                        *found = true;
                    }
                }
            }
        }
        if named.len() == before {
            return found;
        }
    }
}

fn push(anchors: &mut [Anchored], at: usize, anchor: Anchor, sense: Sense) {
    let Some(known) = anchors.get_mut(at) else {
        return;
    };
    match sense {
        Sense::Class(_) => known.classes.push(anchor),
        Sense::Topic(..) | Sense::Other(_) | Sense::Cue(_) => known.others.push(anchor),
    }
}

fn raise(worth: &mut [BTreeMap<u16, u8>], at: usize, sense: Sense) {
    if let (Some(worth), Sense::Topic(subject, strength)) = (worth.get_mut(at), sense) {
        let known = worth.entry(subject).or_default();
        *known = (strength as u8).max(*known);
    }
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}
