//! The next hop dies in the middle of the end of data: nobody can know from outside that it did not read the rest.

use super::client::stuffed;
use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, CLEAN};

#[test]
fn a_half_read_end_of_data_is_an_unknown_outcome() {
    let wire = stuffed(CLEAN.as_bytes()).len() as u64;
    for half in [0, 1, 2] {
        let normal = Hop::answering("DATA", Answer::Cut(wire + half));
        let secure = Hop::start();
        let guard = Guard::between(&normal, &secure);
        let mut client = guard.client();
        assert_eq!(
            client.send(&[CITIZEN], CLEAN),
            "451 4.4.2 The next hop was lost; whether it has the message is not known"
        );
        client.asks("NOOP", "250 2.0.0 Ok");
        assert_eq!(normal.count("DATA"), 1, "nothing is tried again");
        assert!(normal.messages().is_empty() && secure.messages().is_empty());
        let entry = guard.told_once("deferred");
        let error = entry["error"].as_str().unwrap();
        assert!(
            error.ends_with(
                ", at the end of the message; whether the next hop has the message is not known"
            ),
            "{error}"
        );
    }
}
