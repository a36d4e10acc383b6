//! The secure route will not have one of the recipients: SMTP has one reply for all, so nobody gets the message, and the
//! client is told why.

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, CPR};

fn picky() -> Hop {
    Hop::that(|word| {
        if word.is("RCPT TO:<nobody@") {
            Answer::Say("550 5.1.1 No certificate for this one")
        } else if word.is("RCPT TO:<later@") {
            Answer::Say("450 4.7.1 Its certificate is being fetched")
        } else {
            Answer::AsUsual
        }
    })
}

#[test]
fn nothing_is_sent_and_the_reply_is_that_refusal() {
    let (normal, secure) = (Hop::start(), picky());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    assert_eq!(
        client.send(&[CITIZEN, "nobody@borger.example"], CPR),
        "550 5.1.1 No certificate for this one"
    );
    assert_eq!((normal.count("DATA"), secure.count("DATA")), (0, 0));
    assert_eq!(
        guard.incident(),
        (Some("declined".to_owned()), vec!["opened", "declined"])
    );
    let entry = guard.told_once("refused");
    assert_eq!(entry["disposition"], "secure");
    assert_eq!(entry["reply"], "550 5.1.1 No certificate for this one");
    // The connection is used again, and nothing of the refused transaction is left on it.
    assert!(client.send(&[CITIZEN], CPR).starts_with("250"));
    assert_eq!(secure.messages(), [CPR.as_bytes()]);
    assert!(normal.messages().is_empty());
}

/// Another attempt may do better, and the refusal for good is still there then.
#[test]
fn a_refusal_for_now_comes_before_one_for_good() {
    let (normal, secure) = (Hop::start(), picky());
    let guard = Guard::between(&normal, &secure);
    assert_eq!(
        guard
            .client()
            .send(&["nobody@borger.example", "later@borger.example"], CPR),
        "450 4.7.1 Its certificate is being fetched"
    );
    assert_eq!((normal.count("DATA"), secure.count("DATA")), (0, 0));
    assert_eq!(guard.incident().0.as_deref(), Some("deferred"));
    guard.told_once("deferred");
}
