//! The next hop dies with the whole message, before it replied (the window of RFC 1047): it may have it, so one copy is
//! all that is ever sent.

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, CLEAN, CPR};

const UNKNOWN: &str = "451 4.4.2 The next hop was lost; whether it has the message is not known";

fn dies() -> Hop {
    Hop::answering(".", Answer::HangUp)
}

#[test]
fn on_the_normal_route_exactly_one_copy_was_sent() {
    let (normal, secure) = (dies(), dies());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    assert_eq!(client.send(&[CITIZEN], CLEAN), UNKNOWN);
    client.asks("NOOP", "250 2.0.0 Ok");
    assert_eq!(normal.count("DATA"), 1);
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
    assert!(secure.messages().is_empty());
    assert_eq!(
        guard.told_once("deferred")["error"],
        "route normal: the next hop hung up, at the end of the message; whether the next hop has the message is not known"
    );
    assert!(guard.incidents().is_empty());
}

#[test]
fn on_the_secure_route_the_incident_says_that_it_is_not_known() {
    let (normal, secure) = (dies(), dies());
    let guard = Guard::between(&normal, &secure);
    assert_eq!(guard.client().send(&[CITIZEN], CPR), UNKNOWN);
    assert_eq!(secure.messages(), [CPR.as_bytes()]);
    assert_eq!((secure.count("DATA"), normal.count("DATA")), (1, 0));
    assert_eq!(
        guard.incident(),
        (Some("unknown".to_owned()), vec!["opened", "unknown"])
    );
    let entry = guard.told_once("deferred");
    assert_eq!(entry["incident.id"], guard.incidents()[0].id);
    assert_eq!(
        entry["error"],
        "route secure: the next hop hung up, at the end of the message; whether the next hop has the message is not known"
    );
}
