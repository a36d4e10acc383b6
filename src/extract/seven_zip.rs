//! A 7z archive: its header, and the streams of entries packed one after another.
//!
//! A library reads this format too, and unpacks the header, whose size and dictionary a stranger writes, before anybody can set it
//! a limit. Here the header is spent like any entry.

mod coder;
mod header;
mod octets;
mod streams;

use std::io::Read;

use flate2::Crc;

use crate::extract::archive::folder;
use crate::extract::octets::{slice, u32_at, u64_at};
use crate::extract::unpack::{CHUNK, Sink, Words, behind, flaw};
use crate::extract::{Exhausted, Flaw, Reading, open};
use header::{File, Header};
use streams::Stream;

/// Reads an archive. The names of entries are read even where their data is encrypted.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    let (start, size) = (u64_at(bytes, 12), u64_at(bytes, 20));
    let header = start
        .and_then(|start| usize::try_from(start.checked_add(START)?).ok())
        .and_then(|start| bytes.get(start..))
        .zip(size.and_then(|size| usize::try_from(size).ok()));
    let Some((rest, size)) = header else {
        reading.gap(
            Flaw::Damaged.reason(),
            "7z: cut off, or one of several volumes",
        );
        return;
    };
    let Some((header, rest)) = rest.split_at_checked(size) else {
        reading.gap(
            Flaw::Damaged.reason(),
            "7z: cut off, or one of several volumes",
        );
        return;
    };
    let packed = bytes.get(32..).unwrap_or_default();
    if !header.is_empty() {
        if u32_at(bytes, 28) != Some(sum(header)) {
            WORDS.gap(Flaw::Damaged, reading);
        }
        match header::unpacked(header, packed, reading) {
            Ok(header) => entries(&header, packed, reading),
            Err(Flaw::Encrypted) => {
                reading.gap(Flaw::Encrypted.reason(), "7z: encrypted, with its names");
            }
            Err(flaw) => WORDS.gap(flaw, reading),
        }
    }
    behind(rest, reading);
}

/// Reads what the header lists.
fn entries(header: &Header, packed: &[u8], reading: &mut Reading<'_>) {
    for file in header.files.iter().filter(|file| !file.has_data) {
        if let Err(exhausted) = reading.budget.entry() {
            reading.exhausted(exhausted);
            return;
        }
        if file.is_folder {
            folder(&format!("{}/", file.name), reading);
        } else {
            reading.inner(Some(&file.name), |_| ());
        }
    }
    let mut files = header.files.iter().filter(|file| file.has_data);
    for stream in &header.streams.streams {
        let read = match coder::reader(stream, packed) {
            Ok(mut source) => each(stream, source.as_mut(), &mut files, reading),
            Err(flaw) => closed(stream, flaw, &mut files, reading),
        };
        if let Err(exhausted) = read {
            reading.exhausted(exhausted);
            return;
        }
    }
    // A name without a stream.
    for file in files {
        reading.inner(Some(&file.name), |reading| {
            WORDS.gap(Flaw::Damaged, reading);
        });
    }
}

/// Reads the entries of one stream, in one pass. An error is the end of all reading.
fn each<'f>(
    stream: &Stream,
    source: &mut dyn Read,
    files: &mut impl Iterator<Item = &'f File>,
    reading: &mut Reading<'_>,
) -> Result<(), Exhausted> {
    let mut broken = None;
    let mut parts = stream.parts.iter().peekable();
    while let Some(part) = parts.next() {
        reading.budget.entry()?;
        let name = files.next().map(|file| file.name.as_str());
        let mut sink = Sink::new(reading.budget);
        let mut within = source.take(part.size);
        let unpacked = match broken {
            Some(flaw) => Err(flaw),
            None => sink.drain(&mut within),
        };
        let octets = sink.octets;
        let flaw = match unpacked {
            Ok(()) if (octets.len() as u64) < part.size => Some(Flaw::Damaged),
            Ok(()) if part.sum.is_some_and(|known| known != sum(&octets)) => Some(Flaw::Damaged),
            Ok(()) => None,
            Err(flaw) => Some(flaw),
        };
        reading.inner(name, |reading| {
            reading.guarded(|reading| open(&octets, reading));
            if let Some(flaw) = flaw {
                WORDS.gap(flaw, reading);
            }
        });
        drop(octets);
        match unpacked {
            Err(Flaw::Exhausted(exhausted)) if exhausted.is_final() => return Err(exhausted),
            // What follows in the stream can be had only through this.
            Err(Flaw::Exhausted(_)) if parts.peek().is_some() => {
                broken = pass_over(&mut within, reading)?.or(broken);
            }
            Err(flaw) => broken = Some(flaw),
            Ok(()) => {}
        }
    }
    Ok(())
}

/// Notes the entries of a stream that cannot be read at all. Their names can.
fn closed<'f>(
    stream: &Stream,
    flaw: Flaw,
    files: &mut impl Iterator<Item = &'f File>,
    reading: &mut Reading<'_>,
) -> Result<(), Exhausted> {
    for _ in &stream.parts {
        reading.budget.entry()?;
        let name = files.next().map(|file| file.name.as_str());
        reading.inner(name, |reading| WORDS.gap(flaw, reading));
    }
    Ok(())
}

/// Unpacks the rest of an entry for nothing, and spends it all the same.
fn pass_over(source: &mut dyn Read, reading: &mut Reading<'_>) -> Result<Option<Flaw>, Exhausted> {
    let mut chunk = [0; CHUNK];
    loop {
        match source.read(&mut chunk) {
            Ok(0) => return Ok(None),
            Ok(count) => reading.budget.decoded(count as u64)?,
            Err(error) => return Ok(Some(flaw(&error))),
        }
    }
}

/// The sum of octets, as the format has it.
fn sum(octets: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(octets);
    sum.sum()
}

/// Whether octets begin an archive of which the first 32 add up: to find one behind a program.
pub(super) fn starts(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC) && u32_at(bytes, 8) == Some(sum(slice(bytes, 12, 20)))
}

/// How an archive begins.
pub(super) const MAGIC: &[u8] = b"7z\xBC\xAF\x27\x1C";

const WORDS: Words = Words {
    encrypted: "7z: encrypted entry",
    damaged: "7z: damaged",
    unsupported: "7z: unknown packing",
};

/// Where the packed streams begin, and what all places are counted from.
const START: u64 = 32;
