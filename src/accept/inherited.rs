//! Sockets that somebody listened on before us: a service manager, who hands them over when it starts us.
//!
//! A socket takes the place of the one that would have been made for the address it listens on. So the configuration says, as ever,
//! who may come in where; and a socket it does not know is an error, for whoever connected to it would wait for ever.

use std::io;
use std::net::{SocketAddr, TcpListener};

use listenfd::ListenFd;

/// Sockets that were handed over, each with the address it listens on.
#[derive(Debug, Default)]
pub struct Inherited(Vec<(SocketAddr, TcpListener)>);

/// Why sockets that were handed over cannot be used: whoever set up the service is at fault.
#[derive(Debug, thiserror::Error)]
pub enum InheritedError {
    /// It is none that is listened on by TCP.
    #[error("socket number {number} of the service manager cannot be listened on: {error}")]
    Unusable {
        /// Its number among those that were handed over.
        number: usize,
        /// Why.
        error: io::Error,
    },
    /// The configuration does not name its address.
    #[error(
        "the service manager listens on {0}, which the configuration does not name: name it in `listen.addresses`, or take \
         it out of the socket unit"
    )]
    Unknown(SocketAddr),
}

impl Inherited {
    /// The sockets that were handed over (`LISTEN_FDS`), if any. To be called once, before there is a second thread, for it changes
    /// the environment.
    ///
    /// # Errors
    ///
    /// When one of them is not to be listened on by TCP.
    pub fn from_service_manager() -> Result<Self, InheritedError> {
        let mut handed = ListenFd::from_env();
        let mut sockets = Vec::new();
        for number in 0..handed.len() {
            let taken = handed
                .take_tcp_listener(number)
                .and_then(|socket| socket.map(known).transpose());
            match taken {
                Ok(socket) => sockets.extend(socket),
                Err(error) => return Err(InheritedError::Unusable { number, error }),
            }
        }
        Ok(Self(sockets))
    }

    /// The socket that listens on this address.
    pub fn take(&mut self, address: SocketAddr) -> Option<TcpListener> {
        let at = self.0.iter().position(|(found, _)| *found == address)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Says that all that were wanted are taken.
    ///
    /// # Errors
    ///
    /// When one is left.
    pub fn finish(self) -> Result<(), InheritedError> {
        match self.0.first() {
            Some((address, _)) => Err(InheritedError::Unknown(*address)),
            None => Ok(()),
        }
    }
}

fn known(socket: TcpListener) -> io::Result<(SocketAddr, TcpListener)> {
    socket.set_nonblocking(true)?;
    Ok((socket.local_addr()?, socket))
}
