//! Files with what must be read of them: `tests/extract/NAME` beside `NAME.toml`, and containers made here.

mod archives;
mod containers;
mod limits;
mod property;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sluse::extract::{Budget, Extract, Place, Reading, open};
use sluse::limits::{Cancel, ReadLimits};
use sluse::mail::FileName;
use sluse::mime::PartPath;

use super::mime::{gaps, told};

/// What must be read of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// All texts, each told as `PART ORIGIN: TEXT`.
    texts: Vec<String>,
    /// All gaps: `PART REASON DETAIL`.
    #[serde(default)]
    gaps: Vec<String>,
}

#[test]
fn files_are_read_whole() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in files() {
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        seen += 1;
        let expected: Expected = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let file = path.with_extension("");
        let name = file.file_name().unwrap().to_str().unwrap();
        let extract = read_file(name, &fs::read(&file).unwrap(), &ReadLimits::default());
        let (texts, gaps) = (told(&extract), gaps(&extract));
        if (&texts, &gaps) != (&expected.texts, &expected.gaps) {
            wrong.push(format!("{name}: texts {texts:#?}, gaps {gaps:?}"));
        }
    }
    assert!(seen >= 100, "the cases were not found");
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// All files of `tests/extract` and the folders in it.
pub(super) fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extract")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files
}

/// Reads a file as an attachment.
pub(super) fn read_file(name: &str, bytes: &[u8], limits: &ReadLimits) -> Extract {
    let mut budget = Budget::new(limits, Cancel::default());
    let mut extract = Extract::default();
    let name = FileName::new(name);
    let mut reading = Reading::new(
        &mut budget,
        &mut extract,
        PartPath::root(),
        Some(name),
        Place::Attachment,
    );
    open(bytes, &mut reading);
    extract
}
