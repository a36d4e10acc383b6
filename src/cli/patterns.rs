//! `sluse patterns`: what is recognized, and why something is or is not.

mod explain;
mod learn;
mod list;
mod show;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};

use crate::cli::pack_files::layered;
use crate::cli::{NOTHING, key_of_this_run, load};
use crate::clock;
use crate::config::{PackFiles, Patterns};
use crate::pattern::{Packs, SYNTAX};

/// Show the patterns, and how they judge a text.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
    /// Recognize by the packs of this configuration rather than by the shipped ones alone.
    #[arg(short, long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Recognize by these packs as well: a file, or a folder of them; may be repeated. A file named as one in use takes its
    /// place.
    #[arg(long, value_name = "FILE|DIR", global = true)]
    patterns: Vec<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum What {
    /// List the patterns.
    List {
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Show everything a pattern says, and which pack says it: `dk.cpr`; or `language`, what is the same for all of them.
    Show {
        /// The name of the pattern.
        id: String,
    },
    /// Tell why each number in a text is, or is not, a number of a person, and each passage told of somebody.
    Explain(explain::Arguments),
    /// Learn from labelled texts what words lean to, and print it as a pack.
    Learn(learn::Arguments),
    /// Tell how packs and phrases are written.
    Syntax,
}

/// Runs the command, and writes what it tells to `out`.
///
/// The exit code of `explain` is 1 where something was found, as with `scan`.
pub(super) fn run(args: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    if matches!(args.what, What::Syntax) {
        out.write_all(SYNTAX.as_bytes())?;
        return Ok(ExitCode::from(NOTHING));
    }
    let patterns = match &args.config {
        Some(file) => load(file)?.patterns,
        None => Patterns::default(),
    };
    let files = layered(&patterns, &[&args.patterns]);
    let packs = compiled(&files)?;
    match &args.what {
        What::List { json: false } => list::tell(&packs, &files.set(), out)?,
        What::List { json: true } => list::tell_json(&packs, &files.set(), out)?,
        What::Show { id } => show::tell(&packs, &files.set(), id, out)?,
        What::Explain(arguments) => return explain::tell(&packs, arguments, out),
        What::Learn(arguments) => learn::tell(&packs, arguments, out)?,
        What::Syntax => bail!("it was told above"),
    }
    Ok(ExitCode::from(NOTHING))
}

fn compiled(files: &PackFiles) -> anyhow::Result<Packs> {
    let packs = files.compile(key_of_this_run()?);
    let packs = packs.map_err(|problems| anyhow::anyhow!("packs that are no use\n\n{problems}"))?;
    Ok(packs.in_year(clock::year()))
}
