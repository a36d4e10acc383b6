//! `sluse reload`: has a running Sluse read its configuration again.
//!
//! It is read here first, so that whoever typed a mistake is told it where they typed it, with its place. What came of it
//! stands in the log of the one that runs.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use rustix::process::{Signal, kill_process};

use crate::app::PidFile;
use crate::cli::{ConfigFile, NOTHING, load};

/// The configuration.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let config = load(&arguments.file.config)?;
    let Some(file) = config.pid_file else {
        bail!(
            "{}: no `pid_file` tells which process runs; name one and restart, or use `systemctl reload sluse`",
            arguments.file.config.display()
        );
    };
    let Some(pid) = PidFile::running(&file)? else {
        bail!("{}: no Sluse runs", file.display());
    };
    kill_process(pid, Signal::HUP)
        .with_context(|| format!("process {} could not be told", pid.as_raw_nonzero()))?;
    writeln!(
        io::stdout(),
        "told process {} to read its configuration again; its log tells what came of it",
        pid.as_raw_nonzero()
    )?;
    Ok(ExitCode::from(NOTHING))
}
