//! The gate's end of the socket. It takes nothing the other end says for granted.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::UnixStream;

use crate::inspect::wire::{BEGUN, LONGEST_ANSWER, LONGEST_INSPECTION, Request};
use crate::spool::{Handed, Spooled};

/// Sends a setup, and waits for the answer.
pub(in crate::inspect) async fn set_up(
    stream: &mut UnixStream,
    setup: &[u8],
) -> io::Result<Vec<u8>> {
    let len = u32::try_from(setup.len()).map_err(io::Error::other)?;
    stream.write_all(&len.to_le_bytes()).await?;
    stream.write_all(setup).await?;
    frame(stream, LONGEST_ANSWER).await
}

/// Hands over a message, and waits until it was taken.
pub(in crate::inspect) async fn hand_over(
    stream: &mut UnixStream,
    message: &Spooled,
    time: Duration,
) -> io::Result<()> {
    let (carried, octets, file) = match message.handed() {
        Handed::Octets(octets) => (Handed::Octets(()), octets, None),
        Handed::Memory(file) => (Handed::Memory(()), &[][..], Some(file)),
        Handed::Disk(file) => (Handed::Disk(()), &[][..], Some(file)),
    };
    let request = Request {
        carried,
        len: message.len(),
        time,
    };
    let request = request.encode();
    let sent = stream
        .async_io(Interest::WRITABLE, || send(stream, &request, octets, file))
        .await?;
    let rest = sent.saturating_sub(request.len());
    stream
        .write_all(request.get(sent..).unwrap_or_default())
        .await?;
    stream
        .write_all(octets.get(rest..).unwrap_or_default())
        .await?;
    match stream.read_u8().await? {
        BEGUN => Ok(()),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Waits for what was found in the message that was handed over last.
pub(in crate::inspect) async fn inspection(stream: &mut UnixStream) -> io::Result<Vec<u8>> {
    frame(stream, LONGEST_INSPECTION).await
}

/// As much as goes at once, and the descriptor with its first octet.
fn send(
    stream: &UnixStream,
    request: &[u8],
    octets: &[u8],
    file: Option<BorrowedFd<'_>>,
) -> io::Result<usize> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if let Some(file) = &file {
        control.push(SendAncillaryMessage::ScmRights(std::slice::from_ref(file)));
    }
    let slices = [IoSlice::new(request), IoSlice::new(octets)];
    Ok(sendmsg(stream, &slices, &mut control, SendFlags::NOSIGNAL)?)
}

/// A frame of at most `most` octets. What it claims to be long is not believed before it came.
async fn frame(stream: &mut UnixStream, most: usize) -> io::Result<Vec<u8>> {
    let len = stream.read_u32_le().await?;
    if usize::try_from(len).is_ok_and(|len| len > most) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut octets = Vec::new();
    let read = stream.take(u64::from(len)).read_to_end(&mut octets).await?;
    if u32::try_from(read) != Ok(len) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(octets)
}
