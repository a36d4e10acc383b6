//! Why each number is, or is not, a number of a person: for whoever tunes a pack.

use std::ops::Range;

use crate::detect::finding::{Confidence, Evidence, PatternId};
use crate::detect::normal::{Back, fold};
use crate::detect::scan::{Keep, scan};
use crate::limits::Cancel;
use crate::pattern::Packs;

/// One number of a text and what was thought of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// The pattern that considered it.
    pub pattern: PatternId,
    /// Where it stands in the text, in octets.
    pub span: Range<usize>,
    /// The number, masked.
    pub evidence: Evidence,
    /// How sure it is; `None` where it is not reported.
    pub confidence: Option<Confidence>,
    /// Why, in the order it was thought of.
    pub reasons: Vec<Box<str>>,
}

/// Explains every number in `text` that has the shape of a number of a person.
pub fn explain(packs: &Packs, text: &str) -> Vec<Explanation> {
    let mut explanations = Vec::new();
    let folded = fold(text);
    for pattern in packs.patterns() {
        let mut back = Back::new(text, &folded);
        let never = Cancel::default();
        let ended = scan(pattern, &folded, Keep::All, &never, |judged| {
            explanations.push(Explanation {
                pattern: PatternId::new(&pattern.id),
                span: back.origin(judged.span.start)..back.origin(judged.span.end),
                evidence: Evidence::of_national_id(&judged.number.day_and_month()),
                confidence: judged.verdict.confidence,
                reasons: judged.verdict.reasons,
            });
            explanations.len() < MOST
        });
        debug_assert!(ended.is_ok(), "nobody cancels it");
    }
    explanations
}

/// The most numbers that are explained. It is for reading.
const MOST: usize = 10_000;
