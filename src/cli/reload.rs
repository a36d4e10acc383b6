//! `sluse reload`: has a running Sluse read its configuration again, and tells what came of it.
//!
//! It is read here first, so that whoever typed a mistake is told it where they typed it, with its place. That is not all there is to
//! it: the one that runs may not read a key that we may, or get no memory for inspectors.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use rustix::process::{Pid, Signal, kill_process};

use crate::app::{Outcome, PidFile, Readings, Running};
use crate::cli::{ConfigFile, NOTHING, load};

/// The configuration.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// The process, where no `pid_file` tells which runs. What comes of it then only its log tells
    #[arg(long, value_name = "PID")]
    pid: Option<i32>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let config = load(&arguments.file.config)?;
    let given = arguments.pid.and_then(Pid::from_raw);
    let running = match &config.pid_file {
        Some(file) => PidFile::running(file)?,
        None => None,
    };
    let by_number = given.map(|pid| Running {
        pid,
        readings: None,
    });
    let Some(Running { pid, readings }) = running.or(by_number) else {
        match config.pid_file {
            Some(file) => bail!("{}: no Sluse runs", file.display()),
            None => bail!(
                "{}: no `pid_file` tells which process runs; name one and restart, or use `--pid`",
                arguments.file.config.display()
            ),
        }
    };
    let number = pid.as_raw_nonzero();
    kill_process(pid, Signal::HUP)
        .with_context(|| format!("process {number} could not be told"))?;
    let outcome = match config.pid_file.as_deref().zip(readings) {
        Some((file, before)) => awaited(file, before)?,
        None => None,
    };
    let told = match outcome {
        Some(Outcome::Exchanged) => format!("process {number} has exchanged its configuration"),
        Some(Outcome::Kept) => bail!(
            "process {number} keeps the configuration it had: its log tells why, in lines of the level `error`"
        ),
        None => format!(
            "told process {number} to read its configuration again; its log tells what comes of it"
        ),
    };
    writeln!(io::stdout(), "{told}")?;
    Ok(ExitCode::from(NOTHING))
}

/// Waits for what comes of a reading that began after `before`; `None` where that takes too long.
fn awaited(file: &Path, before: Readings) -> anyhow::Result<Option<Outcome>> {
    let late = Instant::now() + PATIENCE;
    while Instant::now() < late {
        let Some(running) = PidFile::running(file)? else {
            bail!("{}: it has ended meanwhile", file.display());
        };
        match running.readings {
            // One that had begun before we asked may have read what was there before.
            Some(now) if now.ended > before.begun => return Ok(Some(now.last)),
            _ => sleep(PAUSE),
        }
    }
    Ok(None)
}

/// How long it is waited for: packs of one's own may take a minute to be proved, and inspectors as long to begin. Fixed: 150 s, less
/// than systemd gives a reload of `sluse.service`.
const PATIENCE: Duration = Duration::from_secs(150);

/// How long between two looks. Fixed: 50 ms.
const PAUSE: Duration = Duration::from_millis(50);
