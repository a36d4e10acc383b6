//! Why each number is, or is not, a number of a person, and each passage told of somebody: for whoever tunes a pack.

use std::ops::Range;

use crate::detect::finding::{Confidence, Evidence, PatternId};
use crate::detect::normal::{Back, fold};
use crate::detect::scan::{Keep, scan};
use crate::detect::subject::{self, Forms, Heading, Passages};
use crate::limits::Cancel;
use crate::pattern::Packs;

/// One number or passage of a text, and what was thought of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// The pattern that considered it.
    pub pattern: PatternId,
    /// Where it stands in the text, in octets.
    pub span: Range<usize>,
    /// The number or the words, masked.
    pub evidence: Evidence,
    /// How sure it is; `None` where it is not reported.
    pub confidence: Option<Confidence>,
    /// Why, in the order it was thought of.
    pub reasons: Vec<Box<str>>,
    /// The phrases of the pack that were seen in the passage.
    pub phrases: Vec<Box<str>>,
    /// What all of it weighs together, and what it must weigh: see [`crate::pattern::Scale`].
    pub weight: Option<(f32, f32)>,
}

/// Explains every number in `text` that has the shape of a number of a person, and every passage in which a word of a subject
/// stands.
pub fn explain(packs: &Packs, text: &str) -> Vec<Explanation> {
    let mut explanations = Vec::new();
    let folded = fold(text);
    for pattern in packs.cpr() {
        let mut back = Back::new(text, &folded);
        let never = Cancel::default();
        let ended = scan(pattern, &folded, Keep::All, &never, |judged| {
            explanations.push(Explanation {
                pattern: PatternId::new(&pattern.id),
                span: back.origin(judged.span.start)..back.origin(judged.span.end),
                evidence: Evidence::of_national_id(&judged.number.day_and_month()),
                confidence: judged.verdict.confidence,
                reasons: judged.verdict.reasons,
                phrases: Vec::new(),
                weight: None,
            });
            explanations.len() < MOST
        });
        debug_assert!(ended.is_ok(), "nobody cancels it");
    }
    let mut back = Back::new(text, &folded);
    let none = Heading::default();
    let ended = subject::passages(
        packs,
        &mut Forms::new(packs),
        &folded,
        &none,
        Passages::All,
        &Cancel::default(),
        |told| {
            let Some(pattern) = packs.subjects().get(usize::from(told.subject)) else {
                return true;
            };
            let start = back.origin(told.span.start);
            explanations.push(Explanation {
                pattern: PatternId::new(&pattern.id),
                evidence: Evidence::of_words(folded.get(told.span.clone()).unwrap_or_default()),
                span: start..end(text, start, told.span.len()),
                confidence: told.confidence,
                reasons: told.reasons,
                phrases: told.phrases,
                weight: Some((told.weight, packs.language().scale.medium)),
            });
            explanations.len() < MOST
        },
    );
    debug_assert!(ended.is_ok(), "nobody cancels it");
    explanations
}

/// Where a passage ends that begins at `start` and is so long when it is folded: passages lie over each other, so the way back
/// cannot be gone once for all of their ends.
fn end(text: &str, start: usize, folded: usize) -> usize {
    let far = text.floor_char_boundary(start.saturating_add(folded.saturating_mul(WIDEST)));
    let near = text.get(start..far).unwrap_or_default();
    start + Back::new(near, &fold(near)).origin(folded)
}

/// How many octets of a text may fold to one, mostly: a letter beside which an accent, a soft hyphen and a joiner stand.
const WIDEST: usize = 10;

/// The most that is explained. It is for reading.
const MOST: usize = 10_000;
