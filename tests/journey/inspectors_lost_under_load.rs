//! Inspectors are killed and stopped again and again while mail flows: no message is lost, and none is passed on unread.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, TAKEN};

/// Clients at once.
const CLIENTS: usize = 10;
/// Each sends messages until so many signals were sent, and no more than so many.
const SIGNALS: usize = 8;
const MOST: usize = 200;

#[test]
fn no_message_is_lost_and_none_is_passed_on_unread() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &["limits.read.time = \"1s\""]);
    let (signals, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let sent: Vec<usize> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (guard, signals) = (&guard, &signals);
                scope.spawn(move || {
                    let mut number = 0;
                    while number < MOST && signals.load(Ordering::Relaxed) < SIGNALS {
                        // As a mail server does, again and again until it is taken.
                        let mut tries = 0;
                        while guard.client().send(&[CITIZEN], message(client, number)) != TAKEN {
                            tries += 1;
                            assert!(tries < 20, "deferred for ever");
                        }
                        number += 1;
                    }
                    number
                })
            })
            .collect();
        let (guard, done, signals) = (&guard, &done, &signals);
        scope.spawn(move || {
            while !done.load(Ordering::Relaxed) {
                let ours = guard.inspectors();
                let number = signals.load(Ordering::Relaxed);
                if let Some(one) = ours.get(number % ours.len().max(1)) {
                    one.signal(if number % 3 == 2 {
                        Signal::STOP
                    } else {
                        Signal::KILL
                    });
                    signals.fetch_add(1, Ordering::Relaxed);
                }
                thread::sleep(Duration::from_millis(500));
            }
        });
        let sent = clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .collect();
        done.store(true, Ordering::Relaxed);
        sent
    });
    let signals = signals.into_inner();
    assert!(signals >= SIGNALS, "{signals}");
    let (normal, secure) = (normal.messages(), secure.messages());
    for (client, sent) in sent.into_iter().enumerate() {
        for number in 0..sent {
            let message = message(client, number);
            let passed = |hop: &[Vec<u8>]| hop.iter().filter(|it| **it == message).count();
            let is_secret = number % 2 == 0;
            assert_eq!(passed(&normal) + passed(&secure), 1, "{client}.{number}");
            assert!(
                !is_secret || passed(&normal) == 0,
                "{client}.{number} passed on unread"
            );
        }
    }
    let lost = guard.entries().into_iter();
    let lost =
        lost.filter(|it| it["message"] == "an inspector was lost in a message, which is a gap");
    println!("{signals} signals, {} messages a gap", lost.count());
}

/// Every other one has a number at its end.
fn message(client: usize, number: usize) -> Vec<u8> {
    let text = "Det er et referat uden tal, og dette er en linje af det.\r\n".repeat(8000);
    let end = if number.is_multiple_of(2) {
        "CPR-nr. 140562-1234.\r\n"
    } else {
        ""
    };
    format!("Subject: Referat\r\nX-Number: {client}.{number}\r\n\r\n{text}{end}").into_bytes()
}
