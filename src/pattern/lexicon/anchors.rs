//! By what each phrase is looked for: by that step of it which is seldom there without it.

use std::collections::BTreeSet;

use crate::pattern::lexicon::known::{Anchor, Collected, KnownOfAll};
use crate::pattern::lexicon::lists::Lists;
use crate::pattern::lexicon::literals::Literals;
use crate::pattern::lexicon::steps::Steps;
use crate::pattern::lexicon::{ClassId, Sense, Step, Token, Tokens};
use crate::pattern::phrase::Presence;

/// The phrases, as far as it matters here.
#[derive(Clone, Copy)]
pub(super) struct Phrases<'a> {
    pub(super) steps: &'a Steps,
    pub(super) senses: &'a [Sense],
    pub(super) literals: &'a Literals,
    pub(super) tokens: Tokens,
}

/// By what each phrase is looked for.
pub(super) struct Anchors {
    pub(super) known: KnownOfAll,
    /// Of each phrase, the step it is looked for by.
    steps: Vec<Option<usize>>,
    pub(super) needs: Vec<Token>,
}

impl Anchors {
    pub(super) fn find(phrases: Phrases<'_>) -> Self {
        let common = Commonness::of(phrases);
        let mut collected = Collected::default();
        let mut anchors = Self {
            known: KnownOfAll::default(),
            steps: Vec::with_capacity(phrases.senses.len()),
            needs: Vec::new(),
        };
        for ((phrase, steps), sense) in (0..).zip(phrases.steps.iter()).zip(phrases.senses) {
            let step = common.rarest_step(steps);
            anchors.steps.push(step);
            let Some(step) = step else {
                continue;
            };
            let first = anchors.needs.len();
            let need = anchors.add_needs(&common, steps, step);
            let small = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
            let anchor = Anchor {
                phrase,
                sense: *sense,
                step: u8::try_from(step).unwrap_or(u8::MAX),
                need,
                needs: (small(first), small(anchors.needs.len())),
            };
            for token in phrases.tokens_of(steps.get(step)) {
                collected.push(token, anchor, steps);
            }
        }
        anchors.known = collected.sorted(phrases.tokens);
        anchors
    }

    /// Adds what must be in a sentence for the steps beside the anchor, but for the first of that where it is one thing only.
    fn add_needs(&mut self, common: &Commonness<'_>, steps: &[Step], anchor: usize) -> Token {
        let others = steps.iter().enumerate();
        let others = others.filter(|(at, step)| {
            *at != anchor && matches!(step, Step::OneOf(_, Presence::Required))
        });
        let mut needs: Vec<&Step> = others.map(|(_, step)| step).collect();
        // What is seldom there is soonest known to be missing.
        needs.sort_by_key(|step| common.of_step(step));
        let mut only = Token::END;
        for (at, need) in needs.into_iter().enumerate() {
            let before = self.needs.len();
            self.needs.extend(common.phrases.tokens_of(Some(need)));
            match self.needs.get(before..) {
                Some([one]) if at == 0 => {
                    only = *one;
                    self.needs.truncate(before);
                }
                _ => self.needs.push(Token::END),
            }
        }
        only
    }

    /// What each literal and class is: itself, and all classes that it is of without another word, however deep.
    pub(super) fn closures(&self, tokens: Tokens) -> Lists<Token> {
        let mut closures = Lists::default();
        for token in tokens.all() {
            let mut reached = BTreeSet::new();
            let mut open = vec![token];
            while let Some(token) = open.pop() {
                if reached.insert(token) {
                    let classes = self.known.get(token).classes;
                    open.extend(classes.iter().filter_map(|anchor| match anchor.sense {
                        Sense::Class(class) => Some(tokens.of_class(class)),
                        _ => None,
                    }));
                }
            }
            closures.push(reached);
        }
        closures
    }

    /// By which literals and classes, or what they may be a part of, phrases of subjects are looked for whose sense is one of these.
    pub(super) fn lead_to_topics(&self, tokens: Tokens, of: impl Fn(Sense) -> bool) -> Vec<bool> {
        let to_topics = |token| {
            let topics = self.known.get(token).topics;
            topics.iter().any(|anchor| of(anchor.sense))
        };
        let mut lead: Vec<bool> = tokens.all().map(to_topics).collect();
        loop {
            let mut changed = false;
            for token in tokens.all() {
                let known = self.known.get(token);
                let mut classes = known.classes.iter().chain(known.makers);
                let leads = classes.any(|anchor| match anchor.sense {
                    Sense::Class(class) => {
                        let class = lead.get(tokens.of_class(class).index());
                        class.is_some_and(|it| *it)
                    }
                    _ => false,
                });
                if let Some(it) = lead.get_mut(token.index())
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
            let steps = self.steps.iter().zip(phrases.steps.iter());
            let anchors = steps.zip(phrases.senses);
            for ((anchor, steps), sense) in anchors {
                let weight = match sense {
                    Sense::Cue(cue) => weight(*cue),
                    Sense::Class(class) => {
                        most.get(phrases.tokens.of_class(*class).index()).copied()
                    }
                    Sense::Topic(..) | Sense::Other(_) | Sense::Greets(_) => None,
                };
                let weight = weight.unwrap_or_default();
                let step = anchor.and_then(|anchor| steps.get(anchor));
                for token in phrases.tokens_of(step) {
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

impl Phrases<'_> {
    /// What may stand at a step.
    fn tokens_of(&self, step: Option<&Step>) -> impl Iterator<Item = Token> {
        let tokens = step.map(|step| self.steps.tokens(*step, self.tokens));
        tokens.into_iter().flatten()
    }
}

/// How often things are there, by a rule of thumb: a word that stands in many phrases stands in many texts.
struct Commonness<'a> {
    /// By token.
    counts: Vec<usize>,
    phrases: Phrases<'a>,
}

/// How common that is which no phrase makes, but the program sees: names and numbers.
const EVERYWHERE: usize = 1 << 20;
/// How common a word of up to three letters is at least.
const SHORT: usize = 64;

impl<'a> Commonness<'a> {
    fn of(phrases: Phrases<'a>) -> Self {
        /// Classes of classes of classes are looked into so deep.
        const ROUNDS: usize = 4;
        let tokens = phrases.tokens;
        let mut counts = vec![0_usize; tokens.len()];
        let steps = phrases.steps.iter().flatten();
        for token in steps.flat_map(|step| phrases.tokens_of(Some(step))) {
            if let Some(count) = counts.get_mut(token.index()) {
                *count += 1;
            }
        }
        for (count, (_, literal)) in counts.iter_mut().zip(phrases.literals.iter()) {
            if literal.letters.chars().count() <= 3 {
                *count += SHORT;
            }
        }
        let mut common = Self { counts, phrases };
        for _ in 0..ROUNDS {
            let mut classes = vec![None; tokens.classes()];
            for (steps, sense) in phrases.steps.iter().zip(phrases.senses) {
                if let Sense::Class(class) = sense
                    && let Some(known) = classes.get_mut(usize::from(class.0))
                {
                    let step = common.rarest_step(steps).and_then(|step| steps.get(step));
                    let count = step.map_or(0, |step| common.of_step(step));
                    *known = Some(known.unwrap_or(0) + count);
                }
            }
            for (class, count) in (0..).map(ClassId).zip(classes) {
                if let Some(known) = common.counts.get_mut(tokens.of_class(class).index()) {
                    *known = count.unwrap_or(EVERYWHERE).min(EVERYWHERE);
                }
            }
        }
        common
    }

    /// The step that is seldom there.
    fn rarest_step(&self, steps: &[Step]) -> Option<usize> {
        let required = steps.iter().enumerate();
        let required =
            required.filter(|(_, step)| matches!(step, Step::OneOf(_, Presence::Required)));
        let rarest = required.min_by_key(|(_, step)| self.of_step(step));
        rarest.map(|(at, _)| at)
    }

    fn of_step(&self, step: &Step) -> usize {
        let tokens = self.phrases.tokens_of(Some(step));
        let counts = tokens.filter_map(|token| self.counts.get(token.index()));
        counts.sum()
    }
}
