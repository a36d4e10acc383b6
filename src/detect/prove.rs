//! The examples of every pack, run: a pattern that does not do what its own examples say is not to be used.

use crate::detect::Confidence;
use crate::detect::explain::{Explanation, explain};
use crate::pattern::{Example, Gravity, Packs, Pattern, Problem, Proves};

/// Runs every example and counterexample of every pattern; what does not hold is an error.
///
/// An example holds where the pattern finds as many numbers as it says, or at least as many passages, with confidence `medium`
/// or better; a counterexample where it finds none.
///
/// Warnings tell where patterns of the same category overlap: one finds something in the counterexample of another, or
/// in all the examples of a later one.
pub fn prove(packs: &Packs) -> Vec<Problem> {
    let mut problems = Vec::new();
    for pattern in packs.patterns() {
        let mut alike: Vec<(&str, usize)> = same_category(packs, pattern)
            .map(|other| (other.id, 0))
            .collect();
        let mut examples = 0;
        for example in pattern.examples {
            let explained = explain(packs, &example.text);
            problems.extend(fault(pattern, example, &explained));
            let is_example = matches!(example.proves, Proves::Finds(_));
            examples += usize::from(is_example);
            for (other, finds) in &mut alike {
                if sure(&explained, other) == 0 {
                    continue;
                }
                *finds += 1;
                if let Proves::Not(reason) = &example.proves {
                    *finds -= 1;
                    problems.push(contradicted(pattern, example, other, reason));
                }
            }
        }
        // Of two that find the same, one is idle: the one that came later.
        let is_earlier = |id: &str| {
            let mut earlier = packs.patterns().take_while(|it| it.id != pattern.id);
            earlier.any(|it| it.id == id)
        };
        let twin = alike
            .iter()
            .find(|(other, finds)| examples > 0 && *finds == examples && is_earlier(other));
        problems.extend(twin.and_then(|(other, _)| idle(pattern, other)));
    }
    problems
}

fn same_category<'a>(packs: &'a Packs, pattern: Pattern<'a>) -> impl Iterator<Item = Pattern<'a>> {
    packs
        .patterns()
        .filter(move |other| other.category == pattern.category && other.id != pattern.id)
}

/// How much a pattern finds with confidence `medium` or better.
fn sure(explained: &[Explanation], pattern: &str) -> usize {
    let of = explained.iter();
    of.filter(|it| it.pattern.as_str() == pattern && it.confidence >= Some(Confidence::Medium))
        .count()
}

fn fault(pattern: Pattern<'_>, example: &Example, all: &[Explanation]) -> Option<Problem> {
    let mut explained = all.iter().filter(|it| it.pattern.as_str() == pattern.id);
    let found = sure(all, pattern.id);
    let passages = explained.clone().any(|it| it.weight.is_some());
    let why = explained.next().map(because).unwrap_or_default();
    let (code, message, remedy) = match &example.proves {
        Proves::Finds(count) if *count == found || passages && *count < found => return None,
        Proves::Not(_) if found == 0 => return None,
        Proves::Finds(count) => (
            Problem::EXAMPLE,
            format!("{count} should be found here, and {found} are{why}"),
            "`sluse patterns explain` tells how it was judged; add the label or the phrase the example needs",
        ),
        Proves::Not(reason) => (
            Problem::COUNTEREXAMPLE,
            format!("nothing should be found here ({reason}), and {found} are{why}"),
            "`sluse patterns explain` tells how it was judged; add the label or the phrase that speaks against it",
        ),
    };
    Some(Problem {
        code,
        gravity: Gravity::Error,
        file: example.file.clone(),
        span: example.span.clone(),
        message,
        remedy: remedy.into(),
    })
}

fn contradicted(pattern: Pattern<'_>, example: &Example, other: &str, reason: &str) -> Problem {
    Problem {
        code: Problem::OVERLAP,
        gravity: Gravity::Warning,
        file: example.file.clone(),
        span: example.span.clone(),
        message: format!(
            "`{other}` finds something here, where nothing of its category is, as `{}` says ({reason})",
            pattern.id
        ),
        remedy: "give it a counterexample like this one, and the phrase that speaks against it"
            .into(),
    }
}

fn idle(pattern: Pattern<'_>, other: &str) -> Option<Problem> {
    let first = pattern.examples.first()?;
    Some(Problem {
        code: Problem::OVERLAP,
        gravity: Gravity::Warning,
        file: first.file.clone(),
        span: first.span.clone(),
        message: format!(
            "`{other}` finds something in every example of `{}`, which is of the same category",
            pattern.id
        ),
        remedy: "add an example that only this pattern finds, or extend the other instead".into(),
    })
}

/// The reasons given for the first number or passage.
fn because(first: &Explanation) -> String {
    format!(": {}{}", first.reasons.join(", "), weighed(first))
}

/// What a passage weighed, and by which phrases: an example is no secret.
fn weighed(explained: &Explanation) -> String {
    match explained.weight {
        Some((weight, least)) => format!(
            " (weighs {weight:.1} of {least:.1}: {})",
            explained.phrases.join(", ")
        ),
        None => String::new(),
    }
}
