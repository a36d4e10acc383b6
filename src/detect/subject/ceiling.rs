//! What sentences can weigh at most, by their words alone: phrases are looked for only where a passage could come of it.
//!
//! Nearly every sentence has a word that some phrase is looked for by, and looking for phrases is what costs time. So each sentence
//! is first given credit for every phrase whose words it seems to have, and for the heaviest cue that its words could be. Where that
//! and what stands around it do not reach the weight of a finding, nothing in it can.

use crate::detect::subject::glance::Glances;
use crate::detect::subject::leaning::Leaning;
use crate::detect::subject::seen::Seen;
use crate::detect::subject::sentences::Sentence;
use crate::detect::subject::weigh::Weighed;
use crate::detect::subject::words::Words;
use crate::pattern::{Anchor, Packs, Present, Reach, Sense, Strength, Tells};

/// How many sentences back somebody may be named. Fixed: 3.
pub(super) const FAR_BACK: usize = 3;

/// What the subject of a message can add to a sentence.
#[derive(Clone, Copy, Default)]
pub(super) struct Above {
    /// What its words of somebody weigh.
    pub(super) somebody: f32,
    /// What its phrases of subjects weigh.
    pub(super) topic: f32,
}

/// What every sentence of a region can weigh at most.
pub(super) struct Ceilings<'a> {
    packs: &'a Packs,
    leaning: &'a Leaning<'a>,
    sentences: Vec<Ceiling>,
    /// What counts for each of them: facts, and somebody in the whole text.
    everywhere: f32,
    above: Above,
}

/// What a sentence can weigh at most.
#[derive(Clone, Copy, Default)]
struct Ceiling {
    /// As what tells of somebody.
    somebody: f32,
    /// As what tells of somebody close by, be it in the whole text.
    close: f32,
    /// By phrases of one subject.
    topic: f32,
    /// The same with what the words around lean to, less what that subject must weigh beyond others.
    over_bar: Option<f32>,
}

impl<'a> Ceilings<'a> {
    /// What the sentences can weigh of which this was seen.
    pub(super) fn new(
        packs: &'a Packs,
        words: Words<'_>,
        seen: &[(&Sentence, &Seen)],
        glances: &Glances,
        above: Above,
        leaning: &'a Leaning<'a>,
        present: &mut Present,
    ) -> Self {
        let sentences = seen.iter().map(|(_, seen)| Ceiling {
            somebody: seen.somebody,
            close: seen.somebody.max(seen.somebody_in_text),
            ..Ceiling::default()
        });
        let mut ceilings = Self {
            sentences: sentences.collect(),
            packs,
            leaning,
            everywhere: sum_of_cues(packs, Tells::Fact, |_| true),
            above,
        };
        let in_text = seen.iter().any(|(_, seen)| seen.somebody_in_text > 0.0);
        if in_text {
            ceilings.everywhere +=
                sum_of_cues(packs, Tells::Somebody, |reach| reach == Reach::Text);
        }
        let mut tallies = vec![Tally::default(); packs.subjects().len()];
        for (at, (sentence, seen)) in seen.iter().enumerate() {
            // What it says counts for the sentences beside it too.
            let beside = at.saturating_sub(1)..=at + 1;
            let somebody = |at| ceilings.somebody_at(at) > 0.0;
            if seen.may_have_topic && (in_text || beside.into_iter().any(somebody)) {
                tallies.fill(Tally::default());
                seen.fill(present, packs.lexicon(), words, sentence, glances);
                tally_all(packs, present, &mut tallies);
                ceilings.raise(at, sentence, &tallies);
            }
        }
        ceilings
    }

    /// Replaces what a sentence can weigh by what it weighs.
    pub(super) fn settle(&mut self, at: usize, sentence: &Sentence, weighed: &Weighed) {
        let leans = |subject| self.leaning.of(subject, &sentence.words);
        let over_bar = weighed.heaviest_over_bar(self.packs, leans);
        if let Some(ceiling) = self.sentences.get_mut(at) {
            *ceiling = Ceiling {
                somebody: ceiling.somebody.min(weighed.somebody(self.packs)),
                close: ceiling.close.min(weighed.somebody(self.packs)),
                topic: weighed.heaviest(),
                over_bar: over_bar.map(|weight| weight - weighed.against(self.packs)),
            };
        }
    }

    /// Gives a sentence credit for phrases.
    fn raise(&mut self, at: usize, sentence: &Sentence, tallies: &[Tally]) {
        let scale = &self.packs.language().scale;
        let Some(ceiling) = self.sentences.get_mut(at) else {
            return;
        };
        for (index, (tally, subject)) in (0..).zip(tallies.iter().zip(self.packs.subjects())) {
            if tally.phrases == 0 {
                continue;
            }
            let leans = self.leaning.of(index, &sentence.words);
            let further = f32::from(tally.phrases.min(MOST_PHRASES) - 1);
            let bound = if tally.is_bound { scale.bound } else { 0.0 };
            let topic = tally.heaviest * (1.0 + further * scale.further) + bound;
            let only_hints = if tally.only_hints {
                scale.only_hints.min(scale.most_against)
            } else {
                0.0
            };
            let over_bar = topic + leans - only_hints - subject.bar;
            ceiling.topic = ceiling.topic.max(topic);
            ceiling.over_bar = Some(ceiling.over_bar.map_or(over_bar, |it| it.max(over_bar)));
        }
    }

    /// Whether a passage in a sentence can weigh as much as a finding must.
    pub(super) fn may_be_finding(&self, at: usize) -> bool {
        /// Sums of tenths are seldom exact.
        const ROUNDING: f32 = 0.01;
        let scale = &self.packs.language().scale;
        let Some(over_bar) = self.at(at).over_bar else {
            return false;
        };
        let near = at
            .checked_sub(1)
            .map_or(0.0, |before| self.at(before).topic);
        let near = near.max(self.at(at + 1).topic);
        let more = near * scale.topic_near + self.above.topic * scale.topic_heading;
        let most = over_bar + more + self.somebody_at(at) + self.everywhere;
        most + ROUNDING >= scale.medium
    }

    /// What somebody in a sentence and around it can weigh.
    fn somebody_at(&self, at: usize) -> f32 {
        let scale = &self.packs.language().scale;
        let mut share = scale.before;
        let mut before = 0.0_f32;
        for back in 1..=FAR_BACK.min(at) {
            before = before.max(self.at(at - back).somebody * share);
            share /= 2.0;
        }
        self.at(at).somebody
            + self.at(at).close * scale.close
            + before
            + self.at(at + 1).somebody * scale.after
            + self.above.somebody * scale.heading
    }

    fn at(&self, at: usize) -> Ceiling {
        self.sentences.get(at).copied().unwrap_or_default()
    }
}

/// The most phrases that count in a sentence: the heaviest, and three further ones.
const MOST_PHRASES: u8 = 4;

/// The phrases of one subject that a sentence may have.
#[derive(Clone, Copy)]
struct Tally {
    phrases: u8,
    heaviest: f32,
    is_bound: bool,
    only_hints: bool,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            phrases: 0,
            heaviest: 0.0,
            is_bound: false,
            only_hints: true,
        }
    }
}

/// Counts the phrases of subjects that may be in a sentence.
fn tally_all(packs: &Packs, present: &Present, tallies: &mut [Tally]) {
    let lexicon = packs.lexicon();
    for &token in present.topics() {
        for anchor in lexicon.known(token).topics {
            if present.may_have(lexicon, anchor) {
                tally(packs, tallies, anchor);
            }
        }
    }
}

fn tally(packs: &Packs, tallies: &mut [Tally], anchor: &Anchor) {
    let Sense::Topic(subject, strength) = anchor.sense else {
        return;
    };
    if let Some(tally) = tallies.get_mut(usize::from(subject)) {
        tally.phrases = tally.phrases.saturating_add(1);
        tally.heaviest = tally.heaviest.max(packs.language().scale.of(strength));
        tally.is_bound |= packs.lexicon().is_bound(anchor.phrase);
        tally.only_hints &= strength == Strength::Hints;
    }
}

/// What all cues weigh together that tell and reach so.
fn sum_of_cues(packs: &Packs, tells: Tells, reaches: impl Fn(Reach) -> bool) -> f32 {
    let cues = packs.language().cues.iter();
    cues.filter(|cue| cue.tells == tells && reaches(cue.reach))
        .map(|cue| cue.weight)
        .sum()
}
