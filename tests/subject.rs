//! Cases of subjects told of somebody: how a passage is read, whatever the words. Which words there are is shown by the packs' own
//! examples and by the labelled mails in `corpus/`.

mod pruned;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use serde::Deserialize;
use sluse::detect::Confidence;
use sluse::evaluate::message;
use sluse::inspect::inspect;
use sluse::limits::ReadLimits;
use sluse::pattern::{Category, FingerprintKey, Packs};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    subject: String,
    text: String,
    finds: Vec<Category>,
}

#[test]
fn passages_are_read_as_they_are_meant() {
    let suite: Suite =
        toml::from_str(&fs::read_to_string(folder("tests/subject/passages.toml")).unwrap())
            .unwrap();
    let packs = packs();
    let mut broken = Vec::new();
    for case in suite.case {
        let found = categories(&packs, &case.subject, &case.text);
        if found != case.finds {
            broken.push(format!(
                "{}: found {found:?}, not {:?}",
                case.name, case.finds
            ));
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn evidence_shows_first_letters_and_no_more() {
    let packs = packs();
    let inspection = inspected(
        &packs,
        "",
        "Vi har i dag hørt, at Lone Brandt er sygemeldt med en depression.",
    );
    let finding = inspection
        .findings
        .iter()
        .find(|it| it.category == Category::Health)
        .unwrap();
    let shown: String = finding
        .evidence
        .as_str()
        .chars()
        .filter(|c| c.is_alphabetic())
        .collect();
    assert!(shown.chars().count() <= 4, "{shown}");
    let told = format!("{finding:?} {}", finding.reasons.join(" "));
    for word in ["sygemeld", "depress", "Lone", "lone"] {
        assert!(
            !told
                .replace(&format!("{:?}", finding.phrases), "")
                .contains(word),
            "{word}"
        );
    }
    assert!(finding.person.is_some());
}

#[test]
fn the_same_person_is_the_same_in_two_passages() {
    let packs = packs();
    let persons = inspected(
        &packs,
        "",
        "Lone Brandt er sygemeldt med en depression.\n\nDet andet punkt er kaffen.\n\nMaskinen virker igen.\n\nLone Brandt fik i går konstateret diabetes.\n\nIb Lund er også sygemeldt.",
    )
    .persons();
    assert_eq!(persons, 2);
}

/// A text is looked at in pieces: a greeting that is cut between two would be taken for a whole one.
#[test]
fn no_greeting_is_cut_where_a_piece_ends() {
    let packs = packs();
    for before in 1995..=2001 {
        let lines = "nu\n".repeat(before);
        let others = format!("{lines}Kære lungepatienter og deres læger\nVi ses.\n");
        assert_eq!(categories(&packs, "", &others), [], "{before}");
        let group = format!("{lines}Kære lungepatienter\nVi ses.\n");
        assert_eq!(
            categories(&packs, "", &group),
            [Category::Health],
            "{before}"
        );
    }
}

proptest! {
    /// However a text is made, looking at it ends, nothing panics, and evidence never shows more than four letters.
    #[test]
    fn any_text_can_be_looked_at(text in "([a-zæøåA-ZÆØÅ0-9.,:;!?§%\\t\\n <>\\[\\]()'-]|sygemeldt|han |Lone |hun er |CPR ){0,300}") {
        static PACKS: LazyLock<Packs> = LazyLock::new(packs);
        let packs = &*PACKS;
        for finding in inspected(packs, "", &text).findings {
            if finding.category != Category::NationalId {
                let letters = finding.evidence.as_str().chars().filter(|c| c.is_alphabetic()).count();
                prop_assert!(letters <= 4);
            }
        }
    }
}

fn inspected(packs: &Packs, subject: &str, text: &str) -> sluse::inspect::Inspection {
    inspect(packs, &ReadLimits::default(), &message(subject, text))
}

fn categories(packs: &Packs, subject: &str, text: &str) -> Vec<Category> {
    let mut found: Vec<Category> = inspected(packs, subject, text)
        .findings
        .iter()
        .filter(|it| it.confidence >= Confidence::Medium)
        .map(|it| it.category)
        .collect();
    found.sort();
    found.dedup();
    found
}

fn packs() -> Packs {
    Packs::shipped(FingerprintKey::new([5; 32]))
}

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}
