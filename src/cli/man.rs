//! `sluse man`: the manual pages of our commands, written when a package is made.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, CommandFactory};

use crate::cli::NOTHING;

/// Where to.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The folder they are written into.
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let folder = &arguments.folder;
    let written = clap_mangen::generate_to(crate::cli::Arguments::command(), folder);
    written.with_context(|| folder.display().to_string())?;
    Ok(ExitCode::from(NOTHING))
}
