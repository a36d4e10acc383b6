//! A client's socket, in the clear or under TLS.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use rustix::io::Errno;
use rustix::net::RecvFlags;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// A client's socket, in the clear or under TLS.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    /// A handshake failed on it, or a reply was written in part: nothing more is said or heard.
    Spent,
}

/// What stands to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Look {
    /// Nothing yet.
    Nothing,
    /// Octets: of TLS, if it is in use. Whether the client has hung up behind them is not known.
    Octets,
    /// The client has hung up, or the connection failed.
    End,
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

    /// What is to be read, as far as that is known without waiting.
    pub(super) fn look(&self) -> Look {
        let plain = match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_ref().0,
            Self::Spent => return Look::End,
        };
        let look = RecvFlags::PEEK | RecvFlags::DONTWAIT;
        match rustix::net::recv(plain, &mut [0], look) {
            Ok((0, _)) => Look::End,
            Ok(_) => Look::Octets,
            Err(Errno::AGAIN) => Look::Nothing,
            Err(_) => Look::End,
        }
    }

    /// Whether octets may be there that [`look`](Self::look) does not see: TLS decrypts a whole record, however few are asked for.
    pub(super) fn keeps_octets(&self) -> bool {
        matches!(self, Self::Tls(_))
    }

    /// Octets that are there, or 0 at the end; `None`, where there are none yet. Of TLS some may be there that are not seen, for the
    /// runtime has not told of them: then [`look`](Self::look) still does.
    pub(super) fn try_read(&mut self, buffer: &mut [u8]) -> Option<io::Result<usize>> {
        let read = match self {
            Self::Plain(stream) => {
                let read = rustix::net::recv(&*stream, buffer, RecvFlags::DONTWAIT);
                read.map(|(octets, _)| octets).map_err(io::Error::from)
            }
            Self::Tls(stream) => {
                let mut read = ReadBuf::new(buffer);
                let context = &mut Context::from_waker(Waker::noop());
                match Pin::new(stream.as_mut()).poll_read(context, &mut read) {
                    Poll::Pending => return None,
                    Poll::Ready(done) => done.map(|()| read.filled().len()),
                }
            }
            Self::Spent => Ok(0),
        };
        match read {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            read => Some(read),
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
