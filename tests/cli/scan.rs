//! `sluse scan`: programs build on the names and words of its JSON, and on its exit codes.

use std::fs;

use serde_json::Value;

use super::{Ran, sluse, sluse_fed};

/// The keys of an object, in the order they are printed.
fn keys(line: &str) -> Vec<String> {
    // A map of serde_json sorts its keys; the text has them as printed.
    let value: Value = serde_json::from_str(line).unwrap();
    let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
    keys.sort_by_key(|key| line.find(&format!("\"{key}\":")));
    keys
}

const MESSAGE: [&str; 7] = [
    "file",
    "disposition",
    "need",
    "protection",
    "findings",
    "gaps",
    "defects",
];

#[test]
fn a_message_is_one_object_a_line_with_these_keys() {
    let ran = sluse(&["scan", "--json", "demo/08-xlsx-hidden-sheet.eml"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 1);
    assert_eq!(keys(&ran.out), MESSAGE);
    let [report] = ran.json().try_into().unwrap();
    assert_eq!(report["file"], "demo/08-xlsx-hidden-sheet.eml");
    assert_eq!(report["disposition"], "secure");
    assert_eq!(report["need"], "transport");
    assert_eq!(report["protection"], "none");
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 5);
    for finding in findings {
        let mut found: Vec<&String> = finding.as_object().unwrap().keys().collect();
        found.sort();
        assert_eq!(
            found,
            [
                "category",
                "confidence",
                "evidence",
                "name",
                "origin",
                "part",
                "pattern",
                "person",
                "phrases",
                "reasons"
            ]
        );
        assert_eq!(finding["pattern"], "dk.cpr");
        assert_eq!(finding["category"], "national-id");
        assert_eq!(finding["name"], "klasseliste.xlsx");
    }
    assert_eq!(findings[0]["origin"], "klasseliste.xlsx Data!B2");
    assert_eq!(findings[0]["evidence"], "0403XX-XXXX");
}

#[test]
fn what_could_not_be_read_is_a_gap_with_these_keys() {
    let ran = sluse(&["scan", "--json", "demo/12-locked-zip.eml"]);
    assert_eq!(ran.code, Some(1));
    let [report] = ran.json().try_into().unwrap();
    assert_eq!(report["findings"], serde_json::json!([]));
    let gap = serde_json::json!(
        { "part": "2", "name": "fortroligt.zip!sag.txt", "reason": "encrypted" }
    );
    assert_eq!(report["gaps"], serde_json::json!([gap]));
}

#[test]
fn what_programs_read_differently_is_a_defect_with_its_kind() {
    let twice = b"Subject: x\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\ny\r\n";
    let [report] = sluse_fed(&["scan", "--json", "-"], twice)
        .json()
        .try_into()
        .unwrap();
    assert_eq!(
        report["defects"],
        serde_json::json!([{ "kind": "duplicate-field" }])
    );
}

#[test]
fn the_exit_code_tells_nothing_something_and_failure_apart() {
    let code = |arguments: &[&str]| sluse(arguments).code;
    assert_eq!(code(&["scan", "demo/01-clean.eml"]), Some(0));
    assert_eq!(code(&["scan", "--json", "demo/01-clean.eml"]), Some(0));
    assert_eq!(code(&["scan", "demo/05-text.eml"]), Some(1));
    assert_eq!(
        code(&["scan", "demo/01-clean.eml", "demo/05-text.eml"]),
        Some(1)
    );
    for wrong in [
        &["scan", "no/such/file.eml"][..],
        &["scan"],
        &["scan", "--to", "nobody", "demo/01-clean.eml"],
        &["scan", "--config", "no/such.toml", "demo/01-clean.eml"],
        &["scan", "--what", "demo/01-clean.eml"],
        &["scan", "demo/05-text.eml", "no/such/file.eml"],
    ] {
        let ran = sluse(wrong);
        assert_eq!(ran.code, Some(2), "{wrong:?}");
        assert!(!ran.err.is_empty(), "{wrong:?}");
    }
}

#[test]
fn a_folder_is_scanned_to_its_last_file_in_order() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("b/c")).unwrap();
    for (name, text) in [
        ("a.eml", "Subject: x\r\n\r\ny\r\n"),
        ("b/c/1.eml", "Subject: x\r\n\r\nCPR-nr. 140562-1234\r\n"),
        ("z", "Subject: CPR 140562-1234\r\n\r\ny\r\n"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let ran = sluse(&["scan", "--json", folder.path().to_str().unwrap()]);
    assert_eq!(ran.code, Some(1));
    let told: Vec<(String, String)> = ran
        .json()
        .iter()
        .map(|report| {
            let file = report["file"].as_str().unwrap();
            let name = file.strip_prefix(folder.path().to_str().unwrap()).unwrap();
            let disposition = report["disposition"].as_str().unwrap();
            (name.to_owned(), disposition.to_owned())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("/a.eml", "relay"),
            ("/b/c/1.eml", "secure"),
            ("/z", "refuse")
        ]
        .map(|(name, disposition)| (name.to_owned(), disposition.to_owned()))
    );
}

#[test]
fn standard_input_is_a_file_named_by_a_hyphen() {
    let message = b"Subject: x\r\n\r\nCPR-nr. 140562-1234\r\n";
    let ran = sluse_fed(&["scan", "--json", "-"], message);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.json()[0]["file"], "-");
    assert_eq!(ran.json()[0]["findings"][0]["origin"], "body");
    assert_eq!(
        sluse_fed(&["scan", "-"], b"Subject: x\r\n\r\ny\r\n").code,
        Some(0)
    );
}

#[test]
fn nothing_it_prints_holds_the_number() {
    let message = b"From: \"140562 1234\" <140562-1234@kommune.example>\r\nSubject: 1405621234\r\n\
        Content-Type: text/plain; name=\"cpr 140562-1234.txt\"\r\n\
        Content-Disposition: attachment; filename=\"cpr 140562-1234.txt\"\r\n\r\nCPR-nr. 140562-1234\r\n";
    for arguments in [
        &["scan", "-"][..],
        &["scan", "--json", "-"],
        &["scan", "--all", "-"],
        &[
            "scan",
            "--json",
            "--all",
            "--to",
            "140562-1234@borger.example",
            "-",
        ],
    ] {
        let Ran { code, out, err } = sluse_fed(arguments, message);
        assert_eq!(code, Some(1), "{err}");
        let digits: String = (out.clone() + &err)
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        assert!(!digits.contains("1405621234"), "{out}");
    }
}

#[test]
fn where_messages_are_read_changes_nothing() {
    let told = |arguments: &[&str]| {
        let ran = sluse(arguments);
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        let mut reports = ran.json();
        for report in &mut reports {
            for finding in report["findings"].as_array_mut().unwrap() {
                // Fingerprinted with a key of each run.
                finding.as_object_mut().unwrap().remove("person");
            }
        }
        reports
    };
    let here = told(&["scan", "--json", "--all", "--in-process", "demo"]);
    assert!(here.len() > 12);
    assert_eq!(told(&["scan", "--json", "--all", "demo"]), here);
}

/// What is found is named by the phrase that found it, and the gate must know each that an inspector may name.
#[test]
fn what_a_greeting_tells_is_believed() {
    let message = "Subject: x\r\n\r\nKære deltagere på lungeholdet\r\n\r\nVi ses på torsdag. CPR 140562-1234.\r\n";
    let ran = sluse_fed(&["scan", "--json", "-"], message.as_bytes());
    let [report] = ran.json().try_into().unwrap();
    assert_eq!(report["gaps"], serde_json::json!([]), "{report}");
    let findings = report["findings"].as_array().unwrap().iter();
    let categories: Vec<_> = findings.map(|it| &it["category"]).collect();
    assert_eq!(categories, ["national-id", "health"], "{report}");
}
