//! What holds for the connections that come from now on: settings made ready, and exchanged as one.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::accept::tls::{Server, TlsError};
use crate::accept::{Listener, Settings};
use crate::spool;
use crate::users::{Users, UsersError};

/// Settings made ready: certificates and users are read. A connection keeps those it began with.
#[derive(Debug)]
pub struct Terms {
    pub(super) settings: Settings,
    pub(super) spool: spool::Settings,
    entrances: Vec<Arc<Entrance>>,
    /// The addresses that are listened on, once these terms took the place of others.
    bound: Vec<SocketAddr>,
}

/// A listener made ready.
#[derive(Debug)]
pub(super) struct Entrance {
    pub(super) listener: Listener,
    pub(super) tls: Option<Server>,
    pub(super) users: Option<Arc<Users>>,
}

/// Why settings cannot be made ready: the administrator is at fault.
#[derive(Debug, thiserror::Error)]
#[error("listener {address}: {error}")]
pub struct TermsError {
    /// The listener.
    pub address: SocketAddr,
    /// Why.
    #[source]
    pub error: Unready,
}

/// What of a listener is no use.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// Its certificates.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Its users.
    #[error(transparent)]
    Users(#[from] UsersError),
}

/// Listeners that differ between two terms. Sockets are not exchanged, so these wait for a restart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Addresses that are named now, and nobody listens on.
    pub unopened: Vec<SocketAddr>,
    /// Addresses that are named no more, and are listened on as before.
    pub kept: Vec<SocketAddr>,
    /// Addresses at which another protocol is to be spoken, and the same is spoken as before.
    pub spoken: Vec<SocketAddr>,
}

impl Entrance {
    fn new(listener: &Listener) -> Result<Self, Unready> {
        let users = listener.users().map(Users::read).transpose()?;
        Ok(Self {
            listener: listener.clone(),
            tls: listener.tls().map(Server::new).transpose()?,
            users: users.map(Arc::new),
        })
    }
}

impl Terms {
    /// Reads the certificates, keys and users that the listeners name.
    pub fn new(settings: Settings, spool: spool::Settings) -> Result<Self, TermsError> {
        let ready = |listener: &Listener| {
            let entrance = Entrance::new(listener);
            entrance.map(Arc::new).map_err(|error| TermsError {
                address: listener.address(),
                error,
            })
        };
        let entrances = settings
            .listeners
            .iter()
            .map(ready)
            .collect::<Result<_, _>>()?;
        let listeners = settings.listeners.iter();
        Ok(Self {
            bound: listeners.map(Listener::address).collect(),
            settings,
            spool,
            entrances,
        })
    }

    /// These terms in the place of others: what is listened on stays listened on, by its old terms where the new ones do not name
    /// it, and in its old protocol, for a client that is answered in another one gives its mail up.
    pub fn in_place_of(mut self, others: &Self) -> (Self, Moved) {
        self.bound.clone_from(&others.bound);
        let mut moved = Moved::default();
        for entrance in &mut self.entrances {
            let address = entrance.listener.address();
            let before = others.entrance(address);
            if !self.bound.contains(&address) {
                moved.unopened.push(address);
            } else if let Some(before) = before
                && before.listener.protocol() != entrance.listener.protocol()
                && let Some(entrance) = Arc::get_mut(entrance)
            {
                let speaking = entrance.listener.clone();
                entrance.listener = speaking.speaking(before.listener.protocol());
                moved.spoken.push(address);
            }
        }
        for entrance in &others.entrances {
            let address = entrance.listener.address();
            if self.bound.contains(&address) && self.entrance(address).is_none() {
                moved.kept.push(address);
                self.entrances.push(Arc::clone(entrance));
            }
        }
        (self, moved)
    }

    /// Where messages are kept.
    pub fn spool(&self) -> &spool::Settings {
        &self.spool
    }

    /// The listener of an address, as it is written in the settings.
    pub(super) fn entrance(&self, address: SocketAddr) -> Option<Arc<Entrance>> {
        let mut entrances = self.entrances.iter();
        entrances
            .find(|it| it.listener.address() == address)
            .cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{TimeLimits, WireLimits};
    use crate::smtp::Protocol;

    fn terms(listeners: &[(u16, Protocol)]) -> Terms {
        let listener = |(port, protocol): &(u16, Protocol)| {
            let address = SocketAddr::from(([127, 0, 0, 1], *port));
            let listener = Listener::new(address, Vec::new()).unwrap();
            listener.speaking(*protocol)
        };
        let settings = Settings {
            host_name: "sluse.example".into(),
            listeners: listeners.iter().map(listener).collect(),
            chunking: true,
            wire: WireLimits::default(),
            time: TimeLimits::default(),
        };
        Terms::new(settings, spool::Settings::default()).unwrap()
    }

    #[test]
    fn an_address_that_nobody_listens_on_is_told_at_every_exchange() {
        let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let one = terms(&[(1, Protocol::Smtp)]);
        let two = || terms(&[(1, Protocol::Smtp), (2, Protocol::Smtp)]);
        let (first, moved) = two().in_place_of(&one);
        assert_eq!(moved.unopened, [at(2)]);
        let (second, moved) = two().in_place_of(&first);
        assert_eq!(moved.unopened, [at(2)]);
        // Nobody ever listened on it, so it is not listened on as before.
        let (third, moved) = terms(&[(1, Protocol::Smtp)]).in_place_of(&second);
        assert_eq!(moved, Moved::default());
        let (fourth, moved) = terms(&[(3, Protocol::Smtp)]).in_place_of(&third);
        assert_eq!((moved.kept, moved.unopened), (vec![at(1)], vec![at(3)]));
        assert!(fourth.entrance(at(1)).is_some());
    }

    #[test]
    fn a_listener_speaks_as_before_until_a_restart() {
        let one = terms(&[(1, Protocol::Smtp)]);
        let (next, moved) = terms(&[(1, Protocol::Lmtp)]).in_place_of(&one);
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        assert_eq!(moved.spoken, [address]);
        let entrance = next.entrance(address).unwrap();
        assert_eq!(entrance.listener.protocol(), Protocol::Smtp);
    }
}
