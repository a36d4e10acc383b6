//! Any file, its format decided by its octets.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sluse_fuzz::{read_file, timely};

fuzz_target!(|bytes: &[u8]| {
    timely(|| read_file(bytes));
});
