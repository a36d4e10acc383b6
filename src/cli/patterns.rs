//! `sluse patterns`: what is recognized, and why a number is or is not.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::detect::explain;
use crate::pattern::{Packs, Proves};

/// Show the patterns, and how they judge a text.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// List the patterns.
    List,
    /// Tell why each number in a text is, or is not, a number of a person, and each passage told of somebody.
    Explain {
        /// The text. `\t` ends a cell and `\n` a line, so that a table can be typed.
        text: String,
    },
}

/// Runs the command, and writes what it tells to `out`.
///
/// The exit code of `explain` is 1 where something was found, as with `scan`.
pub(super) fn run(args: &Arguments, packs: &Packs, out: &mut impl Write) -> io::Result<ExitCode> {
    match &args.what {
        What::List => list(packs, out),
        What::Explain { text } => {
            let text = text.replace("\\t", "\t").replace("\\n", "\n");
            explain_text(packs, &text, out)
        }
    }
}

fn list(packs: &Packs, out: &mut impl Write) -> io::Result<ExitCode> {
    for pattern in packs.patterns() {
        let finds = |example: &&crate::pattern::Example| matches!(example.proves, Proves::Finds(_));
        let examples = pattern.examples.iter().filter(finds).count();
        writeln!(
            out,
            "{}  {} ({})",
            pattern.id,
            pattern.name.en,
            pattern.category.as_str()
        )?;
        writeln!(out, "    {}", pattern.description.en)?;
        writeln!(
            out,
            "    {examples} examples, {} counterexamples",
            pattern.examples.len() - examples
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

fn explain_text(packs: &Packs, text: &str, out: &mut impl Write) -> io::Result<ExitCode> {
    let explanations = explain(packs, text);
    if explanations.is_empty() {
        writeln!(
            out,
            "No number here has the shape of a number of a person, and no word is of a subject."
        )?;
    }
    let mut found = false;
    for it in &explanations {
        found |= it.confidence.is_some();
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
    }
    Ok(ExitCode::from(u8::from(found)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::FingerprintKey;

    fn told(what: What) -> String {
        let packs = Packs::shipped(FingerprintKey::new([0; 32]));
        let mut out = Vec::new();
        run(&Arguments { what }, &packs, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_explanation_has_reasons_and_no_serial() {
        let text = "Navn\\tCPR\\nIb\\t170864-1231, faktura 170864-1231".to_owned();
        let told = told(What::Explain { text });
        assert!(told.contains("1708XX-XXXX  dk.cpr: high"), "{told}");
        assert!(told.contains("at the head of its column"), "{told}");
        assert!(told.contains("dk.cpr: no"), "{told}");
        assert!(!told.contains("1231"), "{told}");
    }

    #[test]
    fn every_pattern_is_listed() {
        assert!(told(What::List).starts_with("dk.cpr  CPR number (national-id)\n"));
    }
}
