//! The examples of every pack, run: a pattern that does not do what its own examples say is not to be used.

use crate::detect::Confidence;
use crate::detect::explain::{Explanation, explain};
use crate::pattern::{Example, Packs, Pattern, Problem, Proves};

/// Runs every example and counterexample of every pattern; what does not hold is a problem.
///
/// An example holds where the pattern finds as many numbers as it says, or at least as many passages, with confidence `medium`
/// or better; a counterexample where it finds none.
pub fn prove(packs: &Packs) -> Vec<Problem> {
    let proved = packs.patterns().flat_map(|pattern| {
        pattern
            .examples
            .iter()
            .map(move |example| (pattern, example))
    });
    proved
        .filter_map(|(pattern, example)| fault(packs, pattern, example))
        .collect()
}

fn fault(packs: &Packs, pattern: Pattern<'_>, example: &Example) -> Option<Problem> {
    let mut explained = explain(packs, &example.text);
    explained.retain(|it| it.pattern.as_str() == pattern.id);
    let sure = |it: &&Explanation| it.confidence >= Some(Confidence::Medium);
    let found = explained.iter().filter(sure).count();
    let passages = explained.iter().any(|it| it.weight.is_some());
    let (code, message, remedy) = match &example.proves {
        Proves::Finds(count) if *count == found || passages && *count < found => return None,
        Proves::Not(_) if found == 0 => return None,
        Proves::Finds(count) => (
            Problem::EXAMPLE,
            format!(
                "{count} should be found here, and {found} are{}",
                because(&explained)
            ),
            "`sluse patterns explain` tells how it was judged; add the label or the phrase the example needs",
        ),
        Proves::Not(reason) => (
            Problem::COUNTEREXAMPLE,
            format!(
                "nothing should be found here ({reason}), and {found} are{}",
                because(&explained)
            ),
            "`sluse patterns explain` tells how it was judged; add the label or the phrase that speaks against it",
        ),
    };
    Some(Problem {
        code,
        file: example.file.clone(),
        span: example.span.clone(),
        message,
        remedy,
    })
}

/// The reasons given for the first number.
fn because(explained: &[Explanation]) -> String {
    match explained.first() {
        Some(first) => format!(": {}{}", first.reasons.join(", "), weighed(first)),
        None => String::new(),
    }
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
