//! Packs put together: what local packs replace, add, take away and switch off.
//!
//! The order of the packs does not matter for patterns: first all of them are gathered, then those that stand in the place
//! of others take it, then extensions are added. Whoever changes something that is not there is told so.

mod cpr;
mod language;
mod lists;
mod subject;

use std::borrow::Cow;

use crate::pattern::compile::{Problems, near};
use crate::pattern::file::{Entry, ExtendFile, LanguageFile, LeaningFile, PatternFile};
use crate::pattern::{PackSet, Problem};

pub(super) use lists::may_share;

/// What all packs say together.
#[derive(Default)]
pub(in crate::pattern) struct Merged {
    pub(in crate::pattern) patterns: Vec<PatternFile>,
    pub(in crate::pattern) language: LanguageFile,
    pub(in crate::pattern) leanings: Vec<LeaningFile>,
    /// The patterns that were switched off.
    pub(in crate::pattern) off: Vec<Box<str>>,
}

/// Puts the packs of a set together.
pub(in crate::pattern) fn merge(set: &PackSet, problems: &mut Problems<'_>) -> Merged {
    let mut merged = Merged::default();
    let mut overrides = Vec::new();
    let mut extensions = Vec::new();
    for file in problems.files().read(problems) {
        for pattern in file.pattern {
            merged.define(pattern, problems);
        }
        overrides.extend(file.instead);
        extensions.extend(file.extend);
        merged.leanings.extend(file.leaning);
        if let Some(language) = file.language {
            language::merge(&mut merged.language, language, problems);
        }
    }
    let mut replaced = Vec::new();
    for pattern in overrides {
        merged.replace(pattern, &mut replaced, problems);
    }
    merged.switch_off(&set.disabled);
    for extension in extensions {
        merged.extend(extension, problems);
    }
    merged
}

impl Merged {
    fn define(&mut self, pattern: PatternFile, problems: &mut Problems<'_>) {
        if self.find(&pattern.id).is_some() {
            problems.add(
                Problem::TWICE,
                pattern.id.span(),
                format!("there are two patterns `{}`", pattern.id.get_ref()),
                "give each pattern a name of its own; to change one of another pack, write `[[extend]]` or `[[override]]`",
            );
            return;
        }
        self.patterns.push(pattern);
    }

    fn replace(
        &mut self,
        pattern: PatternFile,
        replaced: &mut Vec<String>,
        problems: &mut Problems<'_>,
    ) {
        let id = pattern.id.get_ref();
        if replaced.contains(id) {
            problems.add(
                Problem::TWICE,
                pattern.id.span(),
                format!("`{id}` is overridden twice"),
                "keep one of them",
            );
            return;
        }
        replaced.push(id.clone());
        let Some(at) = self.known_or_told(&pattern.id, "override", problems) else {
            return;
        };
        if let Some(known) = self.patterns.get_mut(at) {
            *known = pattern;
        }
    }

    fn switch_off(&mut self, disabled: &[Box<str>]) {
        let is_off =
            |pattern: &PatternFile| disabled.iter().any(|id| **id == **pattern.id.get_ref());
        let off = self.patterns.extract_if(.., |pattern| is_off(pattern));
        self.off = off
            .map(|pattern| pattern.id.get_ref().as_str().into())
            .collect();
    }

    fn extend(&mut self, extension: ExtendFile, problems: &mut Problems<'_>) {
        let id = extension.id.get_ref();
        if self.off.iter().any(|off| **off == **id) {
            problems.warn(
                Problem::NOTHING,
                extension.id.span(),
                format!("`{id}` is switched off, so this changes nothing"),
                "remove this, or take the pattern off `disable` in the configuration",
            );
            return;
        }
        let Some(at) = self.known_or_told(&extension.id, "extend", problems) else {
            return;
        };
        if extension.is_empty() {
            problems.warn(
                Problem::NOTHING,
                extension.id.span(),
                format!("nothing of `{id}` is changed here"),
                "add to one of its lists, or remove this; `sluse patterns syntax` tells the keys",
            );
        }
        let Some(pattern) = self.patterns.get_mut(at) else {
            return;
        };
        match (&mut pattern.cpr, &mut pattern.subject) {
            (Some(cpr), None) => cpr::extend(cpr, &extension, problems),
            (None, Some(subject)) => subject::extend(subject, &extension, problems),
            // Whoever wrote the pattern is told when it is compiled.
            _ => {}
        }
        pattern.example.extend(extension.example);
        pattern.counterexample.extend(extension.counterexample);
    }

    fn find(&self, id: &Entry) -> Option<usize> {
        self.patterns.iter().position(|known| known.id == *id)
    }

    /// Where the pattern of this name is; or somebody is told that it is not there.
    fn known_or_told(&self, id: &Entry, verb: &str, problems: &mut Problems<'_>) -> Option<usize> {
        let found = self.find(id);
        if found.is_none() {
            let known = self.patterns.iter().map(|it| it.id.get_ref().as_str());
            let remedy = match near(id.get_ref(), known) {
                Some(near) => Cow::Owned(format!("did you mean `{near}`?")),
                None => "`sluse patterns list` tells the patterns there are; a new one begins with `[[pattern]]`".into(),
            };
            problems.add(
                Problem::UNKNOWN,
                id.span(),
                format!("there is no pattern `{}` to {verb}", id.get_ref()),
                remedy,
            );
        }
        found
    }
}

impl ExtendFile {
    fn is_empty(&self) -> bool {
        let lists = [
            &self.remove,
            &self.says,
            &self.suggests,
            &self.hints,
            &self.greets,
            &self.exempt,
        ];
        self.bar.is_none()
            && lists.iter().all(|list| list.is_empty())
            && self.classes.is_empty()
            && self.without_check_digit.is_empty()
            && self.labels.lists().all(|(_, list)| list.is_empty())
            && self.words.lists().all(|(_, list)| list.is_empty())
            && self.words.month.is_empty()
            && self.other.is_empty()
            && self.example.is_empty()
            && self.counterexample.is_empty()
    }
}
