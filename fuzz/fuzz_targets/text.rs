//! Octets as text of any charset, and what is found in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sluse::detect::{Evidence, detect, explain};
use sluse::extract::{Locus, Mark, Place, Text, View};
use sluse::limits::Cancel;
use sluse::mail::{FileName, Masked};
use sluse::mime::{PartPath, decode};
use sluse::pattern::Packs;
use sluse_fuzz::{PACKS, timely};

const LABELS: [Option<&str>; 8] = [
    None,
    Some("utf-8"),
    Some("iso-8859-1"),
    Some("utf-7"),
    Some("utf-16"),
    Some("iso-2022-jp"),
    Some("cp865"),
    Some("cp037"),
];

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else {
        return;
    };
    let packs = &*PACKS;
    timely(|| {
        let label = LABELS.get(usize::from(*kind)).copied().flatten();
        let text = decode(bytes, label).text.into_owned();
        assert!(text.len() <= 4 * bytes.len() + 4, "{label:?} grows");
        masked(&text);
        explained(packs, &text);
        found(packs, text);
    });
});

/// What is shown of a stranger's words has no number in it.
fn masked(text: &str) {
    let masked = Masked::new(text);
    let shown = masked.as_str();
    assert!(shown.chars().count() <= 301, "it is not cut");
    let digits = shown.as_bytes().windows(5);
    let numbers = digits.filter(|five| five.iter().all(u8::is_ascii_digit));
    assert_eq!(numbers.count(), 0, "a number is shown");
    assert!(!shown.chars().any(char::is_control), "a control character");
}

/// What is explained stands in the text.
fn explained(packs: &Packs, text: &str) {
    for explanation in explain(packs, text) {
        let span = explanation.span;
        assert!(
            text.get(span.clone()).is_some(),
            "{span:?} of {}",
            text.len()
        );
        sound(&explanation.evidence);
    }
}

fn found(packs: &Packs, text: String) {
    let middle = text.len() / 2;
    let marks = (0..2).map(|number| Mark {
        at: number * middle,
        locus: Locus::Page(1),
    });
    let text = Text {
        place: Place::Attachment,
        view: View::Main,
        part: PartPath::root(),
        name: Some(FileName::new("fil")),
        marks: marks.collect(),
        text,
    };
    let Ok(findings) = detect(packs, &[text], &Cancel::default()) else {
        return;
    };
    for finding in findings {
        sound(&finding.evidence);
        assert_eq!(finding.origin.as_str(), "fil page 1");
    }
}

/// The gate believes the evidence, so it has no form that tells what was found.
fn sound(evidence: &Evidence) {
    assert_eq!(Evidence::parse(evidence.as_str()).as_ref(), Some(evidence));
}
