//! A client's socket, in the clear or under TLS.

use std::io;

use rustix::io::Errno;
use rustix::net::RecvFlags;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// A client's socket, in the clear or under TLS.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    /// A handshake failed on it: nothing more is said or heard.
    Spent,
}

impl Stream {
    /// Octets, or 0 at the end. Nothing is lost when it is not waited for to its end.
    pub(super) async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer).await,
            Self::Tls(stream) => stream.read(buffer).await,
            Self::Spent => Ok(0),
        }
    }

    /// Whether the client has hung up, as far as that is known without waiting.
    pub(super) fn is_ended(&self) -> bool {
        let plain = match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_ref().0,
            Self::Spent => return true,
        };
        let look = RecvFlags::PEEK | RecvFlags::DONTWAIT;
        match rustix::net::recv(plain, &mut [0], look) {
            Ok((octets, _)) => octets == 0,
            Err(error) => error != Errno::AGAIN,
        }
    }

    /// Writes all octets, as far as the kernel.
    pub(super) async fn write_all(&mut self, octets: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.write_all(octets).await,
            Self::Tls(stream) => {
                stream.write_all(octets).await?;
                stream.flush().await
            }
            Self::Spent => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Says that nothing more comes. Without it a client under TLS cannot tell our end from somebody's who cut the line.
    pub(super) async fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Tls(stream) => stream.shutdown().await,
            Self::Plain(_) | Self::Spent => Ok(()),
        }
    }

    /// The socket, if it is still in the clear; nothing can be said on what is left.
    pub(super) fn take_plain(&mut self) -> Option<TcpStream> {
        match std::mem::replace(self, Self::Spent) {
            Self::Plain(stream) => Some(stream),
            Self::Tls(_) | Self::Spent => None,
        }
    }
}
