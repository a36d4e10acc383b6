//! Several hosts, of which some are ill: what is left for the next, what is an answer, and what must stay true.

use std::sync::Arc;
use std::time::Duration;

use sluse::act::{Cause, NextHops, Phase, Reuse, Route, Told, Way};
use sluse::limits::TimeLimits;
use sluse::mail::Parameters;
use sluse::smtp::Xforward;
use tokio::time::{Instant, timeout};

use super::hop::Hop;
use super::{
    DATA, ENVELOPE, HELLO, begin, envelope, next_hop, recipient, relay, route, script, sender,
    soon, spooled, wire,
};
use crate::journey::hop::{self as journey, Answer};
use crate::port::free_port;

const TAKEN: &str = "! message \n > 250 Ok\n";
const NOTHING: &str = "a: b\r\n";

fn way_over(ports: &[u16]) -> Arc<Way> {
    let mut hops = ports.iter().map(|port| next_hop(*port));
    let first = hops.next().unwrap();
    let next_hops = NextHops {
        first,
        others: hops.collect(),
    };
    let route = Route {
        next_hops,
        ..route(ports[0])
    };
    Way::new(route, Reuse::default()).unwrap()
}

fn good() -> Hop {
    Hop::play(&[&script(&[HELLO, ENVELOPE, DATA, TAKEN])])
}

#[tokio::test]
async fn an_ill_host_is_left_for_the_next() {
    for ill in [
        // It will have no conversation.
        "> 421 4.3.2 Closing",
        "> 554 No service here",
        "> 220-never\n > 220\n",
        "> Hello",
        "> 220 hop\n < EHLO\n > 421 Busy",
        "> 220 hop\n < EHLO\n > 451 4.3.0 Later",
        "> 220 hop\n < EHLO",
        // It has trouble of its own.
        "> 220 hop\n < EHLO\n > 250 hop\n < MAIL\n > 421 4.3.2 Closing",
        "> 220 hop\n < EHLO\n > 250 hop\n < MAIL\n > 452 4.3.1 Disk full\n < QUIT",
        "> 220 hop\n < EHLO\n > 250 hop\n < MAIL\n > 452 Disk full\n < QUIT",
        "> 220 hop\n < EHLO\n > 250 hop\n < MAIL\n > 354 What",
        "> 220 hop\n < EHLO\n > 250 hop\n < MAIL",
        // It fails where the client was told yes before.
        "> 220 hop\n < EHLO\n > 250 hop\n < MAIL\n > 250 Ok\n < RCPT\n > 421 4.3.2 Closing",
        "> 220 hop\n < EHLO\n > 250 hop\n < MAIL\n > 250 Ok\n < RCPT\n ! cut",
    ] {
        let (ill_hop, good) = (Hop::play(&[ill]), good());
        let way = way_over(&[ill_hop.port, good.port]);
        let reply = relay(&way, &spooled(NOTHING.as_bytes())).await;
        assert_eq!(reply.unwrap().code(), 250, "{ill}");
        assert_eq!(good.heard().messages.len(), 1, "{ill}");
        assert_eq!(ill_hop.heard_whatever().messages.len(), 0, "{ill}");
    }
}

#[tokio::test]
async fn a_host_nobody_listens_on_is_left_for_the_next() {
    let good = good();
    let way = way_over(&[free_port(), free_port(), good.port]);
    let reply = relay(&way, &spooled(NOTHING.as_bytes())).await.unwrap();
    assert_eq!(reply.code(), 250);
    good.heard();
}

#[tokio::test]
async fn a_refusal_is_an_answer() {
    for refusal in [
        "550 5.7.1 Not you",
        "450 4.7.1 Greylisted",
        "451 4.7.1 Greylisted",
        "451 Later",
        "552 5.3.4 Too large",
    ] {
        let mail = format!("< MAIL\n > {refusal}\n < RSET\n > 250 Ok\n");
        let hop = Hop::play(&[&script(&[HELLO, &mail])]);
        // Whoever asked this one would be told that nobody listens.
        let way = way_over(&[hop.port, free_port()]);
        let mut leg = way.leg().await.unwrap();
        let reply = begin(&mut leg, "").await.unwrap();
        assert!(wire(&reply).starts_with(&refusal[..3]), "{refusal}");
        leg.release().await;
        hop.heard();
    }
}

/// What the first said is told to the client, where no other has anything better.
#[tokio::test]
async fn where_all_are_ill_the_first_is_heard() {
    let full = "< MAIL\n > 452 4.3.1 Disk full\n";
    let (one, two) = (
        Hop::play(&[&script(&[HELLO, full])]),
        Hop::play(&["> 421 4.3.2 Closing"]),
    );
    let way = way_over(&[one.port, two.port]);
    let mut leg = way.leg().await.unwrap();
    let reply = begin(&mut leg, "").await.unwrap();
    assert_eq!(wire(&reply), "452 4.3.1 Disk full\r\n");
    drop(leg);
    one.heard();
    two.heard();
}

#[tokio::test]
async fn what_the_client_was_told_stays_true() {
    let lost = "
        < RCPT TO:<b@two.example>
        > 250 Ok
        < RCPT TO:<c@two.example>
        > 550 5.1.1 Unknown
        < RCPT TO:<d@two.example>
        > 421 4.3.2 Closing";
    let mail = "< MAIL FROM:<a@one.example> BODY=8BITMIME\n > 250 Ok\n";
    let hello = "> 220 hop\n < EHLO\n > 250-hop\n > 250 8BITMIME\n";
    for (again, code) in [
        // Who was refused is not offered again: another host might say yes.
        ("< RCPT TO:<b@\n > 250 Ok\n < RCPT TO:<d@\n > 250 Ok", 250),
        (
            "< RCPT TO:<b@\n > 250 Ok\n < RCPT TO:<d@\n > 550 5.1.1 Unknown",
            550,
        ),
        ("< RCPT TO:<b@\n > 550 5.1.1 Unknown", 451),
        ("< RCPT TO:<b@\n > 450 4.2.1 Later", 451),
    ] {
        let one = Hop::play(&[&script(&[hello, mail, lost])]);
        let two = Hop::play(&[&script(&[hello, mail, again])]);
        let way = way_over(&[one.port, two.port]);
        let mut leg = way.leg().await.unwrap();
        assert_eq!(begin(&mut leg, "BODY=8BITMIME").await.unwrap().code(), 250);
        for (address, code) in [("b@two.example", 250), ("c@two.example", 550)] {
            let reply = leg.recipient(&recipient(address)).await.unwrap();
            assert_eq!(reply.code(), code);
        }
        let reply = match leg.recipient(&recipient("d@two.example")).await {
            Ok(reply) => reply,
            Err(trouble) => {
                assert!(matches!(trouble.cause, Cause::TakenBack(_)), "{trouble}");
                trouble.reply()
            }
        };
        assert_eq!(reply.code(), code, "{again}");
        drop(leg);
        one.heard();
        two.heard();
    }
}

#[tokio::test]
async fn a_message_is_told_again_from_the_start_until_its_last_octet_was_sent() {
    let one = |end: &str| script(&[HELLO, ENVELOPE, end]);
    for (end, outcome) in [
        ("< DATA\n > 421 4.3.2 Closing", Some(250)),
        ("< DATA\n > 354 go\n ! octets 1000\n ! cut", Some(250)),
        (
            "< DATA\n > 354 go\n ! octets 1000\n > 421 4.3.2 Closing",
            Some(250),
        ),
        // A refusal, and what may have been taken, end it.
        (
            "< DATA\n > 451 4.3.0 Later\n < RSET\n > 250 Ok\n",
            Some(451),
        ),
        ("< DATA\n > 354 go\n ! message \n > 421 4.3.2 Closing", None),
        ("< DATA\n > 354 go\n ! message ", None),
    ] {
        let is_told_again = outcome == Some(250);
        let ill = Hop::play(&[&one(end)]);
        let good = is_told_again.then(good);
        let port = good.as_ref().map_or_else(free_port, |good| good.port);
        let way = way_over(&[ill.port, port]);
        let message = spooled(&[NOTHING.as_bytes(), &vec![b'x'; 8 << 20], b"\r\n"].concat());
        let mut leg = way.leg().await.unwrap();
        let (envelope, xforward) = (envelope(&["b@two.example"]), Xforward::default());
        let sent = leg.replay(&xforward, &envelope, &message, Told::Nothing, soon());
        let sent = sent.await;
        leg.release().await;
        assert_eq!(sent.ok().map(|reply| reply.code()), outcome, "{end}");
        let messages = good.map(|good| good.heard().messages.len());
        assert_eq!(messages, is_told_again.then_some(1), "{end}");
        ill.heard_whatever();
    }
}

#[tokio::test]
async fn a_refusal_of_who_was_accepted_is_deferred() {
    let refusing = "< MAIL\n > 250 Ok\n < RCPT\n > 550 5.1.1 Unknown\n < RSET\n > 250 Ok\n";
    for (told, code) in [(Told::Nothing, 550), (Told::Yes, 451)] {
        let hop = Hop::play(&[&script(&[HELLO, refusing])]);
        let way = way_over(&[hop.port, free_port()]);
        let mut leg = way.leg().await.unwrap();
        let (envelope, xforward) = (envelope(&["b@two.example"]), Xforward::default());
        let message = spooled(NOTHING.as_bytes());
        let sent = leg.replay(&xforward, &envelope, &message, told, soon());
        let reply = sent.await.unwrap_or_else(|trouble| trouble.reply());
        assert_eq!(reply.code(), code);
        leg.release().await;
        hop.heard();
    }
}

#[tokio::test]
async fn one_that_failed_is_tried_last_and_then_again() {
    let quit = "< QUIT\n > 221 Bye\n";
    let once = script(&[HELLO, ENVELOPE, DATA, TAKEN]);
    let one = Hop::play(&["> 421 4.3.2 Closing", &once]);
    let two = Hop::play(&[&script(&[
        HELLO,
        &[ENVELOPE, DATA, TAKEN].concat().repeat(2),
    ])]);
    let mut route = route(one.port);
    route.next_hops.others = vec![next_hop(two.port)];
    route.time = TimeLimits {
        ill: Duration::from_millis(500),
        ..route.time
    };
    let way = Way::new(route, Reuse::default()).unwrap();
    // The second transaction would be more than the script of the first host has, were it asked.
    for _ in 0..2 {
        relay(&way, &spooled(NOTHING.as_bytes())).await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(600)).await;
    relay(&way, &spooled(NOTHING.as_bytes())).await.unwrap();
    drop(way);
    assert_eq!(one.heard().messages.len(), 1);
    assert_eq!(two.heard_whatever().messages.len(), 2, "{quit}");
}

#[tokio::test]
async fn only_what_every_host_offers_is_offered() {
    let with = |offers: &str| format!("> 220 hop\n < EHLO\n > 250-hop\n {offers}");
    let one = Hop::play(&[&with("> 250-SIZE 2000\n > 250-DSN\n > 250 SMTPUTF8")]);
    let two = Hop::play(&[&with("> 250-SIZE 1000\n > 250 DSN")]);
    let way = way_over(&[one.port, two.port]);
    way.probe().await.unwrap();
    let offers = way.offers().unwrap().announced();
    assert_eq!(
        (offers.size, offers.dsn, offers.smtputf8),
        (Some(1000), true, false)
    );
    drop(way);
    one.heard();
    two.heard();
}

/// A way over these whose steps may take long, and all of them together may not.
fn brief_over(ports: &[u16], verdict: Duration) -> Arc<Way> {
    let way = way_over(ports);
    let time = TimeLimits {
        next_hop: Duration::from_secs(60),
        block: Duration::from_secs(60),
        verdict,
        ..way.route().time.clone()
    };
    let route = Route {
        time,
        ..way.route().clone()
    };
    Way::new(route, Reuse::default()).unwrap()
}

/// Each host has its part of the time, as long as nothing that cannot be taken back was sent.
#[tokio::test]
async fn a_host_that_hangs_anywhere_leaves_time_for_the_next() {
    let message = spooled(&[NOTHING.as_bytes(), &vec![b'x'; 12 << 20], b"\r\n"].concat());
    for (command, answer) in [
        ("MAIL", Answer::Stall),
        ("RCPT", Answer::Stall),
        ("DATA", Answer::Stall),
        ("DATA", Answer::Clog),
    ] {
        let hanging = journey::Hop::answering(command, answer);
        let other = journey::Hop::start();
        let verdict = Duration::from_secs(3);
        for is_replayed in [false, true] {
            let way = brief_over(&[hanging.port, other.port], verdict);
            let before = other.messages().len();
            let sent = async {
                if is_replayed {
                    let mut leg = way.leg().await?;
                    let (envelope, xforward) = (envelope(&["b@two.example"]), Xforward::default());
                    let latest = Instant::now() + verdict;
                    let sent = leg.replay(&xforward, &envelope, &message, Told::Nothing, latest);
                    return sent.await;
                }
                let (xforward, parameters) = (Xforward::default(), Parameters::default());
                let (mut leg, _) = way.begin(&xforward, &sender(), &parameters).await?;
                leg.recipient(&recipient("b@two.example")).await?;
                let latest = Instant::now() + verdict;
                match leg.message(&message, latest).await {
                    Err(trouble) => {
                        leg.elsewhere(trouble, latest).await?;
                        let envelope = envelope(&["b@two.example"]);
                        leg.replay(&xforward, &envelope, &message, Told::Yes, latest)
                            .await
                    }
                    sent => sent,
                }
            };
            let reply = sent.await.unwrap();
            assert_eq!(reply.code(), 250, "{command} {is_replayed}");
            assert_eq!(other.messages().len(), before + 1, "{command}");
        }
        assert!(hanging.messages().is_empty(), "{command}");
    }
}

/// Looking for a host, and what it says to MAIL, have one end.
#[tokio::test]
async fn mail_is_answered_in_time_though_connecting_took_some_of_it() {
    let slow = "! pause\n ! pause\n > 220 hop\n < EHLO\n > 250 hop\n < MAIL\n ! stall";
    let hop = Hop::play(&[slow]);
    let way = brief_over(&[hop.port], Duration::from_secs(2));
    let (xforward, parameters) = (Xforward::default(), Parameters::default());
    let from = sender();
    let begun = way.begin(&xforward, &from, &parameters);
    let begun = timeout(Duration::from_secs(20), begun).await;
    let trouble = begun.expect("it took longer than it may").unwrap_err();
    assert!(matches!(trouble.cause, Cause::Timeout), "{trouble}");
    assert_eq!(trouble.phase, Phase::Mail);
    assert_eq!(wire(&trouble.reply()).get(..9), Some("451 4.4.2"));
    hop.heard_whatever();
}

/// What the preferred host offers is offered to clients; the one that takes its place may lack it.
#[tokio::test]
async fn what_only_the_host_at_hand_lacks_is_deferred() {
    let with = |offers: &str| format!("> 220 hop\n < EHLO\n > 250-hop\n {offers}\n");
    let transaction = "< MAIL\n > 250 Ok\n < RSET\n > 250 Ok\n ! stall";
    for (first, third, code) in [
        ("> 250 SMTPUTF8", None, 451),
        ("> 250 SMTPUTF8", Some("> 250 SMTPUTF8"), 250),
        ("> 250 8BITMIME", None, 553),
    ] {
        let closing = script(&[&with(first), "< MAIL\n > 421 4.3.2 Closing"]);
        let one = Hop::play(&[&closing, "> 421 4.3.2 Closing"]);
        let two = Hop::play(&[&script(&[&with("> 250 8BITMIME"), transaction])]);
        let third = third.map(|offers| Hop::play(&[&script(&[&with(offers), transaction])]));
        let port = third.as_ref().map_or_else(free_port, |hop| hop.port);
        let route = way_over(&[one.port, two.port, port]).route().clone();
        let long = Duration::from_secs(60);
        let reuse = Reuse {
            idle: long,
            probe: long,
            ..Reuse::default()
        };
        let way = Way::new(route, reuse).unwrap();
        // Those that can be reached tell what they offer.
        let reached = way.probe().await;
        assert_eq!(reached.is_ok(), third.is_some());
        // A transaction that needs nothing finds out that the first is ill.
        let mut leg = way.leg().await.unwrap();
        assert_eq!(begin(&mut leg, "").await.unwrap().code(), 250);
        leg.release().await;
        let mut leg = way.leg().await.unwrap();
        let reply = match begin(&mut leg, "SMTPUTF8").await {
            Ok(reply) => reply,
            Err(trouble) => trouble.reply(),
        };
        assert_eq!(reply.code(), code, "{first}");
    }
}

/// A host that went away without a word is found out by RSET, not by the time for MAIL.
#[tokio::test]
async fn a_connection_that_stood_a_while_is_asked_whether_it_still_stands() {
    for (answer, connections) in [("> 250 Ok\n", 1), ("> 500 What\n", 2), ("", 2)] {
        let transaction = script(&[ENVELOPE, DATA, TAKEN]);
        let mut first = script(&[HELLO, &transaction, "< RSET\n", answer]);
        if connections == 1 {
            first += &transaction;
        }
        let second = script(&[HELLO, &transaction]);
        let scripts = [first.as_str(), &second];
        let hop = Hop::play(&scripts[..connections]);
        let reuse = Reuse {
            probe: Duration::ZERO,
            ..Reuse::default()
        };
        let way = Way::new(route(hop.port), reuse).unwrap();
        for _ in 0..2 {
            relay(&way, &spooled(NOTHING.as_bytes())).await.unwrap();
        }
        assert_eq!(hop.heard().messages.len(), 2, "{answer}");
    }
}
