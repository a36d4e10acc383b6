//! The inspector's end of the socket.

use std::io::{self, IoSliceMut, Read};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendFlags, recvmsg, send};

use crate::inspect::wire::{BEGUN, LONGEST_SETUP, REQUEST, Request, Work};
use crate::spool::{Handed, Spooled};

/// Waits for the setup.
pub(in crate::inspect) fn setup(stream: &mut UnixStream) -> io::Result<Vec<u8>> {
    let mut len = [0; 4];
    stream.read_exact(&mut len)?;
    let len = usize::try_from(u32::from_le_bytes(len)).map_err(io::Error::other)?;
    if len > LONGEST_SETUP {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut octets = vec![0; len];
    stream.read_exact(&mut octets)?;
    Ok(octets)
}

/// Sends a frame.
pub(in crate::inspect) fn tell(stream: &UnixStream, octets: &[u8]) -> io::Result<()> {
    let len = u32::try_from(octets.len()).map_err(io::Error::other)?;
    send_all(stream, &len.to_le_bytes())?;
    send_all(stream, octets)
}

/// Sends a picture, behind the inspection that asks for it to be read.
pub(in crate::inspect) fn hand_on(stream: &UnixStream, picture: &[u8]) -> io::Result<()> {
    send_all(stream, picture)
}

/// Waits for work, and how long it may take; `None` when the gate is gone.
pub(in crate::inspect) fn work(
    stream: &mut UnixStream,
) -> io::Result<Option<(Work, Spooled, Duration)>> {
    let mut octets = [0; REQUEST];
    let (read, file) = receive(stream, &mut octets)?;
    if read == 0 {
        return Ok(None);
    }
    stream.read_exact(octets.get_mut(read..).unwrap_or_default())?;
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    let request = Request::decode(octets).ok_or_else(wrong)?;
    let handed = match (request.carried, file) {
        (Handed::Octets(()), _) => {
            let mut octets = vec![0; usize::try_from(request.len).map_err(io::Error::other)?];
            stream.read_exact(&mut octets)?;
            Handed::Octets(octets)
        }
        (Handed::Memory(()), Some(file)) => Handed::Memory(file),
        (Handed::Disk(()), Some(file)) => Handed::Disk(file),
        (_, None) => return Err(wrong()),
    };
    send_all(stream, &[BEGUN])?;
    let handed = Spooled::received(handed, request.len);
    Ok(Some((request.work, handed, request.time)))
}

/// As much of a request as came at once, and the descriptor that came with it.
fn receive(stream: &UnixStream, octets: &mut [u8]) -> io::Result<(usize, Option<OwnedFd>)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = loop {
        let slices = &mut [IoSliceMut::new(octets)];
        match recvmsg(stream, slices, &mut control, RecvFlags::CMSG_CLOEXEC) {
            Err(rustix::io::Errno::INTR) => {}
            received => break received?,
        }
    };
    let file = control.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut files) => files.next(),
        _ => None,
    });
    Ok((received.bytes, file))
}

/// By `send` rather than `write`, for writing is what an inspector may not do.
fn send_all(stream: &UnixStream, mut octets: &[u8]) -> io::Result<()> {
    while !octets.is_empty() {
        match send(stream, octets, SendFlags::NOSIGNAL) {
            Ok(sent) => octets = octets.get(sent..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
