//! A next hop that keeps every octet it is given.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::postfix::lab::text_of;

/// One message as it came: its recipients as typed, and its octets with the dots unstuffed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) sender: String,
    pub(crate) recipients: Vec<String>,
    pub(crate) message: Vec<u8>,
}

impl Delivered {
    /// What stands after the header.
    pub(crate) fn text(&self) -> &[u8] {
        text_of(&self.message)
    }
}

/// A listening next hop.
pub(crate) struct Sink {
    pub(crate) address: SocketAddr,
    delivered: Arc<Mutex<Vec<Delivered>>>,
}

impl Sink {
    pub(crate) fn start() -> Self {
        Self::at(0)
    }

    /// One at this port.
    pub(crate) fn at(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let address = listener.local_addr().unwrap();
        let delivered = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&delivered);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let kept = Arc::clone(&kept);
                thread::spawn(move || drop(converse(stream.unwrap(), &kept)));
            }
        });
        Self { address, delivered }
    }

    pub(crate) fn delivered(&self) -> Vec<Delivered> {
        self.delivered.lock().unwrap().clone()
    }

    /// Waits until `count` messages were delivered.
    pub(crate) fn wait(&self, count: usize) -> Vec<Delivered> {
        let late = Instant::now() + Duration::from_secs(30);
        while self.delivered.lock().unwrap().len() < count && Instant::now() < late {
            thread::sleep(Duration::from_millis(20));
        }
        let delivered = self.delivered();
        assert_eq!(delivered.len(), count, "messages at the next hop");
        delivered
    }
}

fn converse(stream: TcpStream, kept: &Mutex<Vec<Delivered>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream);
    let (mut sender, mut recipients) = (String::new(), Vec::new());
    out.write_all(b"220 sink ESMTP\r\n")?;
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        match text.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => out.write_all(
                b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250-SIZE 104857600\r\n250 XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE\r\n",
            )?,
            "MAIL" => {
                sender = text;
                recipients.clear();
                out.write_all(b"250 2.1.0 Ok\r\n")?;
            }
            "RCPT" => {
                recipients.push(text);
                out.write_all(b"250 2.1.5 Ok\r\n")?;
            }
            "DATA" => {
                out.write_all(b"354 go\r\n")?;
                let message = message(&mut lines)?;
                let delivered = Delivered { sender: sender.clone(), recipients: recipients.clone(), message };
                kept.lock().unwrap().push(delivered);
                out.write_all(b"250 2.0.0 kept\r\n")?;
            }
            "QUIT" => return out.write_all(b"221 2.0.0 bye\r\n"),
            _ => out.write_all(b"250 2.0.0 Ok\r\n")?,
        }
    }
}

/// Reads to CRLF.CRLF and nothing else, and takes one dot from each line that begins with one.
fn message(input: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut raw = b"\r\n".to_vec();
    let mut octet = [0_u8];
    while !raw.ends_with(b"\r\n.\r\n") {
        input.read_exact(&mut octet)?;
        raw.push(octet[0]);
    }
    raw.truncate(raw.len() - 3);
    let mut message = Vec::with_capacity(raw.len());
    for (at, &octet) in raw.iter().enumerate() {
        if !(octet == b'.' && raw[..at].ends_with(b"\r\n")) {
            message.push(octet);
        }
    }
    Ok(message.split_off(2))
}
