//! The commands.
//!
//! Each is a file of its own with its arguments and one `run`. Exit codes: 0 nothing found, 1 something found, 2 could not
//! do it.

mod check;
mod completions;
#[expect(
    clippy::print_stdout,
    reason = "it is told to whoever sits before it, and ends with them"
)]
mod demo;
mod evaluate;
mod hash_password;
mod incident;
mod inspect_worker;
mod man;
mod ocr_worker;
mod pack_files;
mod pack_worker;
mod patterns;
mod priority;
mod reload;
mod scan;
mod serve;
mod top;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::{Parser, Subcommand};
use tracing::Level;

use crate::app::Configured;
use crate::config::{self, Config, Loaded, PackFiles, Problems, Purpose, Source, pattern_ids};
use crate::pattern::{Catalogue, FingerprintKey};

/// Sluse, an outbound mail guard: relays, secures or refuses what a mail server hands it.
#[derive(Debug, Parser)]
#[command(name = "sluse", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Takes messages from mail servers and carries them on, until it is told to stop.
    Serve(serve::Arguments),
    /// Has a running Sluse read its configuration again, if it is good.
    Reload(reload::Arguments),
    /// Shows what a running Sluse does, as it does it.
    Top(top::Arguments),
    /// Shows the main job, with next hops and messages of its own.
    Demo(demo::Arguments),
    /// Tells what is in messages, and what would be done with them.
    Scan(scan::Arguments),
    /// Checks configuration, policy and packs: every error at once.
    Check(check::Arguments),
    /// Tells how well the patterns do on a labelled corpus, and what a change of them would gain and lose.
    Evaluate(evaluate::Arguments),
    /// Prints the line of a file of users, for a password that is typed or piped in.
    HashPassword(hash_password::Arguments),
    /// Shows what would have left unprotected.
    Incident(incident::Arguments),
    /// Tells what is recognized, and why.
    Patterns(patterns::Arguments),
    /// Prints what makes a shell complete these commands.
    Completions(completions::Arguments),
    /// Writes these pages.
    #[command(hide = true)]
    Man(man::Arguments),
    /// Reads messages for the gate that started it.
    #[command(hide = true)]
    InspectWorker,
    /// Compiles packs for the gate that started it.
    #[command(hide = true)]
    PackWorker,
    /// Reads a picture for the gate that started it.
    #[command(hide = true)]
    OcrWorker(ocr_worker::Arguments),
}

/// The configuration of the Sluse that runs, or is to.
#[derive(clap::Args, Debug)]
struct ConfigFile {
    /// The configuration file.
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "/etc/sluse/sluse.toml"
    )]
    config: PathBuf,
}

/// Nothing was found.
const NOTHING: u8 = 0;
/// Something was found.
const SOMETHING: u8 = 1;
/// It could not be done.
const FAILED: u8 = 2;

/// Runs the command line.
pub fn run() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        // What was panicked about may quote what was being read; where it happened does not.
        let place = panic.location().map(ToString::to_string);
        let place = place.as_deref().unwrap_or("an unknown place");
        say(format_args!("sluse: internal error at {place}"));
    }));
    let result = match Arguments::parse().command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Reload(arguments) => reload::run(&arguments),
        Command::Top(arguments) => top::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Scan(arguments) => scan::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::HashPassword(arguments) => hash_password::run(&arguments),
        Command::Incident(arguments) => incident::run(&arguments),
        Command::Patterns(arguments) => patterns::run(&arguments, &mut io::stdout().lock()),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
        Command::InspectWorker => inspect_worker::run(),
        Command::PackWorker => pack_worker::run(),
        Command::OcrWorker(arguments) => Ok(ocr_worker::run(&arguments)),
    };
    result.unwrap_or_else(|error| {
        if !is_unheard(&error) {
            say(format_args!("sluse: {error:#}"));
        }
        ExitCode::from(FAILED)
    })
}

/// Whether all that went wrong is that whoever read what we say has seen enough: `sluse check | head`.
fn is_unheard(error: &anyhow::Error) -> bool {
    let written = error.downcast_ref::<io::Error>();
    written.is_some_and(|it| it.kind() == io::ErrorKind::BrokenPipe)
}

/// Says on standard error what somebody should know.
fn say(text: fmt::Arguments<'_>) {
    priority::Reader::of_errors().lines(Level::ERROR).say(text);
}

/// A key for fingerprints that need to agree only with each other.
fn key_of_this_run() -> anyhow::Result<FingerprintKey> {
    let mut key = [0_u8; 32];
    getrandom::fill(&mut key).context("no random numbers")?;
    Ok(FingerprintKey::new(key))
}

/// What lies in a folder, in the order of their names.
fn sorted(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let about = || folder.display().to_string();
    let entries = fs::read_dir(folder).with_context(about)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<io::Result<Vec<_>>>().with_context(about)?;
    paths.sort();
    Ok(paths)
}

/// Reads a configuration that nothing is started by. What is only doubtful in it is told on standard error.
fn load(file: &Path) -> anyhow::Result<Config> {
    let useless = |problems| anyhow!("this configuration is of no use\n\n{problems}");
    let source = Source::read(file).map_err(|problem| useless(Problems::new(vec![*problem])))?;
    let files = PackFiles::in_use(&config::patterns_of(Arc::clone(&source)));
    let packs = files.compile(key_of_this_run()?).map_err(useless)?;
    let known = pattern_ids(&Catalogue::of(&packs));
    let loaded = config::load_source(source, Purpose::Check, Some(&known));
    let Loaded { config, warnings } = loaded.map_err(useless)?;
    if warnings.warnings() > 0 {
        say(format_args!("{warnings}"));
    }
    Ok(config)
}

/// Reads a configuration that is started by, with its packs.
fn load_to_serve(file: &Path) -> anyhow::Result<Configured> {
    Configured::read(file).map_err(|problems| anyhow!("not started\n\n{problems}"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_make_sense() {
        super::Arguments::command().debug_assert();
    }
}
