//! More messages come than can be read: those that would wait in vain are deferred at once, and whoever waits is served.

use rustix::process::Signal;

use super::guard::Guard;
use super::hop::Hop;
use super::watched::TELLS;
use super::{CITIZEN, CLEAN, TAKEN};

#[test]
fn one_too_many_is_deferred_at_once_and_the_others_are_read() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = [TELLS, "inspect.workers = 1", "inspect.waiting = 1"];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let (mut first, mut second) = (guard.client(), guard.client());
    let (mut third, mut fourth) = (guard.client(), guard.client());
    for client in [&mut first, &mut second, &mut third] {
        client.begin(&[CITIZEN]);
    }
    // For as long as the gate waits for it, the only inspector takes nothing.
    guard.inspectors()[0].signal(Signal::STOP);
    let message = CLEAN.replace("\r\n.\r\n", "\r\n..\r\n") + ".\r\n";
    first.say(&message);
    guard.wait_until("the inspector to be busy", |guard| {
        guard.number("sluse_inspectors{state=\"busy\"}") == 1.0
    });
    second.say(&message);
    guard.wait_until("a message to wait", |guard| {
        guard.number("sluse_messages_waiting{for=\"inspector\"}") == 1.0
    });
    let overloaded = "451 4.3.2 Too many messages wait to be read; try again later";
    third.say(&message);
    assert_eq!(third.hear(), overloaded);
    fourth.asks("MAIL FROM:<meho@kommune.example>", overloaded);
    assert_eq!(
        guard.page("/readyz"),
        (503, "too many messages wait to be read\n".to_owned())
    );

    assert_eq!(first.hear(), TAKEN);
    assert_eq!(second.hear(), TAKEN);
    assert_eq!(fourth.send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(normal.messages().len(), 3);
    assert!(secure.messages().is_empty());
    assert_eq!(
        guard.number("sluse_inspections_refused_total{reason=\"overloaded\"}"),
        1.0
    );
    assert!(guard.number("sluse_inspectors_replaced_total{cause=\"not_taken\"}") >= 1.0);
    guard.told_once("deferred");
}
