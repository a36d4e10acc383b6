//! What is shipped is good by the program's own judgment.

use super::sluse;

#[test]
fn the_configuration_the_policy_and_the_packs_have_no_error() {
    let ran = sluse(&["check", "-c", "config/sluse.toml", "patterns/dk/cpr.toml"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("config/sluse.toml: 0 errors"),
        "{}",
        ran.out
    );
    let ran = sluse(&["check"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(ran.out, "shipped policy and packs: 0 errors, 0 warnings\n");
}

#[test]
fn what_is_not_there_is_an_error() {
    let ran = sluse(&["check", "-c", "no/such.toml"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.out.contains("no/such.toml"), "{}", ran.out);
    assert_eq!(sluse(&["check", "no/such/pack.toml"]).code, Some(2));
    let ran = sluse(&["serve", "-c", "no/such.toml"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("no/such.toml"), "{}", ran.err);
}

/// A start tells all that is wrong at once: an administrator who mends one thing is not told of the next by the next start.
#[test]
fn packs_of_no_use_do_not_keep_a_start_from_telling_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let pack = write("ours.toml", "format = 1\nnonsense = 2\n");
    let config = write(
        "sluse.toml",
        &format!("[patterns]\npacks = [\"{pack}\"]\n[limits.time]\nverdict = \"soon\"\n"),
    );
    let ran = sluse(&["serve", "-c", &config]);
    assert_eq!(ran.code, Some(2));
    for wrong in ["nonsense", "soon"] {
        assert!(ran.err.contains(wrong), "{}", ran.err);
    }
}
