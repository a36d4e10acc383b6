//! `route_conflict = "defer"`: a recipient who is protected otherwise than the first comes in another transaction.

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, COLLEAGUE, CPR, TAKEN};

const OTHERWISE: &str =
    "452 4.5.3 This recipient is protected otherwise; send it in another transaction";

#[test]
fn the_client_splits_what_must_be_split() {
    let normal = Hop::answering("RCPT TO:<nobody@", Answer::Say("550 5.1.1 Unknown"));
    let secure = Hop::start();
    let keys = ["listen.route_conflict = \"defer\""];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let mut client = guard.client();
    assert!(
        client
            .ask("MAIL FROM:<meho@kommune.example>")
            .starts_with("250")
    );
    // Whoever was refused is not the first.
    client.asks("RCPT TO:<nobody@kommune.example>", "550 5.1.1 Unknown");
    client.asks(&format!("RCPT TO:<{CITIZEN}>"), "250 2.0.0 Fine");
    client.asks(&format!("RCPT TO:<{COLLEAGUE}>"), OTHERWISE);
    client.asks("RCPT TO:<ib@borger.example>", "250 2.0.0 Fine");
    client.asks("DATA", "354 End data with <CR><LF>.<CR><LF>");
    assert_eq!(client.finish(CPR), TAKEN);
    assert_eq!(client.send(&[COLLEAGUE], CPR), TAKEN);
    assert_eq!(secure.messages().len(), 1);
    assert_eq!(secure.count("RCPT"), 2);
    assert_eq!(normal.messages(), [CPR.as_bytes()]);
    // The next hop was not asked about somebody who was deferred.
    let colleagues = normal.commands(&format!("RCPT TO:<{COLLEAGUE}>"));
    assert_eq!(colleagues.len(), 1);
}

#[test]
fn over_lmtp_there_is_nothing_to_split() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = ["listen.route_conflict = \"defer\""];
    let guard = Guard::by_lmtp(normal.port, secure.port, &keys);
    let replies = guard.lmtp_client().send_each([CITIZEN, COLLEAGUE], CPR);
    assert_eq!(replies, [TAKEN, TAKEN]);
}
