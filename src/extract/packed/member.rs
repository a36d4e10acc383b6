//! One member of a packed file: each function unpacks the first and hands back what follows it.

use bzip2::{Decompress, Status as Bzip2Status};
use flate2::bufread::GzDecoder;
use lzma_rust2::{Action, LzmaStream, Status, StreamResult, XzStream};
use zstd::stream::read::Decoder as ZstdDecoder;

use crate::extract::Flaw;
use crate::extract::octets::{size_at, u8_at, u32_at, u64_at};
use crate::extract::unpack::{CHUNK, DICTIONARY, MEMORY_KIB, OVER_MEMORY, Sink, flaw};

/// A member that was unpacked whole: what follows it.
type Unpacked<'b> = Result<&'b [u8], Flaw>;

pub(super) fn gzip<'b>(bytes: &'b [u8], sink: &mut Sink<'_>) -> Unpacked<'b> {
    let mut decoder = GzDecoder::new(bytes);
    sink.drain(&mut decoder)?;
    Ok(decoder.into_inner())
}

pub(super) fn bzip2<'b>(bytes: &'b [u8], sink: &mut Sink<'_>) -> Unpacked<'b> {
    let mut decoder = Decompress::new(false);
    let mut chunk = [0; CHUNK];
    loop {
        let (input, output) = (decoder.total_in(), decoder.total_out());
        let status = decoder.decompress(after(bytes, input), &mut chunk);
        // What came out before the damage, too.
        let produced = decoder.total_out() - output;
        sink.take(before(&chunk, produced))?;
        match status {
            Ok(Bzip2Status::StreamEnd) => return Ok(after(bytes, decoder.total_in())),
            Ok(_) if produced > 0 || decoder.total_in() > input => {}
            _ => return Err(Flaw::Damaged),
        }
    }
}

pub(super) fn xz<'b>(bytes: &'b [u8], sink: &mut Sink<'_>) -> Unpacked<'b> {
    let mut stream = XzStream::new_mem_limit(false, MEMORY_KIB);
    streamed(bytes, sink, |input, output| {
        let before = stream.total_out();
        let result = stream.process(input, output, Action::Run);
        (result, stream.total_out() - before)
    })
}

pub(super) fn lzma<'b>(bytes: &'b [u8], sink: &mut Sink<'_>) -> Unpacked<'b> {
    let mut stream = LzmaStream::new_mem_limit(MEMORY_KIB, None);
    streamed(bytes, sink, |input, output| {
        let before = stream.total_out();
        let result = stream.process(input, output, Action::Run);
        (result, stream.total_out() - before)
    })
}

/// Feeds a decoder whose every step tells what it consumed, and how much came out even where it failed.
fn streamed<'b>(
    bytes: &'b [u8],
    sink: &mut Sink<'_>,
    mut step: impl FnMut(&[u8], &mut [u8]) -> (std::io::Result<StreamResult>, u64),
) -> Unpacked<'b> {
    let mut rest = bytes;
    let mut chunk = [0; CHUNK];
    loop {
        let (result, produced) = step(rest, &mut chunk);
        sink.take(before(&chunk, produced))?;
        let result = result.map_err(|error| flaw(&error))?;
        rest = after(rest, result.bytes_consumed as u64);
        match result.status {
            Status::StreamEnd => return Ok(rest),
            Status::Ok if produced > 0 || result.bytes_consumed > 0 => {}
            // It asks for more than there is.
            Status::Ok => return Err(Flaw::Damaged),
        }
    }
}

/// A frame of Zstandard, or one that is to be skipped.
pub(super) fn zstd<'b>(bytes: &'b [u8], sink: &mut Sink<'_>) -> Unpacked<'b> {
    if let [0x50..=0x5F, ..] = bytes {
        let end = size_at(bytes, 4).and_then(|size| size.checked_add(8));
        return end.and_then(|end| bytes.get(end..)).ok_or(Flaw::Damaged);
    }
    if zstd_window(bytes).ok_or(Flaw::Damaged)? > u64::from(DICTIONARY) {
        return Err(OVER_MEMORY);
    }
    let mut decoder = ZstdDecoder::with_buffer(bytes)
        .map_err(|error| flaw(&error))?
        .single_frame();
    decoder
        .window_log_max(WINDOW_LOG)
        .map_err(|error| flaw(&error))?;
    let drained = sink.drain(&mut decoder);
    // The number of its dictionary stands in the frame (RFC 8878 section 3.1.1.1.3).
    if drained == Err(Flaw::Damaged) && u8_at(bytes, 4).is_some_and(|flags| flags & 3 != 0) {
        return Err(Flaw::Unsupported);
    }
    drained?;
    Ok(decoder.finish())
}

/// How much of what came out before a frame of Zstandard looks back on: its window, or the whole of a frame that is one segment
/// (RFC 8878 section 3.1.1.1).
fn zstd_window(frame: &[u8]) -> Option<u64> {
    let flags = u8_at(frame, 4)?;
    if flags & 0x20 == 0 {
        let window = u8_at(frame, 5)?;
        let base = 1_u64 << (10 + (window >> 3));
        return Some(base + base / 8 * u64::from(window & 7));
    }
    let at = 5 + [0, 1, 2, 4].get(usize::from(flags & 3))?;
    match flags >> 6 {
        0 => u8_at(frame, at).map(u64::from),
        1 => Some(u64::from(u8_at(frame, at)?) | u64::from(u8_at(frame, at + 1)?) << 8),
        2 => u32_at(frame, at).map(u64::from),
        _ => u64_at(frame, at),
    }
}

/// Whether octets begin as the .lzma format does, which has no magic: what every program writes into its header, and the
/// nought that opens each of its streams.
pub(super) fn is_lzma(bytes: &[u8]) -> bool {
    let [0x5D, rest @ ..] = bytes else {
        return false;
    };
    let is_dictionary = |size: u32| {
        size >= 4096
            && (size.is_power_of_two() || size.is_multiple_of(3) && (size / 3).is_power_of_two())
    };
    u32_at(rest, 0).is_some_and(is_dictionary)
        && u64_at(rest, 4).is_some_and(|size| size == u64::MAX || size < 1 << 40)
        && u8_at(rest, 12) == Some(0)
}

fn after(bytes: &[u8], count: u64) -> &[u8] {
    usize::try_from(count)
        .ok()
        .and_then(|count| bytes.get(count..))
        .unwrap_or_default()
}

fn before(bytes: &[u8], count: u64) -> &[u8] {
    usize::try_from(count)
        .ok()
        .and_then(|count| bytes.get(..count))
        .unwrap_or_default()
}

/// [`DICTIONARY`] as a power of two.
const WINDOW_LOG: u32 = 26;
