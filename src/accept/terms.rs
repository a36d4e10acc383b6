//! What holds for the connections that come from now on: settings made ready, and exchanged as one.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::accept::tls::{Server, TlsError};
use crate::accept::{Listener, Settings};
use crate::spool;

/// Settings made ready: certificates are read. A connection keeps those it began with.
#[derive(Debug)]
pub struct Terms {
    pub(super) settings: Settings,
    pub(super) spool: spool::Settings,
    entrances: Vec<Arc<Entrance>>,
}

/// A listener made ready.
#[derive(Debug)]
pub(super) struct Entrance {
    pub(super) listener: Listener,
    pub(super) tls: Option<Server>,
}

/// Why settings cannot be made ready: the administrator is at fault.
#[derive(Debug, thiserror::Error)]
#[error("listener {address}: {error}")]
pub struct TermsError {
    /// The listener.
    pub address: SocketAddr,
    /// Why.
    #[source]
    pub error: TlsError,
}

/// Listeners that differ between two terms. Sockets are not exchanged, so these wait for a restart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Addresses that are named now, and nobody listens on.
    pub unopened: Vec<SocketAddr>,
    /// Addresses that are named no more, and are listened on as before.
    pub kept: Vec<SocketAddr>,
}

impl Terms {
    /// Reads the certificates and keys that the listeners name.
    pub fn new(settings: Settings, spool: spool::Settings) -> Result<Self, TermsError> {
        let ready = |listener: &Listener| {
            let tls = listener.tls().map(Server::new).transpose();
            let tls = tls.map_err(|error| TermsError {
                address: listener.address(),
                error,
            })?;
            Ok(Arc::new(Entrance {
                listener: listener.clone(),
                tls,
            }))
        };
        let entrances = settings
            .listeners
            .iter()
            .map(ready)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            settings,
            spool,
            entrances,
        })
    }

    /// These terms in the place of others: what is listened on stays listened on, and by its old terms where the new ones
    /// do not name it.
    pub fn in_place_of(mut self, others: &Self) -> (Self, Moved) {
        let addresses = |terms: &Self| -> Vec<SocketAddr> {
            let entrances = terms.entrances.iter();
            entrances.map(|it| it.listener.address()).collect()
        };
        let (before, now) = (addresses(others), addresses(&self));
        let mut moved = Moved::default();
        for entrance in &others.entrances {
            let address = entrance.listener.address();
            if !now.contains(&address) {
                moved.kept.push(address);
                self.entrances.push(Arc::clone(entrance));
            }
        }
        moved.unopened = now.into_iter().filter(|it| !before.contains(it)).collect();
        (self, moved)
    }

    /// The listener of an address, as it is written in the settings.
    pub(super) fn entrance(&self, address: SocketAddr) -> Option<Arc<Entrance>> {
        let mut entrances = self.entrances.iter();
        entrances
            .find(|it| it.listener.address() == address)
            .cloned()
    }
}
