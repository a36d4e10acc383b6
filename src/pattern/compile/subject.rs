//! From lists of phrases to a subject that can be looked for.

use std::borrow::Cow;
use std::collections::HashMap;

use toml::Spanned;

use crate::pattern::Problem;
use crate::pattern::compile::merge::may_share;
use crate::pattern::compile::{Head, Problems, is_number_in};
use crate::pattern::file::{Entry, SubjectFile};
use crate::pattern::greeting::words_that_greet;
use crate::pattern::lexicon::{Builder, LANGUAGE, Sense, Strength};
use crate::pattern::phrase::{Choice, Edge, Element, Phrase, Presence};
use crate::pattern::subject::SubjectPattern;

/// The longest phrase. Fixed: 400 octets; a longer one is refused.
const LONGEST_PHRASE: usize = 400;

/// The highest bar, and the lowest below zero. Fixed: 20, more than a passage can weigh.
const MOST_BAR: f32 = 20.0;

pub(super) fn pattern(
    head: Head,
    file: &SubjectFile,
    index: u16,
    builder: &mut Builder,
    problems: &mut Problems<'_>,
) -> SubjectPattern {
    // Its classes first: they may be named before they are written.
    for (name, phrases) in &file.classes {
        if builder.known_class(LANGUAGE, name).is_some() {
            problems.add(
                Problem::CONTRADICTION,
                phrases
                    .first()
                    .map_or_else(|| head.span.clone(), Spanned::span),
                format!("`{name}` is a class of the language, which this one would hide"),
                "give it another name; to add to the language, write `[language.classes]`",
            );
        }
        builder.class(index, name);
    }
    if let Some(bar) = &file.bar
        && !is_number_in(bar, -MOST_BAR..=MOST_BAR)
    {
        problems.add(
            Problem::VALUE,
            bar.span(),
            format!("{} is no bar", bar.get_ref()),
            "give a number from -20 to 20; 1 asks for about one more hint",
        );
    }
    for (name, phrases) in &file.classes {
        let class = builder.class(index, name);
        add_all(index, phrases, Sense::Class(class), builder, problems);
    }
    let senses = [
        Sense::Topic(index, Strength::Says),
        Sense::Topic(index, Strength::Suggests),
        Sense::Topic(index, Strength::Hints),
        Sense::Other(index),
        Sense::Greets(index),
    ];
    let mut known: HashMap<&str, Vec<&str>> = HashMap::new();
    for ((name, phrases), sense) in file.lists().zip(senses) {
        for phrase in phrases {
            let lists = known.entry(phrase.get_ref()).or_default();
            if let Some(list) = lists.iter().find(|list| !may_share(list, name)) {
                problems.add(
                    Problem::CONTRADICTION,
                    phrase.span(),
                    format!("`{}` already stands in `{list}`", phrase.get_ref()),
                    "keep it in the list that is right more often",
                );
            }
            lists.push(name);
        }
        add_all(index, phrases, sense, builder, problems);
    }
    for phrase in &file.greets {
        told_of_greeting(phrase, problems);
    }
    SubjectPattern {
        id: head.id,
        name: head.name,
        description: head.description,
        category: head.category,
        bar: file.bar.as_ref().map_or(0.0, |bar| *bar.get_ref()),
        examples: head.examples,
    }
}

/// Tells of a phrase that greets itself. What it is looked for in is what stands behind the greeting's own words, so nothing is found.
fn told_of_greeting(written: &Entry, problems: &mut Problems<'_>) {
    let Ok(phrase) = Phrase::parse(written.get_ref()) else {
        return;
    };
    let [first, rest @ ..] = phrase.elements.as_ref() else {
        return;
    };
    let seconds = match rest.first() {
        Some(element @ Element::OneOf(_, Presence::Required)) => words_of(element),
        _ => Vec::new(),
    };
    // Where nothing certain follows, it greets by itself or not at all.
    let seconds = if seconds.is_empty() {
        vec![String::new()]
    } else {
        seconds
    };
    let firsts = words_of(first);
    let greet = |first: &String| {
        let mut seconds = seconds.iter();
        seconds.all(|second| words_that_greet(first, second) > 0)
    };
    if !firsts.is_empty() && firsts.iter().all(greet) {
        problems.add(
            Problem::LABEL,
            written.span(),
            format!("`{}` begins with a word that greets, behind which it is looked for", written.get_ref()),
            "leave that word out: `Kære`, `Hej`, `God morgen` and the like stand before any phrase of `greets`",
        );
    }
}

/// The words of which one stands there, if any, folded; none where it may be something else.
fn words_of(element: &Element) -> Vec<String> {
    let Element::OneOf(choices, _) = element else {
        return Vec::new();
    };
    let words = choices.iter().map(|choice| match choice {
        Choice::Word(word) if word.start == Edge::Closed && word.end != Edge::Open => {
            Some(word.folded())
        }
        Choice::Word(_) | Choice::Class(_) => None,
    });
    words.collect::<Option<_>>().unwrap_or_default()
}

/// Adds phrases that all say the same.
pub(super) fn add_all(
    scope: u16,
    phrases: &[Spanned<String>],
    sense: Sense,
    builder: &mut Builder,
    problems: &mut Problems<'_>,
) {
    for written in phrases {
        if let Some(phrase) = phrase(scope, written, builder, problems) {
            builder.add(scope, phrase, sense);
        }
    }
}

fn phrase(
    scope: u16,
    written: &Spanned<String>,
    builder: &Builder,
    problems: &mut Problems<'_>,
) -> Option<Phrase> {
    let text = written.get_ref();
    if text.len() > LONGEST_PHRASE {
        problems.add(
            Problem::LIMIT,
            written.span(),
            format!("this phrase is longer than {LONGEST_PHRASE} octets"),
            "write several phrases",
        );
        return None;
    }
    let phrase = match Phrase::parse(text) {
        Ok(phrase) => phrase,
        Err(fault) => {
            problems.add(
                Problem::LABEL,
                written.span(),
                format!("`{text}` {}", fault.what),
                fault.remedy,
            );
            return None;
        }
    };
    let choices = phrase.elements.iter().flat_map(|element| match element {
        Element::OneOf(choices, _) => choices.as_ref(),
        Element::Gap => &[],
    });
    for choice in choices {
        if let Choice::Class(name) = choice
            && builder.known_class(scope, name).is_none()
        {
            let remedy = match builder.near_class(scope, name) {
                Some(near) => Cow::Owned(format!("did you mean `<{near}>`?")),
                None => "describe it in `classes`; `sluse patterns show language` lists those of the language".into(),
            };
            problems.add(
                Problem::CLASS,
                written.span(),
                format!("there is no class `{name}`"),
                remedy,
            );
            return None;
        }
    }
    Some(phrase)
}
