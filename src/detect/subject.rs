//! Subjects told of somebody: health, faith, debt and the rest of what a stranger has no business to know.
//!
//! A word of a subject alone is nothing: it stands in every third notice a municipality sends. It becomes personal data where it
//! is told of somebody. So a text is cut into sentences, and each is weighed: what its phrases say of the subject, whether
//! somebody in particular is there, and whether it reads as written about nobody. What stands in the next sentence and in the
//! subject of the message counts a share. Everything that is weighed is in the packs.

mod matching;
mod names;
mod persons;
mod sentences;
mod weigh;
mod words;

use std::ops::Range;

use crate::detect::finding::Confidence;
use crate::detect::subject::matching::{Field, Hit};
use crate::detect::subject::persons::{Computed, addressed, may_name};
use crate::detect::subject::sentences::{Role, Sentence, sentences};
use crate::detect::subject::weigh::{Around, Weighed, weigh};
use crate::detect::subject::words::Words;
use crate::limits::Cancel;
use crate::pattern::{Packs, Search};

/// What a text says of somebody.
pub(super) struct Told {
    /// Index of the pattern.
    pub(super) subject: u16,
    /// From the first of its words to the last.
    pub(super) span: Range<usize>,
    /// How sure it is; `None` where it is less than a finding must be.
    pub(super) confidence: Option<Confidence>,
    /// What was weighed, in fixed words and the names of cues.
    pub(super) reasons: Vec<Box<str>>,
    /// The phrases of the pack that were seen.
    pub(super) phrases: Vec<Box<str>>,
    /// How much it all weighs together.
    pub(super) weight: f32,
    /// The name of whoever it is about, folded, where one stands there.
    pub(super) name: Option<String>,
}

/// What the subject of a message adds to its text.
#[derive(Default)]
pub(super) struct Heading {
    sentences: Vec<Weighed>,
}

impl Heading {
    fn tells_of_somebody(&self, packs: &Packs) -> bool {
        self.sentences.iter().any(|it| it.tells_of_somebody(packs))
    }
}

/// Whether passages that are no findings are told of too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Passages {
    /// Findings only.
    Findings,
    /// All in which a word of the subject stands.
    All,
}

/// Work was ended.
pub(super) struct Ended;

/// How many words are looked at together. Fixed: 2,000, some four pages; what counts for a whole text counts within so many.
const REGION: usize = 2000;
/// Up to how many words all sentences of a region are looked into. Fixed: 400, which most mails have not.
const SHORT: usize = 400;
/// How far apart, in words, two words of a subject may stand to count as near.
const NEAR: u32 = 80;
/// What words of a subject that stand near each other must at least be worth for a region to be looked at.
const LEAST_WORTH: u8 = 2;

/// What a text, which is in normal form and the subject of the message, adds to the texts below it.
pub(super) fn heading(packs: &Packs, text: &str) -> Heading {
    let words = Words::new(text);
    let hits = hits(packs.lexicon().topics(), packs, &words, 0..words.len());
    let sentences = Region {
        packs,
        words: &words,
        range: 0..words.len(),
    }
    .weigh(&hits, Passages::Findings, true);
    Heading {
        sentences: sentences.into_iter().map(|(_, weighed)| weighed).collect(),
    }
}

/// Tells `tell` of every passage of `text`, which is in normal form, by ascending start; `tell` says whether to go on.
pub(super) fn passages(
    packs: &Packs,
    text: &str,
    heading: &Heading,
    which: Passages,
    cancel: &Cancel,
    mut tell: impl FnMut(Told) -> bool,
) -> Result<(), Ended> {
    if packs.subjects().is_empty() {
        return Ok(());
    }
    let words = Words::new(text);
    if cancel.is_cancelled() {
        return Err(Ended);
    }
    let all = hits(packs.lexicon().topics(), packs, &words, 0..words.len());
    let mut start = 0;
    while start < words.len() {
        if cancel.is_cancelled() {
            return Err(Ended);
        }
        let range = start..end_of_region(&words, start);
        start = range.end;
        let here = within(&all, &range);
        if which == Passages::Findings && !is_worth_it(packs, here) {
            continue;
        }
        let region = Region {
            packs,
            words: &words,
            range,
        };
        for told in region.told(
            &region.weigh(here, which, heading.tells_of_somebody(packs)),
            heading,
            which,
        ) {
            if !tell(told) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The hits at the words of `range`.
fn within<'h>(hits: &'h [Hit], range: &Range<usize>) -> &'h [Hit] {
    let from = hits.partition_point(|hit| index(hit.0) < range.start);
    let to = hits.partition_point(|hit| index(hit.0) < range.end);
    hits.get(from..to).unwrap_or_default()
}

/// Where the region ends that begins at `start`: at a paragraph, if one ends in its last quarter.
fn end_of_region(words: &Words<'_>, start: usize) -> usize {
    let most = start + REGION;
    if most >= words.len() {
        return words.len();
    }
    let paragraph = (start + REGION * 3 / 4..most)
        .rev()
        .find(|&word| words.gap_after(word).contains("\n\n"));
    paragraph.map_or(most, |word| word + 1)
}

/// Whether words of one subject stand near enough to each other.
fn is_worth_it(packs: &Packs, hits: &[Hit]) -> bool {
    let mut near = vec![(0_u32, 0_u8); packs.subjects().len()];
    hits.iter().any(|&(word, literal)| {
        packs
            .lexicon()
            .worth(literal)
            .iter()
            .any(|&(subject, worth)| {
                let Some((last, sum)) = near.get_mut(usize::from(subject)) else {
                    return false;
                };
                *sum = if word.saturating_sub(*last) > NEAR {
                    worth
                } else {
                    sum.saturating_add(worth)
                };
                *last = word;
                *sum >= LEAST_WORTH
            })
    })
}

/// The literals at the words of `range`, ascending.
fn hits(search: &Search, packs: &Packs, words: &Words<'_>, range: Range<usize>) -> Vec<Hit> {
    let literals = packs.lexicon().literals();
    let mut hits = Vec::new();
    for word in range {
        let whole = words.folded_word(word);
        let first = hits.len();
        search.see(whole, |seen| {
            let Some(literal) = literals.get(index(seen.literal)) else {
                return;
            };
            let before = whole.get(..seen.start).unwrap_or_default();
            let after = whole.get(seen.end..).unwrap_or_default();
            if literal.fits(before, after, words.written(word))
                && let Ok(word) = u32::try_from(word)
            {
                hits.push((word, seen.literal));
            }
        });
        let here = hits.get_mut(first..).unwrap_or_default();
        here.sort_unstable();
    }
    hits.dedup();
    hits
}

/// Words that are looked at together.
struct Region<'a> {
    packs: &'a Packs,
    words: &'a Words<'a>,
    range: Range<usize>,
}

impl Region<'_> {
    /// Every sentence that tells something, and what is in it. Of a long text only those are looked into in which there may be a
    /// passage, and those next to them; and of these only where somebody may be told of, be it in the `heading`.
    fn weigh(&self, topics: &[Hit], which: Passages, heading: bool) -> Vec<(Sentence, Weighed)> {
        let (packs, words) = (self.packs, self.words);
        let mut sentences = sentences(words, self.range.clone());
        let addressed = addressed(words, packs.language(), &sentences);
        sentences.retain(|sentence| sentence.role == Role::Tells);
        let all = which == Passages::All;
        let mut wanted = vec![all || self.range.len() <= SHORT; sentences.len()];
        for (at, sentence) in sentences.iter().enumerate() {
            if is_worth_it(packs, within(topics, &sentence.words)) {
                for near in wanted
                    .iter_mut()
                    .skip(at.saturating_sub(1))
                    .take(2 + usize::from(at > 0))
                {
                    *near = true;
                }
            }
        }
        let mut read: Vec<Read> = sentences
            .into_iter()
            .zip(wanted)
            .map(|(sentence, wanted)| self.read(sentence, wanted, topics))
            .collect();
        let told_of = |at: usize| read.get(at).is_some_and(|it| it.somebody);
        let near: Vec<bool> = (0..read.len())
            .map(|at| told_of(at) || told_of(at + 1) || at > 0 && told_of(at - 1))
            .collect();
        let computed = Computed::new(packs.lexicon());
        let weighed = read.iter_mut().zip(near).map(|(read, near)| {
            let sentence = read.sentence.clone();
            if !read.wanted || !(near || heading || all) {
                return (sentence, Weighed::default());
            }
            read.hits.extend_from_slice(within(topics, &sentence.words));
            read.hits.sort_unstable();
            let members = computed.members(words, packs.language(), &sentence, addressed);
            let range = sentence.words.clone();
            let mut field = Field::new(packs.lexicon(), range, &read.hits, members);
            add_classes(&mut field);
            let weighed = weigh(packs, words, &field);
            (sentence, weighed)
        });
        weighed.collect()
    }

    /// The words of a sentence that are no anchors of subjects, and whether somebody may be among them.
    fn read(&self, sentence: Sentence, wanted: bool, topics: &[Hit]) -> Read {
        let (packs, words) = (self.packs, self.words);
        let mut hits_here = Vec::new();
        let mut somebody = false;
        if wanted {
            hits_here = hits(packs.lexicon().rest(), packs, words, sentence.words.clone());
            // A word may be the anchor of a phrase and a cue as well.
            let of_topics = within(topics, &sentence.words);
            somebody = hits_here
                .iter()
                .chain(of_topics)
                .any(|hit| packs.lexicon().may_tell_of_somebody(hit.1))
                || may_name(words, packs.language(), &sentence);
        }
        Read {
            sentence,
            wanted,
            hits: hits_here,
            somebody,
        }
    }

    /// The passages among the sentences.
    fn told(
        &self,
        sentences: &[(Sentence, Weighed)],
        heading: &Heading,
        which: Passages,
    ) -> Vec<Told> {
        let text_wide = weigh::text_wide(
            self.packs.language(),
            sentences.iter().map(|(_, weighed)| weighed),
        );
        let mut all = Vec::new();
        for (at, (sentence, weighed)) in sentences.iter().enumerate() {
            let near =
                |(it, _): &&(Sentence, Weighed)| it.paragraph.abs_diff(sentence.paragraph) <= 1;
            let before = sentences
                .get(at.saturating_sub(FAR_BACK)..at)
                .unwrap_or_default();
            let before: Vec<&Weighed> =
                before.iter().rev().filter(near).map(|(_, it)| it).collect();
            let after = sentences.get(at + 1).filter(near).map(|(_, it)| it);
            for topic in &weighed.topics {
                let around = Around {
                    before: &before,
                    after,
                    heading: &heading.sentences,
                    text_wide: &text_wide,
                };
                let judged = weigh::judge(self.packs, topic, weighed, &around);
                if judged.confidence.is_none() && which == Passages::Findings {
                    continue;
                }
                let span = self.words.span(topic.span.start).start
                    ..self.words.span(topic.span.end.saturating_sub(1)).end;
                all.push(Told {
                    subject: topic.subject,
                    span,
                    confidence: judged.confidence,
                    reasons: judged.reasons,
                    phrases: judged.phrases,
                    weight: judged.weight,
                    name: judged.name,
                });
            }
        }
        all.sort_by_key(|told| told.span.start);
        all
    }
}

/// How many sentences back somebody may be named. Fixed: 3.
const FAR_BACK: usize = 3;

/// How deep classes may name classes. Fixed: 4; what is named deeper is not seen.
const CLASSES_DEEP: usize = 4;

/// A sentence, read on the way to being weighed.
struct Read {
    sentence: Sentence,
    wanted: bool,
    hits: Vec<Hit>,
    somebody: bool,
}

/// Adds what is of a class by its words: first classes of plain words, then those that name other classes.
fn add_classes(field: &mut Field<'_>) {
    for _ in 0..CLASSES_DEEP {
        let known = field.members.len();
        let found = field.classes();
        field.members.extend(found);
        field.members.sort_unstable();
        field.members.dedup();
        if field.members.len() == known {
            break;
        }
    }
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}
