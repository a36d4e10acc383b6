//! A next hop that plays a script.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A next hop that plays one script for each connection, and then listens no more.
///
/// A script is lines: `> ` says, with `\r`, `\n` and `\0` as escapes and a line ending unless it ends in `\`; `< ` hears a
/// line that begins so; `! message` hears a message to its end, `! counted N` one of so many octets, `! octets N` so much of one; `! stall` waits for the other
/// side to hang up; `! pause` waits a little; `! cut` resets the connection; `! tls` does a handshake. At its end it hangs up.
pub(crate) struct Hop {
    pub(crate) port: u16,
    heard: Arc<Mutex<Heard>>,
    listener: JoinHandle<Vec<JoinHandle<()>>>,
}

/// What all connections of a next hop heard.
#[derive(Default)]
pub(crate) struct Heard {
    /// Every line.
    pub(crate) lines: Vec<String>,
    /// Every message that was ended, with its dots taken away, or as it was counted.
    pub(crate) messages: Vec<Vec<u8>>,
    /// What was left after a script, or did not fit it.
    pub(crate) surprises: Vec<String>,
}

impl Hop {
    pub(crate) fn play(scripts: &[&str]) -> Self {
        Self::play_with(scripts, None)
    }

    pub(crate) fn play_with(scripts: &[&str], tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Heard>>::default();
        let scripts: Vec<String> = scripts.iter().map(|&script| script.to_owned()).collect();
        let shared = Arc::clone(&heard);
        let listener = thread::spawn(move || {
            let play = |script: String| {
                let (stream, _) = listener.accept().unwrap();
                let (heard, tls) = (Arc::clone(&shared), tls.clone());
                thread::spawn(move || {
                    let mut player = Player::new(stream, Arc::clone(&heard));
                    if let Err(error) = player.play(&script, tls) {
                        heard.lock().unwrap().surprises.push(error.to_string());
                    }
                })
            };
            scripts.into_iter().map(play).collect()
        });
        Self {
            port,
            heard,
            listener,
        }
    }

    /// What was heard, when every script has been played to its end as it should be.
    pub(crate) fn heard(self) -> Heard {
        let heard = self.heard_whatever();
        assert_eq!(heard.surprises, Vec::<String>::new(), "{:?}", heard.lines);
        heard
    }

    /// What was heard, whether or not the scripts were played to their ends.
    pub(crate) fn heard_whatever(self) -> Heard {
        for connection in self.listener.join().unwrap() {
            connection.join().unwrap();
        }
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

struct Player {
    stream: BufReader<Socket>,
    heard: Arc<Mutex<Heard>>,
}

enum Socket {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Player {
    fn new(stream: TcpStream, heard: Arc<Mutex<Heard>>) -> Self {
        // Nothing hangs: a test that waits for more than this has failed.
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::new(Socket::Plain(stream)),
            heard,
        }
    }

    fn play(&mut self, script: &str, tls: Option<Arc<ServerConfig>>) -> io::Result<()> {
        for line in script.lines().map(str::trim_start) {
            let Some((what, rest)) = line.split_at_checked(2) else {
                continue;
            };
            match what {
                "> " => self.say(rest)?,
                "< " => self.hear(rest)?,
                "! " => match rest.split_once(' ').unwrap_or((rest, "")) {
                    ("message", _) => self.message()?,
                    ("counted", count) => self.counted(count.parse().unwrap())?,
                    ("octets", count) => self.octets(count.parse().unwrap())?,
                    ("stall", _) => return self.stall(),
                    ("pause", _) => thread::sleep(Duration::from_millis(100)),
                    ("cut", _) => return self.cut(),
                    ("tls", _) => self.handshake(tls.clone().unwrap())?,
                    _ => panic!("{line}"),
                },
                _ => panic!("{line}"),
            }
        }
        Ok(())
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        let (text, end) = match text.strip_suffix('\\') {
            Some(text) => (text, ""),
            None => (text, "\r\n"),
        };
        let text = text
            .replace("\\r", "\r")
            .replace("\\n", "\n")
            .replace("\\0", "\0");
        let socket = self.stream.get_mut();
        socket.write_all((text + end).as_bytes())?;
        socket.flush()
    }

    fn hear(&mut self, expected: &str) -> io::Result<()> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let fits = line.starts_with(expected) && line.ends_with("\r\n");
        self.heard.lock().unwrap().lines.push(line.clone());
        if fits {
            return Ok(());
        }
        let surprise = format!("expected {expected:?}, heard {line:?}");
        Err(io::Error::other(surprise))
    }

    /// Reads a message as the strictest server does.
    fn message(&mut self) -> io::Result<()> {
        let mut message = Vec::new();
        loop {
            let start = message.len();
            while !message[start..].ends_with(b"\r\n") {
                if self.stream.read_until(b'\n', &mut message)? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            match &message[start..] {
                b".\r\n" => {
                    message.truncate(start);
                    self.heard.lock().unwrap().messages.push(message);
                    return Ok(());
                }
                [b'.', ..] => drop(message.remove(start)),
                _ => {}
            }
        }
    }

    fn counted(&mut self, count: usize) -> io::Result<()> {
        let mut message = vec![0; count];
        self.stream.read_exact(&mut message)?;
        self.heard.lock().unwrap().messages.push(message);
        Ok(())
    }

    fn octets(&mut self, count: u64) -> io::Result<()> {
        let read = io::copy(&mut (&mut self.stream).take(count), &mut io::sink())?;
        if read == count {
            return Ok(());
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }

    /// Waits for the other side to hang up; what it says before that is a surprise.
    fn stall(&mut self) -> io::Result<()> {
        let mut rest = Vec::new();
        match self.stream.read_to_end(&mut rest) {
            Ok(_) if rest.is_empty() => Ok(()),
            Ok(_) => Err(io::Error::other(format!(
                "heard {:?}",
                String::from_utf8_lossy(&rest[..rest.len().min(100)])
            ))),
            // Under TLS it hangs up without a farewell.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Closes with octets unread, which resets the connection.
    fn cut(&mut self) -> io::Result<()> {
        self.stream.get_mut().plain().shutdown(Shutdown::Both)
    }

    fn handshake(&mut self, config: Arc<ServerConfig>) -> io::Result<()> {
        let plain = self.stream.get_mut().plain().try_clone()?;
        let connection = ServerConnection::new(config).unwrap();
        let mut stream = StreamOwned::new(connection, plain);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        self.stream = BufReader::new(Socket::Tls(Box::new(stream)));
        Ok(())
    }
}

impl Socket {
    fn plain(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => &mut stream.sock,
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(octets),
            Self::Tls(stream) => stream.write(octets),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}
