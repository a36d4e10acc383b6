//! Archives, made here so that nobody must trust a binary file.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use sluse::limits::ReadLimits;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::super::mime::{gaps, told};
use super::read_file;

#[test]
fn every_packing_is_unpacked() {
    for method in [
        CompressionMethod::Stored,
        CompressionMethod::Deflated,
        CompressionMethod::Bzip2,
        CompressionMethod::Zstd,
        CompressionMethod::Lzma,
        CompressionMethod::Xz,
        CompressionMethod::Ppmd,
    ] {
        let options = SimpleFileOptions::default().compression_method(method);
        let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        if writer.start_file("a.txt", options).is_err() {
            // The library reads some it does not write.
            continue;
        }
        writer.write_all(b"Cpr 310290-1234").unwrap();
        let bytes = writer.finish().unwrap().into_inner();
        let extract = read_file("x.zip", &bytes, &ReadLimits::default());
        assert_eq!(
            told(&extract),
            ["0 x.zip!a.txt: a.txt", "0 x.zip!a.txt: Cpr 310290-1234"],
            "{method}"
        );
        assert_eq!(gaps(&extract), [] as [&str; 0], "{method}");
    }
}

#[test]
fn archives_in_archives_are_read_and_every_name() {
    let inner = packed(&[("310291-1234/liste.txt", b"Cpr 310290-1234")]);
    let outer = packed(&[("indre.zip", &inner), ("mappe/", b""), ("tom.txt", b"")]);
    let gz = gzipped(&outer);
    let extract = read_file("x.gz", &gz, &ReadLimits::default());
    assert_eq!(
        told(&extract),
        [
            "0 x.gz!indre.zip: indre.zip",
            "0 x.gz!indre.zip!••••••-••••/liste.txt: 310291-1234/liste.txt",
            "0 x.gz!indre.zip!••••••-••••/liste.txt: Cpr 310290-1234",
            "0 x.gz!mappe/: mappe/",
            "0 x.gz!tom.txt: tom.txt",
        ]
    );
    assert_eq!(gaps(&extract), [] as [&str; 0]);
}

#[test]
fn gzip_of_many_members_is_one_file() {
    let mut bytes = gzipped(b"Cpr 3102");
    bytes.extend(gzipped(b"90-1234"));
    let extract = read_file("x.gz", &bytes, &ReadLimits::default());
    assert_eq!(told(&extract), ["0 x.gz: Cpr 310290-1234"]);
}

#[test]
fn damage_is_told_and_what_was_read_is_kept() {
    let mut bytes = stored(&[("a.txt", b"Cpr 310290-1234")]);
    // The checksum no longer fits.
    let at = memchr::memmem::find(&bytes, b"Cpr").unwrap();
    bytes[at] = b'K';
    let extract = read_file("x.zip", &bytes, &ReadLimits::default());
    assert!(told(&extract).contains(&"0 x.zip!a.txt: Kpr 310290-1234".to_owned()));
    assert_eq!(gaps(&extract), ["0 damaged zip: damaged"]);
}

#[test]
fn an_encrypted_entry_is_a_gap_and_its_name_a_text() {
    let mut bytes = stored(&[("310290-1234.txt", b"secret")]);
    // The first flag, in the entry and in the directory (APPNOTE 4.4.4).
    for (magic, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = memchr::memmem::find(&bytes, magic).unwrap();
        bytes[at + flags] |= 1;
    }
    let extract = read_file("x.zip", &bytes, &ReadLimits::default());
    assert_eq!(told(&extract), ["0 x.zip!••••••-••••.txt: 310290-1234.txt"]);
    assert_eq!(gaps(&extract), ["0 encrypted zip: encrypted entry"]);
}

#[test]
fn entries_of_one_name_are_told() {
    let mut bytes = stored(&[("a.txt", b"first"), ("b.txt", b"310290-1234")]);
    while let Some(at) = memchr::memmem::find(&bytes, b"b.txt") {
        bytes[at] = b'a';
    }
    let extract = read_file("x.zip", &bytes, &ReadLimits::default());
    assert!(gaps(&extract).contains(&"0 damaged zip: entries that are not listed once".to_owned()));
}

#[test]
fn an_archive_that_holds_an_office_document_is_still_an_archive() {
    let document = stored(&[("[Content_Types].xml", b"<Types/>")]);
    let bytes = stored(&[("a.docx", &document), ("b.txt", b"310290-1234")]);
    let extract = read_file("x.zip", &bytes, &ReadLimits::default());
    assert!(told(&extract).contains(&"0 x.zip!b.txt: 310290-1234".to_owned()));
}

/// A ZIP file of these entries.
pub(super) fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    written(entries, CompressionMethod::Deflated)
}

/// A ZIP file whose entries are not compressed.
pub(super) fn stored(entries: &[(&str, &[u8])]) -> Vec<u8> {
    written(entries, CompressionMethod::Stored)
}

/// A gzip file of one member.
pub(super) fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn written(entries: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(method);
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        if name.ends_with('/') {
            writer.add_directory(*name, options).unwrap();
        } else {
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}
