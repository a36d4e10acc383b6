//! What an extension changes of a pattern of CPR numbers.

use crate::pattern::Problem;
use crate::pattern::compile::Problems;
use crate::pattern::compile::merge::lists::{Known, add_new, remove};
use crate::pattern::file::{CprFile, Entry, ExtendFile, OtherEntry, OtherFile, WordsFile};

pub(super) fn extend(cpr: &mut CprFile, extension: &ExtendFile, problems: &mut Problems<'_>) {
    refuse_keys_of_subjects(extension, problems);
    remove(
        all_lists(cpr),
        &extension.remove,
        extension.id.get_ref(),
        problems,
    );

    let mut known = known(cpr);
    for ((name, list), (_, added)) in cpr.labels.lists_mut().zip(extension.labels.lists()) {
        known.add(&format!("labels.{name}"), list, added, problems);
    }
    for ((name, list), (_, added)) in cpr.words.lists_mut().zip(extension.words.lists()) {
        known.add(&format!("words.{name}"), list, added, problems);
    }
    for (list, added) in cpr.words.month.iter_mut().zip(&extension.words.month) {
        known.add("words.month", list, added, problems);
    }
    add_new("exempt", &mut cpr.exempt, &extension.exempt, problems);
    for date in &extension.without_check_digit {
        if cpr.without_check_digit.contains(date) {
            problems.warn(
                Problem::NOTHING,
                date.span(),
                "this date already stands in `without_check_digit`".to_owned(),
                "remove it here",
            );
        } else {
            cpr.without_check_digit.push(date.clone());
        }
    }
    for entry in &extension.other {
        match entry.get_ref() {
            OtherEntry::Number(number) => add_number(cpr, number, &mut known, problems),
            OtherEntry::Phrase(phrase) => problems.add(
                Problem::VALUE,
                entry.span(),
                format!(
                    "`{phrase}` is a phrase, and `{}` finds numbers",
                    extension.id.get_ref()
                ),
                "write `[[extend.other]]` with a name and labels: another kind of number",
            ),
        }
    }
}

/// Another kind of number, or more labels of one that is known by its name.
fn add_number(
    cpr: &mut CprFile,
    number: &OtherFile,
    known: &mut Known,
    problems: &mut Problems<'_>,
) {
    let at = cpr.other.iter().position(|it| it.name == number.name);
    let at = at.unwrap_or_else(|| {
        cpr.other.push(OtherFile {
            name: number.name.clone(),
            weak: number.weak,
            near: number.near,
            labels: Vec::new(),
            after: Vec::new(),
        });
        cpr.other.len() - 1
    });
    if let Some(other) = cpr.other.get_mut(at) {
        let name = format!("other: {}", number.name.en);
        known.add(&name, &mut other.labels, &number.labels, problems);
        add_new("after", &mut other.after, &number.after, problems);
    }
}

/// Everything an entry can be taken away from.
fn all_lists(cpr: &mut CprFile) -> Vec<&mut Vec<Entry>> {
    let mut lists = vec![&mut cpr.exempt];
    lists.extend(cpr.labels.lists_mut().map(|(_, list)| list));
    let WordsFile {
        numeral,
        link,
        turn,
        matter,
        plain,
        again,
        deny,
        subject,
        act,
        month,
    } = &mut cpr.words;
    lists.extend([
        numeral, link, turn, matter, plain, again, deny, subject, act,
    ]);
    lists.extend(month);
    for other in &mut cpr.other {
        lists.extend([&mut other.labels, &mut other.after]);
    }
    lists
}

/// The words, but for those that stand behind a number: there a word may say what it does not say before one.
fn known(cpr: &CprFile) -> Known {
    let mut known = Known::default();
    for (name, list) in cpr.labels.lists() {
        known.note(&format!("labels.{name}"), list);
    }
    for (name, list) in cpr.words.lists() {
        known.note(&format!("words.{name}"), list);
    }
    for list in &cpr.words.month {
        known.note("words.month", list);
    }
    for other in &cpr.other {
        known.note(&format!("other: {}", other.name.en), &other.labels);
    }
    known
}

/// Keys that mean something for subjects only.
fn refuse_keys_of_subjects(extension: &ExtendFile, problems: &mut Problems<'_>) {
    let lists = [
        ("says", &extension.says),
        ("suggests", &extension.suggests),
        ("hints", &extension.hints),
        ("greets", &extension.greets),
    ];
    let classes = extension.classes.values().map(|list| ("classes", list));
    let firsts = lists.into_iter().chain(classes);
    let firsts = firsts.filter_map(|(key, list)| Some((key, list.first()?.span())));
    let bar = extension.bar.as_ref().map(|bar| ("bar", bar.span()));
    for (key, span) in firsts.chain(bar) {
        problems.add(
            Problem::VALUE,
            span,
            format!(
                "`{key}` is for subjects, and `{}` finds numbers",
                extension.id.get_ref()
            ),
            "add words to `labels`, `words`, `exempt`, `without_check_digit` or `[[extend.other]]`",
        );
    }
}
