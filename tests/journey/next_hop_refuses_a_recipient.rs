//! The next hop knows its recipients better than we: what it says of one is what the client hears, word for word.

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, CLEAN, COLLEAGUE, TAKEN};

fn picky() -> Hop {
    Hop::that(|word| {
        if word.is("RCPT TO:<nobody@") {
            Answer::Say(
                "550-5.1.1 <nobody@borger.example>: unknown;\n550 5.1.1 ask [192.0.2.1] why",
            )
        } else if word.is("RCPT TO:<later@") {
            Answer::Say("450 4.2.0 Greylisted; come again")
        } else if word.is("RCPT TO:<old@") {
            Answer::Say("551 Moved")
        } else {
            Answer::AsUsual
        }
    })
}

#[test]
fn its_reply_passes_through_and_the_others_get_the_message() {
    let (normal, secure) = (picky(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    assert!(
        client
            .ask("MAIL FROM:<meho@kommune.example>")
            .starts_with("250")
    );
    client.asks(
        "RCPT TO:<nobody@borger.example>",
        "550-5.1.1 <nobody@borger.example>: unknown;\n550 5.1.1 ask [192.0.2.1] why",
    );
    client.asks(
        "RCPT TO:<later@borger.example>",
        "450 4.2.0 Greylisted; come again",
    );
    // We announced enhanced status codes, so each reply has one (RFC 2034 section 4).
    client.asks("RCPT TO:<old@borger.example>", "551 5.0.0 Moved");
    client.asks(&format!("RCPT TO:<{CITIZEN}>"), "250 2.0.0 Fine");
    client.asks(&format!("RCPT TO:<{COLLEAGUE}>"), "250 2.0.0 Fine");
    client.asks("DATA", "354 End data with <CR><LF>.<CR><LF>");
    assert_eq!(client.finish(CLEAN), TAKEN);
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
    assert_eq!(guard.told_once("passed on")["recipients"], 2);
    assert!(secure.messages().is_empty());
}

#[test]
fn where_all_are_refused_no_message_is_taken() {
    let (normal, secure) = (picky(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    assert!(
        client
            .ask("MAIL FROM:<meho@kommune.example>")
            .starts_with("250")
    );
    assert!(
        client
            .ask("RCPT TO:<nobody@borger.example>")
            .starts_with("550")
    );
    client.asks("DATA", "554 5.5.1 No valid recipients");
    client.asks("RSET", "250 2.0.0 Ok");
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    // What was refused is no recipient of the next transaction.
    assert_eq!(guard.told_once("passed on")["recipients"], 1);
    assert_eq!(normal.messages().len(), 1);
}
