//! The parts of a document, in a container that is right: archives of XML, compound files, PDF.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sluse_fuzz::pieces::pieces;
use sluse_fuzz::{read_file, timely, wrapped};

fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    let pieces = pieces(rest);
    let file = match kind % 4 {
        0 => wrapped::pdf(&pieces),
        1 => wrapped::zip(&pieces),
        2 => wrapped::compound(&pieces),
        // Without a container: what is at fault may be the container itself.
        _ => rest.to_vec(),
    };
    timely(|| read_file(&file));
});
