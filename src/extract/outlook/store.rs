//! A message saved as a file (MS-OXMSG): each property is a stream, each recipient and attachment a storage.

use std::borrow::Cow;

use crate::extract::compound::{Compound, Kind};
use crate::extract::octets::{size_at, slice, u16_at, u32_at, utf_16};
use crate::extract::outlook::item::Item;
use crate::extract::outlook::property::{NAMED, Property, kind};
use crate::extract::{Reading, ole};

/// Reads the message that is in a storage.
pub(in crate::extract) fn message(file: &Compound<'_>, storage: usize, reading: &mut Reading<'_>) {
    // Only the outermost message keeps the names of properties (MS-OXMSG 2.2.3).
    let names = Names::read(file, reading);
    let mut item = Item::default();
    let properties = properties(file, storage, &names, reading);
    item.fields(&properties);
    let storages = |prefix: &'static str| {
        let children = file.children(storage).iter().copied();
        children.filter(move |child| {
            file.entry(*child)
                .is_some_and(|entry| entry.kind == Kind::Storage && entry.name.starts_with(prefix))
        })
    };
    for recipient in storages("__recip") {
        item.recipient(&self::properties(file, recipient, &names, reading));
    }
    item.hand_over(reading);
    item.texts(&properties, reading);
    for attachment in storages("__attach") {
        if reading.budget.time().is_err() {
            return;
        }
        let properties = self::properties(file, attachment, &names, reading);
        item.attachment(&properties, reading, |reading| {
            object(file, attachment, reading);
        });
    }
    item.hand_over(reading);
    let known = ["__recip", "__attach", "__nameid"];
    for other in storages("") {
        let name = file.entry(other).map_or("", |entry| entry.name.as_str());
        if !known.iter().any(|known| name.starts_with(known)) {
            reading.inner(None, |reading| ole::storage(file, other, reading));
        }
    }
}

/// Whether a stream of that name is a property, which is read with the message or holds keys.
pub(in crate::extract) fn is_property(name: &str) -> bool {
    let tag = name
        .strip_prefix("__substg1.0_")
        .and_then(|tag| tag.get(..8));
    name.eq_ignore_ascii_case("__properties_version1.0")
        || tag.is_some_and(|tag| tag.bytes().all(|octet| octet.is_ascii_hexdigit()))
}

/// A message or a document in an attachment is a storage in its storage.
fn object(file: &Compound<'_>, attachment: usize, reading: &mut Reading<'_>) {
    for &child in file.children(attachment) {
        let is_storage = file
            .entry(child)
            .is_some_and(|entry| entry.kind == Kind::Storage);
        if is_storage {
            reading.guarded(|reading| {
                ole::storage(file, child, reading);
            });
        }
    }
}

fn properties(
    file: &Compound<'_>,
    storage: usize,
    names: &Names,
    reading: &mut Reading<'_>,
) -> Vec<Property<'static>> {
    let mut properties = Vec::new();
    for &child in file.children(storage) {
        let Some(entry) = file.entry(child).filter(|entry| entry.kind == Kind::Stream) else {
            continue;
        };
        if entry.name.eq_ignore_ascii_case("__properties_version1.0") {
            let fixed = file.stream(child, reading);
            properties.extend(numbers(&fixed, names));
            continue;
        }
        let Some((id, kind)) = tag(&entry.name).filter(|(id, kind)| is_read(*id, *kind)) else {
            continue;
        };
        properties.push(Property {
            id,
            kind,
            name: names.get(id),
            value: Cow::Owned(file.stream(child, reading)),
        });
    }
    properties
}

/// `__substg1.0_0037001F` as what and of what kind; a value of a list has its number behind.
fn tag(name: &str) -> Option<(u16, u16)> {
    let tag = name.strip_prefix("__substg1.0_")?;
    let digits = |at: std::ops::Range<usize>| u16::from_str_radix(tag.get(at)?, 16).ok();
    let (id, kind) = (digits(0..4)?, digits(4..8)?);
    // Without a number, it holds the lengths of the values.
    let is_lengths = kind & kind::MANY != 0 && tag.len() == 8;
    (!is_lengths).then_some((id, kind))
}

/// Whether a stream says anything to a person: other octets are keys and identifiers.
fn is_read(id: u16, kind: u16) -> bool {
    match kind & !kind::MANY {
        kind::NARROW | kind::WIDE => true,
        kind::BINARY => matches!(id, 0x1009 | 0x1013 | 0x3701 | 0x3709 | NAMED..),
        _ => false,
    }
}

/// The properties that are numbers: sixteen octets each, behind a header whose length depends on where it stands.
fn numbers<'n>(fixed: &'n [u8], names: &'n Names) -> impl Iterator<Item = Property<'static>> + 'n {
    let rest = fixed.get(fixed.len() % 16..).unwrap_or_default();
    rest.chunks_exact(16).filter_map(|raw| {
        let (kind, id) = (u16_at(raw, 0)?, u16_at(raw, 2)?);
        let is_number = matches!(kind, kind::LONG | kind::DOUBLE | kind::LONGLONG);
        (is_number && u32_at(raw, 4)? <= FLAGS).then(|| Property {
            id,
            kind,
            name: names.get(id),
            value: Cow::Owned(slice(raw, 8, 8).to_vec()),
        })
    })
}

/// The highest flags a property has (MS-OXMSG 2.4.2.1); the counts in a header are rarely as low.
const FLAGS: u32 = 7;

/// The names of the properties that have one.
#[derive(Debug, Default)]
struct Names {
    entries: Vec<u8>,
    strings: Vec<u8>,
}

impl Names {
    fn read(file: &Compound<'_>, reading: &mut Reading<'_>) -> Self {
        let Some(storage) = file.find(file.root(), "__nameid_version1.0") else {
            return Self::default();
        };
        Self {
            entries: file.named(storage, "__substg1.0_00030102", reading),
            strings: file.named(storage, "__substg1.0_00040102", reading),
        }
    }

    /// The name of a property, if it is a word and not a number.
    fn get(&self, id: u16) -> Option<String> {
        let entry = usize::from(id.checked_sub(NAMED)?) * 8;
        let is_word = u16_at(&self.entries, entry + 4)? & 1 == 1;
        let at = size_at(&self.entries, entry).filter(|_| is_word)?;
        let length = size_at(&self.strings, at)?;
        // A longer one is no name.
        let name = slice(&self.strings, at.checked_add(4)?, length.min(512));
        Some(utf_16(name))
    }
}
