//! What unpacks a stream of a 7z archive: coders, each of which takes the octets of others or packed ones.

use std::io::{BufReader, Read};

use bzip2::read::BzDecoder;
use deflate64::Deflate64Decoder;
use flate2::read::DeflateDecoder;
use lzma_rust2::filter::bcj::BcjReader;
use lzma_rust2::filter::bcj2::Bcj2Reader;
use lzma_rust2::filter::delta::DeltaReader;
use lzma_rust2::{Lzma2Reader, LzmaReader};
use ppmd_rust::Ppmd7Decoder;
use zstd::stream::read::Decoder as ZstdDecoder;

use crate::extract::Flaw;
use crate::extract::octets::{u8_at, u32_at};
use crate::extract::seven_zip::streams::{Coder, Packed, Stream};
use crate::extract::unpack::{DICTIONARY, OVER_MEMORY, flaw};

/// What gives the octets of a stream. Nothing is unpacked before it is read from.
pub(super) fn reader<'b>(stream: &Stream, packed: &'b [u8]) -> Result<Box<dyn Read + 'b>, Flaw> {
    let chain = Chain { stream, packed };
    let last = stream.last().ok_or(Flaw::Damaged)?;
    // Each coder once: more is a ring.
    chain.output(last, stream.coders.len())
}

struct Chain<'s, 'b> {
    stream: &'s Stream,
    packed: &'b [u8],
}

impl<'b> Chain<'_, 'b> {
    /// The octets a coder gives.
    fn output(&self, index: usize, deep: usize) -> Result<Box<dyn Read + 'b>, Flaw> {
        let deep = deep.checked_sub(1).ok_or(Flaw::Damaged)?;
        let coder = self.stream.coders.get(index).ok_or(Flaw::Damaged)?;
        let before = self.stream.coders.iter().take(index);
        let first: usize = before.map(|coder| coder.inputs).sum();
        let mut inputs = (first..first + coder.inputs)
            .map(|input| self.input(input, deep))
            .collect::<Result<Vec<_>, _>>()?;
        if coder.method == BCJ2 && inputs.len() == 4 {
            return Ok(Box::new(
                Bcj2Reader::new(inputs, coder.size).take(coder.size),
            ));
        }
        match inputs.pop() {
            Some(input) if inputs.is_empty() => {
                Ok(Box::new(decoder(coder, input)?.take(coder.size)))
            }
            _ => Err(Flaw::Unsupported),
        }
    }

    /// The octets an input takes.
    fn input(&self, input: usize, deep: usize) -> Result<Box<dyn Read + 'b>, Flaw> {
        let is_it = |(known, _): &&(usize, Packed)| *known == input;
        if let Some((_, place)) = self.stream.packed.iter().find(is_it) {
            return Ok(Box::new(self.place(*place)));
        }
        let bound = self.stream.bound.iter().find(|(known, _)| *known == input);
        let (_, from) = bound.ok_or(Flaw::Damaged)?;
        self.output(*from, deep)
    }

    /// Packed octets, as far as there are any.
    fn place(&self, place: Packed) -> &'b [u8] {
        let rest = usize::try_from(place.at)
            .ok()
            .and_then(|at| self.packed.get(at..))
            .unwrap_or_default();
        usize::try_from(place.size)
            .ok()
            .and_then(|size| rest.get(..size))
            .unwrap_or(rest)
    }
}

/// A coder of one input.
fn decoder<'b>(coder: &Coder, input: Box<dyn Read + 'b>) -> Result<Box<dyn Read + 'b>, Flaw> {
    let properties = coder.properties.as_slice();
    Ok(match coder.method {
        COPY => input,
        LZMA => {
            let (Some(bits), Some(asked)) = (u8_at(properties, 0), u32_at(properties, 1)) else {
                return Err(Flaw::Damaged);
            };
            let dictionary = dictionary(asked, coder.size)?;
            let mut reader = LzmaReader::new_with_props(input, coder.size, bits, dictionary, None)
                .map_err(|error| flaw(&error))?;
            // What came out before the damage, too.
            reader.set_defer_errors(true);
            Box::new(reader)
        }
        LZMA2 => {
            let asked = match u8_at(properties, 0) {
                Some(code @ 0..40) => (2 | u32::from(code & 1)) << (code / 2 + 11),
                Some(40) => u32::MAX,
                _ => return Err(Flaw::Damaged),
            };
            Box::new(Lzma2Reader::new(
                input,
                dictionary(asked, coder.size)?,
                None,
            ))
        }
        PPMD => {
            let (Some(order), Some(memory)) = (u8_at(properties, 0), u32_at(properties, 1)) else {
                return Err(Flaw::Damaged);
            };
            if memory > MOST_PPMD {
                return Err(OVER_MEMORY);
            }
            let decoder = Ppmd7Decoder::new(input, u32::from(order), memory);
            Box::new(decoder.map_err(|_| Flaw::Damaged)?)
        }
        BZIP2 => Box::new(BzDecoder::new(input)),
        DEFLATE => Box::new(DeflateDecoder::new(input)),
        DEFLATE64 => Box::new(Deflate64Decoder::new(input)),
        ZSTD => {
            let mut decoder =
                ZstdDecoder::with_buffer(BufReader::new(input)).map_err(|error| flaw(&error))?;
            decoder
                .window_log_max(DICTIONARY.ilog2())
                .map_err(|error| flaw(&error))?;
            Box::new(decoder)
        }
        DELTA => {
            let distance = u8_at(properties, 0).map_or(1, |distance| usize::from(distance) + 1);
            Box::new(DeltaReader::new(input, distance))
        }
        AES => return Err(Flaw::Encrypted),
        method => Box::new(branches(method, input).ok_or(Flaw::Unsupported)?),
    })
}

/// A filter for the machine code of one kind of processor.
fn branches<R: Read>(method: u64, input: R) -> Option<BcjReader<R>> {
    Some(match method {
        0x04 | 0x0303_0103 => BcjReader::new_x86(input, 0),
        0x05 | 0x0303_0205 => BcjReader::new_ppc(input, 0),
        0x06 | 0x0303_0401 => BcjReader::new_ia64(input, 0),
        0x07 | 0x0303_0501 => BcjReader::new_arm(input, 0),
        0x08 | 0x0303_0701 => BcjReader::new_arm_thumb(input, 0),
        0x09 | 0x0303_0805 => BcjReader::new_sparc(input, 0),
        0x0A => BcjReader::new_arm64(input, 0),
        0x0B => BcjReader::new_riscv(input, 0),
        _ => return None,
    })
}

/// How large a dictionary is needed of the one that is asked for: never larger than all that comes out.
fn dictionary(asked: u32, size: u64) -> Result<u32, Flaw> {
    match u32::try_from(size)
        .unwrap_or(u32::MAX)
        .min(asked)
        .max(LEAST)
    {
        needed @ 0..=DICTIONARY => Ok(needed),
        _ => Err(OVER_MEMORY),
    }
}

/// The smallest dictionary of LZMA.
const LEAST: u32 = 4096;

/// The most memory a model of PPMd may ask for: 256 MiB; the highest preset of 7-Zip asks for 192. What of it is not used
/// costs nothing.
const MOST_PPMD: u32 = 256 << 20;

// The methods, by their numbers in 7-Zip's list of them.
const COPY: u64 = 0x00;
const DELTA: u64 = 0x03;
const LZMA2: u64 = 0x21;
const LZMA: u64 = 0x03_0101;
const BCJ2: u64 = 0x0303_011B;
const PPMD: u64 = 0x03_0401;
const DEFLATE: u64 = 0x04_0108;
const DEFLATE64: u64 = 0x04_0109;
const BZIP2: u64 = 0x04_0202;
const ZSTD: u64 = 0x04F7_1101;
const AES: u64 = 0x06F1_0701;
