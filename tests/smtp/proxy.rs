//! PROXY headers: each says whose the connection is, or closes it; and nobody but a proxy is believed.

use std::time::Duration;

use proptest::prelude::*;
use serde::Deserialize;
use sluse::accept::{ProxyError, ProxyHeader, ProxyProgress};
use sluse::limits::{TimeLimits, WireLimits};

use crate::smtp::client::{Changes, Gate};
use crate::smtp::unescaped;

const NOT_TRUSTED: &str = "554 5.7.1 Messages are not taken from you here";
const GREETING: &str = "220 mx.example ESMTP Sluse";

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    header: String,
    is: String,
}

fn cases() -> Vec<Case> {
    let cases: Cases = toml::from_str(include_str!("proxy.toml")).unwrap();
    assert!(cases.case.len() > 25);
    cases.case
}

/// Reads as a connection does: so many octets as are asked for, and no more. Gives back how many those were.
fn read(octets: &[u8]) -> (Option<Result<ProxyHeader, ProxyError>>, usize) {
    let mut read = 0;
    loop {
        match ProxyHeader::read(&octets[..read]) {
            Ok(ProxyProgress::Done(header)) => return (Some(Ok(header)), read),
            Err(error) => return (Some(Err(error)), read),
            Ok(ProxyProgress::Needs(more)) => {
                assert!(more > 0 && read + more <= ProxyHeader::MOST);
                if read + more > octets.len() {
                    return (None, read);
                }
                read += more;
            }
        }
    }
}

#[test]
fn each_header_says_what_it_says() {
    for case in cases() {
        let header = unescaped(&case.header);
        // What stands behind it is the client's, and is not touched.
        let wire = [&header[..], b"EHLO PROXY TCP4\r\n"].concat();
        let (is, taken) = read(&wire);
        let said = match is.unwrap() {
            Ok(ProxyHeader::Client(client)) => client.to_string(),
            Ok(ProxyHeader::Proxy) => "proxy".to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(said, case.is, "{}", case.name);
        if is.unwrap().is_ok() {
            assert_eq!(taken, header.len(), "{}", case.name);
            for cut in 0..header.len() {
                assert_eq!(read(&header[..cut]).0, None, "{}, cut at {cut}", case.name);
            }
        }
    }
}

proptest! {
    #[test]
    fn no_octets_are_too_much(
        start in prop::sample::select(vec![&b""[..], b"PROXY ", b"PROXY TCP4 ", b"\r\n\r\n\0\r\nQUIT\n", b"\r\n\r\n\0\r\nQUIT\n\x21\x11"]),
        octets in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let (_, taken) = read(&[start, &octets].concat());
        prop_assert!(taken <= ProxyHeader::MOST);
    }

    #[test]
    fn every_client_is_told(client: std::net::IpAddr, port: u16, behind in prop::collection::vec(any::<u8>(), 0..40)) {
        let (family, other, block) = match client {
            std::net::IpAddr::V4(four) => ("TCP4", "192.0.2.1", [&[0x21, 0x11][..], &four.octets(), &[0; 8]]),
            std::net::IpAddr::V6(six) => ("TCP6", "::1", [&[0x21, 0x21][..], &six.octets(), &[0; 20]]),
        };
        let told = Some(Ok(ProxyHeader::Client(client)));
        let one = format!("PROXY {family} {client} {other} {port} 25\r\n").into_bytes();
        prop_assert_eq!(read(&[&one[..], &behind].concat()), (told, one.len()));
        let [kind, source, rest] = block;
        let len = u8::try_from(source.len() + rest.len() + behind.len()).unwrap();
        let two = [b"\r\n\r\n\0\r\nQUIT\n", kind, &[0, len], source, rest, &behind].concat();
        prop_assert_eq!(read(&two), (told, two.len()));
    }
}

/// A gate behind proxies on this machine, for clients in 192.0.2.0/24.
async fn gate(proxies: &'static str) -> Gate {
    Gate::open(Changes {
        proxies: vec![proxies],
        trusted: vec!["192.0.2.0/24"],
        time: TimeLimits {
            proxy_header: Duration::from_millis(400),
            ..TimeLimits::default()
        },
        wire: WireLimits {
            connections_per_client: 2,
            ..WireLimits::default()
        },
        ..Changes::default()
    })
    .await
}

#[tokio::test]
async fn the_client_of_the_header_is_the_one_that_counts() {
    let gate = gate("127.0.0.0/8").await;
    for (header, heard) in [
        ("PROXY TCP4 192.0.2.7 127.0.0.1 5 25\r\n", GREETING),
        ("PROXY TCP6 ::ffff:192.0.2.7 ::1 5 25\r\n", GREETING),
        ("PROXY TCP4 198.51.100.7 127.0.0.1 5 25\r\n", NOT_TRUSTED),
        // The proxy is not among those who may send.
        ("PROXY UNKNOWN\r\n", NOT_TRUSTED),
        ("PROXY TCP4 127.0.0.1 127.0.0.1 5 25\r\n", NOT_TRUSTED),
        // Nothing is said to who is no proxy.
        ("EHLO client.example\r\n", ""),
        ("PROXY TCP4 192.0.2.7\r\n", ""),
    ] {
        let mut client = gate.stranger().await;
        client.say(header).await;
        client.hears(heard).await;
        if heard == GREETING {
            // Only the first is one; a second would be somebody else's.
            client
                .ask(header.trim_end(), "500 5.5.2 Command not recognized")
                .await;
            client.ask("QUIT", "221 2.0.0 Bye").await;
        }
        client.hears_the_end().await;
    }
}

#[tokio::test]
async fn each_client_behind_a_proxy_has_connections_of_its_own() {
    let gate = gate("127.0.0.0/8").await;
    let mut held = Vec::new();
    for (client, heard) in [
        (1, GREETING),
        (1, GREETING),
        (
            1,
            "421 4.7.0 Too many connections from you; try again later",
        ),
        (2, GREETING),
        (2, GREETING),
    ] {
        let mut connection = gate.stranger().await;
        let header = format!("PROXY TCP4 192.0.2.{client} 127.0.0.1 5 25\r\n");
        connection.say(header).await;
        connection.hears(heard).await;
        held.push(connection);
    }
}

#[tokio::test]
async fn whoever_is_no_proxy_is_refused_whatever_it_says() {
    let gate = gate("127.0.0.77").await;
    let mut client = gate.stranger().await;
    client.say("PROXY TCP4 192.0.2.7 127.0.0.1 5 25\r\n").await;
    client.hears(NOT_TRUSTED).await;
    client.hears_the_end().await;
}

#[tokio::test]
async fn a_header_is_not_waited_for_long() {
    let gate = gate("127.0.0.0/8").await;
    for begun in ["", "PROXY TCP4 192.0"] {
        let mut client = gate.stranger().await;
        client.say(begun).await;
        client.hears_the_end().await;
    }
}
