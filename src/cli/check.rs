//! `sluse check`: whether the configuration, the policy and the packs are good.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::pack_files::{drawn, sources, typed};
use crate::config::{self, Problems, Purpose, SHIPPED_POLICY, Source};
use crate::detect::{PatternId, prove};
use crate::pattern::{FingerprintKey, Packs};

/// What is to be checked.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The configuration, with the policy it names. Without it, the shipped policy is checked.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Packs, or folders of them, to be checked beside the shipped ones. One that is named as a shipped one takes its place.
    #[arg(value_name = "PACK")]
    packs: Vec<PathBuf>,
}

/// Tells everything that is wrong. 0: it can be started; 2: it cannot.
pub(super) fn run(args: &Arguments) -> anyhow::Result<ExitCode> {
    let packs = packs(&args.packs);
    for problem in &packs.problems {
        println!("{problem}\n");
    }
    let problems = match &args.config {
        Some(file) => match config::load(file, Purpose::Check, packs.patterns.as_deref()) {
            Ok(loaded) => loaded.warnings,
            Err(problems) => problems,
        },
        None => match config::load_policy(
            Source::new("config/policy.toml".as_ref(), SHIPPED_POLICY),
            packs.patterns.as_deref(),
        ) {
            // The shipped policy cannot know anybody's domains; that is no news.
            Ok(_) => Problems::default(),
            Err(problems) => problems,
        },
    };
    for problem in problems.iter() {
        println!("{problem}\n");
    }
    let errors = problems.errors() + packs.problems.len();
    println!(
        "{}: {errors} {}, {} {}",
        args.config.as_ref().map_or_else(
            || "shipped policy and packs".to_owned(),
            |file| file.display().to_string()
        ),
        if errors == 1 { "error" } else { "errors" },
        problems.warnings(),
        if problems.warnings() == 1 {
            "warning"
        } else {
            "warnings"
        },
    );
    Ok(ExitCode::from(if errors == 0 { 0 } else { 2 }))
}

/// What the packs are, and what is wrong with them.
struct PackCheck {
    /// The patterns there are, for the policy to name. `None` where that is not known.
    patterns: Option<Vec<PatternId>>,
    /// Each problem, as it is told.
    problems: Vec<String>,
}

/// Compiles the packs and proves their examples.
fn packs(files: &[PathBuf]) -> PackCheck {
    let (sources, mut problems) = sources(&[files]);
    // Nobody is fingerprinted here, so any key will do.
    let (patterns, wrong) = match Packs::compile(&typed(&sources), FingerprintKey::new([0; 32])) {
        Ok(packs) => {
            let known = packs.patterns();
            (
                Some(known.map(|pattern| PatternId::new(pattern.id)).collect()),
                prove(&packs),
            )
        }
        Err(wrong) => (None, wrong),
    };
    problems.extend(drawn(&wrong, &sources));
    PackCheck { patterns, problems }
}
