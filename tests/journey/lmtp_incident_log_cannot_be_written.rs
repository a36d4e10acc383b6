//! LMTP: the incident log cannot be written. What holds for one recipient's incident holds for the message: all are deferred.

use std::fs;

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, COLLEAGUE, CPR, TAKEN};

const NOT_RECORDED: &str = "451 4.3.0 The incident log cannot be written; try again later";

#[test]
fn all_are_deferred_and_nothing_is_sent() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    let (database, aside) = (guard.path("incidents.db"), guard.path("aside.db"));
    fs::rename(&database, &aside).unwrap();
    let mut client = guard.lmtp_client();
    let both = [COLLEAGUE, CITIZEN];
    assert_eq!(client.send_each(both, CPR), [NOT_RECORDED, NOT_RECORDED]);
    assert_eq!((normal.count("DATA"), secure.count("DATA")), (0, 0));
    for line in guard.told::<2>("deferred") {
        let error = line["error"].as_str().unwrap();
        assert!(
            error.contains("was removed or replaced while in use"),
            "{error}"
        );
    }
    // A message without an incident needs no log.
    assert_eq!(client.send_each(both, CLEAN), [TAKEN, TAKEN]);
    fs::rename(&aside, &database).unwrap();
    assert_eq!(client.send_each(both, CPR), [TAKEN, TAKEN]);
    assert_eq!(guard.incident().0.as_deref(), Some("secured"));
    assert_eq!((normal.messages().len(), secure.messages().len()), (2, 1));
}
