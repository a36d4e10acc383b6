//! The `winmail.dat` that Outlook sends (MS-OXTNEF): a list of attributes, some of which are lists of properties.

use std::borrow::Cow;

use crate::extract::octets::{size_at, slice, u16_at, u32_at, utf_16};
use crate::extract::outlook::item::Item;
use crate::extract::outlook::property::{NAMED, Property, decoded, kind};
use crate::extract::{Draft, Reading, Reason, metafile, open, sweep};
use crate::mime::DefectKind;

/// Reads such a file.
pub(in crate::extract) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    let mut rest = bytes.get(6..).unwrap_or_default();
    let mut file = File::default();
    if rest.is_empty() {
        reading.gap(Reason::Damaged, "tnef: damaged");
    }
    // The file says which page it is in before it says anything else; where it does not, the text tells.
    while let Some((&level, after)) = rest.split_first() {
        let (Some(tag), Some(length)) = (u32_at(after, 0), size_at(after, 4)) else {
            // Some programs add an octet or two; what begins as an attribute was one.
            sweep::read(rest, "after the end", reading);
            if matches!(level, 1 | 2) {
                reading.gap(Reason::Damaged, "tnef: damaged");
            }
            break;
        };
        if let Err(exhausted) = reading.budget.time() {
            reading.exhausted(exhausted);
            return;
        }
        let value = slice(after, 8, length);
        let is_whole = value.len() == length && matches!(level, 1 | 2);
        file.attribute(tag, value, reading);
        if !is_whole {
            sweep::read(rest, "damaged file", reading);
            reading.gap(Reason::Damaged, "tnef: damaged");
            break;
        }
        rest = after.get(8 + length + 2..).unwrap_or_default();
    }
    file.attached(reading);
    file.item.hand_over(reading);
}

/// Numbers of attributes (MS-OXTNEF 2.1.3.2).
mod tag {
    pub(super) const SUBJECT: u32 = 0x0001_8004;
    pub(super) const TEXT: u32 = 0x0002_800C;
    pub(super) const FROM: u32 = 0x0000_8000;
    pub(super) const MESSAGE: u32 = 0x0006_9003;
    pub(super) const RECIPIENTS: u32 = 0x0006_9004;
    pub(super) const NEXT_ATTACHMENT: u32 = 0x0006_9002;
    pub(super) const ATTACHMENT_NAME: u32 = 0x0001_8010;
    pub(super) const ATTACHMENT: u32 = 0x0006_800F;
    pub(super) const ATTACHMENT_PROPERTIES: u32 = 0x0006_9005;
    pub(super) const ATTACHMENT_DRAWING: u32 = 0x0006_8011;
    pub(super) const PAGE: u32 = 0x0006_9007;
}

#[derive(Default)]
struct File<'b> {
    item: Item,
    page: Option<u32>,
    /// The attributes that were met since the last attachment began, of those that are to stand once.
    met: Vec<u32>,
    /// The attachment that is open. Whatever it has twice is all there: which of them a program shows, nobody knows.
    names: Vec<String>,
    files: Vec<&'b [u8]>,
    properties: Vec<Property<'b>>,
}

impl<'b> File<'b> {
    fn attribute(&mut self, tag: u32, value: &'b [u8], reading: &mut Reading<'_>) {
        if ONCE.contains(&tag) {
            if self.met.contains(&tag) {
                reading.defect(DefectKind::DuplicateField);
            } else {
                self.met.push(tag);
            }
        }
        match tag {
            tag::PAGE => self.page = u32_at(value, 0),
            tag::SUBJECT => self.item.tell("subject", &decoded(value, self.page)),
            tag::FROM => self.item.tell("from", &decoded(value, self.page)),
            tag::MESSAGE => {
                let (mut properties, _) = properties(value, reading);
                if let Some(page) = self.page {
                    properties.push(page_property(page));
                }
                self.item.fields(&properties);
                self.item.texts(&properties, reading);
            }
            tag::TEXT => {
                let text = Property {
                    id: 0x1000,
                    kind: kind::NARROW,
                    name: None,
                    value: Cow::Borrowed(value),
                };
                let page = self.page.map(page_property);
                let all: Vec<Property<'_>> = page.into_iter().chain([text]).collect();
                self.item.texts(&all, reading);
            }
            tag::RECIPIENTS => {
                let rows = size_at(value, 0).unwrap_or(0);
                let mut rest = slice(value, 4, usize::MAX);
                for _ in 0..rows {
                    if rest.is_empty() || reading.budget.time().is_err() {
                        break;
                    }
                    let (row, after) = properties(rest, reading);
                    self.item.recipient(&row);
                    rest = after;
                }
            }
            tag::NEXT_ATTACHMENT => self.attached(reading),
            tag::ATTACHMENT_NAME => self.names.push(decoded(value, self.page)),
            tag::ATTACHMENT => self.files.push(value),
            tag::ATTACHMENT_PROPERTIES => self.properties.extend(properties(value, reading).0),
            // Strings and texts of the older kind.
            _ if matches!(tag >> 16, 1 | 2) => {
                self.item.tell("property", &decoded(value, self.page));
            }
            tag::ATTACHMENT_DRAWING => metafile::within(value, reading),
            // Octets of no known use: another name of the attachment, who it is sent for.
            _ if tag >> 16 == 6 => {
                let mut words = Draft::new();
                sweep::wide(value, &mut words);
                sweep::narrow(value, &mut words);
                self.item.tell("property", &words.text);
            }
            _ => {}
        }
    }

    /// Reads the attachment that ends here.
    fn attached(&mut self, reading: &mut Reading<'_>) {
        self.met.retain(|tag| !OF_ATTACHMENTS.contains(tag));
        let mut properties = std::mem::take(&mut self.properties);
        let names = std::mem::take(&mut self.names).into_iter();
        properties.extend(names.map(|name| Property {
            id: 0x3704,
            kind: kind::WIDE,
            name: None,
            value: Cow::Owned(name.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        }));
        let files = std::mem::take(&mut self.files);
        if properties.is_empty() && files.is_empty() {
            return;
        }
        self.item.attachment(&properties, reading, |reading| {
            for file in files {
                reading.guarded(|reading| open(file, reading));
            }
        });
    }
}

/// Attributes that stand once in a message, and those that stand once in an attachment.
const ONCE: [u32; 7] = [
    tag::SUBJECT,
    tag::TEXT,
    tag::MESSAGE,
    tag::RECIPIENTS,
    OF_ATTACHMENTS[0],
    OF_ATTACHMENTS[1],
    OF_ATTACHMENTS[2],
];
const OF_ATTACHMENTS: [u32; 3] = [
    tag::ATTACHMENT_NAME,
    tag::ATTACHMENT,
    tag::ATTACHMENT_PROPERTIES,
];

fn page_property(page: u32) -> Property<'static> {
    Property {
        id: 0x3FFD,
        kind: kind::LONG,
        name: None,
        value: Cow::Owned(page.to_le_bytes().to_vec()),
    }
}

/// A list of properties, and what stands behind it (MS-OXTNEF 2.1.3.4).
fn properties<'b>(list: &'b [u8], reading: &mut Reading<'_>) -> (Vec<Property<'b>>, &'b [u8]) {
    let count = size_at(list, 0).unwrap_or(0);
    let mut rest = slice(list, 4, usize::MAX);
    let mut all = Vec::new();
    for _ in 0..count {
        let before = all.len();
        let whole = property(&mut rest, &mut all).is_some();
        // Each is a line of the message, however little it takes in the file.
        let spent = (before..=all.len()).try_for_each(|_| reading.budget.entry());
        if let Err(exhausted) = spent {
            reading.exhausted(exhausted);
            return (all, &[]);
        }
        if !whole {
            reading.gap(Reason::Damaged, "tnef: damaged");
            return (all, &[]);
        }
    }
    (all, rest)
}

/// Takes one property off the list; it may have several values. `None` where the list breaks off.
fn property<'b>(rest: &mut &'b [u8], all: &mut Vec<Property<'b>>) -> Option<()> {
    let (kind, id) = (u16_at(rest, 0)?, u16_at(rest, 2)?);
    take(rest, 4)?;
    let mut name = None;
    if id >= NAMED {
        let is_word = u32_at(rest, 16)? == 1;
        let number = size_at(rest, 20)?;
        take(rest, 24)?;
        if is_word {
            let word = take(rest, number.checked_next_multiple_of(4)?)?;
            let word = utf_16(slice(word, 0, number.min(LONGEST_NAME)));
            name = Some(word.trim_matches('\0').to_owned());
        }
    }
    let base = kind & !kind::MANY;
    let fixed = fixed_size(base);
    let counted = kind & kind::MANY != 0 || fixed.is_none();
    let count = if counted {
        let count = size_at(rest, 0).filter(|count| *count <= MOST_VALUES)?;
        take(rest, 4)?;
        count
    } else {
        1
    };
    for _ in 0..count {
        let (size, padded) = match fixed {
            Some(size) => (size, size.next_multiple_of(4)),
            None => {
                let size = size_at(rest, 0)?;
                take(rest, 4)?;
                (size, size.checked_next_multiple_of(4)?)
            }
        };
        // The last value of a file may lack what fills it up.
        let value = slice(rest, 0, size);
        *rest = rest.get(padded..).unwrap_or_default();
        if value.len() < size || size == 0 && rest.is_empty() {
            return None;
        }
        all.push(Property {
            id,
            kind,
            name: name.clone(),
            value: Cow::Borrowed(value),
        });
    }
    Some(())
}

/// Octets of the longest name of a property.
const LONGEST_NAME: usize = 512;

/// The most values one property has; more than any program writes.
const MOST_VALUES: usize = 4096;

/// How many octets a value of that kind has; `None` where it says so itself.
fn fixed_size(kind: u16) -> Option<usize> {
    match kind {
        0x02 | 0x0B => Some(2),
        0x03 | 0x04 | 0x0A | 0x01 => Some(4),
        0x05 | 0x06 | 0x07 | 0x14 | 0x40 => Some(8),
        0x48 => Some(16),
        _ => None,
    }
}

fn take<'b>(rest: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}
