//! Documents that are damaged, encrypted, or made to hurt.

use std::io::{Cursor, Write as _};

use sluse::extract::Reason;
use sluse::limits::ReadLimits;
use zip::unstable::write::FileOptionsExt as _;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::built::{Document, WORD, docx};
use super::{all_text, gaps, read, read_within};

#[test]
fn a_document_cut_short_is_damaged() {
    let whole = docx("<w:p><w:r><w:t>010160-1234</w:t></w:r></w:p>");
    for share in [1, 2, 3, 4] {
        let extract = read(&whole[..whole.len() * share / 5]);
        assert!(
            extract.gaps.iter().any(|gap| gap.reason == Reason::Damaged),
            "{share} fifths: {:?}",
            extract.gaps
        );
    }
}

#[test]
fn a_part_that_breaks_off_keeps_what_was_read() {
    let bytes = Document::new()
        .typed(
            "word/document.xml",
            &format!("{WORD}document.main+xml"),
            "<w:document><w:p><w:r><w:t>010160-1234</w:t></w:r></w:p><w:p><w:r><w:t>si",
        )
        .part(
            "word/header1.xml",
            "<w:hdr><w:p><w:r><w:t>010160-1235</w:t></w:r></w:p></w:hdr>",
        )
        .ooxml();
    let extract = read(&bytes);
    let text = all_text(&extract);
    assert!(
        text.contains("010160-1234") && text.contains("010160-1235"),
        "{text}"
    );
    assert_eq!(
        gaps(&extract),
        [(Reason::Damaged, "office: a part is not well-formed")]
    );
}

#[test]
fn an_encrypted_part_is_a_gap() {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default();
    archive.start_file("[Content_Types].xml", plain).unwrap();
    archive.write_all(b"<Types/>").unwrap();
    let locked = SimpleFileOptions::default()
        .with_deprecated_encryption(b"x")
        .unwrap();
    archive.start_file("word/document.xml", locked).unwrap();
    archive.write_all(b"<w:document/>").unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    assert_eq!(read(&bytes).gaps.first().unwrap().reason, Reason::Encrypted);
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    archive.start_file("[Content_Types].xml", options).unwrap();
    archive.write_all(b"<Types/>").unwrap();
    archive.start_file("word/document.xml", options).unwrap();
    archive.write_all(b"<w:document><w:p><w:r><w:t>").unwrap();
    let block = vec![b'7'; 1 << 20];
    for _ in 0..64 {
        archive.write_all(&block).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    let limits = ReadLimits {
        entry: 16 << 20,
        ..ReadLimits::default()
    };
    let extract = read_within(&bytes, &limits);
    assert_eq!(gaps(&extract), [(Reason::Limit, "entry")]);
    assert!(all_text(&extract).is_empty());
}

#[test]
fn nesting_without_end_is_read_without_recursion() {
    for element in ["w:p", "w:tbl", "mc:Choice", "w:txbxContent", "w:ins", "x"] {
        let body = format!(
            "{}<w:r><w:t>010160-1234</w:t></w:r>",
            format!("<{element}>").repeat(200_000)
        );
        let text = all_text(&read(&docx(&body)));
        assert!(text.contains("010160-1234"), "{element}");
    }
}

#[test]
fn definitions_cannot_multiply_nor_reach_outside() {
    let bytes = Document::new()
        .typed(
            "word/document.xml",
            &format!("{WORD}document.main+xml"),
            "<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;&b;'><!ENTITY d SYSTEM 'file:///etc/hostname'>]>\
             <w:document><w:p><w:r><w:t>&c;&d;&amp;&#65;</w:t></w:r></w:p></w:document>",
        )
        .ooxml();
    assert_eq!(all_text(&read(&bytes)), "\u{FFFD}\u{FFFD}&A\n");
}

#[test]
fn more_parts_than_the_limit_are_a_gap() {
    let mut document = Document::new();
    for part in 0..50 {
        document = document.part(&format!("word/part{part}.xml"), "<a>x</a>");
    }
    let limits = ReadLimits {
        entries: 20,
        ..ReadLimits::default()
    };
    let extract = read_within(&document.ooxml(), &limits);
    assert!(extract.gaps.iter().any(|gap| gap.reason == Reason::Limit));
}

#[test]
fn a_document_in_itself_ends_at_the_depth() {
    let mut bytes = docx("<w:p><w:r><w:t>010160-1234</w:t></w:r></w:p>");
    for _ in 0..40 {
        bytes = Document::new()
            .part("word/embeddings/a.docx", &bytes)
            .ooxml();
    }
    let extract = read(&bytes);
    assert!(gaps(&extract).contains(&(Reason::Limit, "depth")));
}

#[test]
fn time_that_is_up_is_a_gap() {
    let bytes = docx(&"<w:p><w:r><w:t>x</w:t></w:r></w:p>".repeat(10_000));
    let cancel = sluse::limits::Cancel::default();
    cancel.cancel();
    let mut budget = sluse::extract::Budget::new(&ReadLimits::default(), cancel);
    let mut extract = sluse::extract::Extract::default();
    let mut reading = sluse::extract::Reading::new(
        &mut budget,
        &mut extract,
        sluse::mime::PartPath::root(),
        None,
        sluse::extract::Place::Attachment,
    );
    sluse::extract::open(&bytes, &mut reading);
    assert_eq!(gaps(&extract), [(Reason::Timeout, "time")]);
}
