//! `sluse patterns`, and packs of an organization in whatever else recognizes.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{Ran, sluse, sluse_fed};

/// A word that stands in no shipped pack.
const WORD: &str = "vagtkortkode";

/// A configuration that names a pack of its own, and switches nothing off.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new(pack: &str, disable: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("packs")).unwrap();
        fs::write(folder.path().join("packs/ours.toml"), pack).unwrap();
        let policy = "domains.inside = [\"kommune.example\"]\n\
                      [[rule]]\nname = \"numbers\"\nneed = \"transport\"\naction = \"refuse\"\n\
                      when.categories = [\"national-id\"]\n";
        fs::write(folder.path().join("policy.toml"), policy).unwrap();
        let config = format!(
            "[patterns]\npacks = [\"packs\"]\ndisable = [{disable}]\n\
             [policy]\nfile = \"policy.toml\"\n[incident]\ndatabase = \"incidents.db\"\n"
        );
        fs::write(folder.path().join("sluse.toml"), config).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        sluse(&[arguments, &["-c", &self.path("sluse.toml")]].concat())
    }
}

fn label() -> String {
    format!("format = 1\n[[extend]]\nid = \"dk.cpr\"\nlabels.number = [\"{WORD}*\"]\n")
}

fn message(folder: &Path) -> String {
    let file = folder.join("mail.eml");
    let text = format!("Subject: Svar\n\nHun fik {WORD}n 1708641231 i går.\n");
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn every_pattern_is_listed_and_shown() {
    let ran = sluse(&["patterns", "list"]);
    assert!(
        ran.out.starts_with("dk.cpr  CPR number (national-id)\n"),
        "{}",
        ran.out
    );
    let rows = sluse(&["patterns", "list", "--json"]).json();
    let row = &rows[0];
    assert_eq!(row["id"], "dk.cpr");
    assert_eq!(
        row["name"],
        json!({ "da": "CPR-nummer", "en": "CPR number" })
    );
    assert_eq!(row["category"], "national-id");
    assert_eq!(row["packs"], json!(["patterns/dk/cpr.toml"]));
    assert_eq!(row["local"], false);
    assert_eq!(row["version"].as_str().map(str::len), Some(12));
    assert!(row["examples"].as_u64() > Some(0) && row["counterexamples"].as_u64() > Some(0));
    for id in rows
        .iter()
        .filter_map(|row| row["id"].as_str())
        .chain(["language"])
    {
        let ran = sluse(&["patterns", "show", id]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.out.contains("(shipped)"), "{}", ran.out);
        // A phrase may be as long as it is.
        let is_long = |line: &&str| line.chars().count() > 100 && line.contains(", ");
        let lists = ran.out.lines().filter(|line| !line.contains('"'));
        assert_eq!(lists.skip(2).find(is_long), None);
    }
    assert_eq!(sluse(&["patterns", "show", "dk.crp"]).code, Some(2));
}

#[test]
fn an_explanation_has_reasons_and_no_serial() {
    let text = "Navn\\tCPR\\nIb\\t170864-1231, faktura 170864-1231";
    let ran = sluse(&["patterns", "explain", text]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("1708XX-XXXX  dk.cpr: high"), "{}", ran.out);
    assert!(ran.out.contains("at the head of its column"), "{}", ran.out);
    assert!(ran.out.contains("dk.cpr: no"), "{}", ran.out);
    assert!(!ran.out.contains("1231"), "{}", ran.out);
    // The same from a file and from standard input, where `\t` is a tab.
    let text = text.replace("\\t", "\t").replace("\\n", "\n");
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &text).unwrap();
    let name = file.path().to_str().unwrap();
    assert_eq!(sluse(&["patterns", "explain", "--file", name]).out, ran.out);
    let fed = sluse_fed(&["patterns", "explain", "--file", "-"], text.as_bytes());
    assert_eq!(fed.out, ran.out);
    assert_eq!(
        sluse(&["patterns", "explain", "Hermed referatet."]).code,
        Some(0)
    );
    assert_eq!(sluse(&["patterns", "explain"]).code, Some(2));
    assert_eq!(
        sluse(&["patterns", "explain", "--file", "no/such"]).code,
        Some(2)
    );
}

#[test]
fn the_syntax_is_told() {
    let ran = sluse(&["patterns", "syntax"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("format = 1") && ran.out.contains("[[extend]]"));
    let widest = ran.out.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(116), "{widest:?}");
}

#[test]
fn a_pack_of_the_organization_is_used_wherever_its_configuration_is() {
    let site = Site::new(&label(), "");
    let ran = site.run(&["check", "--strict"]);
    assert!(ran.out.contains("sluse.toml: 0 errors"), "{}", ran.out);

    let text = format!("{WORD}n 1708641231");
    let explained = |arguments: &[&str]| {
        let ran = sluse(&[&["patterns", "explain", &text], arguments].concat());
        ran.out.contains(&format!("label `{WORD}*` before it"))
    };
    assert!(!explained(&[]));
    assert!(explained(&["-c", &site.path("sluse.toml")]));
    assert!(explained(&["--patterns", &site.path("packs")]));

    let shown = site.run(&["patterns", "show", "dk.cpr"]).out;
    let piece = format!(
        "{}, line 4 (local)\n    {WORD}*\n",
        site.path("packs/ours.toml")
    );
    assert!(shown.contains(&piece), "{shown}");
    let row = site
        .run(&["patterns", "list", "--json"])
        .json()
        .swap_remove(0);
    assert_eq!(
        (&row["local"], &row["packs"]),
        (
            &json!(true),
            &json!(["patterns/dk/cpr.toml", site.path("packs/ours.toml")])
        )
    );

    let mail = message(site.folder.path());
    let confidence = |ran: Ran| -> Value { ran.json()[0]["findings"][0]["confidence"].clone() };
    let without = confidence(sluse(&["scan", "--json", "--all", &mail]));
    let with = confidence(site.run(&["scan", "--json", "--all", &mail]));
    assert_eq!((without, with), (Value::Null, json!("high")));

    let corpus = site.path("corpus.jsonl");
    let line = json!({ "id": "a-1", "text": text, "labels": { "cpr": [{ "value": "1708641231" }], "categories": [] } });
    fs::write(&corpus, format!("{line}\n")).unwrap();
    let found = |arguments: &[&str]| {
        let ran = sluse(
            &[
                &["evaluate", "--json", "--least", "high", &corpus],
                arguments,
            ]
            .concat(),
        );
        let report = ran.json().swap_remove(0);
        let row = report["rows"].as_array().unwrap().iter();
        row.clone().find(|row| row["name"] == "dk.cpr").unwrap()["found"].clone()
    };
    assert_eq!(found(&[]), 0);
    assert_eq!(found(&["-c", &site.path("sluse.toml")]), 1);
}

#[test]
fn a_pattern_that_is_switched_off_finds_nothing() {
    let site = Site::new("format = 1\n", "\"dk.cpr\"");
    let listed = site.run(&["patterns", "list"]).out;
    assert!(listed.contains("dk.cpr  switched off\n"), "{listed}");
    let ran = site.run(&["patterns", "explain", "cpr 170864-1231"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let ran = site.run(&["patterns", "show", "dk.cpr"]);
    assert!(ran.err.contains("switched off"), "{}", ran.err);
}

#[test]
fn what_is_wrong_with_packs_and_their_configuration_is_told_with_its_place() {
    let site = Site::new(&label().replace("dk.cpr", "dk.crp"), "\"dk.cprs\"");
    let ran = site.run(&["check"]);
    assert_eq!(ran.code, Some(2));
    for told in [
        "error[P011]",
        "ours.toml:3:6",
        "did you mean `dk.cpr`?",
        "1 error, ",
    ] {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }
    // What patterns there are is not known while a pack is wrong.
    assert!(!ran.out.contains("dk.cprs"), "{}", ran.out);
    let ran = site.run(&["serve"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("ours.toml:3:6"), "{}", ran.err);

    fs::write(site.path("packs/ours.toml"), label()).unwrap();
    let ran = site.run(&["check"]);
    for told in [
        "error[C014]",
        "sluse.toml:3:12",
        "did you mean `dk.cpr`?",
        "1 error, ",
    ] {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }

    fs::remove_dir_all(site.path("packs")).unwrap();
    let ran = site.run(&["check"]);
    for told in ["error[C002]", "sluse.toml:2:10", "cannot be read"] {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }
}

#[test]
fn a_warning_counts_where_that_is_asked_for() {
    let pack = "format = 1\n[[extend]]\nid = \"dk.cpr\"\nremove = [\"qqqqqqq\"]\n";
    let site = Site::new(pack, "");
    let ran = site.run(&["check"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("warning[P012]"), "{}", ran.out);
    assert_eq!(site.run(&["check", "--strict"]).code, Some(1));
}
