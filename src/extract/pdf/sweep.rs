//! Every string of a PDF that no page draws: annotations, form values, outlines, properties, names; and the files
//! inside it.

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{
    Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream, String as PdfString,
};

use crate::extract::pdf::{strings, xmp};
use crate::extract::{Draft, Exhausted, Locus, Reading, open};

/// Sweeps all objects of the file.
pub(super) fn read(pdf: &Pdf, reading: &mut Reading<'_>) {
    let mut sweep = Sweep::default();
    for object in pdf.objects() {
        if let Err(exhausted) = reading.budget.time() {
            reading.exhausted(exhausted);
            break;
        }
        if sweep.lines.len() as u64 > reading.budget.limits().text {
            reading.exhausted(Exhausted::Limit("text"));
            break;
        }
        sweep.object(object, reading);
    }
    let mut draft = Draft::new();
    draft.mark(Locus::Section("note, field or property"));
    draft.push(&sweep.lines);
    reading.text(draft);
}

#[derive(Default)]
struct Sweep {
    lines: String,
    told: HashSet<String>,
    /// Streams that were read.
    files: HashSet<ObjectIdentifier>,
}

/// Keys whose strings are no words of a person: identifiers, keys, dates, font and color tables.
const MACHINERY: [&[u8]; 20] = [
    b"ID",
    b"O",
    b"U",
    b"OE",
    b"UE",
    b"Perms",
    b"CharSet",
    b"DA",
    b"M",
    b"CreationDate",
    b"ModDate",
    b"CheckSum",
    b"Registry",
    b"Ordering",
    b"Lang",
    b"NM",
    b"Panose",
    b"Cert",
    b"DigestValue",
    b"LastModified",
];

/// Keys of a form field whose strings belong on one line, in this order: its names label its values.
const FIELD: [&[u8]; 5] = [b"T", b"TU", b"TM", b"V", b"DV"];

impl Sweep {
    fn object(&mut self, object: Object<'_>, reading: &mut Reading<'_>) {
        let mut open = vec![object];
        while let Some(object) = open.pop() {
            match object {
                Object::String(string) => self.string(&string),
                Object::Array(array) => self::array(&array, &mut open),
                Object::Dict(dict) => self.dict(&dict, &mut open, reading),
                Object::Stream(stream) => {
                    if is(stream.dict(), "Type", b"Metadata")
                        || is(stream.dict(), "Subtype", b"XML")
                    {
                        self.xml(&stream, reading);
                    }
                    self.dict(stream.dict(), &mut open, reading);
                }
                _ => {}
            }
        }
    }

    fn dict<'a>(&mut self, dict: &Dict<'a>, open: &mut Vec<Object<'a>>, reading: &mut Reading<'_>) {
        let signature = dict.contains_key("ByteRange");
        let mut field: [Option<String>; 5] = Default::default();
        for (key, value) in dict.entries() {
            let key = key.as_ref();
            let secret = signature && key == b"Contents" || MACHINERY.contains(&key);
            if secret {
                // A letter may be a key of something else: only its strings are left out.
                if let Some(nested @ (Object::Dict(_) | Object::Array(_))) = direct(value)
                    && key != b"ID"
                {
                    open.push(nested);
                }
                continue;
            }
            match direct(value) {
                Some(Object::String(string)) => {
                    let place = FIELD.iter().position(|name| *name == key);
                    match place.and_then(|place| field.get_mut(place)) {
                        Some(place) => *place = strings::text(&string),
                        None => self.string(&string),
                    }
                }
                Some(nested @ (Object::Dict(_) | Object::Array(_))) => open.push(nested),
                _ => {}
            }
            match key {
                b"XFA" => self.form(dict, reading),
                b"EF" => self.files(dict, reading),
                b"JS" | b"RC" | b"V" | b"RV" => self.text_stream(dict, key),
                _ => {}
            }
        }
        let mut field: Vec<String> = field.into_iter().flatten().collect();
        field.dedup();
        self.line(&field.join("\t"));
    }

    fn string(&mut self, string: &PdfString<'_>) {
        if let Some(text) = strings::text(string.as_bytes()) {
            self.line(&text);
        }
    }

    fn line(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() || self.told.contains(text) {
            return;
        }
        if self.told.len() < TOLD {
            self.told.insert(text.to_owned());
        }
        self.lines.push_str(text);
        self.lines.push('\n');
    }

    /// A form kept as XML, in one stream or in several that are one document together.
    fn form(&mut self, dict: &Dict<'_>, reading: &Reading<'_>) {
        if let Some(stream) = dict.get::<Stream<'_>>("XFA") {
            self.xml(&stream, reading);
        }
        let Some(packets) = dict.get::<Array<'_>>("XFA") else {
            return;
        };
        let mut whole = Vec::new();
        for packet in packets.iter::<Object<'_>>() {
            if let Object::Stream(stream) = packet
                && let Ok(bytes) = stream.decoded()
            {
                whole.extend_from_slice(&bytes);
            }
        }
        let text = xmp::text(&whole, reading.budget.cancel());
        self.lines.push_str(&text);
    }

    fn xml(&mut self, stream: &Stream<'_>, reading: &Reading<'_>) {
        if self.first(stream)
            && let Ok(bytes) = stream.decoded()
        {
            let text = xmp::text(&bytes, reading.budget.cancel());
            self.lines.push_str(&text);
        }
    }

    /// Text long enough to be kept as a stream: a script, the value of a large field.
    fn text_stream(&mut self, dict: &Dict<'_>, key: &[u8]) {
        if let Some(stream) = dict.get::<Stream<'_>>(key)
            && self.first(&stream)
            && let Ok(bytes) = stream.decoded()
            && let Some(text) = strings::text(&bytes)
        {
            self.line(&text);
        }
    }

    /// Opens the files a file specification embeds (ISO 32000-2, 7.11.4).
    fn files(&mut self, specification: &Dict<'_>, reading: &mut Reading<'_>) {
        let Some(embedded) = specification.get::<Dict<'_>>("EF") else {
            return;
        };
        for key in ["UF", "F", "Unix", "Mac", "DOS"] {
            let Some(stream) = embedded.get::<Stream<'_>>(key) else {
                continue;
            };
            let name = ["UF", "F"].iter().find_map(|key| {
                let name = specification.get::<PdfString<'_>>(key)?;
                strings::text(name.as_bytes())
            });
            if !self.first(&stream) {
                continue;
            }
            if let Ok(bytes) = stream.decoded() {
                let name = name.unwrap_or_default();
                reading.inner(
                    Some(&name).filter(|n| !n.is_empty()).map(String::as_str),
                    |inside| {
                        open(&bytes, inside);
                    },
                );
            }
        }
    }

    fn first(&mut self, stream: &Stream<'_>) -> bool {
        self.files.insert(stream.obj_id())
    }
}

/// How many lines are remembered, to tell each once.
const TOLD: usize = 100_000;

/// An object that stands here, not one that is pointed to: those are swept in their own turn.
fn direct<'a>(object: MaybeRef<Object<'a>>) -> Option<Object<'a>> {
    match object {
        MaybeRef::NotRef(object) => Some(object),
        MaybeRef::Ref(_) => None,
    }
}

fn is(dict: &Dict<'_>, key: &str, name: &[u8]) -> bool {
    dict.get::<Name<'_>>(key)
        .is_some_and(|found| found.as_ref() == name)
}

/// The items of an array that stand in it, next to be swept.
fn array<'a>(array: &Array<'a>, open: &mut Vec<Object<'a>>) {
    let mut items = array.raw_iter().filter_map(direct).peekable();
    // A table of colors is a string too.
    if let Some(Object::Name(name)) = items.peek()
        && name.as_ref() == b"Indexed"
    {
        return;
    }
    let from = open.len();
    open.extend(items);
    if let Some(added) = open.get_mut(from..) {
        added.reverse();
    }
}
