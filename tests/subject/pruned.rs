//! Most sentences are passed over without looking for phrases in them. What is found must be what would be found if they were not.

use std::sync::LazyLock;

use proptest::prelude::*;
use sluse::detect::{detect, explain};
use sluse::extract::{Place, Text, View};
use sluse::limits::Cancel;
use sluse::mime::PartPath;
use sluse::pattern::Packs;

/// The texts by which the shipped packs prove themselves, and what stands between in mail.
fn sentences() -> Vec<String> {
    let subjects = PACKS.subjects().iter();
    let proofs = subjects.flat_map(|subject| &subject.examples);
    let mut sentences: Vec<String> = proofs.map(|it| it.text.to_string()).collect();
    for between in [
        "Vi ses på torsdag kl. 14 i rum 203.",
        "Hun ringer igen i morgen.",
        "Kære Lone",
        "Det gælder Ib Brandt, 120352-1234.",
        "Med venlig hilsen\nBo Lund",
        "Kurset handler om reglerne for alle ansatte.",
        "Navn | Grad | Bemærkning",
        "Udfyld felterne: ____ og [navn].",
        "Dette er et eksempel.",
        "Bo er syg.",
        "Diagnose: skizofreni.",
        "Sygemeldt siden marts.",
        "Har fået konstateret kræft.",
        "Startet i kemo i går.",
        "Hendes mand ringede.",
        "140562-1234: sygemeldt siden 3. maj.",
        "Karen Holm har lånt kr",
        "5000 af klubben.",
        "I am off sick again.",
    ] {
        sentences.push(between.to_owned());
    }
    sentences
}

static PACKS: LazyLock<Packs> = LazyLock::new(super::packs);
static SENTENCES: LazyLock<Vec<String>> = LazyLock::new(sentences);

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_passed_over_is_nothing(
        picked in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8), 1..60)
    ) {
        let text: String = picked
            .iter()
            .map(|(index, end)| {
                let sentence = index.get(&SENTENCES);
                let end = ["\n", "\n\n", " ", ". "].get(usize::from(*end)).unwrap();
                format!("{sentence}{end}")
            })
            .collect();
        let known = explain(&PACKS, &text);
        let known: Vec<_> = known
            .into_iter()
            .filter(|it| it.confidence.is_some())
            .map(|it| (it.pattern.as_str().to_owned(), it.evidence.as_str().to_owned(), it.reasons))
            .collect();
        let body = Text {
            place: Place::Body,
            view: View::Main,
            part: PartPath::root(),
            name: None,
            text,
            marks: Vec::new(),
        };
        let found = detect(&PACKS, &[body], &Cancel::default()).unwrap();
        let found: Vec<_> = found
            .into_iter()
            .map(|it| (it.pattern.as_str().to_owned(), it.evidence.as_str().to_owned(), it.reasons))
            .collect();
        prop_assert_eq!(found, known);
    }
}
