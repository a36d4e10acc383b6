//! Build, run, drain, stop.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::accept::{self, Listeners};
use crate::act::{Reuse, Way};
use crate::clock;
use crate::config::Config;
use crate::incident::{Log, load_or_create_key};
use crate::inspect::{Door, DoorSettings};
use crate::journey::{Gate, Gates};
use crate::pattern::{PackSource, Packs};
use crate::spool;

/// The running parts, bound and ready; nothing is accepted yet.
#[derive(Debug)]
pub struct App {
    listeners: Listeners,
    accept: accept::Settings,
    spool: spool::Settings,
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
            policy,
            incident,
            log: _,
        } = config;
        let key = load_or_create_key(&incident.key)?;
        let packs = Packs::compile(&PackSource::shipped(), key.clone())
            .map_err(|_| anyhow!("the shipped packs do not compile; `sluse check` tells why"))?;
        let packs = Arc::new(packs.in_year(clock::year()));
        let doors = DoorSettings {
            workers: inspect.workers.get(),
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
            door: Door::open(doors, packs).context("no threads to read messages with")?,
            policy,
            incidents: Log::open(&incident, &key)?,
            incident,
            key,
            verdict,
        };
        let listeners = Listeners::bind(&accept).await?;
        Ok(Self {
            listeners,
            accept,
            spool,
            gate: Arc::new(gate),
        })
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
    let mut tick = interval(PROBE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        for way in std::iter::once(&gate.normal).chain(gate.secure.values()) {
            if let Err(trouble) = way.probe().await {
                tracing::warn!(%trouble, "a next hop cannot be used now");
            }
        }
    }
}

/// How often next hops are asked what they offer.
const PROBE: Duration = Duration::from_secs(60);
