//! Cases of judging: `tests/policy/*.toml`, each a policy with messages and the verdicts they get.
#![expect(clippy::indexing_slicing, reason = "a failed test is a panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use sluse::config::{SHIPPED_POLICY, Source, load_policy};
use sluse::detect::{Confidence, Evidence, Finding, Fingerprint, PatternId};
use sluse::extract::{Gap, Locus, Mark, Place, Reason, Text, View};
use sluse::inspect::Inspection;
use sluse::mail::{Address, Envelope, FileName, Parameters, Recipient, ReversePath};
use sluse::mime::{Defect, DefectKind, PartPath, Protection};
use sluse::pattern::{Category, FingerprintKey, Packs};
use sluse::policy::{
    About, Carriage, Case, Disposition, Exposure, Language, Level, Policy, RouteName, Routes,
    Verdict, because, explain, judge, judge_each, refusal,
};

/// One file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    /// The policy; where it is left out, the shipped one with the domains of the examples.
    policy: Option<String>,
    #[serde(rename = "case")]
    cases: Vec<Message>,
}

/// One message, and the verdict it gets.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    name: String,
    /// The sender. `<>` is the null reverse-path.
    #[serde(default = "employee")]
    from: String,
    to: Vec<String>,
    #[serde(default)]
    findings: Vec<Found>,
    #[serde(default)]
    gaps: Vec<String>,
    #[serde(default)]
    defects: Vec<String>,
    #[serde(default)]
    protection: String,
    /// What the normal route does.
    #[serde(default)]
    normal: String,
    /// What each secure route does. Left out: one named `secure` that seals.
    secure: Option<BTreeMap<String, String>>,

    disposition: String,
    /// The secure route that is taken.
    route: Option<String>,
    exposure: String,
    need: Option<Level>,
    /// What each recipient has.
    have: Option<Vec<Level>>,
    /// What is done for each recipient where each is answered alone, a secure route by its name.
    each: Option<Vec<String>>,
    /// The rules each recipient lacks something of.
    lacks: Option<Vec<Vec<String>>>,
    /// What the explanation and the refusal say.
    #[serde(default)]
    says: Vec<String>,
    /// What neither says.
    #[serde(default)]
    hides: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Found {
    #[serde(default = "national_id")]
    category: Category,
    #[serde(default = "high")]
    confidence: Confidence,
    place: String,
    name: Option<String>,
    /// Told apart by number.
    #[serde(default)]
    person: u8,
    #[serde(default = "one")]
    times: u8,
}

#[test]
fn cases() {
    let mut run = 0;
    for entry in fs::read_dir("tests/policy").unwrap() {
        let path = entry.unwrap().path();
        let suite: Suite = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let policy = policy(suite.policy.as_deref(), &path);
        for case in &suite.cases {
            run += 1;
            check(&policy, case, &path);
        }
    }
    assert!(run > 30, "only {run} cases were found");
}

fn check(policy: &Policy, case: &Message, path: &Path) {
    let at = format!("{}: {}", path.display(), case.name);
    let envelope = envelope(case);
    let inspection = inspection(case);
    let routes = Routes {
        normal: carriage(&case.normal),
        secure: match &case.secure {
            None => Routes::assumed().secure,
            Some(secure) => secure
                .iter()
                .map(|(name, gives)| (RouteName::new(name), carriage(gives)))
                .collect(),
        },
    };
    let verdict = judge(
        policy,
        &Case {
            envelope: &envelope,
            inspection: &inspection,
            routes: &routes,
        },
    );
    let told = told(policy, &verdict);
    let exposure = match verdict.exposure {
        Exposure::None => "none",
        Exposure::Averted => "averted",
        Exposure::Left => "left",
    };
    assert_eq!(
        verdict.disposition.as_str(),
        case.disposition,
        "{at}\n{told}"
    );
    assert_eq!(exposure, case.exposure, "{at}\n{told}");
    assert_eq!(verdict.lacking(), case.exposure != "none", "{at}");
    if let Disposition::Secure(route) = &verdict.disposition {
        assert_eq!(
            route.as_str(),
            case.route.as_deref().unwrap_or("secure"),
            "{at}"
        );
    }
    if let Some(need) = case.need {
        assert_eq!(verdict.need, need, "{at}");
    }
    if let Some(have) = &case.have {
        let had: Vec<Level> = verdict
            .recipients
            .iter()
            .map(|judged| judged.have)
            .collect();
        assert_eq!(had, *have, "{at}");
    }
    if let Some(lacks) = &case.lacks {
        let lacked: Vec<Vec<String>> = verdict
            .recipients
            .iter()
            .map(|judged| {
                let rules = judged.lacks.iter();
                rules.map(|lack| lack.rule.as_str().to_owned()).collect()
            })
            .collect();
        assert_eq!(lacked, *lacks, "{at}");
    }
    for says in &case.says {
        assert!(
            told.contains(says.as_str()),
            "{at}: `{says}` is not in\n{told}"
        );
    }
    for hides in &case.hides {
        assert!(
            !told.contains(hides.as_str()),
            "{at}: `{hides}` is in\n{told}"
        );
    }
    check_refusal(policy, &verdict, &at);
    check_each(policy, case, &inspection, &routes, &at);
}

/// Answered alone, each recipient is judged as if there were no others, whoever shares the part.
fn check_each(policy: &Policy, case: &Message, inspection: &Inspection, routes: &Routes, at: &str) {
    let envelope = envelope(case);
    let whole = Case {
        envelope: &envelope,
        inspection,
        routes,
    };
    let parts = judge_each(policy, &whole);
    let mut done = vec![None; envelope.recipients.len()];
    let mut dispositions = Vec::new();
    for part in &parts {
        assert!(!dispositions.contains(&&part.verdict.disposition), "{at}");
        dispositions.push(&part.verdict.disposition);
        assert_eq!(part.verdict.recipients.len(), part.recipients.len(), "{at}");
        let mut worst = Exposure::None;
        for (judged, &place) in part.verdict.recipients.iter().zip(&part.recipients) {
            let alone = Envelope {
                recipients: vec![envelope.recipients[place].clone()],
                ..envelope.clone()
            };
            let alone = judge(
                policy,
                &Case {
                    envelope: &alone,
                    ..whole
                },
            );
            assert_eq!(part.verdict.disposition, alone.disposition, "{at}");
            assert_eq!(judged.lacks, alone.recipients[0].lacks, "{at}");
            assert_eq!(judged.recipient, alone.recipients[0].recipient, "{at}");
            worst = worst.max(alone.exposure);
            let done = done[place].replace(match &alone.disposition {
                Disposition::Secure(route) => route.as_str().to_owned(),
                other => other.as_str().to_owned(),
            });
            assert_eq!(done, None, "{at}: {place} is in two parts");
        }
        assert_eq!(part.verdict.exposure, worst, "{at}");
    }
    let done: Vec<String> = done.into_iter().map(Option::unwrap).collect();
    if let Some(each) = &case.each {
        assert_eq!(done, *each, "{at}");
    }
}

/// The wire takes ASCII only, and 512 octets a line with code and line ending.
fn check_refusal(policy: &Policy, verdict: &Verdict, at: &str) {
    let lines = refusal(
        policy,
        verdict,
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        About::Message,
    );
    assert!(
        (1..=10).contains(&lines.len()),
        "{at}: {} lines",
        lines.len()
    );
    for line in lines {
        let printable = line.bytes().all(|octet| (b' '..=b'~').contains(&octet));
        assert!(
            printable && line.len() <= 400 && line.starts_with("5.7.1 "),
            "{at}: {line}"
        );
    }
}

fn told(policy: &Policy, verdict: &Verdict) -> String {
    let mut told = format!(
        "{}\n{}\n",
        explain(verdict, Language::Danish),
        explain(verdict, Language::English)
    );
    if verdict.disposition == Disposition::Refuse {
        told.push_str(
            &refusal(
                policy,
                verdict,
                "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                About::Message,
            )
            .join("\n"),
        );
    }
    told
}

#[test]
fn a_refusal_says_whom_it_is_about() {
    let policy = policy(None, Path::new("none"));
    let inspection = Inspection {
        gaps: Vec::new(),
        ..Inspection::default()
    };
    let case: Message = toml::from_str(
        "name = 'x'\nto = ['a@borger.example']\ndisposition = 'relay'\nexposure = 'none'",
    )
    .unwrap();
    let verdict = judge(
        &policy,
        &Case {
            envelope: &envelope(&case),
            inspection: &inspection,
            routes: &Routes::assumed(),
        },
    );
    for (about, danish, english) in [
        (
            About::Message,
            "IKKE sendt til nogen.",
            "NOT sent to anyone.",
        ),
        (
            About::Recipient,
            "IKKE sendt til denne modtager.",
            "NOT sent to this recipient.",
        ),
    ] {
        let lines = refusal(&policy, &verdict, "X", about).join("\n");
        assert!(lines.contains(danish) && lines.contains(english), "{lines}");
    }
}

fn policy(text: Option<&str>, path: &Path) -> Policy {
    let shipped = SHIPPED_POLICY
        .replace(
            "\ninside = []",
            "\ninside = [\"kommune.example\", \".kommune.example\"]",
        )
        .replace("\ntransport = []", "\ntransport = [\"region.example\"]")
        .replace("\nsealed = []", "\nsealed = [\"digital-post.example\"]");
    let source = Source::new(path, text.unwrap_or(&shipped).to_owned());
    load_policy(source, None)
        .map_err(|problems| problems.to_string())
        .unwrap()
        .0
}

fn envelope(case: &Message) -> Envelope {
    Envelope {
        reverse_path: if case.from == "<>" {
            ReversePath::Null
        } else {
            ReversePath::Mailbox(Address::parse(&case.from).unwrap())
        },
        parameters: Parameters::default(),
        recipients: case
            .to
            .iter()
            .map(|to| Recipient {
                address: Address::parse(to).unwrap(),
                parameters: Parameters::default(),
            })
            .collect(),
    }
}

fn inspection(case: &Message) -> Inspection {
    Inspection {
        findings: case.findings.iter().flat_map(findings).collect(),
        gaps: case
            .gaps
            .iter()
            .map(|reason| Gap {
                part: PartPath::root().child(2),
                name: Some(FileName::new("løn 010190-1234.zip")),
                reason: named(&Reason::ALL.map(|known| (known.as_str(), known)), reason),
                detail: "zip: needs a password".into(),
            })
            .collect(),
        defects: case
            .defects
            .iter()
            .map(|kind| Defect {
                kind: named(&DefectKind::ALL.map(|known| (known.as_str(), known)), kind),
                part: PartPath::root(),
            })
            .collect(),
        protection: named(
            &[
                ("", Protection::None),
                ("smime", Protection::Smime),
                ("pgp", Protection::Pgp),
            ],
            &case.protection,
        ),
        packs: None,
    }
}

fn findings(found: &Found) -> Vec<Finding> {
    let places = [
        Place::Subject,
        Place::Header,
        Place::Body,
        Place::AttachmentName,
        Place::Attachment,
    ];
    let place = named(&places.map(|place| (place.as_str(), place)), &found.place);
    let name = found.name.as_deref().map(FileName::new);
    let text = Text {
        place,
        view: View::Main,
        part: PartPath::root().child(1),
        name: name.clone(),
        text: String::new(),
        marks: match &name {
            Some(_) => vec![Mark {
                at: 0,
                locus: Locus::Cell {
                    sheet: "Ark1".into(),
                    column: 1,
                    row: 6,
                },
            }],
            None => Vec::new(),
        },
    };
    (0..found.times)
        .map(|at| Finding {
            pattern: PatternId::new("dk.cpr"),
            category: found.category,
            confidence: found.confidence,
            place,
            part: PartPath::root().child(1),
            name: name.clone(),
            origin: text.origin(0),
            evidence: Evidence::of_national_id("1102"),
            person: Some(Fingerprint::new([found.person.wrapping_add(at); 16])),
            reasons: vec!["label `cpr`".into()],
            phrases: Vec::new(),
        })
        .collect()
}

fn carriage(name: &str) -> Carriage {
    let known = [
        ("", Carriage::Open),
        ("open", Carriage::Open),
        ("verified", Carriage::VerifiedTls),
        ("sealed", Carriage::Sealed),
    ];
    named(&known, name)
}

fn named<T: Copy>(known: &[(&str, T)], name: &str) -> T {
    known.iter().find(|(word, _)| *word == name).unwrap().1
}

fn employee() -> String {
    "sagsbehandler@kommune.example".to_owned()
}

fn national_id() -> Category {
    Category::NationalId
}

fn high() -> Confidence {
    Confidence::High
}

fn one() -> u8 {
    1
}

#[test]
fn every_cue_of_the_shipped_language_has_its_danish_name() {
    let packs = Packs::shipped(FingerprintKey::new([0; 32]));
    for cue in &packs.language().cues {
        let reason = format!("somebody is meant: {}", cue.name.en);
        let told = because(&reason, Language::Danish);
        assert_eq!(told, format!("der tales om nogen: {}", cue.name.da));
    }
}

#[test]
fn every_reason_the_pack_gives_has_danish_words() {
    let packs = Packs::shipped(FingerprintKey::new([0; 32]));
    let examples = packs.patterns().flat_map(|pattern| pattern.examples);
    let mut said = 0;
    for explained in examples.flat_map(|example| sluse::detect::explain(&packs, &example.text)) {
        for reason in explained
            .reasons
            .iter()
            .filter(|_| explained.confidence.is_some())
        {
            said += 1;
            let danish = because(reason, Language::Danish);
            assert!(danish != **reason || &**reason == "e-CPR", "{reason}");
            assert_eq!(because(reason, Language::English), **reason);
        }
    }
    assert!(said > 20, "{said}");
}
