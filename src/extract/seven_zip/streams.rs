//! The packed streams of a 7z archive: where each lies, what unpacks it, and how what comes out is parted.

use crate::extract::seven_zip::octets::Octets;
use crate::extract::{Exhausted, Flaw};

/// All packed streams.
#[derive(Default)]
pub(super) struct Streams {
    pub(super) streams: Vec<Stream>,
}

/// What comes out of one chain of coders ("folder" in the documentation of the format).
pub(super) struct Stream {
    pub(super) coders: Vec<Coder>,
    /// Which input takes its octets from which coder.
    pub(super) bound: Vec<(usize, usize)>,
    /// Which inputs take packed octets, and where those lie.
    pub(super) packed: Vec<(usize, Packed)>,
    /// What comes out, cut into entries.
    pub(super) parts: Vec<Part>,
    sum: Option<u32>,
}

/// One step of unpacking.
pub(super) struct Coder {
    /// Its number in the list of methods, of up to 8 octets.
    pub(super) method: u64,
    pub(super) inputs: usize,
    pub(super) properties: Vec<u8>,
    /// How many octets come out of it.
    pub(super) size: u64,
}

/// Where packed octets lie, counted from the first behind the start of the file.
#[derive(Clone, Copy, Default)]
pub(super) struct Packed {
    pub(super) at: u64,
    pub(super) size: u64,
}

/// One entry in what comes out of a stream.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) size: u64,
    pub(super) sum: Option<u32>,
}

impl Streams {
    /// Reads the description of all streams, up to its end. `most` is how many parts there may be.
    pub(super) fn parse(octets: &mut Octets<'_>, most: usize) -> Result<Self, Flaw> {
        let mut packed = Vec::new();
        let mut streams = Vec::new();
        loop {
            match octets.byte()? {
                END => return Ok(Self { streams }),
                PACKED => packed = places(octets, most)?,
                UNPACKED => streams = unpackers(octets, &packed, most)?,
                PARTS => parts(octets, &mut streams, most)?,
                _ => return Err(Flaw::Damaged),
            }
        }
    }
}

impl Stream {
    /// The coder whose octets no other takes: what it gives is what comes out.
    pub(super) fn last(&self) -> Option<usize> {
        let is_taken = |coder: usize| self.bound.iter().any(|(_, from)| *from == coder);
        (0..self.coders.len()).find(|coder| !is_taken(*coder))
    }

    fn size(&self) -> u64 {
        self.last()
            .and_then(|last| self.coders.get(last))
            .map_or(0, |coder| coder.size)
    }
}

/// Where the packed octets lie.
fn places(octets: &mut Octets<'_>, most: usize) -> Result<Vec<Packed>, Flaw> {
    let mut at = octets.number()?;
    let count = within(octets.count()?, most.saturating_mul(PLACES))?;
    let mut places = vec![Packed::default(); count];
    loop {
        match octets.byte()? {
            END => return Ok(places),
            SIZE => {
                for place in &mut places {
                    let size = octets.number()?;
                    *place = Packed { at, size };
                    at = at.checked_add(size).ok_or(Flaw::Damaged)?;
                }
            }
            SUM => {
                octets.sums(places.len())?;
            }
            _ => return Err(Flaw::Damaged),
        }
    }
}

/// What unpacks each stream.
fn unpackers(octets: &mut Octets<'_>, packed: &[Packed], most: usize) -> Result<Vec<Stream>, Flaw> {
    expect(octets, FOLDERS)?;
    let count = within(octets.count()?, most)?;
    expect(octets, HERE)?;
    let mut packed = packed.iter();
    let mut streams = Vec::new();
    for _ in 0..count {
        streams.push(stream(octets, &mut packed)?);
    }
    expect(octets, SIZES)?;
    for coder in streams.iter_mut().flat_map(|stream| &mut stream.coders) {
        coder.size = octets.number()?;
    }
    loop {
        match octets.byte()? {
            END => break,
            SUM => {
                let sums = octets.sums(count)?;
                for (stream, sum) in streams.iter_mut().zip(sums) {
                    stream.sum = sum;
                }
            }
            _ => return Err(Flaw::Damaged),
        }
    }
    for stream in &mut streams {
        stream.parts = vec![Part {
            size: stream.size(),
            sum: stream.sum,
        }];
    }
    Ok(streams)
}

/// One chain of coders.
fn stream<'p>(
    octets: &mut Octets<'_>,
    packed: &mut impl Iterator<Item = &'p Packed>,
) -> Result<Stream, Flaw> {
    let count = octets.count()?;
    if !(1..=MOST_CODERS).contains(&count) {
        return Err(Flaw::Damaged);
    }
    let coders = (0..count)
        .map(|_| coder(octets))
        .collect::<Result<Vec<_>, _>>()?;
    let inputs: usize = coders.iter().map(|coder| coder.inputs).sum();
    let mut bound = Vec::new();
    for _ in 1..count {
        bound.push((octets.count()?, octets.count()?));
    }
    // One that gives its octets twice would have to be built twice, and all before it.
    let is_twice = |(at, (input, from)): (usize, &(usize, usize))| {
        let mut before = bound.iter().take(at);
        before.any(|(known, other)| known == input || other == from)
    };
    if bound.iter().enumerate().any(is_twice) {
        return Err(Flaw::Damaged);
    }
    let is_free = |input: &usize| !bound.iter().any(|(bound, _)| bound == input);
    // Where one input is left, it is not named.
    let named = match inputs.checked_sub(bound.len()).ok_or(Flaw::Damaged)? {
        0 | 1 => (0..inputs).filter(is_free).collect(),
        count => (0..count)
            .map(|_| octets.count())
            .collect::<Result<Vec<_>, _>>()?,
    };
    let packed = named
        .into_iter()
        .map(|input| Some((input, *packed.next()?)))
        .collect::<Option<_>>()
        .ok_or(Flaw::Damaged)?;
    Ok(Stream {
        coders,
        bound,
        packed,
        parts: Vec::new(),
        sum: None,
    })
}

fn coder(octets: &mut Octets<'_>) -> Result<Coder, Flaw> {
    let flags = octets.byte()?;
    let method = octets.take(usize::from(flags & 0x0F))?;
    let method = method
        .iter()
        .fold(0, |method, octet| method << 8 | u64::from(*octet));
    let (mut inputs, mut outputs) = (1, 1);
    if flags & 0x10 != 0 {
        inputs = octets.count()?;
        outputs = octets.count()?;
    }
    let properties = match flags & 0x20 {
        0 => &[],
        _ => {
            let count = octets.count()?;
            octets.take(count)?
        }
    };
    if flags & 0x80 != 0 || outputs != 1 || inputs > MOST_CODERS {
        return Err(Flaw::Unsupported);
    }
    Ok(Coder {
        method,
        inputs,
        properties: properties.to_vec(),
        size: 0,
    })
}

/// How what comes out is parted.
fn parts(octets: &mut Octets<'_>, streams: &mut [Stream], most: usize) -> Result<(), Flaw> {
    let mut id = octets.byte()?;
    let mut counts = vec![1; streams.len()];
    if id == COUNTS {
        let mut all = 0_usize;
        for count in &mut counts {
            *count = usize::try_from(octets.number()?).map_err(|_| Flaw::Damaged)?;
            all = all.saturating_add(*count);
        }
        within(all, most)?;
        id = octets.byte()?;
    }
    for (stream, count) in streams.iter_mut().zip(&counts) {
        let mut left = stream.size();
        let whole = stream.sum.filter(|_| *count == 1);
        stream.parts = Vec::new();
        for part in 0..*count {
            let size = match part + 1 == *count {
                true => left,
                false if id == SIZE => octets.number()?,
                false => 0,
            };
            left = left.checked_sub(size).ok_or(Flaw::Damaged)?;
            stream.parts.push(Part { size, sum: whole });
        }
    }
    if id == SIZE {
        id = octets.byte()?;
    }
    while id != END {
        if id != SUM {
            return Err(Flaw::Damaged);
        }
        let mut unknown: Vec<_> = streams
            .iter_mut()
            .flat_map(|stream| &mut stream.parts)
            .filter(|part| part.sum.is_none())
            .collect();
        let sums = octets.sums(unknown.len())?;
        for (part, sum) in unknown.iter_mut().zip(sums) {
            part.sum = sum;
        }
        id = octets.byte()?;
    }
    Ok(())
}

/// A number of things, if there may be so many.
pub(super) fn within(count: usize, most: usize) -> Result<usize, Flaw> {
    match count {
        count if count <= most => Ok(count),
        _ => Err(Flaw::Exhausted(Exhausted::Limit("entries"))),
    }
}

/// The octet that must come next.
fn expect(octets: &mut Octets<'_>, id: u8) -> Result<(), Flaw> {
    match octets.byte()? {
        found if found == id => Ok(()),
        _ => Err(Flaw::Damaged),
    }
}

/// More coders in one chain, and more inputs of one, than any program writes.
const MOST_CODERS: usize = 32;

/// How many places of packed octets one entry may have: the filter that needs the most has four.
const PLACES: usize = 4;

// What a section of the description is.
const END: u8 = 0x00;
const PACKED: u8 = 0x06;
const UNPACKED: u8 = 0x07;
const PARTS: u8 = 0x08;
const SIZE: u8 = 0x09;
const SUM: u8 = 0x0A;
const FOLDERS: u8 = 0x0B;
const SIZES: u8 = 0x0C;
const COUNTS: u8 = 0x0D;
/// What is described stands here, not in a stream of its own.
const HERE: u8 = 0x00;
