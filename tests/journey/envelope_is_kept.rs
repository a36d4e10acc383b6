//! The envelope reaches the next hop as it was typed: what it does not offer is not offered to the client either.

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CLEAN, CPR, TAKEN};

const MAIL: &str =
    "MAIL FROM:<MeHo+Sag.7@Kommune.Example> size=300 Body=8bitMIME RET=hdrs ENVID=Qq3+2B14";
const RCPT: &str = "RCPT TO:<\"odd name\"@Borger.Example> Notify=SUCCESS,failure ORCPT=rfc822;odd+20name@Borger.Example";

#[test]
fn as_typed_on_either_route() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client_offered("DSN");
    let xforward = "XFORWARD NAME=pc7.kommune.example ADDR=10.1.2.3 IDENT=4Xyz1";
    for message in [CLEAN, CPR] {
        client.asks(xforward, "250 2.0.0 Ok");
        client.asks(MAIL, "250 2.0.0 Fine");
        client.asks(RCPT, "250 2.0.0 Fine");
        client.asks("DATA", "354 End data with <CR><LF>.<CR><LF>");
        assert_eq!(client.finish(message), TAKEN);
    }
    assert_eq!(normal.commands("MAIL"), [MAIL, MAIL]);
    assert_eq!(normal.commands("RCPT"), [RCPT, RCPT]);
    assert_eq!(normal.commands("XFORWARD"), [xforward, xforward]);
    // By then the size is known, so it is told.
    let size = MAIL.replace(" size=300", "") + &format!(" SIZE={}", CPR.len());
    assert_eq!(secure.commands("MAIL"), [size]);
    assert_eq!(secure.commands("RCPT"), [RCPT]);
    assert_eq!(secure.commands("XFORWARD"), [xforward]);
    for entry in guard.told::<2>("passed on") {
        assert_eq!(entry["client.ident"], "4Xyz1");
    }
}

#[test]
fn a_notice_has_no_sender_and_utf8_addresses_stay_so() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client_offered("SMTPUTF8");
    for (mail, rcpt) in [
        ("MAIL FROM:<>", "RCPT TO:<meho@kommune.example>"),
        (
            "MAIL FROM:<søren@kommune.example> SMTPUTF8",
            "RCPT TO:<åse@Øster.example>",
        ),
    ] {
        client.asks(mail, "250 2.0.0 Fine");
        client.asks(rcpt, "250 2.0.0 Fine");
        client.asks("DATA", "354 End data with <CR><LF>.<CR><LF>");
        assert_eq!(client.finish(CLEAN), TAKEN);
        assert_eq!(normal.commands("MAIL").pop().as_deref(), Some(mail));
        assert_eq!(normal.commands("RCPT").pop().as_deref(), Some(rcpt));
    }
    assert!(secure.messages().is_empty());
    guard.told::<2>("passed on");
}

#[test]
fn what_one_of_the_next_hops_lacks_is_not_offered() {
    let (normal, secure) = (
        Hop::start(),
        Hop::answering(
            "EHLO",
            Answer::Say("250-gateway\n250-8BITMIME\n250 SIZE 1000"),
        ),
    );
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client_offered("SIZE 1000");
    assert!(!client.offers("DSN") && !client.offers("SMTPUTF8"));
    assert!(client.offers("8BITMIME") && client.offers("PIPELINING"));
    client.asks(
        "MAIL FROM:<meho@kommune.example> RET=HDRS",
        "555 5.5.4 Parameter not recognized",
    );
    assert_eq!(normal.count("MAIL"), 0);
}
