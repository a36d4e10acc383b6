//! Why something in a text is, or is not, found.

use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::cli::{NOTHING, SOMETHING};
use crate::detect::{Explanation, explain};
use crate::pattern::Packs;

/// A text.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(super) struct Arguments {
    /// The text. `\t` ends a cell and `\n` a line, so that a table can be typed.
    text: Option<String>,
    /// A file of plain text, or `-` for standard input, to which no shell adds its history.
    #[arg(long, value_name = "FILE|-")]
    file: Option<PathBuf>,
}

/// The longest text. Fixed: 16 MiB; a longer one is refused, for `sluse scan` is what reads messages.
const MOST: u64 = 16 << 20;

pub(super) fn tell(
    packs: &Packs,
    arguments: &Arguments,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let text = match (&arguments.text, &arguments.file) {
        (Some(text), _) => text.replace("\\t", "\t").replace("\\n", "\n"),
        (None, Some(file)) if file.as_os_str() == "-" => {
            read(io::stdin().lock(), "standard input")?
        }
        (None, Some(file)) => {
            let name = file.display().to_string();
            read(fs::File::open(file).context(name.clone())?, &name)?
        }
        (None, None) => String::new(),
    };
    let explanations = explain(packs, &text);
    if explanations.is_empty() {
        writeln!(
            out,
            "No number here has the shape of a number of a person, and no word is of a subject."
        )?;
    }
    for it in &explanations {
        one(it, out)?;
    }
    let found = explanations.iter().any(|it| it.confidence.is_some());
    Ok(ExitCode::from(if found { SOMETHING } else { NOTHING }))
}

fn one(it: &Explanation, out: &mut impl Write) -> io::Result<()> {
    let said = it.confidence.map_or("no", |confidence| confidence.as_str());
    writeln!(
        out,
        "{}  {}: {} (octets {} to {})",
        it.evidence.as_str(),
        it.pattern.as_str(),
        said,
        it.span.start,
        it.span.end
    )?;
    for reason in &it.reasons {
        writeln!(out, "    {reason}")?;
    }
    if let Some((weight, least)) = it.weight {
        writeln!(out, "    by: {}", it.phrases.join(", "))?;
        writeln!(out, "    weighs {weight:.1}, and must weigh {least:.1}")?;
    }
    Ok(())
}

/// A text, whatever octets are in it: what is no UTF-8 is no part of a word or number.
fn read(from: impl Read, name: &str) -> anyhow::Result<String> {
    let mut octets = Vec::new();
    from.take(MOST + 1)
        .read_to_end(&mut octets)
        .with_context(|| name.to_owned())?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    anyhow::ensure!(
        octets.len() <= most,
        "{name} is longer than 16 MiB; `sluse scan` reads whole messages"
    );
    Ok(String::from_utf8_lossy(&octets).into_owned())
}
