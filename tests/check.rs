//! Configurations and policies that are wrong, each with the words an administrator gets: `tests/check/*.toml`, and beside
//! each the `.out` that pins them. `BLESS=1` writes the `.out` files anew.
//!
//! A case named `policy-*` is a policy; every other is a `sluse.toml`. Packs are in `tests/check/packs`.

mod packs;

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use sluse::config::{
    self, Code, Problems, Purpose, SHIPPED_POLICY, Source, load, load_policy, load_source,
};
use sluse::detect::PatternId;
use sluse::limits::{ReadLimits, TimeLimits, WireLimits};

#[test]
fn every_mistake_is_told_with_its_place_and_remedy() {
    pin("tests/check", 15, told);
}

/// Compares what is told of each case in a folder with what is pinned beside it.
fn pin(folder: &str, at_least: usize, told: impl Fn(&Path) -> String) {
    let mut run = 0;
    let mut failed = Vec::new();
    for case in cases(folder) {
        run += 1;
        let said = told(&case);
        let expected = case.with_extension("out");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &said).unwrap();
        }
        let pinned = fs::read_to_string(&expected).unwrap_or_default();
        if said != pinned {
            failed.push(format!(
                "--- {}\n{said}\n--- pinned\n{pinned}",
                case.display()
            ));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(run > at_least, "only {run} cases were found");
}

#[test]
fn the_shipped_files_are_without_error_and_equal_to_the_defaults() {
    let written = load(Path::new("config/sluse.toml"), Purpose::Check, None)
        .unwrap()
        .config;
    let empty = load_source(
        Source::new(
            Path::new("config/sluse.toml"),
            "[route.secure]\nnext_hop = \"127.0.0.1:10027\"\ntls = \"off\"",
        ),
        Purpose::Check,
        None,
    )
    .unwrap()
    .config;
    assert_eq!(format!("{written:?}"), format!("{empty:?}"));
    // And the defaults are those of the stages.
    assert_eq!(written.accept.wire, WireLimits::default());
    assert_eq!(written.accept.time, TimeLimits::default());
    assert_eq!(written.inspect.limits, ReadLimits::default());
    assert_eq!(written.incident, sluse::incident::Settings::default());
    assert_eq!(written.spool, sluse::spool::Settings::default());
    assert_eq!(written.log, config::Log::default());
}

#[test]
fn the_shipped_policy_is_the_file_beside_it_and_only_lacks_domains() {
    let (policy, warnings) = load_policy(
        Source::new(Path::new("config/policy.toml"), SHIPPED_POLICY),
        None,
    )
    .unwrap();
    assert_eq!(policy, config::shipped_policy());
    assert_eq!(policy.rules.len(), 7);
    let codes: Vec<_> = warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [Code::Doubtful], "{warnings}");
}

/// A key nobody knows makes the program tell the keys it does know; each of them must stand in the shipped files.
#[test]
fn every_key_stands_in_the_shipped_files() {
    let known = |problems: &Problems| -> Vec<String> {
        problems
            .iter()
            .filter(|problem| problem.code == Code::UnknownKey)
            .filter_map(|problem| problem.remedy.strip_prefix("known are: "))
            .flat_map(|keys| keys.split(", ").map(str::to_owned))
            .collect()
    };
    let sections = [
        "listen",
        "route.normal",
        "route.secure",
        "patterns",
        "policy",
        "monitor",
        "spool",
        "inspect",
        "ocr",
        "incident",
        "journal",
        "log",
        "limits",
        "limits.wire",
        "limits.read",
        "limits.time",
    ];
    let mut text = String::from("qqqqqqqqqqqqqqqqqqqq = 1\n");
    for section in sections {
        text.push_str(&format!("[{section}]\nqqqqqqqqqqqqqqqqqqqq = 1\n"));
    }
    let source = Source::new(Path::new("sluse.toml"), text.clone());
    let keys = known(&load_source(source, Purpose::Check, None).unwrap_err());
    let file = fs::read_to_string("config/sluse.toml").unwrap();
    assert!(keys.len() > 50, "{keys:?}");
    let missing: Vec<&String> = keys
        .iter()
        .filter(|key| {
            !file.lines().any(|line| {
                let line = line.trim_start_matches(['#', ' ']);
                line.starts_with(&format!("{key} = "))
                    || line.starts_with(&format!("[{key}"))
                    || line.contains(&format!(".{key}]"))
            })
        })
        .collect();
    assert!(
        missing.is_empty(),
        "config/sluse.toml says nothing of {missing:?}"
    );

    let q = "qqqqqqqqqqqqqqqqqqqq = 1\n";
    let text =
        format!("{q}[domains]\n{q}[notice]\n{q}[notice.da]\n{q}[[rule]]\n{q}[rule.when]\n{q}");
    let source = Source::new(Path::new("policy.toml"), text);
    let keys = known(&load_policy(source, None).unwrap_err());
    assert!(keys.len() > 20, "{keys:?}");
    let missing: Vec<&String> = keys
        .iter()
        .filter(|key| !SHIPPED_POLICY.contains(key.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "config/policy.toml says nothing of {missing:?}"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none.toml");
    let said = load(&missing, Purpose::Check, None)
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("C002") && said.contains("none.toml"),
        "{said}"
    );

    let latin = folder.path().join("latin.toml");
    fs::write(&latin, b"# ok\n# k\xf8benhavn\n").unwrap();
    let said = load(&latin, Purpose::Check, None).unwrap_err().to_string();
    assert!(said.contains("line 2") && said.contains("UTF-8"), "{said}");

    let huge = folder.path().join("huge.toml");
    fs::write(&huge, vec![b'\n'; (1 << 20) + 1]).unwrap();
    let said = load(&huge, Purpose::Check, None).unwrap_err().to_string();
    assert!(said.contains("larger than 1 MiB"), "{said}");
}

#[test]
fn a_folder_that_cannot_be_used_stops_the_start_and_not_the_check() {
    let text = "[incident]\ndatabase = \"/nowhere/at/all/incidents.db\"\n[route.secure]\nnext_hop = \"127.0.0.1:1\"\ntls = \"off\"\n";
    let source = || Source::new(Path::new("sluse.toml"), text);
    let loaded = load_source(source(), Purpose::Check, None).unwrap();
    assert!(loaded.warnings.to_string().contains("/nowhere/at/all"));
    let refused = load_source(source(), Purpose::Serve, None).unwrap_err();
    assert_eq!(refused.errors(), 1, "{refused}");
}

proptest! {
    /// Whatever a file holds, it is told, and nothing panics: not the reader, not the drawing of the place.
    #[test]
    fn any_file_is_told(lines in proptest::collection::vec(line(), 0..12)) {
        let text = lines.concat();
        let source = Source::new(Path::new("x.toml"), text);
        if let Err(problems) = load_source(source.clone(), Purpose::Check, None) {
            prop_assert!(problems.to_string().contains("error[C0"));
        }
        if let Err(problems) = load_policy(source, None) {
            prop_assert!(problems.to_string().contains("error[C0"));
        }
    }
}

/// A line of a file: good, bent or noise.
fn line() -> impl Strategy<Value = String> {
    let shipped: Vec<String> = fs::read_to_string("config/sluse.toml")
        .unwrap()
        .lines()
        .chain(SHIPPED_POLICY.lines())
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| format!("{line}\n"))
        .collect();
    let bent = (
        proptest::sample::select(shipped.clone()),
        0..40_usize,
        "\\PC{0,3}",
    )
        .prop_map(|(line, at, noise)| {
            let at = line.floor_char_boundary(at);
            format!("{}{noise}{}", &line[..at], &line[at..])
        });
    prop_oneof![
        proptest::sample::select(shipped),
        bent,
        "[\\x00-\\x7F\u{20ac}\u{1F600}\u{202e}\u{300}]{0,20}\n?",
    ]
}

fn told(case: &Path) -> String {
    let patterns = [PatternId::new("dk.cpr"), PatternId::new("dk.ecpr")];
    let source = Source::read(case).unwrap();
    let name = case.file_name().unwrap().to_string_lossy();
    let problems = if name.starts_with("policy-") {
        match load_policy(source, Some(&patterns)) {
            Ok((_, warnings)) => warnings,
            Err(problems) => problems,
        }
    } else {
        match load_source(source, Purpose::Check, Some(&patterns)) {
            Ok(loaded) => loaded.warnings,
            Err(problems) => problems,
        }
    };
    format!("{problems}\n")
}

fn cases(folder: &str) -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    cases.sort();
    cases
}
