//! What the properties of a message or an attachment add up to.

use std::collections::HashSet;

use crate::extract::octets::slice;
use crate::extract::outlook::compressed;
use crate::extract::outlook::property::{NAMED, Property, decoded, kind};
use crate::extract::{Draft, Locus, Place, Reading, html, metafile, open, plain, rtf, sweep};

/// A message being read.
#[derive(Debug, Default)]
pub(super) struct Item {
    fields: Draft,
    told: HashSet<String>,
    page: Option<u32>,
}

impl Item {
    /// Reads the fields of the message itself.
    pub(super) fn fields(&mut self, properties: &[Property<'_>]) {
        self.page = number(properties, id::PAGE).or(self.page);
        for property in properties {
            if !matches!(property.id, id::TEXT | id::HTML | id::RTF) {
                self.field(property);
            }
        }
    }

    /// Reads the text of the message, in each form it has.
    pub(super) fn texts(&self, properties: &[Property<'_>], reading: &mut Reading<'_>) {
        let web_page = number(properties, id::WEB_PAGE).or(self.page);
        for property in properties {
            match (property.id, property.kind) {
                (id::TEXT, kind::BINARY) => sweep::read(&property.value, "property", reading),
                (id::TEXT, _) => {
                    let mut draft = Draft::new();
                    plain::write(&property.text(self.page).unwrap_or_default(), &mut draft);
                    reading.text(draft);
                }
                (id::HTML, kind::BINARY | kind::NARROW) => {
                    html::read(&decoded(&property.value, web_page), reading);
                }
                (id::HTML, _) => html::read(&property.text(self.page).unwrap_or_default(), reading),
                (id::RTF, kind::BINARY) => {
                    let rich = compressed::unpack(&property.value, reading);
                    rtf::read(&rich, reading);
                }
                // Of a kind that it is not of: no program is known to show it.
                (id::RTF, _) | (NAMED.., kind::BINARY) => {
                    sweep::read(&property.value, "property", reading);
                }
                _ => {}
            }
        }
    }

    /// Reads the properties of a recipient.
    pub(super) fn recipient(&mut self, properties: &[Property<'_>]) {
        for property in properties {
            self.field(property);
        }
    }

    /// Adds a field whose text was had another way.
    pub(super) fn tell(&mut self, section: &'static str, text: &str) {
        let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
        // Outlook keeps a subject three times.
        if text.is_empty() || !self.told.insert(text.to_owned()) {
            return;
        }
        self.fields.line();
        self.fields.mark(Locus::Section(section));
        self.fields.push(section);
        self.fields.push(": ");
        plain::write(text, &mut self.fields);
    }

    /// Hands over the fields that were read so far.
    pub(super) fn hand_over(&mut self, reading: &mut Reading<'_>) {
        reading.text(std::mem::take(&mut self.fields));
    }

    /// Reads an attachment that is a file. What is in a storage of its own, `object` reads.
    pub(super) fn attachment(
        &mut self,
        properties: &[Property<'_>],
        reading: &mut Reading<'_>,
        object: impl FnOnce(&mut Reading<'_>),
    ) {
        let page = self.page;
        let named = |id| {
            let all = properties.iter();
            let all = all.filter(move |property| property.id == id);
            all.filter_map(move |property| property.text(page))
        };
        let mut names: Vec<String> = named(id::LONG_NAME).collect();
        names.extend(named(id::DISPLAY_NAME));
        // Programs cut a long one down to a short one. One that says something else, others show.
        let says_more = |short: &String| !names.iter().any(|long| is_short_for(short, long));
        let short: Vec<String> = named(id::SHORT_NAME).filter(says_more).collect();
        names.extend(short);
        let mut seen = HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        let mut names = names.iter();
        reading.inner(names.next().map(String::as_str), |reading| {
            for name in names {
                let (part, full) = (reading.part().clone(), reading.name().cloned());
                let draft = Draft::from(name.clone());
                reading.at(part, full, Place::AttachmentName).text(draft);
            }
            for property in properties {
                match (property.id, property.kind) {
                    (id::DATA, kind::BINARY | kind::NARROW | kind::WIDE | kind::BINARIES) => {
                        reading.guarded(|reading| open(&property.value, reading));
                    }
                    (id::DRAWING, kind::BINARY) => metafile::within(&property.value, reading),
                    (id::DATA, kind::OBJECT) => {
                        // Behind the identifier of what it is.
                        let file = slice(&property.value, 16, usize::MAX);
                        reading.guarded(|reading| open(file, reading));
                    }
                    _ => {}
                }
            }
            object(reading);
        });
        for property in properties {
            if !OF_PROGRAMS.contains(&property.id) {
                self.field(property);
            }
        }
    }

    fn field(&mut self, property: &Property<'_>) {
        let Some(text) = property.text(self.page) else {
            return;
        };
        match &property.name {
            Some(name) => self.tell("property", &format!("{name}: {text}")),
            None => self.tell(section(property.id), &text),
        }
    }
}

/// Whether a name is what a program makes of a longer one where eight letters, a dot and three are room enough: `Lang rapport.docx`
/// is `LANGRA~1.DOC`.
fn is_short_for(short: &str, long: &str) -> bool {
    let parted = |name: &str| {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let stem = stem.replace([' ', '.'], "").to_uppercase();
        (stem, extension.to_uppercase())
    };
    let ((short, extension), (stem, whole)) = (parted(short), parted(long));
    let is_cut = match short.split_once('~') {
        Some((start, number)) => {
            let is_number = matches!(
                number.as_bytes(),
                [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9']
            );
            is_number && stem.starts_with(start)
        }
        None => short == stem,
    };
    is_cut && (extension == whole || extension.len() == 3 && whole.starts_with(&extension))
}

fn number(properties: &[Property<'_>], id: u16) -> Option<u32> {
    let mut all = properties.iter();
    all.find(|property| property.id == id && property.kind == kind::LONG)
        .and_then(Property::number)
}

/// Numbers of properties (MS-OXPROPS 2).
mod id {
    pub(super) const TEXT: u16 = 0x1000;
    pub(super) const RTF: u16 = 0x1009;
    pub(super) const HTML: u16 = 0x1013;
    pub(super) const DISPLAY_NAME: u16 = 0x3001;
    pub(super) const DATA: u16 = 0x3701;
    pub(super) const SHORT_NAME: u16 = 0x3704;
    pub(super) const LONG_NAME: u16 = 0x3707;
    pub(super) const DRAWING: u16 = 0x3709;
    pub(super) const WEB_PAGE: u16 = 0x3FDE;
    pub(super) const PAGE: u16 = 0x3FFD;
}

/// Properties of an attachment that are its names, which are read, or that only programs give and read.
const OF_PROGRAMS: [u16; 9] = [
    id::DISPLAY_NAME,
    id::SHORT_NAME,
    id::LONG_NAME,
    id::DATA,
    0x3703,
    0x370E,
    0x3711,
    0x3712,
    0x3713,
];

/// What a person would call a property.
fn section(id: u16) -> &'static str {
    match id {
        0x0037 | 0x0E1D | 0x0070 => "subject",
        0x0C1A | 0x0C1F | 0x5D01 | 0x0042 | 0x0065 | 0x5D02 => "from",
        0x0E04 | 0x3001 | 0x3003 | 0x39FE => "to",
        0x0E03 => "cc",
        0x0E02 => "bcc",
        0x007D => "header field",
        _ => "property",
    }
}
