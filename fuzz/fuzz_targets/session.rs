//! A client's dialogue: however its octets are cut, the same things happen, and a message ends where it ends.
#![no_main]

use libfuzzer_sys::fuzz_target;
use memchr::memmem;
use sluse::limits::WireLimits;
use sluse::mail::Address;
use sluse::smtp::client::{self, Capabilities, Transmitter};
use sluse::smtp::{Event, Offers, Reply, Session};
use sluse_fuzz::timely;

fuzz_target!(|input: &[u8]| {
    let Some(([offers, step], wire)) = input.split_first_chunk() else {
        return;
    };
    timely(|| {
        let whole = told(wire, wire.len().max(1), *offers);
        assert_eq!(whole, told(wire, 1, *offers), "octet for octet");
        let step = usize::from(*step).max(2);
        assert_eq!(whole, told(wire, step, *offers), "by {step}");
    });
});

/// What happens in a dialogue whose octets come `step` at a time.
fn told(wire: &[u8], step: usize, offers: u8) -> Vec<String> {
    let offers = Offers {
        size: (offers & 1 != 0).then_some(300),
        eightbitmime: offers & 2 != 0,
        smtputf8: offers & 4 != 0,
        dsn: offers & 8 != 0,
    };
    let limits = WireLimits {
        message: 400,
        command_line: 120,
        recipients: 3,
        mistakes: 6,
        transactions: 4,
        hops: 3,
        ..WireLimits::default()
    };
    let mut session = Session::new("mx.example.dk", &limits, offers);
    let mut story = Story {
        wire,
        ..Story::default()
    };
    story.say(&session.greeting());
    let mut consumed = 0;
    for chunk in wire.chunks(step) {
        let mut input = chunk;
        loop {
            let event = session.next(&mut input);
            let at = consumed + chunk.len() - input.len();
            let answer = match event {
                Event::More => break,
                event => story.add(event, at),
            };
            if let Some(answer) = answer {
                session.answer(&answer);
            }
        }
        assert!(input.is_empty(), "octets are left");
        consumed += chunk.len();
    }
    story.lines
}

#[derive(Default)]
struct Story<'x> {
    wire: &'x [u8],
    lines: Vec<String>,
    /// Where the message at hand began.
    data: Option<usize>,
    message: Vec<u8>,
    discarded: bool,
}

impl Story<'_> {
    /// Tells an event; the answer to it, if it asks for one.
    fn add(&mut self, event: Event<'_>, at: usize) -> Option<Reply> {
        let mut answer = None;
        match event {
            Event::More => {}
            Event::Reply(reply) => self.say(&reply),
            Event::Mail(path, parameters) => {
                let mut line = Vec::new();
                let sent = client::mail(&mut line, &path, &parameters, None, &everything());
                assert!(sent.is_err() || is_one_line(&line), "{line:?}");
                self.lines.push(line.escape_ascii().to_string());
                answer = Some(Reply::OK);
            }
            Event::Recipient(recipient) => {
                let mut line = Vec::new();
                let sent = client::rcpt(&mut line, &recipient, &everything());
                assert!(sent.is_err() || is_one_line(&line), "{line:?}");
                let again = Address::parse(recipient.address.raw());
                assert!(again.is_ok(), "an address that is none");
                self.lines.push(line.escape_ascii().to_string());
                answer = Some(if line.len() % 3 == 0 {
                    Reply::NO_RECIPIENTS
                } else {
                    Reply::OK
                });
            }
            Event::Data => {
                self.lines.push("data".into());
                (self.data, self.discarded) = (Some(at), false);
                self.message.clear();
            }
            Event::Octets(octets) => {
                assert!(
                    self.data.is_some() && !self.discarded,
                    "octets of no message"
                );
                self.message.extend(octets);
                assert!(self.message.len() <= 400, "over the limit");
            }
            Event::Discard(reply) => {
                self.say(&reply);
                self.discarded = true;
                // How much of it had arrived is told by how it was cut, and is thrown away.
                self.message.clear();
            }
            Event::EndOfData => self.ended(at),
            Event::Abandon(reply) => {
                if self.data.is_some() {
                    assert!(self.discarded, "a message is lost");
                    self.ended(at);
                }
                self.say(&reply);
            }
            Event::Close(reply) => {
                assert!(self.data.is_none(), "closed inside of a message");
                self.say(&reply);
            }
        }
        answer
    }

    /// A message ended before `at`: where CRLF, a dot and CRLF stand for the first time, and nowhere else. Sent on, it is on the wire
    /// what it was.
    fn ended(&mut self, at: usize) {
        let start = self.data.take().expect("a message was begun");
        // The line ending of DATA counts for the first line.
        let framed = &self.wire[start - 2..];
        let end = start - 2 + memmem::find(framed, b"\r\n.\r\n").expect("it has an end");
        assert_eq!(at, end + 5, "another end");
        self.lines
            .push(format!("end {}", self.message.escape_ascii()));
        if !self.discarded {
            let mut transmitter = Transmitter::default();
            let mut sent = transmitter.stuff(&self.message).into_owned();
            sent.extend_from_slice(transmitter.end());
            assert_eq!(
                memmem::find(&[b"\r\n", &sent[..]].concat(), b"\r\n.\r\n"),
                Some(sent.len() - 3)
            );
        }
        self.message.clear();
    }

    fn say(&mut self, reply: &Reply) {
        let mut line = Vec::new();
        reply.encode(&mut line);
        assert!(line.ends_with(b"\r\n"), "no line");
        for line in line.split_inclusive(|octet| *octet == b'\n') {
            assert!(line.len() <= 512 && is_one_line(line), "{line:?}");
            assert!(line.is_ascii(), "no ASCII");
        }
        let _ = reply.for_log().to_string();
        self.lines.push(line.escape_ascii().to_string());
    }
}

fn is_one_line(line: &[u8]) -> bool {
    line.strip_suffix(b"\r\n")
        .is_some_and(|line| !line.iter().any(|octet| matches!(octet, b'\r' | b'\n' | 0)))
}

fn everything() -> Capabilities {
    let lines = ["mx", "SIZE", "8BITMIME", "SMTPUTF8", "DSN"];
    let lines = lines.map(|line| line.as_bytes().into()).to_vec();
    Capabilities::read(&Reply::from_lines(250, lines))
}
