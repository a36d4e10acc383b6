//! Subjects told of somebody: health, faith, debt and the rest of what a stranger has no business to know.
//!
//! A word of a subject alone is nothing: it stands in every third notice a municipality sends. It becomes personal data where it
//! is told of somebody. So a text is cut into sentences, and each is weighed: what its phrases say of the subject, whether
//! somebody in particular is there, and whether it reads as written about nobody. What stands in the next sentence and in the
//! subject of the message counts a share. Everything that is weighed is in the packs.

mod ceiling;
mod forms;
mod glance;
mod matching;
mod names;
mod persons;
mod seen;
mod sentences;
mod traits;
mod weigh;
mod words;

use std::ops::Range;

use crate::detect::finding::Confidence;
use crate::detect::subject::ceiling::{Above, Ceilings, FAR_BACK};
use crate::detect::subject::glance::Glances;
use crate::detect::subject::matching::Field;
use crate::detect::subject::persons::{Addressed, Computed, addressed};
use crate::detect::subject::seen::{Seen, is_wide};
use crate::detect::subject::sentences::{Role, Sentence, sentences};
use crate::detect::subject::weigh::{Around, Weighed, weigh};
use crate::detect::subject::words::{Words, read};
use crate::limits::Cancel;
use crate::pattern::{Lexicon, Packs, Present};

pub(super) use forms::Forms;

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

/// What is made once for all that is read by the same packs.
struct Reader {
    computed: Computed,
    glances: Glances,
    present: Present,
}

impl Reader {
    fn new(lexicon: &Lexicon) -> Self {
        let computed = Computed::new(lexicon);
        Self {
            glances: Glances::new(lexicon, &computed),
            present: Present::new(lexicon),
            computed,
        }
    }
}

/// What the subject of a message adds to its text.
#[derive(Default)]
pub(super) struct Heading {
    sentences: Vec<Weighed>,
}

impl Heading {
    /// What it can add to a sentence at most.
    fn above(&self, packs: &Packs) -> Above {
        let most = |weight: &dyn Fn(&Weighed) -> f32| {
            let weights = self.sentences.iter().map(weight);
            weights.fold(0.0, f32::max)
        };
        Above {
            somebody: most(&|it| it.somebody(packs)),
            topic: most(&Weighed::heaviest),
        }
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
/// What a text, which is in normal form and the subject of the message, adds to the texts below it.
pub(super) fn heading(packs: &Packs, forms: &mut Forms<'_>, text: &str) -> Heading {
    let row = read(text, 0, REGION, forms);
    let words = Words::new(text, &row, forms);
    let region = Region {
        packs,
        words,
        range: 0..words.len(),
    };
    let mut reader = Reader::new(packs.lexicon());
    let sentences = region.weigh(&mut reader, Passages::All, Above::default());
    Heading {
        sentences: sentences.into_iter().map(|(_, weighed)| weighed).collect(),
    }
}

/// Tells `tell` of every passage of `text`, which is in normal form, by ascending start; `tell` says whether to go on.
pub(super) fn passages(
    packs: &Packs,
    forms: &mut Forms<'_>,
    text: &str,
    heading: &Heading,
    which: Passages,
    cancel: &Cancel,
    mut tell: impl FnMut(Told) -> bool,
) -> Result<(), Ended> {
    if packs.subjects().is_empty() {
        return Ok(());
    }
    let above = heading.above(packs);
    let mut reader = Reader::new(packs.lexicon());
    let mut at = 0;
    loop {
        if cancel.is_cancelled() {
            return Err(Ended);
        }
        forms.forget_if_full();
        let row = read(text, at, REGION, forms);
        let words = Words::new(text, &row, forms);
        if words.len() == 0 {
            return Ok(());
        }
        let range = 0..end_of_region(words);
        at = words.span(range.end - 1).end;
        let region = Region {
            packs,
            words,
            range,
        };
        let sentences = region.weigh(&mut reader, which, above);
        for told in region.told(&sentences, heading, which) {
            if !tell(told) {
                return Ok(());
            }
        }
    }
}

/// Where the region of these words ends: at a paragraph, if there is more text and one ends in the last quarter.
fn end_of_region(words: Words<'_>) -> usize {
    let most = words.len();
    if most < REGION {
        return most;
    }
    let paragraph = (REGION * 3 / 4..most)
        .rev()
        .find(|&word| words.gap_after(word).contains("\n\n"));
    paragraph.map_or(most, |word| word + 1)
}

/// Words that are looked at together.
struct Region<'a> {
    packs: &'a Packs,
    words: Words<'a>,
    range: Range<usize>,
}

impl Region<'_> {
    /// Every sentence that tells something, and what is in it. Only those are looked into of which a passage can come; or all of them.
    fn weigh(
        &self,
        reader: &mut Reader,
        which: Passages,
        above: Above,
    ) -> Vec<(Sentence, Weighed)> {
        let words = self.words;
        let mut sentences = sentences(words, self.range.clone());
        let addressed = addressed(words, &sentences);
        sentences.retain(|sentence| sentence.role == Role::Tells);
        let seen: Vec<(Sentence, Seen)> = sentences
            .into_iter()
            .map(|sentence| {
                let seen = Seen::of(words, &sentence, addressed, &reader.glances);
                (sentence, seen)
            })
            .collect();
        let mut weighed: Vec<Option<Weighed>> = vec![None; seen.len()];
        let wanted = match which {
            Passages::All => vec![true; seen.len()],
            Passages::Findings => self.worth_reading(reader, &seen, addressed, above, &mut weighed),
        };
        for (((sentence, seen), weighed), wanted) in seen.iter().zip(&mut weighed).zip(wanted) {
            if wanted && weighed.is_none() {
                *weighed = Some(self.read(reader, sentence, seen, addressed));
            }
        }
        let sentences = seen.into_iter().map(|(sentence, _)| sentence);
        sentences
            .zip(weighed.into_iter().map(Option::unwrap_or_default))
            .collect()
    }

    /// Which sentences must be looked into, so that nothing is missed that weighs as much as a finding: those in which one may be, those
    /// that may count for them, and those that may count for the whole text. What was weighed on the way is put into `weighed`.
    fn worth_reading(
        &self,
        reader: &mut Reader,
        seen: &[(Sentence, Seen)],
        addressed: Addressed,
        above: Above,
        weighed: &mut [Option<Weighed>],
    ) -> Vec<bool> {
        let (packs, words) = (self.packs, self.words);
        let Reader {
            glances, present, ..
        } = reader;
        let mut ceilings = Ceilings::new(packs, words, seen, glances, above, present);
        for (at, ((sentence, seen), weighed)) in seen.iter().zip(weighed).enumerate() {
            if ceilings.may_be_finding(at) {
                let read = self.read(reader, sentence, seen, addressed);
                ceilings.settle(at, &read);
                *weighed = Some(read);
            }
        }
        let mut worth = vec![false; seen.len()];
        for at in (0..seen.len()).filter(|at| ceilings.may_be_finding(*at)) {
            let from = at.saturating_sub(FAR_BACK);
            let near = worth.iter_mut().skip(from).take(at + 2 - from);
            near.for_each(|it| *it = true);
        }
        if worth.contains(&true) {
            for ((sentence, _), worth) in seen.iter().zip(&mut worth) {
                *worth |= is_wide(words, sentence, &reader.glances);
            }
        }
        worth
    }

    /// What is in a sentence.
    fn read(
        &self,
        reader: &mut Reader,
        sentence: &Sentence,
        seen: &Seen,
        addressed: Addressed,
    ) -> Weighed {
        let (packs, words) = (self.packs, self.words);
        let Reader {
            computed,
            glances,
            present,
        } = reader;
        let lexicon = packs.lexicon();
        seen.fill(present, lexicon, words, sentence, glances);
        let members = computed.members(words, sentence, addressed);
        let field = Field::new(lexicon, words, sentence.words.clone(), present, &members);
        weigh(packs, words, &field)
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
