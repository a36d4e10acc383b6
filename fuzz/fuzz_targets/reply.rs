//! What a next hop answers, and a message on its way to it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use memchr::memmem;
use sluse::limits::WireLimits;
use sluse::smtp::client::{Capabilities, Replies, Transmitter, hazard};
use sluse::smtp::{Piece, Receiver};
use sluse_fuzz::timely;

fuzz_target!(|input: &[u8]| {
    let Some((step, octets)) = input.split_first() else {
        return;
    };
    let step = usize::from(*step).max(2);
    timely(|| {
        let whole = told(octets, octets.len().max(1));
        assert_eq!(whole, told(octets, 1), "octet for octet");
        assert_eq!(whole, told(octets, step), "by {step}");
        sent(octets, step);
    });
});

/// The replies as they are passed on, and what ended them.
fn told(octets: &[u8], step: usize) -> Vec<String> {
    let limits = WireLimits {
        reply_line: 700,
        reply_lines: 8,
        ..WireLimits::default()
    };
    let mut replies = Replies::new(&limits);
    let mut told = Vec::new();
    for mut chunk in octets.chunks(step) {
        loop {
            match replies.take(&mut chunk) {
                Ok(None) => break,
                Ok(Some(reply)) => {
                    assert!((200..600).contains(&reply.code()), "no code");
                    let mut wire = Vec::new();
                    reply.encode(&mut wire);
                    for line in wire.split_inclusive(|octet| *octet == b'\n') {
                        let line = line.strip_suffix(b"\r\n").expect("a line");
                        let printable = line.iter().all(|octet| (b' '..=b'~').contains(octet));
                        assert!(printable && line.len() <= 510, "{line:?}");
                    }
                    let logged = reply.for_log();
                    let offers = Capabilities::read(&reply).announced();
                    told.push(format!("{} {logged} {offers:?}", wire.escape_ascii()));
                }
                Err(error) => {
                    told.push(error.to_string());
                    return told;
                }
            }
        }
        assert!(chunk.is_empty(), "octets are left");
    }
    told
}

/// A message sent: it comes back as it was, and where no hazard was seen nothing in it ends it for a sloppy next hop.
fn sent(message: &[u8], step: usize) {
    let message = [message, b"\r\n"].concat();
    let mut transmitter = Transmitter::default();
    let mut wire = Vec::new();
    for chunk in message.chunks(step) {
        wire.extend_from_slice(&transmitter.stuff(chunk));
    }
    wire.extend_from_slice(transmitter.end());
    let mut receiver = Receiver::new();
    let (mut input, mut back) = (&wire[..], Vec::new());
    loop {
        match receiver.next(&mut input) {
            Piece::Octets(octets) => back.extend_from_slice(octets),
            Piece::End => break,
            Piece::More => panic!("it does not end"),
        }
    }
    assert!(input.is_empty(), "it ends early");
    assert_eq!(back, message);
    if hazard(&message).is_none() {
        let framed = [b"\r\n", wire.strip_suffix(b".\r\n").expect("its end")].concat();
        for end in ["\n.\n", "\n.\r", "\r.\r", "\r.\n", "\n\0.\r\n", "\n.\0\r\n"] {
            assert_eq!(memmem::find(&framed, end.as_bytes()), None, "{end:?}");
        }
    }
}
