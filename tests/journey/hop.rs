//! A next hop that keeps what it is told, and behaves badly where a test says so.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A listening next hop, which takes any number of connections. It listens as long as the test runs.
pub(crate) struct Hop {
    pub(crate) port: u16,
    heard: Arc<Mutex<Heard>>,
}

/// What a next hop was just told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Word<'a> {
    /// Somebody connected.
    Nothing,
    /// A command, without its line ending.
    Line(&'a str),
    /// A message, to its last dot.
    Message,
}

impl Word<'_> {
    /// Whether it is a command that begins so; a message is `.`.
    pub(crate) fn is(self, command: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Line(line) => line.starts_with(command),
            Self::Message => command == ".",
        }
    }
}

/// What it does about it.
#[derive(Clone)]
pub(crate) enum Answer {
    /// What is expected of it.
    AsUsual,
    /// These lines.
    Say(&'static str),
    /// Nothing, until the other side hangs up.
    Stall,
    /// It hangs up.
    HangUp,
    /// These lines; a moment later it says 421 unasked, and hangs up.
    Tire(&'static str),
    /// To `DATA`: it says 354, reads so many octets, and resets the connection.
    Cut(u64),
    /// To `DATA`: it says 354, and reads no more.
    Clog,
    /// To `STARTTLS`: it goes on under TLS.
    Handshake(Arc<ServerConfig>),
}

/// All it was told, over all connections.
#[derive(Clone, Debug, Default)]
struct Heard {
    commands: Vec<String>,
    /// With the octets of the wire.
    messages: Vec<Vec<u8>>,
    /// Those that came by BDAT.
    counted: Vec<Vec<u8>>,
}

impl Hop {
    /// One that behaves.
    pub(crate) fn start() -> Self {
        Self::that(|_| Answer::AsUsual)
    }

    /// One that offers CHUNKING besides.
    pub(crate) fn chunking() -> Self {
        Self::answering("EHLO", Answer::Say("250-hop\n250-PIPELINING\n250 CHUNKING"))
    }

    /// One that behaves, but for what it answers to this command; a message is `.`.
    pub(crate) fn answering(command: &'static str, answer: Answer) -> Self {
        Self::that(move |word| {
            if word.is(command) {
                answer.clone()
            } else {
                Answer::AsUsual
            }
        })
    }

    /// One that answers so.
    pub(crate) fn that(answer: impl Fn(Word<'_>) -> Answer + Send + Sync + 'static) -> Self {
        Self::at(0, answer)
    }

    /// One at this port.
    pub(crate) fn at(
        port: u16,
        answer: impl Fn(Word<'_>) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Heard>>::default();
        let (shared, answer) = (Arc::clone(&heard), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (heard, answer) = (Arc::clone(&shared), Arc::clone(&answer));
                // How a connection ends is for the other side to tell.
                thread::spawn(move || drop(converse(stream.unwrap(), &heard, &*answer)));
            }
        });
        Self { port, heard }
    }

    /// How often it was told a command that begins so.
    pub(crate) fn count(&self, command: &str) -> usize {
        self.commands(command).len()
    }

    /// The commands that begin so, whole.
    pub(crate) fn commands(&self, command: &str) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        let found = heard.commands.iter().filter(|it| it.starts_with(command));
        found.cloned().collect()
    }

    /// The messages that were ended, as a strict server understands them: their dots unstuffed.
    pub(crate) fn messages(&self) -> Vec<Vec<u8>> {
        let wires = self.wires();
        wires.iter().map(|wire| unstuffed(wire)).collect()
    }

    /// The messages that came by BDAT, each in one piece.
    pub(crate) fn counted(&self) -> Vec<Vec<u8>> {
        self.heard.lock().unwrap().counted.clone()
    }

    /// The messages that were ended, in octets of the wire from 354 to the end of data.
    pub(crate) fn wires(&self) -> Vec<Vec<u8>> {
        self.heard.lock().unwrap().messages.clone()
    }
}

const OFFERS: &str = "250-hop\n250-PIPELINING\n250-8BITMIME\n250-SMTPUTF8\n250-DSN\n250-SIZE 104857600\n\
                      250 XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE";

fn converse(
    stream: TcpStream,
    heard: &Mutex<Heard>,
    answer: &impl Fn(Word<'_>) -> Answer,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let plain = stream.try_clone()?;
    let mut stream: BufReader<Box<dyn Stream>> = BufReader::new(Box::new(stream));
    let mut word: Option<String> = None;
    loop {
        let line = match &word {
            None => Word::Nothing,
            Some(line) => Word::Line(line),
        };
        let usual = match answer(line) {
            Answer::AsUsual => usual(line),
            Answer::Say(reply) => reply,
            Answer::Stall => return stall(&mut stream),
            Answer::HangUp => return Ok(()),
            Answer::Tire(reply) => {
                say(&mut stream, reply)?;
                thread::sleep(Duration::from_millis(50));
                return say(&mut stream, "421 4.4.2 You took too long");
            }
            Answer::Cut(octets) => {
                say(&mut stream, "354 go")?;
                // Closed with octets unread, a connection is reset.
                let mut part = (&mut stream).take(octets);
                return io::copy(&mut part, &mut io::sink()).map(drop);
            }
            Answer::Clog => {
                say(&mut stream, "354 go")?;
                thread::sleep(Duration::from_secs(5));
                return Ok(());
            }
            Answer::Handshake(config) => {
                say(&mut stream, "220 go")?;
                stream = BufReader::new(Box::new(handshake(plain.try_clone()?, config)?));
                ""
            }
        };
        if !usual.is_empty() {
            say(&mut stream, usual)?;
        }
        if usual.starts_with("354") {
            let message = message(&mut stream)?;
            heard.lock().unwrap().messages.push(message);
            match answer(Word::Message) {
                Answer::Say(reply) => say(&mut stream, reply)?,
                Answer::Stall => return stall(&mut stream),
                Answer::HangUp => return Ok(()),
                _ => say(&mut stream, "250 2.0.0 Taken")?,
            }
        }
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end_matches(['\r', '\n']).to_owned();
        heard.lock().unwrap().commands.push(line.clone());
        if let Some(octets) = line.strip_prefix("BDAT ") {
            let octets = octets.strip_suffix(" LAST").unwrap().parse().unwrap();
            let mut message = vec![0; octets];
            stream.read_exact(&mut message)?;
            heard.lock().unwrap().counted.push(message);
        }
        word = Some(line);
    }
}

fn usual(word: Word<'_>) -> &'static str {
    match word {
        Word::Nothing => "220 hop ESMTP",
        word if word.is("EHLO") => OFFERS,
        word if word.is("DATA") => "354 go",
        word if word.is("BDAT") => "250 2.0.0 Taken",
        word if word.is("QUIT") => "221 2.0.0 Bye",
        _ => "250 2.0.0 Fine",
    }
}

fn say(stream: &mut BufReader<Box<dyn Stream>>, reply: &str) -> io::Result<()> {
    let wire = reply.replace('\n', "\r\n") + "\r\n";
    stream.get_mut().write_all(wire.as_bytes())?;
    stream.get_mut().flush()
}

fn stall(stream: &mut impl Read) -> io::Result<()> {
    io::copy(stream, &mut io::sink()).map(drop)
}

/// Reads to CRLF `.` CRLF and nothing else.
fn message(stream: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut wire = b"\r\n".to_vec();
    while !wire.ends_with(b"\r\n.\r\n") {
        if stream.read_until(b'\n', &mut wire)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(wire.split_off(2))
}

/// The message without its end, and without the dots that were put before dots.
fn unstuffed(wire: &[u8]) -> Vec<u8> {
    let stuffed = wire.strip_suffix(b".\r\n").unwrap();
    let mut message = Vec::with_capacity(stuffed.len());
    for (at, &octet) in stuffed.iter().enumerate() {
        if octet != b'.' || !(at == 0 || stuffed[..at].ends_with(b"\r\n")) {
            message.push(octet);
        }
    }
    message
}

trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

fn handshake(
    mut plain: TcpStream,
    config: Arc<ServerConfig>,
) -> io::Result<StreamOwned<ServerConnection, TcpStream>> {
    let mut connection = ServerConnection::new(config).unwrap();
    while connection.is_handshaking() {
        connection.complete_io(&mut plain)?;
    }
    Ok(StreamOwned::new(connection, plain))
}
