//! `sluse serve`: takes messages from mail servers and carries them on.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::cli::NOTHING;
use crate::config;

/// The configuration.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The configuration file.
    #[arg(short, long, value_name = "FILE", default_value = "/etc/sluse/sluse.toml")]
    config: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let config = config::load(&arguments.config)?;
    config.log.begin();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stop = signal(SignalKind::terminate()).context("no signals")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("no signals")?;
        let app = App::build(config).await?;
        app.run(async move {
            tokio::select! { _ = stop.recv() => {} _ = interrupt.recv() => {} }
        })
        .await
    })?;
    Ok(ExitCode::from(NOTHING))
}
