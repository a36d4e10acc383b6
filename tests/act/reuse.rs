//! Connections that are kept, and grow stale.

use std::time::Duration;

use sluse::act::{Cause, Reuse, Way};
use sluse::smtp::client::Extension;

use super::hop::Hop;
use super::{
    DATA, ENVELOPE, HELLO, HELLO_PIPELINING, begin, recipient, relay, route, script, spooled, way,
};

const TAKEN: &str = "! message \n > 250 Ok\n";

#[tokio::test]
async fn one_connection_carries_many_transactions() {
    let transaction = script(&[ENVELOPE, DATA, TAKEN]);
    let hop = Hop::play(&[&script(&[HELLO, &transaction.repeat(20)])]);
    let way = way(hop.port);
    for _ in 0..20 {
        let reply = relay(&way, &spooled(b"a: b\r\n")).await.unwrap();
        assert_eq!(reply.code(), 250);
    }
    assert_eq!(hop.heard().messages.len(), 20);
}

#[tokio::test]
async fn a_transaction_without_a_message_is_reset_before_the_next() {
    let hop = Hop::play(&[&script(&[
        HELLO,
        ENVELOPE,
        "< RSET\n > 250 Ok\n",
        ENVELOPE,
        DATA,
        TAKEN,
    ])]);
    let way = way(hop.port);
    let mut leg = way.leg().await.unwrap();
    assert!(begin(&mut leg, "").await.unwrap().is_positive());
    leg.recipient(&recipient("b@two.example")).await.unwrap();
    leg.release().await;
    relay(&way, &spooled(b"a: b\r\n")).await.unwrap();
    assert_eq!(hop.heard().messages.len(), 1);
}

#[tokio::test]
async fn after_a_refused_sender_what_xforward_told_is_forgotten() {
    let hop = Hop::play(&[&script(&[
        HELLO,
        "< MAIL\n > 550 No\n < RSET\n > 250 Ok\n",
        ENVELOPE,
        DATA,
        TAKEN,
    ])]);
    let way = way(hop.port);
    let message = spooled(b"a: b\r\n");
    assert_eq!(relay(&way, &message).await.unwrap().code(), 550);
    assert_eq!(relay(&way, &message).await.unwrap().code(), 250);
    hop.heard();
}

#[tokio::test]
async fn a_stale_connection_is_replaced_without_a_word() {
    for (end, pause) in [
        // It hung up, or said so, while nobody listened; or when it was spoken to.
        ("", 100),
        ("! pause\n > 421 4.4.2 Idle too long", 200),
        ("< MAIL\n > 421 4.3.2 Enough", 0),
        ("< MAIL\n", 0),
        ("< MAIL\n ! cut", 0),
        ("< MAIL\n > what", 0),
    ] {
        let first = script(&[HELLO, ENVELOPE, DATA, TAKEN, end]);
        let second = script(&[HELLO, ENVELOPE, DATA, TAKEN]);
        let hop = Hop::play(&[&first, &second]);
        let way = way(hop.port);
        relay(&way, &spooled(b"a: b\r\n")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let reply = relay(&way, &spooled(b"a: b\r\n")).await.unwrap();
        assert_eq!(reply.code(), 250, "{end}");
        assert_eq!(hop.heard().messages.len(), 2, "{end}");
    }
}

#[tokio::test]
async fn only_once_and_only_before_anything_was_said() {
    // Refused again on a new connection, it is trouble; and so is what happens after MAIL.
    let first = script(&[HELLO, ENVELOPE, DATA, TAKEN]);
    let enough = "< MAIL\n > 421 4.3.2 Enough";
    let late = script(&[ENVELOPE, "< DATA\n > 421 4.3.2 Enough"]);
    for (first, second) in [
        (script(&[&first, enough]), Some(script(&[HELLO, enough]))),
        (script(&[&first, &late]), None),
    ] {
        let scripts: Vec<&str> = [Some(first.as_str()), second.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        let hop = Hop::play(&scripts);
        let way = way(hop.port);
        relay(&way, &spooled(b"a: b\r\n")).await.unwrap();
        let trouble = relay(&way, &spooled(b"a: b\r\n")).await.unwrap_err();
        assert!(matches!(trouble.cause, Cause::Refused(_)), "{trouble}");
        assert_eq!(hop.heard().messages.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_ended_politely_when_its_limits_are_met() {
    let quit = "< QUIT\n > 221 Bye\n ! stall";
    let hop_script = script(&[HELLO, ENVELOPE, DATA, TAKEN, quit]);
    for reuse in [
        Reuse {
            idle: Duration::from_millis(50),
            ..Reuse::default()
        },
        Reuse {
            transactions: 1,
            ..Reuse::default()
        },
        Reuse {
            age: Duration::ZERO,
            ..Reuse::default()
        },
        Reuse {
            connections: 0,
            ..Reuse::default()
        },
    ] {
        let hop = Hop::play(&[&hop_script]);
        let way = Way::new(route(hop.port), reuse).unwrap();
        relay(&way, &spooled(b"a: b\r\n")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(250)).await;
        hop.heard();
    }
}

#[tokio::test]
async fn a_probe_learns_what_is_offered_and_its_connection_is_used() {
    let hop = Hop::play(&[&script(&[
        HELLO_PIPELINING,
        "< NOOP\n > 250 Ok\n",
        ENVELOPE,
        DATA,
        TAKEN,
    ])]);
    let way = way(hop.port);
    assert_eq!(way.offers(), None);
    way.probe().await.unwrap();
    let offers = way.offers().unwrap();
    assert!(offers.offers(Extension::Pipelining) && !offers.offers(Extension::Dsn));
    assert_eq!(offers.announced().size, Some(99_999_999));
    let mut leg = way.leg().await.unwrap();
    leg.noop().await.unwrap();
    leg.release().await;
    relay(&way, &spooled(b"a: b\r\n")).await.unwrap();
    hop.heard();
}

#[tokio::test]
async fn a_leg_dropped_in_the_middle_of_a_call_hangs_up() {
    let hop = Hop::play(&[&script(&[HELLO, "< MAIL\n ! stall"])]);
    let way = way(hop.port);
    let mut leg = way.leg().await.unwrap();
    let begun = begin(&mut leg, "");
    let given_up = tokio::time::timeout(Duration::from_millis(50), begun).await;
    assert!(given_up.is_err());
    assert!(!leg.is_reusable());
    leg.release().await;
    hop.heard();
}
