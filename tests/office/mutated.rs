//! Good documents, broken at random: no panic, no end of time, nothing over the budget.
#![expect(clippy::indexing_slicing, reason = "a failed test is a panic")]

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;
use sluse::limits::ReadLimits;

use super::binary_workbook::{binary_sheet, xlsb};
use super::built::{Document, WORD, xlsx};
use super::metafile::drawings;
use super::old_documents::fixture;
use super::outlook::{message, winmail};
use super::pdf_built::{at, deflated, pages};
use super::read_within;

/// One way to break a file.
#[derive(Clone, Debug)]
enum Break {
    Flip(Index, u8),
    Truncate(Index),
    Delete(Index, usize),
    Repeat(Index, usize),
}

impl Break {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            4 => (any::<Index>(), any::<u8>()).prop_map(|(at, to)| Self::Flip(at, to)),
            1 => any::<Index>().prop_map(Self::Truncate),
            2 => (any::<Index>(), 1..200_usize).prop_map(|(at, octets)| Self::Delete(at, octets)),
            2 => (any::<Index>(), 1..200_usize).prop_map(|(at, octets)| Self::Repeat(at, octets)),
        ]
    }

    fn apply(&self, file: &mut Vec<u8>) {
        if file.is_empty() {
            return;
        }
        match self {
            Self::Flip(at, to) => {
                let at = at.index(file.len());
                file[at] ^= to;
            }
            Self::Truncate(at) => file.truncate(at.index(file.len())),
            Self::Delete(at, octets) => {
                let at = at.index(file.len());
                file.drain(at..(at + octets).min(file.len()));
            }
            Self::Repeat(at, octets) => {
                let at = at.index(file.len());
                let piece = file[at..(at + octets).min(file.len())].to_vec();
                file.splice(at..at, piece);
            }
        }
    }
}

/// Reads a broken file within narrow limits.
fn survives(mut file: Vec<u8>, breaks: &[Break]) -> Result<(), TestCaseError> {
    for one in breaks {
        one.apply(&mut file);
    }
    let limits = ReadLimits {
        entry: 1 << 20,
        decoded: 4 << 20,
        text: 1 << 20,
        entries: 200,
        ..ReadLimits::default()
    };
    let start = Instant::now();
    let extract = read_within(&file, &limits);
    prop_assert!(start.elapsed() < Duration::from_secs(5));
    let text: usize = extract.texts.iter().map(|text| text.text.len()).sum();
    prop_assert!(text <= 1 << 20);
    for text in &extract.texts {
        let ascending = text.marks.windows(2).all(|pair| pair[0].at <= pair[1].at);
        prop_assert!(ascending && text.marks.iter().all(|mark| mark.at <= text.text.len()));
    }
    prop_assert!(
        !extract
            .gaps
            .iter()
            .any(|gap| gap.detail == "its reader failed")
    );
    Ok(())
}

fn text_document() -> Vec<u8> {
    Document::new()
        .typed(
            "word/document.xml",
            &format!("{WORD}document.main+xml"),
            "<w:document><w:p><w:r><w:t>010160-1234</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:del><w:r><w:delText>x</w:delText>\
             </w:r></w:del></w:p></w:tc></w:tr></w:tbl></w:document>",
        )
        .part("word/comments.xml", "<w:comments><w:comment w:author='a'><w:p/></w:comment></w:comments>")
        .linked("word/document.xml", "https://x.example/")
        .ooxml()
}

fn workbook() -> Vec<u8> {
    xlsx(
        "<row r='1'><c r='A1' t='inlineStr'><is><t>CPR</t></is></c><c r='XFD1' s='1'><v>20251</v></c></row>\
         <row r='1048576'><c r='B1048576' s='0'><f>\"a\"</f><v>401632883</v></c></row>",
        &["000000-0000", "dd-mm-yyyy"],
    )
}

fn open_spreadsheet() -> Vec<u8> {
    Document::new()
        .part(
            "content.xml",
            "<office:spreadsheet><table:table table:name='a'><table:table-row table:number-rows-repeated='9'><table:table-cell \
             table:number-columns-repeated='9'><text:p>010160<text:s text:c='9'/>1234</text:p></table:table-cell></table:table-row>\
             </table:table></office:spreadsheet>",
        )
        .odf("spreadsheet")
}

fn pdf() -> Vec<u8> {
    let packed = deflated(at(50, 600, "010160-1235").as_bytes());
    pages(
        &[&at(50, 700, "010160-1234")],
        "/AcroForm << /Fields [7 0 R] >> /Names << /EmbeddedFiles 8 0 R >>",
    )
    .stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Filter /FlateDecode",
        &packed,
    )
    .object("<< /FT /Tx /T (felt) /V (010160-1236) >>")
    .object("<< /Names [(x) << /F (a.txt) /EF << /F 9 0 R >> >>] >>")
    .stream("/Type /EmbeddedFile", b"010160-1237")
    .file("")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn broken_text_documents(breaks in prop::collection::vec(Break::any(), 1..6)) {
        survives(text_document(), &breaks)?;
    }

    #[test]
    fn broken_workbooks(breaks in prop::collection::vec(Break::any(), 1..6)) {
        survives(workbook(), &breaks)?;
    }

    #[test]
    fn broken_open_spreadsheets(breaks in prop::collection::vec(Break::any(), 1..6)) {
        survives(open_spreadsheet(), &breaks)?;
    }

    #[test]
    fn broken_pdf_files(breaks in prop::collection::vec(Break::any(), 1..6)) {
        survives(pdf(), &breaks)?;
    }

    /// Half of the breaks fall on what is read first, which is short.
    #[test]
    fn broken_old_documents(
        breaks in prop::collection::vec(Break::any(), 1..6),
        heads in prop::collection::vec((0..2600_usize, any::<u8>()), 0..6),
        kind in 0..6_usize,
    ) {
        let mut file = match kind {
            0 => fixture("places.doc"),
            1 => fixture("places.xls"),
            2 => fixture("places.ppt"),
            3 => message(),
            4 => winmail(),
            _ => xlsb(),
        };
        for (at, to) in heads {
            if let Some(octet) = file.get_mut(at) {
                *octet ^= to;
            }
        }
        survives(file, &breaks)?;
    }

    #[test]
    fn broken_drawings(breaks in prop::collection::vec(Break::any(), 1..6), kind in any::<Index>()) {
        let all = drawings();
        survives(all[kind.index(all.len())].clone(), &breaks)?;
    }

    #[test]
    fn anything_behind_the_magic_of_a_format(bytes in prop::collection::vec(any::<u8>(), 0..4000), kind in 0..3_usize) {
        let magic: &[u8] = [
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(),
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x3E\0\x03\0\xFE\xFF\x09\0\x06\0",
            b"\x78\x9F\x3E\x22",
        ][kind];
        survives([magic, &bytes].concat(), &[])?;
    }

    /// Breaking the XML before it is packed reaches the readers, where a broken archive does not.
    #[test]
    fn broken_parts(breaks in prop::collection::vec(Break::any(), 1..6), kind in 0..4_usize) {
        let mut part = [
            b"<w:document><w:p><w:r><w:t>010160-1234</w:t></w:r><w:ins><w:t>&#49;</w:t></w:ins></w:p></w:document>".to_vec(),
            b"<worksheet><sheetData><row r='1'><c r='A1' t='s' s='4'><v>3</v><f>\"x\"</f></c></row></sheetData></worksheet>".to_vec(),
            b"<sst><si><r><t>0101</t></r><rPh><t>x</t></rPh></si></sst>".to_vec(),
            binary_sheet(),
        ][kind].clone();
        for one in &breaks {
            one.apply(&mut part);
        }
        survives(Document::new().part("part.xml", part).ooxml(), &[])?;
    }
}
