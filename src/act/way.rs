//! A route made ready.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::act::host::Host;
use crate::act::leg::Leg;
use crate::act::link::Link;
use crate::act::mark::Marking;
use crate::act::open::{Failed, open};
use crate::act::tls::{TlsClient, server_name};
use crate::act::untried::Untried;
use crate::act::{Cause, MarkError, Phase, Reuse, Route, TlsError, Trouble};
use crate::mail::{Parameters, ReversePath};
use crate::metrics::catalogue::{HOP_CONNECT_TIME, HOP_CONNECTIONS};
use crate::smtp::client::{Capabilities, Extension};
use crate::smtp::{Reply, Xforward};

/// A route made ready: its certificates are read, its connections are kept, and what its next hops offer and how they fare is
/// known.
pub struct Way {
    route: Route,
    tls: TlsClient,
    pub(super) marking: Marking,
    /// In the order of preference.
    hosts: Vec<Arc<Host>>,
}

/// Why a route cannot be made ready: the administrator is at fault.
#[derive(Debug, thiserror::Error)]
pub enum WayError {
    /// Its TLS.
    #[error("route {route}: {error}")]
    Tls {
        /// The route.
        route: Box<str>,
        /// Why.
        #[source]
        error: TlsError,
    },
    /// Its marks.
    #[error("route {route}: {error}")]
    Mark {
        /// The route.
        route: Box<str>,
        /// Why.
        #[source]
        error: MarkError,
    },
}

impl Way {
    /// Reads the files a route names. Nothing is connected to.
    pub fn new(route: Route, reuse: Reuse) -> Result<Arc<Self>, WayError> {
        let name = || Box::from(route.name.as_str());
        let of_tls = |error| WayError::Tls {
            route: name(),
            error,
        };
        let tls = TlsClient::new(&route.tls).map_err(of_tls)?;
        let marking = Marking::new(&route.marks).map_err(|error| WayError::Mark {
            route: name(),
            error,
        })?;
        let hosts = route.next_hops.iter().map(|next_hop| {
            let server = server_name(&route.tls, next_hop).map_err(of_tls)?;
            let (name, next_hop) = (route.name.clone(), next_hop.clone());
            let host = Host::new(name, next_hop, server, reuse.clone(), &route.time);
            Ok(Arc::new(host))
        });
        let hosts = hosts.collect::<Result<_, WayError>>()?;
        Ok(Arc::new(Self {
            route,
            tls,
            marking,
            hosts,
        }))
    }

    /// Whether the other is made of the same route and of files that say the same: then its connections are as good.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.route == other.route && self.tls == other.tls
    }

    /// The route.
    pub fn route(&self) -> &Route {
        &self.route
    }

    /// A transaction, and the reply to its MAIL: [`leg`](Self::leg) and [`Leg::begin`], which together take as long as
    /// `TimeLimits::verdict` says.
    pub async fn begin(
        self: &Arc<Self>,
        xforward: &Xforward,
        path: &ReversePath,
        parameters: &Parameters,
    ) -> Result<(Leg, Reply), Trouble> {
        let latest = Instant::now() + self.route.time.verdict;
        let mut leg = self.leg_within(latest).await?;
        let reply = leg.begin(xforward, path, parameters, latest).await?;
        Ok((leg, reply))
    }

    /// A leg for one transaction: on a connection that was kept, or else on a new one, to the first host that answers. Looked for
    /// as long as `TimeLimits::verdict` says.
    pub async fn leg(self: &Arc<Self>) -> Result<Leg, Trouble> {
        self.leg_within(Instant::now() + self.route.time.verdict)
            .await
    }

    async fn leg_within(self: &Arc<Self>, latest: Instant) -> Result<Leg, Trouble> {
        let leg = self.leg_before(latest).await;
        leg.map_err(|trouble| match trouble.cause {
            // Nobody has sent a message yet that could be late.
            Cause::TooLate => Trouble::kept(self, Phase::Connect, Cause::Timeout),
            _ => trouble,
        })
    }

    /// [`leg`](Self::leg), had before `latest` or not at all.
    pub async fn leg_before(self: &Arc<Self>, latest: Instant) -> Result<Leg, Trouble> {
        let mut untried = Untried::new(&self.hosts);
        let (host, link) = self.link(&mut untried, latest).await?;
        Ok(Leg::new(Arc::clone(self), host, untried, link))
    }

    /// What every next hop offered when it was last connected to, of those that ever were. `None`: none was.
    pub fn offers(&self) -> Option<Arc<Capabilities>> {
        let known = self.hosts.iter().filter_map(|host| host.offers());
        known.reduce(|one, other| Arc::new(one.common(&other)))
    }

    /// Whether any next hop offered this when it was last connected to.
    pub(super) fn is_offered(&self, extension: Extension) -> bool {
        let mut known = self.hosts.iter().filter_map(|host| host.offers());
        known.any(|offers| offers.offers(extension))
    }

    /// Connects to every next hop, learns what it offers, and keeps the connection for the first transaction. `Err`: the trouble
    /// with the first that cannot be used.
    pub async fn probe(self: &Arc<Self>) -> Result<(), Trouble> {
        let mut probes = JoinSet::new();
        for host in &self.hosts {
            let (way, host) = (Arc::clone(self), Arc::clone(host));
            probes.spawn(async move {
                let latest = Instant::now() + way.route.time.verdict;
                let link = way.open(&host, latest).await;
                let link = link.map_err(|(phase, cause)| Trouble::kept(&way, phase, cause))?;
                host.answered();
                host.keep(link);
                Ok(())
            });
        }
        let mut probed = Ok(());
        // A probe that panicked was reported by the panic itself.
        while let Some(one) = probes.join_next().await {
            let one: Result<(), Trouble> = one.unwrap_or(Ok(()));
            probed = probed.and(one);
        }
        probed
    }

    /// A connection to the first of these hosts with which there is one; each has an equal part of the time that is left. Where
    /// there is none, the trouble is that with the one that was tried first.
    pub(super) async fn link(
        &self,
        untried: &mut Untried,
        latest: Instant,
    ) -> Result<(Arc<Host>, Link), Trouble> {
        let mut first = None;
        while let Some((host, part)) = untried.next(latest) {
            let link = async {
                match timeout_at(part, host.stock.take()).await {
                    Ok(Some(link)) => Ok(link),
                    Ok(None) | Err(_) => self.open(&host, part).await,
                }
            };
            let (phase, cause) = match timeout_at(latest, link).await {
                Ok(Ok(link)) => return Ok((host, link)),
                Ok(Err((_, Cause::Timeout))) if Instant::now() >= latest => {
                    (Phase::Connect, Cause::TooLate)
                }
                Ok(Err(failed)) => failed,
                Err(_) => (Phase::Connect, Cause::TooLate),
            };
            first.get_or_insert_with(|| Trouble::kept(self, phase, cause));
        }
        Err(first.unwrap_or_else(|| Trouble::kept(self, Phase::Connect, Cause::TooLate)))
    }

    /// A new connection, before `until` or not at all.
    pub(super) async fn open(&self, host: &Host, until: Instant) -> Result<Link, Failed> {
        let begun = Instant::now();
        let link = open(&self.route, host, &self.tls, until).await;
        let route = self.route.name.as_str();
        let outcome = match &link {
            Ok(_) => "open",
            Err((phase, _)) => phase.as_str(),
        };
        HOP_CONNECTIONS.count([route, outcome]);
        HOP_CONNECT_TIME.took([route], begun.elapsed());
        match &link {
            Ok(link) => host.offered(&link.offers),
            // Whoever had hardly any time is not to blame for having needed more.
            Err((_, Cause::Timeout)) if until.saturating_duration_since(begun) < FAIR => {}
            Err((phase, cause)) => host.failed(*phase, cause),
        }
        link
    }
}

/// A host that had less time than this to answer is not called ill for not having answered.
pub(super) const FAIR: Duration = Duration::from_secs(5);

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Way({})", self.route.name.as_str())
    }
}
