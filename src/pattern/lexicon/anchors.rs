//! By what each phrase is looked for: by that step of it which is seldom there without it.

use std::collections::BTreeSet;

use crate::pattern::lexicon::{Anchor, ClassId, Known, Sense, Step, Token, Tokens, index};
use crate::pattern::phrase::{Literal, Presence};

/// The phrases, as far as it matters here.
#[derive(Clone, Copy)]
pub(super) struct Phrases<'a> {
    pub(super) steps: &'a [Box<[Step]>],
    pub(super) senses: &'a [Sense],
    pub(super) literals: &'a [Literal],
    pub(super) tokens: Tokens,
}

/// By what each phrase is looked for.
pub(super) struct Anchors {
    /// By token.
    pub(super) known: Vec<Known>,
    /// Of each phrase, the step it is looked for by.
    steps: Vec<Option<usize>>,
    /// Of each phrase, what its other steps need.
    pub(super) needs: Vec<Box<[Box<[Token]>]>>,
}

impl Anchors {
    pub(super) fn find(phrases: Phrases<'_>) -> Self {
        let rarity = Rarity::of(phrases);
        let mut anchors = Self {
            known: vec![Known::default(); phrases.tokens.len()],
            steps: Vec::with_capacity(phrases.steps.len()),
            needs: Vec::with_capacity(phrases.steps.len()),
        };
        for ((phrase, steps), sense) in (0..).zip(phrases.steps).zip(phrases.senses) {
            let step = rarity.rarest_step(steps);
            anchors.steps.push(step);
            anchors.needs.push(needs(phrases.tokens, steps, step));
            let Some(step) = step else {
                continue;
            };
            let anchor = Anchor {
                phrase,
                sense: *sense,
                step: u8::try_from(step).unwrap_or(u8::MAX),
            };
            for token in steps
                .get(step)
                .into_iter()
                .flat_map(|it| phrases.tokens.of(it))
            {
                if let Some(known) = anchors.known.get_mut(token.index()) {
                    known.list(*sense, steps).push(anchor);
                }
            }
        }
        anchors
    }

    /// What each literal and class is: itself, and all classes that it is of without another word, however deep.
    pub(super) fn closures(&self, tokens: Tokens) -> Vec<Box<[Token]>> {
        let closure = |token: Token| {
            let mut reached = BTreeSet::new();
            let mut open = vec![token];
            while let Some(token) = open.pop() {
                if reached.insert(token) {
                    let known = self.known.get(token.index());
                    let classes = known.into_iter().flat_map(|known| &known.classes);
                    open.extend(classes.filter_map(|anchor| match anchor.sense {
                        Sense::Class(class) => Some(tokens.of_class(class)),
                        _ => None,
                    }));
                }
            }
            reached.into_iter().collect()
        };
        tokens.all().map(closure).collect()
    }

    /// By which literals and classes, or what they may be a part of, phrases of subjects are looked for.
    pub(super) fn lead_to_topics(&self, tokens: Tokens) -> Vec<bool> {
        let mut lead: Vec<bool> = self.known.iter().map(|it| !it.topics.is_empty()).collect();
        loop {
            let mut changed = false;
            for (at, known) in self.known.iter().enumerate() {
                let classes = known.classes.iter().chain(&known.makers);
                let leads = classes.clone().any(|anchor| match anchor.sense {
                    Sense::Class(class) => {
                        let class = lead.get(tokens.of_class(class).index());
                        class.is_some_and(|it| *it)
                    }
                    _ => false,
                });
                if let Some(it) = lead.get_mut(at)
                    && leads
                    && !*it
                {
                    *it = true;
                    changed = true;
                }
            }
            if !changed {
                return lead;
            }
        }
    }

    /// What each literal and class can come to: the most that a cue weighs for which `weight` gives something, where it is what that
    /// cue, or a class the cue is looked for by, however deep, is looked for by.
    pub(super) fn heaviest(
        &self,
        phrases: Phrases<'_>,
        weight: impl Fn(u16) -> Option<f32>,
    ) -> Vec<f32> {
        let mut most = vec![0.0_f32; phrases.tokens.len()];
        loop {
            let mut changed = false;
            let anchors = self.steps.iter().zip(phrases.steps).zip(phrases.senses);
            for ((anchor, steps), sense) in anchors {
                let weight = match sense {
                    Sense::Cue(cue) => weight(*cue),
                    Sense::Class(class) => {
                        most.get(phrases.tokens.of_class(*class).index()).copied()
                    }
                    Sense::Topic(..) | Sense::Other(_) => None,
                };
                let weight = weight.unwrap_or_default();
                let step = anchor.and_then(|anchor| steps.get(anchor));
                for token in step.into_iter().flat_map(|step| phrases.tokens.of(step)) {
                    if let Some(known) = most.get_mut(token.index())
                        && *known < weight
                    {
                        *known = weight;
                        changed = true;
                    }
                }
            }
            if !changed {
                return most;
            }
        }
    }
}

impl Known {
    fn list(&mut self, sense: Sense, steps: &[Step]) -> &mut Vec<Anchor> {
        match sense {
            Sense::Topic(..) | Sense::Other(_) => &mut self.topics,
            Sense::Cue(_) => &mut self.cues,
            Sense::Class(_) if steps.len() == 1 => &mut self.classes,
            Sense::Class(_) => &mut self.makers,
        }
    }
}

/// What must stand in a sentence for the steps beside the anchor.
fn needs(tokens: Tokens, steps: &[Step], anchor: Option<usize>) -> Box<[Box<[Token]>]> {
    let others = steps.iter().enumerate();
    let others = others.filter(|(at, step)| {
        Some(*at) != anchor && matches!(step, Step::OneOf(_, _, Presence::Required))
    });
    let mut needs: Vec<Box<[Token]>> = others.map(|(_, step)| tokens.of(step).collect()).collect();
    // What can be so few things is soonest known to be missing.
    needs.sort_by_key(|need| need.len());
    needs.into()
}

/// How seldom things are, by a rule of thumb: short words are everywhere.
struct Rarity<'a> {
    literals: &'a [Literal],
    classes: Vec<usize>,
}

impl<'a> Rarity<'a> {
    fn of(phrases: Phrases<'a>) -> Self {
        /// Classes of classes of classes are looked into so deep.
        const ROUNDS: usize = 4;
        let mut rarity = Self {
            literals: phrases.literals,
            classes: vec![0; phrases.tokens.classes()],
        };
        for round in 0..=ROUNDS {
            // A class that no phrase makes is seen by the program: names and numbers are everywhere.
            let mut classes = vec![None; rarity.classes.len()];
            for (steps, sense) in phrases.steps.iter().zip(phrases.senses) {
                let Sense::Class(class) = sense else {
                    continue;
                };
                let rarest = rarity.rarest_step(steps).and_then(|step| steps.get(step));
                let own = rarest.map_or(0, |step| rarity.of_step(step).0);
                // In the first round nothing is known of classes yet.
                let own = if round == 0 && own == 0 {
                    usize::MAX
                } else {
                    own
                };
                if let Some(known) = classes.get_mut(usize::from(class.0)) {
                    *known = Some(known.unwrap_or(usize::MAX).min(own));
                }
            }
            rarity.classes = classes.into_iter().map(Option::unwrap_or_default).collect();
        }
        rarity
    }

    /// The step that is seldom there.
    fn rarest_step(&self, steps: &[Step]) -> Option<usize> {
        let required = steps.iter().enumerate();
        let required = required
            .filter(|(_, step)| matches!(step, Step::OneOf(_, _, Presence::Required)))
            .map(|(at, step)| (self.of_step(step), std::cmp::Reverse(at)));
        required.max().map(|(_, std::cmp::Reverse(at))| at)
    }

    /// The length of the shortest word that may stand there, then that of all of them on average.
    fn of_step(&self, step: &Step) -> (usize, usize) {
        let Step::OneOf(words, classes, _) = step else {
            return (0, 0);
        };
        let length = |word: &u32| {
            let literal = self.literals.get(index(*word));
            literal.map_or(0, |it| it.letters.chars().count())
        };
        let class = |class: &ClassId| {
            let known = self.classes.get(usize::from(class.0));
            known.copied().unwrap_or_default()
        };
        let all = || words.iter().map(length).chain(classes.iter().map(class));
        let sum = all().fold(0_usize, usize::saturating_add);
        let average = sum.checked_div(all().count()).unwrap_or_default();
        (all().min().unwrap_or_default(), average)
    }
}
