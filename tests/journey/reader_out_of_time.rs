//! Reading takes longer than it may: what was not read is a gap, which goes the secure way and is an incident.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, TAKEN, large};

#[test]
fn what_was_not_read_is_not_clean() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = ["limits.read.time = \"1ms\""];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let message = large(2);
    assert_eq!(guard.client().send(&[CITIZEN], &message), TAKEN);
    assert_eq!(normal.count("DATA"), 0);
    assert!(secure.messages() == [message]);
    let entry = guard.told_once("passed on");
    assert_eq!(entry["disposition"], "secure");
    assert_eq!(entry["rules"], "unread");
    assert_eq!(entry["finding.count"], 0);
    assert!(entry["gap.count"].as_u64() >= Some(1));
    assert_eq!(
        guard.incident(),
        (Some("secured".to_owned()), vec!["opened", "secured"])
    );
}
