//! Nobody listens at the next hop: mail waits at the client, and goes on when somebody does.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::watched::TELLS;
use super::{CITIZEN, CLEAN, TAKEN};
use crate::port::free_port;

#[test]
fn mail_waits_and_goes_on_when_the_next_hop_is_back() {
    let (port, secure) = (free_port(), Hop::start());
    let guard = Guard::with(port, secure.port, &[TELLS]);
    let mut client = guard.client();
    for _ in 0..2 {
        client.asks(
            "MAIL FROM:<meho@kommune.example>",
            "451 4.4.1 The next hop cannot be reached; try again later",
        );
        client.asks(&format!("RCPT TO:<{CITIZEN}>"), "503 5.5.1 Send MAIL first");
    }
    for entry in guard.told::<2>("deferred at MAIL") {
        assert_eq!(entry["level"], "WARN");
        assert_eq!(
            entry["trouble"],
            "route normal: no connection: Connection refused (os error 111), connecting; the message was not handed over"
        );
    }
    let series = "sluse_transactions_refused_total{reason=\"no_next_hop\"}";
    assert_eq!(guard.number(series), 2.0);
    let normal = Hop::at(port, |_| Answer::AsUsual);
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
    assert_eq!(guard.told_once("passed on")["reply"], TAKEN);
    assert!(secure.messages().is_empty());
}

#[test]
fn a_client_that_tries_again_and_again_does_not_fill_the_log() {
    let (port, secure) = (free_port(), Hop::start());
    let guard = Guard::with(port, secure.port, &[TELLS]);
    let mut client = guard.client();
    for _ in 0..30 {
        client.asks(
            "MAIL FROM:<meho@kommune.example>",
            "451 4.4.1 The next hop cannot be reached; try again later",
        );
    }
    guard.told::<10>("deferred at MAIL");
    let series = "sluse_transactions_refused_total{reason=\"no_next_hop\"}";
    assert_eq!(guard.number(series), 30.0);
}

#[test]
fn a_next_hop_that_hung_up_while_the_message_came_gets_it_on_another_connection() {
    let hung_up = AtomicUsize::new(0);
    let normal = Hop::that(move |word| {
        let first = word.is("DATA") && hung_up.fetch_add(1, Ordering::Relaxed) == 0;
        if first {
            Answer::HangUp
        } else {
            Answer::AsUsual
        }
    });
    let secure = Hop::start();
    let guard = Guard::between(&normal, &secure);
    assert_eq!(guard.client().send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
    assert_eq!(normal.count("DATA"), 2);
    guard.told_once("passed on");
}

#[test]
fn a_next_hop_that_tired_of_waiting_gets_it_on_another_connection() {
    let told = AtomicUsize::new(0);
    let normal = Hop::that(move |word| {
        let first = word.is("RCPT") && told.fetch_add(1, Ordering::Relaxed) == 0;
        if first {
            Answer::Tire("250 2.1.5 Fine")
        } else {
            Answer::AsUsual
        }
    });
    let secure = Hop::start();
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    client.begin(&[CITIZEN]);
    client.say("Subject: x\r\n\r\n");
    std::thread::sleep(std::time::Duration::from_millis(150));
    assert_eq!(client.finish("y\r\n"), TAKEN);
    assert_eq!(normal.messages(), [b"Subject: x\r\n\r\ny\r\n"]);
    assert_eq!(normal.count("RCPT"), 2);
    guard.told_once("passed on");
    assert!(secure.messages().is_empty());
}

#[test]
fn a_next_hop_that_always_hangs_up_at_data_is_tried_twice_and_no_more() {
    let normal = Hop::answering("DATA", Answer::HangUp);
    let secure = Hop::start();
    let guard = Guard::between(&normal, &secure);
    assert_eq!(
        guard.client().send(&[CITIZEN], CLEAN),
        "451 4.4.2 The next hop was lost; nothing was sent; try again later"
    );
    assert_eq!(normal.count("DATA"), 2);
    assert!(normal.messages().is_empty() && secure.messages().is_empty());
    assert_eq!(
        guard.told_once("deferred")["error"],
        "route normal: the next hop hung up, at DATA; the message was not handed over"
    );
}

/// What it says is what the client hears, and the log and a number tell of it: there is no message yet that could.
#[test]
fn what_a_next_hop_says_to_mail_is_told() {
    for (said, line, reason) in [
        (
            "451 4.7.1 Greylisted",
            "deferred at MAIL by the next hop",
            "deferred",
        ),
        (
            "550 5.7.1 Not you",
            "refused at MAIL by the next hop",
            "refused",
        ),
    ] {
        let (normal, secure) = (Hop::answering("MAIL", Answer::Say(said)), Hop::start());
        let guard = Guard::with(normal.port, secure.port, &[TELLS]);
        guard
            .client()
            .asks("MAIL FROM:<meho@kommune.example>", said);
        assert_eq!(guard.told_once(line)["reply"], said);
        let series = format!("sluse_transactions_refused_total{{reason=\"{reason}\"}}");
        assert_eq!(guard.number(&series), 1.0);
    }
}
