//! The message on its way out: every octet, and nothing but.

use std::time::{Duration, Instant};

use sluse::act::{HeaderMark, Marks, Reuse, Route, Way};

use super::hop::Hop;
use super::{DATA, ENVELOPE, HELLO, relay, route, script, spooled, way, wire};

const TAKEN: &str = "! message \n > 250 Ok";

/// Twenty megabytes with everything in it that is hard to carry.
pub(super) fn awkward() -> Vec<u8> {
    let mut message = b"Subject: a\r\n\r\n".to_vec();
    let mut line = 0_u32;
    while message.len() < 20 << 20 {
        line += 1;
        match line % 7 {
            0 => message.extend_from_slice(b".\r\n"),
            1 => message.extend_from_slice(b"..two\r\n"),
            2 => message.extend_from_slice(b"bare\ncr\rnul\0.\xff\xfe\r\n"),
            3 => message.extend_from_slice(b".\r\n.\r\n..\r\n"),
            4 => message.extend_from_slice(&[b'x'; 5000]),
            5 => message.extend_from_slice(b"\r\r\n.begins\r\n"),
            _ => message.extend_from_slice(&line.to_be_bytes()),
        }
    }
    message.extend_from_slice(b"\r\n");
    message
}

#[tokio::test]
async fn twenty_megabytes_arrive_octet_for_octet() {
    let message = awkward();
    let hop = Hop::play(&[&script(&[HELLO, ENVELOPE, DATA, TAKEN])]);
    let reply = relay(&way(hop.port), &spooled(&message)).await.unwrap();
    assert_eq!(reply.code(), 250);
    let heard = hop.heard();
    assert_eq!(heard.messages.len(), 1);
    assert!(heard.messages[0] == message, "the octets differ");
}

#[tokio::test]
async fn messages_of_any_length_around_a_chunk_arrive() {
    let chunk = 256 << 10;
    for len in [2, 3, 5, chunk - 2, chunk - 1, chunk, chunk + 1, chunk + 3] {
        // Dots at both sides of the seam between two chunks, wherever it falls.
        let mut message = b"\r\n.".repeat(len / 3 + 1);
        message.truncate(len - 2);
        message.extend_from_slice(b"\r\n");
        let hop = Hop::play(&[&script(&[HELLO, ENVELOPE, DATA, TAKEN])]);
        let reply = relay(&way(hop.port), &spooled(&message)).await.unwrap();
        assert_eq!(reply.code(), 250);
        assert!(hop.heard().messages == [message], "{len} octets");
    }
}

#[tokio::test]
async fn an_empty_message_is_a_message() {
    let hop = Hop::play(&[&script(&[HELLO, ENVELOPE, DATA, TAKEN])]);
    let reply = relay(&way(hop.port), &spooled(b"")).await.unwrap();
    assert_eq!(reply.code(), 250);
    assert_eq!(hop.heard().messages, [b""]);
}

#[tokio::test]
async fn a_refusal_in_the_middle_is_heard_at_once() {
    let message = spooled(&vec![b'x'; 20 << 20]);
    for (after, told) in [
        ("> 552 5.3.4 Too big\n ! pause", "552 5.3.4 Too big\r\n"),
        (
            "> 552-5.3.4 Too\n ! pause \n > 552 5.3.4 big\n ! pause",
            "552-5.3.4 Too\r\n552 5.3.4 big\r\n",
        ),
        ("> 452 4.3.1 Full", "452 4.3.1 Full\r\n"),
    ] {
        let stops = script(&[HELLO, ENVELOPE, DATA, "! octets 300000\n", after]);
        let hop = Hop::play(&[&stops]);
        let started = Instant::now();
        let reply = relay(&way(hop.port), &message).await.unwrap();
        assert_eq!(wire(&reply), told);
        assert!(started.elapsed() < Duration::from_secs(4));
        assert_eq!(hop.heard().messages.len(), 0);
    }
}

#[tokio::test]
async fn a_secure_route_marks_the_header_and_nothing_else() {
    let marks = Marks {
        header: Some(HeaderMark {
            name: "X-Secure".into(),
            value: "yes".into(),
        }),
        subject: Some("[sikker]".into()),
    };
    let subject = "Subject: =?utf-8?Q?bl=C3=A5b=C3=A6r?=\r\n =?utf-8?Q?gr=C3=B8d?=\r\n";
    let rest = "From: a@one.example\r\n\r\n.Subject: x\r\n\0\n.y\r\n";
    for (message, expected) in [
        (
            format!("{subject}{rest}"),
            format!("X-Secure: yes\r\nSubject: [sikker]{}{rest}", &subject[8..]),
        ),
        (
            rest.to_owned(),
            format!("X-Secure: yes\r\nSubject: [sikker]\r\n{rest}"),
        ),
    ] {
        let hop = Hop::play(&[&script(&[HELLO, ENVELOPE, DATA, TAKEN])]);
        let route = Route {
            marks: marks.clone(),
            ..route(hop.port)
        };
        let way = Way::new(route, Reuse::default()).unwrap();
        let reply = relay(&way, &spooled(message.as_bytes())).await.unwrap();
        assert_eq!(reply.code(), 250);
        assert_eq!(hop.heard().messages, [expected.as_bytes()]);
    }
}
