//! OpenSMTPD on either side.

use super::lab::{Server, submit};
use super::messages::{clean, is_as_sent, of};
use crate::journey::hop::{Answer, Hop};
use crate::port::free_port;
use crate::postfix::lab::Guard;
use crate::postfix::sink::Sink;

const CITIZEN: &str = "karen@borger.example";
const COLLEAGUE: &str = "bo@kommune.example";

#[test]
fn as_a_client_its_messages_arrive_as_they_were_sent() {
    let (normal, secure) = (Sink::start(), Sink::start());
    let guard = Guard::start(normal.address.port(), secure.address.port());
    let server = Server::opensmtpd(guard.port);
    for (at, (what, message)) in clean().into_iter().enumerate() {
        let answered = submit(server.inlet, &[CITIZEN, COLLEAGUE], &message);
        assert_eq!(answered.error, None, "{what}");
        let arrived = normal.wait(at + 1).pop().unwrap();
        assert!(is_as_sent(&arrived.message, &message), "{what}");
        assert_eq!(arrived.recipients.len(), 2, "{what}");
    }
    let private = of("Svar", "CPR-nr. 140562-1234.\r\n");
    submit(server.inlet, &[CITIZEN], &private);
    assert!(is_as_sent(&secure.wait(1)[0].message, &private));
    assert_eq!(normal.delivered().len(), clean().len());
}

#[test]
fn as_a_client_it_returns_what_is_refused_and_keeps_what_is_deferred() {
    let normal = Hop::that(|word| {
        if word.is("RCPT TO:<nobody@") {
            Answer::Say("550 5.1.1 No such mailbox")
        } else {
            Answer::AsUsual
        }
    });
    let guard = Guard::start(normal.port, free_port());
    let server = Server::opensmtpd(guard.port);
    let to = [CITIZEN, "nobody@borger.example"];
    submit(server.inlet, &to, &of("Referat", "Hermed referatet.\r\n"));
    server.logged(&["<karen@borger.example>", "result=\"Ok\""]);
    let refused = server.logged(&["<nobody@borger.example>", "result=\"PermFail\""]);
    assert!(refused.contains("550 5.1.1 No such mailbox"), "{refused}");
    submit(
        server.inlet,
        &[CITIZEN],
        &of("Svar", "CPR-nr. 140562-1234.\r\n"),
    );
    let deferred = server.logged(&["<karen@borger.example>", "result=\"TempFail\""]);
    assert!(deferred.contains("451 4.4.1"), "{deferred}");
    assert_eq!(guard.incidents().len(), 1);
}

#[test]
fn as_a_next_hop_it_gets_what_was_sent() {
    let (behind, secure) = (Sink::start(), Sink::start());
    let server = Server::opensmtpd(behind.address.port());
    let guard = Guard::start(server.inlet, secure.address.port());
    for (at, (what, message)) in clean().into_iter().enumerate() {
        let answered = submit(guard.port, &[CITIZEN, COLLEAGUE], &message);
        assert_eq!(answered.error, None, "{what}");
        assert!(answered.refused.is_empty(), "{answered:?}");
        let arrived = behind.wait(at + 1).pop().unwrap();
        assert!(is_as_sent(&arrived.message, &message), "{what}");
    }
}
