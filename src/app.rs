//! Build, run, drain, stop.

mod reload;

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use crate::accept::{self, Listeners};
use crate::act::{Reuse, Way};
use crate::config::Config;
use crate::incident::{Log, load_or_create_key};
use crate::inspect::{Door, DoorSettings};
use crate::journey::{Gate, Gates};
use crate::spool;

pub use reload::Reload;

/// The running parts, bound and ready; nothing is accepted yet.
#[derive(Debug)]
pub struct App {
    listeners: Listeners,
    accept: accept::Settings,
    spool: spool::Settings,
    reload: Reload,
    gate: Arc<Gate>,
}

impl App {
    /// Builds everything a configuration asks for, and listens: what cannot be had is told now rather than by the first
    /// message.
    ///
    /// # Errors
    ///
    /// In words for the administrator: which file, address or limit, and why.
    pub async fn build(config: Config) -> anyhow::Result<Self> {
        let Config {
            accept,
            spool,
            routes,
            carriages,
            inspect,
            patterns,
            policy,
            incident,
            conflict,
            log: _,
        } = config;
        let key = load_or_create_key(&incident.key)?;
        let packs = reload::load(&patterns, key.clone());
        let packs = packs.map_err(|problems| anyhow!("packs that are no use\n\n{problems}"))?;
        let doors = DoorSettings {
            workers: inspect.workers.get(),
            memory: inspect.memory,
            limits: inspect.limits,
            ..DoorSettings::default()
        };
        let verdict = accept.time.verdict;
        let mut secure = BTreeMap::new();
        for (name, route) in routes.secure {
            secure.insert(name, Way::new(route, Reuse::default())?);
        }
        let gate = Gate {
            normal: Way::new(routes.normal, Reuse::default())?,
            secure,
            routes: carriages,
            door: Door::open(doors, Arc::new(packs)).await?,
            policy,
            incidents: Log::open(&incident, &key)?,
            incident,
            key: key.clone(),
            verdict,
            conflict,
        };
        let listeners = Listeners::bind(&accept).await?;
        let gate = Arc::new(gate);
        Ok(Self {
            listeners,
            accept,
            spool,
            reload: Reload {
                patterns,
                key,
                gate: Arc::clone(&gate),
            },
            gate,
        })
    }

    /// What reads the packs again while it runs.
    pub fn reload(&self) -> Reload {
        self.reload.clone()
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
        let packs = self.gate.door.packs();
        tracing::info!(packs = %packs.version(), patterns = packs.patterns().count(), "packs in use");
        let walls = self.gate.door.walls();
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
        // A client that comes at once waits in the backlog: told less than the next hops take, it would return for good what it
        // could have sent a second later, a message with an address in UTF-8 for one.
        drop(timeout(FIRST_PROBE, probe(&self.gate)).await);
        let (stopping, stopped) = watch::channel(false);
        let probing = tokio::spawn(keep_probing(Arc::clone(&self.gate)));
        let gates = Arc::new(Gates(self.gate));
        let serving = tokio::spawn(accept::serve(
            self.listeners,
            self.accept,
            self.spool,
            gates,
            stopped,
        ));
        stop.await;
        tracing::info!("stopping: messages under way are finished, new ones are deferred");
        // Nobody listens to it any more when all connections have already ended.
        let _nobody_left = stopping.send(true);
        serving.await.context("accepting ended in a panic")?;
        probing.abort();
        tracing::info!("stopped");
        Ok(())
    }
}

/// Asks every next hop now and then what it offers, so that EHLO can be answered before a route is known.
async fn keep_probing(gate: Arc<Gate>) {
    let mut tick = interval_at(Instant::now() + PROBE, PROBE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        probe(&gate).await;
    }
}

/// Asks every next hop what it offers, all at once, so that one that hangs keeps nothing from the others.
async fn probe(gate: &Gate) {
    let mut probes = JoinSet::new();
    for way in std::iter::once(&gate.normal).chain(gate.secure.values()) {
        let way = Arc::clone(way);
        probes.spawn(async move {
            if let Err(trouble) = way.probe().await {
                tracing::warn!(%trouble, "a next hop cannot be used now");
            }
        });
    }
    // A probe that panicked was reported by the panic itself.
    while probes.join_next().await.is_some() {}
}

/// How often next hops are asked what they offer.
const PROBE: Duration = Duration::from_secs(60);

/// How long a start waits for the first answers.
const FIRST_PROBE: Duration = Duration::from_secs(2);
