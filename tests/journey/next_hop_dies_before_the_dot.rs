//! The next hop dies while it reads the message: it has nothing, and the client sends it again.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, TAKEN, large};

#[test]
fn nothing_was_handed_over_and_the_next_attempt_is_the_only_copy() {
    let deaths = AtomicUsize::new(0);
    let normal = Hop::that(move |word| {
        let first = word.is("DATA") && deaths.fetch_add(1, Ordering::Relaxed) == 0;
        if first {
            Answer::Cut(100_000)
        } else {
            Answer::AsUsual
        }
    });
    let secure = Hop::start();
    let guard = Guard::between(&normal, &secure);
    let message = large(12);
    let mut client = guard.client();
    assert_eq!(
        client.send(&[CITIZEN], &message),
        "451 4.4.2 The next hop was lost; nothing was sent; try again later"
    );
    // Within the transaction, nothing is tried again: the client has been told to.
    assert_eq!(normal.count("DATA"), 1);
    let entry = guard.told_once("deferred");
    let error = entry["error"].as_str().unwrap();
    assert!(
        error.starts_with("route normal: the connection failed: ")
            && error.ends_with(", inside the message; the message was not handed over"),
        "{error}"
    );
    assert_eq!(entry["disposition"], "relay");

    assert_eq!(client.send(&[CITIZEN], &message), TAKEN);
    assert!(normal.messages() == [message]);
    guard.told_once("passed on");
    assert!(secure.messages().is_empty());
}
