//! Python: smtplib in front of the guard, aiosmtpd behind it, and nothing between them that changes an octet.

use super::lab::{Python, submit};
use super::messages::{clean, of};
use crate::port::free_port;
use crate::postfix::lab::Guard;

const CITIZEN: &str = "karen@borger.example";
const COLLEAGUE: &str = "bo@kommune.example";

#[test]
fn every_octet_arrives() {
    let (normal, secure) = (Python::start(), Python::start());
    let guard = Guard::start(normal.port, secure.port);
    for (at, (what, message)) in clean().into_iter().enumerate() {
        let answered = submit(guard.port, &[CITIZEN, COLLEAGUE], &message);
        assert_eq!(answered.error, None, "{what}");
        let kept = normal.wait(at + 1).pop().unwrap();
        assert!(kept.message == message, "{what}");
        assert_eq!(kept.from, "meho@kommune.example");
        assert_eq!(kept.to, [CITIZEN, COLLEAGUE]);
        assert!(
            kept.options.iter().any(|it| it == "BODY=8BITMIME"),
            "{what}"
        );
    }
    let private = of("Svar", "CPR-nr. 140562-1234.\r\n");
    assert_eq!(submit(guard.port, &[CITIZEN], &private).error, None);
    assert!(secure.wait(1)[0].message == private);
}

#[test]
fn refusals_are_passed_on_word_for_word() {
    let normal = Python::start();
    let guard = Guard::start(normal.port, free_port());
    let to = [CITIZEN, "nobody@borger.example", "later@borger.example"];
    let answered = submit(guard.port, &to, &of("Referat", "Hej\r\n"));
    assert_eq!(answered.error, None);
    assert_eq!(answered.refused[to[1]], "550 5.1.1 No such mailbox");
    assert_eq!(answered.refused[to[2]], "450 4.2.1 Come again");
    assert_eq!(normal.wait(1)[0].to, [CITIZEN]);
    let answered = submit(guard.port, &[CITIZEN], &of("afvis mig", "Hej\r\n"));
    assert_eq!(answered.error.unwrap(), "554 5.6.0 Not this one");
    // In a subject a number is refused, and a secure route that is not there defers.
    let answered = submit(
        guard.port,
        &[CITIZEN],
        &of("140562-1234", "CPR-nr. 140562-1234\r\n"),
    );
    let refused = answered.error.unwrap();
    assert!(refused.starts_with("550 5.7.1 "), "{refused}");
    let answered = submit(
        guard.port,
        &[CITIZEN],
        &of("Svar", "CPR-nr. 140562-1234\r\n"),
    );
    let deferred = answered.error.unwrap();
    assert!(deferred.starts_with("451 4.4.1 "), "{deferred}");
    assert_eq!(normal.wait(1).len(), 1);
}
