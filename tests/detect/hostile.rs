//! Texts made to exhaust: each is searched in a moment.

use std::time::{Duration, Instant};

use sluse::detect::{MOST_FINDINGS, detect, explain};
use sluse::limits::Cancel;

use super::{packs, text};

#[test]
fn texts_of_a_few_words_over_and_over_take_linear_time() {
    let packs = packs();
    for (what, times) in [
        // One word, with numbers in it that no edge parts.
        ("0101011234danskpercentom", 40_000),
        ("010190-1234 ", 40_000),
        ("CPR 010190-1234\t", 40_000),
        ("010190 1234 nr. ", 40_000),
    ] {
        let long = what.repeat(times);
        let began = Instant::now();
        let told = explain(packs, &long);
        let findings = detect(packs, &[text(&long)], &Cancel::default());
        let took = began.elapsed();
        assert!(took < Duration::from_secs(20), "{what:?} took {took:?}");
        let count = findings.map_or_else(|it| it.findings.len(), |it| it.len());
        assert!(count <= MOST_FINDINGS && told.len() <= 10_000, "{what:?}");
    }
}
