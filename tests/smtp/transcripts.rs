//! Dialogues, one a file: `C:` is what the client sends (a `\` at the end: without CRLF), `S:` what it is
//! answered, `M:` a message that was kept, `!:` what happens besides. Each must go the same way however the
//! client's octets are cut.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use sluse::limits::WireLimits;
use sluse::smtp::{Auth, Event, Offers, Protocol, Reply, Session, StartTls};

use crate::smtp::{escaped, unescaped};

#[test]
fn dialogues_go_as_they_are_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp/transcripts");
    let mut run = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let transcript = fs::read_to_string(&path).unwrap();
        check(&path.file_stem().unwrap().to_string_lossy(), &transcript);
        run += 1;
    }
    assert!(run > 10, "the transcripts were not found");
}

/// What a client is made of that tries everything.
const FRAGMENTS: &[&str] = &[
    "EHLO x\r\n",
    "MAIL FROM:<a@b.dk>\r\n",
    "RCPT TO:<c@d.dk>\r\n",
    "DATA\r\n",
    "RSET\r\n",
    "BDAT 3\r\n",
    "BDAT 0 LAST\r\n",
    "BDAT 30 LAST\r\n",
    "XFORWARD IDENT=1\r\n",
    "AUTH PLAIN\r\n",
    "AUTH LOGIN dGlt\r\n",
    "AHRpbQBhYg==\r\n",
    "*\r\n",
    "Received: x\r\n",
    "\r\n.\r\n",
    ".\r\n",
    "\r\n",
    ".",
    "\r",
    "\n",
    "x",
];

proptest! {
    #[test]
    fn how_octets_arrive_changes_nothing(
        fragments in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..40),
        cuts: [prop::sample::Index; 5],
    ) {
        let start = "EHLO x\r\nMAIL FROM:<a@b.dk>\r\nRCPT TO:<c@d.dk>\r\nDATA\r\n";
        let wire = [start, &fragments.concat()].concat();
        let mut settings = Settings::default();
        settings.limits.hops = 2;
        settings.limits.message = 40;
        settings.offers.chunking = true;
        settings.tls = StartTls::Established;
        settings.auth = Auth::Offered;
        let mut bounds: Vec<usize> = cuts.iter().map(|cut| cut.index(wire.len())).collect();
        bounds.extend([0, wire.len()]);
        bounds.sort_unstable();
        let pieces: Vec<&[u8]> = bounds
            .windows(2)
            .map(|bound| &wire.as_bytes()[bound[0]..bound[1]])
            .collect();
        prop_assert_eq!(played(&settings, &pieces), played(&settings, &[wire.as_bytes()]));
    }
}

proptest! {
    /// However a message is cut into pieces, and however those arrive, it is the same message, and what stands behind it are commands.
    #[test]
    fn how_a_message_is_cut_into_chunks_changes_nothing(
        message in prop::collection::vec(prop::sample::select(b"\r\n.\0 xB".to_vec()), 0..60),
        cuts: [prop::sample::Index; 3],
        arrives in 1_usize..40,
    ) {
        let mut bounds: Vec<usize> = cuts.iter().map(|cut| cut.index(message.len() + 1)).collect();
        bounds.extend([0, message.len()]);
        bounds.sort_unstable();
        let mut wire = b"EHLO x\r\nMAIL FROM:<a@b.dk>\r\nRCPT TO:<c@d.dk>\r\n".to_vec();
        for bound in bounds.windows(2) {
            wire.extend(format!("BDAT {}\r\n", bound[1] - bound[0]).into_bytes());
            wire.extend_from_slice(&message[bound[0]..bound[1]]);
        }
        wire.extend_from_slice(b"BDAT 0 LAST\r\nQUIT\r\n");
        let mut settings = Settings::default();
        settings.offers.chunking = true;
        let pieces: Vec<&[u8]> = wire.chunks(arrives).collect();
        let told = played(&settings, &pieces);
        let kept = format!("M: {}", escaped(&message));
        let end = [&kept, "S: 250 2.0.0 Taken", "S: 221 2.0.0 Bye", "!: close"];
        prop_assert!(told.ends_with(&end.map(str::to_owned)), "{:?}", told);
    }
}

fn check(name: &str, transcript: &str) {
    let mut settings = Settings::default();
    let mut sent = Vec::new();
    let mut expected = Vec::new();
    for line in transcript.lines() {
        match line.split_at_checked(2) {
            None | Some(("# ", _)) => {}
            Some(("C:", rest)) => {
                let rest = rest.strip_prefix(' ').unwrap_or(rest);
                match rest.strip_suffix('\\') {
                    Some(unended) => sent.extend(unescaped(unended)),
                    None => sent.extend([unescaped(rest).as_slice(), b"\r\n"].concat()),
                }
            }
            Some(("%:", rest)) => settings.set(rest.trim()),
            Some(("S:" | "M:" | "!:", _)) => expected.push(line.to_owned()),
            Some(_) => panic!("{name}: what is `{line}`?"),
        }
    }
    assert_eq!(played(&settings, &[&sent]), expected, "{name}");
    for cut in 0..sent.len() {
        let (before, after) = sent.split_at(cut);
        let cut_there = played(&settings, &[before, after]);
        assert_eq!(cut_there, expected, "{name}, cut at {cut}");
    }
    let octets: Vec<&[u8]> = sent.chunks(1).collect();
    assert_eq!(
        played(&settings, &octets),
        expected,
        "{name}, octet by octet"
    );
}

struct Settings {
    limits: WireLimits,
    offers: Offers,
    protocol: Protocol,
    tls: StartTls,
    auth: Auth,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: WireLimits::default(),
            offers: Offers {
                size: None,
                eightbitmime: true,
                smtputf8: true,
                dsn: true,
                chunking: false,
            },
            protocol: Protocol::Smtp,
            tls: StartTls::Off,
            auth: Auth::Off,
        }
    }
}

impl Settings {
    fn set(&mut self, setting: &str) {
        let (name, value) = setting.split_once('=').unwrap();
        let number = || value.parse::<usize>().unwrap();
        match name {
            "offers" => self.offers = Offers::default(),
            "protocol" if value == "lmtp" => self.protocol = Protocol::Lmtp,
            "chunking" => self.offers.chunking = value == "true",
            "next-hop-size" => self.offers.size = Some(number() as u64),
            "message" => self.limits.message = number() as u64,
            "command_line" => self.limits.command_line = number(),
            "recipients" => self.limits.recipients = number(),
            "mistakes" => self.limits.mistakes = number(),
            "transactions" => self.limits.transactions = number(),
            "tls" => {
                self.tls = match value {
                    "offered" => StartTls::Offered,
                    "required" => StartTls::Required,
                    "established" => StartTls::Established,
                    _ => panic!("no such TLS: {value}"),
                }
            }
            "auth_line" => self.limits.auth_line = number(),
            "auth_tries" => self.limits.auth_tries = number(),
            "auth" => {
                self.auth = match value {
                    "offered" => Auth::Offered,
                    "required" => Auth::Required,
                    _ => panic!("no such AUTH: {value}"),
                }
            }
            "hops" => self.limits.hops = number(),
            _ => panic!("no such setting: {name}"),
        }
    }
}

/// What a session does with octets that arrive in these pieces. Senders and recipients called `nobody` are refused, and of users
/// all but `tim`; nobody has time for `busy`.
fn played(settings: &Settings, pieces: &[&[u8]]) -> Vec<String> {
    let mut session = Session::new(
        "mx.example",
        &settings.limits,
        settings.offers,
        settings.protocol,
    )
    .with_tls(settings.tls)
    .with_auth(settings.auth);
    let mut told = Vec::new();
    let mut message = Vec::new();
    say(&mut told, &session.greeting());
    for mut input in pieces.iter().copied() {
        loop {
            match session.next(&mut input) {
                Event::More => break,
                Event::Reply(reply) => say(&mut told, &reply),
                Event::Mail(path, parameters) => {
                    let path = format!("{path:?}");
                    told.push(
                        format!("!: mail {}", escaped(parameters.raw()))
                            .trim_end()
                            .into(),
                    );
                    answer(&mut session, &mut told, path.contains("nobody"));
                }
                Event::Recipient(recipient) => {
                    told.push(
                        format!(
                            "!: to {} {}",
                            recipient.address.raw(),
                            String::from_utf8_lossy(recipient.parameters.raw())
                        )
                        .trim_end()
                        .into(),
                    );
                    let refuse = recipient.address.raw().starts_with("nobody");
                    answer(&mut session, &mut told, refuse);
                }
                Event::Data => {
                    message.clear();
                    say(&mut told, &Reply::GO_AHEAD);
                }
                Event::Chunk => told.push("!: chunk".into()),
                Event::Octets(octets) => message.extend_from_slice(octets),
                Event::Discard(_) => told.push("!: discard".into()),
                Event::EndOfData => {
                    told.push(format!("M: {}", escaped(&message)));
                    message.clear();
                    say(&mut told, &Reply::new(250, "2.0.0 Taken"));
                }
                Event::Refuse(reply, times) => {
                    message.clear();
                    told.push("!: abandon".into());
                    (0..times).for_each(|_| say(&mut told, &reply));
                }
                Event::Abandon(reply) => {
                    message.clear();
                    told.push("!: abandon".into());
                    say(&mut told, &reply);
                }
                Event::StartTls => told.push("!: starttls".into()),
                Event::Claim(claim) => {
                    let password = escaped(claim.password());
                    told.push(format!("!: claim {} {password}", claim.user()));
                    let reply = match claim.user() {
                        "tim" => Reply::AUTHENTICATED,
                        "busy" => Reply::AUTH_BUSY,
                        _ => Reply::NOT_AUTHENTICATED,
                    };
                    session.answer(&reply);
                    say(&mut told, &reply);
                }
                Event::Close(reply) => {
                    say(&mut told, &reply);
                    told.push("!: close".into());
                }
            }
        }
    }
    told
}

fn answer(session: &mut Session, told: &mut Vec<String>, refuse: bool) {
    let reply = if refuse {
        Reply::new(550, "5.1.1 Nobody")
    } else {
        Reply::new(250, "2.1.0 Fine")
    };
    session.answer(&reply);
    say(told, &reply);
}

fn say(told: &mut Vec<String>, reply: &Reply) {
    let mut wire = Vec::new();
    reply.encode(&mut wire);
    let text = String::from_utf8(wire).unwrap();
    told.extend(
        text.lines()
            .map(|line| format!("S: {line}").trim_end().to_owned()),
    );
}
