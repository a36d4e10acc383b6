//! Sequences that some server somewhere takes for the end of data. One of them is it.

use sluse::limits::WireLimits;
use sluse::smtp::client::{Transmitter, hazard};
use sluse::smtp::{Event, Offers, Piece, Protocol, Receiver, Reply, Session};

use crate::smtp::{escaped, unescaped};

/// What is sent inside a message, and what of it is part of the message; `None` where it ends there. A dot that
/// follows CRLF is taken away as a stuffed one, for a client that stuffs (RFC 5321 section 4.5.2) sends no
/// other.
const SEQUENCES: &[(&str, Option<&str>)] = &[
    ("\\r\\n.\\r\\n", None),
    ("\\r\\r\\n.\\r\\n", None),
    ("\\n.\\n", Some("\\n.\\n")),
    ("\\n.\\r\\n", Some("\\n.\\r\\n")),
    ("\\n\\n.\\r\\n", Some("\\n\\n.\\r\\n")),
    ("\\r\\n.\\n", Some("\\r\\n\\n")),
    ("\\n.\\r", Some("\\n.\\r")),
    ("\\r.\\n", Some("\\r.\\n")),
    ("\\r.\\r", Some("\\r.\\r")),
    ("\\r.\\r\\n", Some("\\r.\\r\\n")),
    ("\\r\\n.\\r", Some("\\r\\n\\r")),
    ("\\r\\n.\\r\\r\\n", Some("\\r\\n\\r\\r\\n")),
    ("\\r\\n.\\r\\r\\r\\n", Some("\\r\\n\\r\\r\\r\\n")),
    ("\\r\\r\\n.\\r\\r\\n", Some("\\r\\r\\n\\r\\r\\n")),
    ("\\n\\r.\\n\\r", Some("\\n\\r.\\n\\r")),
    ("\\r\\n\\0.\\r\\n", Some("\\r\\n\\0.\\r\\n")),
    ("\\r\\n.\\0\\r\\n", Some("\\r\\n\\0\\r\\n")),
    ("\\r\\n. \\r\\n", Some("\\r\\n \\r\\n")),
    ("\\r\\n.\\t\\r\\n", Some("\\r\\n\\t\\r\\n")),
    ("\\r\\n .\\r\\n", Some("\\r\\n .\\r\\n")),
    ("\\x0b.\\x0b", Some("\\x0b.\\x0b")),
    ("\\x0c.\\x0c", Some("\\x0c.\\x0c")),
    ("\\xc2\\x85.\\xc2\\x85", Some("\\xc2\\x85.\\xc2\\x85")),
    (
        "\\xe2\\x80\\xa8.\\xe2\\x80\\xa8",
        Some("\\xe2\\x80\\xa8.\\xe2\\x80\\xa8"),
    ),
    ("\\r\\n..\\r\\n", Some("\\r\\n.\\r\\n")),
    ("\\r\\n..\\r\\n.\\n", Some("\\r\\n.\\r\\n\\n")),
    // What a Postfix of Debian 12 makes of LF `.` CR and of CRLF `.` CR CRLF on its way to a proxy.
    ("\\r\\n.\\rx", Some("\\r\\n\\rx")),
];

/// What a smuggler wants to be taken for commands.
const SMUGGLED: &str = "MAIL FROM:<evil@x.dk>\\r\\nRCPT TO:<b@c.dk>\\r\\nDATA\\r\\nhidden";

#[test]
fn one_sequence_ends_a_message_however_it_is_cut() {
    for (sequence, kept) in SEQUENCES {
        let wire = unescaped(&format!("first{sequence}{SMUGGLED}\\r\\n.\\r\\nQUIT"));
        let (message, after) = match kept {
            Some(kept) => (format!("first{kept}{SMUGGLED}\\r\\n"), "QUIT".into()),
            None => {
                let line_ending = sequence.strip_suffix(".\\r\\n").unwrap();
                (
                    format!("first{line_ending}"),
                    format!("{SMUGGLED}\\r\\n.\\r\\nQUIT"),
                )
            }
        };
        let expected = (escaped(&unescaped(&message)), escaped(&unescaped(&after)));
        for cut in 0..=wire.len() {
            for next in [cut, (cut + 1).min(wire.len())] {
                let pieces = [&wire[..cut], &wire[cut..next], &wire[next..]];
                assert_eq!(
                    received(&pieces),
                    expected,
                    "{sequence} cut at {cut}, {next}"
                );
            }
        }
        let octets: Vec<&[u8]> = wire.chunks(1).collect();
        assert_eq!(received(&octets), expected, "{sequence} octet by octet");
    }
}

#[test]
fn a_message_may_end_before_it_began() {
    for (wire, message, after) in [
        (".\\r\\nQUIT", "", "QUIT"),
        ("..\\r\\n.\\r\\n", ".\\r\\n", ""),
        (".\\n.\\r\\n\\r\\n.\\r\\nx", "\\n.\\r\\n\\r\\n", "x"),
        (".\\r\\r\\n.\\r\\nx", "\\r\\r\\n", "x"),
    ] {
        let wire = unescaped(wire);
        let octets: Vec<&[u8]> = wire.chunks(1).collect();
        assert_eq!(received(&octets), (message.to_owned(), after.to_owned()));
    }
}

/// In a chunk the count ends the message and no sequence does; and what leaves by DATA ends once, or does not leave at all.
#[test]
fn in_a_chunk_no_sequence_ends_a_message() {
    let mut passed = 0;
    for (sequence, _) in SEQUENCES {
        for end in ["", "\\r\\n", "\\r\\n.\\r\\n"] {
            let message = unescaped(&format!("first{sequence}{SMUGGLED}{end}"));
            for cut in [1, 5, 6, 7, 8, 9, message.len()] {
                let (one, two) = message.split_at(cut.min(message.len()));
                let mut wire = format!("BDAT {}\r\n", one.len()).into_bytes();
                wire.extend_from_slice(one);
                wire.extend(format!("BDAT {} LAST\r\n", two.len()).into_bytes());
                wire.extend_from_slice(two);
                wire.extend_from_slice(b"QUIT\r\n");
                let kept = chunked(&wire);
                assert_eq!(escaped(&kept), escaped(&message), "{sequence} cut at {cut}");
            }
            if hazard(&message).is_none() {
                passed += 1;
                leaves_once(&message);
            }
        }
    }
    assert!(passed > 15, "only {passed} pass");
}

/// The message of a session that was told these commands after its envelope, and then QUIT.
fn chunked(wire: &[u8]) -> Vec<u8> {
    let offers = Offers {
        chunking: true,
        ..Offers::default()
    };
    let mut session = Session::new("mx", &WireLimits::default(), offers, Protocol::Smtp);
    let envelope = b"EHLO x\r\nMAIL FROM:<a@b.dk>\r\nRCPT TO:<c@d.dk>\r\n";
    let (mut message, mut kept) = (Vec::new(), None);
    for mut input in [envelope.as_slice(), wire] {
        loop {
            match session.next(&mut input) {
                Event::More => break,
                Event::Mail(..) | Event::Recipient(_) => session.answer(&Reply::OK),
                Event::Octets(octets) => message.extend_from_slice(octets),
                Event::EndOfData => assert_eq!(kept.replace(message.clone()), None),
                Event::Close(reply) => assert_eq!(reply, Reply::BYE),
                Event::Chunk => {}
                Event::Reply(reply) => assert!(reply.is_positive(), "{}", escaped(wire)),
                other => panic!("{other:?}"),
            }
        }
    }
    kept.unwrap()
}

/// A strict next hop gets this message and nothing besides.
fn leaves_once(message: &[u8]) {
    let mut transmitter = Transmitter::default();
    let mut wire = transmitter.stuff(message).into_owned();
    wire.extend_from_slice(transmitter.end());
    let (kept, after) = received(&[&wire]);
    assert_eq!(after, "", "{}", escaped(message));
    // DATA has no way to send a message whose last line has no end: it is given one.
    let ended = message.ends_with(b"\r\n");
    let ending = if ended { b"".as_slice() } else { b"\r\n" };
    assert_eq!(kept, escaped(&[message, ending].concat()));
}

/// The first message, and what follows it.
fn received(pieces: &[&[u8]]) -> (String, String) {
    let mut receiver = Receiver::new();
    let mut message = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let mut input = *piece;
        loop {
            match receiver.next(&mut input) {
                Piece::Octets(octets) => message.extend_from_slice(octets),
                Piece::More => break,
                Piece::End => {
                    let after = [input, &pieces[at + 1..].concat()].concat();
                    return (escaped(&message), escaped(&after));
                }
            }
        }
    }
    panic!("no end in {}", escaped(&pieces.concat()));
}
