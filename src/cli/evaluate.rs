//! `sluse evaluate`: how well the patterns do on a labelled corpus, and what a change of them would gain and lose.

mod figures;
mod files;
mod found;
mod report;
mod table;
mod work;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

pub(super) use crate::cli::evaluate::files::read;

use crate::cli::evaluate::files::Corpus;
use crate::cli::evaluate::found::Listing;
use crate::cli::evaluate::report::{Report, Side};
use crate::cli::evaluate::work::score_all;
use crate::cli::pack_files::{InUse, in_use};
use crate::cli::{NOTHING, SOMETHING, key_of_this_run, load};
use crate::config::Patterns;
use crate::detect::{Confidence, PatternId};
use crate::evaluate::{Requirements, compare, tally};
use crate::pattern::Category;

/// A corpus, and what is asked of it.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// The least confidence at which something counts as found: low, medium or high.
    #[arg(long, value_name = "CONFIDENCE", default_value = "medium", value_parser = confidence)]
    least: Confidence,
    /// A pack, or a folder of packs, beside the shipped ones; may be repeated. One that is named as a shipped one takes its
    /// place.
    #[arg(long, value_name = "FILE|DIR")]
    patterns: Vec<PathBuf>,
    /// A pack, or a folder of packs, that may go live; may be repeated. Tells what it would gain and lose. One that is named
    /// as a pack in use takes its place.
    #[arg(long, value_name = "FILE|DIR")]
    against: Vec<PathBuf>,
    /// Figures that must be reached, or the exit code is 1: `recall=0.9,precision=0.92,health.recall=0.75`. With --against,
    /// they are asked of what would go live.
    #[arg(long, value_name = "FIGURES")]
    require: Option<Requirements>,
    /// The most misses and the most false alarms (and gains, and losses) that are listed; how many more there are is
    /// said. [default: 50, and all with --json]
    #[arg(long, value_name = "N")]
    misses: Option<usize>,
    /// Print the texts of the mails that are listed. They are what the corpus holds, personal data and all.
    #[arg(long)]
    show_text: bool,
    /// Read messages within the limits of this configuration, and recognize by its packs.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Labelled texts (.jsonl), carriers (a folder with a manifest.jsonl, or that file), texts in which nothing may be
    /// found (.txt, .md), or folders of these.
    #[arg(required = true, value_name = "CORPUS")]
    corpus: Vec<PathBuf>,
}

/// Evaluates. 0: done, and every figure that is required is reached; 1: some are not; 2: it could not be done.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (limits, patterns) = match &arguments.config {
        Some(file) => {
            let config = load(file)?;
            (config.inspect.limits, config.patterns)
        }
        None => Default::default(),
    };
    let packs = packs(arguments, &patterns)?;
    let corpus = read(&arguments.corpus)?;
    let scores = score_all(&corpus.samples, &packs, &limits, arguments.least)?;
    let sides: Vec<Side<'_>> = packs
        .iter()
        .zip(&scores)
        .map(|(packs, scores)| Side {
            files: &packs.files,
            tally: tally(&corpus.samples, scores, &names(packs)),
            scores,
        })
        .collect();
    tell(arguments, &corpus, &sides)
}

/// The packs in use, and with `--against` those that may go live. Nothing else here knows where packs come from.
fn packs(arguments: &Arguments, patterns: &Patterns) -> anyhow::Result<Vec<InUse>> {
    let key = key_of_this_run()?;
    let mut packs = vec![in_use(patterns, &[&arguments.patterns], key.clone())?];
    if !arguments.against.is_empty() {
        let layers = [&*arguments.patterns, &*arguments.against];
        packs.push(in_use(patterns, &layers, key)?);
    }
    Ok(packs)
}

fn names(in_use: &InUse) -> Vec<(PatternId, Category)> {
    let patterns = in_use.packs.patterns();
    patterns
        .map(|pattern| (PatternId::new(pattern.id), pattern.category))
        .collect()
}

fn tell(arguments: &Arguments, corpus: &Corpus, sides: &[Side<'_>]) -> anyhow::Result<ExitCode> {
    let (Some(before), Some(after)) = (sides.first(), sides.last()) else {
        return Ok(ExitCode::from(NOTHING));
    };
    let fallen = match &arguments.require {
        Some(required) => required.fallen(&after.tally)?,
        None => Vec::new(),
    };
    let changes = (sides.len() > 1).then(|| compare(&corpus.samples, before.scores, after.scores));
    let listing = Listing {
        most: match (arguments.misses, arguments.json) {
            (Some(most), _) => most,
            (None, true) => usize::MAX,
            (None, false) => 50,
        },
        show_text: arguments.show_text,
    };
    let against = changes.as_deref().map(|changes| (after, changes));
    let report = Report::new(corpus, arguments.least, before, against, &fallen, &listing);
    let mut out = io::BufWriter::new(io::stdout().lock());
    if arguments.json {
        serde_json::to_writer(&mut out, &report)?;
        writeln!(out)?;
    } else {
        write!(out, "{report}")?;
    }
    out.flush()?;
    let is_reached = fallen.is_empty();
    Ok(ExitCode::from(if is_reached { NOTHING } else { SOMETHING }))
}

fn confidence(word: &str) -> Result<Confidence, &'static str> {
    let known = [Confidence::Low, Confidence::Medium, Confidence::High];
    let mut known = known.into_iter();
    known
        .find(|it| it.as_str() == word)
        .ok_or("it is low, medium or high")
}
