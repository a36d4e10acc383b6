//! A client's dialogue: however its octets are cut, the same things happen, and a message ends where it ends.
#![no_main]

use libfuzzer_sys::fuzz_target;
use memchr::memmem;
use sluse::limits::WireLimits;
use sluse::mail::Address;
use sluse::smtp::client::{self, Capabilities, Transmitter};
use sluse::smtp::{Auth, Event, Offers, Protocol, Reply, Session, StartTls};
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

/// What happens in a dialogue whose octets come `step` at a time. Behind `FF FF` stands what is said after a handshake.
fn told(wire: &[u8], step: usize, offers: u8) -> Vec<String> {
    let has = |bit: u8| offers & bit != 0;
    let protocol = if has(32) {
        Protocol::Lmtp
    } else {
        Protocol::Smtp
    };
    let (start_tls, auth) = match (has(64), has(128)) {
        (false, false) => (StartTls::Off, Auth::Off),
        (true, false) => (StartTls::Offered, Auth::Off),
        (true, true) => (StartTls::Required, Auth::Offered),
        (false, true) => (StartTls::Established, Auth::Required),
    };
    let offers = Offers {
        size: has(1).then_some(300),
        eightbitmime: has(2),
        smtputf8: has(4),
        dsn: has(8),
        chunking: has(16),
    };
    let limits = WireLimits {
        message: 400,
        command_line: 120,
        auth_line: 200,
        recipients: 3,
        mistakes: 6,
        transactions: 4,
        hops: 3,
        ..WireLimits::default()
    };
    let mut session = Session::new("mx.example.dk", &limits, offers, protocol)
        .with_tls(start_tls)
        .with_auth(auth);
    let mut lines = Vec::new();
    let (clear, protected) = match memmem::find(wire, b"\xff\xff") {
        Some(at) => (&wire[..at], Some(&wire[at + 2..])),
        None => (wire, None),
    };
    let mut proof = Proof {
        is_wanted: auth == Auth::Required,
        is_secret: start_tls == StartTls::Established,
        is_given: false,
    };
    let ended = follow(&mut session, clear, step, &mut proof, &mut lines);
    if let (Ended::Handshake, Some(protected)) = (ended, protected) {
        session.secured();
        assert!(
            session.is_idle() && session.helo().is_empty(),
            "something said in the clear is kept"
        );
        proof.is_secret = true;
        follow(&mut session, protected, step, &mut proof, &mut lines);
    }
    lines
}

/// How a stretch of a dialogue ended.
enum Ended {
    /// There was no more.
    Here,
    /// With a handshake, and nothing said behind it.
    Handshake,
}

/// Who the client has proved to be, as far as it matters.
struct Proof {
    /// No message is taken without.
    is_wanted: bool,
    /// A password may be told.
    is_secret: bool,
    is_given: bool,
}

fn follow(
    session: &mut Session,
    wire: &[u8],
    step: usize,
    proof: &mut Proof,
    lines: &mut Vec<String>,
) -> Ended {
    let mut story = Story {
        wire,
        lines,
        proof,
        arriving: Arriving::Nothing,
        message: Vec::new(),
        announced: Vec::new(),
        behind: 0,
        discarded: false,
    };
    story.say(&session.greeting());
    let mut consumed = 0;
    for chunk in wire.chunks(step) {
        let mut input = chunk;
        loop {
            let event = session.next(&mut input);
            let at = consumed + chunk.len() - input.len();
            let pipelined = match &event {
                // What came with the command is known as such where it came in one piece with it.
                Event::StartTls => Some(at < wire.len()),
                Event::Close(reply) if *reply == Reply::STARTTLS_PIPELINED => Some(true),
                _ => None,
            };
            if let Some(pipelined) = pipelined {
                story.lines.push(format!("handshake, {pipelined}"));
                return if pipelined {
                    Ended::Here
                } else {
                    Ended::Handshake
                };
            }
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
    Ended::Here
}

struct Story<'x> {
    wire: &'x [u8],
    lines: &'x mut Vec<String>,
    proof: &'x mut Proof,
    arriving: Arriving,
    message: Vec<u8>,
    /// What BDAT announced of the message, taken from the wire by this target itself.
    announced: Vec<u8>,
    /// Where the last counted octets ended.
    behind: usize,
    discarded: bool,
}

/// The octets that are no commands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arriving {
    Nothing,
    /// To the dot, from here.
    Dot(usize),
    /// Up to there.
    Count(usize),
}

impl Story<'_> {
    /// Tells an event; the answer to it, if it asks for one.
    fn add(&mut self, event: Event<'_>, at: usize) -> Option<Reply> {
        let mut answer = None;
        match event {
            Event::More | Event::StartTls => {}
            Event::Reply(reply) => {
                self.counted(at);
                self.say(&reply);
            }
            Event::Claim(claim) => {
                assert!(self.proof.is_secret, "a password in the clear");
                assert!(!self.proof.is_given, "somebody else");
                assert_eq!(format!("{claim:?}"), "Claim");
                let reply = match claim.user().len() % 3 {
                    0 => Reply::AUTHENTICATED,
                    1 => Reply::NOT_AUTHENTICATED,
                    _ => Reply::AUTH_BUSY,
                };
                self.proof.is_given = reply.is_positive();
                self.say(&reply);
                answer = Some(reply);
            }
            Event::Mail(path, parameters) => {
                assert!(
                    self.proof.is_given || !self.proof.is_wanted,
                    "a message of nobody"
                );
                self.forget();
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
                self.arriving = Arriving::Dot(at);
            }
            Event::Chunk => {
                self.lines.push("chunk".into());
                let end = self.count(at);
                self.announced
                    .extend(&self.wire[at..end.min(self.wire.len())]);
            }
            Event::Octets(octets) => {
                assert!(
                    self.arriving != Arriving::Nothing && !self.discarded,
                    "octets of no message"
                );
                self.message.extend(octets);
                assert!(self.message.len() <= 400, "over the limit");
            }
            Event::Discard(reply) => {
                self.lines.push(format!("discard, {}", reply.code()));
                if self.arriving == Arriving::Nothing {
                    self.count(at);
                } else {
                    self.discarded = true;
                }
            }
            Event::EndOfData => {
                assert!(!self.discarded, "it was of no use");
                self.ended(at);
                self.forget();
            }
            Event::Refuse(reply, times) => {
                assert!(self.discarded && (1..=3).contains(&times), "{times}");
                self.ended(at);
                self.forget();
                self.say(&reply);
            }
            Event::Abandon(reply) => {
                assert!(self.arriving == Arriving::Nothing, "a message is lost");
                self.forget();
                self.say(&reply);
            }
            Event::Close(reply) => {
                assert!(
                    self.arriving == Arriving::Nothing,
                    "closed inside of a message"
                );
                self.say(&reply);
            }
        }
        answer
    }

    /// A BDAT ends here; how many octets belong to it this target reads for itself.
    fn count(&mut self, at: usize) -> usize {
        // It need not begin a line: what was counted before it may have ended in the middle of one.
        let line = &self.wire[self.behind..at - 1];
        let start = line.iter().rposition(|octet| *octet == b'\n');
        let line = String::from_utf8_lossy(&line[start.map_or(0, |at| at + 1)..]);
        let mut words = line.split_ascii_whitespace();
        assert!(
            words
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case("bdat"))
        );
        let size = words.next().and_then(|word| word.parse::<u64>().ok());
        let size = usize::try_from(size.expect("it is a number")).unwrap_or(usize::MAX);
        let end = at.saturating_add(size);
        self.arriving = Arriving::Count(end);
        end
    }

    /// Where octets were counted, the reply to them stands behind the last.
    fn counted(&mut self, at: usize) {
        match self.arriving {
            Arriving::Nothing => {}
            Arriving::Dot(_) => panic!("a reply inside of a message"),
            Arriving::Count(end) => {
                assert_eq!(at, end, "another end");
                self.behind = end;
            }
        }
        self.arriving = Arriving::Nothing;
    }

    /// A message ended before `at`: where CRLF, a dot and CRLF stand for the first time or the count is full, and nowhere else. Sent on,
    /// it is on the wire what it was.
    fn ended(&mut self, at: usize) {
        match self.arriving {
            Arriving::Nothing => panic!("no message was begun"),
            Arriving::Dot(start) => {
                // The line ending of DATA counts for the first line.
                let framed = &self.wire[start - 2..];
                let end = start - 2 + memmem::find(framed, b"\r\n.\r\n").expect("it has an end");
                assert_eq!(at, end + 5, "another end");
            }
            Arriving::Count(end) => {
                assert_eq!(at, end, "another end");
                self.behind = end;
                assert!(
                    self.discarded || self.message == self.announced,
                    "not what was sent"
                );
            }
        }
        self.arriving = Arriving::Nothing;
        if self.discarded {
            // How much of it had arrived is told by how it was cut, and is thrown away.
            self.lines.push("end".into());
            return;
        }
        self.lines
            .push(format!("end {}", self.message.escape_ascii()));
        let mut transmitter = Transmitter::default();
        let mut sent = transmitter.stuff(&self.message).into_owned();
        sent.extend_from_slice(transmitter.end());
        assert_eq!(
            memmem::find(&[b"\r\n", &sent[..]].concat(), b"\r\n.\r\n"),
            Some(sent.len() - 3)
        );
    }

    fn forget(&mut self) {
        self.message.clear();
        self.announced.clear();
        self.discarded = false;
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
