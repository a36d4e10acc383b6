//! The sockets we listen on, and who is let in.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tracing::{Instrument, error, info_span, warn};

use crate::accept::connection::Connection;
use crate::accept::seats::{Seat, Seats};
use crate::accept::stop::Stop;
use crate::accept::{Departures, Listener, Settings};
use crate::smtp::{Offers, Protocol, Reply};
use crate::spool;

/// The sockets, listening.
#[derive(Debug)]
pub struct Listeners(Vec<(Listener, TcpListener)>);

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
        let mut listeners = Vec::new();
        for listener in &settings.listeners {
            let address = listener.address();
            let socket = bind(address).map_err(|source| BindError { address, source })?;
            listeners.push((listener.clone(), socket));
        }
        Ok(Self(listeners))
    }

    /// The addresses, with the ports that were found for those given as 0.
    pub fn local_addresses(&self) -> io::Result<Vec<SocketAddr>> {
        self.0
            .iter()
            .map(|(_, socket)| socket.local_addr())
            .collect()
    }
}

/// Takes connections until `stop` is true or its sender is gone, then waits for those with a transaction under
/// way. Connections end when this future is dropped.
pub async fn serve<D: Departures>(
    listeners: Listeners,
    settings: Settings,
    spool: spool::Settings,
    departures: Arc<D>,
    stop: watch::Receiver<bool>,
) {
    let gate = Arc::new(Gate {
        seats: Seats::new(&settings.wire),
        settings,
        spool,
        departures,
    });
    let stop = Stop::new(stop);
    let mut loops = JoinSet::new();
    for (listener, socket) in listeners.0 {
        loops.spawn(Arc::clone(&gate).listen(listener, socket, stop.clone()));
    }
    while let Some(ended) = loops.join_next().await {
        report(ended);
    }
}

/// What all connections share.
struct Gate<D> {
    settings: Settings,
    spool: spool::Settings,
    departures: Arc<D>,
    seats: Arc<Seats>,
}

impl<D: Departures> Gate<D> {
    async fn listen(self: Arc<Self>, listener: Listener, socket: TcpListener, mut stop: Stop) {
        let mut connections = JoinSet::new();
        let watched = stop.clone();
        loop {
            tokio::select! {
                () = stop.asked() => break,
                Some(ended) = connections.join_next() => report(ended),
                accepted = socket.accept() => match accepted {
                    Ok((stream, peer)) => {
                        if let Some(seat) = self.admit(&listener, &stream, peer) {
                            let gate = Arc::clone(&self);
                            let client = (stream, peer, listener.protocol());
                            connections.spawn(gate.receive(client, seat, watched.clone()));
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

    /// A seat for a client, unless it is turned away.
    fn admit(&self, listener: &Listener, stream: &TcpStream, peer: SocketAddr) -> Option<Seat> {
        let client = peer.ip().to_canonical();
        let admitted = if listener.trusts(client) {
            self.seats.take(client)
        } else {
            Err(Reply::NOT_TRUSTED)
        };
        admitted
            .inspect_err(|reply| {
                warn!(%client, reply = %reply.for_log(), "a connection is refused");
                turn_away(stream, reply);
            })
            .ok()
    }

    async fn receive(
        self: Arc<Self>,
        (stream, peer, protocol): (TcpStream, SocketAddr, Protocol),
        _seat: Seat,
        stop: Stop,
    ) {
        let client = peer.ip().to_canonical();
        let span = info_span!("session", session.id = %ulid::Ulid::generate(), %client);
        let offers = Offers {
            chunking: self.settings.chunking,
            ..self.departures.offers()
        };
        let journey = (self.departures.depart(protocol), offers, protocol);
        // A connection that fails so early is one that has gone already.
        let connection =
            Connection::new(&self.settings, &self.spool, (stream, client), journey, stop);
        if let Ok(connection) = connection {
            connection.run().instrument(span).await;
        }
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
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

/// One reply, written without waiting: a fresh socket has room for it, and whether it is heard changes nothing.
fn turn_away(stream: &TcpStream, reply: &Reply) {
    let mut wire = Vec::new();
    reply.encode(&mut wire);
    let _ = rustix::io::write(stream, &wire);
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
