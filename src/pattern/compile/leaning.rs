//! From lists of words by weight to what words lean to.

use toml::Spanned;

use crate::pattern::compile::language::MOST_WEIGHT;
use crate::pattern::compile::{Problems, is_number_in, near};
use crate::pattern::file::{Entry, LeaningFile};
use crate::pattern::leaning::{Leanings, stem};
use crate::pattern::subject::SubjectPattern;
use crate::pattern::{Problem, Side, fold_word};

/// The most words of all leanings together. Fixed: 50,000. With the most patterns they take 20 MB; beyond it the packs are refused.
const MOST_WORDS: usize = 50_000;

/// Of several packs that say what a word leans to, the last counts.
pub(super) fn leanings(
    files: &[LeaningFile],
    subjects: &[SubjectPattern],
    off: &[Box<str>],
    problems: &mut Problems<'_>,
) -> Leanings {
    let mut leanings = Leanings::new(subjects.len());
    for file in files {
        let Some(side) = side(file, subjects, off, problems) else {
            continue;
        };
        if let Some(bias) = file.bias.as_ref().and_then(|it| weight(it, problems)) {
            leanings.set_bias(side, bias);
        }
        for (weight, words) in &file.words {
            let Some(weight) = parsed(weight, words, problems) else {
                continue;
            };
            for word in words.get_ref().split_whitespace() {
                if !is_stem(word, words, problems) {
                    // One of a list is told, for a list may be long.
                    break;
                }
                leanings.set(side, word, weight);
                if leanings.len() > MOST_WORDS {
                    problems.add(
                        Problem::LIMIT,
                        words.span(),
                        format!("there are more than {MOST_WORDS} words that lean"),
                        "leave out those that weigh least",
                    );
                    return leanings;
                }
            }
        }
    }
    leanings
}

/// What a list is about; `None` where that is nothing.
fn side(
    file: &LeaningFile,
    subjects: &[SubjectPattern],
    off: &[Box<str>],
    problems: &mut Problems<'_>,
) -> Option<Side> {
    let Some(of) = &file.of else {
        return Some(Side::Any);
    };
    let id = of.get_ref();
    if let Some(subject) = subjects.iter().position(|it| *it.id == **id) {
        return Some(Side::Subject(u16::try_from(subject).unwrap_or(u16::MAX)));
    }
    // Nothing leans to what is switched off, and that need not be told.
    if !off.iter().any(|it| **it == **id) {
        let known = subjects.iter().map(|it| &*it.id);
        problems.add(
            Problem::VALUE,
            of.span(),
            format!("there is no pattern `{id}` of a subject"),
            match near(id, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`sluse patterns list` tells all there are".to_owned(),
            },
        );
    }
    None
}

fn weight(weight: &Spanned<f32>, problems: &mut Problems<'_>) -> Option<f32> {
    let is_good = is_number_in(weight, -MOST_WEIGHT..=MOST_WEIGHT);
    if !is_good {
        problems.add(
            Problem::VALUE,
            weight.span(),
            format!("{} is no weight", weight.get_ref()),
            REMEDY,
        );
    }
    is_good.then_some(*weight.get_ref())
}

fn parsed(key: &str, words: &Entry, problems: &mut Problems<'_>) -> Option<f32> {
    let number = key.parse().ok();
    let number = number.filter(|it| (-MOST_WEIGHT..=MOST_WEIGHT).contains(it));
    if number.is_none() {
        problems.add(
            Problem::VALUE,
            words.span(),
            format!("`{key}` is no weight"),
            REMEDY,
        );
    }
    number
}

const REMEDY: &str = "give a number from -20 to 20; below zero it speaks against the subject";

/// Whether a word is written as it is looked up.
fn is_stem(word: &str, words: &Entry, problems: &mut Problems<'_>) -> bool {
    let mut folded = String::new();
    fold_word(word, &mut folded);
    let is_good = stem(&folded) == word;
    if !is_good {
        problems.add(
            Problem::VALUE,
            words.span(),
            format!("`{word}` is not how the word is looked up"),
            format!(
                "write `{}`: without doubled letters and endings",
                stem(&folded)
            ),
        );
    }
    is_good
}
