//! Phrases collected, and compiled into a lexicon.

use std::collections::{BTreeMap, BTreeSet};

use crate::pattern::compile::near;
use crate::pattern::interned::Strings;
use crate::pattern::language::{Cue, Reach, Tells};
use crate::pattern::lexicon::anchors::{Anchors, Phrases};
use crate::pattern::lexicon::literals::Literals;
use crate::pattern::lexicon::steps::{Step, Steps};
use crate::pattern::lexicon::{ClassId, Leads, Lexicon, Search, Sense, Tokens};
use crate::pattern::phrase::{Choice, Edge, Element, Literal, Phrase};

/// Collects phrases.
#[derive(Default)]
pub(in crate::pattern) struct Builder {
    literals: BTreeMap<Literal, u32>,
    classes: BTreeMap<Box<str>, ClassId>,
    phrases: Vec<(Phrase, Sense, u16)>,
}

/// The scope of the classes that belong to the language, which every pack may name.
pub(in crate::pattern) const LANGUAGE: u16 = u16::MAX;

impl Builder {
    /// The class of that name in a scope, made where there is none yet.
    pub(in crate::pattern) fn class(&mut self, scope: u16, name: &str) -> ClassId {
        let next = ClassId(u16::try_from(self.classes.len()).unwrap_or(u16::MAX));
        *self.classes.entry(key(scope, name)).or_insert(next)
    }

    /// The class that `name` means in a scope: its own, or the language's.
    pub(in crate::pattern) fn known_class(&self, scope: u16, name: &str) -> Option<ClassId> {
        let own = self.classes.get(&key(scope, name));
        own.or_else(|| self.classes.get(&key(LANGUAGE, name)))
            .copied()
    }

    /// The class that may have been meant by `name`, which is none.
    pub(in crate::pattern) fn near_class(&self, scope: u16, name: &str) -> Option<&str> {
        let own = key(scope, "");
        let known = self.classes.keys();
        let known = known.filter_map(|known| match known.split_once('/') {
            None => Some(&**known),
            Some(_) => known.strip_prefix(&*own),
        });
        near(name, known)
    }

    /// Adds a phrase. Its classes must be known when all is [built](Self::build).
    pub(in crate::pattern) fn add(&mut self, scope: u16, phrase: Phrase, sense: Sense) {
        self.phrases.push((phrase, sense, scope));
    }

    /// How many phrases there are.
    pub(in crate::pattern) fn len(&self) -> usize {
        self.phrases.len()
    }

    /// How many classes there are.
    pub(in crate::pattern) fn classes(&self) -> usize {
        self.classes.len()
    }

    /// How many octets the letters of all different words have together.
    pub(in crate::pattern) fn letters(&self) -> usize {
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

    /// Compiles it all, for the language whose cues are these.
    pub(in crate::pattern) fn build(mut self, cues: &[Cue]) -> Lexicon {
        let phrases = std::mem::take(&mut self.phrases);
        let mut steps = Steps::default();
        for (phrase, _, scope) in &phrases {
            self.add_steps(phrase, *scope, &mut steps);
        }
        let senses: Vec<Sense> = phrases.iter().map(|(_, sense, _)| *sense).collect();
        let mut by_number: Vec<(Literal, u32)> = self.literals.into_iter().collect();
        by_number.sort_by_key(|(_, number)| *number);
        let mut literals = Literals::default();
        for (literal, _) in &by_number {
            literals.push(literal);
        }
        let tokens = Tokens::new(literals.len(), self.classes.len());
        let all = Phrases {
            steps: &steps,
            senses: &senses,
            literals: &literals,
            tokens,
        };
        let anchors = Anchors::find(all);
        let heaviest = |counts: &dyn Fn(&Cue) -> bool| {
            anchors.heaviest(all, |cue| {
                let cue = cues.get(usize::from(cue))?;
                counts(cue).then_some(cue.weight)
            })
        };
        let somebody_by =
            |reach| heaviest(&|cue| cue.tells == Tells::Somebody && cue.reach == reach);
        let somebody = somebody_by(Reach::Sentence);
        let somebody_in_text = somebody_by(Reach::Text);
        let wide = heaviest(&|cue| cue.reach == Reach::Text);
        let closures = anchors.closures(tokens);
        let lead_to_topics = anchors.lead_to_topics(tokens, |_| true);
        let lead_to_greetings =
            anchors.lead_to_topics(tokens, |sense| matches!(sense, Sense::Greets(_)));
        let longest_number = by_number.iter().map(|(it, _)| digits_at_most(it)).max();
        let mut written = Strings::default();
        for (phrase, _, _) in &phrases {
            written.push(&phrase.written);
        }
        Lexicon {
            longest_number: longest_number.unwrap_or(0),
            of_subjects: of_subjects(&senses, &written),
            search: Search::new(&literals),
            literals,
            steps,
            written,
            needs: anchors.needs,
            closures,
            lead_to_topics,
            lead_to_greetings,
            leads: tokens
                .all()
                .map(|token| Leads::of(anchors.known.get(token)))
                .collect(),
            known: anchors.known,
            tokens,
            classes: self.classes,
            somebody,
            somebody_in_text,
            wide,
        }
    }

    fn add_steps(&mut self, phrase: &Phrase, scope: u16, steps: &mut Steps) {
        let mut own = Vec::with_capacity(phrase.elements.len());
        for element in &phrase.elements {
            own.push(match element {
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
                    words.sort_unstable();
                    Step::OneOf(steps.choices(words, classes), *presence)
                }
            });
        }
        steps.push(own);
    }

    fn literal(&mut self, literal: &Literal) -> u32 {
        let next = u32::try_from(self.literals.len()).unwrap_or(u32::MAX);
        *self.literals.entry(literal.clone()).or_insert(next)
    }
}

/// The phrases of subjects with their subject, by that and by how they are written.
fn of_subjects(senses: &[Sense], written: &Strings) -> Vec<(u16, u32)> {
    let mut all: Vec<_> = (0..)
        .zip(senses)
        .filter_map(|(phrase, sense)| match sense {
            Sense::Topic(subject, _) | Sense::Greets(subject) => {
                Some((*subject, written.get(phrase), phrase))
            }
            Sense::Other(_) | Sense::Class(_) | Sense::Cue(_) => None,
        })
        .collect();
    all.sort_unstable();
    all.into_iter()
        .map(|(subject, _, phrase)| (subject, phrase))
        .collect()
}

/// How many digits a number may have that this literal is; 0 where it is no number.
fn digits_at_most(literal: &Literal) -> usize {
    let is_number = literal.letters.bytes().all(|octet| octet.is_ascii_digit());
    match (is_number, literal.start, literal.end) {
        (false, ..) => 0,
        (true, Edge::Open, _) | (true, _, Edge::Open) => usize::MAX,
        (true, ..) => literal.letters.len(),
    }
}

/// The name of a class with its scope. A class of the language is known by its name alone.
fn key(scope: u16, name: &str) -> Box<str> {
    match scope {
        LANGUAGE => name.into(),
        scope => format!("{scope}/{name}").into(),
    }
}
