//! What a configuration asks for, made ready: the parts that are exchanged as one when it is read again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::accept::Terms;
use crate::act::{Reuse, Route, Tls, Way};
use crate::certificate::Identity;
use crate::config::Config;
use crate::incident::{self, Log};
use crate::inspect::Door;
use crate::journey::{Gate, RouteConflict};
use crate::metrics::catalogue::CERTIFICATES;
use crate::pattern::FingerprintKey;
use crate::policy::{Policy, RouteName, Routes};
use crate::retry::Journal;

/// Everything of a configuration that can take the place of another while mail flows.
pub(super) struct Parts {
    pub(super) terms: Terms,
    normal: Arc<Way>,
    secure: BTreeMap<RouteName, Arc<Way>>,
    routes: Routes,
    policy: Policy,
    verdict: Duration,
    conflict: RouteConflict,
}

/// What stays as it was at the start.
pub(super) struct Lasting {
    pub(super) door: Arc<Door>,
    pub(super) incidents: Log,
    pub(super) journal: Option<Journal>,
    pub(super) incident: incident::Settings,
    pub(super) key: FingerprintKey,
}

impl Parts {
    /// Reads the files that are named. A way that says what it said before is the one there is, with its connections.
    ///
    /// # Errors
    ///
    /// In words for the administrator: which file, and why.
    pub(super) fn new(config: &Config, before: Option<&Gate>) -> anyhow::Result<Self> {
        let way = |route: &Route| {
            let way = Way::new(route.clone(), Reuse::default())?;
            let known = before.and_then(|gate| ways(gate).find(|known| known.is_same_as(&way)));
            anyhow::Ok(known.cloned().unwrap_or(way))
        };
        let secure = config.routes.secure.iter();
        let secure = secure.map(|(name, route)| Ok((name.clone(), way(route)?)));
        Ok(Self {
            terms: Terms::new(config.accept.clone(), config.spool.clone())?,
            normal: way(&config.routes.normal)?,
            secure: secure.collect::<anyhow::Result<_>>()?,
            routes: config.carriages.clone(),
            policy: config.policy.clone(),
            verdict: config.accept.time.verdict,
            conflict: config.conflict,
        })
    }

    /// All ways out.
    pub(super) fn ways(&self) -> impl Iterator<Item = &Arc<Way>> {
        std::iter::once(&self.normal).chain(self.secure.values())
    }

    /// The gate of these parts, searched by these packs; and the terms, which go to the listeners.
    pub(super) fn gate(self, lasting: Lasting) -> (Terms, Gate) {
        let Lasting {
            door,
            incidents,
            journal,
            incident,
            key,
        } = lasting;
        let gate = Gate {
            packs: door.catalogue().version(),
            normal: self.normal,
            secure: self.secure,
            routes: self.routes,
            door,
            policy: self.policy,
            incidents,
            journal,
            incident,
            key,
            verdict: self.verdict,
            conflict: self.conflict,
        };
        (self.terms, gate)
    }
}

impl Lasting {
    /// What another gate was made with.
    pub(super) fn of(gate: &Gate) -> Self {
        Self {
            door: Arc::clone(&gate.door),
            incidents: gate.incidents.clone(),
            journal: gate.journal.clone(),
            incident: gate.incident.clone(),
            key: gate.key.clone(),
        }
    }
}

/// When the certificates of a configuration run out, by their files, as metrics tell it. What cannot be read was told before.
pub(super) fn tell_expiries(config: &Config) {
    let listeners = config.accept.listeners.iter();
    let of_listeners = listeners.filter_map(|listener| Some(&listener.tls()?.identity));
    let routes = std::iter::once(&config.routes.normal).chain(config.routes.secure.values());
    let of_routes = routes.filter_map(|route| match &route.tls {
        Tls::Off => None,
        Tls::Opportunistic(identity) => identity.as_ref(),
        Tls::Verified(verified) => verified.identity.as_ref(),
    });
    let expiries = of_listeners.chain(of_routes).filter_map(|files| {
        let not_after = Identity::read(files).ok()?.not_after()?;
        let file = files.certificate.display().to_string();
        Some(([file.into()], not_after))
    });
    CERTIFICATES.replace(expiries);
}

/// All ways out of a gate.
pub(super) fn ways(gate: &Gate) -> impl Iterator<Item = &Arc<Way>> {
    std::iter::once(&gate.normal).chain(gate.secure.values())
}

/// Asks the next hops that were never asked what they offer, and waits a moment for it. A client that comes at once would be told
/// less than they take, and return for good what it could have sent a second later: a message with an address in UTF-8 for one.
pub(super) async fn ask(ways: impl Iterator<Item = &Arc<Way>>) {
    let new = ways.filter(|way| way.offers().is_none());
    // Whoever has not answered by then is asked again later.
    drop(timeout(FIRST_PROBE, probe(new)).await);
}

/// Asks next hops what they offer, all at once, so that one that hangs keeps nothing from the others.
pub(super) async fn probe(ways: impl Iterator<Item = &Arc<Way>>) {
    let mut probes = JoinSet::new();
    for way in ways {
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

/// How long the first answers are waited for.
const FIRST_PROBE: Duration = Duration::from_secs(2);
