//! The examples of every pack, run: a pattern that does not do what its own examples say is not to be used.

use crate::detect::Confidence;
use crate::detect::explain::{Explanation, explain};
use crate::pattern::{Example, Packs, Problem, Proves};

/// Runs every example and counterexample of every pattern; what does not hold is a problem.
///
/// An example holds where just so many numbers are found with confidence `medium` or better, a counterexample where
/// none is.
pub fn prove(packs: &Packs) -> Vec<Problem> {
    let examples = packs
        .patterns()
        .iter()
        .flat_map(|pattern| &pattern.examples);
    examples
        .filter_map(|example| fault(packs, example))
        .collect()
}

fn fault(packs: &Packs, example: &Example) -> Option<Problem> {
    let explained = explain(packs, &example.text);
    let sure = |it: &&Explanation| it.confidence >= Some(Confidence::Medium);
    let found = explained.iter().filter(sure).count();
    let (code, message, remedy) = match &example.proves {
        Proves::Finds(count) if *count == found => return None,
        Proves::Not(_) if found == 0 => return None,
        Proves::Finds(count) => (
            Problem::EXAMPLE,
            format!(
                "{count} should be found here, and {found} are{}",
                because(&explained)
            ),
            "`sluse patterns explain` tells how each number was judged; add the label the example needs",
        ),
        Proves::Not(reason) => (
            Problem::COUNTEREXAMPLE,
            format!(
                "nothing should be found here ({reason}), and {found} are{}",
                because(&explained)
            ),
            "`sluse patterns explain` tells how each number was judged; add the label that refutes it",
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
        Some(first) => format!(": {}", first.reasons.join(", ")),
        None => String::new(),
    }
}
