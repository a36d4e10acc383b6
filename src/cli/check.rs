//! `sluse check`: whether the configuration, the policy and the packs are good.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use tokio::runtime;

use crate::act::Tls;
use crate::cli::pack_files::layered;
use crate::cli::{FAILED, NOTHING, SOMETHING};
use crate::config::{
    self, Patterns, Problems, Purpose, Routes, SHIPPED_POLICY, Source, pattern_ids,
};
use crate::detect::PatternId;
use crate::inspect::{DoorSettings, OcrSettings, find_ocr};
use crate::pattern::{Catalogue, FingerprintKey};
use crate::retry;

/// What is to be checked.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The configuration, with the policy and the packs it names. Without it, the shipped policy is checked.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Fail on warnings as well.
    #[arg(long)]
    strict: bool,
    /// Packs, or folders of them, to be checked beside those in use. One that is named as one of these takes its place.
    #[arg(value_name = "PACK")]
    packs: Vec<PathBuf>,
}

/// Tells everything that is wrong. 0: it can be started; 1: it can, and `--strict` was asked for; 2: it cannot.
pub(super) fn run(args: &Arguments) -> anyhow::Result<ExitCode> {
    let (patterns, of_config) = match &args.config {
        None => (Patterns::default(), None),
        Some(file) => match Source::read(file) {
            Ok(source) => (config::patterns_of(source.clone()), Some(Ok(source))),
            Err(problem) => (
                Patterns::default(),
                Some(Err(Problems::new(vec![*problem]))),
            ),
        },
    };
    let (known, of_packs) = packs(args, &patterns);
    let known = known.as_deref();
    let mut told = Vec::new();
    let of_config = match of_config {
        Some(Ok(source)) => match config::load_source(source, Purpose::Check, known) {
            Ok(loaded) => {
                told.push(tell_routes(&loaded.config.routes));
                told.push(tell_journal(loaded.config.journal.as_ref()));
                told.push(tell_ocr(loaded.config.inspect.ocr)?);
                loaded.warnings
            }
            Err(problems) => problems,
        },
        Some(Err(unreadable)) => unreadable,
        None => match config::load_policy(
            Source::new("config/policy.toml".as_ref(), SHIPPED_POLICY),
            known,
        ) {
            // The shipped policy cannot know anybody's domains; that is no news.
            Ok(_) => Problems::default(),
            Err(problems) => problems,
        },
    };
    let mut out = io::stdout().lock();
    for problem in of_packs.iter().chain(of_config.iter()) {
        writeln!(out, "{problem}\n")?;
    }
    for told in told {
        writeln!(out, "{told}\n")?;
    }
    let errors = of_config.errors() + of_packs.errors();
    let warnings = of_config.warnings() + of_packs.warnings();
    writeln!(
        out,
        "{}: {errors} {}, {warnings} {}",
        args.config.as_ref().map_or_else(
            || "shipped policy and packs".to_owned(),
            |file| file.display().to_string()
        ),
        if errors == 1 { "error" } else { "errors" },
        if warnings == 1 { "warning" } else { "warnings" },
    )?;
    Ok(ExitCode::from(match (errors, warnings) {
        (0, 0) => NOTHING,
        (0, _) if args.strict => SOMETHING,
        (0, _) => NOTHING,
        _ => FAILED,
    }))
}

/// Where each route ends, in the order its hosts are tried in, and the name each must prove.
fn tell_routes(routes: &Routes) -> String {
    let all = std::iter::once(&routes.normal).chain(routes.secure.values());
    let lines = all.map(|route| {
        let hops = route.next_hops.iter().map(|hop| match &route.tls {
            Tls::Off | Tls::Opportunistic(_) => hop.to_string(),
            Tls::Verified(verified) => {
                let name = verified.name.as_ref().unwrap_or(&hop.host);
                format!("{hop} (as {name})")
            }
        });
        let hops = hops.collect::<Vec<_>>().join(", then ");
        let line = format!("route {}: {hops}", route.name.as_str());
        let time = &route.time;
        match route.next_hops.others.is_empty() {
            true => line,
            false => format!(
                "{line}\n  one that failed is tried last for {:?}, and at most {:?}",
                time.ill, time.ill_most
            ),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether the retry of a message that was taken would be known.
fn tell_journal(settings: Option<&retry::Settings>) -> String {
    match settings {
        Some(settings) => format!(
            "a message that was taken is not sent again: its retry is known by {}",
            settings.file.display()
        ),
        None => "a message may be sent twice if its client does not hear that it was taken: no `file` in `[journal]`"
            .to_owned(),
    }
}

/// Whether pictures would be read on this machine, and what is missing for it.
fn tell_ocr(settings: Option<OcrSettings>) -> anyhow::Result<String> {
    let Some(settings) = settings else {
        return Ok("pictures are not read: it is switched off in `[ocr]`".to_owned());
    };
    let program = DoorSettings::default().program;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let found = match runtime.block_on(find_ocr(&settings, &program)) {
        Ok(found) => found,
        Err(absent) => return Ok(format!("pictures are not read: {absent}")),
    };
    let lacks = found.lacks().map(|lack| format!("\n  {lack}"));
    Ok(format!(
        "pictures are read by {}, languages {}{}",
        found.version,
        found.languages.join("+"),
        lacks.collect::<String>(),
    ))
}

/// The patterns there are, for the policy to name, and what is wrong with them.
fn packs(args: &Arguments, patterns: &Patterns) -> (Option<Vec<PatternId>>, Problems) {
    let files = layered(patterns, &[&args.packs]);
    // Nobody is fingerprinted here, so any key will do.
    let key = FingerprintKey::new([0; 32]);
    match files.check(key.clone()) {
        Ok((packs, warnings)) => (Some(pattern_ids(&Catalogue::of(&packs))), warnings),
        // Where only examples fail, it is known all the same what there is.
        Err(problems) => (
            files
                .compile(key)
                .ok()
                .map(|packs| pattern_ids(&Catalogue::of(&packs))),
            problems,
        ),
    }
}
