//! `sluse check`: whether the configuration, the policy and the packs are good.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use crate::config::{self, Drawing, Problems, Purpose, SHIPPED_POLICY, Severity, Source};
use crate::detect::{PatternId, prove};
use crate::pattern::{FingerprintKey, PackSource, Packs};

/// What is to be checked.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The configuration, with the policy it names. Without it, the shipped policy is checked.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Packs to be checked beside the shipped ones.
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
///
/// A file named as a shipped pack is takes its place: it is a copy of it that is being worked on, and no double.
fn packs(files: &[PathBuf]) -> PackCheck {
    let replaced = |pack: &&PackSource| {
        let name = Path::new(&*pack.file).file_name();
        files.iter().any(|file| file.file_name() == name)
    };
    let mut sources: Vec<Arc<Source>> = PackSource::shipped()
        .iter()
        .filter(|pack| !replaced(pack))
        .map(|pack| Source::new(Path::new(&*pack.file), &pack.text))
        .collect();
    let mut problems = Vec::new();
    for file in files {
        match Source::read(file) {
            Ok(source) => sources.push(source),
            Err(problem) => problems.push(problem.to_string()),
        }
    }
    let typed: Vec<PackSource> = sources
        .iter()
        .map(|source| PackSource {
            file: source.path().to_string_lossy().into(),
            text: source.text().to_owned().into(),
        })
        .collect();
    // Nobody is fingerprinted here, so any key will do.
    let (patterns, wrong) = match Packs::compile(&typed, FingerprintKey::new([0; 32])) {
        Ok(packs) => {
            let known = packs.patterns();
            (
                Some(known.map(|pattern| PatternId::new(pattern.id)).collect()),
                prove(&packs),
            )
        }
        Err(wrong) => (None, wrong),
    };
    for wrong in &wrong {
        let named = |source: &&Arc<Source>| source.path() == Path::new(&*wrong.file);
        if let Some(source) = sources.iter().find(named) {
            let drawing = Drawing {
                severity: Severity::Error,
                code: wrong.code,
                source,
                span: Some(wrong.span.clone()),
                message: &wrong.message,
                label: "",
                remedy: wrong.remedy,
            };
            problems.push(drawing.to_string());
        }
    }
    PackCheck { patterns, problems }
}
