//! What happens before a client is greeted: whose connection it is, whether it may come in, and the TLS that begins at once.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tracing::{Span, warn};

use crate::accept::proxy::{ProxyError, ProxyHeader, ProxyProgress};
use crate::accept::seats::Seat;
use crate::accept::settings::Begin;
use crate::accept::stream::Stream;
use crate::accept::terms::{Entrance, Terms};
use crate::accept::tls::Server;
use crate::accept::wire::count;
use crate::limits::WireLimits;
use crate::metrics::catalogue::TURNED_AWAY;
use crate::smtp::{Auth, Reply, StartTls};

/// A client that may be greeted.
pub(super) struct Arrival {
    pub(super) stream: Stream,
    /// Who connected: the client, or the proxy that told whose the connection is.
    pub(super) peer: IpAddr,
    pub(super) client: IpAddr,
    pub(super) start_tls: StartTls,
    pub(super) seat: Seat,
}

/// Why a proxy told nothing of its client.
#[derive(Debug, thiserror::Error)]
enum Untold {
    #[error(transparent)]
    Header(#[from] ProxyError),
    #[error("there was no whole PROXY header in time")]
    TooSlow,
    #[error("the connection ended before its PROXY header did: {0}")]
    Lost(#[from] std::io::Error),
}

/// Lets a client in, or turns it away; why was logged.
pub(super) async fn arrive(
    terms: &Terms,
    entrance: &Entrance,
    mut stream: TcpStream,
    peer: SocketAddr,
    mut seat: Seat,
) -> Option<Arrival> {
    let time = &terms.settings.time;
    // Replies are small and waited for, so none is held back by the kernel. One that fails so early has gone already.
    stream.set_nodelay(true).ok()?;
    let peer = peer.ip().to_canonical();
    let mut client = peer;
    if entrance.listener.is_behind_proxies() {
        match whose(&mut stream, time.proxy_header).await {
            Ok(ProxyHeader::Client(told)) => client = told.to_canonical(),
            Ok(ProxyHeader::Proxy) => {}
            Err(error) => {
                TURNED_AWAY.count(["proxy"]);
                warn!(%error, "a connection is closed");
                return None;
            }
        }
        Span::current().record("client", tracing::field::display(client));
        // Until now it was the proxy's, which could not be counted as a client.
        if let Err(reply) = entrance.seat(&mut seat, client, &terms.settings.wire) {
            entrance.turn_away(&stream, &reply);
            return None;
        }
    }
    let (stream, start_tls) = match &entrance.tls {
        None => (Stream::Plain(stream), StartTls::Off),
        Some(tls) => match tls.begin() {
            Begin::Offered => (Stream::Plain(stream), StartTls::Offered),
            Begin::Required => (Stream::Plain(stream), StartTls::Required),
            Begin::Implicit => match tls.protect(stream, time.handshake).await {
                Ok(stream) => (Stream::Tls(Box::new(stream)), StartTls::Established),
                Err(error) => {
                    TURNED_AWAY.count(["tls"]);
                    warn!(%error, "a connection is closed");
                    return None;
                }
            },
        },
    };
    Some(Arrival {
        stream,
        peer,
        client,
        start_tls,
        seat,
    })
}

impl Entrance {
    /// Gives a client the seat, or says what it is to be told.
    pub(super) fn seat(
        &self,
        seat: &mut Seat,
        client: IpAddr,
        wire: &WireLimits,
    ) -> Result<(), Reply> {
        match self.listener.auth(client) {
            Auth::Off if !self.listener.trusts(client) => Err(Reply::NOT_TRUSTED),
            Auth::Off | Auth::Offered => seat.is_of(client, wire),
            Auth::Required => {
                seat.is_of(client, wire)?;
                seat.is_unproved(client, wire)
            }
        }
    }

    /// One reply, written without waiting: a fresh socket has room for it, and whether it is heard changes nothing. A client that
    /// expects TLS would make nothing of it.
    pub(super) fn turn_away(&self, stream: &TcpStream, reply: &Reply) {
        warn!(reply = %reply.for_log(), "a connection is refused");
        TURNED_AWAY.count([match *reply {
            Reply::TOO_MANY_CONNECTIONS => "too_many",
            Reply::TOO_MANY_FROM_CLIENT => "too_many_from_client",
            _ => "untrusted",
        }]);
        let is_tls = |tls: &Server| tls.begin() == Begin::Implicit;
        if self.tls.as_ref().is_some_and(is_tls) {
            return;
        }
        count(reply);
        let mut wire = Vec::new();
        reply.encode(&mut wire);
        let _ = rustix::io::write(stream, &wire);
    }
}

async fn whose(stream: &mut TcpStream, within: Duration) -> Result<ProxyHeader, Untold> {
    timeout(within, header(stream))
        .await
        .map_err(|_| Untold::TooSlow)?
}

/// Reads the header, and no octet behind it.
async fn header(stream: &mut TcpStream) -> Result<ProxyHeader, Untold> {
    let mut octets = Vec::new();
    loop {
        match ProxyHeader::read(&octets)? {
            ProxyProgress::Done(header) => return Ok(header),
            ProxyProgress::Needs(more) => {
                let read = octets.len();
                octets.resize(read + more, 0);
                let room = octets.get_mut(read..).unwrap_or_default();
                stream.read_exact(room).await?;
            }
        }
    }
}
