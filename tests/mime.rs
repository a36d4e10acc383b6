//! Messages with what must be read of them: `tests/mime/*/NAME.eml` beside `NAME.toml`.
//!
//! `rfc` is as the standards have it, `malformed` as programs and accidents make it, `hostile` as somebody means it.
//! Each is read with both line endings.

mod hostile;
mod oracle;
pub(crate) mod property;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sluse::extract::{Budget, Extract, message};
use sluse::limits::{Cancel, ReadLimits};
use sluse::mime::Protection;

/// What must be read of a message.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Stretches of the texts, each told as `PART ORIGIN: TEXT`.
    #[serde(default)]
    texts: Vec<String>,
    /// What no text may hold.
    #[serde(default)]
    absent: Vec<String>,
    /// All gaps: `PART REASON DETAIL`.
    gaps: Option<Vec<String>>,
    /// All defects: `PART KIND`.
    defects: Option<Vec<String>>,
    /// `none` where nothing is said.
    protection: Option<String>,
}

#[test]
fn messages_are_read_whole() {
    let mut wrong = Vec::new();
    let cases = cases("tests/mime");
    assert!(cases.len() > 100, "the cases were not found");
    for path in cases {
        let expected = fs::read_to_string(path.with_extension("toml")).unwrap();
        let expected: Expected = toml::from_str(&expected).unwrap();
        let lf = fs::read(&path).unwrap();
        for bytes in [with_crlf(&lf), lf] {
            for failure in failures(&expected, &read(&bytes)) {
                wrong.push(format!("{}: {failure}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Reads a message within the limits that are shipped.
pub(crate) fn read(bytes: &[u8]) -> Extract {
    let mut budget = Budget::new(&ReadLimits::default(), Cancel::default());
    message(bytes, &mut budget)
}

/// All texts, each told as `PART ORIGIN: TEXT`.
pub(crate) fn told(extract: &Extract) -> Vec<String> {
    let tell = |text: &sluse::extract::Text| {
        format!("{} {}: {}", text.part, text.origin(0).as_str(), text.text)
    };
    extract.texts.iter().map(tell).collect()
}

/// All gaps: `PART REASON DETAIL`.
pub(crate) fn gaps(extract: &Extract) -> Vec<String> {
    let tell =
        |gap: &sluse::extract::Gap| format!("{} {} {}", gap.part, gap.reason.as_str(), gap.detail);
    extract.gaps.iter().map(tell).collect()
}

/// The messages in a folder and the folders in it.
pub(crate) fn cases(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "eml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn failures(expected: &Expected, extract: &Extract) -> Vec<String> {
    let mut failures = Vec::new();
    let texts = told(extract);
    for text in &expected.texts {
        if !texts.iter().any(|told| told.contains(text)) {
            failures.push(format!("no text holds {text:?}, but there are {texts:?}"));
        }
    }
    for text in &expected.absent {
        if texts.iter().any(|told| told.contains(text)) {
            failures.push(format!("a text holds {text:?}"));
        }
    }
    let defects: Vec<String> = extract
        .defects
        .iter()
        .map(|defect| format!("{} {}", defect.part, defect.kind.as_str()))
        .collect();
    for (what, expected, found) in [
        ("gaps", &expected.gaps, gaps(extract)),
        ("defects", &expected.defects, defects),
    ] {
        if let Some(expected) = expected
            && *expected != found
        {
            failures.push(format!("{what} are {found:?}, not {expected:?}"));
        }
    }
    let protection = match extract.protection {
        Protection::None => "none",
        Protection::Smime => "smime",
        Protection::Pgp => "pgp",
    };
    let asked = expected.protection.as_deref().unwrap_or("none");
    if protection != asked {
        failures.push(format!("protection is {protection}, not {asked}"));
    }
    failures
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut crlf = Vec::with_capacity(bytes.len() + 100);
    for &octet in bytes {
        if octet == b'\n' {
            crlf.push(b'\r');
        }
        crlf.push(octet);
    }
    crlf
}
