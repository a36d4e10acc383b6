//! Packs of an organization beside the pack `base.toml`, which stands for the shipped ones, and what is told of both.

use std::fmt::Write;
use std::path::Path;

use sluse::config::{PackFiles, Problems, Source};
use sluse::detect::explain;
use sluse::pattern::{FingerprintKey, Origin, PackSet, PackSource, Packs, SYNTAX};

use super::pin;

#[test]
fn every_mistake_in_a_pack_is_told_with_its_place_and_remedy() {
    pin("tests/check/packs", 17, |case| {
        let problems = told(case);
        format!("{problems}\n")
    });
}

fn told(case: &Path) -> Problems {
    let base = Path::new("tests/check/packs/base.toml");
    let mut packs = vec![(Source::read(base).unwrap(), Origin::Shipped)];
    if case != base {
        packs.push((Source::read(case).unwrap(), Origin::Local));
    }
    match PackFiles::of(packs).check(key()) {
        Ok((_, warnings)) => warnings,
        Err(problems) => problems,
    }
}

fn key() -> FingerprintKey {
    FingerprintKey::new([7; 32])
}

fn local(file: &str, text: String) -> PackSource {
    PackSource {
        file: file.into(),
        text: text.into(),
        origin: Origin::Local,
    }
}

#[test]
fn what_the_manual_shows_is_good() {
    let shown: Vec<&str> = SYNTAX
        .split("```toml\n")
        .skip(1)
        .filter_map(|block| block.split("```").next())
        .collect();
    let [_, pattern, leaning, changes] = shown[..] else {
        panic!("{shown:?}");
    };
    // What the examples change need not be as they have it.
    let head = |id: &str, category: &str| {
        format!(
            "id = \"{id}\"\ncategory = \"{category}\"\nname = {{ da = \"x\", en = \"x\" }}\n\
             description = {{ da = \"x\", en = \"x\" }}\nsubject = {{ says = [\"forløb\"] }}\n"
        )
    };
    let base = format!(
        "format = 1\n[[pattern]]\n{}[[pattern]]\n{}",
        head("dk.health", "health"),
        head("dk.union", "union")
    );
    let whole = head("dk.union", "union");
    let changes = changes.replace("id = \"dk.union\"\n", &whole);
    let mut sources = PackSource::shipped();
    sources.retain(|it| it.file.ends_with("/cpr.toml") || it.file.ends_with("/language.toml"));
    sources.push(local("base.toml", base));
    sources.push(local("pattern.toml", format!("format = 1\n{pattern}")));
    sources.push(local("leaning.toml", format!("format = 1\n{leaning}")));
    sources.push(local("changes.toml", changes));
    assert_eq!(Packs::compile(&PackSet::from(sources), key()).err(), None);
}

#[test]
fn what_goes_beyond_a_limit_is_refused_and_the_limit_is_named() {
    let pattern = |id: usize| {
        format!(
            "[[pattern]]\nid = \"x.{id}\"\ncategory = \"exam\"\nname = {{ da = \"x\", en = \"x\" }}\n\
             description = {{ da = \"x\", en = \"x\" }}\n"
        )
    };
    let phrases = |count: usize, length: usize| {
        let mut text = format!("format = 1\n{}[pattern.subject]\nhints = [", pattern(0));
        for at in 0..count {
            write!(text, "\"a{at:0length$}\",").unwrap();
        }
        text + "]\n"
    };
    let examples = |count: usize, length: usize| {
        let mut text = format!("format = 1\n{}subject = {{}}\n", pattern(0));
        for _ in 0..count {
            let long = "x".repeat(length);
            write!(text, "[[pattern.example]]\ntext = \"{long}\"\n").unwrap();
        }
        text
    };
    let patterns = (0..101).fold("format = 1\n".to_owned(), |text, at| {
        text + &pattern(at) + "subject = {}\n"
    });
    let words = |count: usize, length: usize| {
        let mut text = format!(
            "format = 1\n{}[pattern.cpr]\nyear = 2026\noldest = 120\nrare = 90\nrecent = 12\n\
             labels = {{ number = [",
            pattern(0)
        );
        for at in 0..count {
            write!(text, "\"a{at:0length$}\",").unwrap();
        }
        text + "] }\n"
    };
    let leaning = |words: usize| {
        let mut text = format!(
            "format = 1\n{}subject = {{}}\n[[leaning]]\n[leaning.words]\n\"1.0\" = \"",
            pattern(0)
        );
        for at in 0..words {
            write!(text, "a{at} ").unwrap();
        }
        text + "\"\n"
    };
    for (packs, limit) in [
        (vec![leaning(50_001)], "more than 50000 words"),
        (vec!["format = 1\n".to_owned(); 201], "200 is the most"),
        (
            vec![format!("format = 1\n#{}", "x".repeat(1 << 20))],
            "longer than 1048576 octets",
        ),
        (vec![patterns], "100 is the most"),
        (vec![phrases(60_001, 8)], "60000 is the most"),
        (vec![phrases(4_000, 180)], "600000 is the most"),
        (vec![phrases(1, 400)], "longer than 400 octets"),
        (vec![examples(2_001, 1)], "2000 is the most"),
        (vec![examples(1, 10_001)], "longer than 10000 octets"),
        (vec![words(4_001, 4)], "more than 4000 words"),
        (vec![words(1_200, 55)], "more than 60000 letters"),
    ] {
        let named = packs.into_iter().enumerate();
        let sources: Vec<_> = named
            .map(|(at, text)| local(&format!("{at}.toml"), text))
            .collect();
        let problems = Packs::compile(&PackSet::from(sources), key()).unwrap_err();
        let told: Vec<_> = problems.iter().map(|it| (it.code, &it.message)).collect();
        assert!(
            told.iter()
                .any(|(code, message)| *code == "P006" && message.contains(limit)),
            "{limit}: {told:?}"
        );
    }
}

/// The widest phrase there may be, in a text in which it always nearly stands.
#[test]
fn no_phrase_takes_long_in_any_text() {
    let text = "format = 1\n[[pattern]]\nid = \"x.x\"\ncategory = \"exam\"\nname = { da = \"x\", en = \"x\" }\n\
                description = { da = \"x\", en = \"x\" }\n\
                subject = { says = [\"aaaa ... aaaa ... aaaa ... aaaa? bbbb\", \"*aaaa* ... *aaaa* ... *aaaa*\"] }\n";
    let set = PackSet::from(vec![local("x.toml", text.to_owned())]);
    let packs = Packs::compile(&set, key()).unwrap();
    for text in ["aaaa ", "aaaa bbbb aaaa cccc "] {
        assert!(!explain(&packs, &text.repeat(1_000)).is_empty());
    }
}
