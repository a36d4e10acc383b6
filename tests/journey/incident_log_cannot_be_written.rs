//! The incident log cannot be written: what would make an incident is deferred, goes nowhere, and everything else goes on.

use std::fs;

use rusqlite::Connection;

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, CPR, TAKEN};

const NOT_RECORDED: &str = "451 4.3.0 The incident log cannot be written; try again later";

/// The message is deferred and has gone nowhere; the log names the cause; a clean message goes on.
fn is_deferred(guard: &Guard, normal: &Hop, secure: &Hop, cause: &str) {
    let mut client = guard.client();
    let sent = secure.count("DATA");
    assert_eq!(client.send(&[CITIZEN], CPR), NOT_RECORDED);
    assert_eq!((normal.count("DATA"), secure.count("DATA")), (0, sent));
    let entry = guard.told_once("deferred");
    let error = entry["error"].as_str().unwrap();
    assert!(error.contains(cause), "{error}");
    assert_eq!(entry["disposition"], "secure");
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
}

#[test]
fn because_it_was_removed() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let (database, aside) = (guard.path("incidents.db"), guard.path("aside.db"));
    fs::rename(&database, &aside).unwrap();
    is_deferred(
        &guard,
        &normal,
        &secure,
        "was removed or replaced while in use",
    );
    fs::rename(&aside, &database).unwrap();
    assert_eq!(guard.client().send(&[CITIZEN], CPR), TAKEN);
    assert_eq!(guard.incident().0.as_deref(), Some("secured"));
}

#[test]
fn because_it_was_replaced() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let (database, copy) = (guard.path("incidents.db"), guard.path("copy.db"));
    fs::copy(&database, &copy).unwrap();
    fs::rename(&copy, &database).unwrap();
    is_deferred(
        &guard,
        &normal,
        &secure,
        "was removed or replaced while in use",
    );
}

#[test]
fn because_another_program_holds_it() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = ["incident.patience = \"200ms\""];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let other = Connection::open(guard.path("incidents.db")).unwrap();
    other.execute_batch("begin immediate").unwrap();
    is_deferred(&guard, &normal, &secure, "did not answer in time");
    other.execute_batch("rollback").unwrap();
    guard.wait_until("the log", |guard| {
        guard.client().send(&[CITIZEN], CPR) == TAKEN
    });
    // Whether or not the first attempt was written in the end, there is one incident.
    assert_eq!(guard.incident().0.as_deref(), Some("secured"));
}

#[test]
fn because_it_has_reached_its_limit() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &["incident.largest = \"128KiB\""]);
    let mut client = guard.client();
    let mut recorded = 0;
    while client.send(&[CITIZEN], format!("X-Number: {recorded}\r\n{CPR}")) == TAKEN {
        recorded += 1;
        assert!(recorded < 200, "it never fills");
    }
    assert_eq!((normal.count("DATA"), secure.count("DATA")), (0, recorded));
    let entry = guard.told_once("deferred");
    let error = entry["error"].as_str().unwrap();
    assert!(
        error.contains("or it has reached `incident.largest`"),
        "{error}"
    );
    assert_eq!(guard.incidents().len(), recorded);
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
}
