//! `mail-parser` as a second opinion: the numbers it finds, ours must find.

use std::fs;
use std::path::PathBuf;

use mail_parser::{MessageParser, PartType};

use super::{cases, gaps, read, told};

#[test]
fn what_another_parser_finds_is_found() {
    let mut missed = Vec::new();
    let mut compared = 0;
    for path in cases("tests/mime") {
        let bytes = fs::read(&path).unwrap();
        let extract = read(&bytes);
        // What lies beyond a limit is told as that.
        if gaps(&extract).iter().any(|gap| gap.contains(" limit ")) {
            continue;
        }
        let ours = told(&extract).join("\n");
        let Some(parsed) = MessageParser::default().parse(&bytes) else {
            continue;
        };
        for part in &parsed.parts {
            let PartType::Text(text) = &part.body else {
                continue;
            };
            // What it could not decode it hands on as it stands.
            if part.is_encoding_problem || text.contains(['\0', '\u{12}']) {
                continue;
            }
            let digits = |word: &&str| word.bytes().filter(u8::is_ascii_digit).count();
            for word in text.split_whitespace().filter(|word| digits(word) >= 6) {
                compared += 1;
                if !ours.contains(word) && !is_identifier(word) {
                    missed.push(format!("{}: {word:?}", path.display()));
                }
            }
        }
    }
    assert!(compared > 40, "nothing was compared");
    assert!(missed.is_empty(), "\n{}\n", missed.join("\n"));
}

/// What programs write for programs into a calendar is left out.
fn is_identifier(word: &str) -> bool {
    word.starts_with("UID:") || word.starts_with("DTSTART:")
}

#[test]
fn no_line_is_lost_wherever_it_stands() {
    let mut lost = Vec::new();
    let shows_all = |path: &PathBuf| {
        // A line inside a tag is shown by nobody.
        !path
            .parent()
            .is_some_and(|folder| folder.ends_with("ordinary"))
    };
    for path in cases("tests/mime").into_iter().filter(shows_all) {
        let bytes = fs::read(&path).unwrap();
        let Some(head) = memchr::memmem::find(&bytes, b"\n\n") else {
            continue;
        };
        for at in memchr::memchr_iter(b'\n', &bytes).filter(|at| *at > head) {
            let mut changed = bytes.clone();
            changed.splice(at + 1..at + 1, b"mark 311290-5555 here\n".iter().copied());
            let extract = read(&changed);
            let is_read = extract
                .texts
                .iter()
                .any(|text| text.text.contains("311290-5555"));
            if !is_read && extract.gaps.is_empty() {
                lost.push(format!("{} at {at}", path.display()));
            }
        }
    }
    assert!(lost.is_empty(), "\n{}\n", lost.join("\n"));
}
