//! All messages together have reached what they may take: whoever would take more is deferred, and whoever goes makes room.

use super::guard::Guard;
use super::hop::Hop;
use super::watched::TELLS;
use super::{CITIZEN, CLEAN, TAKEN, large};

#[test]
fn a_message_beyond_the_total_is_deferred_until_others_are_gone() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = [TELLS, "spool.total = \"3MiB\"", "spool.memory = \"1MiB\""];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let (mut slow, mut other) = (guard.client(), guard.client());
    slow.begin(&[CITIZEN]);
    slow.say(large(2));
    guard.wait_until("two MiB to be kept", |guard| {
        guard.number("sluse_spool_bytes{where=\"disk\"}") > 1_900_000.0
    });
    assert_eq!(
        other.send(&[CITIZEN], large(2)),
        "452 4.3.1 No room for the message; try again later"
    );
    assert_eq!(
        guard.number("sluse_spool_refused_total{reason=\"full\"}"),
        1.0
    );
    let entry = guard.told_once("the message could not be kept");
    assert!(entry["error"].as_str().unwrap().contains("`spool.total`"));
    // What is small still fits.
    assert_eq!(other.send(&[CITIZEN], CLEAN), TAKEN);
    slow.say(".\r\n");
    assert_eq!(slow.hear(), TAKEN);
    assert_eq!(other.send(&[CITIZEN], large(2)), TAKEN);
    assert_eq!(normal.messages().len(), 3);
    guard.wait_until("all room to be free", |guard| {
        let kept = |place| guard.number(&format!("sluse_spool_bytes{{where=\"{place}\"}}"));
        kept("disk") + kept("memory") == 0.0
    });
}
