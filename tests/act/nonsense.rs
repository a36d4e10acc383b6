//! A next hop that does not speak SMTP, or is elsewhere in the conversation.

use sluse::act::{Cause, Custody};
use sluse::smtp::client::NotSmtp;

use super::hop::Hop;
use super::{DATA, ENVELOPE, HELLO, relay, script, spooled, way, wire};

async fn cause(script: &str) -> Cause {
    let hop = Hop::play(&[script]);
    // More than the buffers of two sockets take in (`net.ipv4.tcp_wmem` allows 4 MiB): what is all written may be answered.
    let message = spooled(&vec![b'x'; 16 << 20]);
    let trouble = relay(&way(hop.port), &message).await.unwrap_err();
    assert_eq!(trouble.custody, Custody::Kept, "{trouble}");
    assert!(
        wire(&trouble.reply()).starts_with("451 4.5.0 "),
        "{trouble}"
    );
    assert_eq!(hop.heard_whatever().messages.len(), 0, "{trouble}");
    trouble.cause
}

#[tokio::test]
async fn what_is_no_reply_is_named() {
    let endless = format!("> {}", "250-x\\r\\n".repeat(101));
    let long = format!("> 220 {}", "x".repeat(2 << 20));
    for (script, expected) in [
        ("> SSH-2.0-OpenSSH", NotSmtp::Code),
        ("> 000 hop", NotSmtp::Code),
        ("> 999 hop", NotSmtp::Code),
        ("> 220hop", NotSmtp::Separator),
        ("> 220-a\n > 250 b", NotSmtp::MixedCodes),
        ("> 220 a\\0", NotSmtp::Control),
        (&endless, NotSmtp::TooManyLines),
        (&long, NotSmtp::LineTooLong),
    ] {
        let cause = cause(script).await;
        assert!(
            matches!(cause, Cause::NotSmtp(found) if found == expected),
            "{cause}"
        );
    }
}

#[tokio::test]
async fn a_reply_to_something_else_ends_the_conversation() {
    for (parts, code) in [
        (&["> 250 hop"][..], 250),
        (&["> 354 go"], 354),
        (&["> 220 hop\n < EHLO\n > 354 go"], 354),
        (&[HELLO, "< MAIL\n > 354 go"], 354),
        (&[HELLO, "< MAIL\n > 250 Ok\n < RCPT\n > 354 go"], 354),
        (&[HELLO, ENVELOPE, "< DATA\n > 250 Ok"], 250),
        (&[HELLO, ENVELOPE, "< DATA\n > 334 go"], 334),
    ] {
        let cause = cause(&parts.concat()).await;
        assert!(
            matches!(cause, Cause::OutOfStep(found) if found == code),
            "{cause}"
        );
    }
}

#[tokio::test]
async fn a_reply_nobody_asked_for_ends_the_conversation() {
    for parts in [
        &["> 220 hop\\r\\n250 Ok"][..],
        &[HELLO, "< MAIL\n > 250 Ok\\r\\n250 Ok"],
        &[HELLO, "< MAIL\n > 250 Ok\\n250 Ok"],
        &[HELLO, "< MAIL\n > 250 Ok\\r\\n25\\\n ! pause"],
        &[HELLO, ENVELOPE, "< DATA\n > 354 go\\r\\n250 Ok"],
        &[HELLO, ENVELOPE, DATA, "> 354 go"],
        &[HELLO, ENVELOPE, DATA, "! octets 9000\n > 250 Ok\n ! pause"],
    ] {
        let cause = cause(&parts.concat()).await;
        assert!(matches!(cause, Cause::Unasked), "{cause}");
    }
}

#[tokio::test]
async fn a_connection_that_said_too_much_is_not_used_again() {
    let first = script(&[HELLO, ENVELOPE, DATA, "! message \n > 250 Ok\\r\\n250 Ok"]);
    let second = script(&[HELLO, ENVELOPE, DATA, "! message \n > 250 Two"]);
    let hop = Hop::play(&[&first, &second]);
    let way = way(hop.port);
    for told in ["250 2.0.0 Ok\r\n", "250 2.0.0 Two\r\n"] {
        let reply = relay(&way, &spooled(b"a: b\r\n")).await.unwrap();
        assert_eq!(wire(&reply), told);
    }
    assert_eq!(hop.heard().messages.len(), 2);
}

#[tokio::test]
async fn replies_in_segments_of_one_octet_are_replies() {
    let said = |reply: &str| -> String {
        reply
            .chars()
            .map(|c| format!("> {c}\\\n"))
            .collect::<String>()
            + "> \n"
    };
    let hop = Hop::play(&[&script(&[
        &said("220-hop"),
        &said("220 ready"),
        "< EHLO\n",
        &said("250-hop"),
        &said("250 DSN"),
        ENVELOPE,
        DATA,
        "! message \n > 250 Ok",
    ])]);
    let reply = relay(&way(hop.port), &spooled(b"a: b\r\n")).await;
    // A space that ends a line of the script does not reach the wire, so these are the lines that were said.
    assert_eq!(reply.unwrap().code(), 250);
    hop.heard();
}
