//! `sluse serve`: takes messages from mail servers and carries them on. On SIGHUP it reads its configuration again.

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};
use tracing::{Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::{FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::{Filter, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt, reload};

use crate::accept::Inherited;
use crate::app::{App, tell_ended};
use crate::cli::priority::Reader;
use crate::cli::{ConfigFile, NOTHING, load_to_serve};
use crate::config::{Log, LogFormat};

/// The configuration.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    serve(arguments).inspect_err(|error| tell_ended(&format!("{error:#}")))?;
    Ok(ExitCode::from(NOTHING))
}

fn serve(arguments: &Arguments) -> anyhow::Result<()> {
    // Before any process of ours is started, which would have them too.
    let inherited = Inherited::from_service_manager()?;
    let configured = load_to_serve(&arguments.file.config)?;
    let set_level = begin_log(configured.config.log);
    raise_descriptors();
    // Whoever reads a long message leaves his place to another thread. They are not to be few: where all of them wait, for a folder
    // that hangs, nobody is left who follows connections and deadlines.
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut stop = signal(SignalKind::terminate()).context("no signals")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("no signals")?;
        let mut hang_up = signal(SignalKind::hangup()).context("no signals")?;
        let app = App::build(configured, inherited).await?;
        let (reload, file) = (app.reload(), arguments.file.config.clone());
        let reloading = tokio::spawn(async move {
            // Those that come meanwhile are one.
            while hang_up.recv().await.is_some() {
                reload.read(&file, &set_level).await;
            }
        });
        app.run(async move {
            tokio::select! { _ = stop.recv() => {} _ = interrupt.recv() => {} }
            reloading.abort();
        })
        .await
    })
}

/// From here on, what happens is told on standard error, where a service manager collects it. Gives back what changes how much
/// is.
fn begin_log(log: Log) -> Box<dyn Fn(Level) + Send + Sync> {
    let (filter, handle) = reload::Layer::new(own(log.level));
    let reader = Reader::of_errors();
    match log.format {
        LogFormat::Human => {
            ours(filter, quiet(fmt::layer()).with_ansi(false), reader).init();
        }
        LogFormat::Json => ours(
            filter,
            quiet(fmt::layer()).json().flatten_event(true),
            reader,
        )
        .init(),
    }
    // It fails only when the log has ended.
    Box::new(move |level| drop(handle.reload(own(level))))
}

/// Lines of our own only. A library that reads messages may quote them in its lines, and no type keeps it from that.
fn own(level: Level) -> Targets {
    Targets::new().with_target(env!("CARGO_CRATE_NAME"), level)
}

/// What goes wrong with the log itself would be told with `eprintln!`, which panics where standard error is what cannot be
/// written. Mail goes on.
fn quiet(lines: fmt::Layer<Registry>) -> fmt::Layer<Registry> {
    lines.log_internal_errors(false)
}

fn ours<F, N, E>(
    filter: F,
    lines: fmt::Layer<Registry, N, E>,
    to: impl for<'w> MakeWriter<'w> + Send + Sync + 'static,
) -> impl Subscriber + Send + Sync
where
    F: Filter<Registry> + Send + Sync + 'static,
    N: for<'w> FormatFields<'w> + Send + Sync + 'static,
    E: FormatEvent<Registry, N> + Send + Sync + 'static,
{
    Registry::default().with(lines.with_writer(to).with_filter(filter))
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
        let log = ours(own(Level::DEBUG), fmt::layer().with_ansi(false), to);
        tracing::subscriber::with_default(log, || {
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
