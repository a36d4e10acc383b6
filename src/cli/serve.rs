//! `sluse serve`: takes messages from mail servers and carries them on.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::cli::{NOTHING, load};
use crate::config::{Log, LogFormat, Purpose};

/// The configuration.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The configuration file.
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "/etc/sluse/sluse.toml"
    )]
    config: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let config = load(&arguments.config, Purpose::Serve)?;
    begin_log(config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
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

/// From here on, what happens is told on standard error, where a service manager collects it.
fn begin_log(log: Log) {
    let lines = tracing_subscriber::fmt()
        .with_max_level(log.level)
        .with_writer(std::io::stderr)
        // They would be told with `eprintln!`, which panics where standard error is what cannot be written. Mail goes on.
        .log_internal_errors(false);
    match log.format {
        LogFormat::Human => lines.with_ansi(false).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
}
