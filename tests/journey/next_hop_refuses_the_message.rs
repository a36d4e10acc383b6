//! The next hop will not have the message: its reply is the client's, word for word, and so is the decision.

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, CLEAN, CPR};

const WORDS: &str =
    "554-5.7.1 This message is not wanted:\n554 5.7.1 see https://postmaster.example/why?id=7";

#[test]
fn after_the_final_dot() {
    for (reply, told) in [
        (WORDS, "refused"),
        ("552 5.2.2 Mailbox full", "refused"),
        ("452 4.3.1 No room", "deferred"),
    ] {
        let (normal, secure) = (Hop::answering(".", Answer::Say(reply)), Hop::start());
        let guard = Guard::between(&normal, &secure);
        let mut client = guard.client();
        assert_eq!(client.send(&[CITIZEN], CLEAN), reply);
        client.asks("NOOP", "250 2.0.0 Ok");
        assert_eq!(normal.count("DATA"), 1);
        assert!(secure.messages().is_empty());
        let entry = guard.told_once(told);
        assert_eq!(entry["disposition"], "relay");
        assert!(entry["reply"].as_str().unwrap().starts_with(&reply[..3]));
    }
}

#[test]
fn at_data() {
    let (normal, secure) = (Hop::answering("DATA", Answer::Say(WORDS)), Hop::start());
    let guard = Guard::between(&normal, &secure);
    assert_eq!(guard.client().send(&[CITIZEN], CLEAN), WORDS);
    assert!(normal.messages().is_empty() && secure.messages().is_empty());
    guard.told_once("refused");
}

#[test]
fn on_the_secure_route_the_incident_says_that_it_was_declined() {
    let (normal, secure) = (Hop::start(), Hop::answering(".", Answer::Say(WORDS)));
    let guard = Guard::between(&normal, &secure);
    assert_eq!(guard.client().send(&[CITIZEN], CPR), WORDS);
    assert_eq!(normal.count("DATA"), 0);
    assert_eq!(
        guard.incident(),
        (Some("declined".to_owned()), vec!["opened", "declined"])
    );
    assert_eq!(guard.told_once("refused")["disposition"], "secure");
}

/// 421 ends the next hop's conversation with us, and not ours with the client.
#[test]
fn with_a_421_which_is_said_as_451() {
    let (normal, secure) = (
        Hop::answering(".", Answer::Say("421 4.3.2 Going down")),
        Hop::start(),
    );
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    assert_eq!(client.send(&[CITIZEN], CLEAN), "451 4.3.2 Going down");
    client.asks("NOOP", "250 2.0.0 Ok");
    assert_eq!(normal.count("DATA"), 1);
    guard.told_once("deferred");
}
