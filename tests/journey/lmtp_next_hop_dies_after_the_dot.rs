//! LMTP: one of two next hops dies with the whole message, before it replied. Whether its recipients have it is not known, and
//! that is said of them alone.

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, COLLEAGUE, CPR, TAKEN};

const UNKNOWN: &str = "451 4.4.2 The next hop was lost; whether it has the message is not known";

#[test]
fn on_the_secure_route() {
    let (normal, secure) = (Hop::start(), Hop::answering(".", Answer::HangUp));
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    let to = [COLLEAGUE, CITIZEN, COLLEAGUE, "ib@borger.example"];
    let replies = guard.lmtp_client().send_each(to, CPR);
    assert_eq!(replies, [TAKEN, UNKNOWN, TAKEN, UNKNOWN]);
    assert_eq!((normal.messages().len(), secure.messages().len()), (1, 1));
    assert_eq!(guard.incident().1, ["opened", "unknown"]);
    assert_eq!(guard.told_once("deferred")["recipients"], 2);
    assert_eq!(guard.told_once("passed on")["recipients"], 2);
}

#[test]
fn on_the_normal_route() {
    let (normal, secure) = (Hop::answering(".", Answer::HangUp), Hop::start());
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    let replies = guard.lmtp_client().send_each([COLLEAGUE, CITIZEN], CPR);
    assert_eq!(replies, [UNKNOWN, TAKEN]);
    // One copy is all that was ever sent.
    assert_eq!((normal.messages().len(), secure.messages().len()), (1, 1));
    assert_eq!(guard.incident().1, ["opened", "secured"]);
}

/// A recipient refused at RCPT is refused for good, whatever becomes of the message for the others.
#[test]
fn who_was_refused_before_is_not_unknown() {
    let normal = Hop::start();
    let secure = Hop::that(|word| {
        if word.is("RCPT TO:<nobody@") {
            Answer::Say("550 5.1.1 No certificate for this one")
        } else if word.is(".") {
            Answer::HangUp
        } else {
            Answer::AsUsual
        }
    });
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    let to = [CITIZEN, "nobody@borger.example"];
    let replies = guard.lmtp_client().send_each(to, CPR);
    assert_eq!(replies, [UNKNOWN, "550 5.1.1 No certificate for this one"]);
    assert_eq!(guard.incident().1, ["opened", "mixed"]);
}
