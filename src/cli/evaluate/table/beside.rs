//! Two sets of packs beside each other, for a person.

use std::collections::BTreeSet;
use std::fmt;

use crate::cli::evaluate::figures::{Came, Figures, InNegatives, Row, Shown};
use crate::cli::evaluate::table::entries::shown;
use crate::cli::evaluate::table::{NAME, WIDTH, heading, name};

/// Every figure before and after, and what is between them.
pub(super) fn beside(
    f: &mut fmt::Formatter<'_>,
    before: &Figures<'_>,
    after: &Figures<'_>,
) -> fmt::Result {
    rows(f, before, after)?;
    carriers(f, before, after)?;
    negatives(f, &before.negatives, &after.negatives)
}

fn rows(f: &mut fmt::Formatter<'_>, before: &Figures<'_>, after: &Figures<'_>) -> fmt::Result {
    let all = || before.rows.iter().chain(&after.rows);
    if all().all(Row::counts_nothing) {
        return Ok(());
    }
    writeln!(
        f,
        "\n{:NAME$}  {:23}{:23}{:11}false",
        "", "recall", "precision", "missed"
    )?;
    let columns = "before  after  change";
    writeln!(f, "{:NAME$}  {columns}  {columns}", "")?;
    let told: BTreeSet<_> = all()
        .filter(|row| !row.is_empty())
        .map(|row| row.of)
        .collect();
    let mut kind = "";
    for of in told {
        let was = before.rows.iter().find(|row| row.of == of);
        let is = after.rows.iter().find(|row| row.of == of);
        let Some(either) = is.or(was) else { continue };
        heading(f, &mut kind, either.kind)?;
        let shares =
            |share: fn(&Row<'_>) -> Option<Shown>| turned(was.and_then(share), is.and_then(share));
        // A set or a language in which nothing counts has no row; a pattern that has none is not there.
        let none = (either.kind != "pattern").then_some(0);
        let counts =
            |count: fn(&Row<'_>) -> u32| counts(was.map(count).or(none), is.map(count).or(none));
        writeln!(
            f,
            "  {:WIDTH$}  {}  {}  {:11}{}",
            name(either),
            shares(|row| row.recall),
            shares(|row| row.precision),
            counts(|row| row.missed),
            counts(|row| row.false_alarms)
        )?;
    }
    Ok(())
}

/// What is expected of carriers, and each technique in which something turned; the labels of both sides are the same.
fn carriers(f: &mut fmt::Formatter<'_>, before: &Figures<'_>, after: &Figures<'_>) -> fmt::Result {
    let techniques = before.techniques.iter().zip(&after.techniques);
    let turned: Vec<_> = techniques.filter(|(was, is)| was.held != is.held).collect();
    let expected: Vec<_> = before.carriers.iter().zip(&after.carriers).collect();
    for (title, all) in [
        ("carriers, by what is expected", expected),
        ("techniques that turned", turned),
    ] {
        if all.is_empty() {
            continue;
        }
        writeln!(f, "\n{title:61}before after    of")?;
        for (Came { name, held, of, .. }, is) in all {
            writeln!(f, "  {:60}{held:>5}{:>6}{of:>6}", shown(name), is.held)?;
        }
    }
    Ok(())
}

fn negatives(
    f: &mut fmt::Formatter<'_>,
    before: &[InNegatives],
    after: &[InNegatives],
) -> fmt::Result {
    let all = before.iter().chain(after);
    let categories: BTreeSet<&str> = all.map(|it| it.category).collect();
    if categories.is_empty() {
        return Ok(());
    }
    writeln!(
        f,
        "\n{:NAME$}{:18}in 100,000 words",
        "where nothing may be found", "  false alarms"
    )?;
    for category in categories {
        let row = |rows: &[InNegatives]| -> (u32, f64) {
            let row = rows.iter().find(|row| row.category == category);
            row.map_or((0, 0.0), |row| {
                (row.false_alarms, row.per_100_000_words.unwrap_or_default())
            })
        };
        let ((was, was_rate), (is, is_rate)) = (row(before), row(after));
        let count = format!("{was} -> {is}");
        writeln!(
            f,
            "  {category:WIDTH$}  {count:16}{was_rate:.2} -> {is_rate:.2}"
        )?;
    }
    Ok(())
}

/// A share before and after, and the difference.
fn turned(was: Option<Shown>, is: Option<Shown>) -> String {
    let value = |share: Option<Shown>| match share {
        Some(share) => format!("{:.3}", share.value),
        None => "-".to_owned(),
    };
    let change = match (was, is) {
        (Some(was), Some(is)) => format!("{:+.3}", is.value - was.value),
        _ => "-".to_owned(),
    };
    format!("{:>6} {:>6}  {change:>6}", value(was), value(is))
}

/// A number before and after.
fn counts(was: Option<u32>, is: Option<u32>) -> String {
    let value = |count: Option<u32>| count.map_or_else(|| "-".to_owned(), |it| it.to_string());
    if was == is {
        value(is)
    } else {
        format!("{} -> {}", value(was), value(is))
    }
}
