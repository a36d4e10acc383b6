//! A next hop to which each cell brings its own misfortune, until it is cured.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustix::net::sockopt::{set_socket_linger, set_socket_recv_buffer_size};

use super::cell::{Cell, Misfortune, Phase, Side};

/// A next hop for many cells at once. It listens as long as the test runs.
pub(super) struct Hop {
    pub(super) port: u16,
    wards: Arc<Mutex<Wards>>,
}

/// Whether it hangs up after each message, so that each begins at the greeting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Manner {
    Usual,
    Brief,
}

#[derive(Default)]
struct Wards {
    /// Those that are not cured.
    ill: BTreeMap<usize, Cell>,
    /// One that strikes before anybody has said MAIL.
    before: Option<Cell>,
    /// How far each went before it was cured.
    furthest: BTreeMap<usize, Phase>,
    /// How often each recipient of each got the message.
    copies: BTreeMap<(usize, String), usize>,
}

impl Wards {
    fn ill(&self, number: Option<usize>, phase: Phase) -> Option<Misfortune> {
        let cell = match number {
            Some(number) => self.ill.get(&number)?,
            None => self.before.as_ref()?,
        };
        let strikes = cell.side == Side::NextHop && cell.phase == phase;
        strikes.then_some(cell.misfortune)
    }

    /// Notes how far a cell came, and tells whether it strikes.
    fn at(&mut self, number: Option<usize>, phase: Phase) -> Option<Misfortune> {
        let who = number.or_else(|| self.before.map(|cell| cell.number));
        if let Some(who) = who.filter(|who| self.ill.contains_key(who)) {
            let reached = match phase {
                Phase::Next => Some(Phase::Mail),
                // When a connection is given back is nobody's business, and so told at no certain time.
                Phase::Rset | Phase::Quit => None,
                phase => Some(phase),
            };
            let furthest = self.furthest.get(&who).copied();
            self.furthest
                .extend(reached.max(furthest).map(|it| (who, it)));
        }
        self.ill(number, phase)
    }
}

impl Hop {
    pub(super) fn start(manner: Manner) -> Self {
        let first = listener(0);
        let port = first.local_addr().unwrap().port();
        let wards = Arc::<Mutex<Wards>>::default();
        let shared = Arc::clone(&wards);
        thread::spawn(move || {
            let mut listening = Some(first);
            loop {
                let is_down = shared.lock().unwrap().ill(None, Phase::Connect).is_some();
                if is_down {
                    listening = None;
                }
                let accepted = match &mut listening {
                    None if is_down => None,
                    none @ None => none.insert(listener(port)).accept().ok(),
                    Some(listener) => listener.accept().ok(),
                };
                let Some((stream, _)) = accepted else {
                    thread::sleep(Duration::from_millis(2));
                    continue;
                };
                let wards = Arc::clone(&shared);
                // How a connection ends is for the other side to tell.
                thread::spawn(move || drop(Conversation::begin(stream, manner, &wards)));
            }
        });
        Self { port, wards }
    }

    /// Brings a cell its misfortune.
    pub(super) fn afflict(&self, cell: Cell) {
        let mut wards = self.wards.lock().unwrap();
        wards.ill.insert(cell.number, cell);
        if !cell.is_before_mail() {
            return;
        }
        wards.before = Some(cell);
        drop(wards);
        while cell.phase == Phase::Connect && self.listens() {
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Takes it away, and tells how far it let the first attempt come.
    pub(super) fn cure(&self, cell: Cell) -> Option<Phase> {
        let mut wards = self.wards.lock().unwrap();
        wards.ill.remove(&cell.number);
        let furthest = wards.furthest.remove(&cell.number);
        if cell.is_before_mail() {
            wards.before = None;
            drop(wards);
            while !self.listens() {
                thread::sleep(Duration::from_millis(5));
            }
        }
        furthest
    }

    /// How often a recipient got the message.
    pub(super) fn copies(&self, cell: Cell, recipient: &str) -> usize {
        let wards = self.wards.lock().unwrap();
        let copies = wards.copies.get(&(cell.number, recipient.to_owned()));
        copies.copied().unwrap_or_default()
    }

    fn listens(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }
}

fn listener(port: u16) -> TcpListener {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    listener.set_nonblocking(true).unwrap();
    // So that a message it does not read is soon stuck.
    set_socket_recv_buffer_size(&listener, 64 << 10).unwrap();
    listener
}

/// One connection.
struct Conversation<'a> {
    stream: BufReader<TcpStream>,
    manner: Manner,
    wards: &'a Mutex<Wards>,
    /// Whose transaction it is.
    cell: Option<usize>,
    recipients: Vec<String>,
    /// Whether there was one before.
    is_used: bool,
}

impl<'a> Conversation<'a> {
    fn begin(stream: TcpStream, manner: Manner, wards: &'a Mutex<Wards>) -> io::Result<()> {
        stream.set_nonblocking(false)?;
        stream.set_nodelay(true)?;
        let mut conversation = Self {
            stream: BufReader::new(stream),
            manner,
            wards,
            cell: None,
            recipients: Vec::new(),
            is_used: false,
        };
        conversation.say(Phase::Greeting, "220 hop ESMTP")?;
        loop {
            let mut line = String::new();
            if conversation.stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            conversation.follow(line.trim_end())?;
        }
    }

    fn follow(&mut self, line: &str) -> io::Result<()> {
        match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => {
                let tls = self.wards.lock().unwrap().ill(None, Phase::StartTls);
                let offers = match tls {
                    Some(_) => "250-hop\r\n250 STARTTLS",
                    None => OFFERS,
                };
                self.say(Phase::Ehlo, offers)
            }
            "STARTTLS" => self.say(Phase::StartTls, "454 4.7.0 Not now"),
            "MAIL" => {
                let sender = line.split(['<', '@']).nth(1).unwrap_or_default();
                // A message that only warms the connection is nobody's.
                self.cell = sender.strip_prefix('c').and_then(|it| it.parse().ok());
                self.recipients.clear();
                let was_used = std::mem::replace(&mut self.is_used, true);
                let is_next = self.struck(Phase::Next).is_some();
                let phase = if is_next && was_used {
                    Phase::Next
                } else {
                    Phase::Mail
                };
                self.say(phase, FINE)
            }
            "RCPT" => {
                let name = line.split(['<', '@']).nth(1).unwrap_or_default().to_owned();
                let (phase, is_first) = (Phase::Rcpt, name == "a");
                if is_first {
                    self.recipients.push(name);
                    self.wards.lock().unwrap().at(self.cell, Phase::Mail);
                    return self.write(FINE);
                }
                let refused = self.struck(phase).is_some_and(is_refusal);
                if !refused {
                    self.recipients.push(name);
                }
                self.say(phase, FINE)
            }
            "DATA" => {
                let is_usual = |misfortune| misfortune == Misfortune::Slowly;
                let goes_on = self.struck(Phase::Data).is_none_or(is_usual);
                self.say(Phase::Data, "354 go")?;
                if goes_on { self.message() } else { Ok(()) }
            }
            "RSET" => self.say(Phase::Rset, FINE),
            "QUIT" => {
                self.write("221 2.0.0 Bye")?;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            _ => self.write(FINE),
        }
    }

    fn message(&mut self) -> io::Result<()> {
        if self.struck(Phase::Message).is_some() {
            io::copy(&mut (&mut self.stream).take(100_000), &mut io::sink())?;
            self.say(Phase::Message, "")?;
            // It takes no more of it.
            thread::sleep(Duration::from_secs(10));
            return Err(io::ErrorKind::TimedOut.into());
        }
        let mut end = b"\r\n".to_vec();
        while !end.ends_with(b"\r\n.\r\n") {
            let kept = end.len().saturating_sub(2);
            end.drain(..kept);
            if self.stream.read_until(b'\n', &mut end)? == 0 {
                self.wards.lock().unwrap().at(self.cell, Phase::Message);
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if self.struck(Phase::Dot).is_some() {
            return self.say(Phase::Dot, "451 4.3.0 Not taken");
        }
        if let Some(cell) = self.cell {
            let mut wards = self.wards.lock().unwrap();
            for recipient in std::mem::take(&mut self.recipients) {
                *wards.copies.entry((cell, recipient)).or_default() += 1;
            }
        }
        self.say(Phase::AfterDot, "250 2.0.0 Taken")?;
        match self.manner {
            Manner::Usual => Ok(()),
            Manner::Brief => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }

    fn struck(&self, phase: Phase) -> Option<Misfortune> {
        self.wards.lock().unwrap().ill(self.cell, phase)
    }

    /// Says what is usual, unless the misfortune strikes here.
    fn say(&mut self, phase: Phase, usual: &str) -> io::Result<()> {
        let misfortune = self.wards.lock().unwrap().at(self.cell, phase);
        match misfortune {
            None => self.write(usual),
            Some(Misfortune::Refuses4) => self.write("451 4.3.0 Later"),
            Some(Misfortune::Refuses5) => self.write("550 5.7.1 No"),
            Some(Misfortune::Closes) => Err(io::ErrorKind::ConnectionAborted.into()),
            Some(Misfortune::Resets) => {
                set_socket_linger(self.stream.get_ref(), Some(Duration::ZERO))?;
                Err(io::ErrorKind::ConnectionReset.into())
            }
            Some(Misfortune::Stalls) if phase == Phase::Message => Ok(()),
            Some(Misfortune::Stalls) => self.stall(),
            Some(Misfortune::Slowly) => {
                for octet in format!("{usual}\r\n").bytes() {
                    self.stream.get_mut().write_all(&[octet])?;
                    thread::sleep(Duration::from_millis(3));
                }
                Ok(())
            }
            Some(Misfortune::Nonsense) => self.write("Sludder"),
            Some(Misfortune::Long) => {
                let code = usual.get(..3).unwrap_or("451");
                self.write(&format!("{code} {}", "x".repeat(3000)))
            }
        }
    }

    fn write(&mut self, reply: &str) -> io::Result<()> {
        let wire = format!("{reply}\r\n");
        self.stream.get_mut().write_all(wire.as_bytes())
    }

    /// Says nothing until the other side hangs up.
    fn stall(&mut self) -> io::Result<()> {
        io::copy(&mut self.stream, &mut io::sink())?;
        Err(io::ErrorKind::ConnectionAborted.into())
    }
}

fn is_refusal(misfortune: Misfortune) -> bool {
    matches!(misfortune, Misfortune::Refuses4 | Misfortune::Refuses5)
}

const OFFERS: &str = "250-hop\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 XFORWARD IDENT";
const FINE: &str = "250 2.0.0 Fine";
