//! The client is gone before the message has ended: it never was a message, however near its end it was.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, TAKEN};

#[test]
fn nothing_was_sent_and_nothing_is_passed_on() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    for half in [
        "",
        "Subject: x\r\n\r\nCPR-nr. 140562-1234",
        "Subject: x\r\n\r\ny\r\n",
        "Subject: x\r\n\r\ny\r\n.",
        "Subject: x\r\n\r\ny\r\n.\r",
    ] {
        let mut client = guard.client();
        client.begin(&[CITIZEN]);
        client.say(half);
        client.vanish();
    }
    for entry in guard.told::<5>("the client was lost inside a transaction") {
        assert_eq!(entry["error"], "the client hung up");
        assert_eq!(entry["span"]["client"], "127.0.0.1");
    }
    assert_eq!((normal.count("DATA"), secure.count("DATA")), (0, 0));
    assert!(guard.incidents().is_empty());
    // What the five left behind at the next hop is no part of the sixth.
    assert_eq!(guard.client().send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
    assert_eq!(guard.told_once("passed on")["recipients"], 1);
}
