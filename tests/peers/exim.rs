//! Exim on either side: its queue in front of the guard, and Exim behind it.

use super::lab::{Refuses, Server, submit, wait};
use super::messages::{clean, is_as_sent, of};
use crate::journey::hop::{Answer, Hop, Word};
use crate::port::free_port;
use crate::postfix::lab::Guard;
use crate::postfix::sink::Sink;

const CITIZEN: &str = "karen@borger.example";
const COLLEAGUE: &str = "bo@kommune.example";

#[test]
fn as_a_client_its_messages_arrive_as_they_were_sent() {
    let (normal, secure) = (Sink::start(), Sink::start());
    let guard = Guard::start(normal.address.port(), secure.address.port());
    let exim = Server::exim(guard.port, Refuses::Nobody);
    for (at, (what, message)) in clean().into_iter().enumerate() {
        let answered = submit(exim.inlet, &[CITIZEN, COLLEAGUE], &message);
        assert_eq!(answered.error, None, "{what}");
        let arrived = normal.wait(at + 1).pop().unwrap();
        assert!(is_as_sent(&arrived.message, &message), "{what}");
        assert_eq!(arrived.recipients.len(), 2, "{what}");
        assert!(
            arrived
                .sender
                .starts_with("MAIL FROM:<meho@kommune.example>")
        );
    }
    let private = of("Svar", "CPR-nr. 140562-1234.\r\n");
    submit(exim.inlet, &[CITIZEN], &private);
    assert!(is_as_sent(&secure.wait(1)[0].message, &private));
    assert_eq!(normal.delivered().len(), clean().len());
    // Nothing is left in its queue: it took our answers for what they are.
    wait("the last delivery", || {
        (exim.log().matches(" Completed").count() == clean().len() + 1).then_some(())
    });
}

/// The next hop that refuses one recipient for good, and another the first time.
fn picky() -> Hop {
    let tried = std::sync::atomic::AtomicBool::new(false);
    Hop::that(move |word: Word<'_>| {
        if word.is("RCPT TO:<nobody@") {
            Answer::Say("550 5.1.1 No such mailbox")
        } else if word.is("RCPT TO:<later@")
            && !tried.swap(true, std::sync::atomic::Ordering::Relaxed)
        {
            Answer::Say("450 4.2.1 Come again")
        } else {
            Answer::AsUsual
        }
    })
}

#[test]
fn as_a_client_it_returns_what_is_refused_and_tries_again_what_is_deferred() {
    let (normal, secure) = (picky(), Sink::start());
    let guard = Guard::start(normal.port, secure.address.port());
    let exim = Server::exim(guard.port, Refuses::Nobody);
    let to = [CITIZEN, "nobody@borger.example", "later@borger.example"];
    let message = of("Referat", "Hermed referatet.\r\n");
    submit(exim.inlet, &to, &message);
    let refused = exim.logged(&["** nobody@borger.example"]);
    assert!(refused.contains("550 5.1.1 No such mailbox"), "{refused}");
    let deferred = exim.logged(&["== later@borger.example"]);
    assert!(deferred.contains("450 4.2.1 Come again"), "{deferred}");
    exim.logged(&["=> later@borger.example"]);
    // Once to the citizen, once to who was deferred, and the notice to the sender.
    wait("three messages", || {
        (normal.messages().len() == 3).then_some(())
    });
    let messages = normal.messages();
    let kept = messages
        .iter()
        .filter(|it| is_as_sent(it, &message))
        .count();
    assert_eq!(kept, 2);
    assert_eq!(normal.count(&format!("RCPT TO:<{CITIZEN}>")), 1);
}

#[test]
fn as_a_client_it_tells_the_sender_in_our_words_and_waits_while_nobody_listens() {
    let (normal, secure, port) = (Sink::start(), Sink::start(), free_port());
    let guard = Guard::start(normal.address.port(), port);
    let exim = Server::exim(guard.port, Refuses::Nobody);
    // In a subject a number is refused, for a gateway protects no subject.
    submit(
        exim.inlet,
        &[CITIZEN],
        &of("CPR-nr. 140562-1234", "Hej\r\n"),
    );
    let refused = exim.logged(&["** karen@borger.example"]);
    assert!(
        refused.contains("550") && refused.contains("5.7.1"),
        "{refused}"
    );
    let notice = normal.wait(1).pop().unwrap();
    let notice = String::from_utf8_lossy(&notice.message).into_owned();
    assert!(notice.contains("Reference"), "{notice}");

    let private = of("Svar", "CPR-nr. 140562-1234.\r\n");
    submit(exim.inlet, &[CITIZEN], &private);
    let deferred = exim.logged(&["== karen@borger.example"]);
    assert!(
        deferred.contains("451") && deferred.contains("4.4.1"),
        "{deferred}"
    );
    drop(secure);
    let secure = Sink::at(port);
    assert!(is_as_sent(&secure.wait(1)[0].message, &private));
    // However often it was tried, it is one incident beside the refused one.
    assert_eq!(guard.incidents().len(), 2);
}

#[test]
fn as_a_next_hop_it_gets_what_was_sent_and_its_refusals_are_passed_on() {
    let behind = Sink::start();
    let exim = Server::exim(behind.address.port(), Refuses::Some);
    let secure = Sink::start();
    let guard = Guard::start(exim.inlet, secure.address.port());
    for (at, (what, message)) in clean().into_iter().enumerate() {
        let to = [CITIZEN, "nobody@borger.example", "later@borger.example"];
        let answered = submit(guard.port, &to, &message);
        assert_eq!(answered.error, None, "{what}");
        let told: Vec<_> = answered.refused.iter().collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].1.starts_with("451 4.2.1 Come again"), "{told:?}");
        assert!(
            told[1].1.starts_with("550 5.1.1 No such mailbox"),
            "{told:?}"
        );
        let arrived = behind.wait(at + 1).pop().unwrap();
        assert!(is_as_sent(&arrived.message, &message), "{what}");
        assert_eq!(arrived.recipients.len(), 1, "{what}");
    }
}
