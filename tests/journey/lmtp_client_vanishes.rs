//! LMTP: the client is gone when its message has just ended. It is carried to its end for every recipient.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, COLLEAGUE, CPR};

#[test]
fn all_get_it_once_and_the_incident_says_so() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    let mut client = guard.lmtp_client();
    client.begin(&[CITIZEN, COLLEAGUE]);
    client.say([CPR, ".\r\n"].concat());
    client.vanish();
    guard.told::<2>("passed on");
    assert_eq!(normal.messages(), [CPR.as_bytes()]);
    assert_eq!(secure.messages(), [CPR.as_bytes()]);
    assert_eq!(guard.incident().1, ["opened", "secured"]);
}
