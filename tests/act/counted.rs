//! Messages that only BDAT tells as they are (RFC 3030).

use sluse::act::{Cause, Custody, Phase};

use super::hop::Hop;
use super::message::awkward;
use super::{DATA, ENVELOPE, hasty, relay, script, spooled, way};

const HELLO: &str = "
    > 220 hop ready
    < EHLO sluse.example
    > 250-hop
    > 250 CHUNKING
";

const BARE: &[u8] = b"a: b\r\n\r\nc\nd\r\n";
const COUNTED: &str = "< BDAT 13 LAST\n ! counted 13\n";

#[tokio::test]
async fn twenty_megabytes_arrive_octet_for_octet() {
    let mut message = awkward();
    message.push(b'.');
    let counted = format!(
        "< BDAT {len} LAST\n ! counted {len}\n > 250 Ok",
        len = message.len()
    );
    let hop = Hop::play(&[&script(&[HELLO, ENVELOPE, &counted])]);
    let reply = relay(&way(hop.port), &spooled(&message)).await.unwrap();
    assert_eq!(reply.code(), 250);
    let heard = hop.heard();
    assert_eq!(heard.messages.len(), 1);
    assert!(heard.messages[0] == message, "the octets differ");
}

/// RFC 3030 section 2: what state a refused BDAT leaves is not told.
#[tokio::test]
async fn after_a_refusal_the_transaction_is_reset() {
    let refused = script(&[COUNTED, "> 554 5.6.0 No\n < RSET\n > 250 Ok\n"]);
    let taken = script(&[ENVELOPE, DATA, "! message\n > 250 Ok"]);
    let hop = Hop::play(&[&script(&[HELLO, ENVELOPE, &refused, &taken])]);
    let way = way(hop.port);
    assert_eq!(relay(&way, &spooled(BARE)).await.unwrap().code(), 554);
    let plain = spooled(b"a: b\r\n");
    assert_eq!(relay(&way, &plain).await.unwrap().code(), 250);
    assert_eq!(hop.heard().messages, [BARE, b"a: b\r\n"]);
}

#[tokio::test]
async fn after_it_was_taken_the_connection_is_used_again() {
    let taken = script(&[ENVELOPE, COUNTED, "> 250 Ok\n"]);
    let hop = Hop::play(&[&script(&[HELLO, &taken.repeat(3)])]);
    let way = way(hop.port);
    for _ in 0..3 {
        assert_eq!(relay(&way, &spooled(BARE)).await.unwrap().code(), 250);
    }
    assert_eq!(hop.heard().messages, [BARE; 3]);
}

/// Until its last octet has left, the message is ours; after it, nobody knows.
#[tokio::test]
async fn custody_changes_with_the_last_octet() {
    let long = spooled(&b"0123456789abcd\r\n\n".repeat(1 << 20));
    let cut = script(&[HELLO, ENVELOPE, "< BDAT\n ! octets 100000\n ! cut"]);
    let hop = Hop::play(&[&cut]);
    let trouble = relay(&hasty(hop.port), &long).await.unwrap_err();
    assert_eq!(
        (trouble.phase, trouble.custody),
        (Phase::Message, Custody::Kept)
    );
    drop(hop.heard_whatever());

    for (end, custody) in [
        ("", Custody::Unknown),
        ("! stall", Custody::Unknown),
        ("> 354 go on", Custody::Unknown),
        ("> 421 4.3.2 Closing", Custody::Kept),
    ] {
        let hop = Hop::play(&[&script(&[HELLO, ENVELOPE, COUNTED, end])]);
        let trouble = relay(&hasty(hop.port), &spooled(BARE)).await.unwrap_err();
        assert_eq!(
            (trouble.phase, trouble.custody),
            (Phase::FinalDot, custody),
            "{end}"
        );
        drop(hop.heard_whatever());
    }
}

/// It says no while most of the message is still to come, and reads no more.
#[tokio::test]
async fn a_refusal_in_the_middle_is_heard() {
    let long = spooled(&b"0123456789abcd\r\n\n".repeat(1 << 20));
    let early = script(&[HELLO, ENVELOPE, "< BDAT\n > 552 5.3.4 Too much\n ! stall"]);
    let hop = Hop::play(&[&early]);
    let answered = relay(&hasty(hop.port), &long).await;
    assert!(
        matches!(&answered, Ok(reply) if reply.code() == 552),
        "{:?}",
        answered.map_err(|trouble| matches!(trouble.cause, Cause::Timeout))
    );
    drop(hop.heard_whatever());
}
