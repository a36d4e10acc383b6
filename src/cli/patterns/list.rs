//! The patterns there are.

use std::io::{self, Write};

use serde::Serialize;

use crate::pattern::{Origin, PackSet, Packs, Pattern, Proves, show};

/// A pattern, as a program reads it. The names of the keys stay.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    name: Both<'a>,
    description: Both<'a>,
    category: &'a str,
    /// A hash of all it says, told of it by `serve` when packs are read again.
    version: String,
    /// The packs that say it, the shipped ones first.
    packs: Vec<String>,
    /// Whether a pack of the organization says any of it.
    local: bool,
    examples: usize,
    counterexamples: usize,
}

#[derive(Serialize)]
struct Both<'a> {
    da: &'a str,
    en: &'a str,
}

pub(super) fn tell_json(packs: &Packs, set: &PackSet, out: &mut impl Write) -> io::Result<()> {
    for pattern in packs.patterns() {
        serde_json::to_writer(&mut *out, &row(pattern, set))?;
        writeln!(out)?;
    }
    Ok(())
}

pub(super) fn tell(packs: &Packs, set: &PackSet, out: &mut impl Write) -> io::Result<()> {
    for pattern in packs.patterns() {
        let row = row(pattern, set);
        writeln!(out, "{}  {} ({})", row.id, row.name.en, row.category)?;
        writeln!(out, "    {}", row.description.en)?;
        writeln!(
            out,
            "    {} examples, {} counterexamples",
            row.examples, row.counterexamples
        )?;
        if row.local {
            writeln!(out, "    from {}", row.packs.join(", "))?;
        }
    }
    for id in packs.switched_off() {
        writeln!(out, "{id}  switched off")?;
    }
    writeln!(out, "\nAll together are version {}.", packs.version())
}

fn row<'a>(pattern: Pattern<'a>, set: &PackSet) -> Row<'a> {
    let finds = |example: &&crate::pattern::Example| matches!(example.proves, Proves::Finds(_));
    let examples = pattern.examples.iter().filter(finds).count();
    let mut packs: Vec<(Origin, String)> = Vec::new();
    for list in show(set, pattern.id).into_iter().flat_map(|it| it.lists) {
        let from = list.entries.into_iter();
        packs.extend(from.map(|piece| (piece.origin, piece.file.into_string())));
    }
    packs.sort();
    packs.dedup();
    Row {
        id: pattern.id,
        name: Both {
            da: &pattern.name.da,
            en: &pattern.name.en,
        },
        description: Both {
            da: &pattern.description.da,
            en: &pattern.description.en,
        },
        category: pattern.category.as_str(),
        version: pattern.version.to_string(),
        local: packs.iter().any(|(origin, _)| *origin == Origin::Local),
        packs: packs.into_iter().map(|(_, file)| file).collect(),
        examples,
        counterexamples: pattern.examples.len() - examples,
    }
}
