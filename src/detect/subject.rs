//! Subjects told of somebody: health, faith, debt and the rest of what a stranger has no business to know.
//!
//! A word of a subject alone is nothing: it stands in every third notice a municipality sends. It becomes personal data where it
//! is told of somebody. So a text is cut into sentences, and each is weighed: what its phrases say of the subject, whether
//! somebody in particular is there, and whether it reads as written about nobody. What stands in the next sentence and in the
//! subject of the message counts a share. Everything that is weighed is in the packs.

mod matching;
mod persons;
mod sentences;
mod weigh;
mod words;

use std::ops::Range;

use crate::detect::finding::Confidence;
use crate::detect::subject::matching::{Field, Hit, Member};
use crate::detect::subject::persons::{Computed, addressed};
use crate::detect::subject::sentences::{Role, Sentence, sentences};
use crate::detect::subject::weigh::{Around, Weighed, weigh};
use crate::detect::subject::words::Words;
use crate::limits::Cancel;
use crate::pattern::{ClassId, Packs, Search, Seen, Sense};

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
    .weigh(&hits);
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
        let from = all.partition_point(|hit| index(hit.0) < range.start);
        let to = all.partition_point(|hit| index(hit.0) < range.end);
        let here = all.get(from..to).unwrap_or_default();
        if which == Passages::Findings && !is_worth_it(packs, here) {
            continue;
        }
        let region = Region {
            packs,
            words: &words,
            range,
        };
        for told in region.told(&region.weigh(here), heading, which) {
            if !tell(told) {
                return Ok(());
            }
        }
    }
    Ok(())
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
    let (folded, offset) = words.folded(range.clone());
    let literals = packs.lexicon().literals();
    let mut word = range.start;
    let mut hits = Vec::new();
    for Seen {
        literal,
        start,
        end,
    } in search.see(folded)
    {
        let start = start + offset;
        while word + 1 < range.end && words.folded_start(word + 1) <= start {
            word += 1;
        }
        let whole = words.folded_word(word);
        let from = start.saturating_sub(words.folded_start(word));
        let (Some(before), Some(after)) = (
            whole.get(..from),
            whole.get(from + (end + offset).saturating_sub(start)..),
        ) else {
            continue;
        };
        let fits = literals
            .get(index(literal))
            .is_some_and(|it| it.fits(before, after, words.written(word)));
        if fits && let Ok(word) = u32::try_from(word) {
            hits.push((word, literal));
        }
    }
    hits.sort_unstable();
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
    /// Every sentence that tells something, and what is in it.
    fn weigh(&self, topics: &[Hit]) -> Vec<(Sentence, Weighed)> {
        let (packs, words) = (self.packs, self.words);
        let mut hits = hits(packs.lexicon().rest(), packs, words, self.range.clone());
        hits.extend_from_slice(topics);
        hits.sort_unstable();
        let sentences = sentences(words, self.range.clone());
        let addressed = addressed(words, packs.language(), &sentences);
        let computed = Computed::new(packs.lexicon());
        let tells = sentences
            .into_iter()
            .filter(|sentence| sentence.role == Role::Tells);
        tells
            .map(|sentence| {
                let from = hits.partition_point(|hit| index(hit.0) < sentence.words.start);
                let to = hits.partition_point(|hit| index(hit.0) < sentence.words.end);
                let mut field = Field {
                    lexicon: packs.lexicon(),
                    sentence: sentence.words.clone(),
                    hits: hits.get(from..to).unwrap_or_default(),
                    members: computed.members(words, packs.language(), &sentence, addressed),
                };
                add_classes(&mut field);
                let weighed = weigh(packs, words, &field);
                (sentence, weighed)
            })
            .collect()
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
            let next_to = |other: Option<&(Sentence, Weighed)>| {
                other
                    .filter(|(it, _)| it.paragraph.abs_diff(sentence.paragraph) <= 1)
                    .map(|(_, weighed)| weighed.clone())
            };
            let before = next_to(at.checked_sub(1).and_then(|at| sentences.get(at)));
            let after = next_to(sentences.get(at + 1));
            for topic in &weighed.topics {
                let around = Around {
                    before: before.as_ref(),
                    after: after.as_ref(),
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

/// How deep classes may name classes. Fixed: 4; what is named deeper is not seen.
const CLASSES_DEEP: usize = 4;

/// Adds what is of a class by its words: first classes of plain words, then those that name other classes.
fn add_classes(field: &mut Field<'_>) {
    for _ in 0..CLASSES_DEEP {
        let is_class = |sense| matches!(sense, Sense::Class(_));
        let found: Vec<Member> = field
            .matches(is_class)
            .into_iter()
            .filter_map(|found| {
                let Sense::Class(class @ ClassId(_)) = found.sense else {
                    return None;
                };
                Some(Member {
                    class,
                    start: found.span.start,
                    end: found.span.end,
                })
            })
            .collect();
        field.members.extend(found);
        field.members.sort_unstable();
        field.members.dedup();
    }
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}
