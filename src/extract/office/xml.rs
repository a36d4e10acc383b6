//! The XML of office documents, as three kinds of node, read without recursion.
//!
//! Lenient where a person's program is lenient (an end tag that does not match, a lone `&`), strict where
//! leniency would be a weakness: no entity is expanded but the five of XML and numeric ones, so neither a file
//! outside nor a chain of definitions can be pulled in.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesEnd, BytesStart, Event};

use crate::extract::Exhausted;
use crate::limits::Cancel;

/// Why the reading of a part ended before its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::extract) enum Fault {
    /// It is not well-formed, or ends too early.
    Damaged,
    /// The budget is spent.
    Exhausted(Exhausted),
}

/// A node, in document order.
pub(in crate::extract) enum Node<'x> {
    /// An element begins; an empty one is followed at once by its end.
    Open(Tag<'x>),
    /// The innermost open element ends.
    Close(End<'x>),
    /// All character data up to the next tag, references resolved.
    Text(Cow<'x, str>),
}

/// The beginning of an element.
pub(in crate::extract) struct Tag<'x>(BytesStart<'x>);

/// The end of an element.
pub(in crate::extract) struct End<'x>(BytesEnd<'x>);

/// Feeds every node of `xml` to `each`, asking for the time now and then.
pub(in crate::extract) fn each_node(
    xml: &str,
    cancel: &Cancel,
    mut each: impl FnMut(Node<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut open = 0_u64;
    let mut seen = 0_u32;
    let mut text: Option<Cow<'_, str>> = None;
    loop {
        seen = seen.wrapping_add(1);
        if seen.is_multiple_of(TIME_EVERY) && cancel.is_cancelled() {
            return Err(Fault::Exhausted(Exhausted::Time));
        }
        let Ok(event) = reader.read_event() else {
            if let Some(text) = text.take() {
                each(Node::Text(text))?;
            }
            return Err(Fault::Damaged);
        };
        let more = match &event {
            Event::Text(piece) => Some(piece.clone().into_inner()),
            Event::CData(piece) => Some(piece.clone().into_inner()),
            Event::GeneralRef(reference) => Some(Cow::Owned(resolved(reference))),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => continue,
            _ => None,
        };
        if let Some(more) = more {
            match &mut text {
                Some(text) => text.to_mut().push_str(&more),
                None => text = Some(more),
            }
            continue;
        }
        if let Some(text) = text.take() {
            each(Node::Text(text))?;
        }
        match event {
            Event::Start(start) => {
                open += 1;
                each(Node::Open(Tag(start)))?;
            }
            Event::End(end) => {
                open = open.saturating_sub(1);
                each(Node::Close(End(end)))?;
            }
            Event::Eof if open > 0 => return Err(Fault::Damaged),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The name of the first element, without its prefix.
fn root(xml: &str) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => {
                return Some(start.local_name().into_inner().to_owned());
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// The characters of an XML part: UTF-8, or what its byte order mark or declaration says.
pub(in crate::extract) fn characters(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding
            .decode_without_bom_handling(bytes.get(mark..).unwrap_or_default())
            .0;
    }
    match bytes {
        [b'<', 0, ..] => return encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0,
        [0, b'<', ..] => return encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0,
        _ => {}
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            declared(bytes)
                .unwrap_or(encoding_rs::UTF_8)
                .decode_without_bom_handling(bytes)
                .0
        }
    }
}

/// The characters and the first element of an XML part; `None` where it is no XML.
pub(super) fn document(bytes: &[u8]) -> Option<(Cow<'_, str>, String)> {
    let xml = is_xml(bytes).then(|| characters(bytes))?;
    let root = root(&xml)?;
    Some((xml, root))
}

/// Whether `bytes` begin as an XML document does.
pub(in crate::extract) fn is_xml(bytes: &[u8]) -> bool {
    let start = bytes.get(..64).unwrap_or(bytes);
    let rest = match start {
        [0xEF, 0xBB, 0xBF, rest @ ..] => rest,
        [0xFF, 0xFE, b'<', 0, ..] | [0xFE, 0xFF, 0, b'<', ..] => return true,
        [b'<', 0, b'?', 0, ..] | [0, b'<', 0, b'?', ..] => return true,
        rest => rest,
    };
    rest.trim_ascii_start().first() == Some(&b'<')
}

impl Tag<'_> {
    /// Its name without the prefix: every format read here tells elements apart by that.
    pub(in crate::extract) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The attribute of that local name, references resolved.
    pub(in crate::extract) fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.raw_attributes()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| unescaped(value))
    }

    /// All attributes by local name.
    pub(in crate::extract) fn attributes(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.raw_attributes()
            .map(|(key, value)| (key, unescaped(value)))
    }

    /// All attributes whose name and value, as written, are `wanted`.
    pub(in crate::extract) fn attributes_that(
        &self,
        wanted: impl Fn(&str, &str) -> bool,
    ) -> impl Iterator<Item = Cow<'_, str>> {
        self.raw_attributes()
            .filter(move |(key, value)| wanted(key, value))
            .map(|(_, value)| unescaped(value))
    }

    fn raw_attributes(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let mut attributes = self.0.attributes();
        attributes.with_checks(false);
        attributes
            .flatten()
            .map(|attribute| (attribute.key.local_name().into_inner(), attribute.value))
    }
}

impl End<'_> {
    /// Its name without the prefix.
    pub(in crate::extract) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }
}

/// How many nodes are read between two looks at the time.
const TIME_EVERY: u32 = 4096;

/// What stands for a reference nobody here resolves: something is there, and it is not readable.
const UNRESOLVED: char = '\u{FFFD}';

fn resolved(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    resolve_predefined_entity(reference).map_or_else(|| UNRESOLVED.to_string(), str::to_owned)
}

fn unescaped(value: Cow<'_, str>) -> Cow<'_, str> {
    if !value.contains('&') {
        return value;
    }
    match quick_xml::escape::unescape(&value) {
        Ok(text) => Cow::Owned(text.into_owned()),
        Err(_) => value,
    }
}

fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let start = bytes.get(..200).unwrap_or(bytes);
    let at = memchr::memmem::find(start, b"encoding=")? + "encoding=".len();
    let quoted = start.get(at + 1..)?;
    let end = memchr::memchr2(b'"', b'\'', quoted)?;
    encoding_rs::Encoding::for_label(quoted.get(..end)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(xml: &str) -> (String, Result<(), Fault>) {
        let mut told = String::new();
        let end = each_node(xml, &Cancel::default(), |node| {
            match node {
                Node::Open(tag) => {
                    told.push_str(&format!("<{}", tag.name()));
                    for (key, value) in tag.attributes() {
                        told.push_str(&format!(" {key}={value}"));
                    }
                    told.push('>');
                }
                Node::Close(end) => told.push_str(&format!("</{}>", end.name())),
                Node::Text(text) => told.push_str(&text),
            }
            Ok(())
        });
        (told, end)
    }

    #[test]
    fn character_data_is_one_node_whatever_it_is_made_of() {
        let (told, end) = told("<a:b c='x&#49;'>0&#49;0<!-- -->1<![CDATA[60]]>&amp;&x;</a:b>");
        assert_eq!(told, "<b c=x1>010160&\u{FFFD}</b>");
        assert_eq!(end, Ok(()));
    }

    #[test]
    fn what_ends_too_early_is_damaged_and_keeps_what_was_read() {
        for (xml, kept) in [
            ("<a>010160<b", "<a>010160"),
            ("<a><b>12</b>", "<a><b>12</b>"),
        ] {
            let (told, end) = told(xml);
            assert_eq!((told.as_str(), end), (kept, Err(Fault::Damaged)), "{xml}");
        }
    }

    #[test]
    fn definitions_are_not_expanded() {
        let (told, _) = told(
            "<!DOCTYPE a [<!ENTITY b 'bbb'><!ENTITY c SYSTEM 'file:///etc/passwd'>]><a>&b;&c;</a>",
        );
        assert_eq!(told, "<a>\u{FFFD}\u{FFFD}</a>");
    }

    #[test]
    fn other_encodings_are_read() {
        let utf16: Vec<u8> = "<a>ø</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(characters(&utf16), "<a>ø</a>");
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xF8</a>";
        assert!(characters(latin).ends_with("<a>ø</a>"));
    }

    #[test]
    fn a_million_levels_are_no_recursion() {
        let (told, end) = told(&"<a>".repeat(1_000_000));
        assert_eq!((told.len(), end), (3_000_000, Err(Fault::Damaged)));
    }
}
