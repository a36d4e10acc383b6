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
