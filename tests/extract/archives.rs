//! Archives that real programs packed (`tests/extract/archives`): mutated, cut off and one in another.

use std::fs;

use proptest::prelude::*;
use sluse::limits::ReadLimits;

use super::super::mime::property::mutated;
use super::super::mime::{gaps, told};
use super::containers::{gzipped, packed};
use super::{files, read_file};

#[test]
fn archives_cut_off_anywhere_are_gaps() {
    for name in [
        "lzma2.7z",
        "gemt.7z",
        "gemt4.rar",
        "gemt5.rar",
        "rar3-solid.rar",
        "rar5-solid.rar",
    ] {
        let whole = archive(name);
        for end in (8..whole.len()).step_by(whole.len() / 40 + 1) {
            let part = whole.get(..end).unwrap();
            let extract = read_file(name, part, &ReadLimits::default());
            assert!(!extract.gaps.is_empty(), "{name} cut at {end}");
        }
    }
}

#[test]
fn every_archive_in_every_other_is_read() {
    for name in [
        "lzma2.7z",
        "gemt4.rar",
        "gemt5.rar",
        "pax.tar.gz",
        "ustar.tar.xz",
    ] {
        let inner = match name {
            "pax.tar.gz" => gzipped(&archive("pax.tar")),
            name => archive(name),
        };
        let outer = gzipped(&packed(&[("indre.bin", &inner)]));
        let extract = read_file("x", &outer, &ReadLimits::default());
        assert_eq!(gaps(&extract), [] as [&str; 0], "{name}");
        let texts = told(&extract);
        let found = |what: &str| texts.iter().filter(|text| text.contains(what)).count();
        assert!(found("Cpr 310290-1234") >= 1, "{name}: {texts:?}");
        assert!(found(": 310291-1234.txt") >= 1, "{name}: {texts:?}");
    }
}

#[test]
fn an_archive_behind_a_picture_is_read() {
    for name in ["lzma2.7z", "gemt5.rar", "Deflate.zip"] {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/extract/lille.png");
        let mut picture = fs::read(folder).unwrap();
        picture.extend(archive(name));
        let extract = read_file("x.png", &picture, &ReadLimits::default());
        let texts = told(&extract);
        let found = texts.iter().any(|text| text.contains("Cpr 310290-1234"));
        assert!(found, "{name}: {texts:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_7z(bytes in mutated(archives(&["7z"]))) {
        prop_assert!(is_read(&bytes));
    }

    #[test]
    fn mutated_rar(bytes in mutated(archives(&["rar"]))) {
        prop_assert!(is_read(&bytes));
    }

    #[test]
    fn mutated_tar(bytes in mutated(archives(&["tar"]))) {
        prop_assert!(is_read(&bytes));
    }

    #[test]
    fn mutated_packed_files(bytes in mutated(archives(&["gz", "bz2", "xz", "lzma", "zst"]))) {
        prop_assert!(is_read(&bytes));
    }

    #[test]
    fn mutated_zip(bytes in mutated(archives(&["zip", "exe"]))) {
        prop_assert!(is_read(&bytes));
    }
}

/// Whether a file is read without a panic, in the limits of a small machine.
fn is_read(bytes: &[u8]) -> bool {
    let limits = ReadLimits {
        decoded: 16 << 20,
        entry: 4 << 20,
        ..ReadLimits::default()
    };
    let extract = read_file("x", bytes, &limits);
    extract
        .gaps
        .iter()
        .all(|gap| gap.detail != "its reader failed")
}

fn archive(name: &str) -> Vec<u8> {
    let is_it = |path: &std::path::PathBuf| path.file_name().is_some_and(|known| known == name);
    fs::read(files().into_iter().find(is_it).unwrap()).unwrap()
}

/// All archives whose names end so, but bombs: those are for tests of their own.
fn archives(ends: &[&str]) -> Vec<Vec<u8>> {
    let is_one = |path: &std::path::PathBuf| {
        let end = path.extension().and_then(|end| end.to_str());
        end.is_some_and(|end| ends.contains(&end))
            && !path.ends_with("bombe.7z")
            && !path.ends_with("bombe.rar")
    };
    let archives: Vec<_> = files()
        .into_iter()
        .filter(is_one)
        .map(|path| fs::read(path).unwrap())
        .collect();
    assert!(!archives.is_empty());
    archives
}
