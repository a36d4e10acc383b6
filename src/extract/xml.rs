//! XML of any kind: one line for each element that holds text, behind the element's name.

use quick_xml::Reader;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, Event};

use crate::extract::{Draft, Locus, Reading, Reason, plain};

/// Reads a document. The name of an element is the label of its text: `<CPR>x</CPR>` becomes `CPR: x`. Where the
/// document breaks off or breaks a rule there is a gap, and the rest is read as it is written.
pub(super) fn read(text: &str, reading: &mut Reading<'_>) {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut document = Document {
        shown: Draft::with_capacity(text.len() / 2),
        ..Document::default()
    };
    let mut events = 0_u32;
    loop {
        events = events.wrapping_add(1);
        if events.is_multiple_of(1024)
            && let Err(exhausted) = reading.budget.time()
        {
            reading.exhausted(exhausted);
            break;
        }
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => document.event(&event),
            Err(_) => {
                reading.gap(Reason::Damaged, "xml: damaged");
                document.flush();
                let at = usize::try_from(reader.error_position()).unwrap_or(0);
                document.shown.mark(Locus::Section("as written"));
                plain::write(text.get(at..).unwrap_or(text), &mut document.shown);
                break;
            }
        }
    }
    document.flush();
    reading.text(document.shown);
    reading.text(document.unshown);
}

/// A document on its way to text.
#[derive(Default)]
struct Document {
    shown: Draft,
    unshown: Draft,
    /// The element whose text is being gathered.
    label: String,
    pending: String,
    /// Elements open inside that text.
    inline: usize,
    /// Vector graphics: attributes are coordinates.
    drawing: bool,
}

impl Document {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(start) => {
                self.start(start.local_name().as_ref());
                self.attributes(start.attributes());
            }
            Event::Empty(empty) => self.attributes(empty.attributes()),
            Event::End(_) => self.end(),
            Event::Text(text) => self.pending.push_str(&text.xml10_content()),
            Event::CData(data) => self.pending.push_str(&data.xml10_content()),
            Event::GeneralRef(reference) => self.reference(reference),
            Event::Comment(comment) => self.aside("comment", comment),
            Event::PI(instruction) => self.aside("instruction", instruction),
            // Entities are declared here, and their text stands nowhere else.
            Event::DocType(declaration) => self.aside("declaration", declaration),
            Event::Decl(_) | Event::Eof => {}
        }
    }

    fn start(&mut self, name: &str) {
        self.drawing |= name == "svg";
        if INLINE.contains(&name) || !self.pending.trim().is_empty() {
            self.inline += 1;
            return;
        }
        self.pending.clear();
        self.label.clear();
        self.label.push_str(name);
    }

    fn end(&mut self) {
        match self.inline.checked_sub(1) {
            Some(open) => self.inline = open,
            None => self.flush(),
        }
    }

    fn flush(&mut self) {
        let text = self.pending.trim();
        if !text.is_empty() {
            if !self.label.is_empty() {
                self.shown.push(&self.label);
                self.shown.push(": ");
            }
            self.shown.push(text);
            self.shown.push("\n");
        }
        self.pending.clear();
        self.label.clear();
        self.inline = 0;
    }

    fn attributes(&mut self, mut attributes: Attributes<'_>) {
        for attribute in attributes.with_checks(false).flatten() {
            let name = attribute.key.local_name();
            let name = name.as_ref();
            let is_machine = attribute.key.as_ref().starts_with("xmlns")
                || name == "schemaLocation"
                || self.drawing && !DRAWN.contains(&name);
            let value = attribute.value.trim();
            if is_machine || value.is_empty() {
                continue;
            }
            self.unshown.mark(Locus::Section("attribute"));
            self.unshown.push(name);
            self.unshown.push(": ");
            match quick_xml::escape::unescape(value) {
                Ok(value) => self.unshown.push(&value),
                Err(_) => self.unshown.push(value),
            }
            self.unshown.push("\n");
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) {
        match reference.resolve_char_ref() {
            Ok(Some(character)) => self.pending.push(character),
            _ => match quick_xml::escape::resolve_predefined_entity(reference) {
                Some(text) => self.pending.push_str(text),
                None => self.pending.push(char::REPLACEMENT_CHARACTER),
            },
        }
    }

    fn aside(&mut self, section: &'static str, text: &str) {
        self.unshown.mark(Locus::Section(section));
        plain::write(text.trim(), &mut self.unshown);
        self.unshown.line();
    }
}

/// Elements that stand inside a line whatever the document.
const INLINE: &[&str] = &[
    "tspan", "textPath", "b", "i", "u", "em", "strong", "span", "sub", "sup", "a", "font",
];

/// Attributes of vector graphics that hold words.
const DRAWN: &[&str] = &["title", "alt", "aria-label", "href", "label", "desc"];
