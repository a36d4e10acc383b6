//! What a sentence weighs: its words of a subject, somebody they are told of, and what speaks against that.

mod scales;

use std::ops::Range;

use crate::detect::finding::Confidence;
use crate::detect::subject::Passages;
use crate::detect::subject::matching::{Field, Match};
use crate::detect::subject::weigh::scales::Scales;
use crate::detect::subject::words::Words;
use crate::pattern::{CLOSE, Language, Packs, Reach, Sense, Step, Strength, Tells};

/// What is in a sentence.
#[derive(Clone, Default)]
pub(super) struct Weighed {
    pub(super) topics: Vec<Topic>,
    /// Cues, each where it stands.
    cues: Vec<(u16, Range<usize>)>,
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

impl Topic {
    fn only_hints(&self) -> bool {
        matches!(self.phrases.first(), Some((_, Strength::Hints)))
    }
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
pub(super) fn weigh(packs: &Packs, words: Words<'_>, field: &Field<'_>) -> Weighed {
    let matches = field.matches();
    let mut weighed = Weighed::default();
    for found in &matches {
        if let Sense::Cue(cue) = found.sense {
            weighed.cues.push((cue, found.span.clone()));
        }
    }
    weighed
        .cues
        .sort_unstable_by_key(|(cue, span)| (*cue, span.start, span.end));
    weighed.cues.dedup();
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
    let other = other_words(packs, subject, matches);
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
    let phrases = taken
        .into_iter()
        .map(|(strength, it)| (it.phrase, strength))
        .collect();
    let mut topic = Topic {
        subject,
        span: start..end,
        weight: 0.0,
        phrases,
    };
    topic.weight = weight_of(packs, &topic.phrases);
    Some(topic)
}

/// The words of a sentence that mean something else than the subject, bit 0 being the first.
pub(super) fn other_words(packs: &Packs, subject: u16, matches: &[Match]) -> u128 {
    matches
        .iter()
        .filter(|it| it.sense == Sense::Other(subject))
        .fold(0, |words, it| {
            words
                | if has_gap(packs, it) {
                    it.words
                } else {
                    it.covers
                }
        })
}

/// Whether words may stand in a phrase that are none of its own.
fn has_gap(packs: &Packs, found: &Match) -> bool {
    packs.lexicon().steps(found.phrase).contains(&Step::Gap)
}

/// The most phrases that count beside the weightiest of a sentence. Fixed: 3, for a list of words says no more than its first few.
const MOST_FURTHER: usize = 3;

fn weight_of(packs: &Packs, phrases: &[(u32, Strength)]) -> f32 {
    let scale = &packs.language().scale;
    let mut weights = phrases.iter().map(|(_, strength)| scale.of(*strength));
    let first = weights.next().unwrap_or_default();
    let further: f32 = weights.take(MOST_FURTHER).sum();
    let bound = phrases
        .iter()
        .any(|(phrase, _)| packs.lexicon().is_bound(*phrase));
    first + further * scale.further + if bound { scale.bound } else { 0.0 }
}

/// The cues that count for all sentences of a text.
pub(super) fn text_wide<'a>(
    language: &Language,
    sentences: impl Iterator<Item = &'a Weighed>,
) -> Vec<u16> {
    let mut cues: Vec<u16> = sentences
        .flat_map(|sentence| &sentence.cues)
        .map(|(cue, _)| *cue)
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

/// What stands around a sentence.
pub(super) struct Around<'a> {
    /// The sentences before, the nearest first.
    pub(super) before: &'a [&'a Weighed],
    pub(super) after: Option<&'a Weighed>,
    /// The subject of the message.
    pub(super) heading: &'a [Weighed],
    /// Cues that count for the whole text.
    pub(super) text_wide: &'a [u16],
}

/// From which weight on it is told that the words around lean to a subject, or away from it.
const WORTH_TELLING: f32 = 0.3;

/// Judges the words of a subject by everything that stands around them; `None` where that is no finding and only those are wanted.
pub(super) fn judge(
    packs: &Packs,
    topic: &Topic,
    here: &Weighed,
    around: &Around<'_>,
    leans: f32,
    which: Passages,
) -> Option<Judged> {
    let scale = &packs.language().scale;
    let mut scales = Scales::new(packs);
    let somebody = scales.somebody(here, 1.0)
        + earlier(&mut scales, around.before, scale.before)
        + around
            .after
            .map_or(0.0, |it| scales.somebody(it, scale.after))
        + most(
            around
                .heading
                .iter()
                .map(|it| scales.somebody(it, scale.heading)),
        );
    let wide = around.text_wide;
    let somebody = somebody + scales.of(wide.iter().copied(), Tells::Somebody, 1.0);
    let close = here
        .cues
        .iter()
        .filter(|(_, span)| words_between(span, &topic.span) <= CLOSE);
    let close = most(close.map(|(cue, _)| scales.worth(*cue, Tells::Somebody))) * scale.close;
    let facts = scales.of(here.ids(), Tells::Fact, 1.0);
    let heading = around.heading.iter().flat_map(Weighed::ids);
    let against = scales.of(here.ids(), Tells::Nobody, 1.0)
        + scales.of(wide.iter().copied(), Tells::Nobody, 1.0)
        + scales.of(heading, Tells::Nobody, scale.heading)
        + listed(here) * scale.list
        + if topic.only_hints() {
            scale.only_hints
        } else {
            0.0
        };
    let near = around.before.iter().copied().take(1).chain(around.after);
    let more = most(near.map(|it| of_subject(it, topic))) * scale.topic_near
        + most(around.heading.iter().map(|it| of_subject(it, topic))) * scale.topic_heading;
    let subject = packs.subjects().get(usize::from(topic.subject));
    let bar = subject.map_or(0.0, |subject| subject.bar);
    let weight = topic.weight + more + somebody + close + facts + leans
        - against.min(scale.most_against)
        - bar;
    // Without anybody there is nobody it could be about, whatever is said.
    // Sums of tenths are seldom exact.
    let weight = (weight * 1000.0).round() / 1000.0;
    let confidence = if somebody <= 0.0 || weight < scale.medium {
        None
    } else if weight < scale.high {
        Some(Confidence::Medium)
    } else {
        Some(Confidence::High)
    };
    if confidence.is_none() && which == Passages::Findings {
        return None;
    }
    let mut reasons = vec![reason_of(topic)];
    if more > 0.0 {
        reasons.push("more of the subject stands near".into());
    }
    if leans.abs() >= WORTH_TELLING {
        reasons.push(if leans > 0.0 {
            "the words around lean to it".into()
        } else {
            "the words around lean away from it".into()
        });
    }
    reasons.extend(scales.reasons());
    let written = |(phrase, _): &(u32, Strength)| packs.lexicon().written(*phrase).into();
    let named_near = around.before.iter().copied();
    let named_near = named_near
        .chain(around.after)
        .chain(around.heading)
        .find_map(|it| it.name.clone());
    Some(Judged {
        confidence,
        reasons,
        phrases: topic.phrases.iter().map(written).collect(),
        weight,
        name: here.name.clone().or(named_near),
    })
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

/// What somebody in an earlier sentence counts: half as much for each sentence that lies between.
fn earlier(scales: &mut Scales<'_>, before: &[&Weighed], share: f32) -> f32 {
    let mut share = share;
    for sentence in before {
        let somebody = scales.somebody(sentence, share);
        if somebody > 0.0 {
            return somebody;
        }
        share /= 2.0;
    }
    0.0
}

/// The most of some weights, none being nothing.
fn most(weights: impl Iterator<Item = f32>) -> f32 {
    weights.fold(0.0, f32::max)
}

/// How many words stand between two stretches of a sentence.
fn words_between(one: &Range<usize>, other: &Range<usize>) -> usize {
    let (first, second) = if one.start <= other.start {
        (one, other)
    } else {
        (other, one)
    };
    second.start.saturating_sub(first.end)
}

/// How many subjects a sentence names beyond two.
fn listed(here: &Weighed) -> f32 {
    u16::try_from(here.topics.len().saturating_sub(2)).map_or(0.0, f32::from)
}

impl Weighed {
    /// What the cue for somebody weighs that weighs most.
    pub(super) fn somebody(&self, packs: &Packs) -> f32 {
        let cues = &packs.language().cues;
        let cues = self.ids().filter_map(|cue| cues.get(usize::from(cue)));
        let somebody = cues.filter(|cue| cue.tells == Tells::Somebody);
        most(somebody.map(|cue| cue.weight))
    }

    /// What the phrases of the subject weigh that weighs most.
    pub(super) fn heaviest(&self) -> f32 {
        most(self.topics.iter().map(|topic| topic.weight))
    }

    /// The same with what the words around lean to, less what the subject must weigh beyond others; `None` where there is no phrase of
    /// any.
    pub(super) fn heaviest_over_bar(
        &self,
        packs: &Packs,
        leans: impl Fn(u16) -> f32,
    ) -> Option<f32> {
        let weights = self.topics.iter().map(|topic| {
            let subject = packs.subjects().get(usize::from(topic.subject));
            topic.weight + leans(topic.subject) - subject.map_or(0.0, |subject| subject.bar)
        });
        weights.reduce(f32::max)
    }

    /// What speaks against everything in it.
    pub(super) fn against(&self, packs: &Packs) -> f32 {
        let cues = &packs.language().cues;
        let mut seen: Vec<u16> = self.ids().collect();
        seen.dedup();
        let cues = seen
            .into_iter()
            .filter_map(|cue| cues.get(usize::from(cue)));
        let against = cues.filter(|cue| cue.tells == Tells::Nobody);
        let sum: f32 = against.map(|cue| cue.weight).sum();
        sum.min(packs.language().scale.most_against)
    }

    fn ids(&self) -> impl Iterator<Item = u16> + '_ {
        self.cues.iter().map(|(cue, _)| *cue)
    }
}
