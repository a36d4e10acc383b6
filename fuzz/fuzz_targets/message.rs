//! A whole message, read and searched. What stands at its end is not lost in silence.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sluse::detect::detect;
use sluse::extract::{self, Budget, Extract};
use sluse::limits::Cancel;
use sluse::mime::Protection;
use sluse_fuzz::{LIMITS, PACKS, check, timely};

/// What is put behind the message: a line that any program may show.
const TAIL: &[u8] = b"\r\n\r\nsidste linje\r\n";

fuzz_target!(|bytes: &[u8]| {
    let packs = &*PACKS;
    timely(|| {
        let whole = [bytes, TAIL].concat();
        let mut budget = Budget::new(&LIMITS, Cancel::default());
        let extract = extract::message(&whole, &mut budget);
        check(&extract, whole.len());
        assert!(is_told(&extract), "the last line is lost in silence");
        let _ = detect(packs, &extract.texts, &Cancel::default());
    });
});

/// Whether the tail was read, or something is known not to have been.
fn is_told(extract: &Extract) -> bool {
    let shown = |text: &str| text.contains("sidste");
    !extract.gaps.is_empty()
        || extract.protection != Protection::None
        || extract.texts.iter().any(|text| shown(&text.text))
}
