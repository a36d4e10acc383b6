//! A client that comes as soon as it can is told all that the next hop takes, however long that takes to say so.

use std::thread;
use std::time::Duration;

use super::guard::Guard;
use super::hop::{Answer, Hop, Word};

#[test]
fn the_first_client_is_told_all_that_the_next_hop_takes() {
    let normal = Hop::that(|word| {
        if matches!(word, Word::Nothing) {
            thread::sleep(Duration::from_millis(200));
        }
        Answer::AsUsual
    });
    let secure = Hop::start();
    let guard = Guard::between(&normal, &secure);
    assert!(guard.client().offers("SMTPUTF8"));
}
