//! Words that are looked at together, sentence by sentence, and the passages among them.

use std::ops::Range;

use crate::detect::subject::ceiling::{Above, Ceilings, FAR_BACK};
use crate::detect::subject::glance::Glances;
use crate::detect::subject::greetings;
use crate::detect::subject::leaning::Leaning;
use crate::detect::subject::matching::Field;
use crate::detect::subject::persons::{Addressed, Computed, addressed};
use crate::detect::subject::seen::{Seen, is_wide};
use crate::detect::subject::sentences::{Role, Sentence, sentences};
use crate::detect::subject::traits::Traits;
use crate::detect::subject::weigh::{Around, Weighed, judge, text_wide, weigh};
use crate::detect::subject::words::Words;
use crate::detect::subject::{Heading, Passages, Told};
use crate::pattern::{Packs, Present, Reach, Tells};

/// What is made once for all that is read by the same packs.
pub(super) struct Reader<'p> {
    packs: &'p Packs,
    computed: Computed,
    glances: Glances,
    present: Present,
}

impl<'p> Reader<'p> {
    pub(super) fn new(packs: &'p Packs) -> Self {
        let computed = Computed::new(packs.lexicon());
        Self {
            glances: Glances::new(packs.lexicon(), &computed),
            present: Present::new(packs.lexicon()),
            computed,
            packs,
        }
    }

    /// Whether any phrase of a subject may be among the words.
    pub(super) fn may_tell(&self, words: Words<'_>) -> bool {
        let mut glances = self.glances.all().into_iter();
        glances.any(|glance| glance.may_have_topic)
            || (0..words.len()).any(|word| words.traits(word).has(Traits::TOPIC))
    }
}

/// Words that are looked at together.
pub(super) struct Region<'a> {
    words: Words<'a>,
    /// Every sentence that tells something.
    sentences: Vec<Part>,
    /// Everything that may be a greeting in which a phrase is.
    greetings: Vec<Part>,
    addressed: Addressed,
}

/// A sentence, and as much as is known of it.
struct Part {
    sentence: Sentence,
    seen: Seen,
    weighed: Option<Weighed>,
}

impl Part {
    /// Where its phrases are looked for.
    fn field<'r>(
        &self,
        reader: &'r mut Reader<'_>,
        words: Words<'r>,
        addressed: Addressed,
    ) -> Field<'r> {
        let lexicon = reader.packs.lexicon();
        self.seen.fill(
            &mut reader.present,
            lexicon,
            words,
            &self.sentence,
            &reader.glances,
        );
        let members = reader.computed.members(words, &self.sentence, addressed);
        let range = self.sentence.words.clone();
        Field::new(lexicon, words, range, &reader.present, &members)
    }
}

impl<'a> Region<'a> {
    /// The first `end` words of a row.
    pub(super) fn new(reader: &Reader<'_>, words: Words<'a>, end: usize) -> Self {
        let sentences = sentences(words, 0..end);
        let addressed = addressed(words, &sentences);
        let part = |sentence: &Sentence| Part {
            seen: Seen::of(words, sentence, addressed, &reader.glances),
            sentence: sentence.clone(),
            weighed: None,
        };
        let tells = sentences
            .iter()
            .filter(|it| it.role == Role::Tells || greetings::goes_on(words, it));
        let greets = sentences
            .iter()
            .filter(|it| greetings::may_greet(words, it));
        Self {
            words,
            sentences: tells.map(part).collect(),
            greetings: greets
                .map(part)
                .filter(|it| it.seen.may_have_topic)
                .collect(),
            addressed,
        }
    }

    /// What is in all sentences.
    pub(super) fn all(mut self, reader: &mut Reader<'_>) -> Vec<Weighed> {
        self.read(reader, |_| true);
        let weighed = self.sentences.into_iter().filter_map(|it| it.weighed);
        weighed.collect()
    }

    /// The passages, by ascending start.
    pub(super) fn told(
        mut self,
        reader: &mut Reader<'_>,
        heading: &Heading,
        which: Passages,
    ) -> Vec<Told> {
        let mut all = self.greeted(reader);
        // What is all of a greeting tells nothing beside, however long it is.
        let starts: Vec<usize> = all.iter().map(|told| told.span.start).collect();
        let words = self.words;
        self.sentences.retain(|part| {
            let Range { start, end } = part.sentence.words;
            let before = |word: usize| starts.partition_point(|at| *at < words.span(word).start);
            before(start) == before(end)
        });
        all.extend(self.passages(reader, heading, which));
        all.sort_by_key(|told| told.span.start);
        all
    }

    /// What greetings say.
    fn greeted(&self, reader: &mut Reader<'_>) -> Vec<Told> {
        let (packs, words) = (reader.packs, self.words);
        let told = self.greetings.iter().flat_map(|part| {
            let field = part.field(reader, words, self.addressed);
            greetings::told(packs, words, &part.sentence, &field)
        });
        told.collect()
    }

    /// What the other sentences say.
    fn passages(
        mut self,
        reader: &mut Reader<'_>,
        heading: &Heading,
        which: Passages,
    ) -> Vec<Told> {
        let packs = reader.packs;
        let leaning = Leaning::new(packs, self.words, &heading.leaning);
        if which == Passages::All {
            self.read(reader, |_| true);
        } else {
            self.read_candidates(reader, heading.above(packs), &leaning);
            // What speaks against it elsewhere in the text is read only where something is left to speak against.
            if self
                .judge(packs, heading, &leaning, &self.best_in_text(packs), which)
                .is_empty()
            {
                return Vec::new();
            }
            let words = self.words;
            let wide = |glances: &Glances, part: &Part| is_wide(words, &part.sentence, glances);
            let wanted: Vec<bool> = self
                .sentences
                .iter()
                .map(|part| wide(&reader.glances, part))
                .collect();
            self.read(reader, |at| wanted.get(at).is_some_and(|it| *it));
        }
        let weighed = self.sentences.iter().filter_map(|it| it.weighed.as_ref());
        let text_wide = text_wide(packs.language(), weighed);
        self.judge(packs, heading, &leaning, &text_wide, which)
    }

    /// Reads those sentences of which a passage can come, and those that may count for them.
    fn read_candidates(&mut self, reader: &mut Reader<'_>, above: Above, leaning: &Leaning<'_>) {
        let seen = self.sentences.iter().map(|it| (&it.sentence, &it.seen));
        let seen: Vec<(&Sentence, &Seen)> = seen.collect();
        let (packs, glances) = (reader.packs, &reader.glances);
        let mut ceilings = Ceilings::new(
            packs,
            self.words,
            &seen,
            glances,
            above,
            leaning,
            &mut reader.present,
        );
        for at in 0..self.sentences.len() {
            if ceilings.may_be_finding(at)
                && let Some((sentence, weighed)) = self.read_one(reader, at)
            {
                ceilings.settle(at, sentence, weighed);
            }
        }
        let mut wanted = vec![false; self.sentences.len()];
        for at in (0..self.sentences.len()).filter(|at| ceilings.may_be_finding(*at)) {
            let from = at.saturating_sub(FAR_BACK);
            let near = wanted.iter_mut().skip(from).take(at + 2 - from);
            near.for_each(|it| *it = true);
        }
        self.read(reader, |at| wanted.get(at).is_some_and(|it| *it));
    }

    /// Looks into those sentences that are wanted and were not yet looked into.
    fn read(&mut self, reader: &mut Reader<'_>, wanted: impl Fn(usize) -> bool) {
        for at in (0..self.sentences.len()).filter(|at| wanted(*at)) {
            self.read_one(reader, at);
        }
    }

    fn read_one(&mut self, reader: &mut Reader<'_>, at: usize) -> Option<(&Sentence, &Weighed)> {
        let (packs, words) = (reader.packs, self.words);
        let part = self.sentences.get_mut(at)?;
        let weighed = match part.weighed.take() {
            Some(weighed) => weighed,
            None => weigh(packs, words, &part.field(reader, words, self.addressed)),
        };
        Some((&part.sentence, part.weighed.insert(weighed)))
    }

    /// The cues that may tell of somebody in the whole text.
    fn best_in_text(&self, packs: &Packs) -> Vec<u16> {
        let mut seen = self.sentences.iter().map(|it| &it.seen);
        if !seen.any(|seen| seen.somebody_in_text > 0.0) {
            return Vec::new();
        }
        let cues = (0..).zip(&packs.language().cues);
        let cues = cues.filter(|(_, cue)| cue.tells == Tells::Somebody && cue.reach == Reach::Text);
        cues.map(|(at, _)| at).collect()
    }

    /// The passages among the sentences that were read.
    fn judge(
        &self,
        packs: &Packs,
        heading: &Heading,
        leaning: &Leaning<'_>,
        text_wide: &[u16],
        which: Passages,
    ) -> Vec<Told> {
        let unread = Weighed::default();
        let mut all = Vec::new();
        for (at, part) in self.sentences.iter().enumerate() {
            let Some(weighed) = &part.weighed else {
                continue;
            };
            let near = |it: &&Part| it.sentence.paragraph.abs_diff(part.sentence.paragraph) <= 1;
            let before = self.sentences.get(at.saturating_sub(FAR_BACK)..at);
            let before = before.unwrap_or_default().iter().rev().filter(near);
            // One that was not looked into still lies between.
            let before = before.map(|it| it.weighed.as_ref().unwrap_or(&unread));
            let before: Vec<&Weighed> = before.collect();
            let after = self.sentences.get(at + 1).filter(near);
            let around = Around {
                before: &before,
                after: after.and_then(|it| it.weighed.as_ref()),
                heading: &heading.sentences,
                text_wide,
            };
            for topic in &weighed.topics {
                let leans = leaning.of(topic.subject, &part.sentence.words);
                let Some(judged) = judge(packs, topic, weighed, &around, leans, which) else {
                    continue;
                };
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
        all
    }
}
