//! Files made to exhaust: each limit holds, and each is a gap.

use std::io::Write;
use std::time::{Duration, Instant};

use sluse::extract::{Budget, Extract, Place, Reading, open};
use sluse::limits::{Cancel, ReadLimits};
use sluse::mime::PartPath;

use super::super::mime::{gaps, told};
use super::containers::{gzipped, packed, stored};
use super::read_file;

/// Limits that a small test meets.
fn small() -> ReadLimits {
    ReadLimits {
        depth: 5,
        entries: 50,
        decoded: 4 << 20,
        entry: 1 << 20,
        text: 1 << 20,
        ..ReadLimits::default()
    }
}

#[test]
fn a_bomb_stops_at_the_limit_of_an_entry() {
    let zeros = vec![b' '; 64 << 20];
    for (name, bytes) in [
        ("x.zip", packed(&[("a.txt", &zeros)])),
        ("x.gz", gzipped(&zeros)),
        ("x.bz2", bzipped(&zeros)),
        ("x.zst", zstd::encode_all(zeros.as_slice(), 3).unwrap()),
        ("x.xz", xzipped(&zeros)),
        (
            "x.7z",
            include_bytes!("archives/bombe.7z").as_slice().to_vec(),
        ),
        (
            "x.rar",
            include_bytes!("archives/bombe.rar").as_slice().to_vec(),
        ),
        ("x.tar.gz", gzipped(&gzipped(&zeros))),
    ] {
        assert!(bytes.len() < 1 << 18, "the bomb is small");
        let extract = timely(|| read_file(name, &bytes, &small()));
        assert_eq!(gaps(&extract), ["0 limit entry"], "{name}");
    }
}

#[test]
fn members_without_end_stop_at_the_limit_of_entries() {
    let empty = gzipped(b"").repeat(60);
    let extract = read_file("x.gz", &empty, &small());
    assert_eq!(gaps(&extract), ["0 limit entries"]);
}

#[test]
fn a_tar_archive_of_too_many_entries_is_read_up_to_the_limit() {
    let archive = include_bytes!("archives/gammel.tar").as_slice();
    let entries = archive.get(..2048).unwrap().repeat(40);
    let extract = read_file("x.tar", &entries, &small());
    assert_eq!(gaps(&extract), ["0 limit entries"]);
    assert_eq!(told(&extract).len(), 100);
}

#[test]
fn many_bombs_stop_at_the_limit_of_all() {
    let zeros = vec![b' '; 900 << 10];
    let names: Vec<String> = (0..20).map(|at| format!("{at}.txt")).collect();
    let entries: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), zeros.as_slice()))
        .collect();
    let extract = timely(|| read_file("x.zip", &packed(&entries), &small()));
    assert_eq!(gaps(&extract), ["0 limit decoded"]);
}

#[test]
fn what_was_unpacked_before_the_limit_is_read() {
    let mut text = b"Cpr 310290-1234\n".to_vec();
    text.resize(3 << 20, b'x');
    let extract = read_file(
        "x.zip",
        &packed(&[("a.txt", &text)]),
        &ReadLimits {
            text: 8 << 20,
            ..small()
        },
    );
    assert!(
        told(&extract)
            .iter()
            .any(|text| text.contains("310290-1234"))
    );
    assert_eq!(gaps(&extract), ["0 limit entry"]);
}

#[test]
fn an_archive_of_too_many_entries_is_not_opened() {
    let names: Vec<String> = (0..60).map(|at| format!("{at}.txt")).collect();
    let entries: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &b"x"[..]))
        .collect();
    let extract = read_file("x.zip", &packed(&entries), &small());
    assert_eq!(gaps(&extract), ["0 limit entries"]);
}

#[test]
fn archives_in_archives_end_at_the_depth() {
    let mut bytes = b"Cpr 310290-1234".to_vec();
    for level in 0..40 {
        bytes = if level % 2 == 0 {
            packed(&[("i.zip", &bytes)])
        } else {
            gzipped(&bytes)
        };
    }
    let extract = timely(|| read_file("x.zip", &bytes, &ReadLimits::default()));
    assert_eq!(gaps(&extract), ["0 limit depth"]);
    assert!(
        !told(&extract)
            .iter()
            .any(|text| text.contains("310290-1234"))
    );
}

#[test]
fn a_directory_that_lies_about_its_length_allocates_nothing() {
    let mut bytes = stored(&[("a.txt", b"Cpr 310290-1234")]);
    // A large end of directory that claims 2^62 entries (APPNOTE 4.3.14).
    let mut end = b"PK\x06\x06".to_vec();
    end.extend_from_slice(&44_u64.to_le_bytes());
    end.extend_from_slice(&[45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for claim in [1_u64 << 62, 1 << 62, 46 << 56, 0] {
        end.extend_from_slice(&claim.to_le_bytes());
    }
    let at = memchr::memmem::find(&bytes, b"PK\x05\x06").unwrap();
    let mut locator = b"PK\x06\x07\0\0\0\0".to_vec();
    locator.extend_from_slice(&(at as u64).to_le_bytes());
    locator.extend_from_slice(&[1, 0, 0, 0]);
    end.extend(locator);
    bytes.splice(at..at, end);
    let extract = timely(|| read_file("x.zip", &bytes, &ReadLimits::default()));
    assert_eq!(gaps(&extract), ["0 damaged zip: damaged"]);
}

#[test]
fn sizes_that_lie_are_not_believed() {
    let mut bytes = stored(&[("a.txt", b"Cpr 310290-1234")]);
    // The unpacked size, in the entry and in the directory.
    for (magic, size) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let at = memchr::memmem::find(&bytes, magic).unwrap();
        bytes[at + size..at + size + 4].copy_from_slice(&0xFFFF_FFF0_u32.to_le_bytes());
    }
    let extract = timely(|| read_file("x.zip", &bytes, &ReadLimits::default()));
    assert!(
        told(&extract).contains(&"0 x.zip!a.txt: Cpr 310290-1234".to_owned())
            || !gaps(&extract).is_empty()
    );
}

#[test]
fn time_that_is_up_is_a_gap() {
    let cancel = Cancel::default();
    cancel.cancel();
    let mut budget = Budget::new(&ReadLimits::default(), cancel);
    let mut extract = Extract::default();
    let mut reading = Reading::new(
        &mut budget,
        &mut extract,
        PartPath::root(),
        None,
        Place::Attachment,
    );
    open(&packed(&[("a.txt", b"x")]), &mut reading);
    assert_eq!(gaps(&extract), ["0 timeout time"]);
}

#[test]
fn text_stops_at_its_limit() {
    let text = "310290-1234\n".repeat(200_000);
    let extract = read_file("x.txt", text.as_bytes(), &small());
    assert_eq!(gaps(&extract), ["0 limit text"]);
}

#[test]
fn deep_documents_take_linear_time() {
    for (name, start, unit) in [
        ("x.xml", "<?xml version=\"1.0\"?>", "<a b=\"c\">"),
        ("x.xml", "<?xml version=\"1.0\"?>", "<a>1<b>"),
        ("x.html", "<html>", "<table><td>a"),
        ("x.html", "<html>", "<td style='display:none'><p>a"),
        ("x.rtf", "{\\rtf1 ", "{\\b a\\u8364?"),
        ("x.csv", "a;b\nc;d\n", "\"a;\"\";"),
        (
            "x.ics",
            "BEGIN:VCALENDAR\n",
            "A;ENCODING=QUOTED-PRINTABLE:=\n =",
        ),
        ("x.vcf", "BEGIN:VCARD\n", "\\,\\n"),
    ] {
        let text = format!("{start}{}", unit.repeat(300_000));
        let _ = timely(|| read_file(name, text.as_bytes(), &ReadLimits::default()));
    }
}

fn bzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xzipped(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Runs `work`, which may take a few seconds in an unoptimized build on a busy machine, and no longer.
fn timely<T>(work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = work();
    let took = began.elapsed();
    assert!(took < Duration::from_secs(20), "took {took:?}");
    result
}
