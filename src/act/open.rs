//! From nothing to a connection whose EHLO is done, protected as the route asks.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout, timeout_at};

use crate::act::connection::Connection;
use crate::act::host::Host;
use crate::act::link::Link;
use crate::act::stream::Stream;
use crate::act::tls::TlsClient;
use crate::act::trouble::{AuthTrouble, Cause, Phase, TlsTrouble};
use crate::act::{Begin, NextHop, Route};
use crate::smtp::client::{Capabilities, Credentials, Extension, Mechanism};
use crate::smtp::{Reply, Severity};

/// Where it went wrong, and why. Nothing was handed over yet.
pub(super) type Failed = (Phase, Cause);

/// Opens a connection to the first address of a host with which it goes well, before `until` or not at all; each address has an
/// equal part of the time that is left.
///
/// Where TLS is only opportunistic and the handshake fails, another is opened in the clear: what the first one said may not be
/// trusted any more.
pub(super) async fn open(
    route: &Route,
    host: &Host,
    tls: &TlsClient,
    until: Instant,
) -> Result<Link, Failed> {
    let addresses = addresses(
        &host.next_hop,
        until.min(Instant::now() + route.time.connect),
    )
    .await;
    let addresses = addresses.map_err(|cause| (Phase::Connect, cause))?;
    let nowhere = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    let mut failed = (Phase::Connect, Cause::Unreachable(nowhere));
    let mut left = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
    let connect = route.time.connect / left.max(1);
    for address in addresses {
        let part = until.saturating_duration_since(Instant::now()) / left.max(1);
        left = left.saturating_sub(1);
        let place = Place {
            route,
            host,
            address,
            connect: part.min(connect),
        };
        match timeout(part, place.open(tls)).await {
            Ok(Ok(link)) => return Ok(link),
            Ok(Err(error)) => failed = error,
            Err(_) => failed = (Phase::Connect, Cause::Timeout),
        }
    }
    Err(failed)
}

/// An address of a host of a route.
struct Place<'a> {
    route: &'a Route,
    host: &'a Host,
    address: SocketAddr,
    /// How long connecting may take.
    connect: Duration,
}

impl Place<'_> {
    async fn open(&self, tls: &TlsClient) -> Result<Link, Failed> {
        match self.attempt(tls).await {
            Err((Phase::StartTls, cause)) if !tls.is_required() => {
                let route = self.route.name.as_str();
                tracing::warn!(route, %cause, "TLS failed; going on in the clear");
                self.attempt(&TlsClient::Off).await
            }
            other => other,
        }
    }

    async fn attempt(&self, tls: &TlsClient) -> Result<Link, Failed> {
        let (route, host) = (self.route, self.host);
        let stream = timeout(self.connect, TcpStream::connect(self.address));
        let stream = match stream.await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err((Phase::Connect, Cause::Unreachable(error))),
            Err(_) => return Err((Phase::Connect, Cause::Timeout)),
        };
        // Every write of ours is whole: waiting for more to send only adds the peer's delayed acknowledgment.
        let nodelay = stream.set_nodelay(true);
        nodelay.map_err(|error| (Phase::Connect, Cause::Lost(error)))?;
        let is_implicit = tls.begin() == Begin::Implicit;
        let stream = if is_implicit {
            let handshake = handshake(stream, route, host, tls).await;
            handshake.map_err(|cause| (Phase::StartTls, cause))?
        } else {
            Stream::Plain(stream)
        };
        let mut connection = Connection::new(stream, &route.wire);
        let greeting = connection.reply(route.time.next_hop).await;
        match greeting.map_err(|cause| (Phase::Greeting, cause))? {
            reply if reply.code() == 220 => {}
            reply => return Err((Phase::Greeting, Cause::of(reply))),
        }
        let hello = hello(&mut connection, route).await;
        let mut offers = hello.map_err(|cause| (Phase::Hello, cause))?;
        if is_implicit {
            // It was protected before a word was said.
        } else if tls.is_wanted() && offers.offers(Extension::StartTls) {
            let protected = start_tls(connection, route, host, tls).await;
            connection = protected.map_err(|cause| (Phase::StartTls, cause))?;
            // What was said in the clear is forgotten (RFC 3207 section 4.2).
            let hello = self::hello(&mut connection, route).await;
            offers = hello.map_err(|cause| (Phase::Hello, cause))?;
        } else if tls.is_required() {
            return Err((Phase::StartTls, TlsTrouble::NotOffered.into()));
        }
        if let Some(credentials) = tls.login() {
            let login = log_in(&mut connection, credentials, &offers, route).await;
            login.map_err(|cause| (Phase::Auth, cause))?;
        }
        Ok(Link {
            connection,
            offers: Arc::new(offers),
            opened: Instant::now(),
            is_fresh: true,
            transactions: 0,
        })
    }
}

/// The addresses of a host, in the order the system gives them.
async fn addresses(next_hop: &NextHop, until: Instant) -> Result<Vec<SocketAddr>, Cause> {
    let looked_up = timeout_at(until, lookup_host((&*next_hop.host, next_hop.port)));
    let looked_up = looked_up.await.map_err(|_| Cause::Timeout)?;
    Ok(looked_up.map_err(Cause::Unreachable)?.collect())
}

/// EHLO, or HELO to a server that does not know it (RFC 5321 section 3.2).
async fn hello(connection: &mut Connection, route: &Route) -> Result<Capabilities, Cause> {
    let reply = say(connection, &format!("EHLO {}\r\n", route.helo), route).await?;
    match reply.severity() {
        Severity::Positive => return Ok(Capabilities::read(&reply)),
        Severity::Permanent => {}
        Severity::Transient | Severity::Intermediate => return Err(Cause::of(reply)),
    }
    let reply = say(connection, &format!("HELO {}\r\n", route.helo), route).await?;
    match reply.severity() {
        Severity::Positive => Ok(Capabilities::default()),
        _ => Err(Cause::of(reply)),
    }
}

async fn start_tls(
    mut connection: Connection,
    route: &Route,
    host: &Host,
    tls: &TlsClient,
) -> Result<Connection, Cause> {
    let reply = say(&mut connection, "STARTTLS\r\n", route).await?;
    match reply.severity() {
        Severity::Positive if connection.is_ahead() => return Err(TlsTrouble::Injected.into()),
        Severity::Positive => {}
        Severity::Intermediate => return Err(Cause::OutOfStep(reply.code())),
        Severity::Transient | Severity::Permanent => {
            return Err(TlsTrouble::Refused(reply).into());
        }
    }
    let Some(stream) = connection.into_plain() else {
        return Err(TlsTrouble::Injected.into());
    };
    let stream = handshake(stream, route, host, tls).await?;
    Ok(Connection::new(stream, &route.wire))
}

async fn handshake(
    stream: TcpStream,
    route: &Route,
    host: &Host,
    tls: &TlsClient,
) -> Result<Stream, Cause> {
    let protected = tls.protect(stream, host.name.as_ref());
    let handshake = timeout(route.time.connect, protected).await;
    let stream = handshake.map_err(|_| Cause::Timeout)?;
    Ok(stream.map_err(TlsTrouble::Handshake)?)
}

/// AUTH, by the first mechanism that both know. Of a reply only the code is told, for it might repeat what was said.
async fn log_in(
    connection: &mut Connection,
    credentials: &Credentials,
    offers: &Capabilities,
    route: &Route,
) -> Result<(), Cause> {
    let mut known = Mechanism::ALL.into_iter();
    let mechanism = known.find(|&mechanism| offers.authenticates_by(mechanism));
    let mechanism = mechanism.ok_or(AuthTrouble::NotOffered)?;
    let lines = credentials.lines(mechanism);
    let mut left = lines.len();
    for line in &lines {
        left -= 1;
        let replies = connection.exchange(line, 1, route.time.next_hop).await;
        let replies = replies.map_err(|cause| match cause {
            Cause::Refused(reply) => AuthTrouble::Refused(reply.code()).into(),
            other => other,
        })?;
        let reply = replies.into_iter().next().ok_or(Cause::Unasked)?;
        let expected = if left == 0 { 235 } else { 334 };
        match reply.severity() {
            _ if reply.code() == expected => {}
            Severity::Positive | Severity::Intermediate => {
                return Err(Cause::OutOfStep(reply.code()));
            }
            Severity::Transient | Severity::Permanent => {
                return Err(AuthTrouble::Refused(reply.code()).into());
            }
        }
    }
    Ok(())
}

async fn say(connection: &mut Connection, command: &str, route: &Route) -> Result<Reply, Cause> {
    let within = route.time.next_hop;
    let replies = connection.exchange(command.as_bytes(), 1, within).await?;
    replies.into_iter().next().ok_or(Cause::Unasked)
}
