//! OOXML documents (ECMA-376): which of their parts is what, and in what order they are read.

use std::collections::HashMap;

use crate::extract::office::attached::{self, Attached};
use crate::extract::office::binary::xlsb;
use crate::extract::office::flow::Whitespace;
use crate::extract::office::package::Package;
use crate::extract::office::part;
use crate::extract::office::pivot;
use crate::extract::office::relationships::Relationships;
use crate::extract::office::shared::Shared;
use crate::extract::office::sheet;
use crate::extract::office::styles::Styles;
use crate::extract::office::types::Types;
use crate::extract::office::xml::{self, Node};
use crate::extract::{Locus, Reading, Reason};

/// Reads an OOXML document.
pub(super) fn read(package: &mut Package<'_>, reading: &mut Reading<'_>) {
    let types = Types::read(package, reading);
    let relationships = Relationships::read(package, reading);
    let mut document = Document {
        shown: HashMap::new(),
        shared: Shared::default(),
        styles: Styles::default(),
        caches: HashMap::new(),
        columns: HashMap::new(),
        letters: 0,
        pictures: 0,
    };
    let mut done = vec![false; package.names().len()];
    let mut ordered = document.index(package, &types, &relationships, &mut done, reading);
    for one in relationships.all() {
        if one.kind == "pivotcacherecords" {
            // What tells of a cache comes before the records of it.
            ordered.extend(package.find(&one.source));
            let (definition, records) = (one.source.clone(), one.target.clone());
            document.caches.insert(definition, records);
        }
    }
    for number in ordered {
        document.part(number, package, &types, &mut done, reading);
    }
    for number in 0..package.names().len() {
        document.part(number, package, &types, &mut done, reading);
    }
    let left = document.shared.rest();
    part::hand_over(&left, Locus::Section("shared strings"), reading);
    part::hand_over(
        &relationships.links.join("\n"),
        Locus::Section("link"),
        reading,
    );
    if document.letters < FEW_LETTERS && document.pictures > 0 {
        reading.gap(Reason::Unsupported, "office: no text, only pictures");
    }
}

/// A document with fewer octets of text than this, and a picture, is a picture.
const FEW_LETTERS: usize = 20;

/// What is known of the document while its parts are read.
struct Document {
    /// Where the text of a part is shown, by its name.
    shown: HashMap<String, Shown>,
    shared: Shared,
    styles: Styles,
    /// The records of a pivot cache, by what tells of it.
    caches: HashMap<String, String>,
    /// How the columns of such records are shown.
    columns: HashMap<String, pivot::Columns>,
    letters: usize,
    pictures: usize,
}

/// Where a part is shown.
#[derive(Clone)]
enum Shown {
    Sheet(String),
    Slide(u32),
}

impl Document {
    /// Reads what the other parts need, and finds the order of sheets and slides.
    fn index(
        &mut self,
        package: &mut Package<'_>,
        types: &Types,
        relationships: &Relationships,
        done: &mut [bool],
        reading: &mut Reading<'_>,
    ) -> Vec<usize> {
        let mut ordered = Vec::new();
        for number in 0..package.names().len() {
            let name = package.name(number).to_owned();
            match role(&name, types.of(&name), relationships) {
                Role::Index => set(done, number),
                Role::Strings => {
                    let bytes = package.part(number, reading);
                    self.shared = match xlsb::Part::of(&bytes) {
                        xlsb::Part::Strings => xlsb::strings(&bytes, reading),
                        _ => Shared::read(&bytes, reading),
                    };
                    set(done, number);
                }
                Role::Styles => {
                    let bytes = package.part(number, reading);
                    match xlsb::Part::of(&bytes) {
                        xlsb::Part::Styles => xlsb::styles(&bytes, &mut self.styles, reading),
                        _ => self.styles.read(&bytes, reading),
                    }
                    set(done, number);
                }
                Role::Main => {
                    let bytes = package.part(number, reading);
                    self.order(&name, &bytes, package, relationships, &mut ordered, reading);
                    ordered.push(number);
                }
                Role::Other => {}
            }
        }
        ordered
    }

    /// Follows the list of sheets or slides in a main part.
    fn order(
        &mut self,
        name: &str,
        bytes: &[u8],
        package: &Package<'_>,
        relationships: &Relationships,
        ordered: &mut Vec<usize>,
        reading: &mut Reading<'_>,
    ) {
        let targets: HashMap<&str, &str> = relationships
            .of(name)
            .map(|one| (one.id.as_str(), one.target.as_str()))
            .collect();
        if xlsb::Part::of(bytes) == xlsb::Part::Book {
            for (id, sheet) in xlsb::book(bytes, &mut self.styles, reading) {
                if let Some(target) = targets.get(id.as_str()) {
                    self.shown.insert((*target).to_owned(), Shown::Sheet(sheet));
                    ordered.extend(package.find(target));
                }
            }
            return;
        }
        let mut slides = 0;
        part::each_node(bytes, reading, |node| {
            let Node::Open(tag) = node else {
                return Ok(());
            };
            let shown = match tag.name() {
                "sheet" => Shown::Sheet(tag.attribute("name").unwrap_or_default().into_owned()),
                "sldId" => {
                    slides += 1;
                    Shown::Slide(slides)
                }
                "workbookPr" => {
                    let from = tag.attribute("date1904");
                    self.styles.since_1904 = from.is_some_and(|from| from == "1" || from == "true");
                    return Ok(());
                }
                _ => return Ok(()),
            };
            // The relationship is the last `id`: a slide has a number of that name too.
            let id = tag.attributes().filter(|(key, _)| *key == "id").last();
            let target = id.and_then(|(_, id)| targets.get(id.as_ref()).copied());
            if let Some(target) = target
                && self.shown.insert(target.to_owned(), shown).is_none()
            {
                ordered.extend(package.find(target));
            }
            Ok(())
        });
        for one in relationships.all() {
            let slide = match self.shown.get(&one.source) {
                Some(slide @ Shown::Slide(_)) => slide.clone(),
                _ => continue,
            };
            if !matches!(one.kind.as_str(), "slidelayout" | "slide" | "image") {
                self.shown.entry(one.target.clone()).or_insert(slide);
            }
        }
    }

    fn part(
        &mut self,
        number: usize,
        package: &mut Package<'_>,
        types: &Types,
        done: &mut [bool],
        reading: &mut Reading<'_>,
    ) {
        let name = package.name(number).to_owned();
        if done.get(number) != Some(&false) || name.ends_with('/') {
            return;
        }
        set(done, number);
        let bytes = package.part(number, reading);
        if bytes.is_empty() {
            return;
        }
        let kind = types.of(&name);
        let xml = xml::document(&bytes)
            // A web page taken into the document is opened as one.
            .filter(|(_, root)| !kind.contains("html") && !root.eq_ignore_ascii_case("html"));
        let Some((text, root)) = xml else {
            if is_binary_part(kind, &bytes) {
                self.binary_part(&name, &bytes, reading);
            } else if attached::read(&name, &bytes, kind, reading) == Attached::Picture {
                self.pictures += 1;
            }
            return;
        };
        let shown = self.shown.get(&name.to_ascii_lowercase());
        if matches!(root.as_str(), "worksheet" | "macrosheet" | "dialogsheet") {
            let sheet = self.sheet(&name);
            let letters = sheet::read(&text, &sheet, &mut self.shared, &self.styles, reading);
            self.letters = self.letters.saturating_add(letters);
            return;
        }
        let low = name.to_ascii_lowercase();
        match root.as_str() {
            "pivotCacheDefinition" => {
                let columns = pivot::definition(&text, &self.styles, reading);
                if let Some(records) = self.caches.remove(&low) {
                    self.columns.insert(records, columns);
                }
                return;
            }
            "pivotCacheRecords" => {
                let columns = self.columns.remove(&low).unwrap_or_default();
                pivot::records(&text, columns, &self.styles, reading);
                return;
            }
            _ => {}
        }
        let locus = match (shown, section(&root)) {
            (Some(Shown::Slide(slide)), _) => Locus::Slide(*slide),
            (_, Some(section)) => Locus::Section(section),
            (_, None) => Locus::Whole,
        };
        let letters = part::flowing(&text, Whitespace::Marked, locus, reading);
        if matches!(root.as_str(), "document" | "sld") {
            self.letters = self.letters.saturating_add(letters);
        }
    }

    /// A part of a workbook in the binary form.
    fn binary_part(&mut self, name: &str, bytes: &[u8], reading: &mut Reading<'_>) {
        match xlsb::Part::of(bytes) {
            xlsb::Part::Sheet => {
                let sheet = self.sheet(name);
                let letters = xlsb::sheet(bytes, &sheet, &mut self.shared, &self.styles, reading);
                self.letters = self.letters.saturating_add(letters);
            }
            // It was read for the order of the sheets.
            xlsb::Part::Book => {}
            _ => xlsb::other(bytes, &self.styles, reading),
        }
    }

    /// The name of the sheet in a part.
    fn sheet(&self, part: &str) -> String {
        match self.shown.get(&part.to_ascii_lowercase()) {
            Some(Shown::Sheet(sheet)) => sheet.clone(),
            _ => String::new(),
        }
    }
}

/// What a part is to the reading of the others.
enum Role {
    /// It lists parts.
    Index,
    /// The shared strings of a workbook.
    Strings,
    /// The cell formats of a workbook.
    Styles,
    /// The list of sheets or slides.
    Main,
    Other,
}

/// By its content type, or else by what another part relates to it as: programs go by either.
fn role(name: &str, kind: &str, relationships: &Relationships) -> Role {
    if name.ends_with(".rels") || name.eq_ignore_ascii_case("[Content_Types].xml") {
        return Role::Index;
    }
    let related = relationships.kind(name);
    let family = |words: [&str; 2]| words.iter().any(|word| kind.contains(word));
    let binary = |part: &str| kind.strip_prefix(BINARY) == Some(part);
    if kind.ends_with("sharedstrings+xml") || related == "sharedstrings" || binary("sharedstrings")
    {
        Role::Strings
    } else if kind.ends_with("spreadsheetml.styles+xml") || binary("styles") {
        Role::Styles
    } else if kind.ends_with(".main+xml") && family(["sheet", "excel"])
        || kind.ends_with(".main+xml") && family(["presentation", "powerpoint"])
        || related == "officedocument" && !kind.contains("word")
        || binary("sheet.binary.macroenabled.main")
    {
        Role::Main
    } else {
        Role::Other
    }
}

/// How the content types of the parts of a workbook in the binary form begin.
const BINARY: &str = "application/vnd.ms-excel.";

/// A part of a workbook in the binary form.
fn is_binary_part(kind: &str, bytes: &[u8]) -> bool {
    kind.starts_with(BINARY) && !kind.ends_with("xml") || xlsb::Part::of(bytes) != xlsb::Part::Other
}

fn set(done: &mut [bool], number: usize) {
    if let Some(done) = done.get_mut(number) {
        *done = true;
    }
}

/// What a person would call the part with that root.
fn section(root: &str) -> Option<&'static str> {
    Some(match root {
        "hdr" => "page header",
        "ftr" => "page footer",
        "footnotes" => "footnote",
        "endnotes" => "endnote",
        "comments" | "cmLst" | "ThreadedComments" | "commentsExtensible" => "comment",
        "cmAuthorLst" | "authorLst" | "personList" | "people" => "comment author",
        "coreProperties" | "Properties" => "document properties",
        "glossaryDocument" => "building block",
        "chartSpace" | "userShapes" => "chart",
        "dataModel" | "drawing" => "diagram",
        "wsDr" | "xml" => "drawing",
        "notes" => "notes",
        "sldMaster" | "sldLayout" | "notesMaster" | "handoutMaster" => "slide master",
        "pivotTableDefinition" => "pivot table",
        "workbook" => "workbook",
        "table" => "table",
        "settings" | "styles" | "numbering" | "theme" | "fonts" | "webSettings" => "settings",
        "document" | "sld" => return None,
        _ => "data",
    })
}
