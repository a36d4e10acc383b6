//! Open documents (ODF 1.3): text, spreadsheets and presentations.

use std::collections::HashSet;

use crate::extract::office::attached::{self, Attached};
use crate::extract::office::flow::{Flow, Whitespace};
use crate::extract::office::package::Package;
use crate::extract::office::part;
use crate::extract::office::tables::Tables;
use crate::extract::office::xml::{self, Node};
use crate::extract::{Locus, Reading, Reason};

/// Reads an open document.
pub(super) fn read(package: &mut Package<'_>, reading: &mut Reading<'_>) {
    let encrypted = encrypted(package, reading);
    let (mut letters, mut pictures) = (0, 0);
    for number in 0..package.names().len() {
        let name = package.name(number).to_owned();
        if name.ends_with('/') || matches!(name.as_str(), "mimetype" | MANIFEST) {
            continue;
        }
        if encrypted.contains(&name) {
            reading.gap(Reason::Encrypted, "odf: encrypted");
            continue;
        }
        let bytes = package.part(number, reading);
        if bytes.is_empty() {
            continue;
        }
        let xml = xml::document(&bytes).filter(|(_, root)| !root.eq_ignore_ascii_case("html"));
        if let Some((text, _)) = xml {
            let written = document(&text, section(&name), reading);
            if name.ends_with("content.xml") {
                letters += written;
            }
        } else if attached::read(&name, &bytes, "", reading) == Attached::Picture {
            pictures += 1;
        }
    }
    if letters < FEW_LETTERS && pictures > 0 {
        reading.gap(Reason::Unsupported, "office: no text, only pictures");
    }
}

/// A document with fewer octets of text than this, and a picture, is a picture.
const FEW_LETTERS: usize = 20;

/// Where the parts of a document are listed, with how they are encrypted (ODF 1.3 part 2, 3).
const MANIFEST: &str = "META-INF/manifest.xml";

/// Reads one XML part. Returns how much text there was.
fn document(xml: &str, locus: Locus, reading: &mut Reading<'_>) -> usize {
    let mut flow = Flow::new(Whitespace::Collapsed);
    let mut tables = Tables::default();
    let (mut pages, mut letters) = (0, 0);
    part::each_node_of(xml, reading, |node, reading| {
        let slide = match &node {
            Node::Open(tag) if tag.name() == "page" => Some(locus.clone()),
            Node::Close(end) if end.name() == "page" => Some(Locus::Slide(pages)),
            _ => None,
        };
        if let Some(slide) = slide {
            letters += part::hand_over(&flow.drain(), slide, reading);
            pages += u32::from(matches!(node, Node::Open(_)));
        }
        tables.node(&node, &mut flow, reading)
    });
    letters += tables.finish(reading);
    letters + part::hand_over(&flow.take(), locus, reading)
}

/// What a person would call the part of that name.
fn section(name: &str) -> Locus {
    match name.rsplit('/').next().unwrap_or(name) {
        "content.xml" => Locus::Whole,
        "styles.xml" => Locus::Section("page header"),
        "meta.xml" => Locus::Section("document properties"),
        _ => Locus::Section("data"),
    }
}

/// The parts that the manifest says are encrypted.
fn encrypted(package: &mut Package<'_>, reading: &mut Reading<'_>) -> HashSet<String> {
    let mut encrypted = HashSet::new();
    let Some(number) = package.find(MANIFEST) else {
        return encrypted;
    };
    let bytes = package.part(number, reading);
    let mut entry = String::new();
    part::each_node(&bytes, reading, |node| {
        if let Node::Open(tag) = node {
            match tag.name() {
                "file-entry" => entry = tag.attribute("full-path").unwrap_or_default().into_owned(),
                "encryption-data" => {
                    encrypted.insert(std::mem::take(&mut entry));
                }
                _ => {}
            }
        }
        Ok(())
    });
    encrypted
}
