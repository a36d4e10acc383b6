//! One host of a route: its name, its connections, what it offers, and how it fares.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::pki_types::ServerName;
use tokio::time::Instant;

use crate::act::health::Health;
use crate::act::link::Link;
use crate::act::stock::{Kept, Stock, watch};
use crate::act::{Cause, NextHop, Phase, Reuse};
use crate::limits::TimeLimits;
use crate::policy::RouteName;
use crate::smtp::client::Capabilities;

/// One host of a route.
pub(super) struct Host {
    route: RouteName,
    pub(super) next_hop: NextHop,
    /// The name its certificate must carry, or is asked for. `None` without TLS.
    pub(super) name: Option<ServerName<'static>>,
    pub(super) stock: Arc<Stock>,
    pub(super) health: Health,
    offers: Mutex<Option<Arc<Capabilities>>>,
}

impl Host {
    pub(super) fn new(
        route: RouteName,
        next_hop: NextHop,
        name: Option<ServerName<'static>>,
        reuse: Reuse,
        time: &TimeLimits,
    ) -> Self {
        Self {
            route,
            next_hop,
            name,
            stock: Arc::new(Stock::new(reuse)),
            health: Health::new(time),
            offers: Mutex::default(),
        }
    }

    /// What it offered when it was last connected to.
    pub(super) fn offers(&self) -> Option<Arc<Capabilities>> {
        let offers = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
        offers.clone()
    }

    /// Keeps in mind what it offers on a new connection.
    pub(super) fn offered(&self, offers: &Arc<Capabilities>) {
        let mut known = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some(Arc::clone(offers));
    }

    /// Keeps a connection that is between two transactions, or ends it.
    pub(super) fn keep(&self, link: Link) {
        match self.stock.keep(link) {
            Kept::Watched => {}
            Kept::Unwatched => drop(tokio::spawn(watch(Arc::downgrade(&self.stock)))),
            Kept::Not(link) => drop(tokio::spawn(link.quit())),
        }
    }

    /// It failed: it is tried last for a while. One line tells so when it was well before.
    pub(super) fn failed(&self, phase: Phase, cause: &Cause) {
        let (route, host) = (self.route.as_str(), &self.next_hop);
        match self.health.failed(Instant::now(), phase) {
            Some(pause) => tracing::warn!(
                route,
                %host,
                trouble = %format_args!("{cause}, {phase}"),
                pause_s = pause.as_secs(),
                "a next hop is ill: it is tried last for a while"
            ),
            None => tracing::debug!(
                route,
                %host,
                trouble = %format_args!("{cause}, {phase}"),
                "a next hop is still ill"
            ),
        }
    }

    /// It did what it is for. One line tells so when it was ill before.
    pub(super) fn succeeded(&self) {
        if self.health.is_well() {
            self.tell_well();
        }
    }

    /// It let us in, which is all that was wanted.
    pub(super) fn answered(&self) {
        if self.health.opened() {
            self.tell_well();
        }
    }

    fn tell_well(&self) {
        let (route, host) = (self.route.as_str(), &self.next_hop);
        tracing::info!(route, %host, "a next hop is well again");
    }
}
