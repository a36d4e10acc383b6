//! The header of a 7z archive: its streams, and the names of what is in them.

use std::borrow::Cow;

use crate::extract::octets::utf_16;
use crate::extract::seven_zip::coder;
use crate::extract::seven_zip::octets::Octets;
use crate::extract::seven_zip::streams::{Streams, within};
use crate::extract::unpack::Sink;
use crate::extract::{Flaw, Reading};

/// What the header says.
pub(super) struct Header {
    pub(super) streams: Streams,
    pub(super) files: Vec<File>,
}

/// An entry.
#[derive(Clone, Default)]
pub(super) struct File {
    pub(super) name: String,
    /// Whether a part of a stream is its data.
    pub(super) has_data: bool,
    pub(super) is_folder: bool,
}

/// Reads a header, which may itself be packed, several times over. Each time is an entry of the archive and is spent as that.
pub(super) fn unpacked(
    header: &[u8],
    packed: &[u8],
    reading: &mut Reading<'_>,
) -> Result<Header, Flaw> {
    let mut header = Cow::Borrowed(header);
    loop {
        let mut octets = Octets(&header);
        let most = reading.budget.entries_left();
        match octets.byte()? {
            HEADER => return parse(&mut octets, most),
            PACKED_HEADER => {}
            _ => return Err(Flaw::Damaged),
        }
        let streams = Streams::parse(&mut octets, most)?;
        let stream = streams.streams.first().ok_or(Flaw::Damaged)?;
        reading.budget.entry().map_err(Flaw::Exhausted)?;
        let mut source = coder::reader(stream, packed)?;
        let mut sink = Sink::new(reading.budget);
        sink.drain(source.as_mut())?;
        header = Cow::Owned(sink.octets);
    }
}

fn parse(octets: &mut Octets<'_>, most: usize) -> Result<Header, Flaw> {
    let mut header = Header {
        streams: Streams::default(),
        files: Vec::new(),
    };
    loop {
        match octets.byte()? {
            END => return Ok(header),
            PROPERTIES => while property(octets)?.is_some() {},
            STREAMS => header.streams = Streams::parse(octets, most)?,
            FILES => header.files = files(octets, most)?,
            // Streams of which only the header itself makes use; nobody is known to write them.
            MORE_STREAMS => {
                Streams::parse(octets, most)?;
            }
            _ => return Err(Flaw::Damaged),
        }
    }
}

fn files(octets: &mut Octets<'_>, most: usize) -> Result<Vec<File>, Flaw> {
    let count = within(octets.count()?, most)?;
    let mut names = Vec::new();
    let mut without_data = vec![false; count];
    let mut no_folders = Vec::new();
    while let Some((id, mut property)) = property(octets)? {
        match id {
            NAMES => {
                if property.byte()? != 0 {
                    return Err(Flaw::Unsupported);
                }
                names = in_utf_16(property.0, count);
            }
            WITHOUT_DATA => without_data = property.bits(count)?,
            NO_FOLDERS => {
                let empty = without_data.iter().filter(|is_empty| **is_empty).count();
                no_folders = property.bits(empty)?;
            }
            // Times, attributes and what only fills.
            _ => {}
        }
    }
    let mut no_folders = no_folders.into_iter();
    let mut names = names.into_iter();
    let files = without_data.into_iter().map(|is_empty| File {
        name: names.next().unwrap_or_default(),
        has_data: !is_empty,
        is_folder: is_empty && !no_folders.next().unwrap_or(false),
    });
    Ok(files.collect())
}

/// The next property, or `None` at the end of them.
fn property<'h>(octets: &mut Octets<'h>) -> Result<Option<(u8, Octets<'h>)>, Flaw> {
    let id = octets.byte()?;
    if id == END {
        return Ok(None);
    }
    let size = octets.count()?;
    Ok(Some((id, Octets(octets.take(size)?))))
}

/// `count` names of UTF-16, each ended by a NUL.
fn in_utf_16(octets: &[u8], count: usize) -> Vec<String> {
    let (units, _) = octets.as_chunks::<2>();
    units
        .split(|unit| *unit == [0, 0])
        .take(count)
        .map(|name| utf_16(name.as_flattened()))
        .collect()
}

// What a section is.
const END: u8 = 0x00;
const HEADER: u8 = 0x01;
const PROPERTIES: u8 = 0x02;
const MORE_STREAMS: u8 = 0x03;
const STREAMS: u8 = 0x04;
const FILES: u8 = 0x05;
const WITHOUT_DATA: u8 = 0x0E;
const NO_FOLDERS: u8 = 0x0F;
const NAMES: u8 = 0x11;
const PACKED_HEADER: u8 = 0x17;
