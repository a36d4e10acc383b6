//! The mail server that hands over messages.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use super::PATIENCE;

/// One connection of it.
pub(super) struct Client {
    stream: BufReader<TcpStream>,
    hello: String,
}

impl Client {
    /// Connects, is greeted, and says EHLO.
    pub(super) fn greeted(address: SocketAddr) -> Self {
        Self::saying(address, "EHLO", "ESMTP")
    }

    /// Connects, is greeted, and says LHLO.
    pub(super) fn greeted_by_lmtp(address: SocketAddr) -> Self {
        Self::saying(address, "LHLO", "LMTP")
    }

    fn saying(address: SocketAddr, hello: &str, protocol: &str) -> Self {
        let mut client = Self::connected(address);
        let greeting = format!("220 sluse.kommune.example {protocol} Sluse");
        assert_eq!(client.hear(), greeting);
        client.hello = client.ask(&format!("{hello} mail.kommune.example"));
        assert!(client.hello.starts_with("250-"), "{}", client.hello);
        client
    }

    /// Connects.
    pub(super) fn connected(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        // Nothing hangs: a test that waits for more than this has failed.
        let patience = Some(PATIENCE);
        stream.set_read_timeout(patience).unwrap();
        Self {
            stream: BufReader::new(stream),
            hello: String::new(),
        }
    }

    /// Whether the reply to EHLO announced this.
    pub(super) fn offers(&self, keyword: &str) -> bool {
        self.hello
            .lines()
            .any(|line| line.get(4..) == Some(keyword))
    }

    pub(super) fn say(&mut self, octets: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(octets.as_ref()).unwrap();
    }

    /// The next reply, its lines joined by `\n`; nothing at the end of the connection.
    pub(super) fn hear(&mut self) -> String {
        let mut reply = String::new();
        loop {
            let mut line = String::new();
            match self.stream.read_line(&mut line) {
                Ok(0) => return reply,
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return reply,
                read => read.unwrap(),
            };
            let line = line.strip_suffix("\r\n").unwrap();
            reply.push_str(line);
            if line.as_bytes().get(3) != Some(&b'-') {
                return reply;
            }
            reply.push('\n');
        }
    }

    /// The reply to a command.
    pub(super) fn ask(&mut self, command: &str) -> String {
        self.say(format!("{command}\r\n"));
        self.hear()
    }

    /// Says a command that is answered so.
    pub(super) fn asks(&mut self, command: &str, reply: &str) {
        assert_eq!(self.ask(command), reply, "to {command}");
    }

    /// A transaction up to the reply 354.
    pub(super) fn begin(&mut self, to: &[&str]) {
        let reply = self.ask("MAIL FROM:<meho@kommune.example>");
        assert!(reply.starts_with("250 "), "{reply}");
        for to in to {
            let reply = self.ask(&format!("RCPT TO:<{to}>"));
            assert!(reply.starts_with("250 "), "{reply}");
        }
        self.asks("DATA", "354 End data with <CR><LF>.<CR><LF>");
    }

    /// A whole transaction, and the reply to the message.
    pub(super) fn send(&mut self, to: &[&str], message: impl AsRef<[u8]>) -> String {
        self.begin(to);
        self.finish(message)
    }

    /// A whole transaction over LMTP, and the reply for each recipient.
    pub(super) fn send_each<const N: usize>(
        &mut self,
        to: [&str; N],
        message: impl AsRef<[u8]>,
    ) -> [String; N] {
        self.begin(&to);
        self.say(stuffed(message.as_ref()));
        self.say(".\r\n");
        let replies = to.map(|_| self.hear());
        // Not one reply more.
        self.asks("NOOP", "250 2.0.0 Ok");
        replies
    }

    /// The message, its dots stuffed, and its end; the reply to it.
    pub(super) fn finish(&mut self, message: impl AsRef<[u8]>) -> String {
        self.say(stuffed(message.as_ref()));
        self.say(".\r\n");
        self.hear()
    }

    /// Hangs up while replies may still come.
    pub(super) fn vanish(self) {
        // With replies unread, this is a reset.
        drop(self.stream.get_ref().shutdown(Shutdown::Both));
    }
}

/// A message with its dots stuffed (RFC 5321 section 4.5.2).
pub(super) fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(message.len());
    for (at, &octet) in message.iter().enumerate() {
        if octet == b'.' && (at == 0 || message[..at].ends_with(b"\r\n")) {
            wire.push(b'.');
        }
        wire.push(octet);
    }
    wire
}
