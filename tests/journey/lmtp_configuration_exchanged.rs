//! LMTP: a message is begun on one normal route, and ends when there is another.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, COLLEAGUE, CPR, TAKEN};

#[test]
fn nobody_gets_it_by_the_route_that_is_no_more() {
    let (normal, secure, elsewhere) = (Hop::start(), Hop::start(), Hop::start());
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    let (mut whole, mut parted) = (guard.lmtp_client(), guard.lmtp_client());
    whole.begin(&[COLLEAGUE, CITIZEN]);
    parted.begin(&[COLLEAGUE, CITIZEN]);
    guard.tell(&[&format!(
        "route.normal.next_hop = \"127.0.0.1:{}\"",
        elsewhere.port
    )]);
    guard.ask_to_reload();
    guard.told_once("configuration exchanged");

    assert_eq!(whole.finish(CLEAN.strip_suffix(".\r\n").unwrap()), TAKEN);
    assert_eq!(whole.hear(), TAKEN);
    assert_eq!(elsewhere.commands("RCPT").len(), 2);
    assert_eq!(parted.finish(CPR), TAKEN);
    assert_eq!(parted.hear(), TAKEN);
    assert_eq!(
        elsewhere.commands("RCPT")[2..],
        [format!("RCPT TO:<{COLLEAGUE}>")]
    );
    assert_eq!(secure.commands("RCPT"), [format!("RCPT TO:<{CITIZEN}>")]);
    assert_eq!(elsewhere.messages().len(), 2);
    assert_eq!(normal.count("DATA"), 0);
}
