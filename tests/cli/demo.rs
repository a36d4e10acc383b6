//! `sluse demo`, and the log it leaves behind, as people read it.

use rusqlite::Connection;

use super::sluse;

#[test]
fn the_show_ends_well_and_its_incidents_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let ran = sluse(&["demo", "--folder", folder]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("0 of them not as they should have been"),
        "{}",
        ran.out
    );

    let config = format!("{folder}/sluse.toml");
    let listed = sluse(&["incident", "list", "--json", "-c", &config]);
    assert_eq!(listed.code, Some(0), "{}", listed.err);
    let incidents = listed.json();
    assert_eq!(incidents.len(), 9);
    assert!(incidents.iter().all(|it| it["kind"] == "near-miss"));
    let of = |outcome: &str| {
        incidents
            .iter()
            .filter(|it| it["outcome"] == outcome)
            .count()
    };
    assert_eq!((of("secured"), of("refused")), (8, 1));
    let lines = sluse(&["incident", "list", "-c", &config]);
    assert_eq!((lines.code, lines.out.lines().count()), (Some(0), 9));
    let breaches = [
        "incident",
        "list",
        "--kind",
        "breach-candidate",
        "-c",
        &config,
    ];
    assert_eq!(sluse(&breaches).out, "");

    let refused = incidents
        .iter()
        .find(|it| it["outcome"] == "refused")
        .unwrap();
    let id = refused["id"].as_str().unwrap();
    for (language, words) in [("da", "Nærved-hændelse"), ("en", "Near miss")] {
        let shown = sluse(&["incident", "show", id, "--lang", language, "-c", &config]);
        assert_eq!(shown.code, Some(0), "{}", shown.err);
        for told in [
            id,
            words,
            "meho@kommune.example",
            "karen@borger.example",
            "1405XX-XXXX",
        ] {
            assert!(shown.out.contains(told), "{told} in {}", shown.out);
        }
    }
    let [story] = sluse(&["incident", "show", id, "--json", "-c", &config])
        .json()
        .try_into()
        .unwrap();
    assert_eq!(story["incident"]["id"], id);
    let events: Vec<_> = story["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["event"])
        .collect();
    assert_eq!(events, ["opened", "outcome"]);

    let nobody = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    assert_eq!(
        sluse(&["incident", "show", nobody, "-c", &config]).code,
        Some(2)
    );
    let (database, missing) = (
        format!("{folder}/incidents.db"),
        format!("{folder}/none.db"),
    );
    assert_eq!(
        sluse(&["incident", "list", "--database", &missing]).code,
        Some(2)
    );

    let verified = sluse(&["incident", "verify", "--database", &database]);
    assert_eq!(verified.code, Some(0));
    assert!(
        verified.out.starts_with("intact: 18 events of 9 incidents"),
        "{}",
        verified.out
    );
    let log = Connection::open(&database).unwrap();
    log.execute(
        "update event set at = '2020-01-01T00:00:00.000000Z' where seq = 7",
        (),
    )
    .unwrap();
    let verified = sluse(&["incident", "verify", "--database", &database]);
    assert_eq!(verified.code, Some(1));
    assert!(verified.out.starts_with("changed: "), "{}", verified.out);
}
