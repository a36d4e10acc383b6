//! What a sentence weighs: its words of a subject, somebody they are told of, and what speaks against that.

use std::ops::Range;

use crate::detect::finding::Confidence;
use crate::detect::subject::matching::{Field, Match};
use crate::detect::subject::words::Words;
use crate::pattern::{Language, Packs, Reach, Sense, Strength, Tells};

/// What is in a sentence.
#[derive(Clone, Default)]
pub(super) struct Weighed {
    pub(super) topics: Vec<Topic>,
    /// Cues, each once.
    cues: Vec<u16>,
    /// The first name in it, folded.
    name: Option<String>,
}

/// The words of a subject in a sentence.
#[derive(Clone)]
pub(super) struct Topic {
    pub(super) subject: u16,
    /// From its first word to its last.
    pub(super) span: Range<usize>,
    weight: f32,
    /// The phrases, by weight.
    phrases: Vec<(u32, Strength)>,
}

/// A passage, judged.
pub(super) struct Judged {
    pub(super) confidence: Option<Confidence>,
    pub(super) reasons: Vec<Box<str>>,
    pub(super) phrases: Vec<Box<str>>,
    pub(super) weight: f32,
    pub(super) name: Option<String>,
}

/// What the words of a sentence weigh by themselves.
pub(super) fn weigh(packs: &Packs, words: &Words<'_>, field: &Field<'_>) -> Weighed {
    let matches = field.matches(|sense| !matches!(sense, Sense::Class(_)));
    let mut weighed = Weighed::default();
    for found in &matches {
        if let Sense::Cue(cue) = found.sense
            && !weighed.cues.contains(&cue)
        {
            weighed.cues.push(cue);
        }
    }
    weighed.cues.sort_unstable();
    for subject in (0..).take(packs.subjects().len()) {
        weighed.topics.extend(topic(packs, subject, &matches));
    }
    let name = packs.lexicon().class("name");
    let name = field
        .members
        .iter()
        .find(|member| Some(member.class) == name);
    weighed.name = name.map(|name| {
        (name.start..name.end)
            .map(|word| words.folded_word(word))
            .collect::<Vec<_>>()
            .join(" ")
    });
    weighed
}

/// The phrases of one subject, the weightiest first; each word counts for one phrase only, and none that means something else.
fn topic(packs: &Packs, subject: u16, matches: &[Match]) -> Option<Topic> {
    let other = matches
        .iter()
        .filter(|it| it.sense == Sense::Other(subject))
        .fold(0, |words, it| words | it.words);
    let mut own: Vec<(Strength, &Match)> = matches
        .iter()
        .filter_map(|it| match it.sense {
            Sense::Topic(of, strength) if of == subject && it.words & other == 0 => {
                Some((strength, it))
            }
            _ => None,
        })
        .collect();
    own.sort_by_key(|(strength, it)| {
        (
            std::cmp::Reverse((*strength, it.words.count_ones())),
            it.span.start,
            it.phrase,
        )
    });
    let mut used = 0;
    let mut taken: Vec<(Strength, &Match)> = Vec::new();
    for (strength, it) in own {
        if it.words & used == 0 && taken.iter().all(|(_, known)| known.phrase != it.phrase) {
            used |= it.words;
            taken.push((strength, it));
        }
    }
    let start = taken.iter().map(|(_, it)| it.span.start).min()?;
    let end = taken.iter().map(|(_, it)| it.span.end).max()?;
    let scale = &packs.language().scale;
    let mut share = 1.0;
    let mut weight = 0.0;
    for (strength, _) in &taken {
        weight += share
            * match strength {
                Strength::Hints => scale.hints,
                Strength::Suggests => scale.suggests,
                Strength::Says => scale.says,
            };
        share *= scale.further;
    }
    let phrases = taken
        .into_iter()
        .map(|(strength, it)| (it.phrase, strength))
        .collect();
    Some(Topic {
        subject,
        span: start..end,
        weight,
        phrases,
    })
}

/// The cues that count for all sentences of a text.
pub(super) fn text_wide<'a>(
    language: &Language,
    sentences: impl Iterator<Item = &'a Weighed>,
) -> Vec<u16> {
    let mut cues: Vec<u16> = sentences
        .flat_map(|sentence| &sentence.cues)
        .copied()
        .filter(|&cue| {
            language
                .cues
                .get(usize::from(cue))
                .is_some_and(|cue| cue.reach == Reach::Text)
        })
        .collect();
    cues.sort_unstable();
    cues.dedup();
    cues
}

/// Judges the words of a subject by everything that stands around them.
pub(super) fn judge(
    packs: &Packs,
    topic: &Topic,
    here: &Weighed,
    near: &[(f32, Option<&Weighed>)],
    heading: &[Weighed],
    text_wide: &[u16],
) -> Judged {
    let scale = &packs.language().scale;
    let mut scales = Scales {
        packs,
        somebody: 0.0,
        who: None,
        facts: 0.0,
        against: 0.0,
        reasons: Vec::new(),
    };
    scales.cues(
        &here.cues,
        1.0,
        &[Tells::Somebody, Tells::Fact, Tells::Nobody],
    );
    let mut more: f32 = 0.0;
    let near = || {
        near.iter()
            .filter_map(|&(share, near)| Some((share, near?)))
    };
    for (share, near) in near() {
        scales.cues(&near.cues, share, &[Tells::Somebody]);
        more = more.max(of_subject(near, topic) * share);
    }
    for heading in heading {
        scales.cues(
            &heading.cues,
            scale.heading,
            &[Tells::Somebody, Tells::Nobody],
        );
        more += of_subject(heading, topic) * scale.heading;
    }
    let wide: Vec<u16> = text_wide
        .iter()
        .copied()
        .filter(|cue| !here.cues.contains(cue))
        .collect();
    scales.cues(&wide, 1.0, &[Tells::Somebody, Tells::Nobody]);
    let subject = packs.subjects().get(usize::from(topic.subject));
    let bar = subject.map_or(0.0, |subject| subject.bar);
    let against = scales.against.min(scale.most_against);
    let weight = topic.weight + more + scales.somebody + scales.facts - against - bar;
    let enough = topic.weight >= scale.least_topic && scales.somebody >= scale.least_somebody;
    let confidence = if !enough || weight < scale.medium {
        None
    } else if weight < scale.high {
        Some(Confidence::Medium)
    } else {
        Some(Confidence::High)
    };
    let mut reasons = vec![reason_of(topic)];
    if more > 0.0 {
        reasons.push("more of the subject stands near".into());
    }
    reasons.append(&mut scales.reasons());
    let written = |(phrase, _): &(u32, Strength)| packs.lexicon().written(*phrase).into();
    let named_near = near()
        .map(|(_, near)| near)
        .chain(heading)
        .find_map(|it| it.name.clone());
    Judged {
        confidence,
        reasons,
        phrases: topic.phrases.iter().map(written).collect(),
        weight,
        name: here.name.clone().or(named_near),
    }
}

fn of_subject(sentence: &Weighed, topic: &Topic) -> f32 {
    let same = sentence
        .topics
        .iter()
        .find(|it| it.subject == topic.subject);
    same.map_or(0.0, |it| it.weight)
}

/// What the phrases of a passage say together. Which they are is no reason: they are as telling as the text.
fn reason_of(topic: &Topic) -> Box<str> {
    match topic.phrases.first() {
        Some((_, Strength::Says)) => "a phrase states it",
        Some((_, Strength::Suggests)) => "a phrase suggests it",
        Some((_, Strength::Hints)) | None => "words hint at it",
    }
    .into()
}

/// Cues put on the scales.
struct Scales<'a> {
    packs: &'a Packs,
    somebody: f32,
    /// The cue that tells of somebody most.
    who: Option<u16>,
    facts: f32,
    against: f32,
    reasons: Vec<u16>,
}

impl Scales<'_> {
    /// Adds those of the cues that tell something of `kinds`, each counting this share of its weight.
    fn cues(&mut self, cues: &[u16], share: f32, kinds: &[Tells]) {
        for &index in cues {
            let Some(cue) = self.packs.language().cues.get(usize::from(index)) else {
                continue;
            };
            if !kinds.contains(&cue.tells) || self.reasons.contains(&index) {
                continue;
            }
            let weight = cue.weight * share;
            match cue.tells {
                Tells::Somebody => {
                    if weight > self.somebody {
                        self.somebody = weight;
                        self.who = Some(index);
                    }
                    continue;
                }
                Tells::Fact => self.facts += weight,
                Tells::Nobody => self.against += weight,
            }
            self.reasons.push(index);
        }
    }

    fn reasons(&self) -> Vec<Box<str>> {
        let cues = self.who.iter().chain(&self.reasons);
        let cues = cues.filter_map(|&cue| self.packs.language().cues.get(usize::from(cue)));
        cues.map(|cue| match cue.tells {
            Tells::Somebody => format!("somebody is meant: {}", cue.name.en).into(),
            Tells::Fact => "a fact is told".into(),
            Tells::Nobody => format!("speaks against it: {}", cue.name.en).into(),
        })
        .collect()
    }
}
