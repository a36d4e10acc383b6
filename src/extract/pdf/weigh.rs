//! What the streams of a PDF unpack to, before a library unpacks them without asking.
//!
//! Every stream is unpacked once into nothing, by the filters its dictionary names, and spent from the budget. What
//! cannot be weighed is refused: it is nothing honest programs write.

mod unpack;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, FromBytes, MaybeRef, Object};
use memchr::memmem;

use crate::extract::pdf::weigh::unpack::{Filter, unpack};
use crate::extract::{Budget, Exhausted, Flaw};

/// Weighs every stream of the file as it stands.
///
/// # Errors
///
/// `Exhausted` when they unpack to more than the budget has, `Unsupported` when one cannot be weighed.
pub(super) fn file(bytes: &[u8], budget: &mut Budget) -> Result<(), Flaw> {
    let encrypted = memmem::find(bytes, b"/Encrypt").is_some();
    let mut sealed = 0_usize;
    let mut scale = Scale::new(bytes.len(), budget);
    let mut from = 0;
    for at in memmem::find_iter(bytes, b"stream") {
        let (Some(before), Some(rest)) = (bytes.get(from..at), bytes.get(at + KEYWORD..)) else {
            continue;
        };
        let ([b'\r', b'\n', data @ ..] | [b'\n' | b'\r', data @ ..]) = rest else {
            continue;
        };
        from = at;
        if before.ends_with(b"end") {
            continue;
        }
        let Some(dict) = dictionary(before)? else {
            continue;
        };
        scale.stream(&dict, data)?;
        if encrypted && name(&dict, "Type").as_deref() == Some(b"ObjStm") {
            sealed = sealed.saturating_add(extent(&dict, data));
            if sealed > SEALED {
                return Err(Flaw::Exhausted(Exhausted::Limit("decoded")));
            }
        }
    }
    Ok(())
}

/// Weighs the streams of a file that had to be decrypted, where the octets of the file tell nothing.
///
/// # Errors
///
/// As [`file()`].
pub(super) fn decrypted(pdf: &Pdf, budget: &mut Budget) -> Result<(), Flaw> {
    let mut scale = Scale::new(pdf.data().as_ref().len(), budget);
    for object in pdf.objects() {
        if let Object::Stream(stream) = object {
            scale.stream(stream.dict(), &stream.raw_data())?;
        }
    }
    Ok(())
}

struct Scale<'b> {
    budget: &'b mut Budget,
    /// How many packed octets may still be looked at.
    work: usize,
    packed: Vec<u8>,
    unpacked: Vec<u8>,
}

impl<'b> Scale<'b> {
    fn new(file: usize, budget: &'b mut Budget) -> Self {
        Self {
            budget,
            work: file.saturating_mul(4).saturating_add(1 << 16),
            packed: Vec::new(),
            unpacked: Vec::new(),
        }
    }

    fn stream(&mut self, dict: &Dict<'_>, data: &[u8]) -> Result<(), Flaw> {
        self.budget.time().map_err(Flaw::Exhausted)?;
        let filters = filters(dict)?;
        if filters.is_empty() {
            return Ok(());
        }
        let drawn = dict.contains_key("BBox");
        let room = self.budget.entry_room();
        let room = if drawn { room.min(DRAWN) } else { room };
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let extent = extent(dict, data);
        // Streams that lie over each other would be read over and over.
        self.work = self
            .work
            .checked_sub(extent)
            .ok_or(Flaw::Exhausted(Exhausted::Limit("decoded")))?;
        let mut heaviest = 0;
        self.packed.clear();
        for (at, filter) in filters.iter().enumerate() {
            self.unpacked.clear();
            let packed = if at == 0 {
                data.get(..extent).unwrap_or(data)
            } else {
                self.packed.as_slice()
            };
            unpack(*filter, packed, room, &mut self.unpacked)?;
            heaviest = heaviest.max(self.unpacked.len());
            std::mem::swap(&mut self.packed, &mut self.unpacked);
        }
        // A photograph is unpacked by nobody here, and counts only if it would swell as no photograph does.
        let picture = name(dict, "Subtype").as_deref() == Some(b"Image");
        if picture && heaviest < extent.saturating_mul(SWELL) {
            return Ok(());
        }
        self.budget
            .decoded(heaviest as u64)
            .map_err(Flaw::Exhausted)
    }
}

/// What a stream that can draw itself may unpack to: the library holds fifty levels of it at once.
const DRAWN: u64 = 8 << 20;

/// Pictures swell to less than so many times their packed size.
const SWELL: usize = 20;

/// How many packed octets of object streams an encrypted file may have: they are unpacked as it is opened, before
/// anything but the library can decrypt them.
const SEALED: usize = 2 << 20;

const KEYWORD: usize = b"stream".len();

/// How far before a stream its dictionary begins at most.
const DICTIONARY: usize = 64 << 10;

/// The filters of a stream up to the first of a picture, which nothing here unpacks.
fn filters(dict: &Dict<'_>) -> Result<Vec<Filter>, Flaw> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    for key in ["F", "Filter"] {
        match dict.get_raw::<Object<'_>>(key) {
            None => {}
            // The filters stand elsewhere, where they could be anything.
            Some(MaybeRef::Ref(_)) => return Err(Flaw::Unsupported),
            Some(MaybeRef::NotRef(Object::Name(name))) => {
                names.push(name.as_ref().to_vec());
            }
            Some(MaybeRef::NotRef(Object::Array(array))) => {
                names.extend(listed(&array)?);
            }
            Some(_) => {}
        }
        if !names.is_empty() {
            break;
        }
    }
    if names.len() > CHAIN {
        return Err(Flaw::Unsupported);
    }
    let mut filters = Vec::new();
    for name in names {
        filters.push(match name.as_slice() {
            b"ASCIIHexDecode" | b"AHx" => Filter::Hex,
            b"ASCII85Decode" | b"A85" => Filter::Base85,
            b"LZWDecode" | b"LZW" => Filter::Lzw,
            b"FlateDecode" | b"Fl" => Filter::Flate,
            b"RunLengthDecode" | b"RL" => Filter::Runs,
            b"Crypt" => continue,
            _ => break,
        });
    }
    // What this one yields is not unpacked, only measured.
    let measured = filters.iter().position(|filter| *filter == Filter::Lzw);
    if measured.is_some_and(|at| at + 1 < filters.len()) {
        return Err(Flaw::Unsupported);
    }
    Ok(filters)
}

/// The longest chain of filters: a text encoding and a packing or two.
const CHAIN: usize = 4;

fn listed(array: &Array<'_>) -> Result<Vec<Vec<u8>>, Flaw> {
    array
        .raw_iter()
        .map(|item| match item {
            MaybeRef::NotRef(Object::Name(name)) => Ok(name.as_ref().to_vec()),
            _ => Err(Flaw::Unsupported),
        })
        .collect()
}

/// How far the packed octets of a stream may reach: what it says, or to the next word that ends one.
fn extent(dict: &Dict<'_>, data: &[u8]) -> usize {
    let said = match dict.get_raw::<Object<'_>>("Length") {
        Some(MaybeRef::NotRef(Object::Number(number))) => usize::try_from(number.as_i64()).ok(),
        _ => None,
    };
    let ends = memmem::find(data, b"endstream").unwrap_or(data.len());
    said.unwrap_or(0).max(ends).min(data.len())
}

/// The dictionary that ends where its stream begins. `None` where no stream begins, `Unsupported` where one does and
/// its dictionary cannot be found.
fn dictionary(before: &[u8]) -> Result<Option<Dict<'_>>, Flaw> {
    let Some(end) = memmem::rfind(before, b">>") else {
        return Ok(None);
    };
    let (before, between) = before.split_at(end + 2);
    if !is_blank(between) {
        return Ok(None);
    }
    let near = before.get(before.len().saturating_sub(DICTIONARY)..);
    let near = near.unwrap_or_default();
    memmem::rfind_iter(near, b"obj")
        .take(8)
        .find_map(|at| {
            let dict = near.get(at + 3..)?.trim_ascii_start();
            dict.starts_with(b"<<").then(|| Dict::from_bytes(dict))?
        })
        .map(Some)
        .ok_or(Flaw::Unsupported)
}

/// Whether there is nothing but white space and comments.
fn is_blank(octets: &[u8]) -> bool {
    let mut rest = octets.trim_ascii_start();
    while rest.first() == Some(&b'%') {
        let end = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        rest = rest.get(end..).unwrap_or_default().trim_ascii_start();
    }
    rest.iter()
        .all(|octet| octet.is_ascii_whitespace() || *octet == 0)
}

fn name(dict: &Dict<'_>, key: &str) -> Option<Vec<u8>> {
    match dict.get_raw::<Object<'_>>(key)? {
        MaybeRef::NotRef(Object::Name(name)) => Some(name.as_ref().to_vec()),
        _ => None,
    }
}
