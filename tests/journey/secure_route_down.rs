//! The secure route is down: what needs it waits, however often it is offered, and never goes the normal way.

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, CLEAN, CPR, TAKEN};
use crate::port::free_port;

#[test]
fn the_message_waits_and_its_attempts_are_one_incident() {
    let (normal, port) = (Hop::start(), free_port());
    let guard = Guard::with(normal.port, port, &[]);
    for attempt in 1..=3 {
        // A mail server writes a field of its own anew at each attempt.
        let message = format!("Received: attempt {attempt}\r\n{CPR}");
        assert_eq!(
            guard.client().send(&[CITIZEN], message),
            "451 4.4.1 The next hop cannot be reached; try again later"
        );
    }
    assert_eq!(normal.count("DATA"), 0);
    assert_eq!(
        guard.incident(),
        (
            Some("deferred".to_owned()),
            vec![
                "opened", "deferred", "repeated", "deferred", "repeated", "deferred"
            ]
        )
    );
    for entry in guard.told::<3>("deferred") {
        assert_eq!(entry["disposition"], "secure");
        assert_eq!(entry["incident.id"], guard.incidents()[0].id);
        let error = entry["error"].as_str().unwrap();
        assert!(
            error.starts_with("route secure: no connection: "),
            "{error}"
        );
    }
    // What needs no secure route is not held up.
    assert_eq!(guard.client().send(&[CITIZEN], CLEAN), TAKEN);

    let secure = Hop::at(port, |_| Answer::AsUsual);
    assert_eq!(guard.client().send(&[CITIZEN], CPR), TAKEN);
    assert_eq!(secure.messages(), [CPR.as_bytes()]);
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
    assert_eq!(guard.incident().0.as_deref(), Some("secured"));
}
