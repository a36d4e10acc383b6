//! The client is gone when its message has just ended: it is carried to its end, whole and once, for whoever has it by
//! then must be known.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CPR, large};

#[test]
fn the_message_arrives_whole_and_once_and_the_log_says_so() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let message = large(1);
    for (message, hop) in [(&*message, &normal), (CPR.as_bytes(), &secure)] {
        let mut client = guard.client();
        client.begin(&[CITIZEN]);
        client.say([message, b".\r\n"].concat());
        client.vanish();
        guard.wait_until("the message", |_| !hop.messages().is_empty());
        assert!(hop.messages() == [message]);
    }
    let [relayed, secured] = guard.told("passed on");
    assert_eq!(relayed["disposition"], "relay");
    assert_eq!(relayed["size_bytes"], message.len());
    assert_eq!(secured["disposition"], "secure");
    assert_eq!(normal.messages().len() + secure.messages().len(), 2);
    guard.wait_until("the outcome", |guard| {
        guard.incident().1 == ["opened", "secured"]
    });
}
