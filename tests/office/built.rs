//! Builds office documents out of hand-written parts.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The parts of a document on its way to an archive.
#[derive(Debug, Default)]
pub(super) struct Document {
    parts: Vec<(String, Vec<u8>)>,
    overrides: String,
    links: Vec<(String, String)>,
}

impl Document {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds a part as it is.
    pub(super) fn part(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.parts.push((name.to_owned(), bytes.as_ref().to_vec()));
        self
    }

    /// Adds a part with a content type.
    pub(super) fn typed(mut self, name: &str, kind: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.overrides.push_str(&format!(
            "<Override PartName='/{name}' ContentType='{kind}'/>"
        ));
        self.part(name, bytes)
    }

    /// Adds a relationship of the part `source`; numbered `rId1` and on.
    pub(super) fn related(mut self, source: &str, kind: &str, target: &str) -> Self {
        self.relate(source, kind, target, "");
        self
    }

    /// Adds a link to the outside.
    pub(super) fn linked(mut self, source: &str, target: &str) -> Self {
        self.relate(source, "hyperlink", target, " TargetMode='External'");
        self
    }

    fn relate(&mut self, source: &str, kind: &str, target: &str, mode: &str) {
        let number = self.links.iter().filter(|(of, _)| of == source).count() + 1;
        self.links.push((
            source.to_owned(),
            format!(
                "<Relationship Id='rId{number}' Type='http://x/{kind}' Target='{target}'{mode}/>"
            ),
        ));
    }

    /// An OOXML document.
    pub(super) fn ooxml(mut self) -> Vec<u8> {
        let types = format!(
            "<?xml version='1.0'?><Types><Default Extension='rels' ContentType='application/xml'/>\
             <Default Extension='xml' ContentType='application/xml'/>{}</Types>",
            self.overrides
        );
        self.parts
            .insert(0, ("[Content_Types].xml".to_owned(), types.into_bytes()));
        let mut sources: Vec<String> = self.links.iter().map(|(of, _)| of.clone()).collect();
        sources.dedup();
        for source in sources {
            let all: String = self
                .links
                .iter()
                .filter(|(of, _)| *of == source)
                .map(|(_, one)| one.as_str())
                .collect();
            let (folder, file) = source.rsplit_once('/').unwrap_or(("", &source));
            let name = format!("{folder}/_rels/{file}.rels");
            self.parts.push((
                name.trim_start_matches('/').to_owned(),
                format!("<Relationships>{all}</Relationships>").into_bytes(),
            ));
        }
        self.zipped()
    }

    /// An open document of that kind: `text`, `spreadsheet`, `presentation`.
    pub(super) fn odf(mut self, kind: &str) -> Vec<u8> {
        let mimetype = format!("application/vnd.oasis.opendocument.{kind}");
        self.parts
            .insert(0, ("mimetype".to_owned(), mimetype.into_bytes()));
        self.zipped()
    }

    /// The archive.
    pub(super) fn zipped(self) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in self.parts {
            let method = if name == "mimetype" {
                CompressionMethod::Stored
            } else {
                CompressionMethod::Deflated
            };
            let options = SimpleFileOptions::default().compression_method(method);
            archive.start_file(name, options).unwrap();
            archive.write_all(&bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }
}

/// What the names of content types begin with.
pub(super) const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
pub(super) const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
pub(super) const POWERPOINT: &str = "application/vnd.openxmlformats-officedocument.presentationml.";

/// A text document with nothing but the given elements in its body.
pub(super) fn docx(body: &str) -> Vec<u8> {
    Document::new()
        .typed(
            "word/document.xml",
            &format!("{WORD}document.main+xml"),
            format!("<w:document><w:body>{body}</w:body></w:document>"),
        )
        .ooxml()
}

/// A workbook of one sheet, with the given rows; `styles` are the number formats of its cell styles 0 and on.
pub(super) fn xlsx(rows: &str, styles: &[&str]) -> Vec<u8> {
    let mut formats = String::new();
    let mut cells = String::new();
    for (number, code) in styles.iter().enumerate() {
        formats.push_str(&format!(
            "<numFmt numFmtId='{}' formatCode='{code}'/>",
            164 + number
        ));
        cells.push_str(&format!("<xf numFmtId='{}'/>", 164 + number));
    }
    Document::new()
        .typed(
            "xl/workbook.xml",
            &format!("{EXCEL}sheet.main+xml"),
            "<workbook><sheets><sheet name='Ark1' sheetId='1' r:id='rId1'/></sheets></workbook>",
        )
        .related("xl/workbook.xml", "worksheet", "worksheets/sheet1.xml")
        .typed(
            "xl/styles.xml",
            &format!("{EXCEL}styles+xml"),
            format!(
                "<styleSheet><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>\
                 <cellXfs>{cells}</cellXfs></styleSheet>"
            ),
        )
        .typed(
            "xl/worksheets/sheet1.xml",
            &format!("{EXCEL}worksheet+xml"),
            format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
        )
        .ooxml()
}
