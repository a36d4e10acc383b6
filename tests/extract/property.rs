//! Any file is read without a panic.

use std::fs;

use proptest::prelude::*;
use sluse::limits::ReadLimits;

use super::super::mime::property::mutated;
use super::containers::{gzipped, packed};
use super::{files, read_file};

/// The cases, and archives of them.
fn samples() -> Vec<Vec<u8>> {
    let archives = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/extract/archives");
    let mut samples: Vec<_> = files()
        .into_iter()
        // Archives have tests of their own, and bombs take long.
        .filter(|path| !path.starts_with(archives))
        .map(|path| fs::read(path).unwrap())
        .collect();
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
