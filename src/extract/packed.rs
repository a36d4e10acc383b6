//! One file packed alone: gzip, bzip2, xz, lzma and Zstandard, of however many members.

mod member;

use flate2::read::GzDecoder;

use crate::extract::unpack::{Sink, Words, behind};
use crate::extract::{Flaw, Reading, open};
use crate::mime;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// Gzip (RFC 1952).
    Gzip,
    /// Bzip2.
    Bzip2,
    /// The .xz format 1.2.
    Xz,
    /// The .lzma format that xz replaced.
    Lzma,
    /// Zstandard (RFC 8878).
    Zstd,
}

impl Packing {
    /// How a file is packed, told from its first octets.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1F, 0x8B, 8, ..] => Some(Self::Gzip),
            // A block, or the end of a file that has none: the digits of pi and of its root.
            [
                b'B',
                b'Z',
                b'h',
                b'1'..=b'9',
                0x31,
                0x41,
                0x59,
                0x26,
                0x53,
                0x59,
                ..,
            ] => Some(Self::Bzip2),
            [
                b'B',
                b'Z',
                b'h',
                b'1'..=b'9',
                0x17,
                0x72,
                0x45,
                0x38,
                0x50,
                0x90,
                ..,
            ] => Some(Self::Bzip2),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Zstd),
            // A frame to be skipped may be the first (RFC 8878 section 3.1.2).
            [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Self::Zstd),
            _ if member::is_lzma(bytes) => Some(Self::Lzma),
            _ => None,
        }
    }

    fn words(self) -> &'static Words {
        match self {
            Self::Gzip => &GZIP,
            Self::Bzip2 => &BZIP2,
            Self::Xz => &XZ,
            Self::Lzma => &LZMA,
            Self::Zstd => &ZSTD,
        }
    }
}

/// Reads what is packed. Its name is the one in a gzip header, or else its own.
pub(super) fn read(bytes: &[u8], packing: Packing, reading: &mut Reading<'_>) {
    let name = (packing == Packing::Gzip)
        .then(|| GzDecoder::new(bytes))
        .and_then(|decoder| {
            let name = decoder.header()?.filename()?;
            Some(mime::decode(name, None).text.into_owned())
        });
    let mut sink = Sink::new(reading.budget);
    let unpacked = unpack(bytes, packing, &mut sink);
    let octets = sink.octets;
    reading.inner(name.as_deref(), |reading| {
        open(&octets, reading);
        if let Err(flaw) = unpacked {
            packing.words().gap(flaw, reading);
        }
    });
    if let Ok(rest) = unpacked {
        behind(rest, reading);
    }
}

/// Unpacks one member after another into one file, as the program that packs them does, and hands back what follows
/// the last.
fn unpack<'b>(bytes: &'b [u8], packing: Packing, sink: &mut Sink<'_>) -> Result<&'b [u8], Flaw> {
    let mut rest = bytes;
    loop {
        // However little comes out of a member, there may be millions.
        sink.entry()?;
        rest = match packing {
            Packing::Gzip => member::gzip(rest, sink)?,
            Packing::Bzip2 => member::bzip2(rest, sink)?,
            Packing::Xz => member::xz(rest, sink)?,
            Packing::Lzma => member::lzma(rest, sink)?,
            Packing::Zstd => member::zstd(rest, sink)?,
        };
        let padding = rest.iter().take_while(|octet| **octet == 0).count();
        let next = rest.get(padding..).unwrap_or_default();
        if Packing::of(next) != Some(packing) {
            return Ok(rest);
        }
        rest = next;
    }
}

const GZIP: Words = Words {
    encrypted: "gzip: encrypted",
    damaged: "gzip: damaged",
    unsupported: "gzip: unknown packing",
};
const BZIP2: Words = Words {
    encrypted: "bzip2: encrypted",
    damaged: "bzip2: damaged",
    unsupported: "bzip2: unknown packing",
};
const XZ: Words = Words {
    encrypted: "xz: encrypted",
    damaged: "xz: damaged",
    unsupported: "xz: unknown packing",
};
const LZMA: Words = Words {
    encrypted: "lzma: encrypted",
    damaged: "lzma: damaged",
    unsupported: "lzma: unknown packing",
};
const ZSTD: Words = Words {
    encrypted: "zstd: encrypted",
    damaged: "zstd: damaged",
    unsupported: "zstd: needs a dictionary that is not in it",
};
