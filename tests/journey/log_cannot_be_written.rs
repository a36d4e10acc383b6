//! Not a line can be written to the log, as where its disk is full: mail goes on, and incidents are recorded.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, CPR, TAKEN};

#[test]
fn mail_goes_on() {
    let (normal, secure) = (Hop::start(), Hop::start());
    // A doubtful time, so that there is something to say before there is a log.
    let keys = ["limits.time.verdict = \"200s\""];
    let mut guard = Guard::unheard(&normal, &secure, &keys);
    let mut client = guard.client();
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(client.send(&[CITIZEN], CPR), TAKEN);
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
    assert_eq!(secure.messages(), [CPR.as_bytes()]);
    assert_eq!(guard.incident().1, ["opened", "secured"]);
    guard.ask_to_stop();
    assert!(guard.ended().success());
    assert_eq!(guard.log(), "");
}
