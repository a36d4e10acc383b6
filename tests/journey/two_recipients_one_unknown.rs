//! One of two recipients is not known: the other gets the message, by whichever route.

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, CLEAN, CPR, TAKEN};

#[test]
fn only_who_is_known_gets_it_on_every_route() {
    let normal = Hop::answering("RCPT TO:<nobody@", Answer::Say("550 5.1.1 Unknown"));
    let secure = Hop::start();
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    for message in [CLEAN, CPR] {
        assert!(
            client
                .ask("MAIL FROM:<meho@kommune.example>")
                .starts_with("250")
        );
        client.asks("RCPT TO:<nobody@borger.example>", "550 5.1.1 Unknown");
        client.asks(&format!("RCPT TO:<{CITIZEN}>"), "250 2.0.0 Fine");
        client.asks("DATA", "354 End data with <CR><LF>.<CR><LF>");
        assert_eq!(client.finish(message), TAKEN);
    }
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
    assert_eq!(secure.messages(), [CPR.as_bytes()]);
    assert_eq!(secure.commands("RCPT"), [format!("RCPT TO:<{CITIZEN}>")]);
    for entry in guard.told::<2>("passed on") {
        assert_eq!(entry["recipients"], 1);
    }
    assert_eq!(guard.incident().1, ["opened", "secured"]);
}
