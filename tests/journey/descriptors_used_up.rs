//! More connections come than there are descriptors for: none of them ends the guard, and when some go, others come in.

use std::process::Command;

use super::client::Client;
use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, TAKEN};

#[test]
fn connections_beyond_the_descriptors_wait_and_nothing_falls() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let few = |program: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -n 48; exec \"$0\" \"$@\"", program]);
        command
    };
    let keys = ["inspect.workers = 2", "ocr.program = \"\""];
    let guard = Guard::run(normal.port, secure.port, &keys, few);
    let mut kept = guard.client();
    let idle: Vec<_> = (0..60)
        .map(|_| Client::connected(guard.address()))
        .collect();
    guard.wait_until("descriptors to be used up", |guard| {
        let mut entries = guard.entries().into_iter();
        entries.any(|entry| entry["message"] == "a connection could not be accepted")
    });
    // Whoever is in gets an answer, though there is nothing to reach a next hop by.
    let reply = kept.ask("MAIL FROM:<meho@kommune.example>");
    assert!(
        reply.starts_with("451 4.4.1") || reply.starts_with("250"),
        "{reply}"
    );
    drop(idle);
    guard.wait_until("room", |guard| {
        guard.client().send(&[CITIZEN], CLEAN) == TAKEN
    });
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
}
