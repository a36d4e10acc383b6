//! What is doubtful in packs that can be used: what in them does nothing.
//!
//! Nothing is told that is only likely. A phrase is said to be unreachable only where everything it can find is surely
//! found by another as well, so that whoever removes it loses nothing.

mod classes;
mod idle;
mod labels;
mod phrases;
mod wide;
mod within;

use crate::pattern::compile::{Files, Problems, merge};
use crate::pattern::file::{Entry, PatternFile, SubjectFile};
use crate::pattern::{Gravity, Origin, PackSet, Problem};

/// Everything doubtful in packs that compile: warnings only.
pub fn lint(set: &PackSet) -> Vec<Problem> {
    let mut problems = Problems::new(Files::new(&set.sources));
    let merged = merge(set, &mut problems);
    for pattern in &merged.patterns {
        unproven(pattern, &mut problems);
        if let Some(cpr) = &pattern.cpr {
            labels::covered(cpr, &mut problems);
        }
        if let Some(subject) = &pattern.subject {
            phrases::covered(subject, &merged.language, &mut problems);
            idle::other(subject, &merged.language, &mut problems);
            without_phrases(pattern, subject, &mut problems);
        }
    }
    phrases::covered_in_language(&merged.language, &mut problems);
    classes::idle(&merged, &mut problems);
    let mut warnings = problems.finish();
    warnings.retain(|problem| problem.gravity == Gravity::Warning);
    warnings
}

fn unproven(pattern: &PatternFile, problems: &mut Problems<'_>) {
    if pattern.example.is_empty() {
        problems.warn(
            Problem::UNPROVEN,
            pattern.id.span(),
            format!("no example proves `{}`", pattern.id.get_ref()),
            "add an `[[example]]` in which it must find something, so that a change that loses it is noticed",
        );
    }
}

fn without_phrases(pattern: &PatternFile, subject: &SubjectFile, problems: &mut Problems<'_>) {
    let SubjectFile {
        says,
        suggests,
        hints,
        greets,
        ..
    } = subject;
    if [says, suggests, hints, greets]
        .iter()
        .all(|list| list.is_empty())
    {
        problems.warn(
            Problem::IDLE,
            pattern.id.span(),
            format!("`{}` has no phrase, so it finds nothing", pattern.id.get_ref()),
            "add phrases to `says`, `suggests`, `hints` or `greets`, or name it in `disable` in the configuration",
        );
    }
}

/// Whether to tell of `narrow` that `wide` makes it idle: not of a shipped pack that a local one happens to go beyond.
fn is_to_be_told(narrow: &Entry, wide: &Entry, problems: &Problems<'_>) -> bool {
    let origin = |entry: &Entry| problems.files().locate(&entry.span()).map(|it| it.0.origin);
    !(origin(narrow) == Some(Origin::Shipped) && origin(wide) == Some(Origin::Local))
}
