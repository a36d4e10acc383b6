//! A mail server that meets its cell's misfortune once, and then does what a mail server does: it keeps what was deferred, and tries
//! again.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

use super::super::large;
use super::cell::{Cell, Misfortune, Phase, Protocol, Side};

/// What became of a message for one recipient, as the client knows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It is to be tried again.
    Pending,
    /// It was told that it is delivered.
    Delivered,
    /// It was told that it never will be, and tells the sender.
    Returned,
}

/// The recipients, by the names that the next hop knows them by.
pub(super) const RECIPIENTS: [&str; 2] = ["a", "b"];

/// Whether the misfortune strikes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Health {
    Ill,
    Well,
}

/// One attempt to deliver the message of a cell to those who have not got it, and what the client saw.
pub(super) fn attempt(
    address: SocketAddr,
    cell: Cell,
    health: Health,
    fates: &mut [Fate; 2],
) -> String {
    let mut client = Client {
        stream: BufReader::new(TcpStream::connect(address).unwrap()),
        cell,
        health,
        saw: Vec::new(),
    };
    let stream = client.stream.get_ref();
    stream.set_nodelay(true).unwrap();
    // Nothing hangs: whoever waits for longer has failed.
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    match client.talk(fates) {
        Err(Ended::Lost) => client.saw.push("closed".to_owned()),
        Err(Ended::Told | Ended::Own) | Ok(()) => {}
    }
    client.saw.dedup();
    match &*client.saw {
        [] => "-".to_owned(),
        saw => saw.join(", "),
    }
}

struct Client {
    stream: BufReader<TcpStream>,
    cell: Cell,
    health: Health,
    saw: Vec<String>,
}

/// Why an attempt went no further.
enum Ended {
    /// It was told to go no further.
    Told,
    /// The connection was lost.
    Lost,
    /// By its own misfortune.
    Own,
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        let waited = [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut];
        assert!(!waited.contains(&error.kind()), "waited in vain");
        Self::Lost
    }
}

impl Client {
    fn talk(&mut self, fates: &mut [Fate; 2]) -> Result<(), Ended> {
        let number = self.cell.number;
        self.meet(Phase::Connect, "")?;
        self.expect_greeting()?;
        let hello = match self.cell.protocol {
            Protocol::Smtp => "EHLO",
            Protocol::Lmtp => "LHLO",
        };
        self.expect(Phase::Ehlo, &format!("{hello} mail.kommune.example"))?;
        self.plain(&format!("XFORWARD IDENT=Q{number}"))?;
        let from = format!("MAIL FROM:<c{number}@kommune.example>");
        match self.cell.phase {
            Phase::Next if self.health == Health::Ill => {
                self.plain(&format!("MAIL FROM:<w{number}@kommune.example>"))?;
                self.plain("RCPT TO:<a@borger.example>")?;
                self.plain("DATA")?;
                self.plain("Subject: x\r\n\r\nx\r\n.")?;
                self.plain(&format!("XFORWARD IDENT=Q{number}"))?;
                self.expect(Phase::Next, &from)?;
            }
            Phase::Rset if self.health == Health::Ill => {
                self.plain(&from)?;
                self.plain("RCPT TO:<a@borger.example>")?;
                self.expect(Phase::Rset, "RSET")?;
                self.expect(Phase::Mail, &from)?;
            }
            _ => self.from(&from, fates)?,
        }
        let accepted = self.recipients(fates)?;
        let reply = self.command(Phase::Data, "DATA")?;
        if !reply.starts_with("354") {
            accepted.iter().for_each(|at| fates[*at] = fate(&reply));
            self.saw.push(brief(&reply));
            return Err(Ended::Told);
        }
        self.message()?;
        let each = match self.cell.protocol {
            Protocol::Smtp => vec![&*accepted],
            Protocol::Lmtp => accepted.chunks(1).collect(),
        };
        let mut heard = Vec::new();
        for places in each {
            let reply = self.hear()?;
            places.iter().for_each(|at| fates[*at] = fate(&reply));
            heard.push(brief(&reply));
        }
        heard.dedup();
        self.saw.push(heard.join(" and "));
        self.command(Phase::Quit, "QUIT").map(drop)
    }

    fn from(&mut self, from: &str, fates: &mut [Fate; 2]) -> Result<(), Ended> {
        let reply = self.command(Phase::Mail, from)?;
        if reply.starts_with('2') {
            return Ok(());
        }
        pending(fates)
            .iter()
            .for_each(|at| fates[*at] = fate(&reply));
        self.saw.push(brief(&reply));
        Err(Ended::Told)
    }

    /// Names those who are to get it; which of them were accepted.
    fn recipients(&mut self, fates: &mut [Fate; 2]) -> Result<Vec<usize>, Ended> {
        let mut accepted = Vec::new();
        for at in pending(fates) {
            let phase = if at == 1 {
                Phase::Rcpt
            } else {
                Phase::Greeting
            };
            let to = format!("RCPT TO:<{}@borger.example>", RECIPIENTS[at]);
            let reply = self.command(phase, &to)?;
            match reply.starts_with('2') {
                true => accepted.push(at),
                false => {
                    fates[at] = fate(&reply);
                    self.saw.push(brief(&reply));
                }
            }
        }
        if accepted.is_empty() {
            return Err(Ended::Told);
        }
        Ok(accepted)
    }

    fn message(&mut self) -> Result<(), Ended> {
        let mut message =
            format!("Message-ID: <c{}@kommune.example>\r\n", self.cell.number).into_bytes();
        if (self.cell.side, self.cell.phase) == (Side::NextHop, Phase::Message) {
            message.extend(large(6));
        } else {
            message.extend(b"Subject: Referat\r\n\r\nHermed referatet.\r\n");
        }
        let (first, second) = message.split_at(message.len() / 2);
        self.stream.get_mut().write_all(first)?;
        self.meet(Phase::Message, "")?;
        match self.ill(Phase::Message) {
            Some(_) => self.slowly(second)?,
            None => self.stream.get_mut().write_all(second)?,
        }
        match self.ill(Phase::Dot) {
            Some(Misfortune::Slowly) => self.slowly(b".\r\n")?,
            Some(_) => {
                self.stream.get_mut().write_all(b".")?;
                self.meet(Phase::Dot, "")?;
            }
            None => self.stream.get_mut().write_all(b".\r\n")?,
        }
        self.meet(Phase::AfterDot, "")
    }

    fn ill(&self, phase: Phase) -> Option<Misfortune> {
        let is_mine = self.cell.side == Side::Client && self.health == Health::Ill;
        (is_mine && self.cell.phase == phase).then_some(self.cell.misfortune)
    }

    /// Meets the misfortune of this phase, if it is this one's, in place of a command or before it.
    fn meet(&mut self, phase: Phase, command: &str) -> Result<(), Ended> {
        match self.ill(phase) {
            None => Ok(()),
            Some(Misfortune::Closes) => Err(Ended::Own),
            Some(Misfortune::Resets) => {
                set_socket_linger(self.stream.get_ref(), Some(Duration::ZERO)).unwrap();
                Err(Ended::Own)
            }
            Some(Misfortune::Stalls) => {
                // It listens no more; what it would have heard is for the table.
                while let Ok(reply) = self.hear() {
                    self.saw.push(format!("({})", brief(&reply)));
                }
                Err(Ended::Own)
            }
            Some(Misfortune::Nonsense) => {
                self.stream.get_mut().write_all(b"Sludder \xff\r\n")?;
                let reply = self.hear()?;
                self.saw.push(brief(&reply));
                Ok(())
            }
            Some(Misfortune::Long) => {
                let line = format!("{}\r\n", "x".repeat(5000));
                self.stream.get_mut().write_all(line.as_bytes())?;
                let reply = self.hear()?;
                self.saw.push(brief(&reply));
                Ok(())
            }
            Some(Misfortune::Slowly) => self.slowly(command.as_bytes()),
            Some(Misfortune::Refuses4 | Misfortune::Refuses5) => unreachable!(),
        }
    }

    /// A command, and the reply to it.
    fn command(&mut self, phase: Phase, command: &str) -> Result<String, Ended> {
        self.meet(phase, command)?;
        if self.ill(phase) == Some(Misfortune::Slowly) {
            self.slowly(b"\r\n")?;
        } else {
            let line = format!("{command}\r\n");
            self.stream.get_mut().write_all(line.as_bytes())?;
        }
        self.hear()
    }

    /// A command that is answered well, or the end.
    fn expect(&mut self, phase: Phase, command: &str) -> Result<(), Ended> {
        let reply = self.command(phase, command)?;
        match reply.as_bytes().first() {
            Some(b'2' | b'3') => Ok(()),
            _ => {
                self.saw.push(brief(&reply));
                Err(Ended::Told)
            }
        }
    }

    /// A command that no misfortune befalls.
    fn plain(&mut self, command: &str) -> Result<(), Ended> {
        self.expect(Phase::Greeting, command)
    }

    fn expect_greeting(&mut self) -> Result<(), Ended> {
        // Whoever spoke before it took it for the reply.
        if self.ill(Phase::Connect).is_some() {
            self.saw.clear();
        }
        let reply = self.hear()?;
        if self.ill(Phase::Connect).is_some() {
            self.saw.push(brief(&reply));
            return match reply.starts_with('5') {
                true => Ok(()),
                false => Err(Ended::Told),
            };
        }
        assert!(reply.starts_with("220"), "{reply}");
        Ok(())
    }

    fn slowly(&mut self, octets: &[u8]) -> Result<(), Ended> {
        for octet in octets {
            self.stream.get_mut().write_all(&[*octet])?;
            thread::sleep(Duration::from_millis(3));
        }
        Ok(())
    }

    fn hear(&mut self) -> Result<String, Ended> {
        let mut reply = String::new();
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(Ended::Lost);
            }
            reply.push_str(&line);
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(reply);
            }
        }
    }
}

/// Those who are to get it.
fn pending(fates: &[Fate; 2]) -> Vec<usize> {
    let places = fates.iter().enumerate();
    let pending = places.filter(|(_, fate)| **fate == Fate::Pending);
    pending.map(|(at, _)| at).collect()
}

fn fate(reply: &str) -> Fate {
    match reply.as_bytes().first() {
        Some(b'2') => Fate::Delivered,
        Some(b'5') => Fate::Returned,
        _ => Fate::Pending,
    }
}

/// The codes of a reply.
fn brief(reply: &str) -> String {
    let mut words = reply.split_whitespace();
    let code = words
        .next()
        .unwrap_or_default()
        .get(..3)
        .unwrap_or_default();
    let enhanced = words.next().unwrap_or_default();
    let is_code =
        enhanced.split('.').count() == 3 && enhanced.starts_with(|c: char| c.is_ascii_digit());
    match is_code {
        true => format!("{code} {enhanced}"),
        false => code.to_owned(),
    }
}
