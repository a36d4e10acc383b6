//! What an extension changes of a subject.

use crate::pattern::Problem;
use crate::pattern::compile::Problems;
use crate::pattern::compile::merge::lists::{Known, add_new, remove};
use crate::pattern::file::{Entry, ExtendFile, OtherEntry, SubjectFile};

pub(super) fn extend(
    subject: &mut SubjectFile,
    extension: &ExtendFile,
    problems: &mut Problems<'_>,
) {
    refuse_keys_of_numbers(extension, problems);
    let SubjectFile {
        says,
        suggests,
        hints,
        other,
        greets,
        classes,
        ..
    } = &mut *subject;
    let mut lists = vec![says, suggests, hints, other, greets];
    lists.extend(classes.values_mut());
    remove(lists, &extension.remove, extension.id.get_ref(), problems);

    let mut known = Known::default();
    for (name, list) in subject.lists() {
        known.note(name, list);
    }
    let other: Vec<Entry> = extension.other.iter().filter_map(phrase).collect();
    let added = [
        &extension.says,
        &extension.suggests,
        &extension.hints,
        &other,
        &extension.greets,
    ];
    for ((name, list), added) in subject.lists_mut().zip(added) {
        known.add(name, list, added, problems);
    }
    for (name, phrases) in &extension.classes {
        let class = subject.classes.entry(name.clone()).or_default();
        add_new(name, class, phrases, problems);
    }
    if let Some(bar) = &extension.bar {
        if subject.bar.as_ref() == Some(bar) {
            problems.warn(
                Problem::NOTHING,
                bar.span(),
                format!("the bar already is {}", bar.get_ref()),
                "remove it here",
            );
        }
        subject.bar = Some(bar.clone());
    }
}

fn phrase(entry: &toml::Spanned<OtherEntry>) -> Option<Entry> {
    match entry.get_ref() {
        OtherEntry::Phrase(phrase) => Some(Entry::new(entry.span(), phrase.clone())),
        OtherEntry::Number(_) => None,
    }
}

/// Keys that mean something for numbers only.
fn refuse_keys_of_numbers(extension: &ExtendFile, problems: &mut Problems<'_>) {
    let labels = extension.labels.lists().map(|(_, list)| ("labels", list));
    let words = extension.words.lists().map(|(_, list)| ("words", list));
    let month = extension.words.month.iter().map(|list| ("words", list));
    let lists = labels.chain(words).chain(month);
    let lists = lists.chain([("exempt", &extension.exempt)]);
    let firsts = lists.filter_map(|(key, list)| Some((key, list.first()?.span())));
    let dates = extension.without_check_digit.first();
    let dates = dates.map(|date| ("without_check_digit", date.span()));
    let numbers = extension.other.iter();
    let numbers = numbers.filter(|it| matches!(it.get_ref(), OtherEntry::Number(_)));
    let numbers = numbers.map(|it| ("[[extend.other]]", it.span()));
    for (key, span) in firsts.chain(dates).chain(numbers) {
        problems.add(
            Problem::VALUE,
            span,
            format!(
                "`{key}` is for numbers, and `{}` finds words",
                extension.id.get_ref()
            ),
            "add phrases to `says`, `suggests`, `hints`, `other`, `greets` or `classes`",
        );
    }
}
