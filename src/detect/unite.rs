//! What was found in two readings of one part, told once.

use std::collections::HashMap;
use std::ops::Range;

use crate::detect::{Evidence, Finding, Fingerprint, PatternId};
use crate::mime::PartPath;

/// Takes out of `findings` those from `others`, the readings beside the main one, that are there already: the same pattern, about the
/// same person or the same words, in the same part. What is surer of the two is kept.
pub(super) fn unite(findings: &mut Vec<Finding>, others: &[Range<usize>]) {
    if others.is_empty() {
        return;
    }
    let is_other = |at: usize| {
        let next = others.partition_point(|range| range.end <= at);
        others.get(next).is_some_and(|range| range.contains(&at))
    };
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut known: HashMap<Key, usize> = HashMap::new();
    let (second, main): (Vec<_>, Vec<_>) = std::mem::take(findings)
        .into_iter()
        .enumerate()
        .partition(|(at, _)| is_other(*at));
    for (_, finding) in main {
        known.entry(key(&finding)).or_insert(kept.len());
        kept.push(finding);
    }
    for (_, finding) in second {
        let first = *known.entry(key(&finding)).or_insert(kept.len());
        match kept.get_mut(first) {
            Some(first) if first.confidence < finding.confidence => {
                first.confidence = finding.confidence;
                first.reasons = finding.reasons;
            }
            Some(_) => {}
            None => kept.push(finding),
        }
    }
    *findings = kept;
}

/// What two readings of one part have in common where they say the same.
type Key = (PatternId, PartPath, Option<Fingerprint>, Evidence);

fn key(finding: &Finding) -> Key {
    (
        finding.pattern.clone(),
        finding.part.clone(),
        finding.person,
        finding.evidence.clone(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::detect;
    use crate::extract::{Place, Text, View};
    use crate::limits::Cancel;
    use crate::pattern::{FingerprintKey, Packs};

    #[test]
    fn a_number_in_two_readings_of_a_part_is_one_finding() {
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        let text = |part: usize, view, text: &str| Text {
            place: Place::Body,
            view,
            part: PartPath::root().child(part),
            name: None,
            text: text.to_owned(),
            marks: Vec::new(),
        };
        let other = View::Other("as written");
        let found = |texts: &[Text]| {
            let found = detect(&packs, texts, &Cancel::default()).unwrap();
            found.len()
        };
        let cpr = "Cpr 120352-1234";
        assert_eq!(found(&[text(1, View::Main, cpr), text(1, other, cpr)]), 1);
        assert_eq!(found(&[text(1, other, cpr), text(1, other, cpr)]), 1);
        assert_eq!(found(&[text(1, other, cpr), text(1, View::Main, cpr)]), 1);
        // Another part, another number, and twice in the text itself are more than one.
        assert_eq!(found(&[text(1, View::Main, cpr), text(2, other, cpr)]), 2);
        let both = "Cpr 120352-1234, cpr 130352-1234";
        assert_eq!(found(&[text(1, View::Main, cpr), text(1, other, both)]), 2);
        let twice = "Cpr 120352-1234, cpr 120352-1234";
        assert_eq!(found(&[text(1, View::Main, twice), text(1, other, cpr)]), 2);
    }

    #[test]
    fn the_surer_of_two_readings_is_kept() {
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        let text = |view, text: &str| Text {
            place: Place::Body,
            view,
            part: PartPath::root(),
            name: None,
            text: text.to_owned(),
            marks: Vec::new(),
        };
        let other = View::Other("as written");
        let alone = detect(
            &packs,
            &[text(View::Main, "1203521234")],
            &Cancel::default(),
        )
        .unwrap();
        let texts = [
            text(View::Main, "1203521234"),
            text(other, "CPR-nummer: 1203521234"),
        ];
        let united = detect(&packs, &texts, &Cancel::default()).unwrap();
        assert_eq!((alone.len(), united.len()), (1, 1));
        assert!(united[0].confidence > alone[0].confidence);
    }
}
