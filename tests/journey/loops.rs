//! A message that has been here too often goes round in a circle.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, TAKEN};

#[test]
fn beyond_fifty_hops_a_message_is_refused() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let after = |hops: usize| {
        let hop = "Received: from a.example\r\n\tby b.example; Mon, 16 Nov 2026 09:12:00 +0100\r\n";
        hop.repeat(hops) + CLEAN
    };
    let mut client = guard.client();
    assert_eq!(client.send(&[CITIZEN], after(50)), TAKEN);
    assert_eq!(
        client.send(&[CITIZEN], after(51)),
        "554 5.4.6 Too many hops; this message goes in a circle"
    );
    let entry = guard.told_once("a message is refused while it arrives");
    assert_eq!(
        entry["reply"],
        "554 5.4.6 Too many hops; this message goes in a circle"
    );
    client.asks("NOOP", "250 2.0.0 Ok");
    // An attached message has hops of its own.
    let attached = format!("Subject: x\r\n\r\n{}", after(60));
    assert_eq!(client.send(&[CITIZEN], &attached), TAKEN);
    assert_eq!(
        normal.messages(),
        [after(50).as_bytes(), attached.as_bytes()]
    );
    assert!(secure.messages().is_empty());
}
