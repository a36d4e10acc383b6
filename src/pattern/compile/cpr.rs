//! From what a pack says of CPR numbers to the pattern that finds them.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::value::Datetime;

use crate::pattern::Problem;
use crate::pattern::compile::{Head, Problems, both};
use crate::pattern::cpr::{CprPattern, Other};
use crate::pattern::file::{CprFile, Entry};
use crate::pattern::words::{Role, Word, Words};

/// The most words of one pattern. They share one automaton, whose size this bounds; beyond it the pack is refused.
const MOST_WORDS: usize = 4000;
/// The most letters of all words of one pattern together. Fixed: 60,000 octets, which keeps their automaton below 20 MiB;
/// beyond it the pack is refused.
const MOST_LETTERS: usize = 60_000;
/// The longest word. Default 60 octets, less than the window that labels are searched in.
const LONGEST_WORD: usize = 60;

pub(super) fn pattern(
    head: Head,
    file: &CprFile,
    problems: &mut Problems<'_>,
) -> Option<CprPattern> {
    years(file, problems);
    if file.labels.number.is_empty() {
        problems.add(
            Problem::VALUE,
            head.span.clone(),
            format!("no label of `{}` names the number itself", head.id),
            "give it some: `number = [\"*cpr*\"]` in `labels`",
        );
    }
    let words = words(file, problems);
    let dates = file.without_check_digit.iter();
    let dates = dates
        .filter_map(|date| calendar_date(date, problems))
        .collect();
    let exempt = file.exempt.iter();
    let exempt = exempt
        .filter_map(|number| ten_digits(number, problems))
        .collect();
    let words = match Words::compile(words) {
        Ok(words) => words,
        Err(error) => {
            problems.add(
                Problem::LIMIT,
                head.span,
                error.to_string(),
                "use fewer or shorter words",
            );
            return None;
        }
    };
    Some(CprPattern {
        id: head.id,
        name: head.name,
        description: head.description,
        category: head.category,
        year: *file.year.get_ref(),
        oldest: *file.oldest.get_ref(),
        rare: *file.rare.get_ref(),
        recent: *file.recent.get_ref(),
        without_check_digit: dates,
        exempt,
        words,
        others: file
            .other
            .iter()
            .map(|other| Other {
                name: both(&other.name),
                weak: other.weak,
                near: other.near,
            })
            .collect(),
        examples: head.examples,
    })
}

fn years(file: &CprFile, problems: &mut Problems<'_>) {
    // The seventh digit tells the century of births from 1858 to 2057, and of no others.
    if !(1968..=2057).contains(file.year.get_ref()) {
        problems.add(
            Problem::VALUE,
            file.year.span(),
            format!("{} is no year of CPR numbers", file.year.get_ref()),
            "give the present year",
        );
    }
    for age in [&file.oldest, &file.rare, &file.recent] {
        if !(1..=200).contains(age.get_ref()) {
            problems.add(
                Problem::VALUE,
                age.span(),
                format!("{} is no age in years", age.get_ref()),
                "give a number of years from 1 to 200",
            );
        }
    }
}

/// The words of a pattern, each with what it says. The order of the groups is the order of precedence where two
/// words are equally long.
fn words(file: &CprFile, problems: &mut Problems<'_>) -> Vec<Word> {
    let mut known: BTreeMap<&str, Role> = BTreeMap::new();
    let mut letters = 0;
    let mut words = Vec::new();
    for (role, written) in groups(file) {
        for word in written {
            letters += word.get_ref().len();
            let over = if words.len() == MOST_WORDS {
                Some(format!("{MOST_WORDS} words"))
            } else if letters > MOST_LETTERS {
                Some(format!("{MOST_LETTERS} letters in its words"))
            } else {
                None
            };
            if let Some(over) = over {
                problems.add(
                    Problem::LIMIT,
                    word.span(),
                    format!("the pattern has more than {over}"),
                    "split it, or use `*` for what words have in common",
                );
                return words;
            }
            if let Some(fault) = fault_of(word.get_ref()) {
                problems.add(
                    Problem::LABEL,
                    word.span(),
                    format!("`{}` {fault}", word.get_ref()),
                    "write a word or two in lower case, with `*` at an end that may go on",
                );
                continue;
            }
            match known.insert(word.get_ref(), role) {
                // Behind a number a word may say what it does not say before one.
                Some(other) if other != role && !matches!(role, Role::After(_)) => problems.add(
                    Problem::CONTRADICTION,
                    word.span(),
                    format!("`{}` stands in two lists", word.get_ref()),
                    "keep it in the list that is right more often",
                ),
                Some(same) if same == role => {}
                _ => words.push(Word::new(word.get_ref(), role)),
            }
        }
    }
    words
}

/// Its lists of words, each with what its words say.
pub(in crate::pattern) fn groups(file: &CprFile) -> Vec<(Role, &[Entry])> {
    let labels = &file.labels;
    let mut groups: Vec<(Role, &[Entry])> = vec![
        (Role::Number, &labels.number),
        (Role::Shared, &labels.shared),
        (Role::Person, &labels.person),
        (Role::Pronoun, &labels.pronoun),
        (Role::Birth, &labels.birth),
        (Role::LastFour, &labels.last_four),
        (Role::Foreign, &labels.foreign),
        (Role::Given, &labels.given),
        (Role::Numeral, &file.words.numeral),
        (Role::Link, &file.words.link),
        (Role::Turn, &file.words.turn),
        (Role::Matter, &file.words.matter),
        (Role::Plain, &file.words.plain),
        (Role::Again, &file.words.again),
        (Role::Deny, &file.words.deny),
        (Role::Subject, &file.words.subject),
        (Role::Act, &file.words.act),
    ];
    for (index, other) in (0..=u16::MAX).zip(&file.other) {
        groups.push((Role::Other(index), &other.labels));
        groups.push((Role::After(index), &other.after));
    }
    for (index, month) in (0..=u8::MAX).zip(&file.words.month) {
        groups.push((Role::Month(index % 12 + 1), month));
    }
    groups
}

fn fault_of(word: &str) -> Option<&'static str> {
    let stem = word.trim_matches('*');
    if stem.is_empty() {
        Some("matches everything")
    } else if stem.contains('*') {
        Some("has a `*` that is not at an end")
    } else if word.len() > LONGEST_WORD {
        Some("is too long")
    } else if word.chars().any(char::is_uppercase) {
        Some("is not lower case")
    } else if stem.trim() != stem || stem.contains("  ") || stem.chars().any(char::is_control) {
        Some("has blanks where no text has them")
    } else {
        None
    }
}

fn calendar_date(date: &Spanned<Datetime>, problems: &mut Problems<'_>) -> Option<(u16, u8, u8)> {
    let found = date.get_ref().date;
    if found.is_none() {
        problems.add(
            Problem::VALUE,
            date.span(),
            "this is a time, not a date".to_owned(),
            "write the date as 1965-01-01",
        );
    }
    found.map(|date| (date.year, date.month, date.day))
}

fn ten_digits(number: &Spanned<String>, problems: &mut Problems<'_>) -> Option<[u8; 10]> {
    let digits = number.get_ref().replace('-', "");
    let found = <[u8; 10]>::try_from(digits.as_bytes()).ok();
    let found = found.filter(|digits| digits.iter().all(u8::is_ascii_digit));
    if found.is_none() {
        problems.add(
            Problem::VALUE,
            number.span(),
            "this is no number of ten digits".to_owned(),
            "write each exempt number whole, as 251248-9996; ranges are not offered, for numbers in them may be given to people",
        );
    }
    found
}
