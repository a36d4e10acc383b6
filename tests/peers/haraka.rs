//! Haraka as a next hop, which forwards what it takes while we wait.

use super::lab::{Server, submit};
use super::messages::{clean, is_as_sent, of};
use crate::postfix::lab::Guard;
use crate::postfix::sink::Sink;

const CITIZEN: &str = "karen@borger.example";

#[test]
fn as_a_next_hop_it_gets_what_was_sent_and_its_refusals_are_passed_on() {
    let (behind, secure) = (Sink::start(), Sink::start());
    let haraka = Server::haraka(behind.address.port());
    let guard = Guard::start(haraka.inlet, secure.address.port());
    for (at, (what, message)) in clean().into_iter().enumerate() {
        let to = [CITIZEN, "nobody@borger.example", "later@borger.example"];
        let answered = submit(guard.port, &to, &message);
        assert_eq!(answered.error, None, "{what}");
        let told: Vec<_> = answered.refused.iter().collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].1.starts_with("450 4.2.1 Come again"), "{told:?}");
        assert!(
            told[1].1.starts_with("550 5.1.1 No such mailbox"),
            "{told:?}"
        );
        let arrived = behind.wait(at + 1).pop().unwrap();
        assert!(is_as_sent(&arrived.message, &message), "{what}");
        assert_eq!(arrived.recipients.len(), 1, "{what}");
    }
    for (subject, said) in [
        ("afvis mig", "550 5.6.0 Not this one"),
        ("senere", "450 4.3.0 Not now"),
    ] {
        let answered = submit(guard.port, &[CITIZEN], &of(subject, "Hej\r\n"));
        let error = answered.error.unwrap();
        assert!(error.starts_with(said), "{error}");
    }
    assert_eq!(behind.delivered().len(), clean().len());
}
