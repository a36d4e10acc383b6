//! LMTP: one next hop says nothing after the dot. The others do not wait for it, or their time would be over too.

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, COLLEAGUE, CPR, TAKEN};

const UNKNOWN: &str = "451 4.4.2 The next hop was lost; whether it has the message is not known";

/// A next hop is waited for longer than a message may take until it is sent on.
const KEYS: [&str; 5] = [
    "limits.time.verdict = \"4s\"",
    "ocr.program = \"\"",
    "limits.time.final_dot = \"6s\"",
    "limits.read.time = \"2s\"",
    "incident.patience = \"1s\"",
];

#[test]
fn the_secure_route_does_not_wait_for_the_normal_one() {
    let (normal, secure) = (Hop::answering(".", Answer::Stall), Hop::start());
    let guard = Guard::by_lmtp(normal.port, secure.port, &KEYS);
    let replies = guard.lmtp_client().send_each([COLLEAGUE, CITIZEN], CPR);
    assert_eq!(replies, [UNKNOWN, TAKEN]);
    assert_eq!((normal.messages().len(), secure.messages().len()), (1, 1));
}

#[test]
fn the_normal_route_does_not_wait_for_the_secure_one() {
    let (normal, secure) = (Hop::start(), Hop::answering(".", Answer::Stall));
    let guard = Guard::by_lmtp(normal.port, secure.port, &KEYS);
    let replies = guard.lmtp_client().send_each([COLLEAGUE, CITIZEN], CPR);
    assert_eq!(replies, [TAKEN, UNKNOWN]);
    assert_eq!((normal.messages().len(), secure.messages().len()), (1, 1));
    assert_eq!(guard.incident().1, ["opened", "unknown"]);
}
