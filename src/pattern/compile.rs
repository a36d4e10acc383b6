//! From packs as written to patterns as believed: every problem at once.

mod cpr;
mod files;
mod language;
mod leaning;
mod merge;
mod near;
mod problems;
mod subject;

use std::ops::Range;

use toml::Spanned;

use crate::pattern::cpr::{CprPattern, Example, Named, Proves};
use crate::pattern::file::{Entry, PatternFile, Sentence};
use crate::pattern::language::{COMPUTED, Language};
use crate::pattern::leaning::Leanings;
use crate::pattern::lexicon::{Builder, LANGUAGE, Lexicon};
use crate::pattern::subject::SubjectPattern;
use crate::pattern::version::{Digests, digests};
use crate::pattern::{Category, PackSet, Problem};

pub(super) use cpr::groups;
pub(super) use files::Files;
pub(super) use merge::{Merged, merge};
pub(super) use near::near;
pub(super) use problems::Problems;

/// The most packs of a set. Fixed: 200, beyond which the packs are refused.
const MOST_PACKS: usize = 200;
/// The most patterns of all packs together. Fixed: 100. Each is weighed for each sentence of a message; beyond it the packs
/// are refused.
const MOST_PATTERNS: usize = 100;
/// The most examples and counterexamples of one pattern. Fixed: 2000, for they are run before packs go live; beyond it the
/// packs are refused.
const MOST_EXAMPLES: usize = 2000;
/// The longest text of an example. Fixed: 10,000 octets; beyond it the packs are refused.
const LONGEST_EXAMPLE: usize = 10_000;
/// The most phrases of all packs together. Fixed: 60,000; beyond it the packs are refused.
const MOST_PHRASES: usize = 60_000;
/// The most letters of all different words of all phrases together. Fixed: 600,000 octets, some 60,000 words. It bounds
/// what they take of memory; beyond it the packs are refused.
const MOST_LETTERS: usize = 600_000;

/// Everything packs say, compiled.
#[derive(Clone, Default, Debug)]
pub(super) struct Compiled {
    pub(super) cpr: Vec<CprPattern>,
    pub(super) subjects: Vec<SubjectPattern>,
    pub(super) language: Language,
    pub(super) lexicon: Lexicon,
    pub(super) leanings: Leanings,
    /// The patterns that were switched off.
    pub(super) off: Vec<Box<str>>,
    pub(super) digests: Digests,
}

/// Compiles all packs of a set. Warnings alone stop nothing, and are told by [`lint`](super::lint::lint).
pub(super) fn compile(set: &PackSet) -> Result<Compiled, Vec<Problem>> {
    let mut problems = Problems::new(Files::new(&set.sources));
    bound(set, &mut problems);
    let merged = merge(set, &mut problems);
    let compiled = believe(&merged, &mut problems);
    match compiled {
        Some(compiled) if problems.none_is_grave() => Ok(Compiled {
            off: merged.off,
            ..compiled
        }),
        _ => Err(problems.finish()),
    }
}

/// `None` where that was told as a problem.
fn believe(merged: &Merged, problems: &mut Problems<'_>) -> Option<Compiled> {
    let mut builder = Builder::default();
    // The classes of the language first, for any pattern may name them.
    for name in COMPUTED.iter().copied() {
        builder.class(LANGUAGE, name);
    }
    for name in merged.language.classes.keys() {
        builder.class(LANGUAGE, name);
    }
    if let Some(one_more) = merged.patterns.get(MOST_PATTERNS) {
        problems.add(
            Problem::LIMIT,
            one_more.id.span(),
            format!(
                "there are {} patterns, and {MOST_PATTERNS} is the most",
                merged.patterns.len()
            ),
            "put what belongs to one category into one pattern",
        );
    }
    let language = language::language(&merged.language, &mut builder, problems);
    let mut cpr = Vec::new();
    let mut subjects = Vec::new();
    for file in &merged.patterns {
        let head = head(file, problems);
        match (&file.cpr, &file.subject) {
            (Some(file), None) => cpr.extend(cpr::pattern(head, file, problems)),
            (None, Some(file)) => {
                let index = u16::try_from(subjects.len()).unwrap_or(u16::MAX);
                subjects.push(subject::pattern(head, file, index, &mut builder, problems));
            }
            _ => problems.add(
                Problem::VALUE,
                head.span,
                format!("`{}` does not say what it finds", head.id),
                "give it one table: [pattern.cpr] for numbers, or [pattern.subject] for words",
            ),
        }
    }
    let leanings = leaning::leanings(&merged.leanings, &subjects, &merged.off, problems);
    let lexicon = lexicon(builder, &language, problems)?;
    Some(Compiled {
        leanings,
        cpr,
        subjects,
        language,
        lexicon,
        off: Vec::new(),
        digests: digests(merged),
    })
}

/// The phrases compiled together, if they are not too many.
fn lexicon(builder: Builder, language: &Language, problems: &mut Problems<'_>) -> Option<Lexicon> {
    let remedy = "use `*` for what phrases have in common, or fewer phrases";
    let mut too_many = |what: &str, count: usize, most: usize| {
        if count > most {
            problems.add(
                Problem::LIMIT,
                0..0,
                format!("the packs have {count} {what} together, and {most} is the most"),
                remedy,
            );
        }
        count > most
    };
    let is_too_much = too_many("phrases", builder.len(), MOST_PHRASES)
        | too_many("classes", builder.classes(), usize::from(u16::MAX) / 2)
        | too_many(
            "letters in different words",
            builder.letters(),
            MOST_LETTERS,
        );
    if is_too_much || !problems.none_is_grave() {
        return None;
    }
    Some(builder.build(&language.cues))
}

fn bound(set: &PackSet, problems: &mut Problems<'_>) {
    if set.sources.len() > MOST_PACKS {
        problems.add(
            Problem::LIMIT,
            0..0,
            format!(
                "there are {} packs, and {MOST_PACKS} is the most",
                set.sources.len()
            ),
            "put several patterns into one pack",
        );
    }
}

/// What every pattern says of itself.
struct Head {
    id: Box<str>,
    span: Range<usize>,
    name: Named,
    description: Named,
    category: Category,
    examples: Vec<Example>,
}

fn head(file: &PatternFile, problems: &mut Problems<'_>) -> Head {
    let id = file.id.get_ref();
    let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    if id.is_empty() || id.len() > 60 || !id.chars().all(named) {
        problems.add(
            Problem::VALUE,
            file.id.span(),
            format!("`{id}` is no name of a pattern"),
            "use up to 60 lower case letters, digits, `-` and `.`, as in `dk.cpr`",
        );
    }
    Head {
        id: id.as_str().into(),
        span: file.id.span(),
        name: both(&file.name),
        description: both(&file.description),
        category: file.category,
        examples: examples(file, problems),
    }
}

fn examples(file: &PatternFile, problems: &mut Problems<'_>) -> Vec<Example> {
    let finds = file
        .example
        .iter()
        .map(|it| (&it.text, Proves::Finds(it.finds)));
    let nots = file
        .counterexample
        .iter()
        .map(|it| (&it.text, Proves::Not(it.because.as_str().into())));
    let all: Vec<(&Entry, Proves)> = finds.chain(nots).collect();
    if all.len() > MOST_EXAMPLES {
        problems.add(
            Problem::LIMIT,
            file.id.span(),
            format!(
                "`{}` has {} examples, and {MOST_EXAMPLES} is the most",
                file.id.get_ref(),
                all.len()
            ),
            "keep those that prove something no other does; a corpus is for `sluse evaluate`",
        );
        return Vec::new();
    }
    all.into_iter()
        .filter_map(|(text, proves)| example(text, proves, problems))
        .collect()
}

fn example(text: &Entry, proves: Proves, problems: &mut Problems<'_>) -> Option<Example> {
    if text.get_ref().len() > LONGEST_EXAMPLE {
        problems.add(
            Problem::LIMIT,
            text.span(),
            format!("this text is longer than {LONGEST_EXAMPLE} octets"),
            "shorten it to what it proves",
        );
        return None;
    }
    let (pack, span) = problems.files().locate(&text.span())?;
    Some(Example {
        file: pack.file.clone(),
        span,
        text: text.get_ref().as_str().into(),
        proves,
    })
}

/// A weight or a bar: a number that is one, and in its range.
fn is_number_in(number: &Spanned<f32>, range: std::ops::RangeInclusive<f32>) -> bool {
    // What is no number is in no range.
    range.contains(number.get_ref())
}

fn both(sentence: &Sentence) -> Named {
    Named {
        da: sentence.da.as_str().into(),
        en: sentence.en.as_str().into(),
    }
}
