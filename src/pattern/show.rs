//! Everything a pattern says, put together from all packs, each piece with where it was written.

use crate::pattern::compile::{Files, Problems, merge};
use crate::pattern::file::{CprFile, Entry, LanguageFile, LeaningFile, PatternFile, SubjectFile};
use crate::pattern::{Origin, PackSet};

/// A pattern, or the language, as it is after all packs were put together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// Its name; `language` is that of the language.
    pub id: Box<str>,
    /// What it is, in English: name, category, description.
    pub about: Vec<String>,
    /// What is given as one value: `bar`, `year`.
    pub values: Vec<(String, String)>,
    /// Its lists: phrases, labels, classes, cues, numbers, examples.
    pub lists: Vec<Listed>,
}

/// A list, in the order of the packs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its name, as its key is spelled.
    pub name: String,
    /// The entries.
    pub entries: Vec<Piece>,
}

/// An entry of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// What stands there.
    pub text: String,
    /// The file of its pack.
    pub file: Box<str>,
    /// The line it stands on, from 1.
    pub line: usize,
    /// Whose pack that is.
    pub origin: Origin,
}

/// What all packs say of the pattern of this name, or of the `language`; `None` where none says anything of it.
pub fn show(set: &PackSet, id: &str) -> Option<Shown> {
    let files = Files::new(&set.sources);
    let merged = merge(set, &mut Problems::new(files));
    let places = Places::new(set);
    let (mut shown, of) = if id == "language" {
        (of_language(&merged.language, &places), None)
    } else {
        let pattern = merged.patterns.iter().find(|it| it.id.get_ref() == id)?;
        (of_pattern(pattern, &places), Some(id))
    };
    for leaning in &merged.leanings {
        if leaning.of.as_ref().map(|it| it.get_ref().as_str()) == of {
            shown.leaning(leaning, &places);
        }
    }
    Some(shown)
}

fn of_pattern(pattern: &PatternFile, places: &Places<'_>) -> Shown {
    let mut shown = Shown {
        id: pattern.id.get_ref().as_str().into(),
        about: vec![
            format!("{} ({})", pattern.name.en, pattern.category.as_str()),
            pattern.description.en.clone(),
        ],
        values: Vec::new(),
        lists: Vec::new(),
    };
    if let Some(subject) = &pattern.subject {
        shown.subject(subject, places);
    }
    if let Some(cpr) = &pattern.cpr {
        shown.cpr(cpr, places);
    }
    let examples: Vec<Entry> = pattern.example.iter().map(|it| it.text.clone()).collect();
    shown.list("example", &examples, places);
    let nots = pattern.counterexample.iter();
    let nots: Vec<Entry> = nots.map(|it| it.text.clone()).collect();
    shown.list("counterexample", &nots, places);
    shown
}

fn of_language(language: &LanguageFile, places: &Places<'_>) -> Shown {
    let mut shown = Shown {
        id: "language".into(),
        about: vec!["Whom a passage is about, and when it is about nobody.".to_owned()],
        values: Vec::new(),
        lists: Vec::new(),
    };
    for (key, value) in &language.scale {
        shown.value(&format!("scale.{key}"), value.get_ref());
    }
    for cue in &language.cue {
        let mut told = Vec::new();
        told.extend(cue.tells.map(|it| format!("tells {}", it.as_str())));
        told.extend(cue.reach.map(|it| format!("in the {}", it.as_str())));
        told.extend(
            cue.weight
                .as_ref()
                .map(|it| format!("weighs {}", it.get_ref())),
        );
        let name = format!("cue {} ({})", cue.id.get_ref(), told.join(", "));
        shown.list(&name, &cue.phrases, places);
    }
    for (name, phrases) in &language.classes {
        shown.list(&format!("classes.{name}"), phrases, places);
    }
    shown
}

impl Shown {
    fn subject(&mut self, subject: &SubjectFile, places: &Places<'_>) {
        if let Some(bar) = &subject.bar {
            self.value("bar", bar.get_ref());
        }
        for (name, list) in subject.lists() {
            self.list(name, list, places);
        }
        for (name, list) in &subject.classes {
            self.list(&format!("classes.{name}"), list, places);
        }
    }

    fn cpr(&mut self, cpr: &CprFile, places: &Places<'_>) {
        self.value("year", cpr.year.get_ref());
        self.value("oldest", cpr.oldest.get_ref());
        self.value("rare", cpr.rare.get_ref());
        self.value("recent", cpr.recent.get_ref());
        for (name, list) in cpr.labels.lists() {
            self.list(&format!("labels.{name}"), list, places);
        }
        for (name, list) in cpr.words.lists() {
            self.list(&format!("words.{name}"), list, places);
        }
        let months: Vec<Entry> = cpr.words.month.concat();
        self.list("words.month", &months, places);
        for other in &cpr.other {
            let weak = if other.weak { ", weak" } else { "" };
            let name = format!("other: {}{weak}", other.name.en);
            self.list(&name, &other.labels, places);
            self.list(&format!("{name}, after"), &other.after, places);
        }
        self.list("exempt", &cpr.exempt, places);
        let dates = cpr.without_check_digit.iter();
        let dates: Vec<Entry> = dates
            .map(|it| Entry::new(it.span(), it.get_ref().to_string()))
            .collect();
        self.list("without_check_digit", &dates, places);
    }

    fn leaning(&mut self, leaning: &LeaningFile, places: &Places<'_>) {
        if let Some(bias) = &leaning.bias {
            self.value("leaning.bias", bias.get_ref());
        }
        for (weight, words) in &leaning.words {
            let name = format!("leaning.words.{weight}");
            self.list(&name, std::slice::from_ref(words), places);
        }
    }

    fn value(&mut self, key: &str, value: &impl ToString) {
        self.values.push((key.to_owned(), value.to_string()));
    }

    fn list(&mut self, name: &str, list: &[Entry], places: &Places<'_>) {
        let entries: Vec<Piece> = list.iter().filter_map(|it| places.piece(it)).collect();
        if !entries.is_empty() {
            self.lists.push(Listed {
                name: name.to_owned(),
                entries,
            });
        }
    }
}

/// Where the lines of the packs begin.
struct Places<'a> {
    files: Files<'a>,
    lines: Vec<(&'a str, Vec<usize>)>,
}

impl<'a> Places<'a> {
    fn new(set: &'a PackSet) -> Self {
        let ends = |text: &str| text.match_indices('\n').map(|(at, _)| at).collect();
        let sources = set.sources.iter();
        Self {
            files: Files::new(&set.sources),
            lines: sources
                .map(|source| (&*source.file, ends(&source.text)))
                .collect(),
        }
    }

    fn piece(&self, entry: &Entry) -> Option<Piece> {
        let (pack, span) = self.files.locate(&entry.span())?;
        let ends = self.lines.iter().find(|(file, _)| *file == &*pack.file);
        let before = ends.map_or(0, |(_, ends)| ends.partition_point(|end| *end < span.start));
        Some(Piece {
            text: entry.get_ref().clone(),
            file: pack.file.clone(),
            line: before + 1,
            origin: pack.origin,
        })
    }
}
