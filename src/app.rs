//! Build, run, drain, stop.

mod configured;
mod health;
mod manager;
mod parts;
mod pid_file;
mod reload;
mod workshop;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Semaphore, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::accept::{self, Inherited, Listeners, Terms};
use crate::app::health::Health;
use crate::app::manager::{feed_watchdog, feed_watchdog_to_the_end, tell_ready, tell_stopping};
use crate::app::parts::{Lasting, Parts, ask, probe, tell_expiries, ways};
use crate::app::reload::{Started, in_force, tell};
use crate::app::workshop::Workshop;
use crate::clock;
use crate::incident::{Log, load_or_create_key};
use crate::inspect::{Absent, Door, DoorSettings, Found};
use crate::journey::{Gate, Gates};
use crate::metrics::catalogue::{BUILD, STARTED};
use crate::monitor;
use crate::retry::Journal;

pub use configured::Configured;
pub use manager::tell_ended;
pub use pid_file::{Outcome, PidFile, Readings, Running};
pub use reload::Reload;

/// The running parts, bound and ready; nothing is accepted yet.
#[derive(Debug)]
pub struct App {
    listeners: Listeners,
    monitors: Vec<TcpListener>,
    terms: watch::Sender<Arc<Terms>>,
    gates: watch::Sender<Arc<Gate>>,
    started: Started,
    workshop: Workshop,
    pid_file: Option<Arc<PidFile>>,
}

impl App {
    /// Builds everything a configuration asks for, and listens: what cannot be had is told now rather than by the first
    /// message. What others listened on for us is listened on from there.
    ///
    /// # Errors
    ///
    /// In words for the administrator: which file, address or limit, and why.
    pub async fn build(configured: Configured, mut inherited: Inherited) -> anyhow::Result<Self> {
        let Configured {
            config,
            packs,
            warnings,
        } = configured;
        tell(&warnings);
        STARTED.set([], clock::now().as_second());
        BUILD.set([env!("CARGO_PKG_VERSION")], 1);
        let pid_file = config.pid_file.as_deref().map(PidFile::write).transpose()?;
        let (incident, inspect) = (&config.incident, &config.inspect);
        let key = load_or_create_key(&incident.key)?;
        let doors = DoorSettings {
            workers: inspect.workers.get(),
            waiting: inspect.waiting,
            memory: inspect.memory,
            limits: inspect.limits.clone(),
            ocr: inspect.ocr.clone(),
            spool: config.spool.clone(),
            ..DoorSettings::default()
        };
        let parts = Parts::new(&config, None)?;
        let journal = |settings: &_| Journal::open(settings, &key);
        let lasting = Lasting {
            door: Arc::new(Door::open(doors, packs, key.clone()).await?),
            incidents: Log::open(incident, &key)?,
            journal: config.journal.as_ref().map(journal).transpose()?,
            incident: incident.clone(),
            key,
        };
        let (terms, gate) = parts.gate(lasting);
        let listeners = Listeners::bind_or_take(&config.accept, &mut inherited).await?;
        let monitors = monitors(&config.monitor, &mut inherited)?;
        inherited.finish()?;
        tell_expiries(&config);
        in_force();
        Ok(Self {
            listeners,
            monitors,
            terms: watch::Sender::new(Arc::new(terms)),
            gates: watch::Sender::new(Arc::new(gate)),
            started: Started::with(&config),
            workshop: Workshop::start().context("no thread to read the configuration again")?,
            pid_file: pid_file.map(Arc::new),
        })
    }

    /// What reads the configuration again while it runs.
    pub fn reload(&self) -> Reload {
        Reload {
            gates: self.gates.clone(),
            terms: self.terms.clone(),
            started: self.started.clone(),
            workshop: self.workshop.clone(),
            pid_file: self.pid_file.clone(),
        }
    }

    /// Where it listens.
    pub fn addresses(&self) -> anyhow::Result<Vec<SocketAddr>> {
        Ok(self.listeners.local_addresses()?)
    }

    /// Takes messages until `stop` comes, then finishes those under way.
    ///
    /// # Errors
    ///
    /// When the addresses it listens on cannot be told.
    pub async fn run(self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        for address in self.addresses()? {
            tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "listening");
        }
        let gate = Arc::clone(&self.gates.borrow());
        let packs = gate.door.catalogue();
        tracing::info!(packs = %packs.version(), patterns = packs.patterns().len(), "packs in use");
        let walls = gate.door.walls();
        let (standing, missing) = (walls.standing.join(", "), walls.missing.join(", "));
        if missing.is_empty() {
            tracing::info!(standing, "inspectors are ready");
        } else {
            tracing::warn!(
                standing,
                missing,
                "inspectors are ready, but not confined as they could be"
            );
        }
        tell_ocr(gate.door.ocr());
        ask(ways(&gate)).await;
        let (stopping, stopped) = watch::channel(false);
        let pulse = self.listeners.pulse();
        let health = Health {
            gates: self.gates.subscribe(),
            terms: self.terms.subscribe(),
            pulse: pulse.clone(),
            stopping: stopped.clone(),
            seen: Mutex::default(),
            probing: Arc::new(Semaphore::new(1)),
        };
        for monitor in &self.monitors {
            tracing::info!(address = %monitor.local_addr()?, "numbers and health are told");
        }
        let monitoring = tokio::spawn(monitor::serve(self.monitors, Arc::new(health)));
        let probing = tokio::spawn(keep_probing(self.gates.subscribe()));
        let serving = tokio::spawn(accept::serve(
            self.listeners,
            self.terms.subscribe(),
            Arc::new(Gates(self.gates.subscribe())),
            stopped,
        ));
        let feeding = tokio::spawn(feed_watchdog(pulse, gate.incidents.clone()));
        tell_ready(&status(&gate));
        drop(gate);
        stop.await;
        feeding.abort();
        let feeding = tokio::spawn(feed_watchdog_to_the_end());
        tell_stopping();
        tracing::info!("stopping: messages under way are finished, new ones are deferred");
        // Nobody listens to it any more when all connections have already ended.
        let _nobody_left = stopping.send(true);
        serving.await.context("accepting ended in a panic")?;
        for other in [probing, monitoring, feeding] {
            other.abort();
        }
        tracing::info!("stopped");
        Ok(())
    }
}

/// The sockets on which numbers and health are told.
fn monitors(
    settings: &monitor::Settings,
    inherited: &mut Inherited,
) -> anyhow::Result<Vec<TcpListener>> {
    let sockets = settings.addresses.iter().map(|address| {
        let socket = match inherited.take(*address) {
            Some(socket) => TcpListener::from_std(socket),
            None => accept::bind(*address),
        };
        socket.with_context(|| format!("cannot listen on {address} (`monitor.addresses`)"))
    });
    sockets.collect()
}

/// What a service manager shows of us.
fn status(gate: &Gate) -> String {
    format!("messages are taken; packs {}", gate.packs)
}

/// Tells whether pictures are read, and what is missing for it.
fn tell_ocr(ocr: Result<&Found, &Absent>) {
    let found = match ocr {
        Ok(found) => found,
        Err(absent @ Absent::SwitchedOff) => {
            return tracing::info!(%absent, "pictures are not read: each is a gap");
        }
        Err(absent) => {
            return tracing::warn!(%absent, "pictures are not read: each is a gap");
        }
    };
    let walls = &found.walls;
    tracing::info!(
        version = found.version,
        languages = found.languages.join("+"),
        standing = walls.standing.join(", "),
        "pictures are read"
    );
    if !walls.missing.is_empty() {
        let missing = walls.missing.join(", ");
        tracing::warn!(missing, "OCR is not confined as it could be");
    }
    for lack in found.lacks() {
        tracing::warn!(%lack, "pictures are read, but not as well as they could be");
    }
}

/// Asks every next hop now and then what it offers, so that EHLO can be answered before a route is known.
async fn keep_probing(gates: watch::Receiver<Arc<Gate>>) {
    let mut tick = interval_at(Instant::now() + PROBE, PROBE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let gate = Arc::clone(&gates.borrow());
        probe(ways(&gate)).await;
    }
}

/// How often next hops are asked what they offer.
const PROBE: Duration = Duration::from_secs(60);
