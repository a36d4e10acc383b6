//! LMTP: the secure route is down. Who needs it is deferred; nobody else is.

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, COLLEAGUE, CPR, TAKEN};
use crate::port::free_port;

const DOWN: &str = "451 4.4.1 The next hop cannot be reached; try again later";

#[test]
fn only_who_needs_it_is_deferred_and_comes_again() {
    let normal = Hop::start();
    let port = free_port();
    let guard = Guard::by_lmtp(normal.port, port, &[]);
    let mut client = guard.lmtp_client();
    let replies = client.send_each([CITIZEN, COLLEAGUE], CPR);
    assert_eq!(replies, [DOWN, TAKEN]);
    assert_eq!(normal.messages(), [CPR.as_bytes()]);
    assert_eq!(guard.incident().1, ["opened", "deferred"]);
    let line = guard.told_once("deferred");
    assert_eq!(
        (&line["recipients"], &line["disposition"]),
        (&1.into(), &"secure".into())
    );
    assert_eq!(guard.told_once("passed on")["disposition"], "relay");
    // The mail server tries again for him alone, and that is the same incident.
    let secure = Hop::at(port, |_| Answer::AsUsual);
    assert_eq!(client.send_each([CITIZEN], CPR), [TAKEN]);
    assert_eq!(
        guard.incident().1,
        ["opened", "deferred", "repeated", "secured"]
    );
    assert_eq!((normal.messages().len(), secure.messages().len()), (1, 1));
}

/// The connection that stands in lockstep is lost when the envelope is to be told anew: another is opened.
#[test]
fn a_normal_next_hop_that_hangs_up_at_rset_is_connected_to_again() {
    let normal = Hop::answering("RSET", Answer::HangUp);
    let secure = Hop::start();
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    let replies = guard.lmtp_client().send_each([CITIZEN, COLLEAGUE], CPR);
    assert_eq!(replies, [TAKEN, TAKEN]);
    assert_eq!((normal.messages().len(), secure.messages().len()), (1, 1));
}
