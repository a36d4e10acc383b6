//! What words lean to, learned from a labelled corpus.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use crate::cli::evaluate::read;
use crate::evaluate::learn;
use crate::pattern::Packs;

/// A corpus to learn from.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Labelled texts (.jsonl), or folders of them: `sluse evaluate` reads the same.
    #[arg(required = true, value_name = "CORPUS")]
    corpus: Vec<PathBuf>,
}

/// Fewer texts teach nothing. Fixed: 20.
const FEWEST: usize = 20;

/// Writes the pack to `out`.
pub(super) fn tell(
    packs: &Packs,
    arguments: &Arguments,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let corpus = read(&arguments.corpus)?;
    if corpus.samples.len() < FEWEST {
        bail!(
            "there are {} texts in the corpus; fewer than {FEWEST} teach nothing, and some hundreds of each category teach well",
            corpus.samples.len()
        );
    }
    write!(out, "{}", learn(packs, &corpus.samples))?;
    Ok(())
}
