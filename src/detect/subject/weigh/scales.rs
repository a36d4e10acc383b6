//! Cues put on the scales.

use crate::detect::subject::weigh::Weighed;
use crate::pattern::{Packs, Reach, Tells};

/// Cues put on the scales, each once.
pub(super) struct Scales<'a> {
    packs: &'a Packs,
    /// Those that count, for reasons.
    taken: Vec<u16>,
}

impl<'a> Scales<'a> {
    pub(super) fn new(packs: &'a Packs) -> Self {
        Self {
            packs,
            taken: Vec::new(),
        }
    }

    /// What a cue weighs, if it tells that.
    pub(super) fn worth(&self, cue: u16, tells: Tells) -> f32 {
        let cue = self.packs.language().cues.get(usize::from(cue));
        cue.filter(|cue| cue.tells == tells)
            .map_or(0.0, |cue| cue.weight)
    }

    /// The share of the weightiest cue for somebody in a sentence.
    pub(super) fn somebody(&mut self, sentence: &Weighed, share: f32) -> f32 {
        let cues = &self.packs.language().cues;
        let somebody = sentence.ids().filter_map(|index| {
            let cue = cues.get(usize::from(index))?;
            (cue.tells == Tells::Somebody && cue.reach == Reach::Sentence)
                .then_some((index, cue.weight))
        });
        let Some((index, weight)) = somebody.max_by(|one, other| one.1.total_cmp(&other.1)) else {
            return 0.0;
        };
        if !self.taken.contains(&index) {
            self.taken.push(index);
        }
        weight * share
    }

    /// The share of all those cues that tell it and were not counted yet.
    pub(super) fn of(&mut self, cues: impl Iterator<Item = u16>, tells: Tells, share: f32) -> f32 {
        let mut sum = 0.0;
        for index in cues {
            let Some(cue) = self.packs.language().cues.get(usize::from(index)) else {
                continue;
            };
            if cue.tells == tells && !self.taken.contains(&index) {
                self.taken.push(index);
                sum += cue.weight * share;
            }
        }
        sum
    }

    pub(super) fn reasons(&self) -> Vec<Box<str>> {
        let cues = self.taken.iter();
        let cues = cues.filter_map(|&cue| self.packs.language().cues.get(usize::from(cue)));
        let mut reasons: Vec<Box<str>> = cues
            .map(|cue| match cue.tells {
                Tells::Somebody => format!("somebody is meant: {}", cue.name.en).into(),
                Tells::Fact => "a fact is told".into(),
                Tells::Nobody => format!("speaks against it: {}", cue.name.en).into(),
            })
            .collect();
        reasons.dedup();
        reasons
    }
}
