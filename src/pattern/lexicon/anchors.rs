//! By what each phrase is looked for, and what that is worth.

use std::collections::{BTreeMap, BTreeSet};

use crate::pattern::lexicon::{Anchor, Anchored, ClassId, Sense, Step, index};
use crate::pattern::phrase::{Literal, Presence};

/// By what each phrase is looked for.
pub(super) struct Anchors {
    pub(super) by_literal: Vec<Anchored>,
    pub(super) by_class: Vec<Anchored>,
    /// What each literal can add to each subject.
    pub(super) worth: Vec<BTreeMap<u16, u8>>,
}

impl Anchors {
    pub(super) fn find(
        steps: &[Box<[Step]>],
        senses: &[Sense],
        literals: &[Literal],
        classes: usize,
    ) -> Self {
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
pub(super) fn somebody(
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
