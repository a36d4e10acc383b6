//! Cases of `act`: each next hop is a script played over a loopback socket, each file one kind of trouble.
#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test is a panic"
)]

mod counted;
mod custody;
mod elsewhere;
pub(crate) mod hop;
mod message;
mod nonsense;
mod own_identity;
mod replay;
mod reuse;
pub(crate) mod tls;
mod transaction;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sluse::act::{Begin, Leg, Marks, NextHop, Reuse, Route, Tls, Trouble, Verified, Way};
use sluse::limits::{TimeLimits, WireLimits};
use sluse::mail::{Address, Envelope, Parameters, Recipient, ReversePath};
use sluse::policy::RouteName;
use sluse::smtp::{Reply, Xforward};
use sluse::spool::{self, Draft, Spooled};
use tokio::time::Instant;

/// What a next hop says and hears until MAIL.
const HELLO: &str = "
    > 220 hop ready
    < EHLO sluse.example
    > 250 hop
";

/// As `HELLO`, from a next hop that takes commands in groups.
const HELLO_PIPELINING: &str = "
    > 220 hop ready
    < EHLO sluse.example
    > 250-hop
    > 250-PIPELINING
    > 250 SIZE 99999999
";

/// A transaction that goes well.
const ENVELOPE: &str = "
    < MAIL FROM:<a@one.example>
    > 250 2.1.0 Ok
    < RCPT TO:<b@two.example>
    > 250 2.1.5 Ok
";

const DATA: &str = "
    < DATA
    > 354 go
";

fn script(parts: &[&str]) -> String {
    parts.concat()
}

/// A route with time enough: only a test that fails waits for it to be over.
fn route(port: u16) -> Route {
    let time = Duration::from_secs(8);
    Route {
        name: RouteName::new("test"),
        next_hops: next_hop(port).into(),
        tls: Tls::Off,
        marks: Marks::default(),
        helo: "sluse.example".into(),
        wire: WireLimits::default(),
        time: TimeLimits {
            connect: time,
            next_hop: time,
            block: time,
            final_dot: time,
            ..TimeLimits::default()
        },
    }
}

fn next_hop(port: u16) -> NextHop {
    NextHop {
        host: "127.0.0.1".into(),
        port,
    }
}

fn way(port: u16) -> Arc<Way> {
    Way::new(route(port), Reuse::default()).unwrap()
}

/// A way whose time is soon over.
fn hasty(port: u16) -> Arc<Way> {
    let short = Duration::from_millis(400);
    let time = TimeLimits {
        connect: short,
        next_hop: short,
        block: short,
        final_dot: short,
        ..TimeLimits::default()
    };
    let route = Route {
        time,
        ..route(port)
    };
    Way::new(route, Reuse::default()).unwrap()
}

fn verified(port: u16, name: &str, authorities: PathBuf) -> Arc<Way> {
    let tls = Tls::Verified(Verified {
        name: Some(name.into()),
        authorities: Some(authorities),
        begin: Begin::StartTls,
        identity: None,
        login: None,
    });
    let route = Route { tls, ..route(port) };
    Way::new(route, Reuse::default()).unwrap()
}

fn sender() -> ReversePath {
    ReversePath::Mailbox(Address::parse("a@one.example").unwrap())
}

fn recipient(address: &str) -> Recipient {
    Recipient {
        address: Address::parse(address).unwrap(),
        parameters: Parameters::default(),
    }
}

fn envelope(recipients: &[&str]) -> Envelope {
    Envelope {
        reverse_path: sender(),
        parameters: Parameters::default(),
        recipients: recipients.iter().map(|it| recipient(it)).collect(),
    }
}

fn spooled(octets: &[u8]) -> Spooled {
    let settings = spool::Settings::default();
    let mut draft = Draft::new(&settings);
    draft.write(octets).unwrap();
    draft.finish().unwrap()
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

/// MAIL with these parameters.
async fn begin(leg: &mut Leg, parameters: &str) -> Result<Reply, Trouble> {
    let parameters = Parameters::new(parameters.as_bytes());
    leg.begin(&Xforward::default(), &sender(), &parameters, soon())
        .await
}

/// A whole transaction in lockstep, on a leg of its own: the reply to the message, or the first refusal.
async fn relay(way: &Arc<Way>, message: &Spooled) -> Result<Reply, Trouble> {
    let mut leg = way.leg().await?;
    let mut reply = begin(&mut leg, "").await?;
    if reply.is_positive() {
        reply = leg.recipient(&recipient("b@two.example")).await?;
    }
    if reply.is_positive() {
        reply = leg.message(message, soon()).await?;
    }
    leg.release().await;
    Ok(reply)
}

/// A reply as it goes over the wire.
fn wire(reply: &Reply) -> String {
    let mut wire = Vec::new();
    reply.encode(&mut wire);
    String::from_utf8(wire).unwrap()
}
