//! The journey map in `src/lib.rs`, checked: each stage names only what it may.

use std::fs;
use std::path::{Path, PathBuf};

/// Each module, above everything that names it, with the modules it may name.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("limits", &[]),
    ("clock", &[]),
    ("certificate", &[]),
    ("users", &[]),
    ("mail", &["limits"]),
    ("metrics", &["limits"]),
    ("smtp", &["mail", "limits"]),
    ("spool", &["mail", "limits", "metrics"]),
    ("mime", &["mail", "limits"]),
    ("extract", &["mime", "mail", "limits"]),
    ("pattern", &["limits"]),
    ("detect", &["pattern", "extract", "mime", "mail", "limits"]),
    (
        "inspect",
        &[
            // What is handed to an inspector is a message in the spool.
            "spool", "mime", "extract", "pattern", "detect", "mail", "limits", "metrics",
        ],
    ),
    (
        "policy",
        &["inspect", "mime", "extract", "pattern", "detect", "mail"],
    ),
    (
        "evaluate",
        &[
            "inspect", "mime", "extract", "pattern", "detect", "mail", "limits",
        ],
    ),
    (
        "incident",
        &[
            "policy", "inspect", "mime", "extract", "pattern", "detect", "mail", "clock", "limits",
            "metrics",
        ],
    ),
    (
        // What a message that was taken is known by: the incident it made, the route that took it, and no more.
        "retry",
        &["incident", "policy", "pattern", "mail", "clock"],
    ),
    (
        "accept",
        &[
            "smtp",
            "spool",
            "mail",
            "limits",
            "clock",
            "certificate",
            "users",
            "metrics",
        ],
    ),
    (
        "act",
        &[
            "smtp",
            "spool",
            "policy",
            "mail",
            "limits",
            "clock",
            "certificate",
            "metrics",
        ],
    ),
    (
        "journey",
        &[
            "accept", "act", "smtp", "spool", "mime", "extract", "pattern", "detect", "inspect",
            "policy", "incident", "retry", "mail", "limits", "clock", "metrics",
        ],
    ),
    ("monitor", &["metrics", "limits"]),
    (
        "config",
        &[
            "monitor",
            "journey",
            "accept",
            "act",
            "smtp",
            "spool",
            "mime",
            "extract",
            "pattern",
            "detect",
            "inspect",
            "policy",
            "incident",
            "retry",
            "mail",
            "limits",
            "certificate",
            "users",
        ],
    ),
    (
        "app",
        &[
            "monitor",
            "metrics",
            "config",
            "journey",
            "accept",
            "act",
            "smtp",
            "spool",
            "mime",
            "extract",
            "pattern",
            "detect",
            "inspect",
            "policy",
            "incident",
            "retry",
            "mail",
            "limits",
            "clock",
            "certificate",
        ],
    ),
    (
        "cli",
        &[
            "app", "config", "journey", "evaluate", "accept", "act", "smtp", "spool", "mime",
            "extract", "pattern", "detect", "inspect", "policy", "incident", "retry", "mail",
            "limits", "clock", "users",
        ],
    ),
    ("manual", &[]),
    // The documentation of the crate names all; `main` only the command line.
    ("lib", &["manual"]),
    ("main", &["cli"]),
];

/// Modules that know no socket, file, clock or async.
const PURE: &[&str] = &[
    "smtp", "mime", "extract", "pattern", "detect", "policy", "evaluate",
];

/// What a pure module must not say.
const IMPURE: &[&str] = &[
    "async fn",
    ".await",
    "tokio::",
    "std::fs",
    "std::net::Tcp",
    "std::thread",
    "std::process",
    "Instant::now",
    "SystemTime",
    "clock::now",
];

/// What runs in the gate, where compiled packs would be 40 MB for nothing: it has messages read by others.
const GATE: &[&str] = &[
    "app",
    "journey",
    "inspect/door",
    "inspect/inspector",
    "inspect/pool",
    "inspect/told",
];

#[test]
fn the_gate_has_no_compiled_packs() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for (_, file, text) in sources() {
        let path = file.strip_prefix(&src).unwrap();
        let is_of_gate = GATE.iter().any(|part| {
            let file = Path::new(part).with_extension("rs");
            path.starts_with(part) || path == file
        });
        if is_of_gate && !path.ends_with("tests.rs") {
            seen += 1;
            let named = text.split("crate::pattern::").skip(1);
            let named = named.filter_map(|rest| rest.split(';').next());
            let mut names = named.flat_map(|named| named.split(|c: char| !c.is_alphanumeric()));
            let names_packs = names.any(|name| name == "Packs");
            // Nor are they compiled there without being named.
            let compiles = text.contains("Stock::of(");
            assert!(
                !names_packs && !compiles,
                "{}: compiled packs",
                path.display()
            );
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn stages_name_only_what_they_may() {
    let mut broken = Vec::new();
    for (stage, file, text) in sources() {
        let Some((_, may)) = MAY_NAME.iter().find(|(name, _)| *name == stage) else {
            broken.push(format!("{}: `{stage}` is not on the map", file.display()));
            continue;
        };
        for named in crate_paths(&text) {
            if named != stage && !may.contains(&named.as_str()) {
                broken.push(format!("{}: `{stage}` names `{named}`", file.display()));
            }
        }
        if text.contains("super::super::") {
            broken.push(format!(
                "{}: `super::super::`; name it from `crate`",
                file.display()
            ));
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn the_map_has_no_circle() {
    for (at, (stage, may)) in MAY_NAME.iter().enumerate() {
        for named in *may {
            let above = MAY_NAME.iter().take(at).any(|(name, _)| name == named);
            assert!(
                above || *named == "manual",
                "`{stage}` names `{named}`, which does not stand above it"
            );
        }
    }
}

#[test]
fn pure_modules_stay_pure() {
    let mut broken = Vec::new();
    for (stage, file, text) in sources() {
        if !PURE.contains(&stage.as_str()) {
            continue;
        }
        // What stands below is tests, which may read their cases from files.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in IMPURE {
            if code.contains(word) {
                broken.push(format!(
                    "{}: `{word}` in the pure module `{stage}`",
                    file.display()
                ));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

fn sources() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![src.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let stage = path
                    .strip_prefix(&src)
                    .unwrap()
                    .components()
                    .next()
                    .unwrap();
                let stage = stage
                    .as_os_str()
                    .to_string_lossy()
                    .trim_end_matches(".rs")
                    .to_owned();
                let text = fs::read_to_string(&path).unwrap();
                found.push((stage, path, text));
            }
        }
    }
    assert!(found.len() > 20, "the sources were not found");
    found
}

/// Every `x` in `crate::x` of the code, comments left out. A grouped `use crate::{..}` yields the empty name, which is on no
/// map: one import a module.
fn crate_paths(text: &str) -> Vec<String> {
    let word = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let code = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    code.flat_map(|line| {
        line.match_indices("crate::")
            .filter(|(at, _)| !line[..*at].ends_with('$'))
            .map(|(at, found)| word(&line[at + found.len()..]))
            .collect::<Vec<_>>()
    })
    .collect()
}
