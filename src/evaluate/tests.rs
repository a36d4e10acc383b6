//! Sensitive categories, scored and compared by findings that are made up.

use crate::detect::{Confidence, Evidence, Finding, PatternId};
use crate::evaluate::{Labels, Mail, Met, Of, Sample, Score, Truth, Turn, compare, score, tally};
use crate::extract::Place;
use crate::inspect::Inspection;
use crate::mail::Masked;
use crate::mime::PartPath;
use crate::pattern::{Category, FingerprintKey, Packs};

fn finding(pattern: &str, category: Category, confidence: Confidence, origin: &str) -> Finding {
    Finding {
        pattern: PatternId::new(pattern),
        category,
        confidence,
        place: Place::Body,
        part: PartPath::root(),
        name: None,
        origin: Masked::new(origin),
        evidence: Evidence::of_national_id("xxxx"),
        person: None,
        reasons: vec![format!("because of {pattern}").into()],
        phrases: Vec::new(),
    }
}

fn scored(truth: &Truth, findings: Vec<Finding>) -> Score {
    let packs = Packs::shipped(FingerprintKey::new([3; 32]));
    let inspection = Inspection {
        findings,
        ..Inspection::default()
    };
    score(truth, &packs, &inspection, Medium)
}

fn labelled(categories: &[Category]) -> Truth {
    Truth::Labels(Labels {
        numbers: Vec::new(),
        categories: categories.iter().copied().collect(),
    })
}

fn sample(truth: Truth) -> Sample {
    Sample {
        id: "x-1".into(),
        set: Some("x".into()),
        language: None,
        mail: Mail::Text {
            subject: "".into(),
            text: "one two".into(),
        },
        truth,
    }
}

use Category::{Exam, Health, NationalId, Union};
use Confidence::{High, Low, Medium};

#[test]
fn a_category_counts_once_in_a_mail() {
    let truth = labelled(&[Health, Exam]);
    let findings = vec![
        finding("a.health", Health, Medium, "body"),
        finding("b.health", Health, High, "subject"),
        finding("a.union", Union, Medium, "body"),
        finding("b.union", Union, High, "subject"),
        finding("a.exam", Exam, Low, "body"),
        finding("a.id", NationalId, Medium, "body"),
        finding("a.id", NationalId, Medium, "body"),
    ];
    let score = scored(&truth, findings);
    let Met::Found { by, reasons } = &score.labels[0].met else {
        panic!("health is missed");
    };
    assert_eq!(by.len(), 2);
    assert_eq!(*reasons[0], *"because of b.health");
    let Met::Missed { instead } = &score.labels[1].met else {
        panic!("exam is found");
    };
    assert_eq!(*instead[0], *"exam xxxxXX-XXXX (low: because of a.exam)");
    // Each number, and the union once, of which the surest is told.
    let alarms: Vec<_> = score.false_alarms.iter().map(|it| it.category).collect();
    assert_eq!(alarms, [NationalId, NationalId, Union]);
    assert_eq!(score.false_alarms[2].origin.as_str(), "subject");

    let patterns = [
        (PatternId::new("a.health"), Health),
        (PatternId::new("c.health"), Health),
    ];
    let tally = tally(&[sample(truth)], &[score], &patterns);
    let figures = |name: &str| {
        let mut rows = tally.rows.iter();
        let (_, count) = rows.find(|(of, _)| of.name() == name).unwrap();
        (count.labelled, count.found, count.false_alarms)
    };
    assert_eq!(figures("health"), (1, 1, 0));
    assert_eq!(figures("exam"), (1, 0, 0));
    assert_eq!(figures("union"), (0, 0, 1));
    assert_eq!(figures("national-id"), (0, 0, 2));
    assert_eq!(tally.rows[&Of::Sensitive].labelled, 2);
    assert_eq!(figures("sensitive"), (2, 1, 1));
    assert_eq!(figures("a.health"), (1, 1, 0));
    assert_eq!(figures("c.health"), (1, 0, 0));
    assert_eq!(figures("b.union"), (0, 0, 1));
}

#[test]
fn everything_in_a_negative_is_one_false_alarm_more() {
    let findings = vec![
        finding("a.health", Health, Medium, "body"),
        finding("a.health", Health, Medium, "body"),
        finding("a.health", Health, Low, "body"),
    ];
    let score = scored(&Truth::Negative, findings);
    assert_eq!(score.false_alarms.len(), 2);
    let tally = tally(&[sample(Truth::Negative)], &[score], &[]);
    assert_eq!(tally.negatives.false_alarms[&Health], 2);
    assert_eq!(tally.negatives.words, 2);
    assert_eq!(tally.negatives.per_100_000_words(2), Some(100_000.0));
}

#[test]
fn a_change_is_told_of_what_turned_and_of_nothing_else() {
    let turns = |truth: fn() -> Truth, before: Vec<Finding>, after: Vec<Finding>| -> Vec<&str> {
        let (before, after) = (scored(&truth(), before), scored(&truth(), after));
        let changes = compare(&[sample(truth())], &[before], &[after]);
        changes.iter().map(|it| it.turn.as_str()).collect()
    };
    let text = || labelled(&[Health]);
    let health = || finding("a.health", Health, Medium, "body");
    let union = |origin| finding("a.union", Union, Medium, origin);
    assert_eq!(turns(text, vec![], vec![health()]), ["found-now"]);
    assert_eq!(turns(text, vec![health()], vec![]), ["missed-now"]);
    let renamed = finding("z.health", Health, High, "subject");
    assert_eq!(turns(text, vec![health()], vec![renamed]), [""; 0]);
    // In a labelled text a category is there or not; in a negative each finding is one of its own.
    let (was, is) = (
        || vec![union("body")],
        || vec![union("subject"), union("body")],
    );
    assert_eq!(turns(text, was(), is()), [""; 0]);
    assert_eq!(turns(|| Truth::Negative, was(), is()), ["new-false-alarm"]);
    assert_eq!(turns(|| Truth::Negative, is(), was()), ["false-alarm-gone"]);
    let same = || vec![union("body"), union("body")];
    assert_eq!(
        turns(|| Truth::Negative, same(), was()),
        ["false-alarm-gone"]
    );
    let alarm = scored(&Truth::Negative, was()).false_alarms.remove(0);
    assert!(Turn::AlarmGone(alarm.clone()).is_gain() && !Turn::NewAlarm(alarm).is_gain());
}
