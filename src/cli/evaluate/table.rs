//! What `sluse evaluate` tells a person, in a hundred columns.

mod beside;
mod entries;

use std::fmt;

use crate::cli::evaluate::figures::{Figures, Row, Shown};
use crate::cli::evaluate::report::{Read, Report};
use crate::cli::evaluate::table::beside::beside;
use crate::cli::evaluate::table::entries::{list, shown, wrapped};
use crate::evaluate::{Measure, Of};
use crate::pattern::PackSource;

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        corpus(f, &self.corpus)?;
        writeln!(f, "Found counts from confidence {}.", self.least)?;
        wrapped(f, &format!("Packs: {}", packs(self.figures.packs)))?;
        match &self.against {
            None => {
                rows(f, &self.figures)?;
                carriers(f, &self.figures)?;
                negatives(f, &self.figures, self.corpus.negative_words)?;
                list(f, "missed", &self.misses, self.misses_left_out)?;
                let left_out = self.false_alarms_left_out;
                list(f, "false alarms", &self.false_alarms, left_out)?;
            }
            Some(against) => {
                wrapped(f, &format!("Against: {}", packs(against.figures.packs)))?;
                beside(f, &self.figures, &against.figures)?;
                list(f, "gained", &against.gained, against.gained_left_out)?;
                list(f, "lost", &against.lost, against.lost_left_out)?;
            }
        }
        if !self.fallen_short.is_empty() {
            writeln!(f, "\nfallen short ({})", self.fallen_short.len())?;
            for short in &self.fallen_short {
                writeln!(f, "  {}", short.told)?;
            }
        }
        Ok(())
    }
}

/// The names of packs; the shipped ones are counted, not named.
fn packs(names: &[String]) -> String {
    let shipped = PackSource::shipped();
    let is_shipped = |name: &&String| shipped.iter().any(|pack| *pack.file == ***name);
    let (known, others): (Vec<_>, Vec<_>) = names.iter().partition(is_shipped);
    let count = match known.len() {
        all if all == shipped.len() => "all that are shipped".to_owned(),
        some => format!("{some} of {} that are shipped", shipped.len()),
    };
    let others = others.into_iter().cloned();
    std::iter::once(count)
        .chain(others)
        .collect::<Vec<_>>()
        .join(", ")
}

fn corpus(f: &mut fmt::Formatter<'_>, read: &Read) -> fmt::Result {
    writeln!(
        f,
        "Corpus: {} labelled texts, {} carriers, {} texts in which nothing may be found ({} words).",
        read.texts, read.carriers, read.negatives, read.negative_words
    )?;
    if let Some(first) = read.passed_over.first() {
        let (count, first) = (read.passed_over.len(), shown(first));
        let told = format!(
            "Passed over as no part of a corpus: {count} files ({first}, ...; --json names all)."
        );
        wrapped(f, &told)?;
    }
    Ok(())
}

fn rows(f: &mut fmt::Formatter<'_>, figures: &Figures<'_>) -> fmt::Result {
    let rows: Vec<&Row<'_>> = figures.rows.iter().filter(|row| !row.is_empty()).collect();
    if figures.rows.iter().all(Row::counts_nothing) {
        return Ok(());
    }
    writeln!(
        f,
        "\n{:NAME$}{:>9}{:>7}{:>8}{:>7}  {:21}precision",
        "", "labelled", "found", "missed", "false", "recall"
    )?;
    let mut kind = "";
    for row in rows {
        heading(f, &mut kind, row.kind)?;
        writeln!(
            f,
            "  {:WIDTH$}{:>9}{:>7}{:>8}{:>7}  {:21}{}",
            name(row),
            row.labelled,
            row.found,
            row.missed,
            row.false_alarms,
            share(row.recall),
            share(row.precision)
        )?;
    }
    Ok(())
}

fn carriers(f: &mut fmt::Formatter<'_>, figures: &Figures<'_>) -> fmt::Result {
    for (title, all) in [
        ("carriers, by what is expected", &figures.carriers),
        ("techniques", &figures.techniques),
    ] {
        if all.is_empty() {
            continue;
        }
        writeln!(f, "\n{title:61}  held    of  share")?;
        for came in all {
            let (name, held, of) = (shown(came.name), came.held, came.of);
            writeln!(f, "  {name:60}{held:>5}{of:>6}  {}", share(came.share))?;
        }
    }
    Ok(())
}

fn negatives(f: &mut fmt::Formatter<'_>, figures: &Figures<'_>, words: u64) -> fmt::Result {
    if words == 0 {
        return Ok(());
    }
    writeln!(
        f,
        "\n{:WIDTH$}  false alarms  in 100,000 words",
        "where nothing may be found"
    )?;
    for row in &figures.negatives {
        let rate = row.per_100_000_words.unwrap_or_default();
        writeln!(
            f,
            "  {:WIDTH$}{:>12}{rate:>18.2}",
            row.category, row.false_alarms
        )?;
    }
    if figures.negatives.is_empty() {
        writeln!(f, "  {:WIDTH$}{:>12}{:>18.2}", "all categories", 0, 0.0)?;
    }
    Ok(())
}

/// A line above the rows of another kind.
fn heading<'a>(f: &mut fmt::Formatter<'_>, last: &mut &'a str, kind: &'a str) -> fmt::Result {
    let title = match kind {
        "category" | "sensitive" => "categories",
        "pattern" => "patterns",
        "set" => "sets",
        _ => "languages",
    };
    if *last != title {
        writeln!(f, "{title}")?;
    }
    *last = title;
    Ok(())
}

/// The name of a row. What has rows of both kinds says which is which.
fn name(row: &Row<'_>) -> String {
    match row.of {
        Of::Sensitive => "sensitive, all of them".to_owned(),
        Of::Set(name, measure) | Of::Language(name, measure) => {
            let measure = match measure {
                Measure::Numbers => "numbers",
                Measure::Mails => "sensitive",
            };
            format!("{} {measure}", shown(name))
        }
        Of::Category(_) | Of::Pattern(..) => row.name.to_owned(),
    }
}

fn share(share: Option<Shown>) -> String {
    match share {
        Some(Shown { value, low, high }) => format!("{value:.3} ({low:.3}-{high:.3})"),
        None => "-".to_owned(),
    }
}

/// How wide names are.
const WIDTH: usize = 24;
/// How wide names are, with what they are indented by.
const NAME: usize = WIDTH + 2;
