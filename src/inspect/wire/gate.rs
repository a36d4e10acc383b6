//! The gate's end of the socket. It takes nothing the other end says for granted.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::UnixStream;
use tokio::time::{Instant, timeout_at};

use crate::inspect::wire::{BEGUN, LONGEST_ANSWER, LONGEST_INSPECTION, Request, Work};
use crate::spool::{self, Draft, Handed, SpoolError, Spooled};

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

/// Hands over work, and waits until it was taken.
pub(in crate::inspect) async fn hand_over(
    stream: &mut UnixStream,
    work: Work,
    message: &Spooled,
    time: Duration,
) -> io::Result<()> {
    let (carried, octets, file) = match message.handed() {
        Handed::Octets(octets) => (Handed::Octets(()), octets, None),
        Handed::Memory(file) => (Handed::Memory(()), &[][..], Some(file)),
        Handed::Disk(file) => (Handed::Disk(()), &[][..], Some(file)),
    };
    let request = Request {
        work,
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

/// Takes a picture of this length, which follows the inspection that asks for it to be read.
///
/// What it takes to keep it is not of its time: it puts off `late`.
pub(in crate::inspect) async fn picture(
    stream: &mut UnixStream,
    len: u64,
    spool: &spool::Settings,
    late: &mut Instant,
) -> io::Result<Result<Spooled, SpoolError>> {
    let mut draft = Draft::new(spool);
    let mut rest = stream.take(len);
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = timeout_at(*late, rest.read(&mut chunk)).await??;
        let Some(octets) = chunk.get(..read).filter(|octets| !octets.is_empty()) else {
            break;
        };
        let begin = Instant::now();
        if let Err(error) = draft.take_in(octets).await {
            return Ok(Err(error));
        }
        *late += begin.elapsed();
    }
    if rest.limit() > 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let begin = Instant::now();
    let ended = draft.end().await;
    *late += begin.elapsed();
    Ok(ended)
}

/// The octets of a picture that are taken at a time.
const CHUNK: usize = 64 << 10;

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
