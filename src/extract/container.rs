//! A ZIP file, opened so that nothing it claims is believed before it is counted.

use std::io::{Cursor, Read};

use memchr::memmem;
use zip::{CompressionMethod, ZipArchive};

use crate::extract::{Budget, Exhausted, Reason};
use crate::mime;

/// An open ZIP file: an archive, or a document of a family that is kept in one.
pub struct Container<'b> {
    bytes: &'b [u8],
    archive: ZipArchive<Cursor<&'b [u8]>>,
    names: Vec<String>,
}

/// What came out of one entry.
#[derive(Debug)]
pub struct Unpacked {
    /// The octets, as far as they could be had.
    pub bytes: Vec<u8>,
    /// Why they are not, or may not be, all there is.
    pub flaw: Option<Flaw>,
}

/// Why an entry, or a whole container, was not read to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flaw {
    /// It needs a password.
    Encrypted,
    /// It is not what its headers say.
    Damaged,
    /// It is packed in a way this program does not know.
    Unsupported,
    /// The budget is spent.
    Exhausted(Exhausted),
}

impl Flaw {
    /// The reason of the gap it makes.
    pub fn reason(self) -> Reason {
        match self {
            Self::Encrypted => Reason::Encrypted,
            Self::Damaged => Reason::Damaged,
            Self::Unsupported => Reason::Unsupported,
            Self::Exhausted(exhausted) => exhausted.into(),
        }
    }

    /// What the gap it makes says.
    pub fn detail(self) -> &'static str {
        match self {
            Self::Encrypted => "zip: encrypted entry",
            Self::Damaged => "zip: damaged",
            Self::Unsupported => "zip: unknown packing",
            Self::Exhausted(exhausted) => exhausted.detail(),
        }
    }
}

impl<'b> Container<'b> {
    /// Opens a ZIP file. The entries it has are counted before anything is allocated for those it claims.
    ///
    /// # Errors
    ///
    /// `Damaged` when there is no directory that can be followed, `Exhausted` when it lists more entries than the
    /// budget has left.
    pub fn open(bytes: &'b [u8], budget: &Budget) -> Result<Self, Flaw> {
        let listed = memmem::find_iter(bytes, LISTED).take(budget.entries_left() + 1);
        if listed.count() > budget.entries_left() {
            return Err(Flaw::Exhausted(Exhausted::Limit("entries")));
        }
        if claims_more_than(bytes, budget.entries_left()) {
            return Err(Flaw::Damaged);
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Flaw::Damaged)?;
        let names = (0..archive.len())
            .map(|index| name_of(&archive, index))
            .collect();
        Ok(Self {
            bytes,
            archive,
            names,
        })
    }

    /// The names of the entries, in the order of the directory; a folder's ends with `/`.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The comments of the file and of its entries, a line each: programs show them.
    pub fn comments(&self) -> String {
        let mut comments = mime::decode(self.archive.comment(), None).text.into_owned();
        for index in 0..self.archive.len() {
            if let Ok(entry) = self.archive.by_index_data(index)
                && !entry.comment().is_empty()
            {
                comments.push('\n');
                comments.push_str(entry.comment());
            }
        }
        comments
    }

    /// What hangs behind the end of the file.
    pub fn behind(&self) -> &'b [u8] {
        memmem::rfind(self.bytes, END_MAGIC)
            .and_then(|at| self.bytes.get(at + END + self.archive.comment().len()..))
            .unwrap_or_default()
    }

    /// Where the entry of exactly this name is.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// Whether the file holds more entries than can be reached: two of one name, or some the directory leaves out.
    /// Programs differ in which of them they show.
    pub fn hides_entries(&self) -> bool {
        self.archive.has_duplicate_names()
            || self.archive.offset() > 0
            || self.names.is_empty() && memmem::find(self.bytes, ENTRY).is_some()
    }

    /// Unpacks the entry at `index`, spending the budget on what really comes out.
    pub fn read(&mut self, index: usize, budget: &mut Budget) -> Unpacked {
        let mut bytes = Vec::new();
        let flaw = self.unpack(index, budget, &mut bytes).err();
        Unpacked { bytes, flaw }
    }

    fn unpack(
        &mut self,
        index: usize,
        budget: &mut Budget,
        into: &mut Vec<u8>,
    ) -> Result<(), Flaw> {
        budget.entry().map_err(Flaw::Exhausted)?;
        let entry = self
            .archive
            .by_index_data(index)
            .map_err(|_| Flaw::Damaged)?;
        if entry.encrypted() {
            return Err(Flaw::Encrypted);
        }
        let (method, size) = (entry.compression(), entry.size());
        let packed = entry.compressed_size();
        self.check_dictionary(index, method)?;
        let room = budget.entry_room();
        let mut entry = self.archive.by_index(index).map_err(|error| match error {
            zip::result::ZipError::CompressionMethodNotSupported(_)
            | zip::result::ZipError::UnsupportedArchive(_) => Flaw::Unsupported,
            _ => Flaw::Damaged,
        })?;
        // A hint only: a liar gains a megabyte, or twice what he sent. Large files are pictures, and pack no better.
        let packed = packed.min(self.bytes.len() as u64).saturating_mul(2);
        let hint = size.min(room).min(packed.max(1 << 20));
        into.reserve(usize::try_from(hint).unwrap_or(0));
        let mut chunk = [0; CHUNK];
        loop {
            let count = entry.read(&mut chunk).map_err(|_| Flaw::Damaged)?;
            let Some(read) = chunk.get(..count).filter(|read| !read.is_empty()) else {
                return Ok(());
            };
            budget.decoded(read.len() as u64).map_err(Flaw::Exhausted)?;
            into.extend_from_slice(read);
            if into.len() as u64 > room {
                return Err(Flaw::Exhausted(Exhausted::Limit("entry")));
            }
        }
    }

    /// Refuses an entry whose packing asks for a larger dictionary than any honest one.
    fn check_dictionary(&mut self, index: usize, method: CompressionMethod) -> Result<(), Flaw> {
        if !matches!(method, CompressionMethod::Lzma | CompressionMethod::Xz) {
            return Ok(());
        }
        let mut head = [0; 32];
        let mut raw = self
            .archive
            .by_index_raw(index)
            .map_err(|_| Flaw::Damaged)?;
        let count = raw.read(&mut head).map_err(|_| Flaw::Damaged)?;
        let head = head.get(..count).unwrap_or_default();
        let asked = match method {
            // APPNOTE 5.8.8: two octets version, two of size, one of properties, four of dictionary size.
            CompressionMethod::Lzma => head
                .get(5..9)
                .and_then(|size| <[u8; 4]>::try_from(size).ok())
                .map(u32::from_le_bytes),
            // The .xz format: stream header, then a block with LZMA2 alone, whose property is the size.
            _ => match head.get(14..17) {
                Some([0x21, 0x01, code @ 0..40]) => {
                    Some((2 | u32::from(code & 1)) << (code / 2 + 11))
                }
                _ => return Err(Flaw::Unsupported),
            },
        };
        match asked {
            Some(0..=DICTIONARY) => Ok(()),
            Some(_) => Err(Flaw::Exhausted(Exhausted::Limit("entry"))),
            None => Err(Flaw::Damaged),
        }
    }
}

/// The start of an entry of the directory (APPNOTE 4.3.12).
const LISTED: &[u8] = b"PK\x01\x02";

/// The start of an entry (APPNOTE 4.3.7).
const ENTRY: &[u8] = b"PK\x03\x04";

/// The start of the end of a large directory (APPNOTE 4.3.14).
const END_64: &[u8] = b"PK\x06\x06";

/// The start of the end of a directory (APPNOTE 4.3.16), and how long it is without its comment.
const END_MAGIC: &[u8] = b"PK\x05\x06";
const END: usize = 22;

/// Octets unpacked at a time.
const CHUNK: usize = 32 << 10;

/// The largest dictionary an unpacker is allowed: 64 MiB, as the highest presets of 7-Zip use.
const DICTIONARY: u32 = 64 << 20;

/// Whether a 64-bit end of directory claims more entries than there can be: the count sits 32 octets into it, and
/// a library may allocate by it.
fn claims_more_than(bytes: &[u8], most: usize) -> bool {
    memmem::find_iter(bytes, END_64).any(|at| {
        bytes
            .get(at + 32..at + 40)
            .and_then(|count| <[u8; 8]>::try_from(count).ok())
            .is_some_and(|count| u64::from_le_bytes(count) > most as u64)
    })
}

/// The name of an entry: UTF-8 where it is that, whatever the flag says, else the old DOS page.
fn name_of(archive: &ZipArchive<Cursor<&[u8]>>, index: usize) -> String {
    let Ok(entry) = archive.by_index_data(index) else {
        return String::new();
    };
    match str::from_utf8(entry.name_raw()) {
        Ok(name) => name.to_owned(),
        Err(_) => match entry.name() {
            Ok(name) => name.into_owned(),
            Err(_) => String::from_utf8_lossy(entry.name_raw()).into_owned(),
        },
    }
}
