//! `sluse check`: whether the configuration, the policy and the packs are good.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::config::{self, Code, Problems, Purpose, SHIPPED_POLICY, Source};
use crate::detect::{PatternId, prove};
use crate::pattern::{FingerprintKey, PackSource, Packs, Problem};

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
    /// Each problem, drawn as those of the configuration are.
    problems: Vec<config::Problem>,
}

/// Compiles the shipped packs, and those in `files`, and proves their examples.
///
/// A file that is one of the shipped packs takes its place, so that a copy that is being worked on is no double of it.
fn packs(files: &[PathBuf]) -> PackCheck {
    let mut sources: Vec<PackSource> = Vec::new();
    let mut unread = Vec::new();
    for file in files {
        match Source::read(file) {
            Ok(source) => sources.push(PackSource::new(&file.display().to_string(), source.text())),
            Err(problem) => unread.push(*problem),
        }
    }
    let named = |shipped: &PackSource| {
        let name = shipped.name().rsplit('/').next().unwrap_or_default();
        files.iter().any(|file| file.file_name().is_some_and(|it| it == name))
    };
    sources.extend(PackSource::shipped().into_iter().filter(|shipped| !named(shipped)));
    // A check keeps no fingerprint, so any key will do.
    let compiled = Packs::compile(&sources, FingerprintKey::new([0; 32]));
    let (patterns, found) = match compiled {
        Ok(packs) => {
            let patterns = packs.patterns().iter().map(|pattern| PatternId::new(&pattern.id));
            (Some(patterns.collect()), prove(&packs))
        }
        Err(found) => (None, found),
    };
    let drawn = found.into_iter().map(|problem| draw(problem, &sources));
    PackCheck { patterns, problems: unread.into_iter().chain(drawn).collect() }
}

/// A problem of a pack, with the lines it is about.
fn draw(problem: Problem, sources: &[PackSource]) -> config::Problem {
    let text = sources.iter().find(|source| source.name() == &*problem.file);
    let source = Source::new(Path::new(&*problem.file), text.map_or("", PackSource::text));
    config::Problem::at(Code::Pack(problem.code), source, problem.span, problem.message, "", problem.remedy)
}
