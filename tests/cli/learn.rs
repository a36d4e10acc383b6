//! `sluse patterns learn`, from labelled texts to a pack that changes what is found.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::sluse;

/// Texts of a workplace at which whoever is spoken of with a `zebra` is ill, and whoever is with a `giraf` is not.
fn corpus(folder: &Path, texts: usize) -> String {
    let file = folder.join("corpus.jsonl");
    let lines = (0..texts).map(|at| {
        let (word, categories) = match at % 2 {
            0 => ("zebraen", vec!["health"]),
            _ => ("giraffen", vec![]),
        };
        let text = format!("Karla Brix var ved {word} i bil {at}, så hun kommer senere.");
        let labels = json!({ "cpr": [], "categories": categories });
        format!(
            "{}\n",
            json!({ "id": format!("x-{at}"), "text": text, "labels": labels })
        )
    });
    fs::write(&file, lines.collect::<String>()).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn words_of_one_side_are_learned_and_move_what_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let ran = sluse(&["patterns", "learn", &corpus(folder.path(), 40)]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let health = ran.out.split("[[leaning]]").nth(1).unwrap();
    let (towards, away) = health.split_once("\"-").unwrap();
    assert!(
        towards.contains("zebra") && !away.contains("zebra"),
        "{health}"
    );
    assert!(
        away.contains("giraf") && !towards.contains("giraf"),
        "{health}"
    );
    // No name and no number is learned.
    for person in ["karla", "brix", "12"] {
        assert!(!ran.out.contains(&format!("{person} ")), "{}", ran.out);
    }
    // What is printed is a pack that takes the place of the shipped one.
    let pack = folder.path().join("leanings.toml");
    fs::write(&pack, &ran.out).unwrap();
    let weight = |word: &str| {
        let text = format!("Hun har ondt i maven, {word} {word} {word} {word}.");
        let pack = pack.to_str().unwrap();
        let ran = sluse(&["patterns", "explain", "--patterns", pack, &text]);
        let health = ran.out.split("dk.health").nth(1).unwrap();
        let weighs = health
            .split("weighs ")
            .nth(1)
            .and_then(|it| it.split(',').next());
        weighs.unwrap().parse::<f32>().unwrap()
    };
    assert!(weight("zebra") > weight("giraf") + 0.5);
}

#[test]
fn too_few_texts_teach_nothing_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let ran = sluse(&["patterns", "learn", &corpus(folder.path(), 19)]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("there are 19 texts in the corpus"),
        "{}",
        ran.err
    );
}
