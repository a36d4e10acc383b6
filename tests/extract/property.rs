//! Any file is read without a panic.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use sluse::limits::ReadLimits;

use super::super::mime::property::mutated;
use super::containers::{gzipped, packed};
use super::read_file;

/// The cases, and archives of them.
fn samples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extract");
    let mut samples = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            samples.push(fs::read(path).unwrap());
        }
    }
    let archives: Vec<_> = samples
        .iter()
        .flat_map(|sample| {
            [
                packed(&[("a", sample), ("b.zip", &packed(&[("c", sample)]))]),
                gzipped(sample),
            ]
        })
        .collect();
    samples.extend(archives);
    samples
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_are_read(bytes in mutated(samples())) {
        let extract = read_file("x", &bytes, &ReadLimits::default());
        prop_assert!(extract.gaps.iter().all(|gap| gap.detail != "its reader failed"));
    }
}
