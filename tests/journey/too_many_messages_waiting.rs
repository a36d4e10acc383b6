//! More messages come than can be read: those that would wait in vain are deferred at once, and whoever waits is served.

use std::time::Duration;

use sluse::inspect::{Closed, Door, DoorSettings};
use sluse::pattern::{FingerprintKey, Packs, Stock};
use tokio::time::Instant;

use super::guard::Guard;
use super::hop::Hop;
use super::watched::TELLS;
use super::{CITIZEN, CLEAN, TAKEN, large, spooled};

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
    guard.inspectors()[0].stop();
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
    let told = guard.told_once("deferred at MAIL");
    assert_eq!(told["level"], "WARN");
    let trouble = told["trouble"].as_str().unwrap();
    assert!(
        trouble.starts_with("too many messages wait to be read"),
        "{trouble}"
    );
    let series = "sluse_transactions_refused_total{reason=\"overloaded\"}";
    assert_eq!(guard.number(series), 1.0);
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

/// A message whose line endings were changed is read in both forms. Of one that was begun the second is not too many.
#[tokio::test]
async fn the_second_form_of_a_message_is_read_however_many_wait() {
    let settings = DoorSettings {
        workers: 1,
        waiting: 0,
        ocr: None,
        program: env!("CARGO_BIN_EXE_sluse").into(),
        ..DoorSettings::default()
    };
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let door = Door::open(settings, Stock::of(&packs), packs.key().clone());
    let door = door.await.unwrap();
    let late = Instant::now() + Duration::from_secs(60);
    let (long, small) = (spooled(&large(20)), spooled(b"x: y\r\n\r\nz"));
    let (busy, another, second) = tokio::join!(
        biased;
        door.inspect(&long, late),
        door.inspect(&small, late),
        door.inspect_besides(&small, late),
    );
    assert!(busy.unwrap().gaps.is_empty());
    assert!(matches!(another, Err(Closed::Overloaded)), "{another:?}");
    assert!(second.unwrap().gaps.is_empty());
}
