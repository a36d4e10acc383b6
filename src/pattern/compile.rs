//! From packs as written to patterns as believed: every problem at once.

mod cpr;
mod language;
mod subject;

use std::ops::Range;

use toml::Spanned;

use crate::pattern::cpr::{CprPattern, Example, Named, Proves};
use crate::pattern::file::{PackFile, PatternFile, Sentence};
use crate::pattern::language::{COMPUTED, Language, Tells};
use crate::pattern::lexicon::{Builder, LANGUAGE, Lexicon};
use crate::pattern::subject::SubjectPattern;
use crate::pattern::{Category, PackSource, Problem};

/// The most octets of one pack. Default 1 MiB; beyond it the pack is refused.
const MOST_OCTETS: usize = 1 << 20;
/// The most phrases of all packs together. It bounds what they take of memory; beyond it the packs are refused.
const MOST_PHRASES: usize = 60_000;

/// Everything packs say, compiled.
#[derive(Default, Debug)]
pub(super) struct Compiled {
    pub(super) cpr: Vec<CprPattern>,
    pub(super) subjects: Vec<SubjectPattern>,
    pub(super) language: Language,
    pub(super) lexicon: Lexicon,
}

/// Compiles all packs.
pub(super) fn compile(sources: &[PackSource]) -> Result<Compiled, Vec<Problem>> {
    let mut problems = Problems::default();
    let files: Vec<(&PackSource, PackFile)> = sources
        .iter()
        .filter_map(|source| {
            problems.file = source.file.clone();
            Some((source, read(source, &mut problems)?))
        })
        .collect();
    let mut cpr = Vec::new();
    let mut subjects = Vec::new();
    let mut language = Language::default();
    let mut builder = Builder::default();
    for name in COMPUTED {
        builder.class(LANGUAGE, name);
    }
    // The classes of the language first, for any pack may name them.
    for (_, file) in &files {
        for name in file.language.iter().flat_map(|it| it.classes.keys()) {
            builder.class(LANGUAGE, name);
        }
    }
    let mut known = Vec::new();
    for (source, file) in files {
        problems.file = source.file.clone();
        if let Some(file) = file.language {
            language::add(file, &mut language, &mut builder, &mut problems);
        }
        for file in file.pattern {
            let Some(head) = head(&file, &mut known, &mut problems) else {
                continue;
            };
            match (&file.cpr, &file.subject) {
                (Some(file), None) => cpr.extend(cpr::pattern(head, file, &mut problems)),
                (None, Some(file)) => {
                    let index = u16::try_from(subjects.len()).unwrap_or(u16::MAX);
                    subjects.push(subject::pattern(
                        head,
                        file,
                        index,
                        &mut builder,
                        &mut problems,
                    ));
                }
                _ => problems.add(
                    Problem::VALUE,
                    head.span,
                    format!("`{}` does not say what it finds", head.id),
                    "give it one table: [pattern.cpr] for numbers, or [pattern.subject] for words",
                ),
            }
        }
    }
    if builder.len() > MOST_PHRASES {
        problems.add(
            Problem::LIMIT,
            0..0,
            format!(
                "the packs have {} phrases together, and {MOST_PHRASES} is the most",
                builder.len()
            ),
            "use `*` for what phrases have in common",
        );
    }
    if !problems.found.is_empty() {
        return Err(problems.found);
    }
    let tells_of_somebody = |cue: u16| {
        let cue = language.cues.get(usize::from(cue));
        cue.is_some_and(|cue| cue.tells == Tells::Somebody)
    };
    let lexicon = builder.build(tells_of_somebody);
    Ok(Compiled {
        cpr,
        subjects,
        language,
        lexicon,
    })
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

fn head(file: &PatternFile, known: &mut Vec<String>, problems: &mut Problems) -> Option<Head> {
    let id = file.id.get_ref();
    let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    if id.is_empty() || !id.chars().all(named) {
        problems.add(
            Problem::VALUE,
            file.id.span(),
            format!("`{id}` is no name of a pattern"),
            "use lower case letters, digits, `-` and `.`, as in `dk.cpr`",
        );
    }
    if known.contains(id) {
        problems.add(
            Problem::TWICE,
            file.id.span(),
            format!("there are two patterns `{id}`"),
            "give each pattern a name of its own",
        );
        return None;
    }
    known.push(id.clone());
    Some(Head {
        id: id.as_str().into(),
        span: file.id.span(),
        name: both(&file.name),
        description: both(&file.description),
        category: file.category,
        examples: examples(file, &problems.file),
    })
}

#[derive(Default)]
struct Problems {
    file: Box<str>,
    found: Vec<Problem>,
}

impl Problems {
    fn add(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: String,
        remedy: &'static str,
    ) {
        self.found.push(Problem {
            code,
            file: self.file.clone(),
            span,
            message,
            remedy,
        });
    }
}

fn read(source: &PackSource, problems: &mut Problems) -> Option<PackFile> {
    if source.text.len() > MOST_OCTETS {
        problems.add(
            Problem::LIMIT,
            0..0,
            format!("the pack is longer than {MOST_OCTETS} octets"),
            "split it into several packs",
        );
        return None;
    }
    match toml::from_str::<PackFile>(&source.text) {
        Ok(file) => Some(file),
        Err(error) => {
            problems.add(
                Problem::UNREADABLE,
                error.span().unwrap_or_default(),
                error.message().to_owned(),
                "see the shipped packs `dk/cpr.toml` and `dk/health.toml`, in which every key is explained",
            );
            None
        }
    }
}

fn examples(file: &PatternFile, name: &str) -> Vec<Example> {
    let example = |text: &Spanned<String>, proves| Example {
        file: name.into(),
        span: text.span(),
        text: text.get_ref().as_str().into(),
        proves,
    };
    let finds = file
        .example
        .iter()
        .map(|it| example(&it.text, Proves::Finds(it.finds)));
    let nots = file.counterexample.iter();
    let nots = nots.map(|it| example(&it.text, Proves::Not(it.because.as_str().into())));
    finds.chain(nots).collect()
}

fn both(sentence: &Sentence) -> Named {
    Named {
        da: sentence.da.as_str().into(),
        en: sentence.en.as_str().into(),
    }
}
