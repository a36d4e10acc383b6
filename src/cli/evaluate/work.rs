//! The mails of a corpus, read and scored by as many threads as there are cores.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, anyhow, bail};

use crate::cli::pack_files::InUse;
use crate::detect::Confidence;
use crate::evaluate::{Mail, Sample, Score, message, score};
use crate::inspect::inspect;
use crate::limits::ReadLimits;

/// Scores every sample by each of the packs: a list for each, in the order of the samples.
pub(super) fn score_all(
    samples: &[Sample],
    packs: &[InUse],
    limits: &ReadLimits,
    least: Confidence,
) -> anyhow::Result<Vec<Vec<Score>>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(sample) = samples.get(at) else {
                return done;
            };
            done.push((at, score_one(sample, packs, limits, least)));
        }
    };
    let workers = thread::available_parallelism().map_or(2, usize::from);
    let mut done = thread::scope(|scope| {
        let mut threads = Vec::new();
        for _ in 0..workers.min(samples.len()) {
            let thread = thread::Builder::new().stack_size(STACK);
            threads.push(thread.spawn_scoped(scope, work).context("no thread")?);
        }
        let mut done = Vec::with_capacity(samples.len());
        for thread in threads {
            done.extend(thread.join().map_err(|_| anyhow!("a reader failed"))?);
        }
        Ok::<_, anyhow::Error>(done)
    })?;
    done.sort_by_key(|(at, _)| *at);
    let mut scores: Vec<Vec<Score>> = packs.iter().map(|_| Vec::new()).collect();
    for (_, sample) in done {
        for (scores, score) in scores.iter_mut().zip(sample?) {
            scores.push(score);
        }
    }
    Ok(scores)
}

/// The score of one sample by each of the packs.
fn score_one(
    sample: &Sample,
    packs: &[InUse],
    limits: &ReadLimits,
    least: Confidence,
) -> anyhow::Result<Vec<Score>> {
    let octets = match &sample.mail {
        Mail::Text { subject, text } => message(subject, text),
        Mail::File(file) => read(file)?,
    };
    let scores = packs.iter().map(|in_use| {
        let inspection = inspect(&in_use.packs, limits, &octets);
        score(&sample.truth, &in_use.packs, &inspection, least)
    });
    Ok(scores.collect())
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut octets = Vec::new();
    File::open(file)
        .and_then(|it| it.take(MOST + 1).read_to_end(&mut octets))
        .with_context(|| file.display().to_string())?;
    if u64::try_from(octets.len()).is_ok_and(|it| it > MOST) {
        bail!("{}: larger than {MOST} octets", file.display());
    }
    Ok(octets)
}

/// The stack of a reader: documents nest. As much as the readers of `sluse serve` have.
const STACK: usize = 16 << 20;
/// The most octets of one message, as much as `sluse serve` takes by default. Beyond it, it cannot be done.
const MOST: u64 = 50 << 20;
