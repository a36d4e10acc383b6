//! What is seen of a sentence at a glance, before any phrase is looked for.

use crate::detect::subject::glance::Glances;
use crate::detect::subject::names::{may_begin_name, may_begin_sentence};
use crate::detect::subject::persons::{Addressed, is_cpr, is_english_i};
use crate::detect::subject::sentences::Sentence;
use crate::detect::subject::traits::Traits;
use crate::detect::subject::words::Words;
use crate::pattern::{Lexicon, Present};

/// What is seen of a sentence at a glance.
pub(super) struct Seen {
    /// What it can at most weigh as what tells of somebody.
    pub(super) somebody: f32,
    /// The same for the whole text.
    pub(super) somebody_in_text: f32,
    /// Whether phrases of subjects may be in it.
    pub(super) may_have_topic: bool,
    /// Which classes the program itself may see in it.
    glances: [bool; Glances::ALL],
}

impl Seen {
    /// At a sentence, in a text that is addressed so.
    pub(super) fn of(
        words: Words<'_>,
        sentence: &Sentence,
        addressed: Addressed,
        glances: &Glances,
    ) -> Self {
        let mut traits = Traits::default();
        let (mut proper, mut cpr) = (false, false);
        let (mut somebody, mut somebody_in_text) = (0.0_f32, 0.0_f32);
        for word in sentence.words.clone() {
            let sketch = words.sketch(word);
            traits = traits.with(sketch.traits);
            somebody = somebody.max(sketch.somebody);
            somebody_in_text = somebody_in_text.max(sketch.somebody_in_text);
            if sketch.traits.has(Traits::CAPITAL) && !proper {
                let may_begin = match word == sentence.words.start {
                    true => may_begin_sentence,
                    false => may_begin_name,
                };
                proper = may_begin(words, word, sketch.traits) || is_english_i(words, word);
            }
            cpr = cpr || sketch.traits.has(Traits::DIGITS) && is_cpr(words, word);
        }
        let has_digits = traits.has(Traits::DIGITS);
        let mut seen = Self {
            somebody,
            somebody_in_text,
            may_have_topic: traits.has(Traits::TOPIC),
            glances: [
                proper || traits.has(Traits::TITLE.with(Traits::FREQUENT)),
                addressed == Addressed::ToSomebody && traits.has(Traits::YOU),
                // `kr` may belong to digits behind the end of the sentence.
                has_digits || traits.has(Traits::AMOUNT),
                cpr,
                // Whether something is left open is seen between words only.
                true,
            ],
        };
        for (glance, is_seen) in glances.all().into_iter().zip(seen.glances) {
            if is_seen {
                seen.somebody = seen.somebody.max(glance.somebody);
                seen.somebody_in_text = seen.somebody_in_text.max(glance.somebody_in_text);
                seen.may_have_topic |= glance.may_have_topic;
            }
        }
        seen
    }

    /// Puts in what may be in the sentence of which this was seen.
    pub(super) fn fill(
        &self,
        present: &mut Present,
        lexicon: &Lexicon,
        words: Words<'_>,
        sentence: &Sentence,
        glances: &Glances,
    ) {
        present.clear();
        let seen = glances.all().into_iter().zip(self.glances);
        for (glance, _) in seen.filter(|(_, is_seen)| *is_seen) {
            present.insert_all(lexicon, &glance.tokens);
        }
        for word in sentence.words.clone() {
            present.insert_all(lexicon, words.tokens(word));
        }
        present.spread(lexicon);
    }
}

/// Whether a sentence may have a cue that counts for the whole text.
pub(super) fn is_wide(words: Words<'_>, sentence: &Sentence, glances: &Glances) -> bool {
    sentence.words.clone().any(|word| {
        let traits = words.traits(word);
        traits.has(Traits::WIDE)
            || glances.named.is_wide
            || glances.addressed.is_wide
            || (glances.counted.is_wide || glances.cpr.is_wide) && traits.has(Traits::DIGITS)
            || glances.blank.is_wide && may_be_blank(words.gap_after(word))
    })
}

/// Whether something may be left open there to be filled in.
fn may_be_blank(gap: &str) -> bool {
    gap.contains(['_', '[', '{']) || gap.contains("....")
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::detect::subject::forms::Forms;
    use crate::detect::subject::persons::Computed;
    use crate::detect::subject::sentences::Role;
    use crate::detect::subject::words::Row;
    use crate::pattern::{FingerprintKey, Packs};

    static PACKS: LazyLock<Packs> = LazyLock::new(|| Packs::shipped(FingerprintKey::new([7; 32])));

    /// Words of every kind that names are told by.
    const WORDS: [&str; 24] = [
        "Sisikka",
        "Tinzmann",
        "Gurpreet",
        "von",
        "de",
        "der",
        "af",
        "Hansen",
        "Lone",
        "lone",
        "Kim",
        "Maj",
        "har",
        "er",
        "ringede",
        "fru",
        "Borger",
        "MEDARBEJDER",
        "HANSEN",
        "P",
        "I",
        "am",
        "Kontakt",
        "12",
    ];

    /// Whether a name that is there is not seen at a glance.
    fn is_passed_over(text: &str) -> bool {
        let packs: &Packs = &PACKS;
        let (mut forms, mut row) = (Forms::new(packs), Row::default());
        row.read(text, 0, usize::MAX, &mut forms);
        let words = Words::new(text, &row, &forms);
        let sentence = Sentence {
            words: 0..words.len(),
            role: Role::Tells,
            paragraph: 0,
        };
        let computed = Computed::new(packs.lexicon());
        let glances = Glances::new(packs.lexicon(), &computed);
        let names = [computed.name, computed.maybe_name, computed.english_i];
        let members = computed.members(words, &sentence, Addressed::Openly);
        let is_named = members.iter().any(|it| names.contains(&Some(it.class)));
        let seen = Seen::of(words, &sentence, Addressed::Openly, &glances);
        is_named && !seen.glances[0]
    }

    #[test]
    fn particles_and_initials_before_the_last_name_are_looked_behind() {
        for text in [
            "Sisikka von Tinzmann",
            "Sisikka P von P",
            "Sisikka P. P. von P",
        ] {
            assert!(!is_passed_over(text), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// A sentence is passed over for want of somebody: a name that is there must be seen at a glance.
        #[test]
        fn no_name_is_passed_over(picked in prop::collection::vec((prop::sample::select(&WORDS[..]), "[ ]|-|\\. |: |, "), 1..8)) {
            let text: String = picked.iter().flat_map(|(word, gap)| [word, gap.as_str()]).collect();
            prop_assert!(!is_passed_over(&text), "{text:?}");
        }
    }
}
