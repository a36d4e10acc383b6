//! The sockets we listen on, and who is let in.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinSet};
use tracing::field::{Empty, display};
use tracing::{Instrument, error, info_span, warn};

use crate::accept::arrival::arrive;
use crate::accept::connection::{Connection, House};
use crate::accept::pulse::Beats;
use crate::accept::seats::{Seat, Seats};
use crate::accept::stop::Stop;
use crate::accept::terms::{Entrance, Terms};
use crate::accept::verifier::Verifier;
use crate::accept::{Departures, Inherited, Pulse, Settings};
use crate::metrics::catalogue::ACCEPTED;
use crate::smtp::{Offers, Reply};

/// The sockets, listening.
#[derive(Debug)]
pub struct Listeners {
    sockets: Vec<(SocketAddr, TcpListener, Beats)>,
    pulse: Pulse,
}

/// An address cannot be listened on: the administrator is to look who else does, or whether we may.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}")]
pub struct BindError {
    /// The address.
    pub address: SocketAddr,
    /// Why not.
    pub source: io::Error,
}

impl Listeners {
    /// Listens on all addresses of the settings, or on none.
    pub async fn bind(settings: &Settings) -> Result<Self, BindError> {
        Self::bind_or_take(settings, &mut Inherited::default()).await
    }

    /// The same, but for addresses that are listened on already.
    pub async fn bind_or_take(
        settings: &Settings,
        inherited: &mut Inherited,
    ) -> Result<Self, BindError> {
        let mut sockets = Vec::new();
        let mut pulse = Vec::new();
        for listener in &settings.listeners {
            let address = listener.address();
            let socket = match inherited.take(address) {
                Some(socket) => TcpListener::from_std(socket),
                None => bind(address),
            };
            let socket = socket.map_err(|source| BindError { address, source })?;
            let (ask, asked) = mpsc::channel(1);
            sockets.push((address, socket, asked));
            pulse.push((address, ask));
        }
        Ok(Self {
            sockets,
            pulse: Pulse(pulse),
        })
    }

    /// What asks whether connections are taken, once they are.
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// The addresses, with the ports that were found for those given as 0.
    pub fn local_addresses(&self) -> io::Result<Vec<SocketAddr>> {
        let sockets = self.sockets.iter();
        sockets.map(|(_, socket, _)| socket.local_addr()).collect()
    }
}

/// Takes connections until `stop` is true or its sender is gone, then waits for those with a transaction under
/// way. Each connection keeps the `terms` that held when it came. Connections end when this future is dropped.
pub async fn serve<D: Departures>(
    listeners: Listeners,
    terms: watch::Receiver<Arc<Terms>>,
    departures: Arc<D>,
    stop: watch::Receiver<bool>,
) {
    let gate = Arc::new(Gate {
        seats: Seats::new(),
        verifier: Verifier::new(),
        terms,
        departures,
    });
    let stop = Stop::new(stop);
    let mut loops = JoinSet::new();
    for (address, socket, beats) in listeners.sockets {
        loops.spawn(Arc::clone(&gate).listen(address, socket, beats, stop.clone()));
    }
    while let Some(ended) = loops.join_next().await {
        report(ended);
    }
}

/// What all connections share.
struct Gate<D> {
    terms: watch::Receiver<Arc<Terms>>,
    departures: Arc<D>,
    seats: Arc<Seats>,
    verifier: Verifier,
}

/// A connection that was accepted.
struct Accepted {
    stream: TcpStream,
    peer: SocketAddr,
    terms: Arc<Terms>,
    entrance: Arc<Entrance>,
    seat: Seat,
}

impl<D: Departures> Gate<D> {
    async fn listen(
        self: Arc<Self>,
        address: SocketAddr,
        socket: TcpListener,
        mut beats: Beats,
        mut stop: Stop,
    ) {
        let mut connections = JoinSet::new();
        let watched = stop.clone();
        loop {
            tokio::select! {
                () = stop.asked() => break,
                Some(ended) = connections.join_next() => report(ended),
                // Whoever asked may have lost patience.
                Some(asked) = beats.recv() => drop(asked.send(())),
                accepted = socket.accept() => match accepted {
                    Ok((stream, peer)) => {
                        ACCEPTED.count([&address.to_string()]);
                        if let Some(accepted) = self.admit(address, stream, peer) {
                            connections.spawn(Arc::clone(&self).receive(accepted, watched.clone()));
                        }
                    }
                    Err(error) => not_accepted(&error).await,
                },
            }
        }
        // Whoever comes now finds nobody listening and comes again: the port is free for our successor.
        drop(socket);
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
    }

    /// A seat for a connection, unless it is turned away.
    fn admit(&self, address: SocketAddr, stream: TcpStream, peer: SocketAddr) -> Option<Accepted> {
        let terms = Arc::clone(&self.terms.borrow());
        let entrance = terms.entrance(address)?;
        let from = peer.ip().to_canonical();
        let listener = &entrance.listener;
        let wire = &terms.settings.wire;
        let admitted = if listener.is_behind_proxies() {
            match listener.is_proxy(from) {
                true => self.seats.take(wire),
                false => Err(Reply::NOT_TRUSTED),
            }
        } else if listener.admits(from) {
            let seat = self.seats.take(wire);
            seat.and_then(|mut seat| entrance.seat(&mut seat, from, wire).map(|()| seat))
        } else {
            Err(Reply::NOT_TRUSTED)
        };
        match admitted {
            Ok(seat) => Some(Accepted {
                stream,
                peer,
                terms,
                entrance,
                seat,
            }),
            Err(reply) => {
                let _span = info_span!("arrival", client = %from).entered();
                entrance.turn_away(&stream, &reply);
                None
            }
        }
    }

    async fn receive(self: Arc<Self>, accepted: Accepted, stop: Stop) {
        let peer = accepted.peer.ip().to_canonical();
        let span = info_span!(
            "session",
            session.id = %ulid::Ulid::generate(),
            client = Empty,
            proxy = Empty,
            tls = Empty,
            certificate = Empty,
            user = Empty
        );
        let role = match accepted.entrance.listener.is_behind_proxies() {
            true => "proxy",
            false => "client",
        };
        span.record(role, display(peer));
        self.converse(accepted, stop).instrument(span).await;
    }

    async fn converse(self: Arc<Self>, accepted: Accepted, mut stop: Stop) {
        let Accepted {
            stream,
            peer,
            terms,
            entrance,
            seat,
        } = accepted;
        let watched = stop.clone();
        // Nothing is under way yet that would have to be finished.
        let arrived = tokio::select! {
            biased;
            () = stop.asked() => return,
            arrived = Box::pin(arrive(&terms, &entrance, stream, peer, seat)) => arrived,
        };
        let Some(arrival) = arrived else { return };
        let house = House {
            terms: &terms,
            entrance: &entrance,
            current: &self.terms,
            verifier: &self.verifier,
        };
        let protocol = entrance.listener.protocol();
        let offers = Offers {
            chunking: terms.settings.chunking,
            ..self.departures.offers()
        };
        let journey = (self.departures.depart(protocol), offers);
        // Room for all that is done for a client is made when it is done: 30 KiB a connection were 4 (measured), and most only wait.
        let connection = Connection::new(house, arrival, journey, watched);
        Box::new(connection).run().await;
    }
}

/// A socket that listens on this address.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A restart must not wait for the connections of its predecessor to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Descriptors may have run out. It passes when connections end, so we go on, but not in a circle.
async fn not_accepted(error: &io::Error) {
    let kind = error.kind();
    if matches!(
        kind,
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    ) {
        return;
    }
    warn!(%error, "a connection could not be accepted");
    tokio::time::sleep(PAUSE).await;
}

/// A panic is a mistake of ours. It costs the one connection that met it, which was answered nothing and comes again.
fn report(ended: Result<(), JoinError>) {
    if ended.is_err_and(|error| error.is_panic()) {
        error!("a connection ended in a panic");
    }
}

/// Connections that wait to be accepted. Beyond it, clients are kept waiting by their own kernel.
const BACKLOG: u32 = 1024;

/// How long accepting rests after a failure.
const PAUSE: Duration = Duration::from_millis(100);
