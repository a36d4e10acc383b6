//! Words as they are written, each looked at once: most words of a text are there many times, most words of a message were in one
//! before it, and what the packs know of a word does not depend on where it stands.

mod recent;

use std::ops::Range;

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

use crate::detect::subject::forms::recent::Recent;
use crate::detect::subject::traits::Traits;
use crate::pattern::{Packs, Token, fold_word};

/// The words met so far, in this message and in those before it.
pub(in crate::detect) struct Forms<'p> {
    packs: &'p Packs,
    /// Seeded, so that nobody can choose words that take long to find.
    hasher: DefaultHashBuilder,
    table: HashTable<FormId>,
    /// Short ones that were met of late, which are found sooner.
    recent: Recent,
    forms: Vec<Form>,
    /// The letters of all of them, as written and folded.
    letters: String,
    /// The literals of all of them.
    literals: Vec<u32>,
    /// What they are of.
    tokens: Vec<Token>,
    /// How many digits the longest number has that is a word of a pack.
    longest_number: usize,
}

/// A word as it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FormId(u32);

struct Form {
    written: Stretch,
    folded: Stretch,
    literals: Stretch,
    tokens: Stretch,
    /// Where it stands among the words that lean.
    leaning: Option<u32>,
    sketch: Sketch,
}

/// What a word brings to a sentence, as far as it can be told before phrases are looked for.
#[derive(Clone, Copy, Default)]
pub(super) struct Sketch {
    /// What it can at most weigh as what tells of somebody.
    pub(super) somebody: f32,
    /// The same for the whole text.
    pub(super) somebody_in_text: f32,
    /// What kind of word it is.
    pub(super) traits: Traits,
}

/// A range in one of the lists of [`Forms`], small because there are many.
#[derive(Clone, Copy, Default)]
struct Stretch {
    start: u32,
    length: u32,
}

/// How many words are remembered. Fixed: 32,768, some 4 MB; then all are forgotten and met anew.
const MOST: usize = 1 << 15;
/// The longest run of letters that is taken for a word. Fixed: 64 octets, more than the longest compound in use; a longer one is
/// encoded data and stands among the words as a word that no pack has.
const LONGEST: usize = 64;

impl FormId {
    /// A number longer than any that packs look for. It is not remembered: a table of measurements has no two alike.
    const NUMBER: Self = Self(0);
    /// Letters too many for a word.
    const ENDLESS: Self = Self(1);
}

impl<'p> Forms<'p> {
    pub(in crate::detect) fn new(packs: &'p Packs) -> Self {
        let mut forms = Self {
            packs,
            hasher: DefaultHashBuilder::default(),
            table: HashTable::with_capacity(1024),
            recent: Recent::default(),
            forms: Vec::with_capacity(1024),
            letters: String::new(),
            literals: Vec::new(),
            tokens: Vec::new(),
            longest_number: packs.lexicon().longest_number(),
        };
        forms.forget();
        forms
    }

    /// The form of a word that is all digits.
    pub(super) fn of_number(&mut self, written: &str) -> FormId {
        if written.len() > self.longest_number {
            FormId::NUMBER
        } else {
            self.of(written)
        }
    }

    /// The form of a word.
    pub(super) fn of(&mut self, written: &str) -> FormId {
        if written.len() > LONGEST {
            return FormId::ENDLESS;
        }
        let Some(key) = recent::Key::of(written) else {
            return self.find(written);
        };
        match self.recent.find(key) {
            Some(id) => id,
            None => {
                let id = self.find(written);
                self.recent.put(key, id);
                id
            }
        }
    }

    fn find(&mut self, written: &str) -> FormId {
        let hash = self.hasher.hash_one(written.as_bytes());
        let (forms, letters) = (&self.forms, self.letters.as_bytes());
        let known = self.table.find(hash, |id| {
            forms
                .get(index(id.0))
                .is_some_and(|form| letters.get(form.written.range()) == Some(written.as_bytes()))
        });
        match known {
            Some(id) => *id,
            None => self.meet(written, hash),
        }
    }

    /// Forgets all words where there are too many of them. No form that was given before is valid any more.
    pub(super) fn forget_if_full(&mut self) {
        if self.forms.len() > MOST {
            self.forget();
        }
    }

    /// The word folded, as packs compare it. Of a number that is not remembered nothing is known here.
    pub(super) fn folded(&self, id: FormId) -> Option<&str> {
        let form = self.forms.get(index(id.0))?;
        (id != FormId::NUMBER).then(|| form.folded.of_text(&self.letters))
    }

    /// The literals of packs that it may stand for, ascending.
    pub(super) fn literals(&self, id: FormId) -> &[u32] {
        self.forms
            .get(index(id.0))
            .and_then(|form| self.literals.get(form.literals.range()))
            .unwrap_or_default()
    }

    /// The literals that it may stand for, and all classes they are of without another word.
    pub(super) fn tokens(&self, id: FormId) -> &[Token] {
        self.forms
            .get(index(id.0))
            .and_then(|form| self.tokens.get(form.tokens.range()))
            .unwrap_or_default()
    }

    /// What it leans to, of every subject; `None` where that is not known.
    pub(super) fn leaning(&self, id: FormId) -> Option<&[i32]> {
        let row = self.forms.get(index(id.0))?.leaning?;
        Some(self.packs.leanings().weights(row))
    }

    /// What it brings to a sentence.
    pub(super) fn sketch(&self, id: FormId) -> Sketch {
        self.forms
            .get(index(id.0))
            .map_or_else(Sketch::default, |form| form.sketch)
    }

    fn forget(&mut self) {
        self.table.clear();
        self.recent = Recent::default();
        self.forms.clear();
        self.letters.clear();
        self.literals.clear();
        self.tokens.clear();
        let none = Stretch::default();
        let nothing = |folded, traits| Form {
            written: none,
            folded,
            literals: none,
            tokens: none,
            leaning: None,
            sketch: Sketch {
                traits,
                ..Sketch::default()
            },
        };
        self.letters.push('\u{1}');
        // In the order of [`FormId::NUMBER`] and [`FormId::ENDLESS`].
        self.forms.push(nothing(none, Traits::DIGITS));
        self.forms.push(nothing(stretch(0, 1), Traits::default()));
    }

    /// Remembers a word that was not met before.
    fn meet(&mut self, written: &str, hash: u64) -> FormId {
        let id = FormId(u32::try_from(self.forms.len()).unwrap_or(u32::MAX));
        let start = self.letters.len();
        self.letters.push_str(written);
        let middle = self.letters.len();
        fold_word(written, &mut self.letters);
        let folded = self.letters.get(middle..).unwrap_or_default();
        let lexicon = self.packs.lexicon();
        let first = self.literals.len();
        let literals = &mut self.literals;
        lexicon.search().see(folded, |seen| {
            let before = folded.get(..seen.start).unwrap_or_default();
            let after = folded.get(seen.end..).unwrap_or_default();
            let literal = lexicon.literal(seen.literal);
            if literal.is_some_and(|literal| literal.fits(before, after, written)) {
                literals.push(seen.literal);
            }
        });
        let here = self.literals.split_off(first);
        let here = distinct(here);
        let mut sketch = Sketch {
            traits: Traits::of(written, folded, &self.packs.language().names),
            ..Sketch::default()
        };
        let first_token = self.tokens.len();
        let of_literal = |literal: &u32| lexicon.is_all(lexicon.tokens().of_literal(*literal));
        // Literals of one word are often of the same classes.
        self.tokens.extend(distinct(
            here.iter().flat_map(of_literal).copied().collect(),
        ));
        for &token in self.tokens.get(first_token..).unwrap_or_default() {
            sketch.somebody = sketch.somebody.max(lexicon.somebody(token));
            let in_text = lexicon.somebody_in_text(token);
            sketch.somebody_in_text = sketch.somebody_in_text.max(in_text);
            if lexicon.leads_to_topic(token) {
                sketch.traits = sketch.traits.with(Traits::TOPIC);
            }
            if lexicon.leads_to_greeting(token) {
                sketch.traits = sketch.traits.with(Traits::GREETED);
            }
            if lexicon.is_wide(token) {
                sketch.traits = sketch.traits.with(Traits::WIDE);
            }
        }
        self.literals.extend(here);
        let leaning = self.packs.leanings().row(folded);
        self.forms.push(Form {
            written: stretch(start, middle),
            folded: stretch(middle, self.letters.len()),
            literals: stretch(first, self.literals.len()),
            tokens: stretch(first_token, self.tokens.len()),
            leaning,
            sketch,
        });
        let (hasher, forms, letters) = (&self.hasher, &self.forms, &self.letters);
        self.table.insert_unique(hash, id, |id| {
            let form = forms.get(index(id.0));
            let written = form.map_or("", |form| form.written.of_text(letters));
            hasher.hash_one(written.as_bytes())
        });
        id
    }
}

impl Stretch {
    fn range(self) -> Range<usize> {
        let start = index(self.start);
        start..start + index(self.length)
    }

    fn of_text(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

fn stretch(start: usize, end: usize) -> Stretch {
    let small = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Stretch {
        start: small(start),
        length: small(end.saturating_sub(start)),
    }
}

fn distinct<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort_unstable();
    all.dedup();
    all
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::FingerprintKey;

    #[test]
    fn a_word_is_met_once_and_found_again() {
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        let mut forms = Forms::new(&packs);
        let first = forms.of("Diagnosen");
        assert_eq!(forms.of("Diagnosen"), first);
        assert_ne!(forms.of("diagnosen"), first);
        assert_eq!(forms.folded(first), Some("diagnosen"));
        assert!(!forms.literals(first).is_empty());
        assert!(forms.sketch(first).traits.has(Traits::TOPIC));
    }

    #[test]
    fn what_no_pack_can_have_is_not_remembered() {
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        let mut forms = Forms::new(&packs);
        let number = forms.of_number("1203521234567");
        assert_eq!(forms.folded(number), None);
        let endless = forms.of(&"a".repeat(LONGEST + 1));
        assert_eq!(forms.folded(endless), Some("\u{1}"));
        assert!(forms.literals(endless).is_empty());
    }

    #[test]
    fn too_many_words_are_forgotten() {
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        let mut forms = Forms::new(&packs);
        for word in 0..=MOST {
            forms.of(&format!("x{word}"));
        }
        forms.forget_if_full();
        assert!(forms.forms.len() < 3);
        let word = forms.of("Diagnosen");
        assert_eq!(forms.folded(word), Some("diagnosen"));
    }
}
