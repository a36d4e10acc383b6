use super::*;
use crate::inspect::inspect;
use crate::limits::ReadLimits;
use crate::pattern::{FingerprintKey, Packs, Proves};

const MESSAGE: &[u8] = b"Subject: 140562-1234\r\nSubject: y\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\n\r\nCPR-nr. 140562-1234. Karen Holm er syg med kr\xc3\xa6ft.\r\n\
    --b\r\nContent-Type: application/zip; name=\"l\xc3\xb8n \\\"a\\\".zip\"\r\n\r\nPK\x03\x04x\r\n--b--\r\n";

fn told(inspection: &Inspection, most: usize) -> Vec<u8> {
    encode(inspection, &Asking::default(), most).unwrap().0
}

fn read(octets: &[u8], packs: &Packs) -> Result<Inspection, Nonsense> {
    decode(octets, &Catalogue::of(packs), None).map(|(inspection, _)| inspection)
}

fn packs() -> Packs {
    Packs::shipped(FingerprintKey::new([7; 32]))
}

#[test]
fn an_inspection_arrives_as_it_was_sent() {
    let packs = packs();
    let sent = inspect(&packs, &ReadLimits::default(), MESSAGE);
    assert!(sent.findings.len() > 1 && !sent.gaps.is_empty() && !sent.defects.is_empty());
    let octets = told(&sent, usize::MAX);
    let arrived = read(&octets, &packs).unwrap();
    assert_eq!(arrived.findings, sent.findings);
    assert_eq!(arrived.gaps, sent.gaps);
    assert_eq!(arrived.defects, sent.defects);
    assert_eq!(arrived.protection, sent.protection);
    assert_eq!(arrived.packs, sent.packs);
}

/// Packs are proved in the process itself. What they find has to be believed by the gate too, whichever phrase found it.
#[test]
fn what_any_example_of_the_packs_finds_is_believed() {
    let packs = packs();
    let catalogue = Catalogue::of(&packs);
    for example in packs.patterns().flat_map(|pattern| pattern.examples) {
        let message = format!(
            "Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
            example.text
        );
        let sent = inspect(&packs, &ReadLimits::default(), message.as_bytes());
        let arrived = decode(&told(&sent, usize::MAX), &catalogue, None).map(|(it, _)| it);
        assert_eq!(arrived.unwrap().findings, sent.findings, "{}", example.text);
        let finds = matches!(example.proves, Proves::Finds(_));
        assert!(!finds || !sent.findings.is_empty(), "{}", example.text);
    }
}

#[test]
fn what_has_no_room_is_a_gap() {
    let packs = packs();
    let mut sent = inspect(&packs, &ReadLimits::default(), MESSAGE);
    let finding = sent.findings[0].clone();
    sent.findings.resize(1000, finding);
    let octets = told(&sent, 20_000);
    assert!(octets.len() <= 20_000);
    let arrived = read(&octets, &packs).unwrap();
    assert!(!arrived.findings.is_empty() && arrived.findings.len() < 1000);
    assert!(arrived.gaps.iter().any(|gap| gap.reason == Reason::Limit));
}

#[test]
fn how_many_more_reasons_and_phrases_there_were_is_a_reason() {
    let packs = packs();
    let sent = inspect(&packs, &ReadLimits::default(), MESSAGE);
    let finding = sent.findings.iter().find(|it| !it.phrases.is_empty());
    let finding = finding.unwrap();
    let phrase = finding.phrases[0].clone();
    for (reasons, phrases, told_of, last) in [
        (48, 48, 48, "because"),
        (49, 0, 48, "and 2 more reasons and 0 more phrases"),
        (3, 60, 4, "and 0 more reasons and 12 more phrases"),
    ] {
        let mut finding = finding.clone();
        finding.reasons = vec!["because".into(); reasons];
        finding.phrases = vec![phrase.clone(); phrases];
        let sent = Inspection {
            findings: vec![finding],
            ..Inspection::default()
        };
        let arrived = read(&told(&sent, usize::MAX), &packs).unwrap();
        let [arrived] = arrived.findings.as_slice() else {
            panic!("one was sent");
        };
        assert_eq!(arrived.reasons.len(), told_of);
        assert_eq!(arrived.reasons.last().map(|it| &**it), Some(last));
        assert_eq!(arrived.phrases.len(), phrases.min(MOST_WORDS));
    }
}

#[test]
fn an_answer_of_more_than_there_can_be_is_not_believed() {
    let packs = packs();
    let mut sent = inspect(&packs, &ReadLimits::default(), MESSAGE);
    let text = String::from_utf8(told(&sent, usize::MAX)).unwrap();
    let many = "\"x\",".repeat(MOST_WORDS + 1);
    let changed = text.replacen("\"reasons\":[", &format!("\"reasons\":[{many}"), 1);
    assert_ne!(changed, text);
    let answer = read(changed.as_bytes(), &packs);
    assert_eq!(answer.err(), Some(Nonsense::Shape));
    let gap = sent.gaps[0].clone();
    sent.gaps.resize(MOST_GAPS + 1, gap);
    let octets = told(&sent, usize::MAX);
    let arrived = read(&octets, &packs).unwrap();
    assert_eq!(arrived.gaps.len(), MOST_GAPS);
    assert_eq!(arrived.gaps.last().map(|it| it.reason), Some(Reason::Limit));
}

/// A phrase that was seen, as it is told.
fn phrase(sent: &Inspection) -> String {
    let mut phrases = sent.findings.iter().flat_map(|it| &it.phrases);
    serde_json::to_string(phrases.next().unwrap()).unwrap()
}

/// What an inspector might say that a message has taken over.
#[test]
fn an_answer_that_cannot_be_is_not_believed() {
    let packs = packs();
    let sent = inspect(&packs, &ReadLimits::default(), MESSAGE);
    let text = String::from_utf8(told(&sent, usize::MAX)).unwrap();
    for (word, instead, nonsense) in [
        ("dk.cpr", "dk.none", Nonsense::Pattern),
        ("1405XX-XXXX", "140562-1234", Nonsense::Evidence),
        ("\"part\":\"1\"", "\"part\":\"../1\"", Nonsense::Part),
        (
            "\"phrases\":[\"",
            "\"phrases\":[\"140562-1234\",\"",
            Nonsense::Phrase,
        ),
        (
            "\"phrases\":[]",
            &format!("\"phrases\":[{}]", phrase(&sent)),
            Nonsense::Phrase,
        ),
        ("\"place\":\"Body\"", "\"place\":\"Moon\"", Nonsense::Shape),
        ("\"findings\":[", "\"findings\":[[", Nonsense::Shape),
    ] {
        let changed = text.replacen(word, instead, 1);
        assert_ne!(changed, text, "{word}");
        let answer = read(changed.as_bytes(), &packs);
        assert_eq!(answer.err(), Some(nonsense), "{instead}");
    }
    let told = text.replacen("\"detail\":\"", "\"detail\":\"140562-1234 ", 1);
    let arrived = read(told.as_bytes(), &packs).unwrap();
    assert!(!format!("{:?}", arrived.gaps).contains("140562"));
}

#[tokio::test]
async fn a_long_answer_keeps_nobody_waiting() {
    let packs = packs();
    let catalogue = Arc::new(Catalogue::of(&packs));
    let mut sent = inspect(&packs, &ReadLimits::default(), MESSAGE);
    for (gaps, is_waited_for) in [(10, false), (20_000, true)] {
        let gap = sent.gaps[0].clone();
        sent.gaps.resize(gaps, gap);
        let octets = told(&sent, usize::MAX);
        assert_eq!(octets.len() > SHORT, is_waited_for);
        let mut decoded = std::pin::pin!(decode_aside(octets, &catalogue, None));
        // There is one thread for all conversations here: what is not done at once is done by another.
        let at_once = tokio::select! {
            biased;
            decoded = &mut decoded => Some(decoded),
            () = std::future::ready(()) => None,
        };
        assert_eq!(at_once.is_none(), is_waited_for);
        let arrived = match at_once {
            Some(arrived) => arrived,
            None => decoded.await,
        };
        assert_eq!(arrived.unwrap().0.gaps.len(), gaps);
    }
}
