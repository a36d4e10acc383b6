//! Cases of `ocr`: pictures and scans with a number planted in each, read by the Tesseract of this machine; and misfortunes, by one
//! that does what its picture says.

mod misfortune;
mod planted;
mod walls;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A message with these files attached, as octets.
pub(super) fn message(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut message =
        b"Subject: Bilag\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\n\r\nSe vedlagt.\r\n"
            .to_vec();
    for (name, octets) in files {
        let head = format!(
            "--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\
            Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n"
        );
        message.extend(head.as_bytes());
        for line in base64(octets).as_bytes().chunks(76) {
            message.extend(line);
            message.extend(b"\r\n");
        }
    }
    message.extend(b"--b--\r\n");
    message
}

fn base64(octets: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in octets.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, at| {
            bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0))
        });
        for at in 0..4 {
            let letter = LETTERS.get(bits >> (18 - 6 * at) & 63).unwrap();
            text.push(if at <= chunk.len() {
                char::from(*letter)
            } else {
                '='
            });
        }
    }
    text
}

/// A picture of the tests, by its name.
pub(super) fn picture(name: &str) -> Vec<u8> {
    fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/ocr/pictures")
            .join(name),
    )
    .unwrap()
}

/// The header of a PNG picture of this size, and words for the Tesseract that does what it is told.
pub(super) fn told(width: u32, height: u32, words: &str) -> Vec<u8> {
    let mut octets = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".to_vec();
    octets.extend(width.to_be_bytes());
    octets.extend(height.to_be_bytes());
    octets.extend(words.as_bytes());
    octets
}

/// A folder with that Tesseract in it.
pub(super) fn fake() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("tesseract");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ocr/fake_tesseract.c");
    let built = Command::new("gcc")
        .args(["-w", "-o"])
        .arg(&program)
        .arg(source)
        .status();
    assert!(
        built.unwrap().success(),
        "gcc is needed: tests/run installs it"
    );
    (folder, program)
}

/// Scans messages, each under its name, by a configuration with these keys; what is told of each, in their order.
fn scan(keys: &str, messages: &[(&str, Vec<u8>)]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("sluse.toml");
    let route = "[route.secure]\nnext_hop = \"127.0.0.1:10027\"\ntls = \"off\"\n[incident]\ndatabase = \"x.db\"\n";
    fs::write(&config, format!("{keys}\n{route}")).unwrap();
    let mails = folder.path().join("mails");
    fs::create_dir(&mails).unwrap();
    for (at, (_, message)) in messages.iter().enumerate() {
        fs::write(mails.join(format!("{at:03}.eml")), message).unwrap();
    }
    let ran = sluse(&[
        "scan",
        "--json",
        "-c",
        config.to_str().unwrap(),
        mails.to_str().unwrap(),
    ]);
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_ne!(ran.status.code(), Some(2), "{said}");
    let lines = String::from_utf8(ran.stdout).unwrap();
    let reports: Vec<Value> = lines
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    assert_eq!(reports.len(), messages.len());
    reports
}

fn sluse(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sluse"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

/// `NAME REASON` of each gap.
fn gaps(report: &Value) -> Vec<String> {
    let gaps = report["gaps"].as_array().unwrap().iter();
    gaps.map(|it| {
        format!(
            "{} {}",
            it["name"].as_str().unwrap_or("-"),
            it["reason"].as_str().unwrap()
        )
    })
    .collect()
}

/// `ORIGIN: EVIDENCE` of each finding.
fn findings(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|it| {
            format!(
                "{}: {}",
                it["origin"].as_str().unwrap(),
                it["evidence"].as_str().unwrap()
            )
        })
        .collect()
}
