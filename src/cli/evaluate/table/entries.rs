//! Lists of what was missed, gained and so on, for a person.

use std::fmt;

use crate::cli::evaluate::found::Entry;

/// A list with its title; nothing where nothing is on it.
pub(super) fn list(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    entries: &[Entry<'_>],
    left_out: usize,
) -> fmt::Result {
    writeln!(f, "\n{title} ({})", entries.len() + left_out)?;
    let ids = entries.iter().map(|it| shown(it.id).chars().count());
    let width = ids.max().unwrap_or(0).min(WIDEST_ID);
    for entry in entries {
        let id = shown(entry.id);
        wrapped(f, &format!("  {id:width$}  {}", what(entry)))?;
        if let Some(text) = &entry.text {
            for line in text.lines() {
                writeln!(f, "      | {}", shown(line))?;
            }
        }
    }
    if left_out > 0 {
        writeln!(
            f,
            "  and {left_out} more; --misses says how many are listed"
        )?;
    }
    Ok(())
}

/// What an entry is, and why.
fn what(entry: &Entry<'_>) -> String {
    let change = match entry.change {
        Some("false-alarm-gone") => "no longer found: ",
        Some("new-false-alarm") => "now found, and not there: ",
        Some("found-now") => "now found: ",
        Some("missed-now") => "no longer found, and there: ",
        _ => "",
    };
    let mut what = change.to_owned();
    if let Some(expect) = entry.expect {
        what.push_str(&format!("{expect} was expected"));
    }
    what.push_str(entry.category.unwrap_or_default());
    if let Some(evidence) = entry.evidence {
        what.push_str(&format!(" {evidence}"));
    }
    if let Some(origin) = entry.origin {
        what.push_str(&format!(" in {origin}"));
    }
    if let Some(confidence) = entry.confidence {
        what.push_str(&format!(" ({confidence}, {})", entry.patterns.join(", ")));
    } else if !entry.patterns.is_empty() {
        what.push_str(&format!(" ({})", entry.patterns.join(", ")));
    }
    if let Some(technique) = entry.technique {
        what.push_str(&format!(" ({})", shown(technique)));
    }
    if !entry.reasons.is_empty() {
        what.push_str(&format!(": {}", entry.reasons.join("; ")));
    }
    if !entry.instead.is_empty() {
        what.push_str(&format!("; instead: {}", entry.instead.join("; ")));
    }
    what
}

/// Writes a line, broken between words where it is too long.
pub(super) fn wrapped(f: &mut fmt::Formatter<'_>, line: &str) -> fmt::Result {
    let mut used = 0;
    for (at, word) in line.split(' ').enumerate() {
        let width = word.chars().count();
        if used > INDENT && used + 1 + width > COLUMNS {
            write!(f, "\n{:INDENT$}{word}", "")?;
            used = INDENT + width;
        } else {
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{word}")?;
            used += space.len() + width;
        }
    }
    writeln!(f)
}

/// Words of a corpus, made fit for a terminal.
pub(super) fn shown(text: &str) -> String {
    let fit = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    text.chars().map(fit).collect()
}

/// How wide a line may be.
const COLUMNS: usize = 100;
/// How far the rest of an entry stands in.
const INDENT: usize = 6;
/// How wide a name may make the column of names.
const WIDEST_ID: usize = 32;
