//! Octets nobody should send, and somebody does: what leaves is what came, on either route.

use sha2::{Digest, Sha256};

use super::client::stuffed;
use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, TAKEN};

/// Messages whose octets a careless relay changes.
fn odd() -> Vec<(&'static str, Vec<u8>)> {
    let all: Vec<u8> = (0..=u8::MAX).filter(|c| !b"\r\n.".contains(c)).collect();
    let head = b"Subject: x\r\n\r\n".as_slice();
    let end = b"\r\n".as_slice();
    vec![
        ("every octet", [head, &all, end].concat()),
        ("NUL", [head, b"a\0b\0\0c", end].concat()),
        (
            "one long line",
            [head, &b"lang ".repeat(60_000), end].concat(),
        ),
        (
            "dots everywhere",
            [head, b".\r\n..\r\n...\r\n.a\r\n. \r\n.\r\n.\r\n"].concat(),
        ),
        ("bare line feeds", [head, b"a\nb\n\nc.\nd", end].concat()),
        (
            "bare carriage returns",
            [head, b"a\rb\r\rc\r", end].concat(),
        ),
        (
            "blanks at the ends of lines",
            [head, b"a \t\r\n \r\n\t", end].concat(),
        ),
        (
            "folded header",
            b"Subject: a\r\n \r\n\tb\r\n\r\nc\r\n".to_vec(),
        ),
        ("no header", b"\r\nc\r\n".to_vec()),
        ("no text", b"Subject: x\r\n".to_vec()),
        ("an empty line", b"\r\n".to_vec()),
        (
            "8-bit header",
            b"Subject: r\xE5d og \xC3\xA5l\r\n\r\nx\r\n".to_vec(),
        ),
        ("a From line", [head, b"From me\r\n>From me\r\n"].concat()),
    ]
}

fn digest(octets: &[u8]) -> [u8; 32] {
    Sha256::digest(octets).into()
}

#[test]
fn what_leaves_is_what_came_on_the_normal_route() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    for (what, message) in odd() {
        // A colleague: whatever is made of these octets, they go the normal way.
        assert_eq!(
            client.send(&["bo@kommune.example"], &message),
            TAKEN,
            "{what}"
        );
        let wire = normal.wires().pop().unwrap();
        assert!(
            wire == [stuffed(&message), b".\r\n".to_vec()].concat(),
            "{what}"
        );
        let arrived = normal.messages().pop().unwrap();
        assert_eq!(digest(&arrived), digest(&message), "{what}");
    }
    assert_eq!(normal.messages().len(), odd().len());
    assert!(secure.messages().is_empty());
    let told = guard
        .entries()
        .into_iter()
        .filter(|it| it["message"] == "passed on");
    let sizes: Vec<_> = told.map(|entry| entry["size_bytes"].as_u64()).collect();
    let sent: Vec<_> = odd().iter().map(|(_, it)| Some(it.len() as u64)).collect();
    assert_eq!(sizes, sent);
}

#[test]
fn what_leaves_is_what_came_on_the_secure_route() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    for (what, message) in odd() {
        let part = b"Subject: y\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\
                     CPR-nr. 140562-1234\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n";
        let message = [part.as_slice(), &message, b"--b--\r\n"].concat();
        assert_eq!(client.send(&[CITIZEN], &message), TAKEN, "{what}");
        let arrived = secure.messages().pop().unwrap();
        assert_eq!(digest(&arrived), digest(&message), "{what}");
    }
    assert_eq!(secure.messages().len(), odd().len());
    assert!(normal.messages().is_empty());
}
