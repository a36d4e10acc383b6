//! A transaction in lockstep: what the client says arrives, and what the next hop says comes back.

use std::time::Duration;

use sluse::act::{Phase, Reuse, Way};
use sluse::mail::{Parameters, ReversePath};
use sluse::smtp::Xforward;

use super::hop::Hop;
use super::{
    DATA, ENVELOPE, HELLO, begin, recipient, relay, route, script, soon, spooled, way, wire,
};

#[tokio::test]
async fn every_reply_is_the_next_hops_own() {
    let hop = Hop::play(&[&script(&[
        "> 220-hop\n > 220 ready\n < EHLO sluse.example\n > 250-hop\n > 250 DSN",
        "
        < MAIL FROM:<a@one.example> RET=HDRS ENVID=q+3D1
        > 250-2.1.0 Ok
        > 250 2.1.0 Really
        < RCPT TO:<b@two.example>
        > 550-5.1.1 No such user
        > 550 5.1.1 here
        < RCPT TO:<c@two.example>
        > 450 Later
        < RCPT TO:<d@two.example>
        > 251 2.1.5 Will forward
    ",
        DATA,
        "! message \n > 250 2.0.0 Ok: queued as 4711\n ! stall",
    ])]);
    let way = way(hop.port);
    let mut leg = way.leg().await.unwrap();
    let begun = begin(&mut leg, "RET=HDRS ENVID=q+3D1");
    assert_eq!(
        wire(&begun.await.unwrap()),
        "250-2.1.0 Ok\r\n250 2.1.0 Really\r\n"
    );
    for (address, told) in [
        (
            "b@two.example",
            "550-5.1.1 No such user\r\n550 5.1.1 here\r\n",
        ),
        ("c@two.example", "450 4.0.0 Later\r\n"),
        ("d@two.example", "251 2.1.5 Will forward\r\n"),
    ] {
        let reply = leg.recipient(&recipient(address)).await.unwrap();
        assert_eq!(wire(&reply), told);
    }
    let message = b"Subject: a\r\n\r\n.b\r\n";
    let reply = leg.message(&spooled(message), soon()).await.unwrap();
    assert_eq!(wire(&reply), "250 2.0.0 Ok: queued as 4711\r\n");
    assert!(leg.is_reusable());
    drop(leg);
    assert_eq!(hop.heard().messages, [message]);
}

#[tokio::test]
async fn refusals_come_back_as_they_are() {
    for (said, told) in [
        ("< MAIL\n > 550 5.7.1 Not you", "550 5.7.1 Not you\r\n"),
        ("< MAIL\n > 451 4.3.0 Not now", "451 4.3.0 Not now\r\n"),
        (
            "< MAIL\n > 250 Ok\n < RCPT\n > 250 Ok\n < DATA\n > 554 5.5.1 No",
            "554 5.5.1 No\r\n",
        ),
        (
            "< MAIL\n > 250 Ok\n < RCPT\n > 250 Ok\n < DATA\n > 354 go\n ! message \n > 550 5.7.1 Spam",
            "550 5.7.1 Spam\r\n",
        ),
        (
            "< MAIL\n > 250 Ok\n < RCPT\n > 250 Ok\n < DATA\n > 354 go\n ! message \n > 452 4.3.1 Full",
            "452 4.3.1 Full\r\n",
        ),
    ] {
        let hop = Hop::play(&[&script(&[HELLO, said])]);
        let reply = relay(&way(hop.port), &spooled(b"a: b\r\n\r\n")).await;
        assert_eq!(wire(&reply.unwrap()), told);
        hop.heard();
    }
}

#[tokio::test]
async fn a_server_that_only_knows_helo_is_spoken_to() {
    let hop = Hop::play(&[&script(&[
        "> 220 hop\n < EHLO\n > 502 What\n < HELO sluse.example\n > 250 hop",
        ENVELOPE,
        DATA,
        "! message \n > 250 Ok",
    ])]);
    let reply = relay(&way(hop.port), &spooled(b"a: b\r\n")).await.unwrap();
    assert_eq!(reply.code(), 250);
    hop.heard();
}

#[tokio::test]
async fn what_the_client_told_of_its_client_is_passed_on() {
    let hop = Hop::play(&[&script(&["
        > 220 hop
        < EHLO
        > 250-hop
        > 250-PIPELINING
        > 250 XFORWARD NAME ADDR
        < XFORWARD NAME=c.example ADDR=192.0.2.1
        < MAIL FROM:<>
        > 503 5.5.1 Not from you
        > 250 Ok
        ! stall
    "])]);
    let way = way(hop.port);
    let mut xforward = Xforward::default();
    xforward
        .add(b"NAME=c.example ADDR=192.0.2.1 IDENT=4Xy")
        .unwrap();
    let mut leg = way.leg().await.unwrap();
    let parameters = Parameters::default();
    let begun = leg.begin(&xforward, &ReversePath::Null, &parameters, soon());
    assert_eq!(begun.await.unwrap().code(), 250);
    drop(leg);
    hop.heard();
}

#[tokio::test]
async fn what_a_next_hop_lacks_is_told_before_anything_is_sent() {
    let hop = Hop::play(&[&script(&[HELLO, "< MAIL\n > 250 Ok\n ! stall"])]);
    let way = way(hop.port);
    let mut leg = way.leg().await.unwrap();
    for (parameters, told) in [
        ("BODY=8BITMIME", "554 5.6.3"),
        ("SMTPUTF8", "553 5.6.7"),
        ("REQUIRETLS", "554 5.7.30"),
    ] {
        let trouble = begin(&mut leg, parameters).await.unwrap_err();
        assert!(wire(&trouble.reply()).starts_with(told), "{trouble}");
    }
    let begun = begin(&mut leg, "BODY=7BIT SIZE=10 RET=FULL");
    assert_eq!(begun.await.unwrap().code(), 250);
    let mut noticed = recipient("b@two.example");
    noticed.parameters = Parameters::new(b"NOTIFY=SUCCESS");
    let trouble = leg.recipient(&noticed).await.unwrap_err();
    assert!(wire(&trouble.reply()).starts_with("451 4.3.3"), "{trouble}");
    drop(leg);
    assert_eq!(hop.heard().lines[1], "MAIL FROM:<a@one.example>\r\n");
}

#[tokio::test]
async fn the_first_address_that_answers_is_taken() {
    // Where `localhost` is two addresses, nobody listens on the other.
    let hop = Hop::play(&[&script(&[HELLO, ENVELOPE, DATA, "! message \n > 250 Ok"])]);
    let mut route = route(hop.port);
    route.next_hops.first.host = "localhost".into();
    let way = Way::new(route, Reuse::default()).unwrap();
    let reply = relay(&way, &spooled(b"a: b\r\n")).await.unwrap();
    assert_eq!(reply.code(), 250);
    hop.heard();
}

#[tokio::test]
async fn a_host_without_an_address_is_unreachable() {
    let mut route = route(25);
    route.next_hops.first.host = "nowhere.invalid".into();
    route.time.connect = Duration::from_secs(2);
    let way = Way::new(route, Reuse::default()).unwrap();
    let trouble = relay(&way, &spooled(b"a: b\r\n")).await.unwrap_err();
    assert_eq!(trouble.phase, Phase::Connect);
    assert!(wire(&trouble.reply()).starts_with("451 4.4.1 "));
}
