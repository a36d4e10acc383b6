//! `sluse reload`: has a running Sluse read its configuration again.
//!
//! It is read here first, so that whoever typed a mistake is told it where they typed it, with its place. What came of it
//! stands in the log of the one that runs.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use rustix::process::{Signal, kill_process};

use crate::app::PidFile;
use crate::cli::{NOTHING, load};

/// The configuration.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The configuration file of the one that runs.
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "/etc/sluse/sluse.toml"
    )]
    config: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let config = load(&arguments.config)?;
    let Some(file) = config.pid_file else {
        bail!(
            "{}: no `pid_file` tells which process runs; name one and restart, or use `systemctl reload sluse`",
            arguments.config.display()
        );
    };
    let Some(pid) = PidFile::running(&file)? else {
        bail!("{}: no Sluse runs", file.display());
    };
    kill_process(pid, Signal::HUP)
        .with_context(|| format!("process {} could not be told", pid.as_raw_nonzero()))?;
    println!(
        "told process {} to read its configuration again; its log tells what came of it",
        pid.as_raw_nonzero()
    );
    Ok(ExitCode::from(NOTHING))
}
