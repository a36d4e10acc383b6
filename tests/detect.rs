//! Cases of `detect`: texts in another voice than the pack's examples, and properties that hold for any text.

mod hostile;
mod split;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde::Deserialize;
use sluse::detect::{Confidence, Explanation, Finding, detect, explain, prove};
use sluse::extract::{Place, Text, View};
use sluse::limits::Cancel;
use sluse::mime::PartPath;
use sluse::pattern::{FingerprintKey, PackSet, Packs};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: String,
    finds: Vec<String>,
    #[serde(default)]
    confidence: Option<Confidence>,
}

#[test]
fn numbers_of_persons_are_found() {
    run("positives.toml");
}

#[test]
fn other_numbers_are_passed_over() {
    run("negatives.toml");
}

#[test]
fn people_are_found_in_mail_as_it_is_written() {
    run("people_in_mail.toml");
}

#[test]
fn things_in_mail_are_passed_over() {
    run("things_in_mail.toml");
}

#[test]
fn the_shipped_packs_prove_themselves() {
    let packs = Packs::compile(&PackSet::shipped(), key()).unwrap();
    assert_eq!(prove(&packs), []);
}

#[test]
fn a_person_is_the_same_in_every_spelling() {
    let spellings = [
        "170864-1236",
        "1708641236",
        "17 08 64 1236",
        "１７０８６４－１２３６",
        "17081964-1236",
    ];
    let persons: Vec<_> = spellings
        .iter()
        .map(|spelling| find(&format!("cpr {spelling}"))[0].person)
        .collect();
    assert!(
        persons
            .iter()
            .all(|person| *person == persons[0] && person.is_some())
    );
    assert_ne!(find("cpr 170864-1237")[0].person, persons[0]);
}

#[test]
fn a_finding_tells_where_and_why_but_not_whose() {
    let found = find("Navn\tCPR-nr.\nIb\t170864-1236\n");
    let finding = &found[0];
    assert_eq!(finding.origin.as_str(), "body");
    assert_eq!(finding.evidence.as_str(), "1708XX-XXXX");
    assert_eq!(finding.reasons.concat().matches("1236").count(), 0);
    assert!(
        finding
            .reasons
            .iter()
            .any(|reason| reason.contains("head of its column"))
    );
    assert!(!format!("{finding:?}").contains("1236"));
}

#[test]
fn what_is_explained_stands_in_the_text_however_it_is_written() {
    for text in [
        "Jytte Holm er sygemeldt med depression.",
        "Ｊｙｔｔｅ Ｈｏｌｍ er ｓｙｇｅｍｅｌｄｔ med ｄｅｐｒｅｓｓｉｏｎ.",
        "Jytte Holm er syge\u{AD}meldt med de\u{AD}pression.",
    ] {
        let explained = explain(packs(), text);
        assert!(!explained.is_empty(), "{text}");
        let stands = explained
            .iter()
            .all(|it| text.get(it.span.clone()).is_some());
        assert!(stands, "{text}: {explained:?}");
    }
}

#[test]
fn work_that_is_cancelled_says_so() {
    let cancel = Cancel::default();
    cancel.cancel();
    assert!(detect(packs(), &[text("cpr 170864-1236")], &cancel).is_err());
}

#[test]
fn more_findings_than_the_limit_are_no_silence() {
    let many = "cpr 170864-1236\n".repeat(sluse::detect::MOST_FINDINGS + 1);
    let unfinished = detect(packs(), &[text(&many)], &Cancel::default()).unwrap_err();
    assert_eq!(unfinished.findings.len(), sluse::detect::MOST_FINDINGS);
}

fn run(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/detect")
        .join(file);
    let suite: Suite = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let packs = packs();
    let mut broken = Vec::new();
    for case in suite.case {
        let mut explained = explain(packs, &case.text);
        explained.retain(|it| it.pattern.as_str() == "dk.cpr");
        let sure = |it: &&Explanation| it.confidence >= Some(Confidence::Medium);
        let found: Vec<_> = explained
            .iter()
            .filter(sure)
            .map(|it| &case.text[it.span.clone()])
            .collect();
        let sure_enough = case
            .confidence
            .is_none_or(|least| explained.iter().all(|it| it.confidence >= Some(least)));
        if found != case.finds || !sure_enough {
            let judged: Vec<_> = explained
                .iter()
                .map(|it| {
                    format!(
                        "  {:?} {:?} {:?}",
                        &case.text[it.span.clone()],
                        it.confidence,
                        it.reasons
                    )
                })
                .collect();
            broken.push(format!(
                "{}: found {found:?}, not {:?}\n{}",
                case.name,
                case.finds,
                judged.join("\n")
            ));
        }
    }
    assert!(
        broken.is_empty(),
        "\n{}\n{} cases",
        broken.join("\n"),
        broken.len()
    );
}

fn key() -> FingerprintKey {
    FingerprintKey::new([7; 32])
}

fn packs() -> &'static Packs {
    static PACKS: LazyLock<Packs> = LazyLock::new(|| Packs::shipped(key()));
    &PACKS
}

fn text(text: &str) -> Text {
    Text {
        place: Place::Body,
        view: View::Main,
        part: PartPath::root(),
        name: None,
        text: text.to_owned(),
        marks: Vec::new(),
    }
}

/// The numbers that are found in a text.
fn find(words: &str) -> Vec<Finding> {
    let mut found = detect(packs(), &[text(words)], &Cancel::default()).unwrap();
    found.retain(|it| it.pattern.as_str() == "dk.cpr");
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_makes_it_panic(noise in "(\\PC|[0-9 \\-./_\n\t;|(:]|[0-3][0-9][01][0-9]|cpr|ordre ){0,200}") {
        let packs = packs();
        prop_assert!(detect(packs, &[text(&noise)], &Cancel::default()).is_ok());
        explain(packs, &noise);
    }

    #[test]
    fn a_labelled_number_is_found_wherever_it_stands(
        before in "([a-zæøåA-Z]{1,9}[ \n]){0,40}",
        after in "([ \n][a-zæøåA-Z]{1,9}){0,40}",
        day in 1_u8..=28, month in 1_u8..=12, year in 37_u8..=99, serial in 1000_u16..3999,
    ) {
        let number = format!("{day:02}{month:02}{year:02}-{serial}");
        let whole = format!("{before}\n\nCPR-nr. {number}\n\n{after}");
        let found = find(&whole);
        prop_assert_eq!(found.len(), 1);
        prop_assert!(found[0].confidence >= Confidence::Medium);
        let alone = find(&format!("cpr {number}"));
        prop_assert_eq!(found[0].person, alone[0].person);
    }

    #[test]
    fn what_is_told_never_shows_more_than_four_digits_of_a_number(
        day in 1_u8..=28, month in 1_u8..=12, year in 37_u8..=99, serial in 1000_u16..3999,
        form in 0_usize..5,
    ) {
        let date = format!("{day:02}{month:02}{year:02}");
        let number = match form {
            0 => format!("{date}-{serial}"),
            1 => format!("{date}{serial}"),
            2 => format!("{day:02} {month:02} {year:02} {serial}"),
            3 => format!("{date}\u{2013}{serial}"),
            _ => format!("{day:02}.{month:02}.{year:02}-{serial}"),
        };
        for finding in find(&format!("borger {number} cpr {number}")) {
            let told = format!("{}{}{:?}", finding.evidence.as_str(), finding.reasons.concat(), finding.origin);
            let shown = told.chars().filter(char::is_ascii_digit).count();
            prop_assert!(shown <= 4, "{told}");
        }
    }
}
