//! A message that is too large is refused, before it is sent where its size was told, and after it where not.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, TAKEN, large};

#[test]
fn it_is_refused_and_the_dialogue_stays_in_step() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = ["limits.wire.message = \"100KiB\""];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let mut client = guard.client();
    assert!(client.offers("SIZE 102400"));
    client.asks(
        "MAIL FROM:<meho@kommune.example> SIZE=102401",
        "552 5.3.4 Message too large",
    );
    assert_eq!(
        client.send(&[CITIZEN], large(1)),
        "552 5.3.4 Message too large"
    );
    assert_eq!(
        guard.told_once("a message is refused while it arrives")["reply"],
        "552 5.3.4 Message too large"
    );
    // To the octet.
    let exact = format!("{}\r\n", "x".repeat(102_398));
    assert_eq!(client.send(&[CITIZEN], &exact), TAKEN);
    let over = format!("{}\r\n", "x".repeat(102_399));
    assert_eq!(
        client.send(&[CITIZEN], &over),
        "552 5.3.4 Message too large"
    );
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(normal.messages(), [exact.as_bytes(), CLEAN.as_bytes()]);
    assert!(secure.messages().is_empty());
}
