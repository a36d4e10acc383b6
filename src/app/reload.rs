//! A configuration read again while mail flows: all of it is good and takes the place of the other as one, or nothing changes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;
use tracing::Level;

use crate::accept::{Moved, Terms};
use crate::app::configured::Configured;
use crate::app::manager::{tell_ready, tell_reloading};
use crate::app::parts::{Lasting, Parts, ask, tell_expiries};
use crate::app::pid_file::{Outcome, PidFile};
use crate::app::status;
use crate::app::workshop::Workshop;
use crate::clock;
use crate::config::{Config, Inspect, LogFormat, Problems, Severity};
use crate::incident;
use crate::journey::Gate;
use crate::metrics::catalogue::{GENERATION, LAST_GOOD, LAST_RELOAD, RELOADS};
use crate::monitor;
use crate::pattern::{Catalogue, Changes};
use crate::retry;
use crate::spool;

/// Reads the configuration of a running Sluse again.
#[derive(Clone, Debug)]
pub struct Reload {
    pub(super) gates: watch::Sender<Arc<Gate>>,
    pub(super) terms: watch::Sender<Arc<Terms>>,
    pub(super) started: Started,
    pub(super) workshop: Workshop,
    pub(super) pid_file: Option<Arc<PidFile>>,
}

/// What a running Sluse was started with and keeps to its end.
#[derive(Clone, Debug)]
pub(super) struct Started {
    pid_file: Option<PathBuf>,
    inspect: Inspect,
    spool: spool::Settings,
    incident: incident::Settings,
    journal: Option<retry::Settings>,
    format: LogFormat,
    monitor: monitor::Settings,
}

/// A configuration that is good, with its parts.
struct Ready {
    configured: Configured,
    parts: Parts,
}

/// Why it is not: each was told.
enum Unready {
    Problems(Problems),
    Part(anyhow::Error),
}

impl Started {
    pub(super) fn with(config: &Config) -> Self {
        Self {
            pid_file: config.pid_file.clone(),
            inspect: config.inspect.clone(),
            spool: config.spool.clone(),
            incident: config.incident.clone(),
            journal: config.journal.clone(),
            format: config.log.format,
            monitor: config.monitor.clone(),
        }
    }

    /// The keys that say something else now, to no effect before a restart.
    fn differs(&self, config: &Config, moved: &Moved) -> Vec<String> {
        let (inspect, incident) = (&config.inspect, &config.incident);
        let keys = [
            ("pid_file", self.pid_file != config.pid_file),
            ("inspect.workers", self.inspect.workers != inspect.workers),
            ("inspect.memory", self.inspect.memory != inspect.memory),
            ("ocr", self.inspect.ocr != inspect.ocr),
            (
                "spool (for pictures; messages use the new one)",
                self.inspect.ocr.is_some() && self.spool != config.spool,
            ),
            ("incident", self.incident != *incident),
            ("journal", self.journal != config.journal),
            ("inspect.waiting", self.inspect.waiting != inspect.waiting),
            ("monitor", self.monitor != config.monitor),
            ("log.format", self.format != config.log.format),
        ];
        let keys = keys.into_iter().filter(|(_, differs)| *differs);
        let keys = keys.map(|(key, _)| key.to_owned());
        let unopened = moved.unopened.iter();
        let unopened = unopened.map(|it| format!("listen.addresses (nobody listens on {it} yet)"));
        let kept = moved.kept.iter();
        let kept = kept.map(|it| format!("listen.addresses ({it} is listened on as before)"));
        let spoken = moved.spoken.iter();
        let spoken = spoken.map(|it| format!("listen ({it} speaks the protocol it spoke before)"));
        keys.chain(unopened).chain(kept).chain(spoken).collect()
    }
}

impl Reload {
    /// Reads a configuration with its policy, packs and certificates, and lets it take the place of the one in force for whatever
    /// begins from now on; or tells everything that is wrong with it, and changes nothing. How much is logged from now on is told to
    /// `set_level`; what came of it is logged.
    pub async fn read(&self, file: &Path, set_level: impl Fn(Level)) {
        tell_reloading();
        if let Some(file) = &self.pid_file {
            file.begins_reading();
        }
        let before = Arc::clone(&self.gates.borrow());
        let outcome = match self.ready(file, &before).await {
            Ok(ready) => self.exchange(ready, &before, set_level).await,
            Err(Unready::Problems(problems)) => {
                tell(&problems);
                stays(&before, problems.errors())
            }
            Err(Unready::Part(error)) => {
                tracing::error!(problem = format!("{error:#}"), "wrong in the configuration");
                stays(&before, 1)
            }
        };
        if let Some(file) = &self.pid_file {
            file.has_read(outcome);
        }
        tell_ready(&status(&self.gates.borrow()));
    }

    async fn ready(&self, file: &Path, before: &Arc<Gate>) -> Result<Ready, Unready> {
        let (file, before) = (file.to_owned(), Arc::clone(before));
        let read = self.workshop.done(move || ready(&file, &before)).await;
        read.ok_or_else(|| Unready::Part(anyhow::anyhow!("reading it failed")))?
    }

    async fn exchange(
        &self,
        ready: Ready,
        before: &Arc<Gate>,
        set_level: impl Fn(Level),
    ) -> Outcome {
        let Ready { configured, parts } = ready;
        let Configured {
            config,
            packs,
            warnings,
        } = configured;
        tell(&warnings);
        ask(parts.ways()).await;
        let door = &before.door;
        let old = door.catalogue();
        let limits = config.inspect.limits.clone();
        let is_other = old.version() != packs.catalogue.version() || door.year() != packs.year;
        if is_other || door.limits() != limits {
            // What comes after this cannot fail.
            if let Err(error) = door.exchange(packs, limits).await {
                tracing::error!(%error, "inspectors for it could not be started");
                return stays(before, 1);
            }
        }
        let (terms, gate) = parts.gate(Lasting::of(before));
        self.gates.send_replace(Arc::new(gate));
        let (terms, moved) = terms.in_place_of(&self.terms.borrow());
        self.terms.send_replace(Arc::new(terms));
        set_level(config.log.level);
        tell_expiries(&config);
        in_force();
        RELOADS.count(["exchanged"]);
        let new = door.catalogue();
        told(&old, &new);
        for key in self.started.differs(&config, &moved) {
            tracing::warn!(key, "needs a restart");
        }
        tracing::info!(
            packs = %new.version(),
            warnings = warnings.warnings(),
            "configuration exchanged"
        );
        Outcome::Exchanged
    }
}

fn ready(file: &Path, before: &Gate) -> Result<Ready, Unready> {
    let configured = Configured::read(file).map_err(Unready::Problems)?;
    let parts = Parts::new(&configured.config, Some(before)).map_err(Unready::Part)?;
    Ok(Ready { configured, parts })
}

/// Notes that a configuration came into force.
pub(super) fn in_force() {
    GENERATION.add([], 1);
    LAST_GOOD.set([], clock::now().as_second());
    LAST_RELOAD.set([], 1);
}

fn stays(gate: &Gate, errors: usize) -> Outcome {
    RELOADS.count(["kept"]);
    LAST_RELOAD.set([], 0);
    tracing::error!(
        packs = %gate.door.catalogue().version(),
        errors,
        "the configuration was not exchanged: the one in force stays"
    );
    Outcome::Kept
}

fn told(before: &Catalogue, after: &Catalogue) {
    if before.version() == after.version() {
        return;
    }
    let Changes {
        added,
        removed,
        changed,
        language,
    } = before.changes(after);
    tracing::info!(
        packs = %after.version(),
        before = %before.version(),
        added = added.join(" "),
        removed = removed.join(" "),
        changed = changed.join(" "),
        language,
        "packs exchanged"
    );
}

/// A line of the log for each problem.
pub(super) fn tell(problems: &Problems) {
    for problem in problems.iter() {
        let told = problem.in_one_line();
        match problem.severity {
            Severity::Warning => tracing::warn!(problem = told, "doubtful in the configuration"),
            Severity::Error => tracing::error!(problem = told, "wrong in the configuration"),
        }
    }
}
