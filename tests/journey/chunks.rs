//! A message in pieces (BDAT) leaves by DATA: the same octets, and one end.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, COLLEAGUE, CPR, TAKEN};

const CHUNK: &str = "250 2.0.0 Chunk received";
const HAZARD: &str = "550 5.6.0 A dot stands alone between bare line endings, which some servers take for the end of \
                      the message";

/// Sends a message in pieces of this size, all at once, and tells the last reply.
pub(super) fn send(
    client: &mut super::client::Client,
    to: &str,
    message: &[u8],
    size: usize,
) -> String {
    let mut wire = format!("MAIL FROM:<meho@kommune.example>\r\nRCPT TO:<{to}>\r\n").into_bytes();
    let mut pieces = 0;
    for piece in message.chunks(size) {
        wire.extend(format!("BDAT {}\r\n", piece.len()).into_bytes());
        wire.extend_from_slice(piece);
        pieces += 1;
    }
    wire.extend_from_slice(b"BDAT 0 LAST\r\n");
    client.say(wire);
    for _ in 0..2 {
        assert!(client.hear().starts_with("250 "));
    }
    for _ in 0..pieces {
        assert_eq!(client.hear(), CHUNK);
    }
    client.hear()
}

#[test]
fn what_leaves_is_what_came() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    assert!(client.offers("CHUNKING"));
    let head = "Subject: x\r\n\r\n";
    let messages = [
        format!("{head}.\r\n..\r\n.a\r\n\r\n.\r\nQUIT\r\n"),
        format!("{head}a\nb\rc\n.d\r\n"),
        format!("{head}{}\r\n", "linje\r\n.\r\n".repeat(5000)),
    ];
    for message in &messages {
        for size in [1, 7, 1000, 1 << 20] {
            // So many pieces that each has its own reply, and not more than a socket holds.
            if message.len() / size > 200 {
                continue;
            }
            assert_eq!(
                send(&mut client, COLLEAGUE, message.as_bytes(), size),
                TAKEN
            );
            assert!(normal.messages().pop().unwrap() == message.as_bytes());
        }
    }
    assert_eq!(send(&mut client, CITIZEN, CPR.as_bytes(), 11), TAKEN);
    assert_eq!(secure.messages(), [CPR.as_bytes()]);
    client.asks("NOOP", "250 2.0.0 Ok");
}

/// To a next hop that takes pieces too, what DATA cannot tell as it is leaves in one, however it came, and marked where it is to be.
#[test]
fn what_dots_cannot_tell_leaves_in_a_piece() {
    let (normal, secure) = (Hop::chunking(), Hop::chunking());
    let mark = "route.secure.header = \"X-Sikker: ja\"";
    let guard = Guard::with(normal.port, secure.port, &[mark]);
    let mut client = guard.client();
    let exact = ["Subject: x\r\n\r\ny", "Subject: x\r\n\r\na\nb\r\n"];
    for message in exact {
        assert_eq!(send(&mut client, COLLEAGUE, message.as_bytes(), 4), TAKEN);
    }
    assert_eq!(client.send(&[COLLEAGUE], exact[1]), TAKEN);
    let sent = [exact[0], exact[1], exact[1]].map(str::as_bytes);
    assert_eq!(normal.counted(), sent);
    assert!(normal.messages().is_empty());
    // Nearly every message is told as every next hop understands it.
    let plain = "Subject: x\r\n\r\n.\r\ny\r\n";
    assert_eq!(send(&mut client, COLLEAGUE, plain.as_bytes(), 4), TAKEN);
    assert_eq!(normal.messages(), [plain.as_bytes()]);

    let unended = CPR.strip_suffix("\r\n").unwrap();
    assert_eq!(send(&mut client, CITIZEN, unended.as_bytes(), 11), TAKEN);
    assert_eq!(
        secure.counted(),
        [format!("X-Sikker: ja\r\n{unended}").into_bytes()]
    );
    // What may be taken for an end is not passed on: the next hop may have to tell it by DATA.
    let hazard = "Subject: x\r\n\r\na\n.\nb\r\n";
    assert_eq!(send(&mut client, COLLEAGUE, hazard.as_bytes(), 9), HAZARD);
    assert_eq!(normal.counted().len(), 3);
}

/// To others, it is ended: DATA has no way to say that the last line is not, and this is the one change there is.
#[test]
fn a_last_line_without_an_end_is_given_one() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    for (message, arrives) in [
        ("Subject: x\r\n\r\ny", "Subject: x\r\n\r\ny\r\n"),
        ("Subject: x\r\n\r\ny\r", "Subject: x\r\n\r\ny\r\r\n"),
        ("Subject: x\r\n\r\ny\n", "Subject: x\r\n\r\ny\n\r\n"),
    ] {
        let reply = send(&mut client, COLLEAGUE, message.as_bytes(), 4);
        assert_eq!(reply, TAKEN, "{message:?}");
        assert_eq!(normal.messages().pop().unwrap(), arrives.as_bytes());
    }
    assert!(secure.messages().is_empty());
}

/// Stray line endings are kept or refused as in DATA, whatever BDAT would let through.
#[test]
fn what_some_take_for_the_end_is_refused() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    for sequence in [
        "\n.\n",
        "\r\n.\n",
        "\n.\r\n",
        "\r.\r",
        "\r\n.\r\r\n",
        "\r\n.\0\r\n",
    ] {
        let message = format!("Subject: x\r\n\r\na{sequence}MAIL FROM:<evil@kommune.example>\r\n");
        let reply = send(&mut client, COLLEAGUE, message.as_bytes(), 9);
        assert_eq!(reply, HAZARD, "{sequence:?}");
    }
    assert_eq!(
        send(&mut client, COLLEAGUE, b"Subject: x\r\n\r\na\n.", 9),
        HAZARD
    );
    assert_eq!((normal.count("DATA"), secure.count("DATA")), (0, 0));
}

#[test]
fn a_client_that_vanishes_between_two_pieces_has_sent_nothing() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    client.say(format!(
        "MAIL FROM:<meho@kommune.example>\r\nRCPT TO:<{COLLEAGUE}>\r\nBDAT 4\r\nx: y"
    ));
    for reply in ["250 2.0.0 Fine", "250 2.0.0 Fine", CHUNK] {
        assert_eq!(client.hear(), reply);
    }
    client.vanish();
    guard.told_once("the client was lost inside a transaction");
    assert_eq!((normal.count("DATA"), secure.count("DATA")), (0, 0));
}

#[test]
fn nobody_is_offered_what_is_switched_off() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &["listen.chunking = false"]);
    let mut client = guard.client();
    assert!(!client.offers("CHUNKING"));
    client.asks("BDAT 4", "421 4.7.0 That is not SMTP");
}
