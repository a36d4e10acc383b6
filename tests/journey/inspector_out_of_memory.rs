//! A message needs more memory than an inspector has: it is a gap, and other messages are read.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, TAKEN, large};

#[test]
fn the_message_is_a_gap_and_others_are_read_all_the_same() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = ["inspect.workers = 1", "inspect.memory = \"64MiB\""];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let mut client = guard.client();
    let message = large(40);
    assert_eq!(client.send(&[CITIZEN], &message), TAKEN);
    assert_eq!(normal.count("DATA"), 0);
    assert!(secure.messages() == [message]);
    let lost = guard.told_once("an inspector was lost in a message, which is a gap");
    let failure = lost["failure"].as_str().unwrap();
    assert!(failure.contains("inspect.memory"), "{failure}");
    let [gap] = guard.facts().gaps.try_into().unwrap();
    assert_eq!(gap.reason, "limit");
    assert_eq!(client.send(&[CITIZEN], "Subject: x\r\n\r\ny\r\n"), TAKEN);
    assert_eq!(normal.messages().len(), 1);
}
