//! `sluse serve`: takes messages from mail servers and carries them on. On SIGHUP it reads its packs again.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};
use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::{FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

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
    raise_descriptors();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut stop = signal(SignalKind::terminate()).context("no signals")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("no signals")?;
        let mut hang_up = signal(SignalKind::hangup()).context("no signals")?;
        let app = App::build(config).await?;
        let reload = app.reload();
        let reloading = tokio::spawn(async move {
            while hang_up.recv().await.is_some() {
                reload.packs().await;
            }
        });
        app.run(async move {
            tokio::select! { _ = stop.recv() => {} _ = interrupt.recv() => {} }
            reloading.abort();
        })
        .await
    })?;
    Ok(ExitCode::from(NOTHING))
}

/// From here on, what happens is told on standard error, where a service manager collects it.
fn begin_log(log: Log) {
    match log.format {
        LogFormat::Human => ours(log, quiet(fmt::layer()).with_ansi(false), io::stderr).init(),
        LogFormat::Json => {
            ours(
                log,
                quiet(fmt::layer()).json().flatten_event(true),
                io::stderr,
            )
            .init();
        }
    }
}

/// What goes wrong with the log itself would be told with `eprintln!`, which panics where standard error is what cannot be
/// written. Mail goes on.
fn quiet(lines: fmt::Layer<Registry>) -> fmt::Layer<Registry> {
    lines.log_internal_errors(false)
}

/// Lines of our own only. A library that reads messages may quote them in its lines, and no type keeps it from that.
fn ours<N, E>(
    log: Log,
    lines: fmt::Layer<Registry, N, E>,
    to: impl for<'w> MakeWriter<'w> + Send + Sync + 'static,
) -> impl Subscriber + Send + Sync
where
    N: for<'w> FormatFields<'w> + Send + Sync + 'static,
    E: FormatEvent<Registry, N> + Send + Sync + 'static,
{
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), log.level);
    Registry::default().with(lines.with_writer(to).with_filter(own))
}

/// Takes as many file descriptors as we may have: each connection needs up to four, and service managers start programs with
/// 1024 unless they ask for more.
fn raise_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn no_library_writes_into_the_log() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let to = Arc::new(file.reopen().unwrap());
        let log = Log {
            level: tracing::Level::DEBUG,
            ..Log::default()
        };
        tracing::subscriber::with_default(ours(log, fmt::layer().with_ansi(false), to), || {
            tracing::error!(target: "html5ever::tokenizer", "processing 1102851231");
            tracing::debug!("of our own");
        });
        let lines = std::fs::read_to_string(file.path()).unwrap();
        assert_eq!(lines.lines().count(), 1, "{lines}");
        assert!(lines.contains("of our own"));
    }

    #[test]
    fn all_descriptors_there_are_may_be_used() {
        let lowered = Rlimit {
            current: Some(256),
            ..getrlimit(Resource::Nofile)
        };
        setrlimit(Resource::Nofile, lowered).unwrap();
        raise_descriptors();
        let now = getrlimit(Resource::Nofile);
        assert_eq!(now.current, now.maximum);
    }
}
