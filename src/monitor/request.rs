//! The one request of a connection.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Request {
    Get(Asked),
    Head(Asked),
    /// What is not answered, with the status that says so and what is said beside it.
    Other(&'static str, &'static str),
}

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asked {
    Metrics,
    Health,
    Readiness,
}

impl Request {
    /// Reads to the end of the head. Nothing but its first line is looked at.
    pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Self> {
        let mut head = Vec::new();
        let mut stream = stream.take(LONGEST);
        loop {
            if stream.read_buf(&mut head).await? == 0 {
                return Ok(Self::Other(
                    "400 Bad Request",
                    "this is no request that can be read\n",
                ));
            }
            if memchr::memmem::find(&head, b"\r\n\r\n").is_some() {
                return Ok(Self::of(&head));
            }
        }
    }

    fn of(head: &[u8]) -> Self {
        let line = head.split(|octet| *octet == b'\r').next();
        let mut words = line.unwrap_or_default().split(|octet| *octet == b' ');
        let (method, target) = (words.next(), words.next().unwrap_or_default());
        let path = target.split(|octet| *octet == b'?').next();
        let asked = match path.unwrap_or_default() {
            b"/metrics" => Asked::Metrics,
            b"/healthz" => Asked::Health,
            b"/readyz" => Asked::Readiness,
            _ => {
                return Self::Other(
                    "404 Not Found",
                    "there are /metrics, /healthz and /readyz\n",
                );
            }
        };
        match method {
            Some(b"GET") => Self::Get(asked),
            Some(b"HEAD") => Self::Head(asked),
            _ => Self::Other("405 Method Not Allowed", "GET and HEAD are all there is\n"),
        }
    }
}

/// The longest head. Fixed: 8 KiB; beyond it 400.
const LONGEST: u64 = 8 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_is_there_is_answered() {
        let long = format!("GET /metrics HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(9000));
        for (octets, read) in [
            (
                "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
                Request::Get(Asked::Metrics),
            ),
            (
                "HEAD /readyz?verbose HTTP/1.0\r\n\r\n",
                Request::Head(Asked::Readiness),
            ),
            ("GET /healthz HTTP/1.1\r\n\r\n", Request::Get(Asked::Health)),
        ] {
            assert_eq!(Request::read(&mut octets.as_bytes()).await.unwrap(), read);
        }
        for (octets, status) in [
            ("GET / HTTP/1.1\r\n\r\n", "404"),
            ("GET /metrics/ HTTP/1.1\r\n\r\n", "404"),
            ("POST /metrics HTTP/1.1\r\n\r\n", "405"),
            ("EHLO x\r\n", "400"),
            ("", "400"),
            (&long, "400"),
        ] {
            let read = Request::read(&mut octets.as_bytes()).await.unwrap();
            let Request::Other(said, _) = read else {
                panic!("{octets}");
            };
            assert!(said.starts_with(status), "{said} to {octets}");
        }
    }
}
