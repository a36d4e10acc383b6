//! An inspector hangs, which a stopped process does as well as any: in the middle of a message it is a gap, between two it is
//! nothing, and it is ended either way.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, TAKEN, large};

#[test]
fn in_the_middle_of_a_message_that_message_is_a_gap() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = ["inspect.workers = 1", "limits.read.time = \"3s\""];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let mut client = guard.client();
    let message = large(40);
    client.begin(&[CITIZEN]);
    client.say(&message);
    client.say(".\r\n");
    let stopped = guard.busy_inspector();
    stopped.stop();
    assert_eq!(client.hear(), TAKEN);
    assert_eq!(normal.count("DATA"), 0);
    assert!(secure.messages() == [message]);
    let lost = guard.told_once("an inspector was lost in a message, which is a gap");
    assert_eq!(lost["failure"], "it hangs");
    let [gap] = guard.facts().gaps.try_into().unwrap();
    assert_eq!(gap.reason, "timeout");
    assert_eq!(client.send(&[CITIZEN], "Subject: x\r\n\r\ny\r\n"), TAKEN);
    assert_eq!(normal.messages().len(), 1);
    assert!(guard.inspectors().iter().all(|it| it.pid != stopped.pid));
}

#[test]
fn between_two_messages_the_next_one_is_read_by_another() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &["inspect.workers = 1"]);
    let mut client = guard.client();
    let [stopped] = guard.inspectors().try_into().unwrap();
    stopped.stop();
    assert_eq!(client.send(&[CITIZEN], "Subject: x\r\n\r\ny\r\n"), TAKEN);
    assert_eq!((normal.messages().len(), secure.messages().len()), (1, 0));
    guard.told_once("an inspector did not take a message: another is asked");
    assert!(guard.inspectors().iter().all(|it| it.pid != stopped.pid));
}
