//! A route made ready.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::time::{Instant, timeout_at};

use crate::act::leg::Leg;
use crate::act::link::Link;
use crate::act::mark::Marking;
use crate::act::open::open;
use crate::act::stock::{Kept, Stock};
use crate::act::tls::TlsClient;
use crate::act::{Cause, MarkError, Phase, Reuse, Route, TlsError, Trouble};
use crate::metrics::catalogue::{HOP_CONNECT_TIME, HOP_CONNECTIONS};
use crate::smtp::client::Capabilities;

/// A route made ready: its certificates are read, its connections are kept, and what its next hop offers is known.
pub struct Way {
    route: Route,
    tls: TlsClient,
    pub(super) marking: Marking,
    stock: Stock,
    offers: Mutex<Option<Arc<Capabilities>>>,
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
        let tls = TlsClient::new(&route.tls, &route.next_hop).map_err(|error| WayError::Tls {
            route: name(),
            error,
        })?;
        let marking = Marking::new(&route.marks).map_err(|error| WayError::Mark {
            route: name(),
            error,
        })?;
        Ok(Arc::new(Self {
            route,
            tls,
            marking,
            stock: Stock::new(reuse),
            offers: Mutex::default(),
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

    /// A leg for one transaction: on a connection that was kept, or else on a new one.
    pub async fn leg(self: &Arc<Self>) -> Result<Leg, Trouble> {
        let link = match self.stock.take() {
            Some(link) => link,
            None => self.open().await?,
        };
        Ok(Leg::new(Arc::clone(self), link))
    }

    /// [`leg`](Self::leg), had before `latest` or not at all.
    pub async fn leg_before(self: &Arc<Self>, latest: Instant) -> Result<Leg, Trouble> {
        match timeout_at(latest, self.leg()).await {
            Ok(leg) => leg,
            Err(_) => Err(Trouble::kept(self, Phase::Connect, Cause::TooLate)),
        }
    }

    /// What the next hop offered when it was last connected to.
    pub fn offers(&self) -> Option<Arc<Capabilities>> {
        let offers = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
        offers.clone()
    }

    /// Connects, learns what the next hop offers, and keeps the connection for the first transaction.
    pub async fn probe(self: &Arc<Self>) -> Result<Arc<Capabilities>, Trouble> {
        let link = self.open().await?;
        let offers = Arc::clone(&link.offers);
        self.keep(link);
        Ok(offers)
    }

    /// A new connection.
    pub(super) async fn open(&self) -> Result<Link, Trouble> {
        let begun = Instant::now();
        let opened = open(&self.route, &self.tls).await;
        let route = self.route.name.as_str();
        let outcome = match &opened {
            Ok(_) => "open",
            Err((phase, _)) => phase.as_str(),
        };
        HOP_CONNECTIONS.count([route, outcome]);
        HOP_CONNECT_TIME.took([route], begun.elapsed());
        let link = opened.map_err(|(phase, cause)| Trouble::kept(self, phase, cause))?;
        let mut offers = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
        *offers = Some(Arc::clone(&link.offers));
        drop(offers);
        Ok(link)
    }

    /// Keeps a connection that is between two transactions, or ends it.
    pub(super) fn keep(self: &Arc<Self>, link: Link) {
        match self.stock.keep(link) {
            Kept::Watched => {}
            Kept::Unwatched => drop(tokio::spawn(watch(Arc::downgrade(self)))),
            Kept::Not(link) => drop(tokio::spawn(link.quit())),
        }
    }
}

/// Ends connections that have stood too long, until none stands.
async fn watch(way: Weak<Way>) {
    while let Some(idle) = way.upgrade().map(|way| way.stock.idle()) {
        tokio::time::sleep(idle).await;
        let Some(old) = way.upgrade().and_then(|way| way.stock.sweep()) else {
            return;
        };
        for link in old {
            link.quit().await;
        }
    }
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Way({})", self.route.name.as_str())
    }
}
