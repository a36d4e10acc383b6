//! Everything one pattern says, and which pack says it.

use std::io::{self, Write};

use anyhow::bail;

use crate::pattern::{Listed, Origin, PackSet, Packs, Piece, show};

/// The width that lists are broken at.
const WIDTH: usize = 100;

pub(super) fn tell(
    packs: &Packs,
    set: &PackSet,
    id: &str,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if packs.switched_off().iter().any(|off| **off == *id) {
        bail!("`{id}` is switched off by `disable` in the configuration");
    }
    let Some(shown) = show(set, id) else {
        bail!("there is no pattern `{id}`; `sluse patterns list` tells those there are");
    };
    writeln!(out, "{}  {}", shown.id, shown.about.join("\n    "))?;
    for (key, value) in &shown.values {
        writeln!(out, "    {key} = {value}")?;
    }
    for list in &shown.lists {
        writeln!(out, "\n{} ({})", list.name, list.entries.len())?;
        let is_text = list.name.ends_with("example");
        for pieces in of_one_file(list) {
            if let Some(first) = pieces.first() {
                writeln!(out, "  {}", place(first, pieces))?;
            }
            let texts = pieces.iter().map(|piece| piece.text.as_str());
            if is_text {
                for text in texts {
                    writeln!(out, "    {text:?}")?;
                }
            } else {
                wrapped(texts, out)?;
            }
        }
    }
    Ok(())
}

/// The pieces, parted where the file changes.
fn of_one_file(list: &Listed) -> impl Iterator<Item = &[Piece]> {
    list.entries.chunk_by(|a, b| a.file == b.file)
}

fn place(first: &Piece, pieces: &[Piece]) -> String {
    let whose = match first.origin {
        Origin::Shipped => "shipped",
        Origin::Local => "local",
    };
    let last = pieces.last().map_or(first.line, |last| last.line);
    let lines = if last > first.line {
        format!("lines {} to {last}", first.line)
    } else {
        format!("line {}", first.line)
    };
    format!("{}, {lines} ({whose})", first.file)
}

fn wrapped<'a>(texts: impl Iterator<Item = &'a str>, out: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    let mut texts = texts.peekable();
    while let Some(text) = texts.next() {
        let comma = if texts.peek().is_some() { "," } else { "" };
        let width = line.chars().count() + text.chars().count() + 6;
        if width > WIDTH && !line.is_empty() {
            writeln!(out, "   {line}")?;
            line.clear();
        }
        line.push(' ');
        line.push_str(text);
        line.push_str(comma);
    }
    writeln!(out, "   {line}")
}
